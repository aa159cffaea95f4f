"""A casebook on a real disk, and one exhibit in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.store import Casebook
from tests.app.store.store_parts import JANE, Planted, plant


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "casebook"


@pytest.fixture
def casebook(folder: Path) -> Iterator[Casebook]:
    with Casebook.open(folder) as opened:
        opened.set_author(JANE)
        yield opened


@pytest.fixture
def planted(casebook: Casebook) -> Planted:
    return plant(casebook)


@pytest.fixture
def reopened(casebook: Casebook, folder: Path) -> Callable[[], Casebook]:
    """Close the casebook and look at it as the next start does; read-only, so no clean-up."""

    def again() -> Casebook:
        casebook.close()
        return Casebook.open(folder, read_only=True)

    return again
