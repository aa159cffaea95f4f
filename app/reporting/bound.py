"""Pages bound to one PDF: its margins, foot and facts about itself, the same for every report."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, SimpleDocTemplate, Spacer

from app.domain import Author
from app.letters.runs import clean
from app.reporting.layout import BOLD, LABEL, MARGIN, SMALL, TITLE, framed, numbered, paragraph
from app.reporting.text import letter_words, letters_of
from app.reporting.words import when, who

Words = Mapping[str, Any]
_LONGEST = 300


def bound(
    story: Iterable[Any],
    words: Words,
    *,
    title: str,
    foot: str,
    author: Author | None,
    software: str,
) -> bytes:
    """The pages as PDF. It knows no clock: the same story gives the same bytes."""
    stream = io.BytesIO()
    document = SimpleDocTemplate(
        stream,
        pagesize=A4,
        leftMargin=MARGIN - 6,  # the frame has 6 points inside
        rightMargin=MARGIN - 6,
        topMargin=16 * mm,
        bottomMargin=18 * mm,
        title=clean(title)[:_LONGEST],
        author=clean(who(author))[:_LONGEST],
        creator=software,
        invariant=1,
    )
    document.build(list(story), canvasmaker=numbered(foot, words["page"]))
    return stream.getvalue()


def opening(
    words: Words, subject: str, author: Author | None, moment: str, software: str
) -> Iterator[Any]:
    """What it is, of what, and who issued it."""
    yield paragraph(words["title"], TITLE)
    yield paragraph(subject, BOLD)
    made = words["made"].format(who=who(author), when=when(moment), software=software)
    yield paragraph(made, LABEL)


def flags(told: Iterable[str], words: Words) -> Iterator[Any]:
    """In a frame, before anything else is read."""
    lines = [paragraph(one, SMALL) for one in told]
    if lines:
        yield Spacer(0, 6)
        yield framed([paragraph(words["flagged"], BOLD), *lines])


def about_letters(report: Any) -> Iterator[Any]:
    """At the end: what is not drawn as it was written, where there is such a thing."""
    for sentence in letters_told(report):
        yield CondPageBreak(12 * mm)
        yield Spacer(0, 6)
        yield paragraph(sentence, LABEL)


def letters_told(report: Any) -> tuple[str, ...]:
    """Sentences on letters of a report's values that cannot be drawn here as they were written."""
    return letter_words(letters_of(texts_in(report)))


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a report's values."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for one in value.values():
            yield from texts_in(one)
    elif isinstance(value, (tuple, list)):
        for one in value:
            yield from texts_in(one)
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts_in(getattr(value, each.name))
