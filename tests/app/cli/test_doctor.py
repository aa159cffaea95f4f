"""The check-up from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.cli import doctor as doctor_module
from app.store import Casebook
from tests.app.cli.cli_parts import Said, casehead


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Starting Qt in a process of its own is looked at once."""
    if "slow_qt" not in request.keywords and request.node.name != "test_a_sound_installation":
        monkeypatch.setattr(doctor_module, "_window", lambda: iter([("ok", "not looked at")]))


def verdicts(said: Said, what: str) -> list[str]:
    return [line["verdict"] for line in said.document["lines"] if line["what"] == what]


def test_a_sound_installation(imported: Path) -> None:
    said = casehead("doctor", "--casebook", imported, "--json")
    assert said.code == 0, said.out
    assert said.document["sound"] is True
    looked = {line["what"] for line in said.document["lines"]}
    assert looked >= {"python", "packages", "window", "pictures", "cameras", "disk", "casebook"}
    assert verdicts(said, "window") == verdicts(said, "casebook") == ["ok"]


def test_a_changed_picture_is_a_problem(casebook: Path) -> None:
    with Casebook.open(casebook, read_only=True) as opened:
        path = opened.pixels_path(opened.provenances()[0].acquired.digest)
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"\0")
    said = casehead("doctor", "--casebook", casebook, "--json")
    assert said.code == 1
    assert verdicts(said, "casebook") == ["problem"]
    assert "There are problems" in casehead("doctor", "--casebook", casebook).out


def test_a_file_that_is_no_casebook_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "casebook.sqlite").write_bytes(b"not a database at all" * 100)
    said = casehead("doctor", "--casebook", tmp_path, "--json")
    assert said.code == 1 and verdicts(said, "casebook") == ["problem"]


def test_no_casebook_yet_is_no_problem(tmp_path: Path) -> None:
    said = casehead("doctor", "--casebook", tmp_path / "a" / "b", "--json")
    assert said.code == 0 and verdicts(said, "casebook") == ["attention"]
    assert not (tmp_path / "a").exists()


def test_an_open_casebook_is_looked_at_all_the_same(casebook: Path) -> None:
    with Casebook.open(casebook):
        said = casehead("doctor", "--casebook", casebook, "--json")
    assert said.code == 0 and verdicts(said, "casebook") == ["attention", "ok"]


def test_little_space_is_told(casebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_module, "FREE_LEAST", 10**18)
    said = casehead("doctor", "--casebook", casebook, "--json")
    assert said.code == 1 and verdicts(said, "disk") == ["problem"]


def test_a_check_that_breaks_is_a_finding(casebook: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor_module.metadata, "version", lambda name: 1 / 0)
    said = casehead("doctor", "--casebook", casebook, "--json")
    assert said.code == 1 and verdicts(said, "packages") == ["problem"]


def test_qt_that_does_not_start_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(doctor_module, "QT_PROBE", "raise SystemExit('libEGL.so.1 is missing')")
    assert list(doctor_module._window()) == [
        (
            "problem",
            "Qt does not start (libEGL.so.1 is missing); 'make setup' says which "
            "libraries it needs.",
        )
    ]
