"""The two ways a validation compares marks: Casehead's own, and the plain one beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.validation import plain
from correlation.compare import compare
from correlation.method import METHOD, VERSION, settings_for
from correlation.prepare import prepare
from correlation.surface import Kind, Mark, Surface


@dataclass(frozen=True, slots=True)
class Measured:
    """What one technique says of a pair."""

    score: float
    cells: int
    congruent_cells: int
    ccf: float
    rotation_deg: float


@dataclass(frozen=True, slots=True, eq=False)
class Technique:
    """How marks are made ready and compared; ``identity`` is all that its numbers depend on."""

    name: str
    identity: Callable[[Mark], Mapping[str, Any]]
    prepare: Callable[[Surface, Mark], Any]
    compare: Callable[[Any, Any], Measured]


def _own_identity(mark: Mark) -> Mapping[str, Any]:
    kinds: tuple[Kind, ...] = ("image", "scan")
    return {
        "method": METHOD,
        "version": VERSION,
        "parameters": {kind: dict(settings_for(kind, mark).as_dict()) for kind in kinds},
        "mark": mark,
    }


def _own_compare(first: Any, second: Any) -> Measured:
    found = compare(first, second)
    return Measured(found.score, found.cells, found.congruent_cells, found.ccf, found.rotation_deg)


def _plain_identity(mark: Mark) -> Mapping[str, Any]:
    return {"method": plain.NAME, "version": plain.VERSION, "parameters": plain.settings()}


def _plain_compare(first: Any, second: Any) -> Measured:
    found = plain.plain_compare(first, second)
    return Measured(found.ccf, 0, 0, found.ccf, found.rotation_deg)


CASEHEAD: Final = Technique(
    "Casehead", _own_identity, lambda surface, mark: prepare(surface, mark=mark), _own_compare
)
BASELINE: Final = Technique(
    "baseline", _plain_identity, lambda surface, mark: plain.plain_mark(surface), _plain_compare
)
