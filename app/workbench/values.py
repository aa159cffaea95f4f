"""What the workbench hands out besides the values of the domain."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
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

    ``event_at`` is ISO 8601, a date or a moment. A firearm is recorded when any of its fields is
    filled in. ``facts`` are further fields by ``Field.name``, such as "exhibit.entry_reason".
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
    facts: Mapping[str, str] = field(default_factory=dict)

    def facts_of(self, kind: str) -> dict[str, str]:
        """The further fields of one kind of record that are filled in, by key."""
        start = f"{kind}."
        return {
            name.removeprefix(start): value
            for name, value in self.facts.items()
            if name.startswith(start) and value
        }


@dataclass(frozen=True, slots=True)
class MarkNode:
    """A mark and its current images and scans, oldest first."""

    mark: Mark
    acquired: tuple[Acquired, ...]


@dataclass(frozen=True, slots=True)
class CartridgeCaseNode:
    """A cartridge case with its marks; ``gun`` says of which gun it is, "" where none is known."""

    cartridge_case: CartridgeCase
    marks: tuple[MarkNode, ...]
    gun: str = ""


@dataclass(frozen=True, slots=True)
class ExhibitNode:
    exhibit: Exhibit
    cartridge_cases: tuple[CartridgeCaseNode, ...]


@dataclass(frozen=True, slots=True)
class CaseNode:
    """A case with everything below it; of a large casebook only when it was ``read``."""

    case: Case
    exhibits: tuple[ExhibitNode, ...]
    read: bool = True


@dataclass(frozen=True, slots=True)
class TreePart:
    """What is seen of the casebook's tree. A ``large`` one comes in parts, the newest case first;
    ``count`` is how many cases there are.
    """

    cases: tuple[CaseNode, ...] = ()
    count: int = 0
    large: bool = False


@dataclass(frozen=True, slots=True)
class SearchLine:
    """A search and its query; ``unseen`` when it finished and nobody has looked yet."""

    search: Search
    provenance: Provenance
    unseen: bool


@dataclass(frozen=True, slots=True)
class CandidateLine:
    """A candidate and where it sits; ``gun`` is the gun group it is of, "" for none."""

    candidate: Candidate
    provenance: Provenance
    gun: str = ""


def load_pick_lists() -> dict[str, tuple[str, ...]]:
    """The lists shipped as ``resources/pick_lists.json``, by name."""
    text = resources.files("resources").joinpath("pick_lists.json").read_text("utf-8")
    return {name: tuple(entries) for name, entries in json.loads(text).items()}
