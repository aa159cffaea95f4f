"""The rows of the page of verifications, read off the GUI thread."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from app.casework.moments import shown_moment
from app.casework.reviews import TaskLine, VerificationState
from widgets.casework.ledger_detail import Detail
from widgets.casework.ledger_words import between, by_words
from widgets.common.lines import PAGE, LineColumn

if TYPE_CHECKING:
    from app.workbench import Workbench

SHOWS = ("waiting for me", "asked by me", "done", "disagreed")
ANYBODY = "any qualified examiner"
_WORDS = {
    "none": "not entered",
    "asked": "waits",
    "agreed": "agreed",
    "disagreed": "disagreed, a third is to be asked",
    "settled": "settled by a third",
    "unresolved": "three different conclusions",
    "stale": "does not hold any more",
}
_EACH = 4
"""So many verifications are read at first for a line listed; several may be of one comparison."""
_ATTENTION = ("disagreed", "unresolved", "stale")


@dataclass(frozen=True, slots=True)
class VerifyRow:
    """A verification asked for; of a blind one that waits for the one who looks, nothing that the
    first examiner said or did is told."""

    line: TaskLine
    state: VerificationState

    @property
    def id(self) -> str:
        """The task's."""
        return self.line.task.id

    @property
    def blind(self) -> bool:
        """Whether it is to be looked at without what was said before."""
        return self.state.hidden

    @property
    def words(self) -> str:
        """How far it has come."""
        if self.line.waiting:
            third = "a third opinion " if self.line.task.third else ""
            return f"{third}waits for {'you' if self.line.mine else self.who}"
        return _WORDS[self.state.state]

    @property
    def who(self) -> str:
        """Who is asked."""
        return self.line.task.verifier or ANYBODY

    @property
    def asked(self) -> str:
        """Who asked, and when."""
        task = self.line.task
        return shown_moment(task.asked_at) if self.blind else by_words(task.author, task.asked_at)

    @property
    def attention(self) -> bool:
        """Whether it needs somebody."""
        return self.line.mine or (not self.blind and self.state.state in _ATTENTION)

    @property
    def third(self) -> bool:
        """Whether a third examiner is to be asked."""
        state = self.state
        return not self.blind and state.state == "disagreed" and state.task is None


COLUMNS: tuple[LineColumn[VerifyRow], ...] = (
    LineColumn("Pair", 0, lambda r: "\n".join(r.line.names)),
    LineColumn("Manner", 80, lambda r: r.line.task.mode),
    LineColumn("Asked of", 160, lambda r: r.who),
    LineColumn("Asked by", 190, lambda r: r.asked),
    LineColumn("State", 240, lambda r: r.words, lambda r: r.attention),
)


@dataclass(frozen=True, slots=True)
class Tasks:
    """A page of them from some place on; ``counts`` of what waits and what is disagreed."""

    rows: tuple[VerifyRow, ...] = ()
    complete: bool = True
    counts: dict[str, int] = field(default_factory=dict)


def load(workbench: Workbench, show: str, offset: int = 0, count: int = PAGE) -> Tasks:
    """Newest first, ``count`` from ``offset`` on; the states of those only are worked out."""
    waiting = workbench.verification_tasks()
    disputed = workbench.disputed()
    counts = {"waiting for me": sum(line.mine for line in waiting), "disagreed": len(disputed)}
    if show == "waiting for me":
        found = [line for line in waiting if line.mine]
    else:
        found = _asked(workbench, show, offset + count + 1, disputed)
    newest = found[::-1]
    page = tuple(_row(workbench, line) for line in newest[offset : offset + count])
    return Tasks(page, offset + count >= len(newest), counts)


def _asked(workbench: Workbench, show: str, most: int, disputed: frozenset[str]) -> list[TaskLine]:
    """The newest of a part, oldest first: all, or at least ``most``."""
    if show == "asked by me":
        author = workbench.author
        me = author.examiner if author is not None else ""
        return list(workbench.verification_tasks(False, most, asked_by=me)) if me else []
    if show == "disagreed":
        return _last(workbench.verification_tasks(False, comparison_ids=disputed))
    limit = _EACH * most
    while True:
        read = workbench.verification_tasks(False, limit)
        found = [one for one in _last(read) if not one.waiting]
        if len(found) >= most or len(read) < limit:
            return found
        limit *= 2


def detail(row: VerifyRow | None) -> Detail:
    """What the side tells."""
    if row is None:
        return Detail()
    task = row.line.task
    facts = [f"Asked of {row.who}, {task.mode}", f"Asked by {row.asked}"]
    if row.blind:
        facts[1] = f"Asked {row.asked}"
        facts.append("What was concluded, drawn and noted is hidden until yours is recorded.")
    elif not row.line.mine and row.line.waiting and row.line.why_not:
        facts.append(row.line.why_not)
    if task.third:
        facts.append("It is the third opinion, after a disagreement.")
    said = () if row.blind else row.state.sentences
    attention = "\n".join(said) if row.state.state in _ATTENTION else ""
    actions = {"open"} | ({"third"} if row.third else set())
    history = () if attention else said
    return Detail(
        between(row.line.names),
        row.words[:1].upper() + row.words[1:],
        attention,
        tuple(facts),
        history,
        frozenset(actions),
    )


def _row(workbench: Workbench, line: TaskLine) -> VerifyRow:
    return VerifyRow(line, workbench.verifications(line.task.comparison_id))


def _last(lines: Iterable[TaskLine]) -> list[TaskLine]:
    """The last task of each comparison, in the order they were asked for."""
    found: dict[str, TaskLine] = {}
    for line in lines:
        found.pop(line.task.comparison_id, None)
        found[line.task.comparison_id] = line
    return list(found.values())
