"""The fused list: one row a gun or cartridge case, a column for each mark."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QHeaderView, QStyleOptionViewItem

from app.workbench import Finding, FusedList, FusedRow, Grouping
from widgets import theme
from widgets.candidates.folding import FoldedListing, FoldingDelegate
from widgets.candidates.fused_model import (
    NAME,
    PAIR,
    RANK,
    SHOWN_ROLE,
    FusedModel,
)
from widgets.candidates.listing import Index, PairDelegate

_PAIR_SIZE = (144, 72)
_SMALL_PAIR = 112
_FEW_MARKS = 3
_NARROW, _WIDE = 76, 94
_NARROWEST_NAME = 112


class FusedDelegate(FoldingDelegate):
    """Specimens are set in below their gun; the mark whose pair is shown has a frame."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect = QRect(option.rect)
        super().paint(painter, option, index)
        if index.data(SHOWN_ROLE):
            painter.setPen(QPen(QColor(theme.colours().accent), 1))
            painter.drawRoundedRect(rect.adjusted(4, 14, -5, -15), 4, 4)


class FusedTable(FoldedListing):
    """Left and right choose the mark whose pair is shown and compared; Space opens a gun.

    ``opened`` and ``moved`` are called for Enter or a double click, and for the cursor.
    """

    def __init__(
        self, model: FusedModel, opened: Callable[[], None], moved: Callable[[], None]
    ) -> None:
        super().__init__(model, model, opened, moved, _PAIR_SIZE, name_column=NAME)
        self.setObjectName("fused_table")
        self.setAccessibleName("Candidates by all marks together, best first")
        self._fused = model
        self.setItemDelegate(FusedDelegate(self, NAME))
        self.setItemDelegateForColumn(PAIR, PairDelegate(self, _PAIR_SIZE))

    @property
    def current_row(self) -> FusedRow | None:
        """The row the cursor is on."""
        number = self.currentIndex().row()
        return self._fused.rows[number] if 0 <= number < len(self._fused.rows) else None

    @property
    def current_finding(self) -> Finding | None:
        """The mark of the current row whose pair is shown."""
        row = self.current_row
        return self._fused.finding(row) if row is not None else None

    def show_list(self, fused: FusedList, grouping: Grouping, current: str) -> None:
        """Show this with the cursor on the row ``current``, or on the first."""
        columns = self._fused.columnCount()
        self.settle(lambda: self._fused.show(fused, grouping), current)
        if self._fused.columnCount() != columns:
            self._set_columns()

    def turn(self) -> None:
        """Open the gun the cursor is on, or fold it."""
        row = self.current_row
        if row is not None:
            self.settle(lambda: self._fused.turn(row), row.id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._fused.choose_mark(1 if event.key() == Qt.Key.Key_Right else -1)
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._fused.take_mark(self.indexAt(event.position().toPoint()))
        super().mouseDoubleClickEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_name()

    def _set_columns(self) -> None:
        header = self.horizontalHeader()
        header.setMinimumSectionSize(40)
        last = self._fused.columnCount() - 1
        pair = _PAIR_SIZE[0] if self._fused.marks <= _FEW_MARKS else _SMALL_PAIR
        widths = {RANK: 36, PAIR: pair + 10, last - 1: 72, last: 68}
        marks = _WIDE if self._fused.lights_told else _NARROW
        for number in range(last + 1):
            header.setSectionResizeMode(number, QHeaderView.ResizeMode.Fixed)
            self.setColumnWidth(number, widths.get(number, marks))
        self._fit_name()
        self.sorted_anew()

    def _fit_name(self) -> None:
        """The name takes what is left; where that is too little the list scrolls sideways."""
        others = sum(self.columnWidth(n) for n in range(self._fused.columnCount()) if n != NAME)
        self.setColumnWidth(NAME, max(self.viewport().width() - others, _NARROWEST_NAME))
