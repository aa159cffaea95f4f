"""A small casebook whose cases are linked: two hits, two leads, guns, places, days."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from app.capture import Frame
from app.domain import Author, Circle, Light, Role, now
from app.workbench import Registration, Workbench
from app.workbench.scale import Draft

FIRST = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
SECOND = replace(FIRST, examiner="M. Lind")
CASES = (
    # number, kind of event, day, place, latitude, longitude, calibre
    (
        "2026-0412",
        "non-fatal shooting",
        "2026-02-11",
        "Pier 4",
        "40.7010",
        "-74.0120",
        "9 mm Luger",
    ),
    ("2026-0440", "fatal shooting", "2026-03-02", "Mill Lane", "40.7160", "-73.9980", "9 mm Luger"),
    ("2026-0451", "shots fired", "2026-03-20", "Ash Street", "40.7245", "-73.9900", "9 mm Luger"),
    ("2026-0460", "recovery", "2026-04-05", "Dock 9", "", "", "9 mm Luger"),
    (
        "2026-0502",
        "non-fatal shooting",
        "2026-05-01",
        "Old Bridge",
        "40.6900",
        "-74.0300",
        ".45 Auto",
    ),
    ("2026-0517", "fatal shooting", "2026-05-19", "Canal Walk", "40.6850", "-74.0410", ".45 Auto"),
    ("2026-0600", "non-fatal shooting", "2026-06-07", "", "", "", ".40 S&W"),
)
HITS = (("2026-0412", "2026-0440"), ("2026-0440", "2026-0451"))
LEADS = (("2026-0451", "2026-0460"), ("2026-0502", "2026-0517"))


@dataclass(frozen=True, slots=True)
class LinkedBook:
    """Identifiers by case number."""

    pictures: dict[str, str]
    cases: dict[str, str]
    cartridge_cases: dict[str, str]


def linked_book(workbench: Workbench) -> LinkedBook:
    """Record all of it: who concluded, who verified, who proposed, who agreed."""
    workbench.set_author(FIRST)
    pictures, cases, cartridge_cases = {}, {}, {}
    for level, row in enumerate(CASES):
        pictures[row[0]] = acquired = _pictured(workbench, row, 60 + 20 * level)
        place = workbench.provenance(acquired)
        cases[row[0]] = place.case.id
        cartridge_cases[row[0]] = place.cartridge_case.id
        if row[4]:
            assert place.exhibit.event_id is not None
            at = {"latitude": row[4], "longitude": row[5]}
            workbench.set_facts("event", place.exhibit.event_id, at)
    book = LinkedBook(pictures, cases, cartridge_cases)
    for left, right in HITS:
        hit(workbench, book, left, right)
    for left, right in LEADS:
        lead(workbench, book, left, right)
    workbench.set_author(FIRST)
    workbench.make_gun(
        "Gun A of 2026-0412", [cartridge_cases[n] for n in ("2026-0412", "2026-0440")]
    )
    return book


def hit(workbench: Workbench, book: LinkedBook, left: str, right: str) -> None:
    """An identification by the first, verified by the second."""
    workbench.set_author(FIRST)
    made = workbench.open_comparison(book.pictures[left], book.pictures[right])
    comparison = workbench.save_comparison(made)
    workbench.conclude(comparison.id, _sure(FIRST))
    task = workbench.ask_verification(comparison.id, "open", SECOND.examiner)
    workbench.set_author(SECOND)
    workbench.verify(task.id, _sure(SECOND))


def lead(workbench: Workbench, book: LinkedBook, left: str, right: str) -> None:
    """Proposed by the first, agreed by the second."""
    workbench.set_author(FIRST)
    proposed = workbench.propose_lead(book.pictures[left], book.pictures[right], "Striae agree.")
    workbench.set_author(SECOND)
    workbench.agree_lead(proposed.id, "Seen too.")


def _pictured(workbench: Workbench, row: tuple[str, ...], level: int) -> str:
    number, kind, day, where, _, _, calibre = row
    gun = {}
    role = Role.EVIDENCE
    if kind == "recovery":
        gun = {"firearm_make": "Norvik", "firearm_model": "N9", "firearm_serial": "K5521"}
        role = Role.TEST_FIRE
    wanted = Registration(
        *(number, "1", "1A", role, calibre),
        event_kind=kind,
        event_at=day,
        event_place=where,
        **gun,
    )
    mark = workbench.register(wanted)
    pixels = np.full((64, 64), level, np.uint8)
    kept = workbench.capture(mark.id, Frame(pixels, level, now(), 0.0, {}, 2.5, Light.RING))
    workbench.correct_region(kept.id, Circle(50, 50, 40), None)
    return kept.id


def _sure(author: Author) -> Draft:
    why = "Striae agree over the whole face."
    return Draft("identification", why, "", "", True, author.examiner, "2026-07-01")
