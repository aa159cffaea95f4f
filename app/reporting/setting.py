"""Reports of casework set as pages, by their templates; the same values give the same bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, KeepTogether, Spacer, Table, TableStyle

from app.reporting.bound import about_letters, bound, flags, opening
from app.reporting.casework import CaseworkReport, Thumb
from app.reporting.charts import bars, course
from app.reporting.layout import (
    BOLD,
    HEAD,
    LABEL,
    SMALL,
    TEXT,
    WIDTH,
    framed,
    paragraph,
    picture,
    short,
    table,
)

Words = Mapping[str, Any]
_LABEL_WIDTH = 44 * mm
_ACROSS = 4
_LONGEST_CAPTION = 90
_NOTHING = "–"
"""What stands in a cell with nothing in it, so that none looks left out."""


def casework_pdf(report: CaseworkReport, words: Words) -> bytes:
    """The report as PDF, worded by ``words`` (a template of its kind). It knows no clock."""
    stamp, subject = report.stamp, report.subject or words["unknown"]
    story = [
        *opening(words, subject, stamp.made_by, stamp.as_of, stamp.software),
        *flags(report.flags, words),
    ]
    for key, section in words["sections"].items():
        story += _section(report, key, section, words)
    story += about_letters(report)
    return bound(
        story,
        words,
        title=f"{words['title']}: {report.subject}",
        foot=words["foot"].format_map(_Filled(report.words, subject=report.subject)),
        author=stamp.made_by,
        software=stamp.software,
    )


class _Filled(dict[str, str]):
    """Words for the places of a sentence; one that nothing is known for is left to be seen."""

    def __init__(self, known: Mapping[str, str], **more: str) -> None:
        super().__init__(known, **more)

    def __missing__(self, key: str) -> str:
        return "—"


def _section(report: CaseworkReport, key: str, section: Words, words: Words) -> list[Any]:
    """All that a section has; one that is only there ``when_filled`` may be left out."""
    body = list(_body(report, key, section, words))
    if not body:
        return []
    title = section.get("title", "")
    head = (
        [CondPageBreak((64 if section.get("courses") else 28) * mm), paragraph(title, HEAD)]
        if title
        else [Spacer(0, 8)]
    )
    return [*head, *body]


def _body(report: CaseworkReport, key: str, section: Words, words: Words) -> Iterator[Any]:
    filled = _Filled(report.words)
    texts = [text.format_map(filled) for text in section.get("text", ())]
    if section.get("framed"):
        yield framed([paragraph(text, TEXT) for text in texts])
        texts = []
    for text in texts:
        yield paragraph(text, TEXT)
        yield Spacer(0, 2)
    if "facts" in section:
        yield from _facts(report, key, section, words)
    if "columns" in section:
        yield from _table(report.tables.get(key, ()), section)
    if section.get("bars"):
        if not report.bars.get(key):
            return  # and nothing is said of bars that are not there
        yield bars(report.bars[key])
    for one in report.courses.get(key, ()) if section.get("courses") else ():
        drawn = course(one) if any(v is not None for v in one.values) else _none(section)
        yield KeepTogether([paragraph(one.label, BOLD), drawn, Spacer(0, 6)])
    if section.get("thumbs"):
        yield from _gallery(report.thumbs.get(key, ()))
    if section.get("lines"):
        yield _to_sign(section["lines"])
    for text in section.get("after", ()):
        yield Spacer(0, 3)
        yield paragraph(text.format_map(filled), SMALL)


def _none(section: Words) -> Any:
    return paragraph(section.get("empty", ""), SMALL)


def _facts(report: CaseworkReport, key: str, section: Words, words: Words) -> Iterator[Any]:
    """Labels and texts, in one column or with both sides next to each other."""
    sides = section.get("sides")
    names = [f"{key}.left", f"{key}.right"] if sides else [key]
    known = [report.facts.get(name, {}) for name in names]
    optional = section.get("optional", ())
    wide = (WIDTH - _LABEL_WIDTH) / len(names)
    rows: list[list[Any]] = []
    if sides:
        rows.append([paragraph("", LABEL), *(paragraph(side, LABEL) for side in sides)])
    for field, label in section["facts"].items():
        texts = [facts.get(field, "").strip() for facts in known]
        if field in optional and not any(texts):
            continue
        shown = [paragraph(text or words["unknown"], SMALL, wide) for text in texts]
        rows.append([paragraph(label, LABEL, _LABEL_WIDTH), *shown])
    if rows:
        yield table(rows, (_LABEL_WIDTH, *(wide for _ in names)), header=bool(sides))


def _table(rows: Sequence[Sequence[str]], section: Words) -> Iterator[Any]:
    if not rows:
        yield _none(section)
        return
    shares = section["shares"]
    widths = [WIDTH * share / sum(shares) for share in shares]
    head = [
        paragraph(name, LABEL, width)
        for name, width in zip(section["columns"], widths, strict=True)
    ]
    body = [
        [paragraph(text or _NOTHING, SMALL, width) for text, width in zip(row, widths, strict=True)]
        for row in rows
    ]
    yield table([head, *body], widths, header=True)


def _gallery(found: Sequence[Thumb]) -> Iterator[Any]:
    """Small pictures side by side, a row of them kept together."""
    wide = WIDTH / _ACROSS
    for at in range(0, len(found), _ACROSS):
        part = found[at : at + _ACROSS]
        blank = [""] * (_ACROSS - len(part))
        pictures = [picture(thumb.picture, wide - 8, wide - 8) for thumb in part]
        words = [paragraph(short(thumb.caption, _LONGEST_CAPTION), SMALL, wide) for thumb in part]
        made = Table([[*pictures, *blank], [*words, *blank]], colWidths=[wide] * _ACROSS)
        made.setStyle(
            TableStyle(
                [
                    ("VALIGN", (0, 0), (-1, 0), "BOTTOM"),
                    ("VALIGN", (0, 1), (-1, 1), "TOP"),
                    ("LEFTPADDING", (0, 0), (-1, -1), 0),
                    ("NOSPLIT", (0, 0), (-1, -1)),
                ]
            )
        )
        made.hAlign = "LEFT"
        yield made


def _to_sign(lines: Sequence[str]) -> Any:
    """Labels with room to write beside them, kept on one page."""
    rows = [[paragraph(line, LABEL, _LABEL_WIDTH), ""] for line in lines]
    made = Table(
        rows, colWidths=[_LABEL_WIDTH, WIDTH - _LABEL_WIDTH], rowHeights=[11 * mm] * len(rows)
    )
    made.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (1, 0), (1, -1), 0.5, "#555555"),
                ("VALIGN", (0, 0), (-1, -1), "BOTTOM"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("NOSPLIT", (0, 0), (-1, -1)),
            ]
        )
    )
    made.hAlign = "LEFT"
    return made
