"""A scanner is heard whatever has the focus, and no keystroke of a hand is lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from tests.hands import ENTER, Hand
from widgets.acquire.intake_scanner import Scanner

LABEL = "2026-0412/3/3A"


class Place(QWidget):
    """A field, a list that is searched, a button and a picture with keys of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.done: list[str] = []
        self.field, self.box, self.button = QLineEdit("abc"), QComboBox(), QPushButton("x")
        self.box.setEditable(True)
        self.box.addItems(["2025-1", "2026-1", "2026-2"])
        self.picture = QWidget()
        self.picture.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.outside = QLineEdit(self)
        around = QWidget(self)
        inside = QVBoxLayout(around)
        for widget in (self.field, self.box, self.button, self.picture):
            inside.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.addWidget(around)
        layout.addWidget(self.outside)
        self.field.returnPressed.connect(lambda: self.done.append("returned"))
        self.button.clicked.connect(lambda: self.done.append("clicked"))
        for key in ("F", "0", "Space", "?", "Shift+F"):
            shortcut = QShortcut(QKeySequence(key), around)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda key=key: self.done.append(key))
        self.scanner = Scanner(self, lambda: around, self.heard.append)


@pytest.fixture
def place(qtbot: QtBot) -> Iterator[Place]:
    made = Place()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.setFocus()


@pytest.mark.parametrize("name", ["field", "box", "button", "picture"])
def test_a_scan_is_heard_and_leaves_nothing_behind(place: Place, name: str) -> None:
    widget = getattr(place, name)
    widget.setFocus()
    before = place.box.currentText()
    Hand().type(LABEL, 8, enter=True)
    assert place.heard == [LABEL]
    assert place.field.text() == "abc"
    assert place.box.currentText() == before
    assert place.done == []


@pytest.mark.parametrize("gap_ms", [45, 80, 200])
def test_what_a_hand_writes_stays_where_it_was_written(place: Place, gap_ms: int) -> None:
    place.field.setFocus()
    place.field.selectAll()
    Hand().type(LABEL, gap_ms, enter=True)
    assert place.field.text() == LABEL
    assert place.done == ["returned"]
    assert place.heard == []


def test_fingers_that_roll_lose_nothing(qtbot: QtBot, place: Place) -> None:
    place.field.setFocus()
    place.field.clear()
    hand = Hand()
    hand.type("xy", 10)
    assert place.field.text() == "x"
    qtbot.waitUntil(lambda: place.field.text() == "xy")
    hand.type("abc", 12)
    hand.press("d", 90)
    assert place.field.text() == "xyabcd"
    hand.type("3A", 15, enter=True)
    assert place.field.text() == "xyabcd3A"
    assert place.done == ["returned"]
    assert place.heard == []


def test_keys_of_the_picture_act_for_a_hand(qtbot: QtBot, place: Place) -> None:
    place.picture.setFocus()
    hand = Hand()
    hand.press("f", 500)
    qtbot.waitUntil(lambda: place.done == ["F"])
    hand.press("F", 500, Qt.Key.Key_F, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: place.done == ["F", "Shift+F"])
    hand.press("?", 500, Qt.Key.Key_Question, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: place.done == ["F", "Shift+F", "?"])


def test_one_key_after_another_keeps_their_order(place: Place) -> None:
    place.picture.setFocus()
    hand = Hand()
    hand.press("0", 500)
    hand.press("f", 20)
    assert place.done == []
    hand.press(" ", 60)
    assert place.done == ["0", "F", "Space"]


def test_moving_on_takes_along_what_was_written(place: Place) -> None:
    place.box.setFocus()
    place.box.clearEditText()
    Hand().type("20", 10)
    place.field.setFocus()
    assert place.box.currentText().startswith("20")
    assert place.field.text() == "abc"


def test_a_scan_while_the_list_under_a_box_is_open(qtbot: QtBot, place: Place) -> None:
    place.box.setFocus()
    place.box.clearEditText()
    hand = Hand()
    hand.press("2", 500)
    qtbot.waitUntil(lambda: place.box.currentText() != "")
    written = place.box.currentText()
    hand.type(LABEL, 8, enter=True)
    assert place.heard == [LABEL]
    assert place.box.currentText() == written


def test_short_bursts_and_other_fields_are_no_scan(place: Place) -> None:
    place.field.setFocus()
    place.field.clear()
    hand = Hand()
    hand.type("12345", 8, enter=True)
    assert (place.field.text(), place.done, place.heard) == ("12345", ["returned"], [])
    place.outside.setFocus()
    hand.type(LABEL, 8, enter=True)
    assert place.outside.text() == LABEL
    assert place.heard == []


def test_events_without_a_time_are_a_hands(qtbot: QtBot, place: Place) -> None:
    place.field.setFocus()
    place.field.clear()
    qtbot.keyClicks(place.field, LABEL)
    qtbot.keyClick(place.field, ENTER)
    assert (place.field.text(), place.done, place.heard) == (LABEL, ["returned"], [])


def test_keys_held_down_are_no_scan(place: Place) -> None:
    place.field.setFocus()
    place.field.clear()
    hand = Hand()
    for _ in range(8):
        hand.at += 30
        event = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_A, Qt.KeyboardModifier.NoModifier, "a", True
        )
        event.setTimestamp(hand.at)
        QApplication.sendEvent(place.field, event)
    hand.press("\r", 30, ENTER)
    assert (place.field.text(), place.heard) == ("aaaaaaaa", [])


def test_through_the_window_as_the_system_sends_it(qtbot: QtBot, place: Place) -> None:
    place.picture.setFocus()
    place.scanner._gap_ms = 30_000.0  # the machine of a test may be slower than a scanner
    place.scanner._timer.setInterval(30_000)
    window = place.windowHandle()
    for character in f"F0{LABEL}":
        modifier = Qt.KeyboardModifier.NoModifier
        QTest.keyClick(window, character, modifier)
    QTest.keyClick(window, ENTER)
    assert place.heard == [f"F0{LABEL}"]
    assert place.done == []
    place.scanner._timer.setInterval(100)
    QTest.keyClick(window, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: place.done == ["F"])
