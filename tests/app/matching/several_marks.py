"""A casebook in which several marks of several cartridge cases were searched, scores and all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from app.capture import Frame
from app.domain import (
    Alignment,
    Author,
    Candidate,
    Light,
    MarkKind,
    Role,
    Score,
    Search,
    SearchState,
    now,
)
from app.store import Casebook
from app.workbench import Registration, Workbench
from correlation.method import METHOD, VERSION

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
BREECH, PIN = MarkKind.BREECH_FACE, MarkKind.FIRING_PIN
Picture = Callable[[int, int], Frame]

HELD = (
    # case, label, role, gun, shot, marks
    ("2026-0471", "1A", Role.EVIDENCE, 1, 1, (BREECH, PIN)),
    ("2026-0440", "T1", Role.TEST_FIRE, 1, 2, (BREECH, PIN)),
    ("2026-0440", "T2", Role.TEST_FIRE, 1, 3, (BREECH, PIN)),
    ("2026-0412", "1A", Role.EVIDENCE, 2, 1, (BREECH, PIN)),
    ("2026-0451", "1A", Role.EVIDENCE, 3, 1, (BREECH,)),
    ("2026-0460", "1A", Role.EVIDENCE, 2, 2, (BREECH, PIN)),
)
SCORES = {
    # what each search found: the breech face alone puts 2026-0412 first, and the firing pin of
    # 2026-0460 fell out of its list
    BREECH: {
        "2026-0412/1A": 0.46,
        "2026-0440/T1": 0.42,
        "2026-0451/1A": 0.30,
        "2026-0440/T2": 0.20,
        "2026-0460/1A": 0.12,
    },
    PIN: {"2026-0440/T1": 0.55, "2026-0440/T2": 0.35, "2026-0412/1A": 0.12},
}


def blank(gun: int, shot: int) -> Frame:
    """A picture that only differs from the others."""
    pixels = np.full((40, 40), 16 * gun + shot, np.uint8)
    return Frame(pixels, shot, now(), float(shot), {}, 12.0, Light.RING)


@dataclass
class Story:
    """Pictures by mark and name (``case/label``), searches by mark."""

    folder: Path
    pictures: dict[tuple[MarkKind, str], str] = field(default_factory=dict)
    searches: dict[MarkKind, str] = field(default_factory=dict)
    query_case_id: str = ""

    def name_of(self, acquired_id: str) -> str:
        """The name of a picture."""
        return next(name for (_, name), i in self.pictures.items() if i == acquired_id)


def score(value: float, version: str = VERSION) -> Score:
    """A score as the engine gives it."""
    cells = round(24 * value)
    return Score(
        METHOD, version, value, value, 24, cells, Alignment(12.0, (30.0, -20.0)), 0.9, 0.05
    )


def build(folder: Path, picture: Picture = blank) -> Story:
    """Register and capture everything with the workbench, store the lists in the casebook."""
    story = Story(folder)
    workbench = Workbench(folder, automatic_search=False)
    workbench.set_author(AUTHOR)
    for number, (case, label, role, gun, shot, kinds) in enumerate(HELD):
        for kind in kinds:
            armed = (
                {"firearm_make": "Norvik", "firearm_serial": "NK-2"} if gun == 1 and number else {}
            )
            mark = workbench.register(
                Registration(case, "1", label, role, "9 mm Luger", mark_kind=kind, **armed)
            )
            acquired = workbench.capture(mark.id, picture(gun, shot), camera="bench")
            story.pictures[kind, f"{case}/{label}"] = acquired.id
    story.query_case_id = workbench.provenance(
        story.pictures[BREECH, "2026-0471/1A"]
    ).cartridge_case.id
    workbench.close()
    with Casebook.open(folder) as casebook:
        for kind, found in SCORES.items():
            story.searches[kind] = add_search(casebook, story, kind, found)
    return story


def add_search(
    casebook: Casebook,
    story: Story,
    kind: MarkKind,
    found: dict[str, float],
    state: SearchState = SearchState.DONE,
    surveyed: int = 5,
) -> str:
    """Store a search of the query's mark with its list."""
    search = Search(
        story.pictures[kind, "2026-0471/1A"],
        state,
        METHOD,
        VERSION,
        planned=5,
        surveyed=surveyed,
        compared=len(found),
        finished_at=now() if state is SearchState.DONE else "",
    )
    casebook.add_search(search)
    fill(casebook, story, kind, search.id, found)
    return search.id


def fill(
    casebook: Casebook, story: Story, kind: MarkKind, search_id: str, found: dict[str, float]
) -> None:
    """Put the list of a search in place, best first."""
    best = sorted(found, key=lambda name: -found[name])
    casebook.replace_candidates(
        search_id,
        [
            Candidate(search_id, story.pictures[kind, name], rank, score(found[name]))
            for rank, name in enumerate(best, start=1)
        ],
    )
