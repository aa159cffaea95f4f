"""The lines of the journal as a table of any length: only what is seen is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from app.domain import JournalLine
from app.workbench.guard_words import summary
from app.workbench.instrument_words import local_moment
from widgets import theme

PAGE = 128
HEADS = ("Line", "When", "Who", "Action", "Detail")
WIDTHS = (92, 172, 130, 210, 0)
_KEPT = 60
_Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
_READ = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)


class JournalModel(QAbstractTableModel):
    """Row 0 is the newest line; ``load(page)`` asks for a page, which comes by ``put``."""

    def __init__(self, load: Callable[[int], None]) -> None:
        super().__init__()
        self._load = load
        self._seqs: Sequence[int] = range(0)
        self._pages: dict[int, Mapping[int, JournalLine]] = {}
        self._asked: set[int] = set()
        self._breaks: Mapping[int, str] = {}

    @property
    def waiting(self) -> bool:
        """Whether lines that are to be seen have not come yet."""
        return bool(self._asked) or (bool(self._seqs) and not self._pages)

    def show_seqs(self, seqs: Sequence[int]) -> None:
        """Show the lines of these numbers, the newest first."""
        self.beginResetModel()
        self._seqs, self._pages = seqs, {}
        self._asked.clear()
        self.endResetModel()

    def add_seqs(self, seqs: Sequence[int]) -> None:
        """More of them, older ones."""
        first = len(self._seqs)
        if seqs:
            self.beginInsertRows(_NOWHERE, first, first + len(seqs) - 1)
            self._seqs = (*self._seqs, *seqs)
            self.endInsertRows()
            self._pages.pop(first // PAGE, None)  # it was not full
            self._asked.discard(first // PAGE)

    def put(self, page: int, seqs: Sequence[int], lines: Sequence[JournalLine]) -> None:
        """A page that was asked for."""
        if tuple(self.seqs_of(page)) != tuple(seqs):
            return  # the list is another one by now
        self._asked.discard(page)
        self._pages[page] = {line.seq: line for line in lines}
        while len(self._pages) > _KEPT:
            self._pages.pop(next(iter(self._pages)))
        last = min((page + 1) * PAGE, len(self._seqs)) - 1
        self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(HEADS) - 1))

    def show_breaks(self, breaks: Mapping[int, str]) -> None:
        """Mark the lines that are not as they were written."""
        self._breaks = breaks
        if self._seqs:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._seqs) - 1, len(HEADS) - 1))

    def seqs_of(self, page: int) -> Sequence[int]:
        """The numbers of the lines on a page."""
        return self._seqs[page * PAGE : (page + 1) * PAGE]

    def seq_at(self, row: int) -> int:
        """The number of the line in a row; 0 when there is none."""
        return self._seqs[row] if 0 <= row < len(self._seqs) else 0

    def row_of(self, seq: int) -> int:
        """The row of a line, or the nearest older one's; -1 in an empty list."""
        low, high = 0, len(self._seqs)
        while low < high:
            middle = (low + high) // 2
            if self._seqs[middle] > seq:
                low = middle + 1
            else:
                high = middle
        return min(low, len(self._seqs) - 1)

    def rowCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._seqs)

    def columnCount(self, parent: _Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(HEADS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return HEADS[section]
        return None

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        seq = self._seqs[index.row()]
        if role == Qt.ItemDataRole.ForegroundRole:
            return QColor(theme.colours().amber) if seq in self._breaks else None
        if role not in _READ:
            return None
        page = index.row() // PAGE
        found = self._pages.get(page)
        if found is None:
            self._ask(page)
            return self._words(seq, None, 0) if index.column() == 0 else ""
        if role == Qt.ItemDataRole.ToolTipRole and seq in self._breaks:
            return self._breaks[seq]
        return self._words(seq, found.get(seq), index.column())

    def _ask(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            self._load(page)

    def _words(self, seq: int, line: JournalLine | None, column: int) -> str:
        if column == 0:
            return f"{'⊠ ' if seq in self._breaks else ''}{seq}"
        if line is None:
            return "missing" if column == 3 else ""
        if column == 4:
            return self._breaks.get(seq, "") or summary(line)
        return (local_moment(line.at), line.author.examiner, line.action)[column - 1]
