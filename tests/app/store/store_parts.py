"""What the tests of the casebook build on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from app.domain import (
    Acquired,
    Alignment,
    Author,
    Candidate,
    CaptureRecord,
    CartridgeCase,
    Case,
    Cell,
    Exhibit,
    Light,
    Mark,
    Score,
)
from app.store import Casebook

JANE = Author(agency="Lab North", station="Bench 1", examiner="Jane Doe", ori="OR0010000")


@dataclass(frozen=True)
class Planted:
    """One case down to its mark."""

    case: Case
    exhibit: Exhibit
    cartridge_case: CartridgeCase
    mark: Mark


def plant(casebook: Casebook, number: str = "2026-0412", label: str = "3A") -> Planted:
    """Register a case with one exhibit, cartridge case and mark."""
    case = casebook.add_case(Case(number))
    exhibit = casebook.add_exhibit(Exhibit(case.id, "3"))
    cartridge_case = casebook.add_cartridge_case(CartridgeCase(exhibit.id, label, calibre="9 mm"))
    return Planted(case, exhibit, cartridge_case, casebook.add_mark(Mark(cartridge_case.id)))


def picture(mark_id: str, digest: str, **changes: Any) -> Acquired:
    """An image record of a mark."""
    record = CaptureRecord(
        captured_at="2026-01-05T09:00:00+00:00",
        author=JANE,
        camera="Bench camera",
        settings={"exposure_ms": 4.5, "white_balance": [1.0, 2.0]},
        light=Light.RING,
    )
    facts: dict[str, Any] = {"kind": "image", "pixel_um": 2.53, "file_name": "a.png", **changes}
    return Acquired(
        mark_id, digest=digest, width=640, height=480, file_format="png", record=record, **facts
    )


def save(casebook: Casebook, mark_id: str, data: bytes = b"pixels") -> Acquired:
    """Keep pixels and their record, as a capture does."""
    with casebook.transaction():
        return casebook.add_acquired(picture(mark_id, casebook.keep_pixels(data, "png")))


def candidate(search_id: str, acquired_id: str, rank: int, score: float = 0.5) -> Candidate:
    """A candidate with two cells."""
    cell = Cell((1.5, -2.0), (3.25, 4.0), 200.0, -1.25, 0.75, True)
    told = Score(
        *("congruent cells", "1", score, 0.61, 40, 17, Alignment(12.5, (3.0, -4.5)), 0.93, 0.05),
        parameters={"cell_um": 200.0, "limits": [1, 2]},
        cell_list=(cell, replace(cell, congruent=False)),
        overlap_um2=4_125_000.5,
        rotation_sd_deg=0.2,
        shift_sd_um=3.25,
    )
    return Candidate(search_id, acquired_id, rank, told)
