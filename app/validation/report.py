"""The validation as a PDF: the same input gives the same bytes.

It therefore carries the date of the data and no clock; the times a pair took are in the summary.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import (
    CondPageBreak,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from app.validation.figures import MEASURES
from app.validation.plots import NAMES, degradation_charts, population_charts, ratio_charts
from app.validation.summary import BASELINE_WORDS, Part

TEXT: Final = ParagraphStyle("text", fontName="Helvetica", fontSize=8.5, leading=11.5)
SMALL: Final = ParagraphStyle("small", TEXT, fontSize=7, leading=9, allowWidows=0, allowOrphans=0)
HEAD: Final = ParagraphStyle(
    "head", TEXT, fontName="Helvetica-Bold", fontSize=12, leading=16, spaceBefore=8, spaceAfter=4
)
TITLE: Final = ParagraphStyle("title", HEAD, fontSize=18, leading=24)
WIDTH: Final = A4[0] - 36 * mm
_LINES: Final = HexColor("#b0b0b0")
_BAND: Final = HexColor("#eef1f4")
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
    story += _degradation_pages(summary["degradations"])
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
    yield Paragraph(_plain(summary["note"]), TEXT)
    yield Spacer(1, 6)
    rows = [
        ("Method", f"{summary['method']}, version {summary['version']}"),
        ("Software", f"Casehead {summary['casehead']}"),
        ("Data", f"{data['files']} files, the newest written on {data['changed']}"),
        ("Digest of the data", data["digest"]),
    ]
    yield _table([(_plain(a), Paragraph(_plain(b), TEXT)) for a, b in rows], (110, WIDTH - 110))
    for sentence in _populations_in_words(summary):
        yield Spacer(1, 4)
        yield Paragraph(_plain(sentence), TEXT)


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


def _part_pages(part: Part) -> Iterable[Any]:
    if "measures" not in part.figures:
        return
    yield CondPageBreak(120 * mm)
    yield Paragraph(f"Comparisons of {part.kind}s", HEAD)
    yield _measures_table(part.figures)
    yield Spacer(1, 3)
    yield Paragraph(_plain(_intervals_in_words(part.figures)), SMALL)
    yield Spacer(1, 6)
    yield from _grid([*population_charts(part.pairs), *ratio_charts(part.ratios)])
    yield from _ratios_in_words(part.figures["likelihood"])
    yield from _errors(part.figures["errors"])


def _measures_table(figures: Mapping[str, Any]) -> Any:
    told = [figures["measures"][name] for name in MEASURES]
    rows: list[Sequence[Any]] = [("", *(NAMES[name] for name in MEASURES))]
    for words, key in (
        ("area under the ROC curve (AUC)", "auc"),
        ("equal error rate", "eer"),
        ("true-positive rate at 1 % false positives", "tpr_at_fpr_1_percent"),
        ("true-positive rate without false positives", "tpr_at_zero_false"),
        ("searches with the mate first", "top1"),
    ):
        rows.append((words, *(_with_interval(one, key) for one in told)))
    for words, key in (
        ("lowest of one firearm", "lowest_same"),
        ("highest of two firearms", "highest_different"),
        ("gap", "gap"),
    ):
        rows.append((words, *(f"{one[key]:.4g}" for one in told)))
    return _table(rows, (185, *[(WIDTH - 185) / 3] * 3), header=True)


def _with_interval(one: Mapping[str, Any], key: str) -> str:
    value, interval = one[key], one[f"{key}_interval"]
    digits = 4 if key == "auc" else 3
    if interval is None or interval[0] == interval[1]:
        return f"{value:.{digits}f}"
    return f"{value:.{digits}f}  ({interval[0]:.{digits}f} - {interval[1]:.{digits}f})"


def _intervals_in_words(figures: Mapping[str, Any]) -> str:
    one = figures["measures"]["score"]
    return (
        "In brackets 95 % intervals: of rates by resampling firearms (1000 times; 200 times for "
        "more than 20,000 pairs), of searches Wilson's. Where the two sorts of pairs do not "
        "overlap, resampling cannot give an interval. A threshold without false positives here may "
        f"still have a rate of up to {one['false_positive_bound']:.1%} (95 % confidence), because "
        f"there are {figures['source_pairs']} independent pairs of two firearms. "
        f"{one['mate_first']} of {one['queries']} marks with a mate have it first by score; equal "
        "scores count against it. " + BASELINE_WORDS
    )


def _ratios_in_words(found: Mapping[str, Any]) -> Iterable[Any]:
    yield Spacer(1, 4)
    yield Paragraph("Likelihood ratios", HEAD)
    if found["sentence"]:
        yield Paragraph(_plain(found["sentence"]), TEXT)
        return
    yield Paragraph(
        _plain(
            f"Cllr {found['cllr']:.3f}, of which {found['cllr_min']:.3f} is discrimination "
            f"(Cllr_min, before bounds) and {found['cllr_cal']:.3f} calibration and bounds; "
            f"without bounds Cllr is {found['cllr_without_bounds']:.3f}. A ratio that says nothing "
            "has 1. Each ratio comes from a model fitted without either firearm of its pair. The "
            f"population supports log10 ratios from {found['lowest_log10']:.2f} to "
            f"{found['highest_log10']:.2f}; none is given beyond. Misleading: "
            f"{_misleading(found, 'same')} of one firearm below 1, "
            f"{_misleading(found, 'different')} of two firearms above 1."
        ),
        TEXT,
    )


def _misleading(found: Mapping[str, Any], sort: str) -> str:
    count, worst = found[f"misleading_{sort}"], found[f"strongest_misleading_{sort}"]
    return (
        f"{count} pairs (down to {worst:.2f})"
        if worst < 0
        else (f"{count} pairs (up to {worst:.2f})" if worst > 0 else "no pair")
    )


def _errors(found: Mapping[str, Any]) -> Iterable[Any]:
    yield Paragraph("Pairs that do not separate", HEAD)
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
            yield Paragraph(_plain(f"{count} {words} (the furthest {len(told)}):"), TEXT)
            yield _pairs_table(told)
            yield Spacer(1, 5)
    if found["not_first"]:
        yield Paragraph("Searches whose mate is not first:", TEXT)
        told = [(q["query"], q["mate_rank"], q["first"]) for q in found["not_first"]]
        rows = [("searched for", "rank of the mate", "first"), *told[:_SENTENCES]]
        yield _table(_wrapped(rows), (WIDTH * 0.4, WIDTH * 0.2, WIDTH * 0.4), header=True)


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
    return _table(_wrapped(rows), tuple(WIDTH * share for share in shares), header=True)


def _degradation_pages(rows: Sequence[Mapping[str, Any]]) -> Iterable[Any]:
    for kind in dict.fromkeys(row["kind"] for row in rows):
        own = [row for row in rows if row["kind"] == kind]
        yield CondPageBreak(190 * mm)
        yield Paragraph(f"What harm costs: {kind}s", HEAD)
        yield Paragraph(
            "Every file was degraded before it was prepared, and all pairs compared again. A "
            "search for a mark that could not be prepared counts as one that found nothing. "
            + BASELINE_WORDS,
            TEXT,
        )
        yield Spacer(1, 5)
        yield _harm_table(own)
        yield Spacer(1, 8)
        for chart in degradation_charts(own):
            yield chart
            yield Spacer(1, 4)


def _harm_table(rows: Sequence[Mapping[str, Any]]) -> Any:
    told: list[Sequence[Any]] = [
        ("harm", "", "AUC", "AUC baseline", "first", "first baseline", "not prepared")
    ]
    for row in rows:
        figures = [
            f"{row[key]:.4f}" if key in row else "-"
            for key in ("auc_score", "auc_baseline", "top1_score", "top1_baseline")
        ]
        told.append((row["degradation"], row["what"], *figures, str(row["not_prepared"])))
    shares = (0.12, 0.34, 0.1, 0.12, 0.1, 0.12, 0.1)
    return _table(_wrapped(told), tuple(WIDTH * share for share in shares), header=True)


def _refused_pages(summary: Mapping[str, Any]) -> Iterable[Any]:
    for words, sentences in (
        ("Files that could not be prepared", list(summary["refused"].values())),
        ("Pairs that could not be compared", summary["failed_pairs"]),
        ("Warnings", summary["warnings"]),
    ):
        if sentences:
            yield Paragraph(words, HEAD)
            for sentence in sentences[:_SENTENCES]:
                yield Paragraph(_plain(sentence), SMALL)
            if len(sentences) > _SENTENCES:
                rest = len(sentences) - _SENTENCES
                yield Paragraph(f"and {rest} more, in summary.json.", SMALL)


def _making_pages(summary: Mapping[str, Any]) -> Iterable[Any]:
    yield Paragraph("How the scores were made", HEAD)
    given = {key: value for key, value in summary["scale"].items() if value is not None}
    yield Paragraph(
        _plain(
            f"{summary['method']}, version {summary['version']}. Lengths in micrometres, angles in "
            f"degrees. Scales given by hand: {_listed(given) or 'none'}. Every score is in "
            "scores.csv, every figure in summary.json, the digest of every file in manifest.json."
        ),
        TEXT,
    )
    for kind, parameters in summary["parameters"].items():
        yield Spacer(1, 4)
        yield Paragraph(_plain(f"Parameters for {kind}s: {_listed(parameters)}."), SMALL)


def _listed(values: Mapping[str, Any]) -> str:
    return ", ".join(f"{name} {_told(value)}" for name, value in values.items())


def _told(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_told, value)) + "]"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _grid(charts: Sequence[Any]) -> Iterable[Any]:
    """Two in a row."""
    for at in range(0, len(charts), 2):
        row = [*charts[at : at + 2], *[""] * (2 - len(charts[at : at + 2]))]
        table = Table([row], colWidths=[WIDTH / 2] * 2)
        table.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0)]))
        yield table


def _wrapped(rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
    return [[Paragraph(_plain(str(cell)), SMALL) for cell in row] for row in rows]


def _table(rows: Sequence[Sequence[Any]], widths: Sequence[float], header: bool = False) -> Any:
    table = Table([list(row) for row in rows], colWidths=list(widths), repeatRows=int(header))
    style: list[Any] = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", 8),
        ("LINEBELOW", (0, 0), (-1, -1), 0.25, _LINES),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
    ]
    if header:
        style += [
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 8),
            ("BACKGROUND", (0, 0), (-1, 0), _BAND),
        ]
    table.setStyle(TableStyle(style))
    table.hAlign = "LEFT"
    return table


def _plain(text: str) -> str:
    """What the built-in fonts can show, for a paragraph."""
    return escape(text.encode("cp1252", errors="replace").decode("cp1252"))
