"""Lighting and adjusting a pair in the real window, with mouse and keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QSlider
from pytestqt.qtbot import QtBot

from app.capture import Frame
from app.capture.bench import render
from app.domain import Alignment, Light, Role, now
from app.picture import Light as VirtualLight
from app.picture import ViewState
from app.picture import render as drawn
from app.workbench import Registration, Workbench
from app.workbench.lights import LIGHT_AZIMUTH
from tests.tasks.compare_bench import (
    CONTROL,
    LEFT,
    NO_KEY,
    SCANS,
    SHIFT,
    CompareBench,
    new_workbench,
    two_scans,
)
from widgets.compare.panels.hemisphere import Hemisphere
from widgets.compare.view.relief_view import ReliefView

LIGHTS = ((Light.RING, None), (Light.SIDE, 0.0), (Light.SIDE, 90.0), (Light.SIDE, 200.0))


class Bench(CompareBench):
    """The light's page of the drawer open."""

    def __init__(self, qtbot: QtBot, workbench: Workbench, left_id: str, right_id: str) -> None:
        self._alignment = Alignment(3.0, (40.0, -20.0))
        super().__init__(qtbot, workbench, (left_id, right_id), self._alignment)
        self.press(Qt.Key.Key_F3)
        QApplication.processEvents()  # the layout settles
        self._view = self.desk.view

    def begin(self) -> None:
        """As at first."""
        self.activate()
        self.desk.put(alignment=self._alignment, view=self._view)
        self.desk.end_gesture()
        self.canvas.setFocus()
        self.until(lambda: not self.screen.lamp.switching.busy)

    def expected(self, view: ViewState) -> NDArray[np.uint8]:
        """A direct drawing, without desk or window."""
        desk = self.desk
        return drawn(desk.left, desk.right, desk.alignment, view, desk.size)


