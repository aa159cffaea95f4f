"""The words of the workstation as frozen values (the glossary is DESIGN.md, section 2).

Every identifier is a UUID4 as 32 hexadecimal characters, so that entries of other agencies
keep theirs. Times are UTC, ISO 8601 with seconds. Lengths are micrometres, angles degrees,
counter-clockwise as seen on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from app.optics import Calibration as Calibration
from app.optics import CalibrationCheck as CalibrationCheck
from app.optics import InForce as InForce
from app.optics import Optics as Optics
from app.terms import SEARCHED_MARKS as SEARCHED_MARKS
from app.terms import AnnotationKind as AnnotationKind
from app.terms import Author as Author
from app.terms import CancelledError as CancelledError
from app.terms import CaseheadError as CaseheadError
from app.terms import Changes as Changes
from app.terms import ClassNote as ClassNote
from app.terms import Light as Light
from app.terms import MarkKind as MarkKind
from app.terms import ReadOnlyError as ReadOnlyError
from app.terms import Remarks as Remarks
from app.terms import Review as Review
from app.terms import Role as Role
from app.terms import SearchState as SearchState
from app.terms import new_id as new_id
from app.terms import now as now
from correlation.surface import Kind

Point = tuple[float, float]


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
        """Whether it carries the scale a search needs, and nothing holds it back."""
        return self.pixel_um is not None and self.superseded_by is None and not self.held_back

    @property
    def held_back(self) -> bool:
        """Whether its measured quality asks for another picture, and nobody overruled that."""
        told = self.record.settings.get("quality")
        return isinstance(told, Mapping) and told.get("verdict") == "redo"

    @property
    def relief(self) -> bool:
        """Whether its heights were worked out from pictures under several lights."""
        return "relief" in self.record.settings


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
class Annotation:
    """Something drawn on one specimen or on both.

    ``points_um`` are measured from the centre of the picture of its ``side``, x right, y down;
    for "both" from the left one's, and the alignment carries them to the right one. A note and a
    text have one point, an arrow (tail, tip) and a line two, a box and an ellipse the four
    corners of the rectangle in order, areas and polygons three or more. ``number`` 0 is none;
    ``colour`` is a key of the palette, "" the colour of its kind. An index has two points, the
    middle of its specimen and the place on the rim that is up. ``subclass`` is why a subclass
    influence is possible here, "" where none was flagged.
    """

    kind: AnnotationKind
    side: Literal["left", "right", "both"]
    points_um: tuple[Point, ...]
    text: str = ""
    number: int = 0
    colour: str = ""
    id: str = field(default_factory=new_id)
    subclass: str = ""


@dataclass(frozen=True, slots=True)
class AnnotationSet:
    """All that is drawn over and noted of a comparison as it was saved; a later set supersedes."""

    comparison_id: str
    annotations: tuple[Annotation, ...]
    author: Author | None = None
    recorded_at: str = ""
    id: str = field(default_factory=new_id)
    remarks: Remarks = field(default_factory=Remarks)


@dataclass(frozen=True, slots=True)
class SavedView:
    """A view worth keeping: everything its picture is rebuilt from, besides the two pictures.

    ``score`` is what software said then (its cells may be in the picture). ``picture_sha256`` is
    that of the RGB bytes drawn for ``view``'s own size, "" where nobody drew it; ``software``
    the program that did. ``withdrawn_at`` is "" while the view is in use.
    """

    comparison_id: str
    name: str
    alignment: Alignment
    view: Mapping[str, Any]
    annotations: tuple[Annotation, ...] = ()
    score: Score | None = None
    in_report: bool = True
    picture_sha256: str = ""
    software: str = ""
    author: Author | None = None
    recorded_at: str = ""
    withdrawn_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What an examiner concludes of a comparison; a later one supersedes, none is deleted.

    ``basis`` is what it rests on, where the scale asks for it (for example "individual"), and
    ``basis_reason`` why, where that needs saying. ``examined_physically`` is None when it was not
    said; ``examined_at`` is the day (ISO 8601) somebody looked at the specimens themselves.
    ``subclass_excluded`` says why no subclass influence misleads, where one was flagged.
    """

    comparison_id: str
    scale: str
    value: str
    reasons: str = ""
    author: Author | None = None
    recorded_at: str = ""
    basis: str = ""
    basis_reason: str = ""
    examined_physically: bool | None = None
    examined_by: str = ""
    examined_at: str = ""
    id: str = field(default_factory=new_id)
    subclass_excluded: str = ""


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
