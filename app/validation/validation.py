"""A laboratory's own data through all comparisons: scores, rates, likelihood ratios, a report."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from app.domain import CaseheadError
from app.jobs import Job
from app.validation.defects import ERRORS, Defects
from app.validation.ledger import EARLIER, MANIFEST, SCORES, Pair, write_atomically, writing
from app.validation.overview import FAILING_COLUMNS, as_csv, failing_rows, overview_table
from app.validation.report import pdf
from app.validation.robustness import Harmed, harm_table
from app.validation.sample import drawn
from app.validation.study import Condition, Inputs, Load, Study, digest_of
from app.validation.summary import Outcome, Part, earlier_summary, parts_of, summarise
from app.validation.techniques import BASELINE, CASEHEAD
from app.validation.truth import Truth, read_truth
from correlation.surface import Mark

SUMMARY: Final = "summary.json"
REPORT: Final = "validation.pdf"
TABLE: Final = "summary.csv"
FAILING: Final = "failing-pairs.csv"
ROBUSTNESS: Final = "robustness.csv"
LOCK: Final = ".validate.lock"
DEGRADED: Final = "degraded"
PLAIN: Final = "baseline"
OWN_FILES: Final = frozenset(
    {SCORES, MANIFEST, EARLIER, SUMMARY, REPORT, TABLE, FAILING, ROBUSTNESS, ERRORS, LOCK}
)
OWN_FOLDERS: Final = frozenset({DEGRADED, PLAIN})
TRUTH: Final = "truth.csv"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for: the folder, where to write, whose truth, which harms, how many workers.

    ``baseline`` None means: beside degraded inputs only. ``non_mates`` is how many pairs of two
    firearms are compared after each harm, None for all.
    """

    folder: Path
    out: Path
    truth: Path | None = None
    harms: tuple[str, ...] = ()
    workers: int = 2
    scale: Mapping[str, Any] = field(default_factory=dict)
    mark: Mark = "breech face"
    baseline: bool | None = None
    non_mates: int | None = None

    @property
    def with_baseline(self) -> bool:
        """Whether the plain baseline compares the pairs, too."""
        return bool(self.harms) if self.baseline is None else self.baseline


@dataclass(frozen=True, slots=True, eq=False)
class Validation:
    """A finished run."""

    summary: dict[str, Any]
    parts: tuple[Part, ...]
    out: Path

    @property
    def refused(self) -> bool:
        """Whether something could not be prepared or compared."""
        return any(self.summary[name] for name in ("refused", "failed_pairs", "defects"))


def validate(
    wanted: Wanted,
    files: Sequence[Path],
    load: Load,
    job: Job,
    note: Callable[[str], None],
) -> Validation:
    """Prepare every file, compare all pairs of a kind and write what comes of it.

    Into ``wanted.out`` go scores.csv, summary.json, summary.csv, failing-pairs.csv, manifest.json,
    validation.pdf, and with harms robustness.csv and a folder for each. ``load`` reads a file,
    ``note`` hears sentences for people. Raises CaseheadError with a sentence, CancelledError when
    stopped; what was compared is kept.
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
    if wanted.harms:
        _need_both_sorts(truth, sorted(inputs.digests))
    study = Study(inputs, job, note, Defects(wanted.out), wanted.workers)
    plain = study.score(Condition(wanted.out))
    if not plain.kinds():
        raise CaseheadError(
            f"None of the {len(inputs.digests)} files can be prepared; see the sentences above."
        )
    baseline = None
    if wanted.with_baseline:
        baseline = study.score(Condition(wanted.out / PLAIN, BASELINE, label="baseline"))
    job.report(0, 0, "Summing up")
    parts = parts_of(plain, truth, baseline)
    pairs = [drawn(p.pairs, inputs.digests, wanted.non_mates) for p in parts if p.pairs.judged]
    degraded = _degraded(wanted, study, frozenset().union(*pairs))
    job.report(0, 0, "Summing up")
    outcome = Outcome(plain, baseline, parts, degraded, wanted.non_mates)
    return _written(wanted, study, truth, outcome)


def _degraded(wanted: Wanted, study: Study, pairs: frozenset[Pair]) -> tuple[Harmed, ...]:
    found = []
    for number, harm in enumerate(wanted.harms, start=1):
        place = wanted.out / DEGRADED / harm
        label = f"{harm} ({number} of {len(wanted.harms)})"
        own = study.score(Condition(place, CASEHEAD, harm, pairs, label))
        plain = None
        if wanted.with_baseline:
            beside = Condition(place / PLAIN, BASELINE, harm, pairs, f"{label}, baseline")
            plain = study.score(beside)
        found.append(Harmed(harm, own, plain))
    return tuple(found)


def _need_both_sorts(truth: Truth, names: Sequence[str]) -> None:
    guns = [gun for gun in map(truth.gun, names) if gun is not None]
    if len(set(guns)) < 2 or len(set(guns)) == len(guns):
        raise CaseheadError(
            "What degraded inputs cost is told by rates, and rates need pairs of one firearm and "
            "pairs of two; the truth names none of the one sort. Give --truth with both, or leave "
            "the degrading out."
        )


def _written(wanted: Wanted, study: Study, truth: Truth, outcome: Outcome) -> Validation:
    parts = outcome.parts
    ratios = {pair: v for part in parts for pair, v in part.ratios.by_pair.items()}
    beside = None if outcome.baseline is None else outcome.baseline.ledger
    outcome.plain.ledger.finish(truth, ratios, None if beside is None else beside.rows)
    others = [beside, *(s.ledger for one in outcome.degraded for s in one.scored)]
    for ledger in others:
        if ledger is not None:
            ledger.finish(truth, {})
    before = earlier_summary(wanted.out / SUMMARY)
    name = wanted.folder.resolve().name
    summary = summarise(name, study.inputs, truth, outcome, study.defects, before)
    text = json.dumps(summary, indent=1, ensure_ascii=False)
    with writing(wanted.out):
        for file, data in _tables(summary, parts, truth):
            write_atomically(wanted.out / file, data)
        write_atomically(wanted.out / REPORT, pdf(summary, parts))
        write_atomically(wanted.out / SUMMARY, text.encode())
    return Validation(summary, parts, wanted.out)


def _tables(
    summary: Mapping[str, Any], parts: Sequence[Part], truth: Truth
) -> Iterator[tuple[str, bytes]]:
    yield TABLE, as_csv(overview_table(summary["table"]))
    failing = [row for p in parts for row in failing_rows(p.kind, p.pairs, p.baseline, truth)]
    yield FAILING, as_csv([FAILING_COLUMNS, *failing])
    if summary["degradations"]:
        yield ROBUSTNESS, as_csv(harm_table(summary["degradations"]))


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
    return Inputs(paths, digests, load, wanted.scale, wanted.mark)


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
