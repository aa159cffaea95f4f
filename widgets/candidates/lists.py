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

from app.domain import Review
from app.workbench import (
    CandidateLine,
    CandidateRow,
    FusedList,
    FusedRow,
    Grouping,
    Wanted,
    counts,
)
from widgets.candidates.filters import Filter, nothing_wanted
from widgets.candidates.folding import FoldedListing
from widgets.candidates.fused_model import FusedModel
from widgets.candidates.fused_table import FusedTable
from widgets.candidates.model import CandidateModel
from widgets.candidates.pairs import Pairs
from widgets.candidates.table import CandidateTable
from widgets.common.parts import EmptyState, button
from widgets.contact import Entry

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
    """``opened`` is called for Enter, ``regrouped`` when another list is wanted, ``shown`` when
    other rows are shown, ``moved`` for the cursor."""

    def __init__(
        self,
        pairs: Pairs,
        opened: Callable[[], None],
        regrouped: Callable[[], None],
        fill: Callable[[], None],
        contact: Callable[[], None],
        shown: Callable[[], None],
        moved: Callable[[], None],
    ) -> None:
        super().__init__()
        self.grouping = Grouping.MARK
        self._shown, self._has_moved = shown, moved
        self._query_id = ""
        self._places: dict[Grouping, str] = {}
        self._regrouped = regrouped
        self.model = CandidateModel(lambda line: pairs.get(self._query_id, line.candidate))
        self.fused_model = FusedModel(pairs.get)
        self.table = CandidateTable(self.model, opened, self._moved)
        self.fused = FusedTable(self.fused_model, opened, self._moved)
        self.nothing = EmptyState("no_candidates")
        self._why_nothing = ("", "")
        self.filter = Filter(self._want)
        self.contact = button(
            "Contact sheet",
            "open_contact",
            "All candidates beside each other, aligned to the query (C)",
            contact,
            icon="mdi6.view-grid-outline",
        )
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
    def listing(self) -> FoldedListing:
        """The list in hand."""
        return self.table if self.grouping is Grouping.MARK else self.fused

    @property
    def pick(self) -> Pick | None:
        """What the cursor is on."""
        if self.grouping is Grouping.MARK:
            chosen = self.table.current_row
            if chosen is None:
                return None
            found = chosen.line.candidate
            return Pick(self._query_id, found.acquired_id, found.id, chosen.candidate_ids)
        row, finding = self.fused.current_row, self.fused.current_finding
        if row is None or finding is None or finding.candidate is None:
            return None
        found = finding.candidate
        return Pick(finding.query_id, found.acquired_id, found.id, row.candidate_ids)

    @property
    def picked_review(self) -> Review | None:
        """What was said of the row the cursor is on; None without one."""
        row: CandidateRow | FusedRow | None
        row = self.table.current_row if self._by_mark else self.fused.current_row
        return row.review if row is not None else None

    @property
    def picked_name(self) -> str:
        """Whose row the cursor is on."""
        if self._by_mark:
            line = self.table.current_line
            return line.provenance.name if line is not None else ""
        row = self.fused.current_row
        return row.name if row is not None else ""

    @property
    def order(self) -> tuple[str, ...]:
        """The candidates as they stand, one a row."""
        if self.grouping is Grouping.MARK:
            return tuple(row.id for row in self.model.rows)
        found = (self.fused_model.finding(row) for row in self.fused_model.rows)
        ids = (f.candidate.id for f in found if f is not None and f.candidate is not None)
        return tuple(dict.fromkeys(ids))

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The rows as tiles of a contact sheet; rows without a picture have none."""
        if self.grouping is Grouping.MARK:
            return tuple(_entry(self._query_id, row) for row in self.model.rows)
        made = (self._fused_entry(row) for row in self.fused_model.rows)
        return tuple(entry for entry in made if entry is not None)

    @property
    def nothing_words(self) -> tuple[str, str]:
        """Title and sentence for a list in which there is nothing to show."""
        found = counts(self._reviews)
        if found[Wanted.ALL]:
            return nothing_wanted(self.filter.wanted, found)
        return self._why_nothing

    @property
    def left(self) -> str:
        """How much of the list is left, in words."""
        return self.filter.left

    def take_keys(self) -> None:
        """The keyboard goes to the list; where that is empty, keys go on to the screen."""
        to = self.listing if self._stack.currentWidget() is self.listing else self
        to.setFocus(Qt.FocusReason.OtherFocusReason)

    def stand(self, row_id: str) -> None:
        """Put the cursor on a row or candidate, if it is there."""
        self.listing.stand(row_id)

    def group(self, grouping: Grouping) -> None:
        """List by this from now on."""
        self._buttons[grouping].setChecked(True)
        if grouping is not self.grouping:
            self.grouping = grouping
            self._regrouped()
        self.take_keys()

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
        self._settled()

    def show_fused(self, fused: FusedList, *, writable: bool) -> None:
        """All marks together."""
        self.fill.setVisible(writable and bool(fused.not_compared))
        self.fused.show_list(fused, self.grouping, self._places.get(self.grouping, ""))
        self._settled()

    def say_nothing(self, title: str, sentence: str) -> None:
        """Why there would be nothing."""
        self._why_nothing = (title, sentence)

    def show_nothing(self) -> None:
        """Neither: only why there is nothing."""
        self.fill.hide()
        self.filter.hide()
        self.nothing.say(*self._why_nothing)
        self._stack.setCurrentWidget(self.nothing)
        self._shown()

    def repaint_pair(self, candidate_id: str) -> None:
        """Its picture has come."""
        self.model.repaint_pair(candidate_id)
        self.fused_model.repaint_pair(candidate_id)

    @property
    def _reviews(self) -> tuple[Review, ...]:
        return self.model.reviews if self._by_mark else self.fused_model.reviews

    @property
    def _by_mark(self) -> bool:
        return self.grouping is Grouping.MARK

    def _settled(self) -> None:
        """What is left is told, and why nothing is seen where that is so."""
        self.filter.show()
        self.filter.show_counts(counts(self._reviews))
        empty = not self.listing.model().rowCount()
        if empty:
            self.nothing.say(*self.nothing_words)
        self.contact.setEnabled(not empty)
        had_keys = self.hasFocus() or self.listing.hasFocus()
        self._stack.setCurrentWidget(self.nothing if empty else self.listing)
        if had_keys:
            self.take_keys()
        self._shown()

    def _want(self, wanted: Wanted) -> None:
        at = self.listing.current_id or self._places.get(self.grouping, "")

        def change() -> None:
            self.model.want(wanted)
            self.fused_model.want(wanted)

        self.listing.settle(change, at)
        self._settled()
        if self.isVisible():
            self.take_keys()

    def _fused_entry(self, row: FusedRow) -> Entry | None:
        finding = self.fused_model.finding(row)
        if finding is None or finding.candidate is None:
            return None
        found, several = finding.candidate, len(row.specimens)
        return Entry(
            row.id,
            finding.query_id,
            found.acquired_id,
            found.score.alignment,
            row.rank,
            row.name,
            f"{finding.column.mark}, together {row.value:+.2f}",
            row.review,
            f"1 of {several} specimens" if several > 1 else "",
        )

    def _moved(self) -> None:
        self._places[self.grouping] = self.listing.current_id
        self._has_moved()

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
        layout.addWidget(self.contact)
        return made


def _entry(query_id: str, row: CandidateRow) -> Entry:
    found, score = row.line.candidate, row.line.candidate.score
    return Entry(
        row.id,
        query_id,
        found.acquired_id,
        score.alignment,
        found.rank,
        row.line.provenance.name,
        f"{score.congruent_cells} of {score.cells} cells",
        row.review,
        row.others,
    )
