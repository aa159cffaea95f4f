"""Preparing every mark and comparing all pairs: the long part of a validation."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from app.domain import CaseheadError
from app.jobs import Job
from app.validation.degrading import degrade
from app.validation.ledger import FileFacts, Ledger, Pair, Row
from correlation.compare import compare
from correlation.errors import CorrelationError
from correlation.method import METHOD, VERSION, settings_for
from correlation.prepare import Prepared, prepare
from correlation.surface import Surface

Task = TypeVar("Task")
Value = TypeVar("Value")
Load = Callable[[Path], tuple[Surface, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """The files by name and by digest; ``load`` reads one, raising CaseheadError.

    ``scale`` is what the user said of pixel sizes and units; it is part of how scores are made.
    """

    paths: Mapping[str, Path]
    digests: Mapping[str, str]
    load: Load
    scale: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """All pairs under one condition (``harm``, "" for the files as they are)."""

    harm: str
    ledger: Ledger
    failures: tuple[str, ...]
    other_kinds: int
    seconds: tuple[float, ...]
    kept: int

    @property
    def refused(self) -> dict[str, str]:
        """The files that could not be prepared, with the sentence why."""
        files = sorted(self.ledger.files.items())
        return {name: facts.refused for name, facts in files if facts.refused}

    def kinds(self) -> dict[str, list[str]]:
        """The files of each kind."""
        found: dict[str, list[str]] = {}
        for name, facts in sorted(self.ledger.files.items()):
            if facts.kind:
                found.setdefault(facts.kind, []).append(name)
        return dict(sorted(found.items()))


def digest_of(path: Path) -> str:
    """SHA-256 of a file. Raises CaseheadError with its name."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise CaseheadError(
            f"{path.name}: The file cannot be read: {error.strerror or error}."
        ) from error


def score_all(
    inputs: Inputs,
    folder: Path,
    job: Job,
    note: Callable[[str], None],
    harm: str = "",
    workers: int = 2,
) -> Scored:
    """Compare all pairs of one kind, keeping each as it comes; what was kept is not done again.

    Raises CancelledError when asked to stop, and CaseheadError when ``folder`` cannot be written.
    """
    ledger = Ledger.open(folder, _identity(inputs, harm), inputs.digests)
    if ledger.sentence:
        note(ledger.sentence)
    kept = len(ledger.rows)
    with ledger, ThreadPoolExecutor(workers) as pool:
        try:
            run = _Run(inputs, ledger, pool, job, note, harm, workers)
            prepared = run.prepare()
            run.compare(prepared)
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    failures, seconds = tuple(run.failures), tuple(run.seconds)
    return Scored(harm, ledger, failures, _other_kinds(ledger), seconds, kept)


@dataclass(slots=True, eq=False)
class _Run:
    inputs: Inputs
    ledger: Ledger
    pool: ThreadPoolExecutor
    job: Job
    note: Callable[[str], None]
    harm: str
    workers: int
    failures: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def prepare(self) -> dict[str, Prepared]:
        """Every mark that takes part in a pair that is missing."""
        names = self._needed()
        found: dict[str, Prepared] = {}
        made = in_order(self.pool, self._prepared, names, self.workers)
        for count, (name, (facts, mark)) in enumerate(zip(names, made, strict=True), start=1):
            known = self.ledger.files[name]
            self.ledger.files[name] = facts
            if mark is not None:
                found[name] = mark
            if not self.harm and not known.kind:
                for sentence in (*facts.warnings, *filter(None, [facts.refused])):
                    self.note(sentence)
            self.job.report(count, len(names), self._words(f"Preparing {name}"))
        self.ledger.write_manifest()
        return found

    def compare(self, marks: Mapping[str, Prepared]) -> None:
        """Every pair that is missing, in the order of names."""
        pairs = list(self._missing())
        scored = in_order(self.pool, lambda p: self._row(p, marks), pairs, self.workers)
        for count, (pair, row) in enumerate(zip(pairs, scored, strict=True), start=1):
            if isinstance(row, str):
                self.failures.append(row)
                self.note(row)
            else:
                self.ledger.add(row[0])
                self.seconds.append(row[1])
            self.job.report(count, len(pairs), self._words(f"Comparing {pair[0]} with {pair[1]}"))

    def _words(self, what: str) -> str:
        return f"{self.harm}: {what}" if self.harm else what

    def _needed(self) -> list[str]:
        files = self.ledger.files
        if any(not facts.kind and not facts.refused for facts in files.values()):
            return sorted(name for name, facts in files.items() if not facts.refused)
        return sorted({name for pair in self._missing() for name in pair})

    def _missing(self) -> Iterator[Pair]:
        files = self.ledger.files
        for pair in combinations(sorted(name for name in files if files[name].kind), 2):
            if files[pair[0]].kind == files[pair[1]].kind and pair not in self.ledger.rows:
                yield pair

    def _prepared(self, name: str) -> tuple[FileFacts, Prepared | None]:
        facts = FileFacts(self.inputs.digests[name])
        try:
            surface, warnings = self.inputs.load(self.inputs.paths[name])
            if self.harm:
                surface = degrade(surface, self.harm, facts.digest)
            mark = prepare(surface)
        except CorrelationError as error:
            return replace(facts, refused=f"{name}: {error}"), None
        except CaseheadError as error:
            return replace(facts, refused=str(error)), None
        told = tuple(f"{name}: {warning}" for warning in warnings)
        return replace(facts, kind=surface.kind, warnings=told), mark

    def _row(self, pair: Pair, marks: Mapping[str, Prepared]) -> tuple[Row, float] | str:
        begun = perf_counter()
        try:
            found = compare(marks[pair[0]], marks[pair[1]])
        except CorrelationError as error:
            return f"{pair[0]} and {pair[1]}: {error}"
        row = Row(
            *pair,
            found.score,
            found.cells,
            found.congruent_cells,
            found.ccf,
            found.rotation_deg,
        )
        return row, perf_counter() - begun


def in_order(
    pool: ThreadPoolExecutor,
    work: Callable[[Task], Value],
    tasks: Sequence[Task],
    workers: int,
) -> Iterator[Value]:
    """Results in the order of the tasks, with only a few tasks handed out ahead."""
    rest: Iterable[Task] = iter(tasks)
    waiting: deque[Future[Value]] = deque(
        pool.submit(work, task) for task in islice(rest, 4 * workers)
    )
    while waiting:
        value = waiting.popleft().result()
        waiting.extend(pool.submit(work, task) for task in islice(rest, 1))
        yield value


def _identity(inputs: Inputs, harm: str) -> dict[str, Any]:
    return {
        "method": METHOD,
        "version": VERSION,
        "parameters": {kind: dict(settings_for(kind).as_dict()) for kind in ("image", "scan")},
        "scale": dict(inputs.scale),
        "degradation": harm,
    }


def _other_kinds(ledger: Ledger) -> int:
    kinds = [facts.kind for facts in ledger.files.values() if facts.kind]
    return kinds.count("image") * kinds.count("scan")
