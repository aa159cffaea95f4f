"""``casehead validate``: a folder of known origin through all comparisons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from app.cli.pictures import Units, read_file, single_threaded_opencv
from app.cli.voice import Voice, table
from app.domain import CaseheadError
from app.importing.finding import find_files
from app.validation import OWN_FILES, Validation, Wanted, chosen, validate
from correlation.surface import Surface

MEASURES = {"score": "score", "ccf": "ccf (baseline)", "congruent_cells": "congruent cells"}


def validate_command(
    voice: Voice,
    folder: Path,
    out: Path,
    truth: Path | None,
    units: Units,
    degrade: Sequence[str],
    jobs: int,
) -> Validation:
    """Do what the command says; see ``casehead validate --help``."""
    wanted = Wanted(folder, out, truth, chosen(degrade), jobs, asdict(units))
    files = _files(voice, folder, out)

    def load(path: Path) -> tuple[Surface, tuple[str, ...]]:
        surface, _, warnings = read_file(path, units)
        return surface, warnings

    with single_threaded_opencv():
        return validate(wanted, files, load, voice.job, voice.note)


def _files(voice: Voice, folder: Path, out: Path) -> list[Path]:
    """Images and scans of the folder, without what a run wrote into it."""
    if not folder.is_dir():
        raise CaseheadError(f"There is no folder {folder}; check its name.")
    found = find_files([folder])
    for path, sentence in found.refused:
        if not _written(path, folder, out):
            voice.note(sentence)
    return [file.path for file in found.files if not _written(file.path, folder, out)]


def _written(path: Path, folder: Path, out: Path) -> bool:
    where, own = path.resolve(), out.resolve()
    if own == folder.resolve():
        return where.parent == own and path.name in OWN_FILES
    return where.is_relative_to(own)


def validation_lines(validation: Validation) -> list[str]:
    """The outcome for people."""
    summary, lines = validation.summary, []
    for one in summary["populations"]:
        lines += [*_population_lines(one), ""]
    lines += _degradation_lines(summary["degradations"])
    for words, count in (
        ("files could not be prepared", len(summary["refused"])),
        ("pairs could not be compared", len(summary["failed_pairs"])),
        ("pairs of an image with a scan were passed over", summary["pairs_of_other_kinds"]),
    ):
        if count:
            lines.append(f"{count} {words}.")
    timing = summary["timing"]
    if timing["pairs"]:
        lines.append(
            f"{timing['median_seconds']:.3f} s a pair at the median, {timing['mean_seconds']:.3f} "
            f"on average, over {timing['pairs']} pairs."
        )
    return [*lines, f"Written to {validation.out}: scores.csv, summary.json, validation.pdf.",
            str(summary["note"])]  # fmt: skip


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
    yield from table(headings, [_measure_row(MEASURES[name], told[name]) for name in MEASURES])
    bound = told["score"]["false_positive_bound"]
    yield (
        f"A threshold without false positives here may still have a rate of up to {bound:.1%} "
        f"(95 %): there are {one['source_pairs']} independent pairs of two firearms."
    )
    yield _ratio_line(one["likelihood"])


def _measure_row(name: str, one: Mapping[str, Any]) -> tuple[str, ...]:
    return (
        name,
        _bracketed(one, "auc", 4),
        _bracketed(one, "eer", 3),
        f"{one['tpr_at_fpr_1_percent']:.3f}",
        f"{one['tpr_at_zero_false']:.3f}",
        f"{one['lowest_same']:.4g}",
        f"{one['highest_different']:.4g}",
        f"{one['gap']:.4g}",
        f"{one['mate_first']} of {one['queries']}",
    )


def _bracketed(one: Mapping[str, Any], key: str, digits: int) -> str:
    interval = one[f"{key}_interval"]
    if interval is None or interval[0] == interval[1]:
        return f"{one[key]:.{digits}f}"
    return f"{one[key]:.{digits}f} ({interval[0]:.{digits}f}-{interval[1]:.{digits}f})"


def _ratio_line(found: Mapping[str, Any]) -> str:
    if found["sentence"]:
        return str(found["sentence"])
    return (
        f"Cllr {found['cllr']:.3f} (least possible {found['cllr_min']:.3f}, without bounds "
        f"{found['cllr_without_bounds']:.3f}); log10 ratios from {found['lowest_log10']:.2f} to "
        f"{found['highest_log10']:.2f}."
    )


def _degradation_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    if not rows:
        return []
    headings = ("harm", "kind", "AUC", "AUC baseline", "mate first", "mate first baseline",
                "not prepared")  # fmt: skip
    keys = ("auc_score", "auc_baseline", "top1_score", "top1_baseline")
    told = [
        (
            row["degradation"],
            row["kind"],
            *(f"{row[key]:.4f}" if key in row else "-" for key in keys),
            row["not_prepared"],
        )
        for row in rows
    ]
    return [*table(headings, told), ""]
