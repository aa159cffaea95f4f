"""The demo casebook's story: fictional cases told with specimens of the synthetic bench."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from app.domain import Author, Role
from app.workbench import Registration

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
CALIBRE = "9 mm Luger"
ARCHIVE_CASE = "2025-1187"
ARCHIVE_PIXEL_UM = 5.06
ARCHIVE_FACTS = {
    "event.kind": "non-fatal shooting",
    "event.happened_at": "2025-11-07",
    "event.place": "Old Brewery Yard 3",
    "exhibit.entry_reason": "evidence",
    "cartridge_case.firing_pin_shape": "circular",
    "cartridge_case.breech_face_class": "parallel",
}
BROUGHT_FACTS = ARCHIVE_FACTS | {
    "event.kind": "recovery",
    "event.place": "brought into the demo",
    "cartridge_case.calibre": CALIBRE,
}
"""Of pictures that somebody brings into the demo: its record asks for them, too."""


def _ago(days: int) -> str:
    """The day so long before the demo is made, so that its clock tells something."""
    return (datetime.now(UTC).date() - timedelta(days=days)).isoformat()


@dataclass(frozen=True, slots=True)
class Shot:
    """A cartridge case of the story and the bench specimen that plays it."""

    registration: Registration
    gun: int
    shot: int
    light: str = "ring"

    @property
    def source(self) -> str:
        """The source that shows it."""
        return f"bench:gun={self.gun},shot={self.shot},light={self.light}"


@dataclass(frozen=True, slots=True)
class ArchivePicture:
    """A picture that comes as a file: its name and the bench specimen on it."""

    name: str
    gun: int
    shot: int


PIER = Registration(
    "2026-0412",
    "1",
    "1A",
    Role.EVIDENCE,
    CALIBRE,
    "circular",
    "parallel",
    title="Shooting at Pier Street",
    event_kind="non-fatal shooting",
    event_at=_ago(19),
    event_place="Pier Street 8",
    facts={"exhibit.entry_reason": "evidence"},
)
CANAL = replace(
    PIER,
    case_number="2026-0437",
    title="Shots at Canal Road",
    event_kind="shots fired",
    event_at=_ago(15),
    event_place="Canal Road, car park",
)
MARKET = replace(
    PIER,
    case_number="2026-0451",
    title="Shooting at the Old Market",
    event_kind="fatal shooting",
    event_at=_ago(11),
    event_place="Old Market 3",
)
MILLER = replace(
    PIER,
    case_number="2026-0440",
    title="Pistol found in a traffic stop",
    role=Role.TEST_FIRE,
    event_kind="recovery",
    event_at=_ago(13),
    event_place="Route 9, exit 4",
    firearm_make="Norvik",
    firearm_model="N9",
    firearm_serial="NK-204417",
    facts={"exhibit.entry_reason": "crime gun", "firearm.type": "pistol"},
)
LOFT = replace(
    MILLER,
    case_number="2026-0466",
    title="Pistol found in a search of premises",
    event_at=_ago(5),
    event_place="Loft Lane 21",
    firearm_make="Aldermann",
    firearm_model="A1 Compact",
    firearm_serial="77C1029",
)


WAITING = replace(
    PIER,
    case_number="2026-0475",
    title="Shots at Mill Lane",
    event_kind="shots fired",
    event_at=_ago(7),
    event_place="Mill Lane 40",
    exhibit_number="1",
    label="1A",
)
"""Received and registered; nobody has taken its pictures yet."""


def _labelled(base: Registration, exhibit: str, label: str) -> Registration:
    return replace(base, exhibit_number=exhibit, label=label)


SHOTS = (
    Shot(_labelled(PIER, "1", "1A"), 1, 1),
    Shot(_labelled(PIER, "2", "2A"), 2, 1),
    Shot(_labelled(CANAL, "1", "1A"), 1, 2),
    Shot(_labelled(CANAL, "1", "1B"), 4, 1),
    Shot(_labelled(MILLER, "1", "T1"), 3, 1),
    Shot(_labelled(MILLER, "1", "T2"), 3, 2),
    Shot(_labelled(MARKET, "1", "1A"), 3, 3),
    Shot(_labelled(LOFT, "1", "T1"), 5, 1),
    Shot(_labelled(LOFT, "1", "T2"), 5, 2),
)
ARCHIVE = (
    ArchivePicture("K-14", 4, 2),
    ArchivePicture("K-15", 6, 1),
    ArchivePicture("K-16", 7, 1),
)
QUERY = Shot(
    replace(
        PIER,
        case_number="2026-0471",
        title="Shots at the ferry terminal",
        event_kind="shots fired",
        event_at=_ago(2),
        event_place="Ferry terminal, gate 2",
    ),
    1,
    3,
)
"""What ``casehead run`` acquires: its mates are 2026-0412 / 1 / 1A and 2026-0437 / 1 / 1A."""

SEARCHED = ("2026-0412 / 1 / 1A", "2026-0437 / 1 / 1A", "2026-0437 / 1 / 1B", "2026-0451 / 1 / 1A")
"""What is searched once all are there: enough to show, and quick to make."""

EVIDENCE = "2026-0451 / 1 / 1A"
KNOWN = "2026-0440 / 1 / T1"
LEAD = ("2026-0412 / 1 / 1A", "2026-0437 / 1 / 1A")
"""Two shootings by one gun that was not found: seen on screen, not confirmed yet."""
DISPUTED = ("2026-0437 / 1 / 1B", "2025-1187 / K-14 / K-14")
"""On which two examiners differ."""
