"""What the examiner says of candidates, how that is taken back, and the place in each list."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from app.domain import Author, Candidate, CaseheadError, Changes, Review
from app.matching.fusion import group_of
from app.workbench.base import utc_now
from app.workbench.blinding import Blinding
from app.workbench.sessions import Moment

_STEPS = 500
_PLACES = "review_places"
_PLACES_KEPT = 300


@dataclass(frozen=True, slots=True)
class ReviewStep:
    """One decision: what was said, by whom, and what stood there before, by candidate id."""

    author: Author | None
    review: Review
    before: tuple[tuple[str, Review], ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """A candidate of a walk: the picture searched with, and what a review of it holds for besides.

    ``also`` are the candidates of the same gun or mark in the same search that the walk does not
    show by themselves and of which the same was said so far.
    """

    query_id: str
    candidate: Candidate
    also: tuple[str, ...] = ()


class Reviewing(Blinding):
    """Operations on the reviews of candidates."""

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 2,
        automatic_search: bool = True,
        moment: Moment = utc_now,
    ) -> None:
        """See Base."""
        self._reviews_lock = Lock()
        self._steps: deque[ReviewStep] = deque(maxlen=_STEPS)
        super().__init__(folder, workers=workers, automatic_search=automatic_search, moment=moment)
        self._places = _places_of(self.setting(_PLACES, []))

    def review(self, candidate_id: str, review: Review) -> Candidate:
        """Record what the examiner says of a candidate."""
        return self.review_all((candidate_id,), review)[0]

    def review_all(self, candidate_ids: Iterable[str], review: Review) -> tuple[Candidate, ...]:
        """Record the same review of several candidates, all or none; one step to take back.

        Raises CaseheadError for one that must not be seen yet: it would be said over what others
        said of it.
        """
        with self._casebook.transaction():
            stood = [self._casebook.candidate(one) for one in candidate_ids]
            self._refuse_unseen(stood)
            made = tuple(self._casebook.review_candidate(c.id, review) for c in stood)
        before = tuple((c.id, c.review) for c in stood if c.review is not review)
        if before:
            with self._reviews_lock:
                self._steps.append(ReviewStep(self.author, review, before))
        self._tell_reviewed(made)
        return made

    def undo_review(self) -> tuple[Candidate, ...]:
        """Take the last review of this session back, as a record of its own; () when none is left.

        What was said again since stays as it is, and so does what somebody else said. Raises
        CaseheadError as ``review_all``; the step stays then.
        """
        self._need_writable()
        while (step := self._last_step()) is not None:
            made = self._restored(step)
            if made:
                self._tell_reviewed(made)
                return made
        return ()

    def listed(self, candidate_ids: Iterable[str]) -> tuple[Listed, ...]:
        """Candidates, of any search, in the order given.

        One that has dropped out of its list since is left out.
        """
        standing = self._standing(candidate_ids)
        searches = {c.search_id for c in standing}
        queries = {one: self._casebook.search(one).acquired_id for one in searches}
        found = standing
        if self._veil().pictures:
            found = [self._unreviewed(queries[c.search_id], (c,))[0] for c in standing]
        shown = {c.id for c in found}
        alike = {one: self._alike(one) for one in searches}
        return tuple(
            Listed(
                queries[c.search_id],
                c,
                tuple(
                    other.id
                    for other in alike[c.search_id].get(c.acquired_id, ())
                    if other.id not in shown and other.review is c.review
                ),
            )
            for c in found
        )

    def stand_at(self, candidate_id: str) -> None:
        """Remember that the examiner is at this candidate of its search, here and after a restart.

        One that is not there any more is nothing to remember.
        """
        with suppress(CaseheadError):
            search_id = self._casebook.candidate(candidate_id).search_id
            with self._reviews_lock:
                if self._places.get(search_id) == candidate_id:
                    return
                self._places[search_id] = candidate_id
                self._places.move_to_end(search_id)
                while len(self._places) > _PLACES_KEPT:
                    self._places.popitem(last=False)
                kept = list(self._places.items())
            self.set_setting(_PLACES, kept)

    def place_in(self, search_ids: Iterable[str]) -> str:
        """The candidate the examiner was at last in any of these searches; nothing when at none."""
        wanted = set(search_ids)
        with self._reviews_lock:
            found = [place for search, place in self._places.items() if search in wanted]
        return found[-1] if found else ""

    def _refuse_unseen(self, candidates: Iterable[Candidate]) -> None:
        if not self._veil().pictures:
            return
        for one in candidates:
            query_id = self._casebook.search(one.search_id).acquired_id
            self._refuse_hidden_pair(query_id, one.acquired_id)

    def _standing(self, candidate_ids: Iterable[str]) -> list[Candidate]:
        """Those that are still there."""
        found: list[Candidate] = []
        for one in candidate_ids:
            with suppress(CaseheadError):
                found.append(self._casebook.candidate(one))
        return found

    def _alike(self, search_id: str) -> dict[str, tuple[Candidate, ...]]:
        """By picture: the candidates of a search that are of the same gun or mark."""
        found = self._casebook.candidates(search_id)
        if found:
            found = self._unreviewed(self._casebook.search(search_id).acquired_id, found)
        places = self._casebook.provenances_of(c.acquired_id for c in found)
        held = self._casebook.known_guns(place.cartridge_case for place in places.values())
        guns = self._veil().shown_guns(held)
        groups: dict[str, list[Candidate]] = {}
        for c in found:
            key = group_of(places[c.acquired_id].cartridge_case, guns)
            groups.setdefault(key, []).append(c)
        return {c.acquired_id: tuple(group) for group in groups.values() for c in group}

    def _last_step(self) -> ReviewStep | None:
        with self._reviews_lock:
            if not self._steps or self._steps[-1].author != self.author:
                return None
            return self._steps.pop()

    def _restored(self, step: ReviewStep) -> tuple[Candidate, ...]:
        made: list[Candidate] = []
        try:
            with self._casebook.transaction():
                standing = {c.id: c for c in self._standing(dict(step.before))}
                self._refuse_unseen(standing.values())
                for candidate_id, was in step.before:
                    now = standing.get(candidate_id)
                    if now is not None and now.review is step.review:
                        made.append(self._casebook.review_candidate(candidate_id, was))
        except CaseheadError:
            with self._reviews_lock:
                self._steps.append(step)
            raise
        return tuple(made)

    def _tell_reviewed(self, made: tuple[Candidate, ...]) -> None:
        self._publish(
            Changes(
                searches=frozenset(c.search_id for c in made),
                candidates=frozenset(c.id for c in made),
            )
        )


def _places_of(kept: Any) -> OrderedDict[str, str]:
    """Candidates by search, as they were kept; what makes no sense is left out."""
    pairs = kept if isinstance(kept, list) else []
    good = (pair for pair in pairs if isinstance(pair, list) and len(pair) == 2)
    return OrderedDict((str(search), str(candidate)) for search, candidate in good)
