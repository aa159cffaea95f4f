"""``casehead validate``: a folder of known origin through all comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from app.cli.pictures import Units, read_file, single_threaded_opencv
from app.cli.voice import Voice, table
from app.domain import CaseheadError
from app.importing.finding import find_files
from app.validation import OWN_FILES, OWN_FOLDERS, Validation, Wanted, validate
from app.validation.plots import NAMES
from app.validation.words import (
    HARM_HEAD,
    RATIO_INTERVALS,
    bracketed,
    figure,
    harm_lines,
    pieces,
)
from correlation.surface import Surface


def validate_command(voice: Voice, wanted: Wanted, units: Units) -> Validation:
    """Do what the command says; see ``casehead validate --help``."""
    files = _files(voice, wanted.folder, wanted.out)

    def load(path: Path) -> tuple[Surface, tuple[str, ...]]:
        surface, _, warnings = read_file(path, units)
        return surface, warnings

    with single_threaded_opencv():
        return validate(wanted, files, load, voice.job, voice.note)


def _files(voice: Voice, folder: Path, out: Path) -> list[Path]:
    """Images and scans of the folder, without what a run wrote into it."""
    if not folder.is_dir():
        raise CaseheadError(f"There is no folder {folder}; check its name.")
    found = find_files([folder], job=voice.job)
    for path, sentence in found.refused:
        if not _written(path, folder, out):
            voice.note(sentence)
    return [file.path for file in found.files if not _written(file.path, folder, out)]


def _written(path: Path, folder: Path, out: Path) -> bool:
    where, own = path.resolve(), out.resolve()
    if own != folder.resolve():
        return where.is_relative_to(own)
    first = where.relative_to(own).parts[0] if where.is_relative_to(own) else ""
    return first in OWN_FOLDERS or (where.parent == own and path.name in OWN_FILES)


def validation_lines(validation: Validation) -> list[str]:
    """The outcome for people."""
    summary, lines = validation.summary, []
    for one in summary["populations"]:
        lines += [*_population_lines(one), ""]
    lines += _degradation_lines(summary)
    lines += _overview_lines(summary["table"])
    for words, count in (
        ("files could not be prepared", len(summary["refused"])),
        ("pairs could not be compared", len(summary["failed_pairs"])),
        ("errors inside Casehead are described in errors.log", len(summary["defects"])),
        ("pairs of an image with a scan were passed over", summary["pairs_of_other_kinds"]),
    ):
        if count:
            lines.append(f"{count} {words}.")
    lines += _timing_lines(summary)
    names = ["scores.csv", "summary.json", "summary.csv", "failing-pairs.csv", "validation.pdf"]
    if summary["degradations"]:
        names.append("robustness.csv")
    return [*lines, f"Written to {validation.out}: {', '.join(names)}.", str(summary["note"])]


def _timing_lines(summary: Mapping[str, Any]) -> Iterable[str]:
    for key, words in (("timing", ""), ("timing_of_baseline", " by the plain baseline")):
        timing = summary[key]
        if timing["pairs"] and (key == "timing" or summary["baseline"]):
            yield (
                f"{timing['median_seconds']:.3f} s a pair{words} at the median "
                f"({timing['median_cpu_seconds']:.3f} s of processor time), "
                f"{timing['mean_seconds']:.3f} on average, over {timing['pairs']} pairs."
            )


def _population_lines(one: Mapping[str, Any]) -> Iterable[str]:
    yield (
        f"{one['marks']} {one['kind']}s, {one['pairs']} pairs: {one['same']} of one firearm, "
        f"{one['different']} of two, {one['not_counted']} not counted; "
        f"{one['firearms']} firearms."
    )
    if "measures" not in one:
        yield "Without pairs of both sorts there are scores and no rates."
        return
    told = one["measures"]
    headings = ("measure", "AUC", "EER", "TPR at 1 % FPR", "TPR at no FP", "lowest same",
                "highest different", "gap", "mate first")  # fmt: skip
    yield from table(headings, [_measure_row(NAMES[name], told[name]) for name in told])
    bound = told["score"]["false_positive_bound"]
    yield (
        f"A threshold without false positives here may still have a rate of up to {bound:.1%} "
        f"(95 %): there are {one['source_pairs']} independent pairs of two firearms."
    )
    yield _ratio_line(one["likelihood"])


def _measure_row(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        name,
        bracketed(one, "auc"),
        bracketed(one, "eer"),
        f"{one['tpr_at_fpr_1_percent']:.3f}",
        f"{one['tpr_at_zero_false']:.3f}",
        *(figure(one[key]) for key in ("lowest_same", "highest_different", "gap")),
        f"{one['mate_first']} of {one['queries']}",
    )


def _ratio_line(found: Mapping[str, Any]) -> str:
    if found["sentence"]:
        return str(found["sentence"])
    return (
        f"Cllr {bracketed(found, 'cllr')}, least possible {found['cllr_min']:.3f}, without bounds "
        f"{found['cllr_without_bounds']:.3f}; log10 ratios from {found['lowest_log10']:.2f} to "
        f"{found['highest_log10']:.2f}. Misleading: {bracketed(found, 'misleading_same_rate')} of "
        f"the pairs of one firearm, {bracketed(found, 'misleading_different_rate')} of those of "
        f"two. {RATIO_INTERVALS}"
    )


def _degradation_lines(summary: Mapping[str, Any]) -> Iterable[str]:
    rows = summary["degradations"]
    yield from summary["draw"]
    for kind in dict.fromkeys(row["kind"] for row in rows):
        yield f"What harm costs, {kind}s:"
        lines = [line for row in rows if row["kind"] == kind for line in harm_lines(row)]
        yield from table(HARM_HEAD, lines)
        yield ""
    for sentence in summary["worse_than_baseline"]:
        yield f"The baseline is ahead: {sentence}"


def _overview_lines(rows: Sequence[Mapping[str, Any]]) -> Iterable[str]:
    if not rows:
        return
    headings = ("method", "set", "kind", "pairs", "AUC", "gap score", "gap ccf", "gap cells",
                "EER", "mate first", "s a pair", "cpu s")  # fmt: skip
    yield from table(headings, [_overview_row(row) for row in rows])
    yield ""


def _overview_row(row: Mapping[str, Any]) -> tuple[str, ...]:
    auc, eer = pieces(row)
    return (
        row["method"],
        row["set"],
        row["kind"],
        str(row["pairs"]),
        auc,
        *(figure(row[f"gap_{name}"]) for name in ("score", "ccf", "congruent_cells")),
        eer,
        f"{row['mate_first']} of {row['queries']}",
        figure(row["seconds_a_pair"]),
        figure(row["cpu_seconds_a_pair"]),
    )
