"""A comparison as pages that another examiner can follow without the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, KeepTogether, Spacer

from app.domain import Annotation, AnnotationKind, Light
from app.reporting.bound import about_letters, bound, flags, opening
from app.reporting.layout import (
    BOLD,
    HEAD,
    LABEL,
    SMALL,
    TEXT,
    VERDICT,
    WIDTH,
    paragraph,
    picture,
    table,
)
from app.reporting.templates import shipped
from app.reporting.values import ComparisonReport, ReportConclusion, ReportSide, ReportView
from app.reporting.verification import told_first, verification_pages
from app.reporting.words import gun_words, joined, when, who

Words = Mapping[str, Any]


def comparison_pdf(report: ComparisonReport, words: Words | None = None) -> bytes:
    """The report as PDF. It knows no clock: the same values give the same bytes.

    ``words`` are those of its template, the shipped ones where they are not given.
    """
    words = words or template()
    names = {"left": report.left.place.name, "right": report.right.place.name}
    foot, subject = words["foot"].format(**names), "  –  ".join(names.values())
    story = [
        *opening(words, subject, report.made_by, report.made_at, report.software),
        *told_first(report.verified, words),
        *flags(report.flags, words),
        *_compared(report, words),
        *_classes(report, words),
        *_manner(report, words),
        *_views(report.views, words),
        *_notes(report.annotations, words),
        *_conclusions(report, words),
        *verification_pages(report.verified, words),
        *about_letters(report),
    ]
    return bound(
        story,
        words,
        title=f"{words['title']}: {foot}",
        foot=foot,
        author=report.made_by,
        software=report.software,
    )


def template() -> Words:
    """The words of the page, out of ``resources/report/comparison.json``."""
    return shipped("comparison")


def _classes(report: ComparisonReport, words: Words) -> Iterator[Any]:
    yield CondPageBreak(30 * mm)
    yield paragraph(words["classes"], HEAD)
    if not report.class_lines:
        yield paragraph(words["no_classes"], SMALL)
        return
    rows = [[paragraph(column, LABEL) for column in words["class_columns"]]]
    for one in report.class_lines:
        texts = (one.label, one.left or words["not_noted"], one.right or words["not_noted"])
        verdict, style = (one.said.upper(), BOLD) if one.differs else (one.said, SMALL)
        said = paragraph(verdict, style)
        rows.append([*(paragraph(text, SMALL) for text in texts), said])
    yield table(rows, (40 * mm, 50 * mm, 50 * mm, WIDTH - 140 * mm), header=True)
    yield Spacer(0, 3)
    yield paragraph(words["classes_aid"], SMALL)


def _compared(report: ComparisonReport, words: Words) -> Iterator[Any]:
    yield paragraph(words["compared"], HEAD)
    left, right = (dict(_facts(side)) for side in (report.left, report.right))
    rows = [["", words["left"], words["right"]]]
    for key, label in words["facts"].items():
        both = left.get(key, ""), right.get(key, "")
        if any(both) or key not in ("warnings", "headstamp"):
            rows.append([label, *(text or words["unknown"] for text in both)])
    cells = [
        [
            paragraph(row[0], LABEL),
            *(paragraph(text, BOLD if at == 0 else SMALL) for text in row[1:]),
        ]
        for at, row in enumerate(rows)
    ]
    yield table(cells, (34 * mm, (WIDTH - 34 * mm) / 2, (WIDTH - 34 * mm) / 2), header=True)


def _facts(side: ReportSide) -> Iterator[tuple[str, str]]:
    place, event = side.place, side.event
    case, exhibit, cartridge = place.case, place.exhibit, place.cartridge_case
    acquired, record = place.acquired, place.acquired.record
    yield "agency", joined(place.agency.name, place.agency.ori)
    yield "case", joined(case.number, case.title)
    yield "exhibit", joined(exhibit.number, exhibit.description)
    if event is not None:
        yield "event", joined(event.kind, event.happened_at, event.place)
    yield "cartridge_case", cartridge.label
    yield "role", str(cartridge.role)
    yield "calibre", cartridge.calibre
    yield "firing_pin_shape", cartridge.firing_pin_shape
    yield "breech_face_class", cartridge.breech_face_class
    yield "headstamp", cartridge.headstamp
    yield "firearm", "; ".join(filter(None, map(gun_words, side.firearms)))
    yield "mark", str(place.mark.kind)
    pixel = f"{acquired.pixel_um:.4g} µm a pixel" if acquired.pixel_um else "scale not known"
    lossy = "compressed with loss" if acquired.lossy else ""
    size = f"{acquired.width} x {acquired.height} pixels"
    yield "picture", joined(acquired.kind, size, pixel, acquired.file_format.upper(), lossy)
    yield "captured", when(record.captured_at) if record.captured_at else ""
    yield "kept", who(record.author)
    yield "light", "" if record.light is Light.UNKNOWN else str(record.light)
    yield "camera", joined(record.camera, record.objective)
    yield "file", acquired.file_name
    yield "digest", acquired.digest
    yield "warnings", "\n".join(acquired.warnings)


def _manner(report: ComparisonReport, words: Words) -> Iterator[Any]:
    yield paragraph(words["how"], HEAD)
    rows = [
        [paragraph(label, LABEL), paragraph(report.manner[key], SMALL)]
        for key, label in words["manner"].items()
        if report.manner.get(key)
    ]
    if not report.manner.get("score"):
        yield paragraph(words["no_score"], SMALL)
    if rows:
        yield table(rows, (34 * mm, WIDTH - 34 * mm))
    yield Spacer(0, 3)
    yield paragraph(words["aid"], SMALL)
    yield paragraph(words["evidence"], SMALL)


def _views(views: Iterable[ReportView], words: Words) -> Iterator[Any]:
    for at, view in enumerate(views):
        parts = [paragraph(words["views"], HEAD)] if at == 0 else [Spacer(0, 10)]
        parts += [paragraph(view.title, BOLD), Spacer(0, 3), picture(view.picture), Spacer(0, 2)]
        lines = [paragraph(line, SMALL) for line in view.caption]
        yield KeepTogether([*parts, *lines[:2]])
        yield from lines[2:]


def _notes(annotations: Iterable[Annotation], words: Words) -> Iterator[Any]:
    yield CondPageBreak(30 * mm)
    yield paragraph(words["notes"], HEAD)
    rows = [[paragraph(column, LABEL) for column in words["note_columns"]]]
    for one in annotations:
        x, y = _place_um(one)
        why = words["no_reason"] if one.subclass == "?" else one.subclass
        flag = words["flag"].format(reason=why) if one.subclass else ""
        cells = (
            str(one.number) if one.number else "",
            words["kinds"].get(str(one.kind), str(one.kind)),
            one.side,
            f"{x:.0f} µm, {y:.0f} µm",
            "\n".join(filter(None, (one.text, flag))),
        )
        rows.append([paragraph(cell, SMALL) for cell in cells])
    if len(rows) == 1:
        yield paragraph(words["no_notes"], TEXT)
        return
    widths = (10 * mm, 24 * mm, 14 * mm, 36 * mm, WIDTH - 84 * mm)
    yield table(rows, widths, header=True)


def _place_um(one: Annotation) -> tuple[float, float]:
    """The middle of its points; of an index mark its place on the rim."""
    if one.kind is AnnotationKind.INDEX:
        return one.points_um[-1]
    x, y = (sum(values) / len(one.points_um) for values in zip(*one.points_um, strict=True))
    return x, y


def _conclusions(report: ComparisonReport, words: Words) -> Iterator[Any]:
    yield CondPageBreak(45 * mm)
    yield paragraph(f"{words['conclusion']} ({report.scale})", HEAD)
    if not report.conclusions:
        yield paragraph(words["no_conclusion"], TEXT)
        return
    *earlier, last = report.conclusions
    yield from _conclusion(last, words, VERDICT)
    if earlier:
        yield paragraph(words["earlier"], HEAD)
    for one in reversed(earlier):
        yield from _conclusion(one, words, BOLD)


def _conclusion(one: ReportConclusion, words: Words, style: Any) -> Iterator[Any]:
    yield CondPageBreak(20 * mm)
    yield paragraph(one.label, style)
    found = one.conclusion
    told = {"who": who(found.author), "when": when(found.recorded_at)}
    yield paragraph(words["concluded"].format(**told), LABEL)
    if one.explanation:
        yield paragraph(one.explanation, SMALL)
    yield Spacer(0, 3)
    if found.reasons:
        yield paragraph(found.reasons, TEXT)
    for sentence in one.said:
        yield paragraph(sentence, TEXT)
    if found.examined_physically is None:
        yield paragraph(words["not_examined"], TEXT)
    yield Spacer(0, 6)
