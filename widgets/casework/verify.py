"""Verifications: what waits for me, what I asked, what is done, where two disagree."""

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
from widgets.casework.ledger_detail import Act, DetailPanel
from widgets.casework.verify_lines import COLUMNS, SHOWS, Tasks, VerifyRow, detail, load
from widgets.common.asking import AskDrawer, Field, Question
from widgets.common.lines import LineModel, LineTable, TableOrNothing, bind
from widgets.common.parts import EmptyState, button
from widgets.common.refresh import Refresh
from widgets.compare.work.checking import examiners
from widgets.keys_casework import VERIFY
from widgets.navigator import Navigator

_ACTS = (
    Act("open", "Open the pair", "Enter", "Both marks on the comparison desk", primary=True),
    Act("third", "Ask a third", "T", "Ask a third examiner where two disagree"),
)
_EMPTY = {
    "waiting for me": (
        "No verification waits for you",
        "One is asked for on the desk (Y), once a conclusion is recorded.",
    ),
    "asked by me": (
        "You asked for no verification",
        "Open a pair you concluded on, and ask for it there (Y).",
    ),
    "done": ("No verification was entered yet", ""),
    "disagreed": ("Nobody disagrees", "Where two conclusions differ, a third examiner is asked."),
}


class VerifyPage(QWidget):
    """One part of the verifications as a list; Enter opens the pair on the desk."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("verify_page")
        self._workbench, self._bridge, self._navigator = workbench, bridge, navigator
        self._show_now = SHOWS[0]
        self._chosen = ""
        self.asking = AskDrawer("verify_ask", workbench, bridge)
        self.asking.opened = lambda: self._show_side()
        self.asking.closed = self._ask_closed
        self.model = LineModel(COLUMNS, lambda row: row.id, self._more)
        self.table = LineTable(
            self.model, "verify_table", "Verifications", self._moved, lambda _: self._open()
        )
        actions = {"open": self._open, "third": self._third}
        self.side = DetailPanel("verify_detail", _ACTS, actions)
        self._loading: Refresh[Tasks] = Refresh(bridge, self, self._load, self._show, long=True)
        self._build()
        shows = {f"show {show}": partial(self.show_part, show) for show in SHOWS}
        bind(self, VERIFY, actions | shows)
        bridge.changed.connect(self._hear)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return not self._loading.loading

    def place(self) -> tuple[str, ...]:
        """Which part is seen."""
        return (self._show_now,)

    def choose(self, subject_id: str) -> None:
        """Put the cursor on a task that waits."""
        self._chosen = subject_id
        self.show_part(SHOWS[0])

    def show_part(self, show: str) -> None:
        """Show this part."""
        self._shows[show].setChecked(True)
        self._show_now = show
        self._navigator.say_place("leads", ("Verifications", *self.place()))
        self._loading.ask()
        self._stack.take_keys()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._loading.ask()
        self._stack.take_keys()

    def _build(self) -> None:
        self._empty = EmptyState("verify_empty")
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
        self._show_side()

    def _bar(self) -> QFrame:
        made = QFrame()
        made.setProperty("panel", True)
        layout = QHBoxLayout(made)
        layout.setContentsMargins(8, 6, 8, 6)
        layout.setSpacing(6)
        only_one = QButtonGroup(made)
        self._shows: dict[str, QPushButton] = {}
        for number, show in enumerate(SHOWS, 1):
            words, name = show.capitalize(), f"verify_{show.replace(' ', '_')}"
            one = button(words, name, f"{words} ({number})", partial(self.show_part, show))
            one.setCheckable(True)
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            only_one.addButton(one)
            self._shows[show] = one
            layout.addWidget(one)
        self._shows[self._show_now].setChecked(True)
        layout.addStretch(1)
        return made

    def _hear(self, changes: Changes) -> None:
        other = changes.people or changes.settings
        if other:
            self.asking.forget()
        if (other or changes.casework or changes.comparisons) and self.isVisible():
            self._loading.ask()

    def _load(self) -> Tasks:
        return load(self._workbench, self._show_now)

    def _show(self, tasks: Tasks) -> None:
        chosen, self._chosen = self._chosen, ""
        self.table.show_lines(tasks.rows, complete=tasks.complete, choose=chosen)
        for show, one in self._shows.items():
            count = tasks.counts.get(show)
            one.setText(show.capitalize() + (f" {count}" if count else ""))
        self._empty.say(*_EMPTY[self._show_now])
        self._stack.show_rows(bool(tasks.rows))
        self._show_side()

    def _more(self, count: int) -> None:
        show = self._show_now

        def came(tasks: Tasks) -> None:
            if show == self._show_now:
                self.model.add_lines(tasks.rows, complete=tasks.complete)

        self._bridge.run(lambda: load(self._workbench, show, count), came, owner=self, long=True)

    def _moved(self, row: VerifyRow | None) -> None:
        self.side.show_detail(detail(row))
        self._show_side()

    def _show_side(self) -> None:
        self.side.setVisible(self.table.current is not None and not self.asking.isVisible())

    def _ask_closed(self) -> None:
        self._show_side()
        self._stack.take_keys()

    # --- acting ----------------------------------------------------------------------------
    def _open(self) -> None:
        row = self.table.current
        if row is not None:
            self._navigator.show_compare(row.line.left_id, row.line.right_id)

    def _third(self) -> None:
        row = self.table.current
        if row is None or not row.third or self.asking.isVisible():
            return
        comparison_id = row.line.task.comparison_id
        people = tuple((name, name) for name in examiners(self._workbench))
        who = Field("person", "&Who", "choice", "any qualified examiner", people, open=True)
        question = Question(
            "Ask a third examiner",
            "Ask",
            (who,),
            "\n".join((*row.line.names, *row.state.sentences)),
            "A third examiner is asked.",
        )
        self.asking.ask(
            question, lambda values: self._workbench.ask_third(comparison_id, values["person"])
        )
