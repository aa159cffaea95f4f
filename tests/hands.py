"""Keystrokes as the system sends them: a hand's, or a scanner's."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

ENTER = Qt.Key.Key_Return


class Hand:
    """Keystrokes as the system sends them, at times of their own."""

    def __init__(self) -> None:
        self.at = 1000

    def press(self, text: str, gap_ms: int, key: int = 0, modifier: object = None) -> None:
        self.at += gap_ms
        target = QApplication.activePopupWidget() or QApplication.focusWidget()
        assert target is not None
        modifiers = Qt.KeyboardModifier.NoModifier if modifier is None else modifier
        key = key or ord(text.upper())
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, text)
            event.setTimestamp(self.at)
            if kind is QEvent.Type.ShortcutOverride:
                event.ignore()
            QApplication.sendEvent(target, event)

    def type(self, text: str, gap_ms: int, *, enter: bool = False) -> None:
        for character in text:
            if character.isupper():
                self.press("", 1, Qt.Key.Key_Shift, Qt.KeyboardModifier.ShiftModifier)
                self.press(character, gap_ms, modifier=Qt.KeyboardModifier.ShiftModifier)
            else:
                self.press(character, gap_ms)
        if enter:
            self.press("\r", gap_ms, ENTER)
