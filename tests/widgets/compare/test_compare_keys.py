"""One table makes bindings and sheet: no key does two things on one screen."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Comparison
from app.picture import Side
from widgets import keys
from widgets.compare.desk import Desk
from widgets.compare.desk.actions import act
from widgets.compare.desk.positions import POSITION_ACTIONS
from widgets.key_sheet import KeySheet

NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
CONTROL, KEYPAD = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.KeypadModifier
SCREEN_ACTIONS = {
    "align",
    "align near",
    "align area",
    "score here",
    *POSITION_ACTIONS,
    "save",
    "save named",
    "export",
    "report",
    "drawer",
    "conclude",
    "next candidate",
    "previous candidate",
    "keep",
    "dismiss",
    "later",
    "blink while held",
    "original while held",
    "light circles while held",
    "leave",
    "full screen",
    "loupe",
    "mirror",
    "second screen",
    "profile csv",
    "page measure",
    "page align",
    "page light",
    "page notes",
    "page explain",
    "page conclude",
    "page keep",
    "page class",
    "next area",
    "previous area",
    "confirm area",
    "ignore area",
    "undo review",
    "fold strip",
    "relief",
    "sheet",
    "subclass",
    "verification",
}


def pressed(key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> str | None:
    event = QKeyEvent(QEvent.Type.KeyPress, key, modifiers)
    row = keys.find(keys.COMPARE, event)
    return row.action if row else None


@pytest.mark.parametrize("screen", sorted({row.screen for row in keys.TABLE}))
def test_no_key_does_two_things(screen: str) -> None:
    counted = Counter(key for row in keys.rows(screen) for key in row.keys)
    assert [key for key, times in counted.items() if times > 1] == []


def test_all_keys_are_written_as_qt_writes_them() -> None:
    for row in keys.TABLE:
        for key in row.keys:
            assert not QKeySequence(key).isEmpty(), key


def test_every_action_of_the_table_is_carried_out() -> None:
    side = Side(np.zeros((100, 100), np.uint8), 2.0)
    for row in keys.TABLE:
        if row.screen == keys.COMPARE and row.action not in SCREEN_ACTIONS:
            desk = Desk(side, side, Comparison("l", "r", Alignment()))
            desk.resize((200, 200))
            assert act(desk, row.action), row.action


@pytest.mark.parametrize(
    ("key", "modifiers", "action"),
    [
        (Qt.Key.Key_1, NONE, "mode split"),
        (Qt.Key.Key_1, KEYPAD, "mode split"),
        (Qt.Key.Key_Right, NONE, "nudge right 10"),
        (Qt.Key.Key_Right, KEYPAD, "nudge right 10"),
        (Qt.Key.Key_Up, SHIFT, "nudge up 100"),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier, "nudge down 1"),
        (Qt.Key.Key_Comma, NONE, "turn 0.1"),
        (Qt.Key.Key_Comma, SHIFT, "turn 1"),
        (Qt.Key.Key_Less, SHIFT, "turn 1"),
        (Qt.Key.Key_Period, CONTROL, "turn -10"),
        (Qt.Key.Key_Greater, SHIFT, "turn -1"),
        (Qt.Key.Key_Plus, SHIFT, "zoom in"),
        (Qt.Key.Key_Equal, NONE, "zoom in"),
        (Qt.Key.Key_Question, SHIFT, "sheet"),
        (Qt.Key.Key_Backtab, SHIFT, "previous candidate"),
        (Qt.Key.Key_Z, CONTROL, "undo"),
        (Qt.Key.Key_Z, NONE, "loupe"),
        (Qt.Key.Key_Z, Qt.KeyboardModifier.AltModifier, None),
        (Qt.Key.Key_Shift, SHIFT, None),
    ],
)
def test_presses_find_their_action(
    key: Qt.Key, modifiers: Qt.KeyboardModifier, action: str | None
) -> None:
    assert pressed(key, modifiers) == action


def test_the_sheet_shows_every_row_with_words(qtbot: QtBot) -> None:
    sheet = KeySheet(keys.COMPARE)
    qtbot.addWidget(sheet)
    written = {label.text() for label in sheet.findChildren(QLabel)}
    assert {row.does for row in keys.rows(keys.COMPARE) if row.does} <= written
