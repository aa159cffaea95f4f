"""The laboratory on which people do casework, begun by hand once; only copies of it are used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from pytestqt.qtbot import QtBot

from tests.tasks.by_hand import build
from tests.tasks.casework_bench import CaseworkBench


@pytest.fixture(scope="session")
def laboratory(
    qapp: object, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Its casebook: people, four cases with a picture each and what their searches found."""
    folder = tmp_path_factory.mktemp("laboratory") / "casebook"
    bench = CaseworkBench(QtBot(request), folder)
    try:
        build(bench)
    finally:
        bench.close()
    return folder


@pytest.fixture
def bench(qtbot: QtBot, laboratory: Path, tmp_path: Path) -> Iterator[CaseworkBench]:
    """The window on a copy of it, another day; nobody is signed in."""
    made = CaseworkBench(qtbot, Path(copytree(laboratory, tmp_path / "casebook")))
    yield made
    made.close()
