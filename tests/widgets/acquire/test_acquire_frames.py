"""Frames taken one by one into a picture: what the keys do, what is undone, what is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from app.capture import BenchSource, CaptureSession, Frame
from app.capture.bench import firearm_number
from app.capture.bench.lighting import vignette
from app.capture.bench.sequences import Noise, exposed
from app.capture.opencv import cv2
from app.domain import Acquired, Light, Optics, now
from app.main import application
from app.workbench import Workbench
from tests.widgets.conftest import PIXEL_UM
from widgets.acquire.frames import FramesPage
from widgets.acquire.frames_overlay import GhostOverlay, MadeOverlay
from widgets.acquire.frames_work import FramesWork
from widgets.acquire.overlay import Seen
from widgets.acquire.references import FRAMES
from widgets.acquire.station import Station
from widgets.bridge import Bridge

LONG = 60_000
RNG = np.random.default_rng(7)
SCENE = cv2.GaussianBlur(RNG.normal(size=(180, 240)).astype(np.float32), (0, 0), 1.5)
SCENE = 110 + 35 * SCENE / SCENE.std()


class Nowhere:
    """Stands in for the main window."""

    def __getattr__(self, name: str) -> Callable[..., None]:
        return lambda *_: None


def frame(number: int, scene: np.ndarray = SCENE, **settings: object) -> Frame:
    return Frame(exposed(scene, Noise(), number), number, now(), 0.0, settings, 5.0, Light.RING)


@pytest.fixture
def station(qtbot: QtBot, workbench: Workbench) -> Iterator[Station]:
    """Without a camera; frames are handed in."""
    application()
    bridge, nowhere = Bridge(workbench), Nowhere()
    anyone: Any = nowhere
    made = Station(workbench, bridge, anyone)
    made.choose_mark(marks(workbench)[0])
    yield made
    made.camera.shut_down()
    bridge.close()
    made.live.deleteLater()
    made.target.deleteLater()


@pytest.fixture
def page(qtbot: QtBot, station: Station) -> FramesPage:
    made = FramesPage(station)
    qtbot.addWidget(made)
    made.show()
    return made


def marks(workbench: Workbench) -> list[str]:
    return [
        mark.mark.id
        for case in workbench.tree()
        for exhibit in case.exhibits
        for cartridge_case in exhibit.cartridge_cases
        for mark in cartridge_case.marks
    ]


def made(qtbot: QtBot, work: FramesWork) -> None:
    qtbot.waitUntil(lambda: not work.running and not work.busy, timeout=LONG)
    assert work.result is not None, work.sentence


def average(qtbot: QtBot, page: FramesPage) -> FramesWork:
    """One press, and the frames that come."""
    page.work.choose_kind("average")
    page.work.take(frame(0))
    for number in range(1, 8):
        page._station.on_frame.tell(frame(number))
    made(qtbot, page.work)
    return page.work


def test_one_press_takes_all_frames_of_an_average_and_enter_keeps_it(
    qtbot: QtBot, station: Station, page: FramesPage
) -> None:
    heard: list[Acquired] = []
    station.on_captured(heard.append)
    page.work.choose_kind("average")
    assert station.keeper_words == "Take 8 frames"
    work = average(qtbot, page)
    assert station.keeper_words == "Keep the average" and page._over.covers
    assert page.thumbs.count() == 8
    work.finish()
    qtbot.waitUntil(lambda: bool(heard), timeout=LONG)
    recipe = station.workbench.recipe_of(heard[0].id)
    assert recipe is not None and len(recipe.sources) == 8
    assert heard[0].mark_id == station.mark_id and work.sentence.startswith("Saved: average")
    assert not work.series.taken and not page._over.covers
    work.choose_kind("single")
    assert station.keeper_words == ""


def test_a_second_press_stops_taking(station: Station, page: FramesPage) -> None:
    work = page.work
    work.choose_kind("average")
    work.take(frame(0))
    station.on_frame.tell(frame(1))
    assert work.running and station.keeper_words == "Stop taking frames"
    work.take(frame(2))
    station.on_frame.tell(frame(3))
    assert not work.running and len(work.series.taken) == 2


def test_frames_of_one_mark_are_not_kept_with_another(
    qtbot: QtBot, station: Station, page: FramesPage
) -> None:
    work = average(qtbot, page)
    first, second = marks(station.workbench)[:2]
    station.choose_mark(second)
    work.keep()
    assert "another mark" in work.sentence and not work.busy and work.result is not None
    station.choose_mark(first)
    work.keep()
    qtbot.waitUntil(lambda: work.result is None, timeout=LONG)


def test_back_goes_to_the_frames_then_drops_them_and_undo_brings_them_back(
    qtbot: QtBot, page: FramesPage
) -> None:
    work = average(qtbot, page)
    work.back()
    assert work.result is None and len(work.series.taken) == 8
    work.remove(3)
    assert len(work.series.taken) == 7 and page._undo.isVisibleTo(page)
    work.bring_back()
    assert len(work.series.taken) == 8
    work.back()
    assert not work.series.taken and "Ctrl+Z" in work.sentence
    work.bring_back()
    assert len(work.series.taken) == 8
    work.choose_kind("focus")
    work.bring_back()
    assert len(work.series.taken) == 8 and work.series.kind == "focus"


def test_the_chosen_thumbnail_is_taken_out_by_delete(qtbot: QtBot, page: FramesPage) -> None:
    work = page.work
    work.choose_kind("stitch")
    for number in range(3):
        work.take(frame(number))
    assert page._counted.text() == "Stitched fields: 3 fields"
    page.thumbs.setCurrentRow(1)
    qtbot.keyClick(page.thumbs, Qt.Key.Key_Delete)
    assert [one.frame.number for one in work.series.taken] == [0, 2] and page.thumbs.count() == 2


def test_making_can_be_stopped_and_the_frames_stay(qtbot: QtBot, page: FramesPage) -> None:
    work = page.work
    work.choose_kind("average")
    for number in range(2):
        work.take(frame(number)) if number == 0 else page._station.on_frame.tell(frame(number))
    work.take(frame(9))  # stops taking
    work.finish()
    work.back()  # stops making
    qtbot.waitUntil(lambda: not work.busy, timeout=LONG)
    if work.result is None:
        assert work.sentence.startswith("Stopped")
    assert len(work.series.taken) == 2


def test_what_fails_is_told_and_nothing_is_lost(qtbot: QtBot, page: FramesPage) -> None:
    work = page.work
    work.choose_kind("stitch")
    work.take(frame(1))
    work.take(frame(2, RNG.integers(0, 255, SCENE.shape).astype(np.float32)))
    work.finish()
    qtbot.waitUntil(lambda: not work.busy, timeout=LONG)
    assert "No two of the fields show a common part" in work.sentence
    assert work.result is None and len(work.series.taken) == 2


def test_capture_follows_the_focus_by_itself(
    qtbot: QtBot, page: FramesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = page.work
    monkeypatch.setattr(page._station, "refusal", lambda: "")  # there is no camera here
    work.choose_kind("focus")
    work.follow_by_itself(True)
    for count, blur in enumerate((3.0, 0.1), 1):
        scene = cv2.GaussianBlur(SCENE, (0, 0), blur)
        for number in range(60):
            page._station.on_frame.tell(frame(1000 * count + number, scene))
            qtbot.waitUntil(lambda: not work.follow._looking, timeout=LONG)
            if len(work.series.taken) == count:
                break
        assert len(work.series.taken) == count
    assert work.follow.watch.sentence


def test_one_press_takes_a_bracket_where_the_camera_can_be_set(
    qtbot: QtBot, station: Station, page: FramesPage
) -> None:
    source = BenchSource(firearm_number(2), 1, rate=30, pixel_um=2 * PIXEL_UM)
    station.camera._session = CaptureSession(source, pauses=(0.05,))
    station.camera._session.start()
    station.watch(True)
    station.started()
    qtbot.waitUntil(lambda: station.frame is not None, timeout=LONG)
    page.work.choose_kind("exposure")
    station.capture()
    made(qtbot, page.work)
    told = [one.frame.settings["exposure_ms"] for one in page.work.series.taken]
    assert np.allclose(np.array(told) / told[0], (1.0, 0.25, 4.0), rtol=0.02)
    assert "3 exposures over 4.0 stops" in page.work.sentence
    session = station.camera.session
    assert session is not None
    qtbot.waitUntil(
        lambda: (
            session.controls is not None
            and session.controls.exposure.value == pytest.approx(told[0], rel=0.02)
        ),
        timeout=LONG,
    )


def test_a_flat_reference_is_taken_and_used(
    qtbot: QtBot, station: Station, page: FramesPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = BenchSource(firearm_number(2), 1, rate=30, pixel_um=PIXEL_UM)
    station.camera._session = CaptureSession(source)  # not started: frames are handed in
    flat = 180 * vignette(SCENE.shape[1], SCENE.shape[0])
    monkeypatch.setattr(Station, "frame", property(lambda _: frame(0, flat)))
    page.references.take("flat")
    for number in range(FRAMES):
        station.on_frame.tell(frame(number, flat))
    workbench, optics = station.workbench, Optics(station.camera.name)
    qtbot.waitUntil(lambda: bool(workbench.references()), timeout=LONG)
    (kept,) = workbench.references()
    assert (kept.kind, kept.frames, kept.width) == ("flat", FRAMES, SCENE.shape[1])
    assert workbench.references_for(optics, kept.light).flat == kept
    page.references.take("dark")
    for number in range(FRAMES):
        station.on_frame.tell(frame(number, flat))
    qtbot.waitUntil(lambda: page.references._kind is None, timeout=LONG)
    assert len(workbench.references()) == 1


def painted(overlay: MadeOverlay | GhostOverlay, seen: Seen) -> QImage:
    image = QImage(240, 180, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    painter = QPainter(image)
    overlay.paint(painter, seen)
    painter.end()
    return image


def test_the_picture_made_covers_the_live_one_in_its_place(qtbot: QtBot) -> None:
    application()
    seen = Seen(frame(1), 5.0, QRectF(0, 0, 240, 180))
    overlay = MadeOverlay()
    assert painted(overlay, seen).pixelColor(120, 90) == QColor("#ff0000")
    overlay.show(np.full(SCENE.shape, 77, np.uint8), "made")
    assert overlay.covers and painted(overlay, seen).pixelColor(120, 90) == QColor(77, 77, 77)
    overlay.show(np.full((90, 240), 99, np.uint8), "wide")  # of another shape: fitted
    image = painted(overlay, seen)
    assert image.pixelColor(120, 90) == QColor(99, 99, 99)
    assert image.pixelColor(120, 20) not in (QColor("#ff0000"), QColor(99, 99, 99))
    overlay.show(None, "")
    assert not overlay.covers


def test_the_last_field_is_seen_where_it_lies_now(qtbot: QtBot) -> None:
    application()
    seen = Seen(frame(1), 5.0, QRectF(0, 0, 240, 180))
    ghost = GhostOverlay()
    ghost.show(frame(2, np.zeros_like(SCENE)), (-0.5, 0.0))
    image = painted(ghost, seen)
    assert image.pixelColor(60, 90).red() < 200 < image.pixelColor(200, 90).red()
    ghost.show(None, (0.0, 0.0))
    assert painted(ghost, seen).pixelColor(60, 90) == QColor("#ff0000")
