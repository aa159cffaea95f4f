"""Verifications: what waits for me, what I asked, what is done, where two disagree."""

from __future__ import annotations

from app.domain import Changes
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.casework.ledger_detail import Act, DetailPanel
from widgets.casework.list_page import ListPage
from widgets.casework.verify_lines import COLUMNS, SHOWS, Tasks, VerifyRow, detail, load
from widgets.common.asking import Field, Question
from widgets.common.parts import EmptyState
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


class VerifyPage(ListPage[VerifyRow]):
    """One part of the verifications as a list; Enter opens the pair on the desk."""

    title = "Verifications"

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        empty, given = EmptyState("verify_empty"), (workbench, bridge, navigator)
        super().__init__(VERIFY, SHOWS, SHOWS[0], COLUMNS, empty, given)
        actions = {"open": self.open_row, "third": self._third}
        self.side = DetailPanel("verify_detail", _ACTS, actions)
        self.parts.line.addStretch(1)
        self.put_together(self.side, actions)

    def choose(self, subject_id: str) -> None:
        """Put the cursor on a task that waits."""
        self._chosen = subject_id
        self.show_part(SHOWS[0])

    def load(self, wanted: str, offset: int, count: int) -> Tasks:
        """See ListPage."""
        return load(self._workbench, wanted, offset, count)

    def why_empty(self) -> tuple[str, str]:
        """See ListPage."""
        return _EMPTY[self._part]

    def concerns(self, changes: Changes) -> bool:
        """See ListPage."""
        people = changes.people or changes.settings
        return bool(people or changes.casework or changes.comparisons)

    def moved(self, row: VerifyRow | None) -> None:
        """See ListPage."""
        self.side.show_detail(detail(row))
        self.show_side()

    def open_row(self) -> None:
        """To the desk."""
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
