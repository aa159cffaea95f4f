"""The candidates of one search as a table; sorting moves the rows, not the cursor."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt

from app.domain import Review, Role
from app.workbench import CandidateLine, CandidateRow, Wanted, candidate_rows, group_name
from widgets.candidates.listing import (
    ASCENDING,
    DEPTH_ROLE,
    DESCENDING,
    FOLDED_ROLE,
    ID_ROLE,
    Index,
)

_NOWHERE = QModelIndex()
LEFT = Qt.AlignmentFlag.AlignLeft


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how it is named, read and ordered."""

    name: str
    tip: str
    text: Callable[[CandidateRow], str]
    key: Callable[[CandidateRow], Any]
    right: bool = False


def _place(row: CandidateRow) -> str:
    place = row.line.provenance
    case = place.cartridge_case
    about = row.others or " ".join(filter(None, (str(case.role), case.calibre)))
    return f"{place.name}\n{place.case.title or place.agency.name}\n{about}"


COLUMNS = (
    Column(
        "#",
        "Rank by score",
        lambda r: str(r.line.candidate.rank),
        lambda r: r.line.candidate.rank,
        True,
    ),
    Column(
        "Aligned pair",
        "Query and candidate cut at the dividing line",
        lambda r: "",
        lambda r: r.line.candidate.rank,
    ),
    Column(
        "Case / exhibit / case",
        "Where the candidate sits; Space unfolds what is of the same gun or mark",
        _place,
        lambda r: r.line.provenance.name,
    ),
    Column(
        "Score",
        "How well the two agree by software",
        lambda r: f"{r.line.candidate.score.score:.3f}",
        lambda r: r.line.candidate.score.score,
        True,
    ),
    Column(
        "Cells",
        "Congruent cells of all cells",
        lambda r: f"{r.line.candidate.score.congruent_cells} of {r.line.candidate.score.cells}",
        lambda r: r.line.candidate.score.congruent_cells,
        True,
    ),
    Column(
        "CCF",
        "Cross-correlation at the alignment",
        lambda r: f"{r.line.candidate.score.ccf:.2f}",
        lambda r: r.line.candidate.score.ccf,
        True,
    ),
    Column(
        "State",
        "What the examiner said: kept, dismissed, later",
        lambda r: r.state,
        lambda r: list(Review).index(r.review),
    ),
)
PAIR, NAME = 1, 2
_DESCENDING_FIRST = {"Score", "Cells", "CCF"}


class CandidateModel(QAbstractTableModel):
    """``pair(line)`` gives the picture of the pair when it is there.

    What is of one gun, or of one mark, is folded into one row until that is opened.
    """

    def __init__(self, pair: Callable[[CandidateLine], Any]) -> None:
        super().__init__()
        self._pair = pair
        self._all: tuple[CandidateLine, ...] = ()
        self._rows: tuple[CandidateRow, ...] = ()
        self._opened: frozenset[str] = frozenset()
        self._wanted = Wanted.ALL
        self._order = (0, ASCENDING)

    @property
    def rows(self) -> tuple[CandidateRow, ...]:
        """Those shown, in their order."""
        return self._rows

    @property
    def lines(self) -> tuple[CandidateLine, ...]:
        """The candidates of all rows shown, folded ones too, in their order."""
        return tuple(line for row in self._rows for line in row.lines)

    @property
    def reviews(self) -> tuple[Review, ...]:
        """Of all candidates, shown or not."""
        return tuple(line.candidate.review for line in self._all)

    def set_lines(self, lines: tuple[CandidateLine, ...]) -> None:
        """Show these, in the order chosen before."""
        self._all = lines
        self._arrange()

    def want(self, wanted: Wanted) -> None:
        """Show these only."""
        self._wanted = wanted
        self._arrange()

    def turn(self, row: CandidateRow) -> None:
        """Unfold what is under a row, or fold it again, from any of its rows."""
        if row.folded is not None or row.depth:
            self._opened ^= {group_name(row.line)}
            self._arrange()

    def unfold(self, candidate_id: str) -> None:
        """Let a candidate be seen that is folded under another one."""
        found = next((row for row in self._rows if candidate_id in row.candidate_ids), None)
        if found is not None and found.folded and found.id != candidate_id:
            self.turn(found)

    def row_of(self, row_id: str) -> int:
        """The row of a candidate, its own or the one it is folded in; -1 when it is not there."""
        for number, row in enumerate(self._rows):
            if row_id in row.candidate_ids:
                return number
        return -1

    def first_order(self, column: int) -> Qt.SortOrder:
        """The order wanted at the first click: the best on top."""
        return DESCENDING if COLUMNS[column].name in _DESCENDING_FIRST else ASCENDING

    def sorts(self, column: int) -> bool:
        """Whether a column has an order of its own."""
        return column != PAIR

    def repaint_pair(self, candidate_id: str) -> None:
        """Its picture has come."""
        number = self.row_of(candidate_id)
        if number >= 0:
            self.dataChanged.emit(self.index(number, PAIR), self.index(number, PAIR))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

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
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], COLUMNS[index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == PAIR:
            return self._pair(row.line)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        match role:
            case Qt.ItemDataRole.UserRole:
                return row.id
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case Qt.ItemDataRole.AccessibleTextRole | Qt.ItemDataRole.ToolTipRole:
                return _spoken(row)
        return {DEPTH_ROLE: row.depth, FOLDED_ROLE: row.folded, ID_ROLE: row.id}.get(role)

    def sort(self, column: int, order: Qt.SortOrder = ASCENDING) -> None:
        self._order = (column, order)
        self._arrange()

    def _arrange(self) -> None:
        """Rows that stay where they are are only painted anew."""
        rows = self._sorted()
        if [row.id for row in rows] != [row.id for row in self._rows]:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))

    def _sorted(self) -> tuple[CandidateRow, ...]:
        column, order = self._order
        key, down = COLUMNS[column].key, order == DESCENDING
        groups = candidate_rows(self._all, self._opened, self._wanted)
        ordered = sorted(groups, key=lambda rows: key(rows[0]), reverse=down)
        return tuple(row for rows in ordered for row in rows)


def _spoken(row: CandidateRow) -> str:
    line = row.line
    score, place = line.candidate.score, line.provenance
    known = ", known" if place.cartridge_case.role is Role.TEST_FIRE else ""
    folded = f", {row.others}; what is said of it holds for all {row.size}" if row.others else ""
    return (
        f"Candidate {line.candidate.rank}: {place.name}{known}, "
        f"{score.congruent_cells} of {score.cells} cells agree, {row.review}{folded}"
    )
