"""The candidates beside the query: by mark, by cartridge case or by gun, one list at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.workbench import CandidateLine, FusedList, Grouping
from widgets.candidates.fused_model import FusedModel
from widgets.candidates.fused_table import FusedTable
from widgets.candidates.listing import Listing
from widgets.candidates.model import CandidateModel
from widgets.candidates.pairs import Pairs
from widgets.candidates.table import CandidateTable
from widgets.common.parts import EmptyState, button

_GROUPINGS = (
    (Grouping.MARK, "By mark", "One search: candidates of the one picture (1)"),
    (Grouping.CARTRIDGE_CASE, "By cartridge case", "All marks together, by cartridge case (2)"),
    (Grouping.GUN, "By gun", "All marks together, cartridge cases of one gun in one row (3)"),
)


@dataclass(frozen=True, slots=True)
class Pick:
    """What the cursor is on: the pair to compare, and all a review is about."""

    query_id: str
    acquired_id: str
    candidate_id: str
    reviewed: tuple[str, ...]


class CandidateLists(QWidget):
    """``opened`` is called for Enter, ``regrouped`` when another list is wanted."""

    def __init__(
        self,
        pairs: Pairs,
        opened: Callable[[], None],
        regrouped: Callable[[], None],
        fill: Callable[[], None],
    ) -> None:
        super().__init__()
        self.grouping = Grouping.MARK
        self._query_id = ""
        self._places: dict[Grouping, str] = {}
        self._regrouped = regrouped
        self.model = CandidateModel(lambda line: pairs.get(self._query_id, line.candidate))
        self.fused_model = FusedModel(pairs.get)
        self.table = CandidateTable(self.model, opened, self._moved)
        self.fused = FusedTable(self.fused_model, opened, self._moved)
        self.nothing = EmptyState("no_candidates")
        self.fill = button(
            "Compare what is missing",
            "compare_missing",
            "Compare the marks that stand as not compared, from the top of the list (M)",
            fill,
        )
        self._stack = QStackedWidget()
        for part in (self.table, self.fused, self.nothing):
            self._stack.addWidget(part)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._bar())
        layout.addWidget(self._stack, 1)

    @property
    def listing(self) -> Listing:
        """The list in hand."""
        return self.table if self.grouping is Grouping.MARK else self.fused

    @property
    def pick(self) -> Pick | None:
        """What the cursor is on."""
        if self.grouping is Grouping.MARK:
            line = self.table.current_line
            if line is None:
                return None
            found = line.candidate
            return Pick(self._query_id, found.acquired_id, found.id, (found.id,))
        row, finding = self.fused.current_row, self.fused.current_finding
        if row is None or finding is None or finding.candidate is None:
            return None
        found = finding.candidate
        return Pick(finding.query_id, found.acquired_id, found.id, row.candidate_ids)

    @property
    def order(self) -> tuple[str, ...]:
        """The candidates as they stand, one a row."""
        if self.grouping is Grouping.MARK:
            return tuple(line.candidate.id for line in self.model.lines)
        found = (self.fused_model.finding(row) for row in self.fused_model.rows)
        ids = (f.candidate.id for f in found if f is not None and f.candidate is not None)
        return tuple(dict.fromkeys(ids))

    def group(self, grouping: Grouping) -> None:
        """List by this from now on."""
        self._buttons[grouping].setChecked(True)
        if grouping is not self.grouping:
            self.grouping = grouping
            self._regrouped()
        self.listing.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_anew(self) -> None:
        """Another query: its lists begin at the top."""
        self._places.clear()
        for listing in (self.table, self.fused):
            listing.begin_anew()

    def show_lines(self, query_id: str, lines: tuple[CandidateLine, ...]) -> None:
        """The candidates of one search."""
        self._query_id = query_id
        self.fill.hide()
        self.table.show_lines(lines, self._places.get(Grouping.MARK, ""))
        self._stack.setCurrentWidget(self.table if lines else self.nothing)

    def show_fused(self, fused: FusedList, *, writable: bool) -> None:
        """All marks together."""
        self.fill.setVisible(writable and bool(fused.not_compared))
        self.fused.show_list(fused, self.grouping, self._places.get(self.grouping, ""))
        self._stack.setCurrentWidget(self.fused if fused.specimens else self.nothing)

    def show_nothing(self) -> None:
        """Neither: what ``nothing`` says."""
        self.fill.hide()
        self._stack.setCurrentWidget(self.nothing)

    def repaint_pair(self, candidate_id: str) -> None:
        """Its picture has come."""
        self.model.repaint_pair(candidate_id)
        self.fused_model.repaint_pair(candidate_id)

    def _moved(self) -> None:
        self._places[self.grouping] = self.listing.current_id

    def _bar(self) -> QFrame:
        made = QFrame()
        made.setProperty("panel", True)
        layout = QHBoxLayout(made)
        layout.setContentsMargins(8, 4, 8, 4)
        layout.setSpacing(6)
        self._buttons: dict[Grouping, QPushButton] = {}
        only_one = QButtonGroup(made)
        for grouping, text, tip in _GROUPINGS:
            name = f"by_{grouping.replace(' ', '_')}"
            choose = button(text, name, tip, partial(self.group, grouping), checkable=True)
            self._buttons[grouping] = choose
            only_one.addButton(choose)
            layout.addWidget(choose)
        self._buttons[self.grouping].setChecked(True)
        layout.addStretch(1)
        layout.addWidget(self.fill)
        return made
