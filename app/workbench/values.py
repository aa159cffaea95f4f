"""What the workbench hands out besides the values of the domain."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources

from app.domain import (
    Acquired,
    Candidate,
    CartridgeCase,
    Case,
    Exhibit,
    Mark,
    MarkKind,
    Provenance,
    Role,
    Search,
)


@dataclass(frozen=True, slots=True)
class Registration:
    """What an examiner fills in to register a cartridge case; empty fields are unknown.

    ``event_at`` is ISO 8601, a date or a moment. A firearm is recorded when any of its three
    fields is filled in.
    """

    case_number: str
    exhibit_number: str
    label: str
    role: Role = Role.EVIDENCE
    calibre: str = ""
    firing_pin_shape: str = ""
    breech_face_class: str = ""
    mark_kind: MarkKind = MarkKind.BREECH_FACE
    title: str = ""
    event_kind: str = ""
    event_at: str = ""
    event_place: str = ""
    firearm_make: str = ""
    firearm_model: str = ""
    firearm_serial: str = ""


@dataclass(frozen=True, slots=True)
class MarkNode:
    """A mark and its current images and scans, oldest first."""

    mark: Mark
    acquired: tuple[Acquired, ...]


@dataclass(frozen=True, slots=True)
class CartridgeCaseNode:
    cartridge_case: CartridgeCase
    marks: tuple[MarkNode, ...]


@dataclass(frozen=True, slots=True)
class ExhibitNode:
    exhibit: Exhibit
    cartridge_cases: tuple[CartridgeCaseNode, ...]


@dataclass(frozen=True, slots=True)
class CaseNode:
    """A case with everything below it."""

    case: Case
    exhibits: tuple[ExhibitNode, ...]


@dataclass(frozen=True, slots=True)
class SearchLine:
    """A search and its query; ``unseen`` when it finished and nobody has looked yet."""

    search: Search
    provenance: Provenance
    unseen: bool


@dataclass(frozen=True, slots=True)
class CandidateLine:
    candidate: Candidate
    provenance: Provenance


def load_pick_lists() -> dict[str, tuple[str, ...]]:
    """The lists shipped as ``resources/pick_lists.json``, by name."""
    text = resources.files("resources").joinpath("pick_lists.json").read_text("utf-8")
    return {name: tuple(entries) for name, entries in json.loads(text).items()}
