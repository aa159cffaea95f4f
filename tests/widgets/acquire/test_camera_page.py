"""The camera's page, the figures and the overlays, on the real screen with the synthetic bench."""

from __future__ import annotations

from typing import cast

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.capture import BenchSource, CaptureSession, Frame
from app.capture.bench import firearm_number
from app.capture.controls import Controls, Reformat, Turn
from app.capture.metering import TARGET, read_spot
from app.capture.white import SETTING
from app.domain import Acquired
from app.workbench import Workbench
from tests.mjpeg import MjpegServer
from tests.widgets.conftest import PIXEL_UM, bench_frame
from widgets.acquire import AcquireScreen
from widgets.acquire.controls import CameraControls
from widgets.acquire.overlay import LiveOverlay, Seen
from widgets.main_window import MainWindow

LEFT = Qt.MouseButton.LeftButton
LONG = 20_000


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, workbench: Workbench) -> AcquireScreen:
    mark = workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[0].mark
    window.show_acquire(mark.id)
    made = window.acquire
    source = BenchSource(firearm_number(2), 1, rate=30, pixel_um=PIXEL_UM)
    made.camera._session = CaptureSession(source, pauses=(0.05,))
    made.camera._session.start()
    made.station.started()
    qtbot.waitUntil(lambda: made.live.frame is not None, timeout=LONG)
    made.panel.show_page("camera")
    page(made).refresh()
    return made


def page(screen: AcquireScreen) -> CameraControls:
    found = screen.findChild(CameraControls)
    assert isinstance(found, CameraControls)
    return found


def button(screen: AcquireScreen, name: str) -> QPushButton:
    found = screen.findChild(QPushButton, name)
    assert isinstance(found, QPushButton)
    return found


def spin(screen: AcquireScreen, name: str) -> QDoubleSpinBox:
    found = screen.findChild(QDoubleSpinBox, name)
    assert isinstance(found, QDoubleSpinBox)
    return found


def choose(screen: AcquireScreen, name: str, words: str) -> None:
    box = screen.findChild(QComboBox, name)
    assert isinstance(box, QComboBox)
    box.setCurrentText(words)
    box.activated.emit(box.currentIndex())


def told(screen: AcquireScreen) -> Controls:
    session = screen.camera.session
    assert session is not None and session.controls is not None
    return session.controls


def frame(screen: AcquireScreen) -> Frame:
    assert screen.live.frame is not None
    return screen.live.frame


def says(screen: AcquireScreen) -> str:
    return cast(QLabel, screen.findChild(QLabel, "controls_say")).text()


def test_a_time_written_ends_the_automatic(qtbot: QtBot, screen: AcquireScreen) -> None:
    assert told(screen).exposure.auto is True
    spin(screen, "exposure_ms").setValue(20.0)
    qtbot.waitUntil(lambda: told(screen).exposure.value == 20.0, timeout=LONG)
    assert told(screen).exposure.auto is False
    box = cast(QComboBox, screen.findChild(QComboBox, "exposure_mode"))
    qtbot.waitUntil(lambda: box.currentText() == "by hand", timeout=LONG)
    choose(screen, "exposure_mode", "automatic")
    qtbot.waitUntil(lambda: told(screen).exposure.auto is True, timeout=LONG)


def test_the_lock_holds_what_the_automatic_found(qtbot: QtBot, screen: AcquireScreen) -> None:
    qtbot.mouseClick(button(screen, "exposure_lock"), LEFT)
    qtbot.waitUntil(lambda: told(screen).exposure.auto is False, timeout=LONG)
    page(screen).refresh()
    assert button(screen, "exposure_lock").isChecked()
    qtbot.mouseClick(button(screen, "exposure_lock"), LEFT)
    qtbot.waitUntil(lambda: told(screen).exposure.auto is True, timeout=LONG)


def test_a_spot_placed_by_a_click_is_brought_to_its_target(
    qtbot: QtBot, screen: AcquireScreen
) -> None:
    qtbot.mouseClick(button(screen, "spot_1"), LEFT)
    live = screen.live
    seen = live.seen
    assert seen is not None
    at = seen.to_screen((seen.frame.pixels.shape[1] * 0.3, seen.frame.pixels.shape[0] * 0.5))
    qtbot.mouseClick(live, LEFT, pos=at.toPoint())
    spot = page(screen).exposing.spot
    assert spot.share == 0.01 and spot.x == pytest.approx(0.3, abs=0.02)
    qtbot.waitUntil(
        lambda: read_spot(frame(screen), spot).mean == pytest.approx(TARGET, rel=0.15), timeout=LONG
    )
    assert told(screen).exposure.auto is False


