"""What ``entry.json`` holds, checked before anything of it is believed.

An entry carries the facts of one exhibit: its agency, case and event, the firearms and cartridge
cases with their marks, and every picture with its capture record. Pixels lie beside it in files
named by their digest, so no name inside the document is ever used as a path.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from app.domain import Acquired, Author, CaptureRecord, CaseheadError, Light, MarkKind, Role

FORMAT = "casehead-entry"
VERSION = 1

Id = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_ONE_LINE_NOT_BLANK = r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"
Number = Annotated[str, StringConstraints(pattern=_ONE_LINE_NOT_BLANK, max_length=200)]
Line = Annotated[str, StringConstraints(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=1000)]
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=20000)]
Format = Literal["png", "tiff", "bmp", "jpeg", "x3p", "al3d"]
PixelSize = Annotated[float, Field(ge=0.01, le=1000, allow_inf_nan=False)]


class Facts(BaseModel):
    """Common ground: nothing unknown, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class AgencyFacts(Facts):
    id: Id
    name: Number
    ori: Line = ""


class CaseFacts(Facts):
    id: Id
    number: Number
    title: Text = ""


class EventFacts(Facts):
    id: Id
    kind: Line
    happened_at: Line = ""
    place: Text = ""


class ExhibitFacts(Facts):
    id: Id
    number: Number
    description: Text = ""


class FirearmFacts(Facts):
    id: Id
    exhibit_id: Id
    make: Line = ""
    model: Line = ""
    serial: Line = ""
    calibre: Line = ""


class AuthorFacts(Facts):
    agency: Line
    station: Line
    examiner: Line
    ori: Line = ""


class RecordFacts(Facts):
    captured_at: Line
    author: AuthorFacts
    camera: Line = ""
    settings: dict[str, Any] = {}
    light: Light = Light.UNKNOWN
    objective: Line = ""
    software: Line = ""
    origin: Text = ""


class AcquiredFacts(Facts):
    id: Id
    kind: Literal["image", "scan"]
    digest: Digest
    width: Annotated[int, Field(ge=1, le=1_000_000)]
    height: Annotated[int, Field(ge=1, le=1_000_000)]
    file_format: Format
    record: RecordFacts
    pixel_um: PixelSize | None = None
    bits: Annotated[int, Field(ge=1, le=64)] = 8
    lossy: bool = False
    file_name: Line = ""
    units: dict[str, Line] = {}
    warnings: tuple[Text, ...] = ()

    @classmethod
    def of(cls, acquired: Acquired) -> AcquiredFacts:
        """The facts of a stored picture."""
        record = acquired.record
        author = record.author
        return cls(
            id=acquired.id,
            kind=acquired.kind,
            digest=acquired.digest,
            width=acquired.width,
            height=acquired.height,
            file_format=acquired.file_format,  # type: ignore[arg-type]
            pixel_um=acquired.pixel_um,
            bits=acquired.bits,
            lossy=acquired.lossy,
            file_name=acquired.file_name,
            units=dict(acquired.units),
            warnings=acquired.warnings,
            record=RecordFacts(
                captured_at=record.captured_at,
                author=AuthorFacts(
                    agency=author.agency,
                    station=author.station,
                    examiner=author.examiner,
                    ori=author.ori,
                ),
                camera=record.camera,
                settings=dict(record.settings),
                light=record.light,
                objective=record.objective,
                software=record.software,
                origin=record.origin,
            ),
        )

    def value(self, mark_id: str) -> Acquired:
        """The picture as a domain value under ``mark_id``."""
        facts = self.model_dump(exclude={"record"})
        record = self.record.model_dump(exclude={"author"})
        author = Author(**self.record.author.model_dump())
        return Acquired(mark_id=mark_id, record=CaptureRecord(author=author, **record), **facts)


class MarkFacts(Facts):
    id: Id
    kind: MarkKind
    acquired: tuple[AcquiredFacts, ...] = ()


class CartridgeCaseFacts(Facts):
    id: Id
    label: Number
    role: Role
    calibre: Line = ""
    firing_pin_shape: Line = ""
    breech_face_class: Line = ""
    headstamp: Line = ""
    firearm_id: Id | None = None
    marks: tuple[MarkFacts, ...] = ()


class Entry(Facts):
    """One exhibit as shared; ``firearm_exhibits`` are those its firearms belong to."""

    format: Literal["casehead-entry"] = "casehead-entry"
    version: Literal[1] = 1
    agency: AgencyFacts
    case: CaseFacts
    event: EventFacts | None = None
    exhibit: ExhibitFacts
    firearm_exhibits: tuple[ExhibitFacts, ...] = ()
    firearms: tuple[FirearmFacts, ...] = ()
    cartridge_cases: tuple[CartridgeCaseFacts, ...] = ()

    @property
    def name(self) -> str:
        """For example ``Harbor City 2026-0412 / 3``."""
        return f"{self.agency.name} {self.case.number} / {self.exhibit.number}"

    @property
    def acquired(self) -> tuple[AcquiredFacts, ...]:
        """All pictures of the exhibit."""
        return tuple(a for c in self.cartridge_cases for m in c.marks for a in m.acquired)

    def document(self) -> bytes:
        """The bytes of ``entry.json``: the same facts give the same bytes."""
        facts = json.loads(self.model_dump_json())
        text = json.dumps(facts, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
        return text.encode() + b"\n"


def parse(document: bytes) -> Entry:
    """The entry a document holds. Raises CaseheadError when it is not one, or a newer one."""
    try:
        loose = json.loads(document)
    except (ValueError, RecursionError) as error:
        raise CaseheadError("its entry.json is not readable JSON") from error
    if not isinstance(loose, dict) or loose.get("format") != FORMAT:
        raise CaseheadError("its entry.json is not an entry of Casehead")
    version = loose.get("version")
    if isinstance(version, int) and version > VERSION:
        raise CaseheadError("it was written by a newer Casehead; bring this station up to date")
    try:
        entry = Entry.model_validate_json(document, strict=True)
    except ValidationError as error:
        raise CaseheadError(
            f"its entry.json does not hold what it must: {_first(error)}"
        ) from error
    _check_references(entry)
    return entry


def _first(error: ValidationError) -> str:
    """The first thing wrong, as ``where: what``."""
    problem = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in problem["loc"]) or "document"
    return f"{where}: {problem['msg']}"


def _check_references(entry: Entry) -> None:
    exhibits = {entry.exhibit.id, *(x.id for x in entry.firearm_exhibits)}
    firearms = {f.id for f in entry.firearms}
    named = {c.firearm_id for c in entry.cartridge_cases if c.firearm_id is not None}
    if any(f.exhibit_id not in exhibits for f in entry.firearms) or not named <= firearms:
        raise CaseheadError("its entry.json names a firearm or exhibit that it does not carry")
    marks = [m for c in entry.cartridge_cases for m in c.marks]
    ids = [*exhibits, *firearms, *(c.id for c in entry.cartridge_cases)]
    ids += [*(m.id for m in marks), *(a.id for a in entry.acquired)]
    if len(set(ids)) != len(ids):
        raise CaseheadError("its entry.json uses one identifier twice")
