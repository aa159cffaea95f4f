"""The matcher: prepared pictures, pairs and ranked searches, on threads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace

import cv2

from app.domain import (
    Acquired,
    Candidate,
    CaseheadError,
    Circle,
    Provenance,
    Region,
    Score,
    Search,
)
from app.jobs import Job
from app.matching.cache import Cache
from app.matching.plan import Plan, plan
from app.matching.scores import Ranked, ranked, score_of
from app.store import Casebook
from correlation.compare import compare
from correlation.errors import CorrelationError
from correlation.prepare import METHOD, VERSION, Prepared, prepare
from correlation.region import Disc, find_region
from correlation.surface import Surface

PREPARED_BYTES = 512 * 2**20
CANDIDATES_KEPT = 200
UNFILTERED = "Searched without regard to class characteristics."

Progress = Callable[[int, int], None]
Outcome = Score | str


@dataclass(frozen=True, slots=True)
class Finished:
    """A search with its counts and message, and its candidates, best first."""

    search: Search
    candidates: tuple[Candidate, ...]


class Matcher:
    """Compares acquired pictures of one casebook on ``workers`` threads.

    ``read`` decodes the stored bytes of a picture. NumPy, OpenCV and numba let go of the
    interpreter while they work, so threads use every core; OpenCV's own threads are switched off,
    for they would compete with these.
    """

    def __init__(
        self, casebook: Casebook, workers: int, read: Callable[[Acquired], Surface]
    ) -> None:
        cv2.setNumThreads(1)
        self._casebook = casebook
        self._read = read
        self._workers = max(1, workers)
        self._pool = ThreadPoolExecutor(self._workers, thread_name_prefix="compare")
        self._prepared: Cache[Prepared] = Cache(PREPARED_BYTES)
        self._regions: Cache[Region] = Cache(2**20)
        self._refused: dict[str, str] = {}

    def close(self) -> None:
        """Let the threads end; what has not begun is dropped."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def region(self, acquired_id: str) -> Region:
        """The region in force: the examiner's, the stored one, or else found now and stored.

        Raises CaseheadError for a picture without scale, CorrelationError when none is found.
        """
        acquired = self._casebook.acquired(acquired_id)
        _need_scale(acquired)
        return self._region(acquired)

    def prepared(self, acquired_id: str) -> Prepared:
        """The picture prepared for comparison, from memory, from the casebook's cache or anew.

        Raises CaseheadError for a picture without scale or whose file is missing or damaged,
        CorrelationError when it cannot be prepared.
        """
        return self._prepared_of(self._casebook.acquired(acquired_id))

    def compare(self, left_id: str, right_id: str) -> Score:
        """One pair, now, on this thread; raises as ``prepared`` does."""
        return score_of(compare(self.prepared(left_id), self.prepared(right_id)))

    def search(
        self, search: Search, job: Job, on_progress: Progress, everything: bool = False
    ) -> tuple[Candidate, ...]:
        """The candidates of ``run``."""
        return self.run(search, job, on_progress, everything).candidates

    def run(
        self, search: Search, job: Job, on_progress: Progress, everything: bool = False
    ) -> Finished:
        """Compare the query with every reference and rank them; nothing is stored.

        A reference that cannot be prepared is counted as refused and told in the message. Raises
        CancelledError when asked to stop, and as ``prepared`` does for the query itself.
        """
        query = self._casebook.provenance(search.acquired_id)
        chosen = plan(query, self._casebook.provenances(), everything)
        job.report(0, len(chosen.references), "preparing")
        left = self.prepared(search.acquired_id)
        scores: list[Ranked] = []
        refusals: list[tuple[str, str]] = []

        def hear(reference: Provenance, outcome: Outcome) -> None:
            if isinstance(outcome, Score):
                scores.append((reference, outcome))
            else:
                refusals.append((reference.name, outcome))
            done = len(scores) + len(refusals)
            on_progress(done, len(chosen.references))
            job.report(done, len(chosen.references), reference.name)

        on_progress(0, len(chosen.references))
        self._compare_all(left, chosen.references, job, hear)
        candidates = ranked(search.id, scores, CANDIDATES_KEPT)
        return Finished(_counted(search, chosen, scores, refusals, everything), candidates)

    def _compare_all(
        self,
        left: Prepared,
        references: tuple[Provenance, ...],
        job: Job,
        hear: Callable[[Provenance, Outcome], None],
    ) -> None:
        # few are handed out at a time, so that searches share the threads and a stop comes soon
        waiting = iter(references)
        pending: dict[Future[Outcome], Provenance] = {}
        try:
            while True:
                for reference in waiting:
                    pending[self._submit(left, reference)] = reference
                    if len(pending) >= 2 * self._workers:
                        break
                if not pending:
                    return
                done, _ = wait(pending, return_when=FIRST_COMPLETED)
                for future in done:
                    hear(pending.pop(future), future.result())
        finally:
            for future in pending:
                future.cancel()

    def _submit(self, left: Prepared, reference: Provenance) -> Future[Outcome]:
        return self._pool.submit(self._try, left, reference.acquired)

    def _try(self, left: Prepared, reference: Acquired) -> Outcome:
        try:
            return score_of(compare(left, self._prepared_of(reference)))
        except (CaseheadError, CorrelationError) as error:
            return str(error)

    def _prepared_of(self, acquired: Acquired) -> Prepared:
        _need_scale(acquired)
        region = self._region(acquired)
        key = prepared_key(acquired, region)
        self._check_refused(key)
        return self._prepared.get(key, lambda: self._load(key, acquired, region))

    def _region(self, acquired: Acquired) -> Region:
        stored = self._casebook.region_of(acquired.id)
        if stored is not None:
            return stored
        self._check_refused(acquired.id)
        return self._regions.get(acquired.id, lambda: (self._find(acquired), 500))

    def _find(self, acquired: Acquired) -> Region:
        with self._remembering(acquired.id):
            found = find_region(self._read(acquired))
        region = Region(
            acquired.id,
            _circle(found.outer),
            None if found.inner is None else _circle(found.inner),
            float(found.confidence),
        )
        if self._may_write():
            self._casebook.add_region(region)
        return region

    def _load(self, key: str, acquired: Acquired, region: Region) -> tuple[Prepared, int]:
        kept = self._kept(key)
        if kept is not None:
            return kept
        with self._remembering(key):
            inner = None if region.inner is None else _disc(region.inner)
            made = prepare(self._read(acquired), _disc(region.outer), inner)
        data = made.to_bytes()
        if not self._casebook.read_only:
            self._casebook.keep_prepared(key, data)
        return made, len(data)

    def _kept(self, key: str) -> tuple[Prepared, int] | None:
        data = self._casebook.prepared(key)
        if data is None:
            return None
        try:
            return Prepared.from_bytes(data), len(data)
        except (CorrelationError, ValueError, KeyError, OSError, EOFError):
            return None  # a damaged cache file is only a reason to prepare again

    @contextmanager
    def _remembering(self, key: str) -> Iterator[None]:
        # a picture nothing can be done with would otherwise be tried again in every search
        try:
            yield
        except CorrelationError as error:
            self._refused[key] = str(error)
            raise

    def _check_refused(self, key: str) -> None:
        if key in self._refused:
            raise CorrelationError(self._refused[key])

    def _may_write(self) -> bool:
        return not self._casebook.read_only and self._casebook.author is not None


