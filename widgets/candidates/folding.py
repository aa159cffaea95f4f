"""Lists whose rows can be unfolded: the sign before a name, the key and the click that turn it."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QRect, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from widgets import theme
from widgets.candidates.listing import (
    DEPTH_ROLE,
    FOLDED_ROLE,
    PAIR_SIZE,
    Call,
    Index,
    Listing,
    Ordered,
)

INDENT = 18
SIGN = 20


class FoldingDelegate(QStyledItemDelegate):
    """Rows under another one are set in; one that can be unfolded has a sign before its name."""

    def __init__(self, parent: QWidget, name_column: int) -> None:
        super().__init__(parent)
        self._name_column = name_column

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        if index.column() == self._name_column:
            rect = QRect(option.rect)
            option.rect = rect.adjusted(self._sign(painter, option, index), 0, 0, 0)
        super().paint(painter, option, index)
        painter.restore()

    def _sign(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> int:
        """Draw what is left of a name; how wide that is."""
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.colours().selected))
        folded = index.data(FOLDED_ROLE)
        if folded is not None:
            icon = theme.icon("mdi6.chevron-right" if folded else "mdi6.chevron-down")
            icon.paint(painter, QRect(rect.left() + 1, rect.center().y() - 10, 20, 20))
            return SIGN
        return INDENT * int(index.data(DEPTH_ROLE) or 0)


class FoldedListing(Listing):
    """Space, or a click on the sign before the name, unfolds a row or folds it again."""

    def __init__(
        self,
        model: QAbstractTableModel,
        ordered: Ordered,
        opened: Call,
        moved: Call,
        pair_size: tuple[int, int] = PAIR_SIZE,
        *,
        name_column: int,
    ) -> None:
        super().__init__(model, ordered, opened, moved, pair_size)
        self._name_column = name_column

    def turn(self) -> None:
        """Unfold the row the cursor is on, or fold it."""
        raise NotImplementedError

    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Space and plain:
            self.turn()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = event.position().toPoint()
        index = self.indexAt(at)
        into = at.x() - self.columnViewportPosition(self._name_column)
        if index.column() == self._name_column and 0 <= into < SIGN + 6:
            self.turn()
