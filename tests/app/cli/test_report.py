"""``casehead report``: a report or a package of the casebook as a file."""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from pathlib import Path

import pytest

from app.store import Casebook
from tests.app.cli.cli_parts import casehead


@pytest.fixture
def casebook(imported: Path, tmp_path: Path) -> Path:
    """A casebook of its own with a case called bench."""
    return Path(shutil.copytree(imported, tmp_path / "casebook"))


def test_reports_are_issued_by_number_and_by_identifier(casebook: Path, tmp_path: Path) -> None:
    with Casebook.open(casebook, read_only=True) as book:
        case = book.cases()[0]
        exhibit = book.exhibits(case.id)[0]
    for kind, subject, of in (
        ("case-summary", case.number, case.id),
        ("custody", case.id, case.id),
        ("custody", f"{case.number}/{exhibit.number}", exhibit.id),
        ("statistics", "all", ""),
        ("statistics", "2026-01-01..2026-12-31", "2026-01-01..2026-12-31"),
    ):
        out = tmp_path / f"{kind}.pdf"
        words = ("report", kind, subject, "--out", out, "--casebook", casebook, "--overwrite")
        said = casehead(*words, "--json")
        assert said.code == 0, said.err
        assert said.document["subject"] == of and said.document["warnings"] == []
        assert said.document["sha256"] == hashlib.sha256(out.read_bytes()).hexdigest()
        assert casehead(*words).out.strip().endswith(f"SHA-256 {said.document['sha256']}.")
    with Casebook.open(casebook, read_only=True) as book:
        actions = [line.action for line in book.journal()]
    assert actions.count("custody exported") == 4 and actions.count("statistics exported") == 4


def test_a_package_of_a_case_is_written(casebook: Path, tmp_path: Path) -> None:
    with Casebook.open(casebook, read_only=True) as book:
        number = book.cases()[0].number
    out = tmp_path / "package.zip"
    said = casehead("report", "defence-package", number, "--out", out, "--casebook", casebook)
    assert said.code == 0, said.err
    with zipfile.ZipFile(out) as package:
        assert package.testzip() is None and "scores.json" in package.namelist()


def test_what_cannot_be_issued_is_said(casebook: Path, tmp_path: Path) -> None:
    (tmp_path / "taken.pdf").write_text("mine")
    for words, why in (
        (("case-summary", "nowhere", "--out", tmp_path / "a.pdf"), "There is no case"),
        (("comparison", "nowhere", "--out", tmp_path / "a.pdf"), "There is no comparison"),
        (("custody", "nowhere", "--out", tmp_path / "a.pdf"), "of an exhibit or of a case"),
        (("statistics", "all", "--out", tmp_path / "taken.pdf"), "already"),
        (("statistics", "soon", "--out", tmp_path / "a.pdf"), "no span of days"),
        (("statistics", "all", "--out", tmp_path / "a.zip"), "end in .pdf"),
    ):
        said = casehead("report", *words, "--casebook", casebook)
        assert said.code == 3 and why in said.err, said.err
    assert (tmp_path / "taken.pdf").read_text() == "mine"
    assert casehead("report", "novel", "x", "--out", tmp_path / "a.pdf").code == 2