def test_while_locked_the_spot_is_not_followed(qtbot: QtBot, screen: AcquireScreen) -> None:
    exposing = page(screen).exposing
    qtbot.mouseClick(button(screen, "spot_0"), LEFT)
    qtbot.mouseClick(button(screen, "exposure_lock"), LEFT)
    assert exposing.locked
    asked: list[object] = []
    exposing._change = asked.append
    dark = Frame(np.zeros((40, 40), np.uint8), 10_000, "", 0.0)
    exposing.see(dark, told(screen).exposure)
    assert asked == []
    exposing.lock(False)
    exposing.see(dark, told(screen).exposure)
    assert len(asked) == 1


def test_white_is_picked_shown_and_kept_beside_the_picture(
    qtbot: QtBot, screen: AcquireScreen, workbench: Workbench
) -> None:
    session = screen.camera.session
    assert session is not None
    session.change(Reformat("RGB3"))
    session.change(Turn("white_balance", value=6000.0))
    qtbot.waitUntil(
        lambda: frame(screen).pixels.ndim == 3 and told(screen).white_balance.value == 6000.0,
        timeout=LONG,
    )
    page(screen).refresh()
    qtbot.mouseClick(button(screen, "white_pick"), LEFT)
    seen = screen.live.seen
    assert seen is not None
    middle = QPointF(seen.rect.width() * 0.3, seen.rect.height() * 0.5)
    qtbot.mouseClick(screen.live, LEFT, pos=(seen.rect.topLeft() + middle).toPoint())
    gains = page(screen).whitening.gains
    assert gains.red < 0.85 and gains.blue > 1.15
    screen.turn_frozen()
    kept: list[Acquired] = []
    screen.station.on_captured(kept.append)
    held = frame(screen)
    qtbot.keyClick(screen.live, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: len(kept) == 1, timeout=LONG)
    assert kept[0].record.settings[SETTING] == gains.as_json()
    red = workbench.surface(kept[0].id)
    assert red.values.shape == held.pixels.shape[:2]
    assert SETTING not in held.settings
    qtbot.mouseClick(button(screen, "white_plain"), LEFT)
    assert page(screen).whitening.gains.neutral


def test_a_source_that_cannot_be_set_says_so(qtbot: QtBot, screen: AcquireScreen) -> None:
    with MjpegServer([np.asarray(bench_frame(2, 1).pixels, np.uint8)], rate=50) as stream:
        screen.start_camera(stream.address)
        qtbot.waitUntil(lambda: "nothing of it can be set" in says(screen), timeout=LONG)
        assert not spin(screen, "exposure_ms").isEnabled()
        assert not button(screen, "spot_0").isEnabled()
        screen.stop_camera()
        qtbot.waitUntil(lambda: "Start a camera" in says(screen), timeout=LONG)


def test_a_size_is_chosen(qtbot: QtBot, screen: AcquireScreen) -> None:
    before = frame(screen).pixels.shape
    smaller = told(screen).sizes[1]
    choose(screen, "camera_size", f"{smaller[0]} x {smaller[1]}")
    qtbot.waitUntil(lambda: frame(screen).pixels.shape == smaller[::-1], timeout=LONG)
    assert smaller[0] < before[1]
    qtbot.waitUntil(lambda: screen.station.pixel_um == 2 * PIXEL_UM, timeout=LONG)


