"""A workbench on a fresh casebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from casework_parts import acquired, concluded
from people_parts import AUTHOR as OKAFOR
from people_parts import PASSWORD, ROLES, Clock
from stand_in import StandIn
from workbench_parts import AUTHOR

from app.casework.people import Skill
from app.domain import Comparison
from app.workbench import Workbench

Open = Callable[..., Workbench]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens workbenches on the same folder and closes them at the end."""
    made: list[Workbench] = []

    def open_one(*, automatic_search: bool = False, author: bool = True) -> Workbench:
        workbench = Workbench(tmp_path / "casebook", automatic_search=automatic_search)
        made.append(workbench)
        if author and workbench.author is None:
            workbench.set_author(AUTHOR)
        return workbench

    yield open_one
    for workbench in made:
        workbench.close()


@pytest.fixture
def workbench(opened: Open) -> Workbench:
    """An empty one that searches only when told."""
    return opened()


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """A stand-in for the correlation library."""
    return StandIn(monkeypatch)


@pytest.fixture
def pair(workbench: Workbench) -> tuple[str, str]:
    """Pictures of two cases."""
    return acquired(workbench, "2026-1", 100), acquired(workbench, "2026-2", 90)


@pytest.fixture
def comparison(workbench: Workbench, pair: tuple[str, str]) -> Comparison:
    """Of the two, with an identification by the first examiner."""
    return concluded(workbench, *pair)


@pytest.fixture
def clock() -> Clock:
    """By which people sign in."""
    return Clock()


@pytest.fixture
def bench(tmp_path: Path, clock: Clock) -> Iterator[Workbench]:
    """R. Okafor, who administers, is signed in by password."""
    made = Workbench(tmp_path / "casebook", automatic_search=False, moment=clock)
    made.set_up(OKAFOR, PASSWORD)
    yield made
    made.close()


@pytest.fixture
def named(tmp_path: Path, clock: Clock) -> Iterator[Workbench]:
    """People of one role each, all qualified, who sign in by name only."""
    made = Workbench(tmp_path / "named", automatic_search=False, moment=clock)
    made.set_up(OKAFOR, None)
    for role in ROLES:
        person = made.add_person(f"The {role}", [role])
        for skill in Skill:
            made.grant_qualification(person.id, skill, "2026-01-01", "2026-12-31")
    yield made
    made.close()
