"""One query against its references, coarse to fine, until every one has been dealt with.

The order by descriptors only says which come first. The coarse comparison goes through all; the
best of it, and the first of the order, are compared in full. Which these are depends on the
numbers alone and never on threads, blocks or what was prepared before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from app.domain import Acquired, CaseheadError, Score
from app.jobs import Job
from app.matching.engine import Engine, Query
from app.matching.preparing import Preparing
from app.matching.scores import Ranked, score_of
from app.matching.tasks import Task, work_through
from app.store import Casebook, Pack, Reference
from correlation.errors import CorrelationError
from correlation.surface import Floats
from correlation.survey import ORDER_BYTES, SKETCH_BYTES

Indices = NDArray[np.int64]
_NONE = -np.inf
_BEST = "comparing the best"
_CANNOT = (CaseheadError, CorrelationError)


@dataclass(frozen=True, slots=True)
class Depth:
    """How much of a search is done in full; every reference is compared coarsely in any case.

    ``full`` of the best by the coarse comparison and the ``first`` by descriptor are compared in
    full, and everything in galleries of up to ``full``. Before the coarse comparison has ended,
    the ``early`` best so far are compared in full already. Tasks are of ``block`` sketches,
    ``heads`` descriptors or a ``few`` references that are not prepared yet.
    """

    full: int = 100
    first: int = 24
    early: int = 10
    block: int = 256
    heads: int = 4096
    few: int = 4


@dataclass(frozen=True, slots=True)
class Tools:
    """What sweeps work with."""

    casebook: Casebook
    preparing: Preparing
    engine: Engine
    pool: Executor
    threads: int
    depth: Depth


@dataclass(slots=True)
class _Few:
    """What came of references that had no sketch."""

    refused: dict[int, str] = field(default_factory=dict)
    drawn: dict[int, bytes] = field(default_factory=dict)
    order: Floats = field(default_factory=lambda: np.zeros(0, np.float32))
    strengths: Floats = field(default_factory=lambda: np.zeros(0, np.float32))


class Sweep:
    """A search at work; ``hear`` is called on the thread of ``run`` whenever something is done.

    ``digests`` are the names of the references' prepared marks, None where not known yet.
    """

    def __init__(
        self,
        tools: Tools,
        query: Query,
        references: Sequence[Reference],
        digests: Sequence[bytes | None],
        hear: Callable[[str], None],
    ) -> None:
        count = len(references)
        self._tools, self._query, self._hear = tools, query, hear
        self._references = references
        self._digests = digests
        self._rows = np.full(count, -1, np.int64)
        self._order = np.full(count, _NONE, np.float32)
        self._strength = np.full(count, _NONE, np.float32)
        self._started: set[int] = set()
        self._comparing = 0
        self._urgent: deque[int] = deque()
        self._unsketched: deque[int] = deque()
        self._blocks: Iterator[Indices] = iter(())
        self._chosen: frozenset[int] | None = None
        self._scores: dict[int, Score] = {}
        self._refused: dict[int, str] = {}
        self.surveyed = 0

    @property
    def coarse_first(self) -> bool:
        """Whether there are so many references that not all are compared in full.

        Striated marks have no coarse comparison: their profiles are compared in full in no time.
        """
        if self._query.prepared.mark == "aperture shear":
            return False
        return len(self._references) > self._tools.depth.full

    @property
    def scores(self) -> list[Ranked]:
        """What was compared in full; in the end only what was chosen for it."""
        chosen = self._scores.keys() if self._chosen is None else self._chosen
        return [(self._references[i], s) for i, s in self._scores.items() if i in chosen]

    @property
    def refusals(self) -> list[tuple[str, str]]:
        """Name and sentence of each reference that could not be compared."""
        return [(self._references[i].name, sentence) for i, sentence in self._refused.items()]

    def run(self, job: Job) -> None:
        """Go through all. Raises CancelledError, and CaseheadError when the engine is lost."""
        if self.coarse_first:
            self._put_in_order(job)
            self._work(self._next, job)
        else:
            self._urgent.extend(range(len(self._references)))
            self._work(self._next_compared, job)
        if self.surveyed != len(self._references):
            raise RuntimeError(f"only {self.surveyed} of {len(self._references)} were searched")

    def _work(self, next_task: Callable[[], Task | None], job: Job) -> None:
        most = 2 * self._tools.threads
        work_through(self._tools.pool, most, next_task, job)

    def _put_in_order(self, job: Job) -> None:
        pack, depth = self._pack, self._tools.depth
        known = [i for i, digest in enumerate(self._digests) if digest is not None]
        self._rows[known] = pack.find(d for d in self._digests if d is not None)
        drawn = np.flatnonzero(self._rows >= 0)
        parts = _split(drawn[np.argsort(self._rows[drawn], kind="stable")], depth.heads)

        def next_task() -> Task | None:
            part = next(parts, None)
            if part is None:
                return None
            return Task(
                lambda: self._query.order(pack.heads(self._rows[part])),
                lambda scores: self._order.__setitem__(part, scores),
            )

        self._work(next_task, job)
        ordered = drawn[np.argsort(-self._order[drawn], kind="stable")]
        self._urgent.extend(ordered[: depth.first].tolist())
        self._blocks = _split(ordered, depth.block)
        self._unsketched.extend(np.flatnonzero(self._rows < 0).tolist())

    @property
    def _pack(self) -> Pack:
        return self._tools.preparing.pack(self._query.prepared)

    def _next(self) -> Task | None:
        if self._urgent:
            return self._next_compared()
        block = next(self._blocks, None)
        if block is not None:
            return self._surveying(block)
        if self._unsketched:
            few = min(self._tools.depth.few, len(self._unsketched))
            return self._drawing([self._unsketched.popleft() for _ in range(few)])
        if self.surveyed == len(self._references) and self._chosen is None:
            self._choose()
        return self._next_compared()

    def _next_compared(self) -> Task | None:
        while self._urgent:
            index = self._urgent.popleft()
            if index not in self._started:
                self._started.add(index)
                self._comparing += 1
                return self._comparison(index)
        return None

    def _comparison(self, index: int) -> Task:
        return Task(lambda: self._compared(index), lambda found: self._note(index, found))

    def _choose(self) -> None:
        """Everything has been surveyed: settle what is compared in full."""
        depth = self._tools.depth
        best = _highest(self._strength, depth.full)
        chosen = [*best, *_highest(self._order, depth.first)]
        self._urgent.extend(chosen)
        self._chosen = frozenset(chosen)

    def _surveying(self, block: Indices) -> Task:
        def work() -> tuple[NDArray[np.bool_], Floats, Floats]:
            records, sound = self._pack.records(self._rows[block])
            records = records[sound]
            # heads are not verified as records are, so what they said is not relied upon
            order = self._query.order(records[:, :ORDER_BYTES])
            return sound, order, self._tools.engine.coarse(self._query, records)

        def then(found: tuple[NDArray[np.bool_], Floats, Floats]) -> None:
            sound, order, strengths = found
            self._unsketched.extend(block[~sound].tolist())
            self._order[block[sound]] = order
            self._survey(block[sound], strengths)

        return Task(work, then)

    def _drawing(self, some: list[int]) -> Task:
        def work() -> _Few:
            few = _Few()
            for index in some:
                try:
                    few.drawn[index] = self._tools.preparing.record(self._acquired(index))
                except _CANNOT as error:
                    few.refused[index] = str(error)
            records = np.frombuffer(b"".join(few.drawn.values()), np.uint8)
            records = records.reshape(-1, SKETCH_BYTES)
            few.order = self._query.order(records[:, :ORDER_BYTES])
            few.strengths = self._tools.engine.coarse(self._query, records)
            return few

        def then(few: _Few) -> None:
            drawn = np.array(list(few.drawn), np.int64)
            self._refused.update(few.refused)
            self._order[drawn] = few.order
            self.surveyed += len(few.refused)
            self._survey(drawn, few.strengths)

        return Task(work, then)

    def _survey(self, some: Indices, strengths: Floats) -> None:
        self._strength[some] = np.nan_to_num(strengths, nan=0.0)
        self.surveyed += len(some)
        if not self._urgent and not self._comparing:
            early = _highest(self._strength, self._tools.depth.early)
            waiting = (index for index in early if index not in self._started)
            self._urgent.extend(islice(waiting, self._tools.threads))
        self._hear(self._references[int(some[-1])].name if len(some) else "")

    def _compared(self, index: int) -> Score | str:
        try:
            right = self._tools.preparing.prepared(self._acquired(index))
        except _CANNOT as error:
            return str(error)
        try:
            return score_of(self._tools.engine.compare(self._query, right))
        except CorrelationError as error:
            return str(error)

    def _acquired(self, index: int) -> Acquired:
        return self._tools.casebook.acquired(self._references[index].acquired_id)

    def _note(self, index: int, found: Score | str) -> None:
        self._comparing -= 1
        if isinstance(found, str):
            self._refused[index] = found
        else:
            self._scores[index] = found
        if not self.coarse_first:
            self.surveyed += 1
        self._hear(_BEST if self._chosen else self._references[index].name)


def _split(indices: Indices, size: int) -> Iterator[Indices]:
    return (indices[start : start + size] for start in range(0, len(indices), size))


def _highest(values: Floats, count: int) -> list[int]:
    """The places of the highest values, highest first, equal ones in their order."""
    there = np.flatnonzero(values > _NONE)
    if len(there) > count:
        least = np.partition(values[there], -count)[-count]
        there = there[values[there] >= least]
    best: list[int] = there[np.argsort(-values[there], kind="stable")][:count].tolist()
    return best
