"""Reviews said on the list: recorded off the GUI thread, gone on from, taken back."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject

from app.domain import Candidate, Review
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.candidates.lists import CandidateLists

LAST = "This was the last candidate of the list."
NOTHING_TO_UNDO = "There is no review of this session left to take back."


class Reviews:
    """``undone(candidate)`` is called with what was said too early, to go there."""

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        owner: QObject,
        lists: CandidateLists,
        undone: Callable[[Candidate], None],
    ) -> None:
        self._workbench, self._bridge, self._owner = workbench, bridge, owner
        self._lists, self._went_back = lists, undone

    def review(self, review: Review) -> None:
        """Say it of the row the cursor is on, and go on to the next."""
        pick = self._lists.pick
        if pick is None or self._refused():
            return
        self._bridge.run(
            lambda: self._workbench.review_all(pick.reviewed, review), owner=self._owner
        )
        if not self._lists.listing.go(1):
            self._bridge.tell(LAST)

    def undo(self) -> None:
        """Take the last one back."""
        if not self._refused():
            self._bridge.run(self._workbench.undo_review, self._undone, owner=self._owner)

    def _undone(self, made: tuple[Candidate, ...]) -> None:
        if not made:
            self._bridge.tell(NOTHING_TO_UNDO)
            return
        several = f" ({len(made)} candidates)" if len(made) > 1 else ""
        self._bridge.tell(f"The last review was taken back: {made[0].review} again{several}.")
        self._went_back(made[0])

    def _refused(self) -> bool:
        if self._workbench.read_only:
            self._bridge.tell(self._workbench.notice, attention=True)
        return self._workbench.read_only
