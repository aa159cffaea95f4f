"""A page that is turned to gives the keyboard to its list: the arrow keys and Enter act at once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier
KEY = Qt.Key


@pytest.mark.parametrize(
    ("screen", "name", "page", "lists"),
    [
        (KEY.Key_5, "leads", KEY.Key_F2, {"board_table", "board_empty"}),
        (KEY.Key_5, "leads", KEY.Key_F9, {"traces_table", "traces_empty"}),
        (KEY.Key_7, "lab", KEY.Key_F3, {"journal_table"}),
        (KEY.Key_7, "lab", KEY.Key_F4, {"backups_table"}),
    ],
)
def test_the_list_has_the_keyboard(
    qtbot: QtBot, window: MainWindow, screen: Qt.Key, name: str, page: Qt.Key, lists: set[str]
) -> None:
    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget() or window, key, modifier)

    def on_a_list() -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and focus.objectName() in lists

    press(screen, CONTROL)
    paged = getattr(window, name)
    press(page)
    qtbot.waitUntil(lambda: bool(paged.ready) and on_a_list(), timeout=20_000)
