"""The words of the workstation that need no other: errors, authors, kinds, states, changes.

They are used under the name ``app.domain``, which hands them on.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import UTC, datetime
from enum import StrEnum
from uuid import uuid4


class CaseheadError(Exception):
    """Something the user must be told; ``str()`` is one clear sentence with what to do."""


class CancelledError(CaseheadError):
    """Work the user asked to stop; nothing half-done was kept."""


class ReadOnlyError(CaseheadError):
    """The casebook is open elsewhere, or on a medium that cannot be written."""


def new_id() -> str:
    """A fresh identifier."""
    return uuid4().hex


def now() -> str:
    """The present moment as stored in records."""
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a record, and where: kept with every record."""

    agency: str
    station: str
    examiner: str
    ori: str = ""


class MarkKind(StrEnum):
    """Toolmark kinds on a cartridge case."""

    BREECH_FACE = "breech face"
    FIRING_PIN = "firing pin"
    EJECTOR = "ejector"
    EXTRACTOR = "extractor"
    APERTURE_SHEAR = "aperture shear"
    CHAMBER = "chamber"


SEARCHED_MARKS = frozenset(
    {MarkKind.BREECH_FACE, MarkKind.FIRING_PIN, MarkKind.EJECTOR, MarkKind.APERTURE_SHEAR}
)
"""The kinds of marks there is a method for; pictures of the others are kept and viewed."""


class Role(StrEnum):
    """Where a cartridge case comes from."""

    EVIDENCE = "evidence"
    TEST_FIRE = "test fire"
    UNKNOWN = "unknown"


class Light(StrEnum):
    """How the specimen was lit; ring and side light are never compared with each other."""

    RING = "ring"
    SIDE = "side"
    UNKNOWN = "unknown"


class Review(StrEnum):
    """What the examiner has said of a candidate."""

    NEW = "new"
    KEPT = "kept"
    DISMISSED = "dismissed"
    LATER = "later"


class SearchState(StrEnum):
    """How far a search has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


class AnnotationKind(StrEnum):
    """What an examiner draws over the evidence."""

    AGREEMENT = "agreement"
    DISAGREEMENT = "disagreement"
    NOTE = "note"
    ARROW = "arrow"
    LINE = "line"
    BOX = "box"
    ELLIPSE = "ellipse"
    POLYGON = "polygon"
    TEXT = "text"
    INDEX = "index"


@dataclass(frozen=True, slots=True)
class ClassNote:
    """What was noted of one class characteristic on both specimens of a comparison.

    ``key`` is that of ``resources/class_characteristics.json``; "" is nothing noted. ``said`` is
    "agree", "differ" or "open" where the examiner says so, "" where the words speak for
    themselves.
    """

    key: str
    left: str = ""
    right: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Remarks:
    """What is noted of a comparison besides what is drawn over it.

    ``subclass`` says that an influence of subclass characteristics is possible, ``subclass_reason``
    why; a single area carries its own reason (``Annotation.subclass``).
    """

    class_notes: tuple[ClassNote, ...] = ()
    subclass: bool = False
    subclass_reason: str = ""


@dataclass(frozen=True, slots=True)
class Changes:
    """What an operation changed, by kind; every view looks and refreshes itself or not."""

    cases: frozenset[str] = frozenset()
    acquired: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    searches: frozenset[str] = frozenset()
    candidates: frozenset[str] = frozenset()
    comparisons: frozenset[str] = frozenset()
    settings: bool = False
    exchange: bool = False
    calibrations: bool = False
    instruments: bool = False
    people: bool = False
    casework: bool = False
    traces: bool = False

    def __or__(self, other: Changes) -> Changes:
        """Both."""
        names = (one.name for one in fields(self))
        return Changes(**{name: getattr(self, name) | getattr(other, name) for name in names})
