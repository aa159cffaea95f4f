"""Leads and hits with owner, age and feedback: nothing stays silent without being seen."""

from __future__ import annotations

from PySide6.QtCore import Qt

from app.domain import Changes
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.casework.ledger_acts import ACTS, LedgerActs
from widgets.casework.ledger_detail import Detail, DetailPanel
from widgets.casework.ledger_lines import (
    COLUMNS,
    SHOWS,
    LedgerRow,
    Loaded,
    Looked,
    Wanted,
    load,
    look,
    still_known,
)
from widgets.casework.list_page import ListPage
from widgets.common.issue import IssueDrawer
from widgets.common.parts import EmptyState, button, line
from widgets.common.refresh import Refresh
from widgets.compare.work.checking import examiners
from widgets.keys_casework import LEDGER
from widgets.navigator import Navigator

_EMPTY = {
    "proposed": ("No lead waits for a second reviewer", "Propose one from a kept candidate (P)."),
    "open": ("No lead is open", "A proposed lead is open once a second reviewer agrees to it."),
    "hits": (
        "No hit yet",
        "Two cases not linked before, confirmed on the specimens and verified, are a hit.",
    ),
    "declined": ("No lead was declined", ""),
    "closed": ("No lead was closed", ""),
    "all leads": ("No leads yet", "On Candidates, keep what is worth it (K) and propose it (P)."),
}
_NOT_FOUND = ("Nothing is found", "Take words away from the search, or look in another part.")
_NONE_SILENT = (
    "Nothing has been silent for too long",
    "Press S again to see the others of this part, too.",
)


class LedgerPage(ListPage[LedgerRow]):
    """One part of the ledger as a list; at its side what is known of the row in hand."""

    title = "Leads and hits"

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        self._detail = Detail()
        self._current: LedgerRow | None = None
        empty = EmptyState(
            "ledger_empty",
            button(
                "Go to the candidates",
                "ledger_to_candidates",
                "Review a list and propose leads (Ctrl+3)",
                lambda: navigator.show_candidates(),
            ),
        )
        given = (workbench, bridge, navigator)
        super().__init__(LEDGER, SHOWS, Wanted().show, COLUMNS, empty, given)
        self.issuing = IssueDrawer("ledger_issue", workbench, bridge)
        self._acts = LedgerActs(
            *(workbench, bridge, self.asking, lambda: (self._current, self._detail.actions)),
            *(self.open_row, lambda: examiners(workbench), self.issuing),
        )
        self.side = DetailPanel("ledger_detail", ACTS, self._acts.actions)
        self._looking: Refresh[Looked] = Refresh(bridge, self, self._look, self._seen, long=True)
        self._fill_bar()
        actions = {"search": self._take_search, "silent": self._silent.click}
        self.put_together(self.side, {**self._acts.actions, **actions}, self.issuing)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return not (self._loading.loading or self._looking.loading)

    def choose(self, subject_id: str) -> None:
        """Show a lead by its id, wherever in the ledger it stands."""
        self._chosen = subject_id
        self._sought.clear()
        self.show_part("all leads")

    def _fill_bar(self) -> None:
        self._silent = button(
            "Silent",
            "ledger_silent",
            "Only what is silent for too long (S)",
            lambda: self.show_part(self._part),
            checkable=True,
        )
        self._silent.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sought = line("ledger_search", "Find a case, a person, a word (Ctrl+F)", "Find")
        self._sought.setClearButtonEnabled(True)
        self._sought.textChanged.connect(lambda _: self.ask())
        self._sought.returnPressed.connect(lambda: self._stack.take_keys())
        warm = button(
            "Warm hit ...", "ledger_warm", "Note a link known before (W)", self._acts.warm
        )
        self.parts.line.addWidget(self._silent)
        self.parts.line.addWidget(self._sought, 1)
        self.parts.line.addWidget(warm)

    # --- loading and showing ---------------------------------------------------------------
    @property
    def wanted(self) -> Wanted:
        """See ListPage."""
        return Wanted(self._part, self._sought.text(), self._silent.isChecked())

    def load(self, wanted: Wanted, offset: int, count: int) -> Loaded:
        """See ListPage."""
        return load(self._workbench, wanted, offset, count)

    def concerns(self, changes: Changes) -> bool:
        """See ListPage."""
        record = changes.casework or changes.comparisons or changes.cases
        return bool(record or changes.people or changes.settings)

    def why_empty(self) -> tuple[str, str]:
        """See ListPage."""
        if self._wanted.words.strip():
            return _NOT_FOUND
        return _NONE_SILENT if self._wanted.silent else _EMPTY[self._wanted.show]

    def moved(self, row: LedgerRow | None) -> None:
        """See ListPage."""
        self._current = still_known(row, self._current)
        self._looking.ask()

    def in_hand(self) -> bool:
        """See ListPage."""
        return self._current is not None

    def _look(self) -> Looked:
        return look(self._workbench, self._current)

    def _seen(self, looked: Looked) -> None:
        row, told = looked
        current = self._current
        if (row.id if row else "") == (current.id if current else ""):
            self._current, self._detail = row, told
            self.side.show_detail(told)
            self.show_side()

    # --- acting ----------------------------------------------------------------------------
    def open_row(self) -> None:
        """To the desk."""
        pair = self._current.pair if self._current is not None else None
        if pair is not None:
            self._navigator.show_compare(*pair)

    def _take_search(self) -> None:
        self._sought.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._sought.selectAll()
