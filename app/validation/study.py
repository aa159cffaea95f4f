"""Preparing every mark and comparing all pairs: the long part of a validation."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import combinations, islice
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any, TypeVar

from app.domain import CaseheadError
from app.jobs import Job
from app.validation.defects import Defects
from app.validation.degrading import DEGRADING, degrade
from app.validation.ledger import FileFacts, Ledger, Pair, Row
from app.validation.techniques import CASEHEAD, Technique
from correlation.errors import CorrelationError
from correlation.method import VERSION
from correlation.surface import Mark, Surface

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
    mark: Mark = "breech face"


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """One pass over the pairs: by which technique, after which harm, into which folder.

    ``harm`` is "" for the files as they are; ``pairs`` None for all pairs; ``label`` goes before
    what is told of the progress.
    """

    folder: Path
    technique: Technique = CASEHEAD
    harm: str = ""
    pairs: frozenset[Pair] | None = None
    label: str = ""

    @property
    def plain(self) -> bool:
        """Whether it is the main pass, whose refusals people hear of one by one."""
        return not self.harm and self.technique is CASEHEAD


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds by the clock, and of the processor in the thread that worked."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """The pairs of one condition."""

    condition: Condition
    ledger: Ledger
    failures: tuple[str, ...]
    other_kinds: int
    comparing: tuple[Took, ...]
    preparing: tuple[Took, ...]

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


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """What every pass shares."""

    inputs: Inputs
    job: Job
    note: Callable[[str], None]
    defects: Defects
    workers: int = 2

    def score(self, condition: Condition) -> Scored:
        """Compare the pairs of one kind, keeping each as it comes; what was kept is not done again.

        A file or pair that fails is told and passed over, whatever the error is. Raises
        CancelledError when asked to stop, and CaseheadError when the folder cannot be written.
        """
        ledger = Ledger.open(
            condition.folder, _identity(self.inputs, condition), self.inputs.digests
        )
        if ledger.sentence:
            self.note(ledger.sentence)
        with ledger, ThreadPoolExecutor(self.workers) as pool:
            try:
                run = _Run(self, condition, ledger, pool)
                run.compare(run.prepare())
            except BaseException:
                pool.shutdown(wait=True, cancel_futures=True)
                raise
        return Scored(
            condition,
            ledger,
            tuple(run.failures),
            _other_kinds(ledger),
            tuple(run.comparing),
            tuple(run.preparing),
        )


@dataclass(slots=True, eq=False)
class _Run:
    study: Study
    condition: Condition
    ledger: Ledger
    pool: ThreadPoolExecutor
    failures: list[str] = field(default_factory=list)
    comparing: list[Took] = field(default_factory=list)
    preparing: list[Took] = field(default_factory=list)

    def prepare(self) -> dict[str, Any]:
        """Every mark that takes part in a pair that is missing."""
        names = self._needed()
        found: dict[str, Any] = {}
        made = in_order(self.pool, self._prepared, names, self.study.workers)
        for count, (name, (facts, mark, took)) in enumerate(zip(names, made, strict=True), start=1):
            known = self.ledger.files[name]
            self.ledger.files[name] = facts
            if mark is not None:
                found[name] = mark
                self.preparing.append(took)
            if facts.defect or (self.condition.plain and not known.kind):
                for sentence in (*facts.warnings, *filter(None, [facts.refused])):
                    self.study.note(sentence)
            self._report(count, len(names), f"Preparing {name}")
        self.ledger.write_manifest()
        return found

    def compare(self, marks: Mapping[str, Any]) -> None:
        """Every pair that is missing, in the order of names."""
        pairs = list(self._missing())
        scored = in_order(self.pool, lambda p: self._row(p, marks), pairs, self.study.workers)
        for count, (pair, row) in enumerate(zip(pairs, scored, strict=True), start=1):
            if isinstance(row, str):
                self.failures.append(row)
                self.study.note(row)
            else:
                self.ledger.add(row[0])
                self.comparing.append(row[1])
            self._report(count, len(pairs), f"Comparing {pair[0]} with {pair[1]}")

    def _report(self, done: int, total: int, what: str) -> None:
        label = self.condition.label
        self.study.job.report(done, total, f"{label}: {what}" if label else what)

    def _needed(self) -> list[str]:
        files, pairs = self.ledger.files, self.condition.pairs
        own = set(files) if pairs is None else {name for pair in pairs for name in pair}
        open_ = {name for name in own if not files[name].refused}
        if any(not files[name].kind for name in open_):
            return sorted(open_)
        return sorted({name for pair in self._missing() for name in pair})

    def _missing(self) -> Iterator[Pair]:
        files, pairs = self.ledger.files, self.condition.pairs
        for pair in combinations(sorted(name for name in files if files[name].kind), 2):
            wanted = pairs is None or pair in pairs
            alike = files[pair[0]].kind == files[pair[1]].kind
            if wanted and alike and pair not in self.ledger.rows:
                yield pair

    def _prepared(self, name: str) -> tuple[FileFacts, Any, Took]:
        inputs, harm, nothing = self.study.inputs, self.condition.harm, Took(0, 0)
        facts = FileFacts(inputs.digests[name])
        try:
            surface, warnings = inputs.load(inputs.paths[name])
            if harm:
                surface = degrade(surface, harm, facts.digest, inputs.mark)
            begun = perf_counter(), thread_time()
            mark = self.condition.technique.prepare(surface, inputs.mark)
        except CorrelationError as error:
            return replace(facts, refused=f"{name}: {error}"), None, nothing
        except CaseheadError as error:
            return replace(facts, refused=str(error)), None, nothing
        except Exception as error:
            sentence = self.study.defects.told(name, error)
            return replace(facts, refused=sentence, defect=True), None, nothing
        told = tuple(f"{name}: {warning}" for warning in warnings)
        return replace(facts, kind=surface.kind, warnings=told), mark, _took(begun)

    def _row(self, pair: Pair, marks: Mapping[str, Any]) -> tuple[Row, Took] | str:
        words = f"{pair[0]} and {pair[1]}"
        begun = perf_counter(), thread_time()
        try:
            found = self.condition.technique.compare(marks[pair[0]], marks[pair[1]])
        except CorrelationError as error:
            return f"{words}: {error}"
        except Exception as error:
            return self.study.defects.told(words, error)
        took = _took(begun)
        row = Row(
            *pair,
            found.score,
            found.cells,
            found.congruent_cells,
            found.ccf,
            found.rotation_deg,
        )
        return row, took


def _took(begun: tuple[float, float]) -> Took:
    return Took(perf_counter() - begun[0], thread_time() - begun[1])


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


def _identity(inputs: Inputs, condition: Condition) -> dict[str, Any]:
    """All that the rows of a pass depend on, besides the files."""
    found = {
        **condition.technique.identity(inputs.mark),
        "scale": dict(inputs.scale),
        "degradation": condition.harm,
    }
    if condition.harm:
        found["degraded_by"] = [DEGRADING, VERSION]
    return found


def _other_kinds(ledger: Ledger) -> int:
    kinds = [facts.kind for facts in ledger.files.values() if facts.kind]
    return kinds.count("image") * kinds.count("scan")
