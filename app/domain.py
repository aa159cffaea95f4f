"""The words of the workstation as frozen values (the glossary is DESIGN.md, section 2).

Every identifier is a UUID4 as 32 hexadecimal characters, so that entries of other agencies
keep theirs. Times are UTC, ISO 8601 with seconds. Lengths are micrometres, angles degrees,
counter-clockwise as seen on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import uuid4

from correlation.surface import Kind


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


@dataclass(frozen=True, slots=True)
class Author:
    """Who made a record, and where: kept with every record."""

    agency: str
    station: str
    examiner: str
    ori: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    id: str
    name: str
    ori: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """The agency's file on one matter; ``number`` is unique within the agency."""

    number: str
    agency_id: str = ""
    title: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Event:
    """What happened, when and where: a shooting, a recovery, a test fire."""

    case_id: str
    kind: str
    happened_at: str = ""
    place: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Exhibit:
    """An item received or made; ``number`` is unique within the case."""

    case_id: str
    number: str
    description: str = ""
    event_id: str | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Firearm:
    exhibit_id: str
    make: str = ""
    model: str = ""
    serial: str = ""
    calibre: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class CartridgeCase:
    """A fired case with its class characteristics; an empty characteristic is unknown."""

    exhibit_id: str
    label: str
    role: Role = Role.EVIDENCE
    calibre: str = ""
    firing_pin_shape: str = ""
    breech_face_class: str = ""
    headstamp: str = ""
    firearm_id: str | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Mark:
    cartridge_case_id: str
    kind: MarkKind = MarkKind.BREECH_FACE
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class CaptureRecord:
    """How an image or scan came to be. An imported one has no camera; ``origin`` is its file."""

    captured_at: str
    author: Author
    camera: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    light: Light = Light.UNKNOWN
    objective: str = ""
    software: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Acquired:
    """An image or scan of a mark, as stored; pixels are the file under ``digest`` (SHA-256).

    ``pixel_um`` is None when the scale is not known: kept, but not searchable.
    ``file_format`` is the format of the stored bytes: png, tiff, bmp, jpeg, x3p.
    """

    mark_id: str
    kind: Kind
    digest: str
    width: int
    height: int
    file_format: str
    record: CaptureRecord
    pixel_um: float | None = None
    bits: int = 8
    lossy: bool = False
    file_name: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    superseded_by: str | None = None
    id: str = field(default_factory=new_id)

    @property
    def searchable(self) -> bool:
        """Whether it carries the scale a search needs."""
        return self.pixel_um is not None and self.superseded_by is None


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle in specimen micrometres: x right, y down, from the first pixel's centre."""

    x_um: float
    y_um: float
    radius_um: float


@dataclass(frozen=True, slots=True)
class Region:
    """The part of an acquired picture that bears its mark.

    The mark is inside ``outer`` and outside ``inner``, when given (the firing-pin impression in
    a breech face).
    A correction by hand has ``source`` "examiner" and confidence 1.
    """

    acquired_id: str
    outer: Circle
    inner: Circle | None
    confidence: float
    source: Literal["automatic", "examiner"] = "automatic"
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Alignment:
    """Similarity bringing the right (reference) picture onto the left (query) one.

    A point of the right picture, measured from the centre of its pixel array, is turned
    counter-clockwise (as seen) by ``rotation_deg`` and moved by ``shift_um`` (x right, y down);
    the result is measured from the centre of the left picture's array.
    """

    rotation_deg: float = 0.0
    shift_um: tuple[float, float] = (0.0, 0.0)

    def nudged(self, dx_um: float = 0.0, dy_um: float = 0.0, turn_deg: float = 0.0) -> Alignment:
        """The alignment moved and turned a little more."""
        turned = (self.rotation_deg + turn_deg + 180.0) % 360.0 - 180.0
        return replace(
            self,
            rotation_deg=turned,
            shift_um=(self.shift_um[0] + dx_um, self.shift_um[1] + dy_um),
        )


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the query mark: its centre on both pictures, from their arrays' centres."""

    left_um: tuple[float, float]
    right_um: tuple[float, float]
    side_um: float
    rotation_deg: float
    ccf: float
    congruent: bool


@dataclass(frozen=True, slots=True)
class Score:
    """What a comparison of two acquired pictures by software gives; never a conclusion.

    ``overlap`` is the share of the smaller mark that both cover there, ``overlap_um2`` that area
    (0: not known). ``rotation_sd_deg`` and ``shift_sd_um`` are the standard uncertainty of the
    alignment, None where it is not known or no best place stands out.
    """

    method: str
    version: str
    score: float
    ccf: float
    cells: int
    congruent_cells: int
    alignment: Alignment
    overlap: float
    seconds: float
    parameters: Mapping[str, Any] = field(default_factory=dict)
    cell_list: tuple[Cell, ...] = ()
    overlap_um2: float = 0.0
    rotation_sd_deg: float | None = None
    shift_sd_um: float | None = None


@dataclass(frozen=True, slots=True)
class Search:
    """One query picture against many.

    Of ``planned`` references, ``surveyed`` are dealt with so far: compared at least coarsely, or
    among the ``refused``; an exhaustive search ends with all of them. ``compared`` counts full
    comparisons; ``left_out`` counts what class characteristics excluded.
    """

    acquired_id: str
    state: SearchState = SearchState.WAITING
    method: str = ""
    version: str = ""
    planned: int = 0
    surveyed: int = 0
    compared: int = 0
    left_out: int = 0
    refused: int = 0
    started_at: str = ""
    finished_at: str = ""
    message: str = ""
    seen: bool = False
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reference picture with its scores and rank in one search."""

    search_id: str
    acquired_id: str
    rank: int
    score: Score
    review: Review = Review.NEW
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two acquired pictures viewed by an examiner: evidence left, known right."""

    left_id: str
    right_id: str
    alignment: Alignment
    view: Mapping[str, Any] = field(default_factory=dict)
    candidate_id: str | None = None
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an examiner concludes of a comparison; a later one supersedes, none is deleted."""

    comparison_id: str
    scale: str
    value: str
    reasons: str = ""
    author: Author | None = None
    recorded_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One line of the hash-chained journal."""

    seq: int
    at: str
    author: Author
    action: str
    subject: str
    detail: Mapping[str, Any]
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where an acquired picture sits: everything a label or a search filter needs."""

    acquired: Acquired
    mark: Mark
    cartridge_case: CartridgeCase
    exhibit: Exhibit
    case: Case
    agency: Agency

    @property
    def name(self) -> str:
        """For example ``2026-0412 / 3 / 3A``."""
        return f"{self.case.number} / {self.exhibit.number} / {self.cartridge_case.label}"


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

    def __or__(self, other: Changes) -> Changes:
        """Both."""
        return Changes(
            cases=self.cases | other.cases,
            acquired=self.acquired | other.acquired,
            regions=self.regions | other.regions,
            searches=self.searches | other.searches,
            candidates=self.candidates | other.candidates,
            comparisons=self.comparisons | other.comparisons,
            settings=self.settings or other.settings,
            exchange=self.exchange or other.exchange,
        )
