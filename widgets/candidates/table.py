"""The ranked list of one search: one row a candidate or gun, the pair cut at the dividing line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHeaderView

from app.workbench import CandidateLine, CandidateRow
from widgets.candidates.folding import FoldedListing, FoldingDelegate
from widgets.candidates.listing import PAIR_SIZE, PairDelegate
from widgets.candidates.model import COLUMNS, NAME, PAIR, CandidateModel

_WIDTHS = (48, PAIR_SIZE[0] + 12, 0, 58, 72, 48, 78)


class CandidateTable(FoldedListing):
    """Space unfolds a row. ``opened`` and ``moved`` are called for Enter or a double click, and
    for the cursor."""

    def __init__(
        self,
        model: CandidateModel,
        opened: Callable[[], None],
        moved: Callable[[], None],
    ) -> None:
        super().__init__(model, model, opened, moved, name_column=NAME)
        self.setObjectName("candidate_table")
        self.setAccessibleName("Candidates, best first")
        self._lines = model
        self.setItemDelegateForColumn(PAIR, PairDelegate(self))
        self.setItemDelegateForColumn(NAME, FoldingDelegate(self, NAME))
        header = self.horizontalHeader()
        for number, width in enumerate(_WIDTHS):
            if width:
                self.setColumnWidth(number, width)
            else:
                header.setSectionResizeMode(number, QHeaderView.ResizeMode.Stretch)

    @property
    def current_row(self) -> CandidateRow | None:
        """The row the cursor is on."""
        number = self.currentIndex().row()
        return self._lines.rows[number] if 0 <= number < len(self._lines.rows) else None

    @property
    def current_line(self) -> CandidateLine | None:
        """The candidate the cursor is on; of a folded row the best."""
        row = self.current_row
        return row.line if row is not None else None

    def show_lines(self, lines: tuple[CandidateLine, ...], current: str) -> None:
        """Show these with the cursor on the candidate ``current``, or on the first."""
        self.settle(lambda: self._lines.set_lines(lines), current)

    def turn(self) -> None:
        """Unfold the row the cursor is on, or fold it."""
        row = self.current_row
        if row is not None:
            self.settle(lambda: self._lines.turn(row), row.id)

    def sort_by(self, name: str) -> None:
        """As if the column's head were clicked."""
        self.sort_column([column.name for column in COLUMNS].index(name))
