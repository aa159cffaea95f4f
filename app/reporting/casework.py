"""What the reports of casework are made of: plain values, in the sections of their template."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from app.domain import Author

KINDS = ("lead_notice", "hit_notice", "trace_request", "case_summary", "custody", "statistics")
"""The kinds that ``casework_pdf`` sets; each has a template of that name."""

Rows = tuple[tuple[str, ...], ...]
Facts = Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Thumb:
    """A small picture, uint8 RGB (rows, columns, 3), and the words below it."""

    picture: NDArray[np.uint8]
    caption: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of a chart; ``value`` is None where there is nothing to draw, ``text`` says it."""

    label: str
    value: float | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A figure over time: what it is, and a value for each step (None: not known)."""

    label: str
    steps: tuple[str, ...]
    values: tuple[float | None, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who issues a report, the moment of the newest thing in it (ISO 8601), by what program."""

    made_by: Author | None
    as_of: str
    software: str


@dataclass(frozen=True, slots=True, eq=False)
class CaseworkReport:
    """One report of a kind in ``KINDS``; all mappings go by the keys of its template's sections.

    ``facts`` of a section with sides are found under ``<key>.left`` and ``<key>.right``.
    ``words`` fill the places in the template's sentences. ``flags`` are told before all else.
    """

    kind: str
    subject: str
    stamp: Stamp
    facts: Mapping[str, Facts] = field(default_factory=dict)
    tables: Mapping[str, Rows] = field(default_factory=dict)
    thumbs: Mapping[str, tuple[Thumb, ...]] = field(default_factory=dict)
    bars: Mapping[str, tuple[Bar, ...]] = field(default_factory=dict)
    courses: Mapping[str, tuple[Course, ...]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
