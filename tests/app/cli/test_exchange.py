"""The exchange from the command line."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain import Author
from app.store import Casebook
from tests.app.cli.cli_parts import casehead


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def partner(tmp_path: Path) -> Path:
    folder = tmp_path / "partner"
    with Casebook.open(folder) as casebook:
        casebook.set_author(Author("Lake County", "Bench 7", "M. Lindqvist"))
    return folder


def test_an_exhibit_goes_from_one_casebook_to_the_other(
    casebook: Path, partner: Path, stick: Path
) -> None:
    stick.mkdir()
    sent = casehead("exchange", "send", "bench/gun1-a", stick, "--casebook", casebook, "--json")
    assert sent.code == 0, sent.err
    assert (sent.document["sent"], sent.document["waiting"]) == (1, 0)
    first = casehead("exchange", "receive", stick, "--casebook", partner, "--json")
    again = casehead("exchange", "receive", stick, "--casebook", partner, "--json")
    assert (first.code, again.code) == (0, 0)
    assert first.document["received"] == 1 and again.document["known"] == 1
    with Casebook.open(partner, read_only=True) as opened:
        (place,) = opened.provenances()
        assert (place.agency.name, place.exhibit.number) == ("Harbor City", "gun1-a")


def test_what_cannot_go_waits_and_goes_later(casebook: Path, stick: Path) -> None:
    away = casehead("exchange", "send", "--all", stick, "--casebook", casebook, "--json")
    assert away.code == 1
    assert away.document["waiting"] == 3 and "not there" in away.err
    listed = casehead("exchange", "pending", "--casebook", casebook, "--json").document
    assert {line["exhibit"] for line in listed} == {
        f"bench / {name}" for name in ("gun1-a", "gun1-b", "gun2-a")
    }
    assert "bench / gun1-a" in casehead("exchange", "pending", "--casebook", casebook).out
    stick.mkdir()
    retried = casehead("exchange", "retry", "--casebook", casebook)
    assert retried.code == 0 and "3 sent, 0 waiting." in retried.out
    nothing = casehead("exchange", "pending", "--casebook", casebook)
    assert "Nothing waits" in nothing.out


def test_only_own_exhibits_are_sent_with_all(casebook: Path, partner: Path, stick: Path) -> None:
    stick.mkdir()
    casehead("exchange", "send", "bench/gun1-a", stick, "--casebook", casebook)
    casehead("exchange", "receive", stick, "--casebook", partner)
    said = casehead("exchange", "send", "--all", stick, "--casebook", partner)
    assert said.code == 3 and "no exhibits of this agency" in said.err


def test_a_damaged_entry_is_refused_in_a_sentence(
    casebook: Path, partner: Path, stick: Path
) -> None:
    stick.mkdir()
    casehead("exchange", "send", "--all", stick, "--casebook", casebook)
    next(stick.glob("*/entries/*/*.png")).write_bytes(b"rot")
    said = casehead("exchange", "receive", stick, "--casebook", partner, "--json")
    assert said.code == 1
    assert (said.document["received"], said.document["refused"]) == (2, 1)
    assert "digest disagrees" in said.err


def test_exhibits_and_folders_that_are_not_there(casebook: Path, stick: Path) -> None:
    unknown = casehead("exchange", "send", "bench/gun9", stick, "--casebook", casebook)
    assert unknown.code == 3 and "no exhibit called" in unknown.err
    gone = casehead("exchange", "receive", stick, "--casebook", casebook, "--json")
    assert gone.code == 3 and "not there" in gone.document["error"]
    none = casehead("exchange", "pending")
    assert none.code == 3 and "no casebook" in none.err
