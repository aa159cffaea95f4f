"""The ranked list: one row a candidate, the pair cut at the dividing line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from app.workbench import CandidateLine
from widgets import theme
from widgets.candidates.model import COLUMNS, ID_ROLE, PAIR, CandidateModel, first_order
from widgets.candidates.pairs import PAIR_SIZE

_WIDTHS = (48, PAIR_SIZE[0] + 12, 0, 58, 72, 48, 78)
_CONTROL = Qt.KeyboardModifier.ControlModifier
_GO_ON = (
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
)


class PairDelegate(QStyledItemDelegate):
    """The picture of the pair as it is, whatever is selected."""

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor("#264a5f"))
        inner = QRect(0, 0, *PAIR_SIZE)
        inner.moveCenter(rect.center())
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap) and picture.width() > 1:
            painter.drawPixmap(inner, picture)
        else:
            painter.fillRect(inner, QColor(theme.EVIDENCE))


class CandidateTable(QTableView):
    """``opened`` and ``moved`` are called for Enter or a double click, and for the cursor."""

    def __init__(
        self,
        model: CandidateModel,
        opened: Callable[[], None],
        moved: Callable[[], None],
    ) -> None:
        super().__init__()
        self.setObjectName("candidate_table")
        self.setAccessibleName("Candidates, best first")
        self._lines, self._opened, self._moved = model, opened, moved
        self.setModel(model)
        self.setItemDelegateForColumn(PAIR, PairDelegate(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(PAIR_SIZE[1] + 8)
        self._set_columns()
        self.doubleClicked.connect(lambda _: opened())

    @property
    def current_line(self) -> CandidateLine | None:
        """The candidate the cursor is on."""
        row = self.currentIndex().row()
        return self._lines.lines[row] if 0 <= row < len(self._lines.lines) else None

    def show_lines(self, lines: tuple[CandidateLine, ...], current: str) -> None:
        """Show these with the cursor on the candidate ``current``, or on the first."""
        self._lines.set_lines(lines)
        row = max(self._lines.row_of(current), 0)
        if lines and self.currentIndex().row() != row:
            self.selectRow(row)

    def go(self, steps: int) -> bool:
        """Move the cursor; False at the end."""
        row = self.currentIndex().row() + steps
        if not 0 <= row < len(self._lines.lines):
            return False
        self.selectRow(row)
        return True

    def currentChanged(
        self,
        now: QModelIndex | QPersistentModelIndex,
        before: QModelIndex | QPersistentModelIndex,
    ) -> None:
        super().currentChanged(now, before)
        if now.isValid() and now.data(ID_ROLE) != before.data(ID_ROLE):
            self._moved()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._opened()
        elif event.key() in _GO_ON and not event.modifiers() & _CONTROL:
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _set_columns(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        for number, width in enumerate(_WIDTHS):
            if width:
                self.setColumnWidth(number, width)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        header.setSortIndicator(0, Qt.SortOrder.AscendingOrder)
        header.sectionClicked.connect(self._sort)
        self._sorted_by, self._order = 0, Qt.SortOrder.AscendingOrder

    def _sort(self, column: int) -> None:
        if column == self._sorted_by:
            down = self._order == Qt.SortOrder.DescendingOrder
            order = Qt.SortOrder.AscendingOrder if down else Qt.SortOrder.DescendingOrder
        else:
            order = first_order(column)
        self._sorted_by, self._order = column, order
        self.horizontalHeader().setSortIndicator(column, order)
        self._lines.sort(column, order)
        self.scrollTo(self.currentIndex())

    def sort_by(self, name: str) -> None:
        """As if the column's head were clicked."""
        self._sort([column.name for column in COLUMNS].index(name))
