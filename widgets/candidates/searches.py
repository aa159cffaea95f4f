"""The searches, newest first, with a dot on those nobody has looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.casework.reviews import SearchReview
from app.workbench import SearchLine
from widgets import theme
from widgets.candidates.words import reviewed_brief, reviewed_words, state_words

_ID = Qt.ItemDataRole.UserRole
_STATE = _ID + 1
_UNSEEN = _ID + 2
_REVIEWED = _ID + 3
_NO_REVIEWS: Mapping[str, SearchReview] = {}


class SearchDelegate(QStyledItemDelegate):
    """Two lines and a dot; a third line where the list was reviewed."""

    def sizeHint(
        self, _option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(120, 67 if index.data(_REVIEWED) else 48)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(theme.colours().selected))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(theme.colours().raised))
        unseen = bool(index.data(_UNSEEN))
        font = QFont(painter.font())
        font.setBold(unseen)
        painter.setFont(font)
        upper = QRect(rect.left() + 22, rect.top() + 5, rect.width() - 28, 20)
        name = painter.fontMetrics().elidedText(
            index.data(), Qt.TextElideMode.ElideLeft, upper.width()
        )
        painter.setPen(QColor(theme.colours().text))
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
        font.setBold(False)
        font.setPointSizeF(font.pointSizeF() - 1)
        painter.setFont(font)
        painter.setPen(QColor(theme.colours().dim))
        for number, role in enumerate((_STATE, _REVIEWED), 1):
            text = painter.fontMetrics().elidedText(
                str(index.data(role) or ""), Qt.TextElideMode.ElideRight, upper.width()
            )
            below = upper.translated(0, 19 * number)
            painter.drawText(below, Qt.AlignmentFlag.AlignVCenter, text)
        if unseen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colours().amber))
            painter.drawEllipse(rect.left() + 8, rect.top() + 11, 8, 8)
        painter.restore()


class SearchList(QListWidget):
    """``chosen(search id)`` is called when the cursor moves to a search."""

    def __init__(self, chosen: Callable[[str], None]) -> None:
        super().__init__()
        self.setObjectName("search_list")
        self.setAccessibleName("Searches, newest first")
        self.setItemDelegate(SearchDelegate(self))
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._settling = False
        self._chosen = chosen
        self.currentItemChanged.connect(lambda now, _: self._tell(now))

    def show_lines(
        self,
        lines: tuple[SearchLine, ...],
        chosen: str,
        reviews: Mapping[str, SearchReview] = _NO_REVIEWS,
    ) -> None:
        """Show these with the cursor on ``chosen``; ``reviews`` are the recorded ones."""
        self._settling = True
        while self.count() > len(lines):
            self.takeItem(self.count() - 1)
        while self.count() < len(lines):
            self.addItem(QListWidgetItem())
        for number, line in enumerate(lines):
            self._fill(self.item(number), line, reviews.get(line.search.id))
            if line.search.id == chosen:
                self.setCurrentRow(number)
        self._settling = False

    def _fill(self, item: QListWidgetItem, line: SearchLine, review: SearchReview | None) -> None:
        words = f"{line.provenance.mark.kind.value.capitalize()}: {state_words(line.search)}"
        item.setText(line.provenance.name)
        item.setData(_ID, line.search.id)
        item.setData(_STATE, words)
        item.setData(_UNSEEN, line.unseen)
        item.setData(_REVIEWED, reviewed_brief(review) if review is not None else "")
        ended = f", ended {line.search.finished_at[:10]}" if line.search.finished_at else ""
        unseen = ", not looked at yet" if line.unseen else ""
        reviewed = f"\n{reviewed_words(review)}" if review is not None else ""
        item.setToolTip(f"{line.provenance.name}: {words}{ended}{unseen}{reviewed}")
        item.setData(Qt.ItemDataRole.AccessibleTextRole, item.toolTip())

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._settling:
            self._chosen(str(item.data(_ID)))
