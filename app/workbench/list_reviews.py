"""The recorded review of a search's list: who went through it, when, how deep, what came of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from app.casework.reviews import Lead, ReviewOutcome, SearchReview
from app.casework.verdicts import lead_state
from app.domain import CaseheadError, Changes, Review, SearchState, now
from app.workbench.blinding import FIRST_YOURS, Blinding

Listed = Sequence[tuple[int, str]]
"""Rank and review of every candidate of a list, best first."""
_LISTED = (SearchState.DONE, SearchState.CANCELLED)


class ListReviews(Blinding):
    """Operations on reviews of lists."""

    def record_review(
        self, search_id: str, note: str = "", depth: int | None = None
    ) -> SearchReview:
        """Record that the list of a search was reviewed; a later review of it supersedes (R5).

        ``depth`` is the deepest rank looked at; without it the deepest of which something was
        said. What came of it is not asked but follows: "lead" when one was proposed of the list
        and not declined, else "no lead". Raises CaseheadError while the search goes on, for a list
        nobody began, and while candidates down to that rank are new.
        """
        if self.hides_review(search_id):
            raise CaseheadError(FIRST_YOURS)
        with self._casebook.transaction():
            search = self._casebook.search(search_id)
            if search.state not in _LISTED:
                raise CaseheadError(
                    f"The search is {search.state}; its list can be reviewed once it is done."
                )
            listed = self._casebook.ranks_reviewed(search_id)
            rank = _checked_depth(listed, depth)
            review = self._review(search_id, listed, rank, note.strip())
            self._casebook.add_search_review(review)
        self._publish(Changes(searches=frozenset({search_id}), casework=True))
        return review

    def search_reviews(self, search_id: str) -> tuple[SearchReview, ...]:
        """Every review of a search's list, oldest first; the last one holds.

        None while a blind verification of a pair in the list waits for who looks, for what was
        kept, and whether it became a lead, tells of that pair.
        """
        if self.hides_review(search_id):
            return ()
        return self._casebook.search_reviews(search_id)

    def hides_review(self, search_id: str) -> bool:
        """Whether a blind verification hides from who looks what came of a list."""
        pairs = self._veil().pictures
        listed = self._casebook.candidates(search_id) if pairs else ()
        if not listed:
            return False
        query_id = self._casebook.search(search_id).acquired_id
        return any(frozenset((query_id, one.acquired_id)) in pairs for one in listed)

    def reviewed_depth(self, search_id: str) -> int:
        """The rank down to which something was said of every candidate; 0 where nothing was."""
        listed = self._casebook.candidates(search_id)
        if not listed:
            return 0
        query_id = self._casebook.search(search_id).acquired_id
        return _unbroken([(c.rank, c.review) for c in self._unreviewed(query_id, listed)])

    def _review(self, search_id: str, listed: Listed, rank: int, note: str) -> SearchReview:
        said = Counter(review for at, review in listed if at <= rank)
        return SearchReview(
            search_id,
            rank,
            sum(said.values()),
            said[Review.KEPT],
            said[Review.DISMISSED],
            said[Review.LATER],
            self._outcome(search_id),
            note,
            self.author,
            now(),
        )

    def _outcome(self, search_id: str) -> ReviewOutcome:
        leads = self._casebook.leads_of_search(search_id)
        steps = self._casebook.steps_of([lead.id for lead in leads])
        declined = {
            lead_id
            for lead_id, taken in steps.items()
            if lead_state(step.kind for step in taken) == "declined"
        }
        return "lead" if any(lead.id not in declined for lead in leads) else "no lead"

    def _review_anew(self, lead: Lead) -> None:
        """A list that was said to hold no lead holds this one: its review is superseded."""
        for search_id, rank in self._casebook.searches_listing(lead.left_id, lead.right_id):
            last = self._casebook.search_reviews(search_id)[-1:]
            if last and last[0].outcome == "no lead":
                listed = self._casebook.ranks_reviewed(search_id)
                deepest = max(last[0].deepest_rank, min(rank, _unbroken(listed)))
                said = f"A lead was proposed of rank {rank}."
                self._casebook.add_search_review(self._review(search_id, listed, deepest, said))


def _unbroken(listed: Listed) -> int:
    found = 0
    for rank, review in listed:
        if review == Review.NEW:
            break
        found = rank
    return found


def _checked_depth(listed: Listed, depth: int | None) -> int:
    """The rank, in a list that bears it out."""
    if not listed:
        return 0
    deepest = max((rank for rank, review in listed if review != Review.NEW), default=0)
    rank = deepest if depth is None else depth
    if rank < 1:
        raise CaseheadError(
            "Nothing was said of any candidate of this list yet; look at it from the top first."
        )
    if rank > listed[-1][0]:
        raise CaseheadError(f"The list ends with rank {listed[-1][0]}; name one it has.")
    new = [at for at, review in listed if at <= rank and review == Review.NEW]
    if new:
        count = "a candidate is" if len(new) == 1 else f"{len(new)} candidates are"
        raise CaseheadError(
            f"Down to rank {rank} {count} still new, the first at rank {new[0]}: look at what is "
            "left, or record the review only as deep as it went."
        )
    return rank
