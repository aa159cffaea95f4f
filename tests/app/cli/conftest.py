"""A user of their own for every test, and pictures and casebooks made once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.app.cli.cli_parts import NAMES, PIXEL, casehead, write_bench_pictures


@pytest.fixture(autouse=True)
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folders, so that no test meets a real casebook; and no display."""
    home = tmp_path / "home"
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "LOCALAPPDATA", "HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(home))
    for name in ("CASEHEAD_CASEBOOK", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    return home


@pytest.fixture(scope="session")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with gun1-a, gun1-b and gun2-a; not to be written to."""
    return write_bench_pictures(tmp_path_factory.mktemp("pictures") / "bench")


@pytest.fixture(scope="session")
def imported(bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A casebook with the bench pictures, searched; not to be written to."""
    folder = tmp_path_factory.mktemp("casebooks") / "imported"
    said = casehead("import", bench, "--casebook", folder, *PIXEL, *NAMES, "--light", "ring")
    assert said.code == 0, said.err
    return folder


@pytest.fixture
def casebook(imported: Path, tmp_path: Path) -> Path:
    """A copy of it, to be written to."""
    return Path(shutil.copytree(imported, tmp_path / "casebook"))
