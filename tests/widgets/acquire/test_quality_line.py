"""The quality line: a live verdict, the last capture's, and what can be done about it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.capture import BenchSource, CaptureSession
from app.capture.bench import firearm_number
from app.capture.quality import VERDICTS, Verdict
from app.workbench import Workbench
from widgets.acquire import AcquireScreen
from widgets.acquire.filmstrip import quality_in
from widgets.acquire.verdicts import COLOURS, paint_sign
from widgets.main_window import MainWindow

LEFT, SPACE = Qt.MouseButton.LeftButton, Qt.Key.Key_Space
LONG = 45_000
PIXEL_UM = 8.0


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, workbench: Workbench) -> AcquireScreen:
    """A bench at work over the first mark."""
    mark = workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[0].mark
    window.show_acquire(mark.id)
    return window.acquire


def start(qtbot: QtBot, screen: AcquireScreen) -> BenchSource:
    source = BenchSource(firearm_number(2), 1, rate=8, pixel_um=PIXEL_UM)
    session = CaptureSession(source, pauses=(0.05,))
    screen.camera._session = session
    session.start()
    screen.station.started()
    qtbot.waitUntil(lambda: screen.live.frame is not None, timeout=LONG)
    return source


def words(screen: AcquireScreen, name: str) -> str:
    found = screen.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def seen(qtbot: QtBot, screen: AcquireScreen, verdict: str) -> None:
    """Wait for a live verdict, then hold that picture."""
    qtbot.waitUntil(lambda: words(screen, "live_quality_words") == verdict, timeout=LONG)
    if not screen.station.frozen:
        screen.turn_frozen()


def capture(qtbot: QtBot, screen: AcquireScreen, workbench: Workbench) -> str:
    """Keep what is seen; the protocol may move on to another mark, so go back to this one."""
    mark_id, before = screen.station.mark_id, pictures(workbench)
    qtbot.keyClick(screen.live, SPACE)
    qtbot.waitUntil(lambda: len(pictures(workbench)) == len(before) + 1, timeout=LONG)
    (new,) = pictures(workbench) - before

    def shown() -> bool:
        if screen.station.mark_id != mark_id:
            screen.choose_mark(mark_id)
        return newest(screen) == new and not screen.station.capturing

    qtbot.waitUntil(shown, timeout=LONG)
    return new


def newest(screen: AcquireScreen) -> str:
    item = screen.filmstrip.item(0)
    return "" if item is None else str(item.data(Qt.ItemDataRole.UserRole))


def pictures(workbench: Workbench) -> set[str]:
    return {
        acquired.id
        for case in workbench.tree()
        for exhibit in case.exhibits
        for cartridge_case in exhibit.cartridge_cases
        for mark in cartridge_case.marks
        for acquired in mark.acquired
    }


def test_a_bad_capture_is_told_and_used_with_a_reason(
    qtbot: QtBot, screen: AcquireScreen, workbench: Workbench, window: MainWindow
) -> None:
    assert words(screen, "live_quality_words") == "no picture"
    qtbot.waitUntil(lambda: screen.filmstrip.count() == 1, timeout=LONG)
    source = start(qtbot, screen)
    seen(qtbot, screen, "good")
    capture(qtbot, screen, workbench)
    use = screen.findChild(QPushButton, "use_all_the_same")
    assert isinstance(use, QPushButton) and not use.isVisible()
    assert words(screen, "captured_quality_words") == "good"

    screen.turn_frozen()
    source.focus(200.0)
    seen(qtbot, screen, "redo")
    assert "out of focus" in words(screen, "quality_reason")
    bad = capture(qtbot, screen, workbench)
    assert "asks for another one" in window.toast.sentence
    assert words(screen, "captured_quality_words") == "redo"
    item = screen.filmstrip.item(0)
    assert "redo" in item.text() and "out of focus" in item.toolTip()

    reason = screen.findChild(QLineEdit, "use_reason")
    assert isinstance(reason, QLineEdit) and not reason.isVisible()
    qtbot.mouseClick(use, LEFT)
    assert reason.isVisible() and not use.isVisible()
    qtbot.keyClick(reason, Qt.Key.Key_Escape)
    assert use.isVisible() and not reason.isVisible()
    qtbot.keyClick(screen.live, Qt.Key.Key_U)
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "Write why" in window.toast.sentence, timeout=LONG)
    qtbot.keyClicks(reason, "the case went back")
    qtbot.keyClick(reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: words(screen, "captured_quality_words") == "used", timeout=LONG)
    assert not use.isVisible() and not reason.isVisible()
    qtbot.waitUntil(lambda: "redo" not in screen.filmstrip.item(0).text(), timeout=LONG)
    used = newest(screen)
    assert used != bad and workbench.provenance(used).acquired.searchable
    quality = workbench.quality_of(used)
    assert quality is not None and quality.used is not None
    assert quality.used["reason"] == "the case went back"
    assert "the case went back" in screen.filmstrip.item(0).toolTip()


def test_capture_again_keeps_the_picture_seen_now(
    qtbot: QtBot, screen: AcquireScreen, workbench: Workbench
) -> None:
    qtbot.waitUntil(lambda: screen.filmstrip.count() == 1, timeout=LONG)
    source = start(qtbot, screen)
    source.focus(200.0)
    seen(qtbot, screen, "redo")
    bad = capture(qtbot, screen, workbench)
    screen.turn_frozen()
    source.focus(0.0)
    seen(qtbot, screen, "good")
    again = screen.findChild(QPushButton, "capture_again")
    assert isinstance(again, QPushButton) and again.isVisible()
    kept = len(pictures(workbench))
    qtbot.mouseClick(again, LEFT)
    qtbot.waitUntil(lambda: len(pictures(workbench)) == kept + 1, timeout=LONG)
    qtbot.waitUntil(lambda: words(screen, "captured_quality_words") == "good", timeout=LONG)
    assert not again.isVisible()
    assert workbench.provenance(bad).acquired.held_back, "what was captured first is kept too"


def test_what_waits_for_a_word_is_found_again_in_the_strip(
    qtbot: QtBot, screen: AcquireScreen, workbench: Workbench, window: MainWindow
) -> None:
    qtbot.waitUntil(lambda: screen.filmstrip.count() == 1, timeout=LONG)
    source = start(qtbot, screen)
    source.focus(200.0)
    seen(qtbot, screen, "redo")
    bad, mark_id = capture(qtbot, screen, workbench), screen.station.mark_id
    other = workbench.tree()[1].exhibits[0].cartridge_cases[0].marks[0].mark
    screen.choose_mark(other.id)
    assert not screen.quality.last.isVisible()
    qtbot.keyClick(screen.live, Qt.Key.Key_U)
    assert "Nothing captured here waits" in window.toast.sentence
    screen.choose_mark(mark_id)
    qtbot.waitUntil(lambda: newest(screen) == bad, timeout=LONG)
    strip = screen.filmstrip
    middle = strip.visualItemRect(strip.item(0)).center()
    qtbot.mouseClick(strip.viewport(), LEFT, pos=middle)
    assert words(screen, "captured_quality_words") == "redo"
    use = screen.findChild(QPushButton, "use_all_the_same")
    assert isinstance(use, QPushButton) and use.isVisible()
    screen.stop_camera()
    qtbot.waitUntil(lambda: words(screen, "live_quality_words") == "no picture", timeout=LONG)


def test_signs_differ_in_shape_and_in_lightness() -> None:
    shapes = {}
    for verdict in VERDICTS:
        image = QImage(40, 40, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        paint_sign(painter, verdict, QRectF(2, 2, 36, 36))
        painter.end()
        covered = [
            [image.pixelColor(QPoint(x, y)).alpha() > 128 for x in range(40)] for y in range(40)
        ]
        shapes[verdict] = np.array(covered)
    for one, other in (("good", "usable"), ("usable", "redo"), ("good", "redo")):
        differs = shapes[_verdict(one)] ^ shapes[_verdict(other)]
        assert differs.mean() > 0.1, (one, other)
    greys = sorted(QColor(colour).lightness() for colour in COLOURS.values())
    assert len(set(greys)) == 3


def _verdict(name: str) -> Verdict:
    return next(verdict for verdict in VERDICTS if verdict == name)


def test_a_damaged_record_shows_no_verdict(workbench: Workbench) -> None:
    (node,) = workbench.tree()[0].exhibits[0].cartridge_cases[0].marks[0].acquired
    damaged = replace(node, record=replace(node.record, settings={"quality": {"verdict": "x"}}))
    assert quality_in(damaged) is None
