"""The matcher: prepared pictures, pairs and ranked searches, on threads."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import cv2

from app.domain import Acquired, Candidate, MarkKind, Region, Score, Search
from app.jobs import Job
from app.matching.area import WIDENED as WIDENED
from app.matching.area import outside_said
from app.matching.engine import Engine, Here, Query
from app.matching.keys import digest_of_reference
from app.matching.plan import Plan, plan
from app.matching.preparing import Preparing
from app.matching.scores import ranked, score_of
from app.matching.sweep import Depth, Sweep, Tools
from app.store import Casebook
from correlation.compare import compare
from correlation.prepare import METHOD, VERSION, Prepared
from correlation.surface import Surface

CANDIDATES_KEPT = 200
UNFILTERED = "Searched without regard to class characteristics."
"""How the message of a search says what was asked for."""


@dataclass(frozen=True, slots=True)
class Finished:
    """A search with its counts and message, and its candidates, best first."""

    search: Search
    candidates: tuple[Candidate, ...]


class SoFar:
    """How far a search has come; made anew each time something is done, so it is cheap."""

    def __init__(self, search: Search, chosen: Plan, sweep: Sweep, said: str) -> None:
        self._search, self._chosen, self._sweep = search, chosen, sweep
        self._said = said

    @property
    def surveyed(self) -> int:
        """How many references have been dealt with."""
        return self._sweep.surveyed

    @property
    def planned(self) -> int:
        """How many there are."""
        return len(self._chosen.references)

    @property
    def compared(self) -> int:
        """How many comparisons in full there are to rank."""
        return len(self._sweep.scores)

    def told(self) -> Finished:
        """The search with its counts, and its candidates so far."""
        found = self._sweep.scores
        candidates = ranked(self._search.id, found, CANDIDATES_KEPT)
        counted = replace(
            self._search,
            method=METHOD,
            version=VERSION,
            planned=self.planned,
            surveyed=self.surveyed,
            compared=len(found),
            left_out=self._chosen.left_out,
            refused=len(self._sweep.refusals),
            message=self._message(len(found)),
        )
        return Finished(counted, candidates)

    def _message(self, compared: int) -> str:
        said = [self._said] if self._said else []
        if self._chosen.without_scale:
            said.append(f"Left out for want of a scale: {self._chosen.without_scale}.")
        if self._chosen.held_back:
            said.append(f"Left out, to be captured again: {self._chosen.held_back}.")
        if self._sweep.coarse_first and self.surveyed == self.planned:
            said.append(
                f"All {self.planned} were compared coarsely, the {compared} best of them in full."
            )
        if self._sweep.refusals:
            name, sentence = min(self._sweep.refusals)
            count = len(self._sweep.refusals)
            said.append(f"Could not be compared: {count}, first {name}: {sentence}")
        return " ".join(said)


Hear = Callable[[SoFar], None]


def asked_for(*, everything: bool, wide: bool) -> str:
    """How the message of a search begins, which is what says so when it is taken up again."""
    return " ".join((UNFILTERED,) * everything + (WIDENED,) * wide)


class Matcher:
    """Compares acquired pictures of one casebook on ``workers`` threads.

    ``read`` decodes the stored bytes of a picture. NumPy, SciPy and OpenCV let go of the
    interpreter while they work, so threads use every core; OpenCV's own threads are switched off,
    for they would compete with these. With another ``engine`` the numbers of searches are worked
    out there; preparing and ranking stay here.
    """

    def __init__(
        self,
        casebook: Casebook,
        workers: int,
        read: Callable[[Acquired], Surface],
        engine: Engine | None = None,
        depth: Depth | None = None,
    ) -> None:
        cv2.setNumThreads(1)
        engine = engine or Here()
        threads = max(1, workers) + 2 * engine.slots
        self._casebook = casebook
        self._preparing = Preparing(casebook, read)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="compare")
        self._tools = Tools(
            casebook, self._preparing, engine, self._pool, threads, depth or Depth()
        )

    def close(self) -> None:
        """Let the threads end; what has not begun is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def region(self, acquired_id: str) -> Region:
        """The region in force: the examiner's, the stored one, or else found now and stored.

        Raises CaseheadError for a picture without scale, CorrelationError when none is found.
        """
        return self._preparing.region(self._casebook.acquired(acquired_id))

    def prepared(self, acquired_id: str) -> Prepared:
        """The picture prepared for comparison, from memory, from the casebook's cache or anew.

        Raises CaseheadError for a picture without scale or whose file is missing or damaged,
        CorrelationError when it cannot be prepared.
        """
        return self._preparing.prepared(self._casebook.acquired(acquired_id))

    def compare(self, left_id: str, right_id: str) -> Score:
        """One pair, now, on this thread; raises as ``prepared`` does."""
        return score_of(compare(self.prepared(left_id), self.prepared(right_id)))

    def run(
        self, search: Search, job: Job, hear: Hear | None = None, everything: bool = False
    ) -> Finished:
        """Compare the query with every reference and rank them; nothing is stored.

        ``hear`` is told on this thread whenever something is done. A reference that cannot be
        prepared is counted as refused and told in the message. Raises CancelledError when asked
        to stop, and as ``prepared`` does for the query itself.
        """
        query = self._casebook.provenance(search.acquired_id)
        wide = WIDENED in search.message
        area = None if wide else self._casebook.search_area()
        kinds = query.mark.kind, query.acquired.kind
        chosen = plan(query, self._casebook.gallery(*kinds, area), everything)
        outside = self._casebook.outside(*kinds, area) if area is not None else 0
        job.check()
        prepared = self.prepared(search.acquired_id)
        said = asked_for(everything=everything, wide=wide)
        said = f"{said} {outside_said(outside)}".strip()
        return self.sweep(search, chosen, prepared, job, hear, said)

    def sweep(
        self,
        search: Search,
        chosen: Plan,
        prepared: Prepared,
        job: Job,
        hear: Hear | None = None,
        said: str = "",
    ) -> Finished:
        """As ``run``, of a query that need not be in the casebook, with references as chosen.

        What is ``said`` begins the message.
        """
        kind, mark = prepared.kind, MarkKind(prepared.mark)
        digests = [digest_of_reference(one, kind, mark) for one in chosen.references]

        def listen(what: str) -> None:
            if hear is not None:
                hear(so_far)
            job.report(so_far.surveyed, so_far.planned, what)

        sweep = Sweep(self._tools, Query(prepared), chosen.references, digests, listen)
        so_far = SoFar(search, chosen, sweep, said)
        listen("")
        sweep.run(job)
        return so_far.told()
