"""A casebook of very many cartridge cases whose marks are few, for measuring searches."""

from __future__ import annotations

import hashlib
from pathlib import Path

from app.domain import (
    Acquired,
    Author,
    CaptureRecord,
    CartridgeCase,
    Case,
    Circle,
    Exhibit,
    Mark,
    Region,
    now,
)
from app.store import Casebook

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
CASES = 1000
OUTER, INNER = Circle(2000, 2000, 1900), Circle(2000, 2000, 800)


def fill(casebook: Casebook, count: int) -> None:
    """Registers ``count`` cartridge cases, each with a scan and its region; no pixels are kept."""
    casebook.set_author(AUTHOR)
    record = CaptureRecord(now(), AUTHOR)
    with casebook.transaction():
        for start in range(0, count, CASES):
            case = casebook.add_case(Case(f"2026-{start // CASES:04d}"))
            exhibit = casebook.add_exhibit(Exhibit(case.id, "1"))
            for number in range(start, min(start + CASES, count)):
                held = casebook.add_cartridge_case(
                    CartridgeCase(exhibit.id, f"{number}", calibre="9 mm Luger")
                )
                mark = casebook.add_mark(Mark(held.id))
                digest = hashlib.sha256(str(number).encode()).hexdigest()
                picture = Acquired(mark.id, "scan", digest, 640, 640, "x3p", record, 6.25)
                casebook.add_acquired(picture)
                casebook.add_region(Region(picture.id, OUTER, INNER, 0.9))


def made(folder: Path, count: int) -> Casebook:
    """A new casebook in ``folder``."""
    casebook = Casebook.open(folder)
    fill(casebook, count)
    return casebook
