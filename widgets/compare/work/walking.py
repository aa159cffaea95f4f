"""The way through a list of candidates on the desk: the neighbours, what is said, what is ahead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.domain import Candidate, CaseheadError, Changes, Review
from widgets.compare.work.ahead import Ahead
from widgets.compare.work.loading import Loaded, Sibling, Walk, siblings_of

if TYPE_CHECKING:
    from app.workbench import Workbench
    from widgets.bridge import Bridge

NOTHING_TO_UNDO = "There is no review of this session left to take back."


class Walking:
    """``go(sibling, order)`` opens another candidate, ``changed()`` is called when the walk is told
    anew; ``refused()`` says whether nothing can be recorded (and tells the examiner)."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        go: Callable[[Sibling, tuple[str, ...]], None],
        changed: Callable[[], None],
        refused: Callable[[], bool],
    ) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._go, self._changed, self._refused = go, changed, refused
        self.walk = Walk()
        self.ahead = Ahead(workbench, bridge, owner)
        self._pair_ids = ("", "")
        self._asked = 0
        self._reviewing = False

    def actions(self) -> dict[str, Callable[[], None]]:
        """By the names of the key table."""
        return {
            "next candidate": lambda: self.step(1),
            "previous candidate": lambda: self.step(-1),
            "keep": lambda: self.review(Review.KEPT),
            "dismiss": lambda: self.review(Review.DISMISSED),
            "later": lambda: self.review(Review.LATER),
            "undo review": self.undo,
        }

    def ready(
        self, candidate_id: str | None, siblings: tuple[str, ...]
    ) -> tuple[Loaded, Walk] | None:
        """The pair of a candidate of the walk in hand, where it was loaded ahead."""
        if candidate_id is None or siblings != self.walk.order:
            return None
        walk = replace(self.walk, candidate_id=candidate_id)
        sibling = walk.neighbour(0)
        pair = self.ahead.take(sibling) if sibling is not None else None
        return (pair, walk) if pair is not None else None

    def leave(self, *, changed: bool) -> None:
        """No pair is in hand for the moment; the place in the list stays.

        ``changed``: there is work on the pair to be saved, so it is to be loaded anew.
        """
        if changed:
            self.ahead.forget(self.walk.candidate_id)
        self._pair_ids = ("", "")
        self._asked += 1
        self._reviewing = False

    def stand(self, pair: Loaded, walk: Walk) -> None:
        """This pair is in hand: its place is remembered, its neighbours are loaded."""
        self.walk = walk
        self._pair_ids = (pair.comparison.left_id, pair.comparison.right_id)
        self.ahead.look(walk, pair)
        candidate_id = walk.candidate_id
        if candidate_id is not None:
            self._bridge.run(lambda: self._workbench.stand_at(candidate_id), owner=self._owner)

    def stuck(self, candidate_id: str | None, order: tuple[str, ...]) -> None:
        """This candidate cannot be shown: it can be reviewed all the same, and gone on from."""
        walk = replace(self.walk, candidate_id=candidate_id)
        here = walk.neighbour(0)
        if here is not None and order == walk.order:
            self.walk = walk
            self._pair_ids = (here.query_id, here.acquired_id)
            self.ahead.look(walk)

    def step(self, steps: int) -> None:
        """The next candidate, or an earlier one."""
        if not self._in_hand:
            return
        other = self.walk.neighbour(steps)
        if other is not None:
            self._go(other, self.walk.order)
        elif self.walk.place is not None:
            end = "last" if steps > 0 else "first"
            self._bridge.tell(f"This is the {end} candidate of the list.")

    def show(self, candidate_id: str) -> None:
        """A candidate of the list, by its id."""
        found = next((s for s in self.walk.siblings if s.candidate_id == candidate_id), None)
        if found is not None and candidate_id != self.walk.candidate_id:
            self._go(found, self.walk.order)

    def review(self, review: Review) -> None:
        """Record it, for what is folded under the candidate too, and go on."""
        mine = self.walk.neighbour(0) if self._in_hand else None
        if mine is None or self._reviewing or self._refused():
            return
        self._reviewing, asked = True, self._asked
        ids = (mine.candidate_id, *mine.also)
        self._bridge.run(
            lambda: self._workbench.review_all(ids, review),
            lambda _: self._reviewed(asked),
            lambda error: self._not_reviewed(asked, error),
            owner=self._owner,
        )

    def undo(self) -> None:
        """Take the last review back and go where it was said."""
        if not self._refused():
            self._bridge.run(self._workbench.undo_review, self._undone, owner=self._owner)

    def hear(self, changes: Changes) -> None:
        """A candidate of the list was reviewed, here or elsewhere."""
        walk, pair_ids = self.walk, self._pair_ids
        if not self._in_hand or not changes.candidates & _all_ids(walk):
            return
        workbench = self._workbench
        self._bridge.run(
            lambda: siblings_of(workbench, pair_ids, walk.candidate_id, walk.order),
            lambda found: self._heard(walk.order, found),
            owner=self._owner,
        )

    @property
    def _in_hand(self) -> bool:
        return all(self._pair_ids)

    def _heard(self, order: tuple[str, ...], found: tuple[Sibling, ...]) -> None:
        """The same list may be at another candidate by now."""
        if order == self.walk.order:
            self.walk = replace(self.walk, siblings=found)
            self.ahead.look(self.walk)
            self._changed()

    def _reviewed(self, asked: int) -> None:
        if asked == self._asked:
            self._reviewing = False
            self.step(1)

    def _not_reviewed(self, asked: int, error: CaseheadError) -> None:
        if asked == self._asked:
            self._reviewing = False
        self._bridge.tell(str(error), attention=True)

    def _undone(self, made: tuple[Candidate, ...]) -> None:
        if not made:
            self._bridge.tell(NOTHING_TO_UNDO)
            return
        self._bridge.tell(f"The last review was taken back: {made[0].review} again.")
        self.show(made[0].id)


def _all_ids(walk: Walk) -> set[str]:
    return {one for s in walk.siblings for one in (s.candidate_id, *s.also)}