@pytest.fixture(scope="module")
def scan_window(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    if not SCANS.exists():
        pytest.skip("the real scans are not here")
    workbench = new_workbench(tmp_path_factory.mktemp("scans") / "casebook")
    bench = Bench(QtBot(request), workbench, *two_scans(workbench))
    yield bench
    bench.close()


@pytest.fixture(scope="module")
def image_window(
    request: pytest.FixtureRequest, qapp: QApplication, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """Four lights of one mark, and three of the other: one has no light from 200 degrees."""
    workbench = new_workbench(tmp_path_factory.mktemp("images") / "casebook")
    evidence = _captured(workbench, "2026-0412", Role.EVIDENCE, 1, LIGHTS)
    known = _captured(workbench, "2026-0440", Role.TEST_FIRE, 2, LIGHTS[:3])
    bench = Bench(QtBot(request), workbench, evidence[0], known[0])
    yield bench
    bench.close()


@pytest.fixture
def scans(scan_window: Bench) -> Bench:
    scan_window.begin()
    return scan_window


@pytest.fixture
def images(image_window: Bench) -> Bench:
    image_window.begin()
    return image_window


def _heights(shot: int) -> NDArray[np.float32]:
    """Scratched ground with wear of its own, micrometres."""
    rng = np.random.default_rng(shot)
    scratches = np.random.default_rng(0).normal(0, 40, (1, 320)) + rng.normal(0, 12, (240, 320))
    return cv2.GaussianBlur(scratches, (0, 0), 2.0).astype(np.float32)


def _captured(
    workbench: Workbench,
    case: str,
    role: Role,
    shot: int,
    lights: tuple[tuple[Light, float | None], ...],
) -> list[str]:
    heights, pixel_um = _heights(shot), 8.0
    mark = workbench.register(Registration(case, "1", "A", role))
    kept = []
    for number, (light, azimuth) in enumerate(lights):
        where = {} if azimuth is None else {LIGHT_AZIMUTH: azimuth}
        pixels = render(heights, pixel_um, light, azimuth_deg=azimuth or 0.0)
        frame = Frame(pixels, number, now(), float(number), where, pixel_um, light)
        kept.append(workbench.capture(mark.id, frame, camera="bench").id)
    return kept


def test_the_light_is_dragged_on_the_hemisphere_and_the_picture_follows(scans: Bench) -> None:
    dome = scans.part(Hemisphere, "hemisphere")
    before, view = scans.desk.picture(), scans.desk.view
    for azimuth, elevation in ((0.0, 20.0), (90.0, 45.0), (225.0, 30.0), (315.0, 70.0)):
        at = QPoint(*(round(v) for v in dome.dome().point(VirtualLight(azimuth, elevation))))
        scans.qtbot.mousePress(dome, LEFT, NO_KEY, QPoint(74, 74))
        scans.qtbot.mouseMove(dome, at)
        scans.qtbot.mouseRelease(dome, LEFT, NO_KEY, at)
        light = scans.desk.view.lights[0]
        assert scans.desk.view.lights == (light, light)
        assert abs((light.azimuth_deg - azimuth + 180) % 360 - 180) < 3.0
        assert abs(light.elevation_deg - elevation) < 2.0
        picture = scans.desk.picture()
        assert np.array_equal(picture, scans.expected(replace(view, lights=(light, light))))
        assert not np.array_equal(picture, before)
        assert scans.words("light_degrees") == (
            f"{light.azimuth_deg:.0f}° at {light.elevation_deg:.0f}°"
        )
    for _ in range(4):  # a drag is one step
        scans.press(Qt.Key.Key_Z, CONTROL)
    assert scans.desk.view.lights == view.lights
    assert np.array_equal(scans.desk.picture(), before)


def test_the_light_is_turned_raised_and_unlinked_by_keys(scans: Bench) -> None:
    start = scans.desk.view.lights[0]
    scans.press(Qt.Key.Key_I)
    scans.press(Qt.Key.Key_J, SHIFT)
    light = scans.desk.view.lights[0]
    assert (light.azimuth_deg, light.elevation_deg) == (
        start.azimuth_deg + 15,
        start.elevation_deg - 5,
    )
    scans.press(Qt.Key.Key_L, CONTROL)
    assert not scans.part(QCheckBox, "lights_linked").isChecked()
    scans.press(Qt.Key.Key_Left, CONTROL | SHIFT)
    left, right = scans.desk.view.lights
    assert left == light and (right.azimuth_deg, right.elevation_deg) == (180.0, 15.0)
    dome = scans.part(Hemisphere, "hemisphere")
    at = QPoint(*(round(v) for v in dome.dome().point(left)))
    scans.qtbot.mouseClick(dome, LEFT, NO_KEY, at)
    dome.setFocus()
    scans.qtbot.keyClick(dome, Qt.Key.Key_Home)
    assert scans.desk.view.lights[0].elevation_deg == 90.0
    assert scans.desk.view.lights[1] == right
    scans.qtbot.mouseClick(scans.part(QCheckBox, "lights_linked"), LEFT)
    assert scans.desk.view.lights[0] == scans.desk.view.lights[1]


def test_the_light_circles_while_its_key_is_held(scans: Bench) -> None:
    start = scans.desk.view.lights[0]
    scans.qtbot.keyPress(scans.canvas, Qt.Key.Key_Q)
    scans.until(lambda: abs(scans.desk.view.lights[0].azimuth_deg - start.azimuth_deg) > 3)
    scans.qtbot.keyRelease(scans.canvas, Qt.Key.Key_Q)
    light = scans.desk.view.lights[0]
    assert light.elevation_deg == start.elevation_deg
    assert not scans.desk.sweeping
    scans.press(Qt.Key.Key_Z, CONTROL)
    assert scans.desk.view.lights[0] == start


def test_heights_slopes_and_fine_detail_apart_from_form(scans: Bench) -> None:
    view = scans.desk.view
    seen = [scans.desk.picture()]
    for surface in ("height", "slope"):
        scans.push(f"surface_{surface}")
        assert scans.desk.view.surface == surface
        seen.append(scans.desk.picture())
        assert np.array_equal(seen[-1], scans.expected(replace(view, surface=surface)))  # type: ignore[arg-type]
    assert not np.array_equal(seen[1], seen[2])
    scans.press(Qt.Key.Key_L, SHIFT)
    assert scans.desk.view.surface == "light"
    scans.part(QSlider, "light_detail").setValue(60)
    scans.part(QSlider, "light_form").setValue(40)
    light = scans.desk.view.lights[1]
    assert (light.detail, light.form) == (3.0, 2.0)
    assert scans.words("light_detail_value") == "×3"
    assert np.array_equal(scans.desk.picture(), scans.expected(scans.desk.view))
    assert not np.array_equal(scans.desk.picture(), seen[0])
    scans.press(Qt.Key.Key_Home, CONTROL)
    assert scans.desk.view == view
    assert np.array_equal(scans.desk.picture(), seen[0])


def test_adjustments_are_a_recipe_reset_in_one_key(scans: Bench) -> None:
    before = scans.desk.picture()
    for key, modifier, times in (
        (Qt.Key.Key_PageUp, SHIFT, 4),
        (Qt.Key.Key_PageDown, CONTROL, 1),
        (Qt.Key.Key_PageUp, CONTROL | SHIFT, 2),
        (Qt.Key.Key_I, CONTROL, 1),
    ):
        for _ in range(times):
            scans.press(key, modifier)
    assert scans.words("adjust_recipe") == (
        "Recipe. Both: brightness -5, contrast +20, gamma 1.20, inverted"
    )
    adjusted = scans.desk.picture()
    assert not np.array_equal(adjusted, before)
    assert np.array_equal(adjusted, scans.expected(scans.desk.view))
    scans.qtbot.keyPress(scans.canvas, Qt.Key.Key_B)
    assert np.array_equal(scans.desk.picture(), before)
    scans.qtbot.keyRelease(scans.canvas, Qt.Key.Key_B)
    assert np.array_equal(scans.desk.picture(), adjusted)
    scans.press(Qt.Key.Key_Backspace)
    assert scans.words("adjust_recipe") == "Shown as captured."
    assert np.array_equal(scans.desk.picture(), before)


def test_each_side_has_its_own_recipe_when_unlinked(scans: Bench) -> None:
    scans.qtbot.mouseClick(scans.part(QCheckBox, "adjust_linked"), LEFT)
    scans.push("adjust_left")
    scans.part(QSlider, "adjust_brightness").setValue(30)
    scans.push("adjust_right")
    assert scans.part(QSlider, "adjust_brightness").value() == 0
    scans.part(QSlider, "adjust_local_contrast").setValue(50)
    left, right = scans.desk.view.adjust
    assert (left.words(), right.words()) == ("brightness +30", "local contrast 50")
    assert scans.words("adjust_recipe") == (
        "Recipe. Left: brightness +30\nRight: local contrast 50"
    )
    assert np.array_equal(scans.desk.picture(), scans.expected(scans.desk.view))


def test_the_light_of_an_image_set_is_switched_by_key(images: Bench) -> None:
    desk, view = images.desk, images.desk.view
    assert [choice.name for choice in desk.light_sets[0]] == [
        "ring",
        "side 0°",
        "side 90°",
        "side 200°",
    ]
    alignment, before = desk.alignment, desk.picture()
    images.press(Qt.Key.Key_I)
    images.until(lambda: not images.screen.lamp.switching.busy)
    ids = tuple(choices[1].acquired_id for choices in desk.light_sets)
    assert desk.view == replace(view, shown=ids)
    assert desk.alignment == alignment
    sides = [images.workbench.side(one) for one in ids]
    assert np.array_equal(desk.left.pixels, sides[0].pixels)
    assert np.array_equal(desk.right.pixels, sides[1].pixels)
    assert np.array_equal(desk.picture(), images.expected(desk.view))
    assert not np.array_equal(desk.picture(), before)
    assert not desk.lacks(desk.light_sets[0][2].acquired_id)  # the next one is there already
    images.press(Qt.Key.Key_J)
    assert desk.view.shown == ("", "")
    assert np.array_equal(desk.picture(), before)


def test_a_light_only_one_side_has_is_switched_there_alone(images: Bench) -> None:
    desk = images.desk
    images.push("shown_left_side 200°")
    assert desk.view.shown == (desk.light_sets[0][3].acquired_id, "")
    images.press(Qt.Key.Key_L, CONTROL)
    images.push("shown_right_side 90°")
    images.until(lambda: not images.screen.lamp.switching.busy)
    assert desk.view.shown == (
        desk.light_sets[0][3].acquired_id,
        desk.light_sets[1][2].acquired_id,
    )
    images.press(Qt.Key.Key_S)
    images.until(lambda: not desk.unsaved)
    images.window.show_compare(desk.comparison.left_id, desk.comparison.right_id)
    images.until(lambda: images.screen.desk not in (None, desk))
    again = images.desk
    images.until(lambda: not any(again.lacks(one) for one in again.view.shown))
    assert again.view.shown == desk.view.shown
    assert np.array_equal(again.picture(), desk.picture())


def test_both_scans_are_turned_as_solids_over_the_evidence(scans: Bench) -> None:
    relief = scans.part(ReliefView, "relief_view")
    assert not relief.isVisible()
    scans.press(Qt.Key.Key_9)
    scans.until(lambda: relief.isVisible() and relief.camera is not None)
    assert relief.size() == scans.canvas.size()
    first, camera = relief.drawn(), relief.camera
    assert camera is not None
    middle = QPoint(300, 300)
    scans.qtbot.mousePress(relief, LEFT, NO_KEY, middle)
    scans.qtbot.mouseMove(relief, middle + QPoint(50, -20))
    scans.qtbot.mouseRelease(relief, LEFT, NO_KEY, middle + QPoint(50, -20))
    assert relief.camera == camera.turned(20.0, -8.0)
    assert not np.array_equal(relief.drawn(), first)
    scans.qtbot.keyClick(relief, Qt.Key.Key_PageUp)
    assert (
        f"heights ×{camera.exaggeration * 1.25:.3g}" in scans.part(QLabel, "relief_words").toolTip()
    )
    before = relief.drawn()
    scans.qtbot.keyClick(relief, Qt.Key.Key_I)  # the light is the desk's
    assert not np.array_equal(relief.drawn(), before)
    scans.qtbot.keyClick(relief, Qt.Key.Key_0)
    assert relief.camera == camera
    scans.qtbot.keyClick(relief, Qt.Key.Key_Escape)
    assert not relief.isVisible()
    assert scans.canvas.hasFocus()


def test_the_3d_view_says_why_images_have_none(images: Bench) -> None:
    images.press(Qt.Key.Key_9)
    assert not images.part(ReliefView, "relief_view").isVisible()
