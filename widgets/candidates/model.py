"""The candidates of one search as a table; sorting moves the rows, not the cursor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from app.domain import Review, Role
from app.workbench import CandidateLine
from widgets.candidates.listing import ASCENDING, DESCENDING, ID_ROLE, Index

_NOWHERE = QModelIndex()
LEFT = Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is named, read and ordered."""

    name: str
    tip: str
    text: Callable[[CandidateLine], str]
    key: Callable[[CandidateLine], Any]
    right: bool = False


def _place(line: CandidateLine) -> str:
    place = line.provenance
    case = place.cartridge_case
    about = " ".join(filter(None, (str(case.role), case.calibre)))
    return f"{place.name}\n{place.case.title or place.agency.name}\n{about}"


COLUMNS = (
    Column("#", "Rank by score", lambda c: str(c.candidate.rank), lambda c: c.candidate.rank, True),
    Column(
        "Aligned pair",
        "Query and candidate cut at the dividing line",
        lambda c: "",
        lambda c: c.candidate.rank,
    ),
    Column(
        "Case / exhibit / case", "Where the candidate sits", _place, lambda c: c.provenance.name
    ),
    Column(
        "Score",
        "How well the two agree by software",
        lambda c: f"{c.candidate.score.score:.3f}",
        lambda c: c.candidate.score.score,
        True,
    ),
    Column(
        "Cells",
        "Congruent cells of all cells",
        lambda c: f"{c.candidate.score.congruent_cells} of {c.candidate.score.cells}",
        lambda c: c.candidate.score.congruent_cells,
        True,
    ),
    Column(
        "CCF",
        "Cross-correlation at the alignment",
        lambda c: f"{c.candidate.score.ccf:.2f}",
        lambda c: c.candidate.score.ccf,
        True,
    ),
    Column(
        "State",
        "What the examiner said: kept, dismissed, later",
        lambda c: str(c.candidate.review),
        lambda c: list(Review).index(c.candidate.review),
    ),
)
PAIR = 1
_DESCENDING_FIRST = {"Score", "Cells", "CCF"}


class CandidateModel(QAbstractTableModel):
    """``pair(line)`` gives the picture of the pair when it is there."""

    def __init__(self, pair: Callable[[CandidateLine], Any]) -> None:
        super().__init__()
        self._pair = pair
        self._lines: tuple[CandidateLine, ...] = ()
        self._order = (0, ASCENDING)

    @property
    def lines(self) -> tuple[CandidateLine, ...]:
        """All, in the order shown."""
        return self._lines

    def set_lines(self, lines: tuple[CandidateLine, ...]) -> None:
        """Show these, in the order chosen before."""
        if [c.candidate.id for c in self._sorted(lines)] == [c.candidate.id for c in self._lines]:
            self._lines = self._sorted(lines)
            if lines:
                self.dataChanged.emit(
                    self.index(0, 0), self.index(len(lines) - 1, len(COLUMNS) - 1)
                )
            return
        self.beginResetModel()
        self._lines = self._sorted(lines)
        self.endResetModel()

    def row_of(self, row_id: str) -> int:
        """The row of a candidate, -1 when it is not there."""
        for number, line in enumerate(self._lines):
            if line.candidate.id == row_id:
                return number
        return -1

    def first_order(self, column: int) -> Qt.SortOrder:
        """The order wanted at the first click: the best on top."""
        return DESCENDING if COLUMNS[column].name in _DESCENDING_FIRST else ASCENDING

    def repaint_pair(self, candidate_id: str) -> None:
        """Its picture has come."""
        number = self.row_of(candidate_id)
        if number >= 0:
            self.dataChanged.emit(self.index(number, PAIR), self.index(number, PAIR))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].name
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].right else LEFT
            return int(side | Qt.AlignmentFlag.AlignVCenter)
        return COLUMNS[section].tip if role == Qt.ItemDataRole.ToolTipRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._lines):
            return None
        line, column = self._lines[index.row()], COLUMNS[index.column()]
        if role == ID_ROLE:
            return line.candidate.id
        if role == Qt.ItemDataRole.DisplayRole:
            return column.text(line)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == PAIR:
            return self._pair(line)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return _spoken(line)
        return None

    def sort(self, column: int, order: Qt.SortOrder = ASCENDING) -> None:
        self._order = (column, order)
        before = [self.index(n, 0) for n in range(len(self._lines))]
        ids = [line.candidate.id for line in self._lines]
        self.layoutAboutToBeChanged.emit()
        self._lines = self._sorted(self._lines)
        after = {line.candidate.id: n for n, line in enumerate(self._lines)}
        for column_number in range(len(COLUMNS)):
            self.changePersistentIndexList(
                [index.siblingAtColumn(column_number) for index in before],
                [self.index(after[i], column_number) for i in ids],
            )
        self.layoutChanged.emit()

    def _sorted(self, lines: tuple[CandidateLine, ...]) -> tuple[CandidateLine, ...]:
        column, order = self._order
        by_rank = sorted(lines, key=lambda c: c.candidate.rank)
        down = order == Qt.SortOrder.DescendingOrder
        return tuple(sorted(by_rank, key=COLUMNS[column].key, reverse=down))


def _spoken(line: CandidateLine) -> str:
    score, place = line.candidate.score, line.provenance
    known = ", known" if place.cartridge_case.role is Role.TEST_FIRE else ""
    return (
        f"Candidate {line.candidate.rank}: {place.name}{known}, "
        f"{score.congruent_cells} of {score.cells} cells agree, {line.candidate.review}"
    )
