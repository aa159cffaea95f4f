"""Measuring a real pair of scans in the real window, with mouse and keyboard."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QDoubleSpinBox, QWidget
from pytestqt.qtbot import QtBot
from scipy.ndimage import map_coordinates

from correlation.surface import Surface
from tests.tasks.compare_bench import (
    CONTROL,
    LEFT,
    NO_KEY,
    SCANS,
    SHIFT,
    TRUE,
    CompareBench,
    new_workbench,
    two_scans,
)
from widgets.compare.panels.profile_panel import ProfilePanel

Um = tuple[float, float]

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not SCANS.is_dir(), reason="the real scans are not beside the checkout"),
]


class Bench(CompareBench):
    """Two scans of one slide, aligned, measured with the mouse."""

    def look_at(self, middle_um: Um, um_per_px: float) -> None:
        """Bring a place of the left specimen to the middle of the view."""
        self.desk.look_at(middle_um, um_per_px * min(self.desk.size))
        assert self.desk.view.um_per_px == pytest.approx(um_per_px)

    def on_screen(self, um: Um) -> QPoint:
        """Where a place of the left specimen is seen in the split field."""
        view, (width, height) = self.desk.view, self.desk.size
        x = (width - 1) / 2 + (um[0] - view.centre_um[0]) / view.um_per_px
        y = (height - 1) / 2 + (um[1] - view.centre_um[1]) / view.um_per_px
        point = QPoint(round(x), round(y))
        assert self.canvas.rect().contains(point)
        return point

    def click(self, um: Um) -> None:
        at = self.on_screen(um)
        self.move(at)
        self.qtbot.mouseClick(self.canvas, LEFT, NO_KEY, at)

    def drag(self, start_um: Um, end_um: Um) -> None:
        start, end = self.on_screen(start_um), self.on_screen(end_um)
        self.move(start)
        self.qtbot.mousePress(self.canvas, LEFT, NO_KEY, start)
        self.move((start + end) / 2, LEFT)
        self.move(end, LEFT)
        self.qtbot.mouseRelease(self.canvas, LEFT, NO_KEY, end)

    def value(self) -> float:
        measures = self.desk.measures
        return measures.value(measures.items[-1]).value


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    workbench = new_workbench(tmp_path / "casebook")
    made = Bench(qtbot, workbench, two_scans(workbench), TRUE)
    yield made
    made.close()


def test_measuring_a_pair(bench: Bench, tmp_path: Path) -> None:
    left = bench.workbench.surface(bench.left_id)
    right = bench.workbench.surface(bench.right_id)
    assert left.pixel_um == pytest.approx(6.25)
    _distance_area_angle(bench, left)
    _profile(bench, left, right, tmp_path / "profile.csv")
    _whole_screen(bench)
    _second_window(bench)


def _pixel(surface: Surface, column: float, row: float) -> Um:
    """A pixel in micrometres from the centre of its picture."""
    rows, columns = surface.values.shape
    step = surface.pixel_um
    return (column - (columns - 1) / 2) * step, (row - (rows - 1) / 2) * step


def _distance_area_angle(bench: Bench, left: Surface) -> None:
    half = left.pixel_um / 2
    bench.look_at(_pixel(left, 190, 160), 1.0)
    first, second = _pixel(left, 120, 130), _pixel(left, 160, 190)
    bench.press(Qt.Key.Key_R)
    bench.drag(first, second)
    assert bench.value() == pytest.approx(np.hypot(40, 60) * left.pixel_um, abs=half)
    assert bench.desk.measures.items[-1].where == "left"
    bench.press(Qt.Key.Key_R, CONTROL)
    corners = [(120, 140), (160, 140), (160, 180), (120, 180)]
    for corner in corners:
        bench.click(_pixel(left, *corner))
    bench.press(Qt.Key.Key_Return)
    side = 40 * left.pixel_um
    assert (side - half) ** 2 < bench.value() < (side + half) ** 2
    bench.press(Qt.Key.Key_R, SHIFT)
    for arm in ((116, 150), (136, 180), (166, 160)):  # (-20, -30) is square to (30, -20)
        bench.click(_pixel(left, *arm))
    assert bench.value() == pytest.approx(90.0, abs=0.5)
    assert len(bench.desk.measures.items) == 3


def _profile(bench: Bench, left: Surface, right: Surface, path: Path) -> None:
    """A line across the granular field: true marks of one slide give nearly the same curve."""
    start, end = (761.5, -1352.0), (1327.0, -786.0)
    bench.look_at((1040.0, -1070.0), 2.0)
    bench.press(Qt.Key.Key_P)
    bench.drag(start, end)
    found = bench.desk.measures.profile
    assert found is not None and found.correlation > 0.85
    bench.part(QDoubleSpinBox, "profile_width").setValue(50.0)
    found = bench.desk.measures.profile
    assert found is not None and found.correlation > 0.92
    bench.press(Qt.Key.Key_Right, SHIFT | CONTROL)  # a light's key, not the tool's
    line = bench.desk.measures.items[-1]
    bench.press(Qt.Key.Key_P)
    for _ in range(2):
        bench.press(Qt.Key.Key_Right, SHIFT)  # the right specimen 200 µm off
    astray = bench.desk.measures.profile
    assert astray is not None and astray.correlation < 0.6
    for _ in range(2):
        bench.press(Qt.Key.Key_Z, CONTROL)
    assert bench.desk.measures.items[-1] == line
    bench.part(QDoubleSpinBox, "profile_width").setValue(0.0)
    panel = bench.part(ProfilePanel, "profile_panel")
    panel._ask_path = lambda _parent, _name, _kinds: path
    panel._set(level=False)
    bench.press(Qt.Key.Key_P, CONTROL)
    bench.until(path.exists)
    _check_csv(bench, left, right, path)


def _check_csv(bench: Bench, left: Surface, right: Surface, path: Path) -> None:
    rows = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    assert rows[0][0] == "distance (µm)"
    table = np.array([[float(v or "nan") for v in row] for row in rows[1:]])
    on_left = table[:, 3] + 1j * table[:, 4]
    alignment = bench.desk.alignment
    # x + iy with y downwards: a counter-clockwise turn is a negative angle
    turn = np.exp(-1j * np.deg2rad(alignment.rotation_deg))
    on_right = (on_left - complex(*alignment.shift_um)) / turn
    assert len(table) > 100
    for heights, surface, places in ((1, left, on_left), (2, right, on_right)):
        wanted = _sampled(surface, places)
        known = np.isfinite(wanted)
        assert known.mean() > 0.9
        np.testing.assert_allclose(table[known, heights], wanted[known], atol=2e-3)


def _sampled(surface: Surface, places: NDArray[np.complex128]) -> NDArray[np.float64]:
    rows, columns = surface.values.shape
    x = places.real / surface.pixel_um + (columns - 1) / 2
    y = places.imag / surface.pixel_um + (rows - 1) / 2
    heights = np.asarray(surface.values, np.float64)
    return map_coordinates(heights, np.stack([y, x]), order=1, cval=np.nan)


def _whole_screen(bench: Bench) -> None:
    bench.press(Qt.Key.Key_F11)
    bench.until(bench.window.isFullScreen)
    bench.until(lambda: bench.canvas.width() == bench.window.width())
    assert bench.canvas.height() >= 0.98 * bench.window.height()
    assert not bench.part(QWidget, "pointer_line").isVisible()
    bench.press(Qt.Key.Key_F11)
    bench.until(lambda: not bench.window.isFullScreen())
    assert bench.part(QWidget, "pointer_line").isVisible()


def _second_window(bench: Bench) -> None:
    bench.press(Qt.Key.Key_F11, SHIFT)
    second = bench.screen.findChild(QWidget, "second_window") or bench.window.findChild(
        QWidget, "second_window"
    )
    assert second is not None
    bench.until(second.isVisible)
    before = second.grab().toImage()
    bench.desk.zoom(1.5)
    bench.until(lambda: second.grab().toImage() != before)
    second.close()
    bench.until(lambda: bench.window.findChild(QWidget, "second_window") is None)
    bench.desk.zoom(0.5)
