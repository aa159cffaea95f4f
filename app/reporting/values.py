"""What a report is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain import Annotation, Author, Conclusion, Event, Firearm, Provenance


@dataclass(frozen=True, slots=True)
class ReportSide:
    """One of the two marks with all that is known of it."""

    place: Provenance
    event: Event | None = None
    firearms: tuple[Firearm, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ReportView:
    """A picture, uint8 RGB (rows, columns, 3), its title and the lines below it."""

    title: str
    picture: NDArray[np.uint8]
    caption: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportClassLine:
    """A class characteristic as noted of both specimens; ``said`` is the verdict in words."""

    label: str
    left: str
    right: str
    said: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class ReportConclusion:
    """A conclusion in words: the value's label, and sentences on basis and examination."""

    conclusion: Conclusion
    label: str
    explanation: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportVerification:
    """Another examiner's own conclusion, in words; ``mode`` is "open" or "blind".

    ``of`` is the moment of the conclusion that was verified (ISO 8601). ``third`` says that it was
    asked for after a disagreement.
    """

    label: str
    mode: str
    author: Author | None
    verified_at: str
    reasons: str = ""
    said: tuple[str, ...] = ()
    of: str = ""
    third: bool = False


@dataclass(frozen=True, slots=True)
class ReportVerified:
    """How far the verification has come (``state``, in words), and all versions, oldest first.

    ``stale`` are sentences on what was changed since.
    """

    state: str = ""
    versions: tuple[ReportVerification, ...] = ()
    stale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class ComparisonReport:
    """The whole page; ``manner`` holds, by the keys of the template, how it was compared.

    ``conclusions`` are oldest first, the last one in force. ``made_at`` is ISO 8601. ``flags`` are
    sentences about a possible subclass influence.
    """

    left: ReportSide
    right: ReportSide
    manner: Mapping[str, str]
    views: tuple[ReportView, ...]
    annotations: tuple[Annotation, ...]
    scale: str
    conclusions: tuple[ReportConclusion, ...]
    made_by: Author | None
    made_at: str
    software: str
    class_lines: tuple[ReportClassLine, ...] = ()
    flags: tuple[str, ...] = ()
    verified: ReportVerified = ReportVerified()
