"""A laboratory's own data through all comparisons: scores, rates, likelihood ratios, a report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from app.domain import CaseheadError
from app.jobs import Job
from app.validation.ledger import EARLIER, MANIFEST, SCORES, write_atomically, writing
from app.validation.report import pdf
from app.validation.study import Inputs, Load, Scored, digest_of, score_all
from app.validation.summary import Part, earlier_summary, parts_of, summarise
from app.validation.truth import Truth, read_truth

SUMMARY: Final = "summary.json"
REPORT: Final = "validation.pdf"
LOCK: Final = ".validate.lock"
DEGRADED: Final = "degraded"
OWN_FILES: Final = frozenset({SCORES, MANIFEST, EARLIER, SUMMARY, REPORT, LOCK})
TRUTH: Final = "truth.csv"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the folder, where to write, whose truth, which harms, how many workers."""

    folder: Path
    out: Path
    truth: Path | None = None
    harms: tuple[str, ...] = ()
    workers: int = 2
    scale: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """A finished run."""

    summary: dict[str, Any]
    parts: tuple[Part, ...]
    out: Path

    @property
    def refused(self) -> bool:
        """Whether something could not be prepared or compared."""
        return bool(self.summary["refused"] or self.summary["failed_pairs"])


def validate(
    wanted: Wanted,
    files: Sequence[Path],
    load: Load,
    job: Job,
    note: Callable[[str], None],
) -> Validation:
    """Prepare every file, compare all pairs of a kind and write what comes of it.

    Into ``wanted.out`` go scores.csv, summary.json, manifest.json, validation.pdf and, for each
    harm, a table of its own. ``load`` reads a file, ``note`` hears sentences for people.
    Raises CaseheadError with a sentence, CancelledError when stopped; what was compared is kept.
    """
    with writing(wanted.out):
        wanted.out.mkdir(parents=True, exist_ok=True)
    lock = FileLock(wanted.out / LOCK, timeout=0, thread_local=False)
    try:
        with writing(wanted.out):
            _take(lock, wanted.out)
        return _validate(wanted, files, load, job, note)
    finally:
        lock.release()


def _take(lock: FileLock, out: Path) -> None:
    try:
        lock.acquire()
    except Timeout as error:
        raise CaseheadError(
            f"Another validation writes to {out}; wait for it or name another folder."
        ) from error


def _validate(
    wanted: Wanted,
    files: Sequence[Path],
    load: Load,
    job: Job,
    note: Callable[[str], None],
) -> Validation:
    inputs = _inputs(wanted, files, load, note)
    truth = _truth(wanted, sorted(inputs.digests), note)
    plain = score_all(inputs, wanted.out, job, note, workers=wanted.workers)
    if not plain.kinds():
        raise CaseheadError(
            f"None of the {len(inputs.digests)} files can be prepared; see the sentences above."
        )
    degraded = [
        score_all(inputs, wanted.out / DEGRADED / harm, job, note, harm, wanted.workers)
        for harm in wanted.harms
    ]
    job.report(0, 0, "Summing up")
    parts = parts_of(plain, truth)
    return _written(wanted, inputs, truth, plain, parts, degraded)


def _written(
    wanted: Wanted,
    inputs: Inputs,
    truth: Truth,
    plain: Scored,
    parts: tuple[Part, ...],
    degraded: Sequence[Scored],
) -> Validation:
    ratios = {pair: v for part in parts for pair, v in part.ratios.by_pair.items()}
    plain.ledger.finish(truth, ratios)
    for scored in degraded:
        scored.ledger.finish(truth, {})
    before = earlier_summary(wanted.out / SUMMARY)
    summary = summarise(inputs, truth, plain, parts, degraded, before)
    text = json.dumps(summary, indent=1, ensure_ascii=False)
    with writing(wanted.out):
        write_atomically(wanted.out / REPORT, pdf(summary, parts))
        write_atomically(wanted.out / SUMMARY, text.encode())
    return Validation(summary, parts, wanted.out)


def _inputs(
    wanted: Wanted, files: Sequence[Path], load: Load, note: Callable[[str], None]
) -> Inputs:
    """The files by their names in the folder; of two with the same content only the first."""
    paths: dict[str, Path] = {}
    digests: dict[str, str] = {}
    seen: dict[str, str] = {}
    for path in files:
        if _own(path, wanted.out):
            continue
        name = path.relative_to(wanted.folder).as_posix()
        digest = digest_of(path)
        if digest in seen:
            note(f"{name} has the very content of {seen[digest]}; it is left out.")
            continue
        seen[digest], paths[name], digests[name] = name, path, digest
    if len(paths) < 2:
        raise CaseheadError(
            f"{wanted.folder} holds {len(paths) or 'no'} images or scans; a validation needs at "
            "least two."
        )
    return Inputs(paths, digests, load, wanted.scale)


def _own(path: Path, out: Path) -> bool:
    """Whether an earlier run wrote the file."""
    return path.resolve().parent == out.resolve() and path.name in OWN_FILES


def _truth(wanted: Wanted, names: Sequence[str], note: Callable[[str], None]) -> Truth:
    path = wanted.truth or wanted.folder / TRUTH
    if wanted.truth is None and not path.is_file():
        note(
            f"No truth: {wanted.folder} holds no {TRUTH} and --truth names none; there will be "
            "scores and no rates."
        )
        return Truth()
    truth = read_truth(path, names)
    for sentence in truth.notes:
        note(sentence)
    return truth