def prepared_key(acquired: Acquired, region: Region) -> str:
    """The name of a prepared picture: everything its numbers depend on."""
    circles = [region.outer] + ([] if region.inner is None else [region.inner])
    parts = [METHOD, VERSION, acquired.digest, acquired.kind, repr(acquired.pixel_um)]
    parts += [f"{name}={unit}" for name, unit in sorted(acquired.units.items())]
    parts += [f"{c.x_um!r},{c.y_um!r},{c.radius_um!r}" for c in circles]
    return "mark-" + hashlib.sha256("|".join(parts).encode()).hexdigest()


def _counted(
    search: Search,
    chosen: Plan,
    scores: list[Ranked],
    refusals: list[tuple[str, str]],
    everything: bool,
) -> Search:
    said = [UNFILTERED] if everything else []
    if chosen.without_scale:
        said.append(f"Left out for want of a scale: {chosen.without_scale}.")
    if refusals:
        name, sentence = min(refusals)
        said.append(f"Could not be compared: {len(refusals)}, first {name}: {sentence}")
    if len(scores) > CANDIDATES_KEPT:
        said.append(f"The {CANDIDATES_KEPT} best of {len(scores)} are kept.")
    return replace(
        search,
        method=METHOD,
        version=VERSION,
        planned=len(chosen.references),
        compared=len(scores),
        left_out=chosen.left_out,
        refused=len(refusals),
        message=" ".join(said),
    )


def _need_scale(acquired: Acquired) -> None:
    if acquired.pixel_um is None:
        raise CaseheadError(
            f"The scale of {acquired.file_name or 'this picture'} is not known, so it cannot be "
            "compared; settle its pixel size (micrometres per pixel) first."
        )


def _circle(disc: Disc) -> Circle:
    return Circle(float(disc.x_um), float(disc.y_um), float(disc.radius_um))


def _disc(circle: Circle) -> Disc:
    return Disc(circle.x_um, circle.y_um, circle.radius_um)
