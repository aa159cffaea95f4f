"""The acquire screen: live picture, loss and return, what is captured and what is refused."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.capture import BenchSource, CaptureSession
from app.capture.bench import firearm_number
from app.domain import CaseheadError, Light
from app.workbench import Workbench
from tests.mjpeg import MjpegServer
from tests.widgets.conftest import PIXEL_UM, bench_frame
from widgets.acquire import AcquireScreen, calibration
from widgets.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
LONG = 20_000


@pytest.fixture
def screen(window: MainWindow, workbench: Workbench) -> AcquireScreen:
    mark = workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[0].mark
    window.show_acquire(mark.id)
    return window.acquire


@pytest.fixture
def stream() -> Iterator[MjpegServer]:
    with MjpegServer([np.asarray(bench_frame(2, 1).pixels, np.uint8)], rate=50) as made:
        yield made


def words(screen: AcquireScreen, name: str) -> str:
    found = screen.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def button(screen: AcquireScreen, name: str) -> QPushButton:
    found = screen.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def start_bench(qtbot: QtBot, screen: AcquireScreen) -> BenchSource:
    """A bench in small, through the screen's own camera."""
    source = BenchSource(firearm_number(2), 1, rate=30, pixel_um=PIXEL_UM)
    session = CaptureSession(source, pauses=(0.05,))
    screen.camera._session = session
    session.start()
    screen.station.started()
    qtbot.waitUntil(lambda: screen.live.frame is not None, timeout=LONG)
    return source


def pictures(workbench: Workbench) -> int:
    return sum(
        len(mark.acquired)
        for case in workbench.tree()
        for exhibit in case.exhibits
        for cartridge_case in exhibit.cartridge_cases
        for mark in cartridge_case.marks
    )


def test_without_a_camera_it_says_what_to_do(
    qtbot: QtBot, window: MainWindow, screen: AcquireScreen
) -> None:
    assert words(screen, "acquire_empty_title") == "No camera is running"
    assert not button(screen, "capture").isEnabled()
    qtbot.keyClick(screen, Qt.Key.Key_Space)
    assert "start the camera first" in window.toast.sentence


def test_a_source_that_is_not_there_is_told(
    qtbot: QtBot, window: MainWindow, screen: AcquireScreen
) -> None:
    screen.start_camera("video:nowhere.avi")
    qtbot.waitUntil(lambda: "no video" in window.toast.sentence)
    assert "no video" in words(screen, "acquire_empty_sentence")
    assert button(screen, "source_start").text() == "Start"


def test_space_captures_what_is_seen_with_its_record(
    qtbot: QtBot, screen: AcquireScreen, workbench: Workbench
) -> None:
    start_bench(qtbot, screen)
    qtbot.mouseClick(button(screen, "light_ring"), LEFT)
    qtbot.waitUntil(lambda: screen.live.frame.light is Light.RING, timeout=LONG)
    assert screen.target.light is Light.RING
    screen.target.objective.setCurrentText("4x")
    before = pictures(workbench)
    qtbot.waitUntil(lambda: screen.filmstrip.count() == 1, timeout=LONG)
    screen.turn_frozen()
    seen = screen.live.frame
    qtbot.keyClick(screen.live, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: screen.filmstrip.count() == 2, timeout=LONG)
    assert pictures(workbench) == before + 1
    newest = workbench.provenance(screen.filmstrip.item(0).data(Qt.ItemDataRole.UserRole)).acquired
    assert newest.record.light is Light.RING
    assert newest.record.objective == "4x"
    assert newest.record.camera == screen.camera.name
    assert newest.pixel_um == PIXEL_UM
    assert seen is not None
    kept = workbench.surface(newest.id).values
    assert np.array_equal(np.round(kept * 255).astype(np.uint8), seen.pixels)


def test_each_frame_is_drawn_once(qtbot: QtBot, screen: AcquireScreen) -> None:
    start_bench(qtbot, screen)
    screen.turn_frozen()
    qtbot.waitUntil(lambda: screen.live.frames_drawn > 0)
    screen.live.repaint()
    drawn = screen.live.frames_drawn
    for _ in range(5):
        screen.station.pull()
        screen.live.repaint()
    assert screen.live.frames_drawn == drawn
    qtbot.keyClick(screen.live, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: screen.live.frames_drawn > drawn, timeout=LONG)


def test_a_pulled_camera_is_told_and_taken_up_again(
    qtbot: QtBot, window: MainWindow, screen: AcquireScreen, workbench: Workbench
) -> None:
    source = start_bench(qtbot, screen)
    before = pictures(workbench)
    source.unplug()
    qtbot.waitUntil(lambda: screen._banner.isVisible(), timeout=LONG)
    assert "unplugged" in words(screen, "camera_says")
    assert screen.live.frame is not None
    assert screen.live._dimmed
    qtbot.keyClick(screen.live, Qt.Key.Key_Space)
    assert window.toast.sentence.startswith("Nothing was captured: The bench camera is unplugged")
    source.plug()
    qtbot.waitUntil(lambda: not screen._banner.isVisible(), timeout=LONG)
    assert not screen.live._dimmed
    assert pictures(workbench) == before


