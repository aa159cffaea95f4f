"""What both lists share: the cursor stays on its row, and rows that come leave the place alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets import theme

PAIR_SIZE = (192, 96)
ID_ROLE = Qt.ItemDataRole.UserRole
DEPTH_ROLE = ID_ROLE + 1
FOLDED_ROLE = ID_ROLE + 2
ASCENDING = Qt.SortOrder.AscendingOrder
DESCENDING = Qt.SortOrder.DescendingOrder
Index = QModelIndex | QPersistentModelIndex
Call = Callable[[], None]
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
    """The picture of the pair as large as its column allows, whatever is selected."""

    def __init__(self, parent: QWidget, size: tuple[int, int] = PAIR_SIZE) -> None:
        super().__init__(parent)
        self._size = size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.colours().selected))
        width = min(self._size[0], rect.width() - 8)
        inner = QRect(0, 0, width, width * self._size[1] // self._size[0])
        inner.moveCenter(rect.center())
        picture = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(picture, QPixmap) and picture.width() > 1:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(inner, picture)
        else:
            painter.fillRect(inner, QColor(theme.EVIDENCE))


class Ordered(Protocol):
    """What a list asks of its model besides Qt's part."""

    def row_of(self, row_id: str) -> int:
        """Its row, -1 when it is not there."""
        ...

    def first_order(self, column: int) -> Qt.SortOrder:
        """The order wanted at the first click."""
        ...

    def sorts(self, column: int) -> bool:
        """Whether a column has an order of its own."""
        ...


class Listing(QTableView):
    """``opened`` and ``moved`` are called for Enter or a double click, and for the cursor.

    Rows are known by ``ID_ROLE``. While a list grows, the cursor follows the first row until
    somebody has moved it; from then on it stays on its row, at its height on the screen.
    """

    def __init__(
        self,
        model: QAbstractTableModel,
        ordered: Ordered,
        opened: Callable[[], None],
        moved: Callable[[], None],
        pair_size: tuple[int, int] = PAIR_SIZE,
    ) -> None:
        super().__init__()
        self._ordered, self._opened, self._moved = ordered, opened, moved
        self._touched = False
        self.setModel(model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(True)
        rows = self.verticalHeader()
        rows.setVisible(False)
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(pair_size[1] + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header.setSectionsClickable(True)
        header.setSortIndicatorShown(True)
        self.sorted_anew()
        header.sectionClicked.connect(self.sort_column)
        self.doubleClicked.connect(lambda _: opened())

    @property
    def current_id(self) -> str:
        """The row the cursor is on, nothing when there is none."""
        return self._id(self.currentIndex().row())

    @property
    def touched(self) -> bool:
        """Whether somebody has chosen a row."""
        return self._touched

    def sorted_anew(self) -> None:
        """The model is in its first order again."""
        self._sorted_by, self._order = 0, ASCENDING
        self.horizontalHeader().setSortIndicator(0, ASCENDING)

    def begin_anew(self) -> None:
        """Another list: nobody has chosen a row in it."""
        self._touched = False

    def settle(self, change: Callable[[], None], current: str) -> None:
        """Let ``change`` exchange the rows, keeping cursor and place."""
        anchor, before = self._anchor(current), max(self.currentIndex().row(), 0)
        change()
        count = self.model().rowCount()
        if not count:
            return
        row = self._ordered.row_of(current) if self._touched else 0
        if row < 0:
            row = min(before, count - 1)
        if self.currentIndex().row() != row:
            self.setCurrentIndex(self.model().index(row, 0))
        if anchor is not None:
            self._restore(*anchor)

    def stand(self, row_id: str) -> bool:
        """Put the cursor on this row, in sight; False where it is not."""
        row = self._ordered.row_of(row_id)
        if row < 0:
            return False
        self._touched = True
        self.selectRow(row)
        self.scrollTo(self.currentIndex())
        return True

    def go(self, steps: int) -> bool:
        """Move the cursor; False at the end."""
        self._touched = True
        row = self.currentIndex().row() + steps
        if not 0 <= row < self.model().rowCount():
            return False
        self.selectRow(row)
        return True

    def sort_column(self, column: int) -> None:
        """As if the column's head were clicked: another click turns the order round."""
        if column == self._sorted_by:
            order = ASCENDING if self._order == DESCENDING else DESCENDING
        else:
            order = self._ordered.first_order(column)
        self._touched = True
        self._sorted_by, self._order = column, order
        self.horizontalHeader().setSortIndicator(column, order)
        self.settle(lambda: self.model().sort(column, order), self.current_id)
        self.scrollTo(self.currentIndex())

    def sort_next(self) -> None:
        """By the next column that has an order of its own; after the last the first."""
        count = self.model().columnCount()
        ways = [n for n in range(count) if n == 0 or self._ordered.sorts(n)]
        later = [n for n in ways if n > self._sorted_by]
        self.sort_column(later[0] if later else ways[0])

    def sort_back(self) -> None:
        """The other way round."""
        self.sort_column(self._sorted_by)

    def currentChanged(self, now: Index, before: Index) -> None:
        super().currentChanged(now, before)
        if now.isValid() and now.data(ID_ROLE) != before.data(ID_ROLE):
            self._moved()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._touched = True
        super().mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._touched = True
            self._opened()
        elif event.key() in _GO_ON and not event.modifiers() & _CONTROL:
            self._touched = True
            super().keyPressEvent(event)
        else:
            event.ignore()

    def _id(self, row: int) -> str:
        return str(self.model().index(row, 0).data(ID_ROLE) or "") if row >= 0 else ""

    def _anchor(self, current: str) -> tuple[str, int] | None:
        """A row and its height on the screen: the cursor's when seen, else the uppermost one's.

        None at the top of a list nobody has touched: the best then shows as it comes.
        """
        if not self._touched:
            return None
        row = self._ordered.row_of(current)
        height = self.rowViewportPosition(row) if row >= 0 else -1
        if not 0 <= height < self.viewport().height():
            row = self.indexAt(QPoint(1, 1)).row()
            height = self.rowViewportPosition(row)
        return (self._id(row), height) if row >= 0 else None

    def _restore(self, row_id: str, height: int) -> None:
        row = self._ordered.row_of(row_id)
        if row >= 0:
            self.updateGeometries()
            moved = self.rowViewportPosition(row) - height
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + moved)
