"""What a list leads to: its review is recorded, and leads are proposed from what was kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain import CaseheadError, Review
from widgets.candidates.loading import Listed
from widgets.candidates.words import reviewed_words
from widgets.common.asking import AskDrawer, Field, Question

if TYPE_CHECKING:
    from app.workbench import CandidateLine, Workbench
    from widgets.bridge import Bridge
    from widgets.candidates.lists import CandidateLists

NOT_KEPT = "Keep the candidate first (K): a lead is proposed from what was kept."
NOTHING_SEEN = "Nothing was said of any candidate yet; go through the list first (K, D, L)."


class Recording:
    """``listed`` gives what the screen shows; ``turned(open)`` hears of the drawer."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        lists: CandidateLists,
        listed: Callable[[], Listed | None],
        turned: Callable[[bool], None],
    ) -> None:
        self._workbench, self._bridge = workbench, bridge
        self._lists, self._listed = lists, listed
        self.drawer = AskDrawer("review_drawer", workbench, bridge, 340)
        self.drawer.opened = lambda: turned(True)
        self.drawer.closed = lambda: turned(False)

    def record(self) -> None:
        """Ask for a note, and record that the list was reviewed."""
        listed = self._listed()
        if listed is None or listed.chosen is None or self._refused():
            return
        found = _candidates(listed)
        if not any(line.candidate.review is not Review.NEW for line in found):
            self._bridge.tell(NOTHING_SEEN, attention=True)
            return
        search_id = listed.chosen.search.id
        earlier = "\n\n".join(reviewed_words(one) for one in reversed(listed.reviews))
        facts = depth_words(found, self._who)
        facts += f"\n\nRecorded before:\n{earlier}" if earlier else ""
        fields = (
            Field("depth", "Down to &rank", value=str(unbroken(found))),
            Field("note", "&Note", "text", "What was looked for, what it depends on"),
        )
        question = Question(
            f"Review of {listed.chosen.provenance.name}",
            "Record the review",
            fields,
            facts,
            "The review of this list is on the record.",
        )
        self.drawer.ask(
            question,
            lambda values: self._workbench.record_review(
                search_id, values["note"], rank_in(values["depth"])
            ),
        )

    def propose(self) -> None:
        """Ask for the reason, and propose a lead from the candidate the cursor is on."""
        pick, listed = self._lists.pick, self._listed()
        if pick is None or listed is None or self._refused():
            return
        if self._lists.picked_review is not Review.KEPT:
            self._bridge.tell(NOT_KEPT, attention=True)
            return
        names = listed.chosen.provenance.name if listed.chosen else "", self._lists.picked_name
        hint = "What agrees, and why it is worth following up"
        question = Question(
            "Propose a lead",
            "Propose the lead",
            (Field("reason", "&Reason", "text", hint),),
            f"{names[0]}\nand {names[1]}\n\nIt is a lead once a second trained reviewer agrees. "
            "It is unconfirmed until the specimens are compared and that is verified.",
            "The lead is proposed; a second reviewer is to look at it (Leads).",
        )
        self.drawer.ask(
            question,
            lambda values: self._workbench.propose_lead(
                pick.query_id, pick.acquired_id, values["reason"], pick.candidate_id
            ),
        )

    def forget(self) -> None:
        """Another list is in hand: what was asked is not about that."""
        self.drawer.forget()

    @property
    def _who(self) -> str:
        author = self._workbench.author
        return author.examiner if author is not None else ""

    def _refused(self) -> bool:
        if self._workbench.read_only:
            self._bridge.tell(self._workbench.notice, attention=True)
        return self._workbench.read_only


def _candidates(listed: Listed) -> tuple[CandidateLine, ...]:
    return listed.own or listed.candidates


def unbroken(lines: tuple[CandidateLine, ...]) -> int:
    """The rank down to which something was said of every candidate."""
    found = 0
    for line in sorted(lines, key=lambda one: one.candidate.rank):
        if line.candidate.review is Review.NEW:
            break
        found = line.candidate.rank
    return found


def rank_in(text: str) -> int:
    """The rank written. Raises CaseheadError for what is none."""
    if not text.isdecimal():
        raise CaseheadError("Write down to which rank the list was looked at, as a number.")
    return int(text)


def depth_words(lines: tuple[CandidateLine, ...], who: str) -> str:
    """How far down the list something was said, and what."""
    said = [line.candidate for line in lines if line.candidate.review is not Review.NEW]
    deepest = max((one.rank for one in said), default=0)
    new = sum(line.candidate.rank <= deepest for line in lines) - len(said)
    left = f" Of {new} above that nothing was said." if new else ""
    counted = Counter(one.review for one in said)
    rest = ", ".join(
        f"{counted[review]} {words}"
        for review, words in (
            (Review.KEPT, "kept"),
            (Review.DISMISSED, "dismissed"),
            (Review.LATER, "put off"),
        )
    )
    return (
        f"{who}\nSomething was said of {len(said)} of {len(lines)} candidates, down to rank "
        f"{deepest}: {rest}.{left}\n"
        "The outcome is a lead when one was proposed from this list, else no lead."
    )
