"""The part of a comparison's report that tells how its conclusion was verified."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Spacer

from app.reporting.layout import BOLD, HEAD, LABEL, SMALL, TEXT, framed, paragraph
from app.reporting.values import ReportVerification, ReportVerified
from app.reporting.words import when, who

Words = Mapping[str, Any]


def verification_pages(verified: ReportVerified, words: Words) -> Iterator[Any]:
    """Every version, the newest first; what was changed since stands before them."""
    yield CondPageBreak(25 * mm)
    yield paragraph(words["verification"], HEAD)
    if verified.stale:
        told = [paragraph(words["stale"], BOLD)]
        yield framed([*told, *(paragraph(one, SMALL) for one in verified.stale)])
        yield Spacer(0, 4)
    if verified.state:
        yield paragraph(verified.state, TEXT)
    if not verified.versions:
        yield paragraph(words["no_verification"], TEXT)
    for one in reversed(verified.versions):
        yield from _version(one, words)


def told_first(verified: ReportVerified, words: Words) -> Iterator[Any]:
    """On the first page, that a verification holds no more: a reader may not come to the last."""
    if verified.stale:
        yield Spacer(0, 6)
        yield framed([paragraph(words["stale"], BOLD)])


def _version(one: ReportVerification, words: Words) -> Iterator[Any]:
    yield CondPageBreak(20 * mm)
    yield Spacer(0, 4)
    label = f"{one.label} ({words['third']})" if one.third else one.label
    yield paragraph(label, BOLD)
    mode = words["modes"].get(one.mode, one.mode)
    told = {"label": one.label, "who": who(one.author), "when": when(one.verified_at)}
    yield paragraph(words["verified"].format(mode=mode, **told), LABEL)
    if one.of:
        yield paragraph(words["verifies"].format(when=when(one.of)), SMALL)
    for text in (one.reasons, *one.said):
        if text:
            yield paragraph(text, TEXT)
