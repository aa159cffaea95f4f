"""The casebook on which people do casework, built once; only copies of it are used."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

import pytest

from tests.tasks.casework_bench import build


@pytest.fixture(scope="session")
def casework_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The casebook itself."""
    folder = tmp_path_factory.mktemp("casework") / "casebook"
    build(folder)
    return folder


@pytest.fixture
def casework(casework_built: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(copytree(casework_built, tmp_path / "casebook"))
