"""Importing from the command line."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from app.cli.progress import Progress
from app.store import Casebook
from tests.app.cli.cli_parts import NAMES, PIXEL, casehead
from tests.damaged import damaged_files


def test_a_folder_is_imported_and_searched(imported: Path) -> None:
    with Casebook.open(imported, read_only=True) as casebook:
        assert len(casebook.provenances()) == 3
        assert len(casebook.searches()) == 3
        assert {s.state for s in casebook.searches()} == {"done"}
        assert casebook.check() == ()


def test_twice_makes_no_duplicates(casebook: Path, bench: Path) -> None:
    said = casehead("import", bench, "--casebook", casebook, *PIXEL, "--json")
    assert said.code == 0
    assert (said.document["imported"], said.document["duplicates"]) == (0, 3)
    with Casebook.open(casebook, read_only=True) as opened:
        assert len(opened.provenances()) == 3


def test_damaged_files_are_refused_one_by_one(tmp_path: Path, bench: Path) -> None:
    folder = tmp_path / "damaged"
    folder.mkdir()
    bad = damaged_files(folder)
    said = casehead(
        *("import", folder, bench / "gun1-a.png", "--casebook", tmp_path / "book", *PIXEL),
        *(*NAMES, "--no-search", "--json"),
    )
    document = said.document
    assert said.code == 1
    assert document["imported"] == 1
    refused = {Path(f["file"]).name: f["sentence"] for f in document["files"] if not f["ok"]}
    assert set(refused) == {path.name for _, path in bad if path.exists()}
    assert all(sentence in said.err for sentence in refused.values())
    with Casebook.open(tmp_path / "book", read_only=True) as opened:
        assert len(opened.provenances()) == 1
        assert opened.check() == ()


def test_a_new_casebook_asks_who_works_here(tmp_path: Path, bench: Path) -> None:
    said = casehead("import", bench, "--casebook", tmp_path / "book")
    assert said.code == 3 and "--agency" in said.err
    part = casehead("import", bench, "--casebook", tmp_path / "book", "--agency", "Harbor")
    assert part.code == 3 and "station" in part.err


def test_an_open_casebook_is_not_written(casebook: Path, bench: Path) -> None:
    with Casebook.open(casebook):
        said = casehead("import", bench, "--casebook", casebook)
    assert said.code == 3 and "open in another program" in said.err


def test_people_get_a_table(casebook: Path, tmp_path: Path, bench: Path) -> None:
    said = casehead(
        *("import", bench / "gun2-a.png", tmp_path / "gone.png", "--casebook", casebook),
        *("--case", "2026-9", "--no-search", *PIXEL),
    )
    assert said.code == 1
    assert "2026-9 / gun2-a / gun2-a" in said.out
    assert "gone.png" in said.err


@pytest.mark.skipif(os.name == "nt", reason="signals are not sent so there")
def test_ctrl_c_keeps_what_was_finished(
    tmp_path: Path, bench: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def listen(self: Progress, done: int, total: int, what: str) -> None:
        if done == 1:
            signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(Progress, "listen", listen)
    said = casehead("import", bench, "--casebook", tmp_path / "book", *PIXEL, *NAMES, "--json")
    assert said.code == 130
    assert said.document["cancelled"] is True and said.document["imported"] >= 1
    with Casebook.open(tmp_path / "book", read_only=True) as opened:
        assert len(opened.provenances()) == said.document["imported"]
        assert opened.check() == ()
