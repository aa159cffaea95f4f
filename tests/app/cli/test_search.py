"""Searching a folder or the casebook from the command line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from app.cli.voice import Voice
from tests.app.cli.cli_parts import PIXEL, casehead

FIELDS = {
    "rank",
    "query",
    "surveyed",
    "method",
    "version",
    "score",
    "cells",
    "congruent_cells",
    "ccf",
    "rotation_deg",
    "shift_um",
    "seconds",
}


def test_the_mate_comes_first_and_bad_files_stop_nothing(bench: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    shutil.copytree(bench, folder)
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
    (folder / "notes.docx").write_bytes(b"PK nothing")
    (folder / "truth.csv").write_text("file,gun\n")
    shutil.copy(bench / "gun1-a.png", folder / "copy-of-the-query.png")
    query = folder / "gun1-a.png"
    said = casehead("search", query, "--against", folder, *PIXEL, "--json")
    found = said.document

    assert said.code == 0
    assert [(hit["rank"], hit["file"]) for hit in found] == [
        (1, str(folder / "gun1-b.png")),
        (2, str(folder / "gun2-a.png")),
    ]
    assert all(hit.keys() >= FIELDS for hit in found)
    assert {hit["query"] for hit in found} == {str(query)}
    assert found[0]["score"] > found[1]["score"]
    assert "broken.png" in said.err and "notes.docx" in said.err and "truth.csv" not in said.err


def test_several_queries_are_ranked_each_and_find_each_other(bench: Path) -> None:
    queries = [bench / "gun1-a.png", bench / "gun1-b.png"]
    found = casehead("search", *queries, "--against", bench, *PIXEL, "--json").document
    assert len(found) == 4
    for query, mate in (queries, reversed(queries)):
        own = [hit for hit in found if hit["query"] == str(query)]
        assert [hit["rank"] for hit in own] == [1, 2]
        assert own[0]["file"] == str(mate)


def test_a_mark_against_its_casebook(imported: Path) -> None:
    words = ("search", "bench/gun1-a/gun1-a", "--casebook", imported)
    said = casehead(*words, "--json")
    assert said.code == 0, said.err
    assert said.document[0]["mark"] == "bench / gun1-b / gun1-b"
    assert len(said.document) == 2 and said.document[0].keys() >= FIELDS
    assert {hit["surveyed"] for hit in said.document} == {2}
    people = casehead(*words).out
    assert "no conclusion" in people and people.index("gun1-b") < people.index("gun2-a")


def test_candidates_are_told_as_they_come_where_somebody_watches(
    imported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.search.LIVE_EVERY_S", 0.0)
    words = ("search", "bench/gun1-a/gun1-a", "--casebook", imported, "--json")
    assert "searched:" not in casehead(*words).err
    monkeypatch.setattr(Voice, "watched", True)
    said = casehead(*words)
    assert "2 of 2 searched: " in said.err and "bench / gun1-b / gun1-b" in said.err
    assert len(said.document) == 2


def test_a_file_against_the_casebook(imported: Path, bench: Path) -> None:
    query = bench / "gun1-a.png"
    words = ("search", query, "--casebook", imported, *PIXEL, "--json")
    found = casehead(*words).document
    assert found[0]["mark"] == "bench / gun1-b / gun1-b"
    assert len(found) == 2
    side = casehead(*words, "--light", "side")
    assert (side.code, side.document) == (1, [])


def test_a_mark_against_a_folder(imported: Path, bench: Path) -> None:
    found = casehead(
        *("search", "bench/gun1-b/gun1-b", "--against", bench, "--casebook", imported),
        *(*PIXEL, "--json"),
    ).document
    assert Path(found[0]["file"]).name == "gun1-a.png"
    assert len(found) == 2


def test_without_a_scale_there_is_a_sentence(bench: Path) -> None:
    said = casehead("search", bench / "gun1-a.png", "--against", bench, "--json")
    assert said.code == 3
    assert "--pixel-um" in said.err and "error" in said.document


def test_folders_and_casebooks_that_are_not_there(bench: Path, tmp_path: Path) -> None:
    query = bench / "gun1-a.png"
    gone = casehead("search", query, "--against", tmp_path / "gone", *PIXEL)
    assert gone.code == 3 and "no folder" in gone.err
    (tmp_path / "empty").mkdir()
    empty = casehead("search", query, "--against", tmp_path / "empty", *PIXEL)
    assert empty.code == 3 and "holds no images" in empty.err
    none = casehead("search", query, *PIXEL)
    assert none.code == 3 and "no casebook" in none.err
