"""A list that offers its keys to its panel first."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget


class KeyedList(QListWidget):
    """``on_key`` gets every key, unless a name is being written, and says whether it used it."""

    def __init__(self, name: str, what: str, tip: str, on_key: Callable[[QKeyEvent], bool]) -> None:
        super().__init__()
        self._on_key = on_key
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.setToolTip(tip)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QListWidget.State.EditingState
        if editing or not self._on_key(event):
            super().keyPressEvent(event)
