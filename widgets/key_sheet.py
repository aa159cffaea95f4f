"""The sheet of keys, made from the table that binds them."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFrame,
    QGridLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from widgets.keys import EVERYWHERE, TABLE, TITLES, WITHIN, KeyRow

_MARGIN = 10
_SHARE = 0.92
"""Of the window's height at most; what does not fit is scrolled to."""


class KeySheet(QDialog):
    """The keys of a screen in two columns; written words leave only the rows that have them."""

    def __init__(self, screen: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("key_sheet")
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._parts = (screen, *WITHIN.get(screen, ()), EVERYWHERE)
        self._sought = QLineEdit()
        self._sought.setObjectName("key_sought")
        self._sought.setPlaceholderText("Find a key or what it does")
        self._sought.setClearButtonEnabled(True)
        self._sought.textChanged.connect(self._show)
        self._area = QScrollArea()
        self._area.setObjectName("key_rows")
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN)
        for widget in (self._sought, self._area, buttons):
            layout.addWidget(widget)
        self._show("")
        # Qt itself would make no window wider than two thirds of the screen
        self.setMinimumWidth(self.sizeHint().width())
        self.resize(self.sizeHint())
        self._sought.setFocus()

    def sizeHint(self) -> QSize:
        """All rows, as far as there is room over the window."""
        inside, line = self._rows.sizeHint(), self._sought.sizeHint().height()
        bar = self._area.verticalScrollBar().sizeHint().width()
        width, height = inside.width() + bar + 3 * _MARGIN, inside.height() + 2 * line + 5 * _MARGIN
        room = self.parentWidget()
        over = room.window().size() if room is not None else self.screen().availableSize()
        return QSize(min(width, over.width()), min(height, round(_SHARE * over.height())))

    def _show(self, sought: str) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(0, 0, 0, 0)
        for part in self._parts:
            shown = [row for row in TABLE if row.screen == part and _has(row, sought)]
            if shown:
                layout.addWidget(QLabel(f"<b>{TITLES.get(part, part.capitalize())}</b>"))
                layout.addLayout(_grid(shown))
        if not layout.count():
            layout.addWidget(QLabel("No key does that here."))
        layout.addStretch(1)
        self._rows = inside
        self._area.setWidget(inside)


def _has(row: KeyRow, sought: str) -> bool:
    words = f"{_key(row)} {row.does} {' '.join(row.keys)}".casefold()
    return bool(row.does) and all(word in words for word in sought.casefold().split())


def _grid(shown: list[KeyRow]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(16)
    half = (len(shown) + 1) // 2 if len(shown) > 6 else len(shown)
    for index, row in enumerate(shown):
        column, line = divmod(index, half)
        key = QLabel(_key(row))
        key.setAlignment(Qt.AlignmentFlag.AlignRight)
        key.setStyleSheet("font-weight: 600")
        grid.addWidget(key, line, column * 2)
        grid.addWidget(QLabel(row.does), line, column * 2 + 1)
        grid.setColumnStretch(column * 2 + 1, 1)
    return grid


def _key(row: KeyRow) -> str:
    return row.shown or ("Enter" if row.keys[0] == "Return" else row.keys[0])
