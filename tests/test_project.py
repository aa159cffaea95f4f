"""Checks on the project itself: what a change could break without any other test noticing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from packaging.requirements import Requirement

import app
from app.cli.root import app as command_line

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (".ci", "app", "correlation", "resources", "tests", "widgets")
FILES = {
    ".gitattributes",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "Makefile",
    "README.md",
    "pyproject.toml",
    "uv.lock",
}
LONGEST_FILE = 450
TEXT = {".py", ".md", ".toml", ".json", ".svg", ".txt", ".lock", ".qss", ""}
MACHINE_PATH = re.compile(r"(?<![\w.<>])/(?:work|tmp|root|opt|home|Users)/")
PACKAGE_HOSTS = {"pypi.org", "files.pythonhosted.org"}


def pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def locked_project() -> dict[str, Any]:
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    return next(package for package in packages if package["name"] == "casehead")


def project_files() -> Iterator[Path]:
    yield from (ROOT / name for name in sorted(FILES))
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path


def ignored_at_top() -> set[str]:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    return {line.strip("/") for line in lines} | {".git"}


def test_versions_agree() -> None:
    declared = pyproject()["project"]["version"]
    assert app.__version__ == declared
    assert locked_project()["version"] == declared
    assert f"## [{declared}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_top_level_layout() -> None:
    there = {path.name for path in ROOT.iterdir()} - ignored_at_top()
    unexpected = {name for name in there if not Path(name).match("bench-*.json")}
    assert unexpected == FILES | set(FOLDERS)


def test_no_file_grows_too_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n")
        for path in project_files()
        if path.suffix == ".py"
    }
    assert len(lengths) > 10
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE} == {}


def test_no_machine_paths() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in project_files()
        if path.suffix in TEXT and path != Path(__file__).resolve()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MACHINE_PATH.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("line", ['"/tmp/x"', "in /home/someone/x", "file:///opt/x"])
def test_machine_paths_are_recognised(line: str) -> None:
    assert MACHINE_PATH.search(line)


def test_lock_names_only_the_public_index() -> None:
    text = (ROOT / "uv.lock").read_text(encoding="utf-8")
    assert set(re.findall(r"https?://([^/\"]+)", text)) == PACKAGE_HOSTS
    assert "file:" not in text


def test_lock_is_up_to_date() -> None:
    project = pyproject()["project"]
    plain = [Requirement(line) for line in project["dependencies"]]
    declared = {(_either(str(r.marker or "")), r) for r in plain}
    for extra, lines in project["optional-dependencies"].items():
        declared |= {(_either(f"extra == '{extra}'"), Requirement(line)) for line in lines}
    locked = locked_project()["metadata"]["requires-dist"]
    assert {(when, r.name.lower(), str(r.specifier)) for when, r in declared} == {
        (
            _either(r.get("marker", "")),
            r["name"],
            str(Requirement("x" + r.get("specifier", "")).specifier),
        )
        for r in locked
    }


def _either(marker: str) -> frozenset[str]:
    """The alternatives of a marker, in whatever order and quotes they are written."""
    return frozenset(marker.replace('"', "'").split(" or "))
    groups = pyproject()["dependency-groups"]
    locked_groups = locked_project()["metadata"]["requires-dev"]
    assert {
        group: {Requirement(line).name.lower() for line in lines} for group, lines in groups.items()
    } == {group: {r["name"] for r in lines} for group, lines in locked_groups.items()}


def test_make_installs_what_the_lock_pins() -> None:
    """Set-up takes pip and uv from the lock too, so both must be there with wheels."""
    packages = tomllib.loads((ROOT / "uv.lock").read_text(encoding="utf-8"))["package"]
    wheels = {p["name"]: p.get("wheels", []) for p in packages}
    assert wheels["pip"] and wheels["uv"]
    assert all(w["hash"].startswith("sha256:") for w in wheels["pip"] + wheels["uv"])


def test_readme_lists_every_command() -> None:
    table = (ROOT / "README.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `casehead ([a-z-]+)", table, re.MULTILINE))
    assert listed == set(typer.main.get_group(command_line).commands)
