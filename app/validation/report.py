"""The validation as a PDF: the same input gives the same bytes.

It therefore carries the date of the data and no clock; the times a pair took are in the summary.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Paragraph, SimpleDocTemplate, Spacer

from app.validation.harm_pages import harm_pages
from app.validation.layout import (
    HEAD,
    SMALL,
    TEXT,
    TITLE,
    WIDTH,
    grid,
    listed,
    plain,
    table,
    wrapped,
)
from app.validation.plain import WORDS
from app.validation.plots import NAMES, population_charts, ratio_charts
from app.validation.summary import Part
from app.validation.words import RATIO_INTERVALS, bracketed, figure, pieces

_SENTENCES: Final = 40
_WORST: Final = 15


def pdf(summary: Mapping[str, Any], parts: Sequence[Part]) -> bytes:
    """The report of a finished validation."""
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=18 * mm,
        rightMargin=18 * mm,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title="Casehead validation",
        author=f"Casehead {summary['casehead']}",
        invariant=1,
    )
    story = [*_opening(summary)]
    for part in parts:
        story += _part_pages(part)
    story += harm_pages(summary)
    story += _refused_pages(summary)
    story += _making_pages(summary)
    foot = _Foot(str(summary["note"]), str(summary["casehead"]))
    document.build(story, onFirstPage=foot, onLaterPages=foot)
    return stream.getvalue()


class _Foot:
    """What stands at the foot of every page."""

    def __init__(self, note: str, version: str) -> None:
        self._note = note
        self._version = version

    def __call__(self, canvas: Any, document: Any) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 6.5)
        canvas.drawString(18 * mm, 10 * mm, self._note)
        page = f"Casehead {self._version}, page {canvas.getPageNumber()}"
        canvas.drawRightString(A4[0] - 18 * mm, 10 * mm, page)
        canvas.restoreState()


def _opening(summary: Mapping[str, Any]) -> Iterable[Any]:
    data = summary["data"]
    yield Paragraph("Validation of comparisons", TITLE)
    yield Paragraph(plain(summary["note"]), TEXT)
    yield Spacer(1, 6)
    rows = [
        ("Method", f"{summary['method']}, version {summary['version']}"),
        ("Software", f"Casehead {summary['casehead']}"),
        ("Marks", summary["mark"]),
        (
            "Data",
            f"{summary['set']}: {data['files']} files, the newest written on {data['changed']}",
        ),
        ("Digest of the data", data["digest"]),
    ]
    yield table([(plain(a), Paragraph(plain(b), TEXT)) for a, b in rows], (110, WIDTH - 110))
    for sentence in _populations_in_words(summary):
        yield Spacer(1, 4)
        yield Paragraph(plain(sentence), TEXT)
    if summary["table"]:
        yield Spacer(1, 8)
        yield _overview(summary["table"])


def _populations_in_words(summary: Mapping[str, Any]) -> Iterable[str]:
    for one in summary["populations"]:
        yield (
            f"{one['marks']} marks from {one['kind']}s; {one['pairs']} pairs, of which "
            f"{one['same']} are of one firearm, {one['different']} of two and "
            f"{one['not_counted']} not counted because a firearm is not known. The counted ones "
            f"come from {one['firearms']} firearms: {one['source_pairs']} independent pairs of "
            "two firearms."
        )
    if not summary["truth"]:
        yield "No truth was given, so there are scores and no rates."
    if summary["pairs_of_other_kinds"]:
        yield (
            f"{summary['pairs_of_other_kinds']} pairs of an image with a scan were passed over: "
            "images are compared with images, scans with scans."
        )


def _overview(rows: Sequence[Mapping[str, Any]]) -> Any:
    """The run at a glance; the seconds a pair took are in summary.csv."""
    told: list[Sequence[Any]] = [
        ("method", "kind", "pairs", "AUC", "equal error rate", "mate first", "gap in score",
         "in ccf", "in congruent cells", "not compared")
    ]  # fmt: skip
    told += [
        (
            row["method"],
            row["kind"],
            row["pairs"],
            *pieces(row),
            f"{row['mate_first']} of {row['queries']}",
            *(figure(row[f"gap_{name}"]) for name in ("score", "ccf", "congruent_cells")),
            row["not_compared"],
        )
        for row in rows
    ]
    shares = (0.12, 0.07, 0.06, 0.14, 0.14, 0.11, 0.08, 0.08, 0.1, 0.1)
    return table(wrapped(told), [WIDTH * share for share in shares], header=True)


def _part_pages(part: Part) -> Iterable[Any]:
    if "measures" not in part.figures:
        return
    yield CondPageBreak(120 * mm)
    yield Paragraph(f"Comparisons of {part.kind}s", HEAD)
    yield _measures_table(part.figures)
    yield Spacer(1, 3)
    yield Paragraph(plain(_intervals_in_words(part.figures)), SMALL)
    yield Spacer(1, 6)
    yield from grid([*population_charts(part.pairs, part.baseline), *ratio_charts(part.ratios)])
    yield from ratios_in_words(part.figures["likelihood"])
    yield from _errors(part.figures["errors"], "Pairs that do not separate")
    if "baseline_errors" in part.figures:
        yield from _errors(part.figures["baseline_errors"], "The same by the baseline")


def _measures_table(figures: Mapping[str, Any]) -> Any:
    measures = figures["measures"]
    rows: list[Sequence[Any]] = [("", *(NAMES[name] for name in measures))]
    for words, key in (
        ("area under the ROC curve (AUC)", "auc"),
        ("equal error rate", "eer"),
        ("true-positive rate at 1 % false positives", "tpr_at_fpr_1_percent"),
        ("true-positive rate without false positives", "tpr_at_zero_false"),
        ("searches with the mate first", "top1"),
    ):
        rows.append((words, *(bracketed(one, key) for one in measures.values())))
    for words, key in (
        ("lowest of one firearm", "lowest_same"),
        ("highest of two firearms", "highest_different"),
        ("gap", "gap"),
    ):
        rows.append((words, *(figure(one[key]) for one in measures.values())))
    return table(rows, (180, *[(WIDTH - 180) / len(measures)] * len(measures)), header=True)


def _intervals_in_words(figures: Mapping[str, Any]) -> str:
    one = figures["measures"]["score"]
    baseline = f" {WORDS}" if "baseline" in figures["measures"] else ""
    return (
        "In brackets 95 % intervals: of rates by resampling firearms (1000 times; 200 times for "
        "more than 20,000 pairs), of searches Wilson's. Where the two sorts of pairs do not "
        "overlap, resampling cannot give an interval; the equal error rate then has an upper bound "
        f"by the rule of three, on {figures['firearms_with_mates']} firearms with pairs of their "
        f"own and {figures['source_pairs']} independent pairs of two firearms. A threshold without "
        "false positives here may still have a rate of up to "
        f"{one['false_positive_bound']:.1%} (95 % confidence), because there are "
        f"{figures['source_pairs']} independent pairs of two firearms. "
        f"{one['mate_first']} of {one['queries']} marks with a mate have it first by score; equal "
        f"scores count against it.{baseline}"
    )


def ratios_in_words(found: Mapping[str, Any]) -> Iterable[Any]:
    """What the likelihood ratios of one kind cost, how often they mislead, how sure that is."""
    yield Spacer(1, 4)
    yield Paragraph("Likelihood ratios", HEAD)
    if found["sentence"]:
        yield Paragraph(plain(found["sentence"]), TEXT)
        return
    yield Paragraph(
        plain(
            f"Cllr {bracketed(found, 'cllr')}, of which {found['cllr_min']:.3f} is discrimination "
            f"(Cllr_min) and {found['cllr_cal']:.3f} calibration; "
            f"without bounds Cllr is {found['cllr_without_bounds']:.3f}. A ratio that says nothing "
            "has 1. Each ratio comes from a model fitted without either firearm of its pair. The "
            f"population supports log10 ratios from {found['lowest_log10']:.2f} to "
            f"{found['highest_log10']:.2f}; none is given beyond. Misleading: "
            f"{_misleading(found, 'same')} of one firearm below 1, "
            f"{_misleading(found, 'different')} of two firearms above 1. {RATIO_INTERVALS}"
        ),
        TEXT,
    )


def _misleading(found: Mapping[str, Any], sort: str) -> str:
    """For example ``3 pairs (the furthest 0.42), a rate of 0.012 (0.000-0.031),``."""
    count, worst = found[f"misleading_{sort}"], found[f"strongest_misleading_{sort}"]
    rate = bracketed(found, f"misleading_{sort}_rate")
    pairs = "pair" if count == 1 else "pairs"
    told = f"{count} {pairs} (the furthest {worst:.2f})" if count else "no pair"
    return f"{told}, a rate of {rate},"


def _errors(found: Mapping[str, Any], title: str) -> Iterable[Any]:
    yield Paragraph(title, HEAD)
    lists = (
        ("same_not_above_different", "of one firearm, not above every pair of two"),
        ("different_not_below_same", "of two firearms, not below every pair of one"),
    )
    if not any(found[name] for name, _ in lists) and not found["not_first"]:
        yield Paragraph("None: every pair of one firearm scores above every pair of two.", TEXT)
        return
    for name, words in lists:
        if found[name]:
            count = found[f"{name}_count"]
            told = found[name][:_WORST]
            yield Paragraph(plain(f"{count} {words} (the furthest {len(told)}):"), TEXT)
            yield _pairs_table(told)
            yield Spacer(1, 5)
    if found["not_first"]:
        yield Paragraph("Searches whose mate is not first:", TEXT)
        told = [(q["query"], q["mate_rank"], q["first"]) for q in found["not_first"]]
        rows = [("searched for", "rank of the mate", "first"), *told[:_SENTENCES]]
        yield table(wrapped(rows), (WIDTH * 0.4, WIDTH * 0.2, WIDTH * 0.4), header=True)


def _pairs_table(pairs: Sequence[Mapping[str, Any]]) -> Any:
    rows: list[Sequence[Any]] = [("file", "file", "score", "congruent cells", "ccf")]
    rows += [
        (
            one["file_a"],
            one["file_b"],
            f"{one['score']:.3f}",
            f"{one['congruent_cells']} of {one['cells']}",
            f"{one['ccf']:.3f}",
        )
        for one in pairs
    ]
    shares = (0.32, 0.32, 0.1, 0.16, 0.1)
    return table(wrapped(rows), tuple(WIDTH * share for share in shares), header=True)


def _refused_pages(summary: Mapping[str, Any]) -> Iterable[Any]:
    for words, sentences in (
        ("Files that could not be prepared", list(summary["refused"].values())),
        ("Pairs that could not be compared", summary["failed_pairs"]),
        ("What went wrong inside the software", summary["defects"]),
        ("Warnings", summary["warnings"]),
    ):
        if sentences:
            yield Paragraph(words, HEAD)
            for sentence in sentences[:_SENTENCES]:
                yield Paragraph(plain(sentence), SMALL)
            if len(sentences) > _SENTENCES:
                rest = len(sentences) - _SENTENCES
                yield Paragraph(f"and {rest} more, in summary.json.", SMALL)


def _making_pages(summary: Mapping[str, Any]) -> Iterable[Any]:
    yield Paragraph("How the scores were made", HEAD)
    given = {key: value for key, value in summary["scale"].items() if value is not None}
    yield Paragraph(
        plain(
            f"{summary['method']}, version {summary['version']}. Lengths in micrometres, angles in "
            f"degrees. Scales given by hand: {listed(given) or 'none'}. Every score is in "
            "scores.csv, every pair that does not separate in failing-pairs.csv, every figure in "
            "summary.json, the digest of every file in manifest.json."
        ),
        TEXT,
    )
    for kind, parameters in summary["parameters"].items():
        yield Spacer(1, 4)
        yield Paragraph(plain(f"Parameters for {kind}s: {listed(parameters)}."), SMALL)
