"""``casehead area`` and ``casehead clock``."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from cli_parts import casehead

from app.domain import Agency, Author
from app.store import Casebook
from app.store.backup import FILE_NAME
from tests.app.cli.cli_parts import NAMES
from tests.damaged import encoded


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Somebody works there, and knows two other agencies."""
    folder = tmp_path / "casebook"
    with Casebook.open(folder) as casebook:
        casebook.set_author(Author("Harbor City", "Bench 1", "R. Okafor", "XX0990100"))
        casebook.add_agency(Agency("b", "Bay County", "XX0990200"))
        casebook.add_agency(Agency("c", "Cape Town", "XX0990300"))
    return folder


def test_the_search_area_is_shown_and_said(book: Path) -> None:
    where = ("--casebook", book)
    assert "No search area is set" in casehead("area", *where).out
    said = casehead("area", "--neighbour", "XX0990200", "--reason", "agreed in May", *where)
    assert said.code == 0, said.err
    assert "Harbor City" in said.out and "Bay County" in said.out and "Cape" not in said.out
    named = [one["name"] for one in casehead("area", "--json", *where).document["area"]]
    assert named == ["Harbor City", "Bay County"]
    own = casehead("area", "--own", "--reason", "less", "--json", *where).document["area"]
    assert [one["name"] for one in own] == ["Harbor City"]
    assert casehead("area", "--all", "--reason", "more", "--json", *where).document["area"] is None
    with Casebook.open(book, read_only=True) as casebook:
        lines = [dict(one.detail) for one in casebook.journal() if one.action == "search area set"]
        assert [one["reason"] for one in lines] == ["agreed in May", "less", "more"]
        assert casebook.check() == ()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--own",), "Say why"),
        (("--neighbour", "Nowhere", "--reason", "x"), "No agency 'Nowhere'"),
        (("--own", "--all", "--reason", "x"), "only one"),
    ],
)
def test_what_cannot_be_is_refused(book: Path, words: tuple[str, ...], sentence: str) -> None:
    said = casehead("area", *words, "--casebook", book)
    assert said.code != 0 and sentence in " ".join(said.err.split())
    assert "No search area" in casehead("area", "--casebook", book).out


def test_the_time_zone_is_never_silently_utc(book: Path) -> None:
    where = ("--casebook", book)
    shown = casehead("clock", "show", *where)
    assert "Nobody has said the lab's time zone yet" in shown.out
    assert casehead("clock", "zone", "America/Chicago", *where).code != 0  # no reason
    bad = casehead("clock", "zone", "Middle/Earth", "--reason", "x", *where)
    assert bad.code != 0 and "time zone Middle/Earth" in bad.err
    as_it_was = casehead("clock", "zone", "UTC", "--reason", "we count so", *where)
    assert as_it_was.code == 0 and "Nobody has said" not in as_it_was.out  # said is said
    said = casehead("clock", "zone", "America/Chicago", "--reason", "we are there", *where)
    assert said.code == 0 and "Time zone America/Chicago" in said.out
    assert "Nobody has said" not in said.out
    told = casehead("clock", "show", "--json", *where).document
    assert told["said"] and told["calendar"]["zone"] == "America/Chicago"
    assert any(one["stage"] == "informed" for one in told["targets"])


def test_the_first_administrator_says_the_zone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.cli.people.computer_zone", lambda: "")
    first = ("people", "add", "R. Okafor", "--first", "--by-name", *NAMES[:4])
    folder = tmp_path / "casebook"
    refused = casehead(*first, "--casebook", folder)
    assert refused.code != 0 and "--zone" in refused.err
    monkeypatch.setattr("app.cli.people.computer_zone", lambda: "Asia/Kathmandu")
    said = casehead(*first, "--casebook", folder)
    assert said.code == 0 and "Asia/Kathmandu" in said.out
    assert "Time zone Asia/Kathmandu" in casehead("clock", "show", "--casebook", folder).out


def test_the_clock_is_checked_and_made_anew(book: Path) -> None:
    where = ("--casebook", book)
    assert "shows what the record says" in casehead("clock", "check", *where).out
    with closing(sqlite3.connect(book / FILE_NAME)) as raw:
        raw.execute("UPDATE clock_target SET amount = 99 WHERE stage = 'entered'")
        raw.commit()
    found = casehead("clock", "check", *where)
    assert found.code == 1 and "targets are not those in force" in found.out
    assert casehead("audit", "verify", *where).code == 1
    assert casehead("clock", "rebuild", *where).code == 0
    assert casehead("clock", "check", *where).code == 0
    assert casehead("audit", "verify", *where).code == 0


def test_no_clock_is_checked_where_there_is_no_casebook(tmp_path: Path) -> None:
    said = casehead("clock", "check", "--casebook", tmp_path / "mistyped")
    assert said.code == 3 and "There is no casebook" in said.err
    assert not (tmp_path / "mistyped").exists()


def test_the_fields_are_listed_and_what_is_required_enforced(book: Path) -> None:
    where = ("--casebook", book)
    listed = casehead("fields", *where)
    assert "what lacks is only told" in listed.out and "event.kind *" in listed.out
    assert "newly made gun" not in listed.out  # never taken, so not offered
    said = casehead("fields", "--enforce", "--json", *where).document
    assert said["enforced"]
    picture = book.parent / "2026-1" / "3A.png"
    picture.parent.mkdir()
    picture.write_bytes(encoded(".png"))
    assert casehead("import", picture, "--no-search", *where).code == 3
    assert not casehead("fields", "--only-tell", "--json", *where).document["enforced"]
    assert casehead("import", picture, "--no-search", *where).code == 0
