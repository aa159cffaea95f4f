"""Two agencies and what one of them shares."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain import (
    Acquired,
    Author,
    CaptureRecord,
    CartridgeCase,
    Case,
    Event,
    Exhibit,
    Firearm,
    Light,
    Mark,
    Role,
    now,
)
from app.store import Casebook

HARBOR = Author("Harbor City Laboratory", "Bench 1", "R. Okafor", "XX0990100")
LAKE = Author("Lake County Laboratory", "Bench 7", "M. Lindqvist", "XX0990200")
PIXELS = (b"first picture, as captured", b"second picture, as captured")


def fill(casebook: Casebook, *, label: str = "1A", pixel_um: float | None = 2.53) -> Exhibit:
    """One exhibit with an event, a firearm and a cartridge case with two pictures."""
    case = casebook.find_case("2026-7") or casebook.add_case(Case("2026-7", title="Pier"))
    event = casebook.add_event(Event(case.id, "shots fired", "2026-02-01", "Pier 8"))
    exhibit = casebook.add_exhibit(Exhibit(case.id, f"x{label}", "Käse & co", event_id=event.id))
    firearm = casebook.add_firearm(Firearm(exhibit.id, "Norvik", "N9", "NK-1", "9 mm Luger"))
    cartridge_case = casebook.add_cartridge_case(
        CartridgeCase(exhibit.id, label, Role.TEST_FIRE, "9 mm Luger", firearm_id=firearm.id)
    )
    mark = casebook.add_mark(Mark(cartridge_case.id))
    for pixels in PIXELS:
        add_picture(casebook, mark, label.encode() + pixels, pixel_um)
    return exhibit


def add_picture(
    casebook: Casebook, mark: Mark, pixels: bytes, pixel_um: float | None = 2.53
) -> Acquired:
    author = casebook.author
    assert author is not None
    record = CaptureRecord(
        now(), author, "Bench", {"gain": 1.5, "nothing": float("nan")}, Light.RING, "4x", "0.1"
    )
    digest = casebook.keep_pixels(pixels, ".png")
    return casebook.add_acquired(
        Acquired(mark.id, "image", digest, 640, 480, "png", record, pixel_um, warnings=("dim",))
    )


def entry_of(folder: Path) -> Path:
    """The only entry in an exchange folder."""
    (found,) = [p for p in folder.glob("*/entries/*") if not p.name.startswith(".")]
    return found


def rewritten(entry: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The entry with its document changed and its name made to agree, as a forger would."""
    document = json.loads((entry / "entry.json").read_bytes())
    change(document)
    data = json.dumps(document).encode()
    (entry / "entry.json").write_bytes(data)
    return entry.rename(entry.with_name(hashlib.sha256(data).hexdigest()))


def counts(casebook: Casebook) -> tuple[int, ...]:
    """How many records of each kind a casebook holds."""
    return (
        len(casebook.agencies()),
        len(casebook.cases()),
        len(casebook.events()),
        len(casebook.exhibits()),
        len(casebook.firearms()),
        len(casebook.provenances()),
        len(casebook.journal()),
    )
