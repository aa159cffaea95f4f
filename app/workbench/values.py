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
    CaseheadError,
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


@dataclass(frozen=True, slots=True)
class ScaleValue:
    """One conclusion an examiner may choose."""

    key: str
    label: str
    explanation: str


@dataclass(frozen=True, slots=True)
class ConclusionScale:
    """The laboratory's scale of conclusions."""

    name: str
    values: tuple[ScaleValue, ...]

    def value(self, key: str) -> ScaleValue:
        """The value under ``key``. Raises CaseheadError when the scale has no such value."""
        for value in self.values:
            if value.key == key:
                return value
        keys = ", ".join(v.key for v in self.values)
        raise CaseheadError(
            f"The scale {self.name} has no conclusion '{key}'; choose one of: {keys}."
        )


def load_scale(name: str = "afte") -> ConclusionScale:
    """The conclusion scale shipped as ``resources/conclusion_scales/<name>.json``."""
    text = (
        resources.files("resources")
        .joinpath("conclusion_scales", f"{name}.json")
        .read_text("utf-8")
    )
    data = json.loads(text)
    return ConclusionScale(data["name"], tuple(ScaleValue(**v) for v in data["values"]))


def load_pick_lists() -> dict[str, tuple[str, ...]]:
    """The lists shipped as ``resources/pick_lists.json``, by name."""
    text = resources.files("resources").joinpath("pick_lists.json").read_text("utf-8")
    return {name: tuple(entries) for name, entries in json.loads(text).items()}