def test_the_histograms_limits_stretch_the_display_only(
    qtbot: QtBot, screen: AcquireScreen
) -> None:
    screen.turn_frozen()
    session = screen.camera.session
    assert session is not None
    # the one on its way when the picture was held is still shown
    qtbot.waitUntil(lambda: session.frozen and frame(screen) is session.newest(), timeout=LONG)
    histogram = screen.meters.histogram
    right = QPoint(histogram.width() - 4, 10)
    before = frame(screen).pixels.copy()
    qtbot.mousePress(histogram, LEFT, pos=right)
    qtbot.mouseMove(histogram, QPoint(histogram.width() // 2, 10))
    qtbot.mouseRelease(histogram, LEFT, pos=QPoint(histogram.width() // 2, 10))
    assert histogram.limits[1] == pytest.approx(0.5, abs=0.03)
    qtbot.waitUntil(lambda: screen.live._rendered.wanted.limits == histogram.limits, timeout=LONG)
    assert np.array_equal(frame(screen).pixels, before)
    qtbot.keyClick(histogram, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert histogram.limits[1] == pytest.approx(0.48, abs=0.03)
    qtbot.mouseDClick(histogram, LEFT, pos=right)
    assert histogram.limits == (0.0, 1.0)


def test_the_peak_of_focus_is_held_until_begun_anew(qtbot: QtBot, screen: AcquireScreen) -> None:
    session = screen.camera.session
    assert session is not None and isinstance(session.source, BenchSource)
    meters = screen.meters
    qtbot.waitUntil(lambda: meters.focus.best > 0, timeout=LONG)
    best = meters.focus.best
    session.source.focus(250.0)
    qtbot.waitUntil(lambda: meters.focus.share < 0.5, timeout=LONG)
    assert meters.focus.best >= best
    qtbot.mouseClick(button(screen, "focus_anew"), LEFT)
    qtbot.waitUntil(lambda: 0 < meters.focus.best < 0.6 * best, timeout=LONG)
    assert meters.focus.share > 0.8


def test_the_focus_map_rings_the_sharpest_place(qtbot: QtBot, screen: AcquireScreen) -> None:
    qtbot.keyClick(screen.live, Qt.Key.Key_M)
    assert screen.focus_map.on
    qtbot.waitUntil(lambda: screen.focus_map.peak is not None, timeout=LONG)
    screen.live.repaint()
    found = screen.focus_map._map
    assert found is not None and found[screen.focus_map.peak] == found.max()
    qtbot.keyClick(screen.live, Qt.Key.Key_M)
    assert not screen.focus_map.on


def test_clipped_pixels_blink_and_the_frame_is_as_it_was(
    qtbot: QtBot, screen: AcquireScreen
) -> None:
    screen.turn_frozen()
    for lit in (True, False, True):
        qtbot.waitUntil(lambda lit=lit: screen.live._rendered.wanted.flash is lit)
    assert screen.live._blink.interval() == 250
    qtbot.keyClick(screen.live, Qt.Key.Key_B)
    assert not screen.live._blink.isActive()


def test_zoom_by_keys_and_pan_by_dragging(qtbot: QtBot, screen: AcquireScreen) -> None:
    live = screen.live
    qtbot.keyClick(live, Qt.Key.Key_1)
    assert live.zoom == pytest.approx(1 / live.devicePixelRatioF())
    assert live._place(frame(screen)).width() == frame(screen).pixels.shape[1]
    qtbot.keyClick(live, Qt.Key.Key_Plus)
    qtbot.keyClick(live, Qt.Key.Key_Plus)
    qtbot.keyClick(live, Qt.Key.Key_Plus)
    before = live._place(frame(screen)).topLeft()
    middle = live.rect().center()
    qtbot.mousePress(live, LEFT, pos=middle)
    qtbot.mouseMove(live, middle + QPoint(-20, 0))
    qtbot.mouseRelease(live, LEFT, pos=middle + QPoint(-20, 0))
    assert live._place(frame(screen)).left() == pytest.approx(before.x() - 20)
    qtbot.keyClick(live, Qt.Key.Key_0)
    assert live.zoom is None


class Handle(LiveOverlay):
    """Notes what reaches it."""

    def __init__(self, mine: bool) -> None:
        self.mine, self.heard = mine, list[str]()
        self.at = (0.0, 0.0)

    def paint(self, painter: QPainter, seen: Seen) -> None:
        self.heard.append("paint")

    def press(self, seen: Seen, at: QPointF) -> bool:
        self.heard.append("press")
        self.at = seen.to_picture(at)
        assert (seen.to_screen(self.at) - at).manhattanLength() < 1e-6
        return self.mine

    def move(self, seen: Seen, at: QPointF) -> None:
        self.heard.append("move")

    def release(self, seen: Seen, at: QPointF) -> None:
        self.heard.append("release")

    def cursor(self, seen: Seen, at: QPointF) -> Qt.CursorShape | None:
        return Qt.CursorShape.PointingHandCursor if self.mine else None


def test_overlays_are_asked_the_last_added_first(qtbot: QtBot, screen: AcquireScreen) -> None:
    live = screen.live
    below, above = Handle(True), Handle(False)
    live.add_overlay(below)
    live.add_overlay(above)
    live.repaint()
    middle = live.rect().center()
    qtbot.mousePress(live, LEFT, pos=middle)
    qtbot.mouseMove(live, middle + QPoint(5, 5))
    qtbot.mouseRelease(live, LEFT, pos=middle + QPoint(5, 5))
    drags = [[h for h in one.heard if h != "paint"] for one in (above, below)]
    assert drags == [["press"], ["press", "move", "release"]]
    assert "paint" in above.heard and "paint" in below.heard
    assert live.cursor().shape() is Qt.CursorShape.PointingHandCursor


def test_a_stream_that_stands_still_is_told_on_the_screen(
    qtbot: QtBot, screen: AcquireScreen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.capture.session.STILL_AFTER", 0.3)
    with MjpegServer([np.asarray(bench_frame(2, 1).pixels, np.uint8)], rate=50) as stream:
        screen.start_camera(stream.address)
        banner = cast(QLabel, screen.findChild(QLabel, "camera_says"))
        qtbot.waitUntil(lambda: "very same picture" in banner.text(), timeout=LONG)
        assert banner.isVisible() and screen.live.frame is not None
        stream.hold()
        monkeypatch.setattr(screen.camera.session, "_quiet_after", 0.3)
        qtbot.waitUntil(lambda: "No frame" in banner.text(), timeout=LONG)
        screen.capture()
        screen.stop_camera()
        qtbot.waitUntil(lambda: not screen.station.running, timeout=LONG)
