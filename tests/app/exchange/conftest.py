"""Two casebooks and the folder between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store import Casebook
from tests.app.exchange.exchange_parts import HARBOR, LAKE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "stick"
    made.mkdir()
    return made


@pytest.fixture
def harbor(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(tmp_path / "harbor") as casebook:
        casebook.set_author(HARBOR)
        yield casebook


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(tmp_path / "lake") as casebook:
        casebook.set_author(LAKE)
        yield casebook
