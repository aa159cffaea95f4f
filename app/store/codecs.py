"""The codec of every kind of record."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, cast

from app.domain import (
    Acquired,
    Agency,
    Alignment,
    Author,
    Candidate,
    CaptureRecord,
    CartridgeCase,
    Case,
    Cell,
    Circle,
    Comparison,
    Conclusion,
    Event,
    Exhibit,
    Firearm,
    Light,
    Mark,
    MarkKind,
    Region,
    Review,
    Role,
    Score,
    Search,
    SearchState,
)
from app.store.codec import Codec, canonical
from correlation.surface import Kind

Row = Sequence[Any]


def _fields(names: str) -> Callable[[Any], Row]:
    return cast(Callable[[Any], Row], attrgetter(*names.split()))


def _flat(table: str, columns: str, decode: Callable[[Row], Any]) -> Codec[Any]:
    return Codec(table, columns, _fields(columns), decode)


# Without the checks json.loads makes first: what is stored here is canonical.
_from_json = json.JSONDecoder().raw_decode

# Enum members by value, which costs a fifth of calling the enum, for lists of thousands.
_ROLES = {str(role): role for role in Role}
_KINDS = {str(kind): kind for kind in MarkKind}
_LIGHTS = {str(light): light for light in Light}

AGENCY: Codec[Agency] = _flat("agency", "id name ori", lambda r: Agency(*r))
CASE: Codec[Case] = _flat("case", "number agency_id title id", lambda r: Case(*r))
EVENT: Codec[Event] = _flat("event", "case_id kind happened_at place id", lambda r: Event(*r))
EXHIBIT: Codec[Exhibit] = _flat(
    "exhibit", "case_id number description event_id id", lambda r: Exhibit(*r)
)
FIREARM: Codec[Firearm] = _flat(
    "firearm", "exhibit_id make model serial calibre id", lambda r: Firearm(*r)
)
CARTRIDGE_CASE: Codec[CartridgeCase] = _flat(
    "cartridge_case",
    "exhibit_id label role calibre firing_pin_shape breech_face_class headstamp firearm_id id",
    lambda r: CartridgeCase(r[0], r[1], _ROLES[r[2]], *r[3:]),
)
MARK: Codec[Mark] = _flat(
    "mark", "cartridge_case_id kind id", lambda r: Mark(r[0], _KINDS[r[1]], r[2])
)


def _encode_acquired(a: Acquired) -> Row:
    who = a.record.author
    record = a.record
    return (
        *(a.id, a.mark_id, a.digest, a.width, a.height, a.file_format),
        *(None if a.pixel_um is None else float(a.pixel_um), a.bits, int(a.lossy), a.file_name),
        *(canonical(a.units), canonical(a.warnings), record.captured_at),
        *(who.agency, who.station, who.examiner, who.ori, record.camera),
        *(canonical(record.settings), str(record.light), record.objective),
        *(record.software, record.origin, a.superseded_by),
    )


def _decode_acquired(kind: Kind) -> Callable[[Row], Acquired]:
    def decode(r: Row) -> Acquired:
        author = Author(r[13], r[14], r[15], r[16])
        settings = _from_json(r[18])[0] if r[18] != "{}" else {}
        record = CaptureRecord(r[12], author, r[17], settings, _LIGHTS[r[19]], r[20], r[21], r[22])
        units = _from_json(r[10])[0] if r[10] != "{}" else {}
        warnings = tuple(json.loads(r[11])) if r[11] != "[]" else ()
        return Acquired(
            mark_id=r[1],
            kind=kind,
            digest=r[2],
            width=r[3],
            height=r[4],
            file_format=r[5],
            record=record,
            pixel_um=r[6],
            bits=r[7],
            lossy=bool(r[8]),
            file_name=r[9],
            units=units,
            warnings=warnings,
            superseded_by=r[23],
            id=r[0],
        )

    return decode


_PICTURE_COLUMNS = (
    "id mark_id digest width height file_format pixel_um bits lossy file_name units warnings "
    "captured_at captured_agency captured_station captured_examiner captured_ori camera settings "
    "light objective software origin superseded_by"
)


def _picture(kind: Kind) -> Codec[Acquired]:
    return Codec(
        kind,
        _PICTURE_COLUMNS,
        _encode_acquired,
        _decode_acquired(kind),
        open_columns=frozenset({"superseded_by"}),
    )


PICTURES: dict[Kind, Codec[Acquired]] = {"image": _picture("image"), "scan": _picture("scan")}


def _numbers(circle: Circle | None) -> tuple[float | None, ...]:
    if circle is None:
        return (None, None, None)
    return (float(circle.x_um), float(circle.y_um), float(circle.radius_um))


def _decode_region(r: Row) -> Region:
    inner = None if r[5] is None else Circle(r[5], r[6], r[7])
    return Region(r[1], Circle(r[2], r[3], r[4]), inner, r[8], r[9], r[0])


REGION: Codec[Region] = Codec(
    "region",
    "id acquired_id outer_x_um outer_y_um outer_radius_um inner_x_um inner_y_um inner_radius_um "
    "confidence source",
    lambda g: (
        *(g.id, g.acquired_id, *_numbers(g.outer), *_numbers(g.inner)),
        *(float(g.confidence), g.source),
    ),
    _decode_region,
)

_SEARCH_COLUMNS = (
    "acquired_id state method version planned surveyed compared left_out refused started_at "
    "finished_at message seen id"
)
_search_fields = _fields(_SEARCH_COLUMNS)


def _decode_search(r: Row) -> Search:
    facts = (r[0], SearchState(r[1]), *r[2:12], bool(r[12]), r[13])
    return Search(*facts)


SEARCH: Codec[Search] = Codec(
    "search",
    _SEARCH_COLUMNS,
    lambda s: tuple(int(v) if isinstance(v, bool) else v for v in _search_fields(s)),
    _decode_search,
)


def _encode_cells(cells: tuple[Cell, ...]) -> str:
    return json.dumps(
        [
            (*c.left_um, *c.right_um, c.side_um, c.rotation_deg, c.ccf, int(c.congruent))
            for c in cells
        ],
        separators=(",", ":"),
        allow_nan=False,
        default=float,
    )


def _decode_cells(text: str) -> tuple[Cell, ...]:
    return tuple(
        Cell((r[0], r[1]), (r[2], r[3]), r[4], r[5], r[6], bool(r[7])) for r in json.loads(text)
    )


def _encode_candidate(c: Candidate) -> Row:
    s = c.score
    return (
        *(c.id, c.search_id, c.acquired_id, c.rank, str(c.review), s.method, s.version),
        *(float(s.score), float(s.ccf), int(s.cells), int(s.congruent_cells)),
        *(*_aligned(s.alignment), float(s.overlap), float(s.seconds), canonical(s.parameters)),
        *(_encode_cells(s.cell_list), float(s.overlap_um2) or None),
        *(s.rotation_sd_deg, s.shift_sd_um),
    )


def _aligned(alignment: Alignment) -> tuple[float, float, float]:
    x_um, y_um = alignment.shift_um
    return (float(alignment.rotation_deg), float(x_um), float(y_um))


def _decode_candidate(r: Row) -> Candidate:
    score = Score(
        *(r[5], r[6], r[7], r[8], r[9], r[10], Alignment(r[11], (r[12], r[13]))),
        *(r[14], r[15], json.loads(r[16]), _decode_cells(r[17]), r[18] or 0.0, r[19], r[20]),
    )
    return Candidate(r[1], r[2], r[3], score, Review(r[4]), r[0])


CANDIDATE: Codec[Candidate] = Codec(
    "candidate",
    "id search_id acquired_id rank review method version score ccf cells congruent_cells "
    "rotation_deg shift_x_um shift_y_um overlap seconds parameters cell_list overlap_um2 "
    "rotation_sd_deg shift_sd_um",
    _encode_candidate,
    _decode_candidate,
)

COMPARISON: Codec[Comparison] = Codec(
    "comparison",
    "id left_id right_id rotation_deg shift_x_um shift_y_um view candidate_id",
    lambda c: (
        *(c.id, c.left_id, c.right_id, *_aligned(c.alignment)),
        *(canonical(c.view), c.candidate_id),
    ),
    lambda r: Comparison(r[1], r[2], Alignment(r[3], (r[4], r[5])), json.loads(r[6]), r[7], r[0]),
)


_LATE_OF_CONCLUSION = (
    "basis basis_reason examined_physically examined_by examined_at subclass_excluded"
)


def _encode_conclusion(c: Conclusion) -> Row:
    who = c.author or Author("", "", "")
    examined = None if c.examined_physically is None else int(c.examined_physically)
    return (
        *(c.id, c.comparison_id, c.scale, c.value, c.reasons),
        *(who.agency, who.station, who.examiner, who.ori, c.recorded_at),
        *(c.basis, c.basis_reason, examined, c.examined_by, c.examined_at, c.subclass_excluded),
    )


def _decode_conclusion(r: Row) -> Conclusion:
    examined = None if r[12] is None else bool(r[12])
    said = (r[10], r[11], examined, r[13], r[14])
    who = Author(r[5], r[6], r[7], r[8])
    return Conclusion(r[1], r[2], r[3], r[4], who, r[9], *said, r[0], r[15])


CONCLUSION: Codec[Conclusion] = Codec(
    "conclusion",
    "id comparison_id scale value reasons concluded_agency concluded_station concluded_examiner "
    f"concluded_ori recorded_at {_LATE_OF_CONCLUSION}",
    _encode_conclusion,
    _decode_conclusion,
    late_columns=frozenset(_LATE_OF_CONCLUSION.split()),
)

# Every kind of record whose content the journal vouches for.
VOUCHED: tuple[Codec[Any], ...] = (
    AGENCY,
    CASE,
    EVENT,
    EXHIBIT,
    FIREARM,
    CARTRIDGE_CASE,
    MARK,
    PICTURES["image"],
    PICTURES["scan"],
    REGION,
    COMPARISON,
    CONCLUSION,
)