def test_without_a_scale_it_is_kept_but_says_that_it_is_not_searched(
    qtbot: QtBot,
    window: MainWindow,
    screen: AcquireScreen,
    workbench: Workbench,
    stream: MjpegServer,
) -> None:
    screen.sources.choose_stream(stream.address)
    qtbot.mouseClick(button(screen, "source_start"), LEFT)
    qtbot.waitUntil(lambda: screen.live.frames_drawn > 0, timeout=LONG)
    assert "cannot be searched" in words(screen, "scale_says")
    qtbot.keyClick(screen.live, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "not searched yet" in window.toast.sentence, timeout=LONG)


def test_the_pixel_size_is_remembered_for_camera_and_objective(
    qtbot: QtBot, screen: AcquireScreen, workbench: Workbench, stream: MjpegServer
) -> None:
    screen.start_camera(stream.address)
    qtbot.waitUntil(lambda: screen.live.frames_drawn > 0, timeout=LONG)
    for objective, size in (("4x", "5.06"), ("10x", "2.02")):
        screen.target.objective.setCurrentText(objective)
        screen.target.pixel.setFocus()
        screen.target.pixel.selectAll()
        qtbot.keyClicks(screen.target.pixel, size)
        qtbot.keyClick(screen.target.pixel, Qt.Key.Key_Return)
    screen.live.setFocus()
    screen.target.objective.setCurrentText("4x")
    assert screen.target.pixel.text() == "5.06"
    name = screen.camera.name
    qtbot.waitUntil(
        lambda: workbench.setting(calibration.SETTING) == {name: {"4x": 5.06, "10x": 2.02}}
    )


def test_no_mark_no_capture(qtbot: QtBot, window: MainWindow, screen: AcquireScreen) -> None:
    start_bench(qtbot, screen)
    screen.target.mark.setEditText("nothing of the kind")
    screen.station._mark_chosen()
    qtbot.keyClick(screen.live, Qt.Key.Key_Space)
    assert "Choose the mark" in window.toast.sentence


def test_a_new_mark_is_registered_on_the_way(
    qtbot: QtBot, window: MainWindow, screen: AcquireScreen, workbench: Workbench
) -> None:
    qtbot.keyClick(screen.live, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: screen.registration.isVisible() and not window.bridge.busy)
    qtbot.keyClick(screen.registration, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "1B" in screen.target.mark.currentText())
    assert screen.target.mark_id == screen.station.mark_id
    focused = window.focusWidget()
    assert focused is not None
    assert screen.isAncestorOf(focused)


def test_the_light_of_the_bench_is_switched(qtbot: QtBot, screen: AcquireScreen) -> None:
    source = start_bench(qtbot, screen)
    qtbot.mouseClick(button(screen, "light_side"), LEFT)
    assert source.light is Light.SIDE
    qtbot.waitUntil(
        lambda: screen.live.frame is not None and screen.live.frame.light is Light.SIDE,
        timeout=LONG,
    )
    qtbot.waitUntil(lambda: screen.target.light is Light.SIDE)


def test_figures_of_the_picture(qtbot: QtBot, screen: AcquireScreen) -> None:
    source = start_bench(qtbot, screen)
    qtbot.waitUntil(lambda: screen.meters.measured, timeout=LONG)
    assert "546 x 410" in words(screen, "rate_words")
    sharp = screen.meters.focus.share
    assert sharp > 0.9
    source.focus(250.0)
    qtbot.waitUntil(lambda: screen.meters.focus.share < 0.5, timeout=LONG)
    source.focus(0.0)
    source.expose(6.0)
    qtbot.waitUntil(lambda: screen.meters._clip_words.property("tone") == "amber", timeout=LONG)


def test_stopping_turns_the_camera_off(qtbot: QtBot, screen: AcquireScreen) -> None:
    start_bench(qtbot, screen)
    qtbot.mouseClick(button(screen, "source_start"), LEFT)
    qtbot.waitUntil(lambda: screen.camera.session is None, timeout=LONG)
    qtbot.waitUntil(lambda: screen.live.frame is None)
    assert button(screen, "source_start").text() == "Start"


@pytest.mark.parametrize(("text", "size"), [("2.53", 2.53), (" 5,06 ", 5.06), ("", None)])
def test_a_pixel_size_as_written(text: str, size: float | None) -> None:
    assert calibration.pixel_of(text) == size


@pytest.mark.parametrize("text", ["4x", "0", "-2", "1e9", "nan"])
def test_what_is_no_pixel_size(text: str) -> None:
    with pytest.raises(CaseheadError, match="micrometres"):
        calibration.pixel_of(text)


def test_what_was_kept_in_another_form_is_not_trusted() -> None:
    assert calibration.remembered("nonsense", "a", "4x") is None
    assert calibration.remembered({"a": {"4x": "big"}}, "a", "4x") is None
    kept = calibration.with_pixel(None, "a", "4x", 5.06)
    assert calibration.remembered(kept, "a", "4x") == 5.06
    assert calibration.remembered(kept, "a", "10x") is None
