"""A fused list as a table: one row a gun or cartridge case, a column for each mark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from PySide6.QtCore import QAbstractTableModel, QModelIndex, Qt
from PySide6.QtGui import QBrush, QColor, QPixmap

from app.domain import Candidate, Review
from app.workbench import (
    Finding,
    FusedList,
    FusedRow,
    Grouping,
    Order,
    Wanted,
    column_words,
    finding_tip,
    finding_words,
    fused_rows,
    row_words,
    wanted_rows,
)
from widgets import theme
from widgets.candidates.listing import DEPTH_ROLE, DESCENDING, FOLDED_ROLE, ID_ROLE, Index

RANK, PAIR, NAME, FIRST_MARK = 0, 1, 2, 3
SHOWN_ROLE = ID_ROLE + 3
_NOWHERE = QModelIndex()
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_MIDDLE = int(Qt.AlignmentFlag.AlignCenter)
_TIPS = {
    "#": "Rank by the marks together",
    "Aligned pair": "Query and candidate cut at the dividing line, by the mark that is framed",
    "Gun / case": "What the candidate is; Space opens a gun of several cartridge cases",
    "Together": "The marks' scores on one scale (log10 odds), added; it ranks, it is no likelihood "
    "ratio. A mark that was not compared adds 0; of a gun the mean odds of its cartridge cases.",
    "State": "What the examiner said: kept, dismissed, later",
}


class FusedModel(QAbstractTableModel):
    """``pair(query id, candidate)`` gives the picture of a pair when it is there."""

    def __init__(self, pair: Callable[[str, Candidate], QPixmap | None]) -> None:
        super().__init__()
        self._pair = pair
        self._fused: FusedList | None = None
        self._grouping = Grouping.GUN
        self._opened: frozenset[str] = frozenset()
        self._order = Order()
        self._wanted = Wanted.ALL
        self._rows: tuple[FusedRow, ...] = ()
        self._heads: tuple[str, ...] = ()
        self._mark = -1

    @property
    def rows(self) -> tuple[FusedRow, ...]:
        """All, in the order shown."""
        return self._rows

    @property
    def reviews(self) -> tuple[Review, ...]:
        """Of all guns or cartridge cases, shown or not."""
        if self._fused is None:
            return ()
        return tuple(row.review for row in fused_rows(self._fused, self._grouping))

    def want(self, wanted: Wanted) -> None:
        """Show these only."""
        self._wanted = wanted
        self._arrange()

    @property
    def marks(self) -> int:
        """How many mark columns there are."""
        return len(self._heads)

    @property
    def lights_told(self) -> bool:
        """Whether the heads of marks tell more than the mark."""
        return any(", " in head for head in self._heads)

    def show(self, fused: FusedList, grouping: Grouping) -> None:
        """Show this, what was opened staying open, in the order chosen before."""
        heads = tuple(column_words(c, fused.columns) for c in fused.columns)
        if heads != self._heads:
            self.beginResetModel()
            self._mark, self._order = -1, Order()
            self._heads, self._rows = heads, ()
            self.endResetModel()
        self._fused, self._grouping = fused, grouping
        self._arrange()

    def turn(self, row: FusedRow) -> None:
        """Open a folded gun, fold an open one."""
        if row.folded is not None:
            self._opened ^= {row.id}
            self._arrange()

    def choose_mark(self, steps: int) -> None:
        """Go on to another mark; before the first one is each row's most telling."""
        self._mark = max(-1, min(self._mark + steps, self.marks - 1))
        self._repaint()

    def take_mark(self, index: Index) -> None:
        """Choose the mark of a cell."""
        if FIRST_MARK <= index.column() < FIRST_MARK + self.marks:
            self._mark = index.column() - FIRST_MARK
            self._repaint()

    def finding(self, row: FusedRow) -> Finding | None:
        """Whose pair a row shows: that of the chosen mark, or else the most telling."""
        if 0 <= self._mark < len(row.findings) and row.findings[self._mark].candidate:
            return row.findings[self._mark]
        return row.best

    def row_of(self, row_id: str) -> int:
        """Its row, or that of a candidate; -1 when it is not there."""
        rows = list(enumerate(self._rows))
        exact = next((n for n, row in rows if row.id == row_id), -1)
        if exact >= 0:
            return exact
        return next((n for n, row in rows if row_id in row.candidate_ids), -1)

    def first_order(self, column: int) -> Qt.SortOrder:
        """The order wanted at the first click: the best on top."""
        best = 0 <= column - FIRST_MARK <= self.marks
        return DESCENDING if best else Qt.SortOrder.AscendingOrder

    def sorts(self, column: int) -> bool:
        """Whether a column has an order of its own."""
        return column != PAIR

    def repaint_pair(self, candidate_id: str) -> None:
        """Its picture has come."""
        for number, row in enumerate(self._rows):
            if candidate_id in row.candidate_ids:
                self.dataChanged.emit(self.index(number, PAIR), self.index(number, PAIR))

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else FIRST_MARK + self.marks + 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        names = ("#", "Aligned pair", "Gun / case", *self._heads, "Together", "State")
        name = names[section]
        if role == Qt.ItemDataRole.DisplayRole:
            mark = FIRST_MARK <= section < FIRST_MARK + self.marks
            return name.replace(", " if self.lights_told else " ", "\n") if mark else name
        if role == Qt.ItemDataRole.ToolTipRole:
            return _TIPS.get(name, f"{name}: score, and congruent cells of all cells")
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (PAIR, NAME):
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row, column = self._rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.UserRole:
                return row.id
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row, column)
            case Qt.ItemDataRole.DecorationRole if column == PAIR:
                return self._picture(row)
            case Qt.ItemDataRole.TextAlignmentRole:
                return _alignment(row, column)
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                found = self._finding_at(row, column)
                return finding_tip(found) if found else row_words(row)
            case Qt.ItemDataRole.ForegroundRole:
                found = self._finding_at(row, column)
                faint = found is not None and found.log_odds is None
                return QBrush(QColor(theme.colours().faint)) if faint else None
        if role == DEPTH_ROLE:
            return row.depth
        if role == FOLDED_ROLE:
            return row.folded
        if role == SHOWN_ROLE:
            found = self._finding_at(row, column)
            return found is not None and found is self.finding(row)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._order = self._order_of(column, falling=order == DESCENDING)
        self._arrange()

    def _arrange(self) -> None:
        """Rows that stay where they are are only painted anew."""
        if self._fused is None:
            return
        rows = fused_rows(self._fused, self._grouping, self._opened, self._order)
        rows = wanted_rows(rows, self._wanted)
        if [row.id for row in rows] == [row.id for row in self._rows]:
            self._rows = rows
            self._repaint()
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def _order_of(self, column: int, *, falling: bool) -> Order:
        number = column - FIRST_MARK
        if 0 <= number < self.marks:
            return Order(number, falling)
        by: Literal["rank", "name", "value", "state"] = "rank"
        if column == NAME:
            by = "name"
        elif number == self.marks:
            by = "value"
        elif number > self.marks:
            by = "state"
        return Order(by, falling)

    def _text(self, row: FusedRow, column: int) -> str:
        found = self._finding_at(row, column)
        if found is not None:
            return finding_words(found)
        if column == RANK:
            return str(row.rank) if not row.depth else ""
        if column == NAME:
            return f"{row.name}\n{row.about}"
        number = column - FIRST_MARK - self.marks
        return (f"{row.value:+.2f}", str(row.review))[number] if number in (0, 1) else ""

    def _finding_at(self, row: FusedRow, column: int) -> Finding | None:
        number = column - FIRST_MARK
        return row.findings[number] if 0 <= number < len(row.findings) else None

    def _picture(self, row: FusedRow) -> QPixmap | None:
        found = self.finding(row)
        if found is None or found.candidate is None:
            return None
        return self._pair(found.query_id, found.candidate)

    def _repaint(self) -> None:
        if self._rows:
            last = self.index(len(self._rows) - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _alignment(row: FusedRow, column: int) -> int | None:
    if column in (PAIR, NAME):
        return None
    return _MIDDLE if column >= FIRST_MARK else _RIGHT
