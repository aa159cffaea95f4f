"""Leads and hits with owner, age and feedback: nothing stays silent without being seen."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

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
)
from widgets.common.asking import AskDrawer
from widgets.common.issue import IssueDrawer
from widgets.common.lines import LineModel, LineTable, TableOrNothing, bind
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
_TITLE = "Leads and hits"
_NOT_FOUND = ("Nothing is found", "Take words away from the search, or look in another part.")


class LedgerPage(QWidget):
    """One part of the ledger as a list; at its side what is known of the row in hand."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("ledger_page")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._wanted = Wanted()
        self._chosen, self._detail = "", Detail()
        self._current: LedgerRow | None = None
        self.asking = AskDrawer("ledger_ask", workbench, bridge)
        self.asking.opened = lambda: self._show_side()
        self.asking.closed = self._ask_closed
        self.issuing = IssueDrawer("ledger_issue", workbench, bridge)
        self.issuing.opened = lambda: self._show_side()
        self.issuing.closed = self._ask_closed
        self._acts = LedgerActs(
            *(workbench, bridge, self.asking, lambda: (self._current, self._detail.actions)),
            *(self._open, lambda: examiners(workbench), self.issuing),
        )
        self.model = LineModel(COLUMNS, lambda row: row.id, self._more)
        self.table = LineTable(
            self.model, "ledger_table", "Leads and hits", self._moved, lambda _: self._open()
        )
        self.side = DetailPanel("ledger_detail", ACTS, self._acts.actions)
        self._loading: Refresh[Loaded] = Refresh(bridge, self, self._load, self._show, long=True)
        self._looking: Refresh[Looked] = Refresh(bridge, self, self._look, self._seen, long=True)
        self._build()
        bind(
            self,
            LEDGER,
            self._acts.actions
            | {f"show {show}": partial(self.show_part, show) for show in SHOWS}
            | {"search": self._take_search, "silent": self._silent.click},
        )
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return not (self._loading.loading or self._looking.loading)

    def place(self) -> tuple[str, ...]:
        """Which part is seen."""
        return (self._wanted.show,)

    def choose(self, subject_id: str) -> None:
        """Show a lead by its id, wherever in the ledger it stands."""
        self._chosen = subject_id
        self._sought.clear()
        self.show_part("all leads")

    def show_part(self, show: str) -> None:
        """Show this part of the ledger."""
        self._shows[show].setChecked(True)
        self._want(Wanted(show, self._sought.text(), self._silent.isChecked()))
        self._stack.take_keys()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._loading.ask()
        self._stack.take_keys()

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._empty = EmptyState(
            "ledger_empty",
            button(
                "Go to the candidates",
                "ledger_to_candidates",
                "Review a list and propose leads (Ctrl+3)",
                lambda: self._navigator.show_candidates(),
            ),
        )
        self._stack = TableOrNothing(self.table, self._empty)
        self.setFocusProxy(self._stack)
        left = QVBoxLayout()
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(0)
        left.addWidget(self._bar())
        left.addWidget(self._stack, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(left, 1)
        layout.addWidget(self.side)
        layout.addWidget(self.asking)
        layout.addWidget(self.issuing)

    def _bar(self) -> QFrame:
        made = QFrame()
        made.setProperty("panel", True)
        layout = QHBoxLayout(made)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(6)
        only_one = QButtonGroup(made)
        self._shows: dict[str, QPushButton] = {}
        for number, show in enumerate(SHOWS, 1):
            words = show.capitalize()
            name = f"ledger_{show.replace(' ', '_')}"
            one = button(words, name, f"{words} ({number})", partial(self.show_part, show))
            one.setCheckable(True)
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            only_one.addButton(one)
            self._shows[show] = one
            layout.addWidget(one)
        self._shows[self._wanted.show].setChecked(True)
        self._silent = button(
            "Silent",
            "ledger_silent",
            "Only what is silent for too long (S)",
            lambda: self.show_part(self._wanted.show),
            checkable=True,
        )
        self._silent.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._sought = line("ledger_search", "Find a case, a person, a word (Ctrl+F)", "Find")
        self._sought.setClearButtonEnabled(True)
        self._sought.textChanged.connect(lambda _: self._search())
        self._sought.returnPressed.connect(lambda: self._stack.take_keys())
        warm = button(
            "Warm hit ...", "ledger_warm", "Note a link known before (W)", self._acts.warm
        )
        layout.addWidget(self._silent)
        layout.addWidget(self._sought, 1)
        layout.addWidget(warm)
        return made

    # --- loading and showing ---------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if changes.people or changes.settings:
            self.asking.forget()
        concerns = changes.casework or changes.comparisons or changes.cases or changes.people
        if (concerns or changes.settings) and self.isVisible():
            self._loading.ask()

    def _want(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._navigator.say_place("leads", (_TITLE, *self.place()))
        self._loading.ask()

    def _search(self) -> None:
        self._want(Wanted(self._wanted.show, self._sought.text(), self._silent.isChecked()))

    def _load(self) -> Loaded:
        return load(self._workbench, self._wanted)

    def _show(self, loaded: Loaded) -> None:
        chosen, self._chosen = self._chosen, ""
        self.table.show_lines(loaded.rows, complete=loaded.complete, choose=chosen)
        for show, one in self._shows.items():
            count = loaded.counts.get(show)
            one.setText(show.capitalize() + (f" {count}" if count else ""))
        looked_for = bool(self._wanted.words.strip() or self._wanted.silent)
        self._empty.say(*(_NOT_FOUND if looked_for else _EMPTY[self._wanted.show]))
        self._stack.show_rows(bool(loaded.rows))
        self._show_side()

    def _more(self, count: int) -> None:
        wanted = self._wanted

        def came(loaded: Loaded) -> None:
            if wanted == self._wanted:
                self.model.add_lines(loaded.rows, complete=loaded.complete)

        self._bridge.run(lambda: load(self._workbench, wanted, count), came, owner=self, long=True)

    def _moved(self, row: LedgerRow | None) -> None:
        self._current = row
        self._looking.ask()

    def _look(self) -> Looked:
        return look(self._workbench, self._current)

    def _seen(self, looked: Looked) -> None:
        row, told = looked
        current = self._current
        if (row.id if row else "") == (current.id if current else ""):
            self._current, self._detail = row, told
            self.side.show_detail(told)
            self._show_side()

    def _show_side(self) -> None:
        drawn = self.asking.isVisible() or self.issuing.isVisible()
        self.side.setVisible(self._current is not None and not drawn)

    # --- acting ----------------------------------------------------------------------------
    def _open(self) -> None:
        pair = self._current.pair if self._current is not None else None
        if pair is not None:
            self._navigator.show_compare(*pair)

    def _take_search(self) -> None:
        self._sought.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._sought.selectAll()

    def _ask_closed(self) -> None:
        self._show_side()
        self._stack.take_keys()
