"""A workbench on a fresh casebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from stand_in import StandIn
from workbench_parts import AUTHOR

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
