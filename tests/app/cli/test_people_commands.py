"""``casehead people``, and other commands in a casebook where people are on record."""

from __future__ import annotations

from pathlib import Path

import pytest
from cli_parts import PIXEL, casehead, write_bench_pictures

from app.workbench import Workbench

FIELDS = (
    *("--field", "event=non-fatal shooting", "--field", "Calibre=9 mm Luger"),
    *("--field", "date=2026-01-12", "--field", "event.place=River Road 4"),
    *("--field", "entry_reason=evidence", "--field", "firing_pin_shape=circular"),
)
ALL_FIELDS = (*FIELDS, "--field", "breech-face class=parallel", "--field", "ori=XX0990100")
FIRST = ("--agency", "Harbor City", "--station", "Bench 1")


@pytest.fixture
def peopled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """R. Okafor administers; the password is in the environment."""
    monkeypatch.delenv("CASEHEAD_EXAMINER", raising=False)
    monkeypatch.setenv("CASEHEAD_PASSWORD", "a quiet harbor")
    monkeypatch.setenv("CASEHEAD_NEW_PASSWORD", "a quiet harbor")
    folder = tmp_path / "casebook"
    said = casehead("people", "add", "R. Okafor", "--first", *FIRST, "--casebook", folder)
    assert said.code == 0, said.err
    assert "first administrator" in said.out
    return folder


def test_people_from_the_command_line(peopled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = ("--casebook", peopled)
    monkeypatch.setenv("CASEHEAD_EXAMINER", "R. Okafor")
    monkeypatch.setenv("CASEHEAD_NEW_PASSWORD", "first password")
    said = casehead("people", "add", "Ada Li", "--role", "technician", *where)
    assert said.code == 0, said.err
    assert casehead("people", "role", "Ada Li", "examiner", "quality-manager", *where).code == 0
    dates = ("--from", "2026-01-01", "--to", "2099-12-31", "--note", "course")
    assert (
        "until 2099-12-31" in casehead("people", "qualify", "Ada Li", "review", *dates, *where).out
    )
    listed = casehead("people", "list", "--json", *where).document
    assert listed["identity"] == "by password"
    ada = next(one for one in listed["people"] if one["name"] == "Ada Li")
    assert ada["roles"] == ["examiner", "quality manager"]
    assert ada["must_change"]
    assert ada["qualifications"][0]["standing"] == "valid"
    ended = casehead("people", "qualify", "Ada Li", "review", "--withdraw", "failed", *where)
    assert "withdrawn: failed" in ended.out
    assert casehead("people", "policy", "--idle", "5", *where).code == 0
    assert "after 5 idle minutes" in casehead("people", "policy", *where).out
    assert casehead("people", "policy", "--idle", "0", *where).code == 0
    assert "a station never locks by itself" in casehead("people", "policy", *where).out
    assert casehead("people", "retire", "Ada Li", "--reason", "left", *where).code == 0
    assert "Ada Li (left)" in casehead("people", "list", *where).out


def test_a_given_password_is_changed_first(peopled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    where = ("--casebook", peopled)
    monkeypatch.setenv("CASEHEAD_NEW_PASSWORD", "first password")
    okafor = ("--examiner", "R. Okafor")
    assert casehead("people", "add", "Ada Li", "--role", "administrator", *okafor, *where).code == 0
    monkeypatch.setenv("CASEHEAD_PASSWORD", "first password")
    ada = ("--examiner", "Ada Li")
    said = casehead("people", "policy", *ada, *where)
    assert said.code
    assert "change it first" in said.err
    monkeypatch.setenv("CASEHEAD_NEW_PASSWORD", "second password")
    said = casehead("people", "password", *ada, *where)
    assert said.code == 0, said.err
    monkeypatch.setenv("CASEHEAD_PASSWORD", "second password")
    assert casehead("people", "policy", *ada, *where).code == 0
    said = casehead("people", "password", "R. Okafor", *ada, *where)
    assert "next" in said.out


def test_other_commands_ask_who_it_is(peopled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = write_bench_pictures(peopled.parent / "pictures")
    words = ("import", pictures, *ALL_FIELDS, *PIXEL, "--no-search", "--casebook", peopled)
    said = casehead(*words)
    assert said.code
    assert "--examiner" in said.err
    monkeypatch.setenv("CASEHEAD_PASSWORD", "guess after guess")
    said = casehead(*words, "--examiner", "R. Okafor")
    assert "wrong" in said.err
    said = casehead(*words, "--examiner", "R. Okafor")
    assert "slowed" in said.err
    monkeypatch.delenv("CASEHEAD_PASSWORD")
    said = casehead(*words, "--examiner", "R. Okafor")
    assert "CASEHEAD_PASSWORD" in said.err


def test_a_command_works_in_the_name_of_who_signs_in(peopled: Path) -> None:
    pictures = write_bench_pictures(peopled.parent / "pictures")
    words = ("import", pictures, *ALL_FIELDS, *PIXEL, "--no-search", "--casebook", peopled)
    said = casehead(*words, "--examiner", "r. okafor")
    assert said.code == 0, said.err
    workbench = Workbench(peopled, automatic_search=False)
    try:
        lines = [(x.author.examiner, x.action) for x in workbench._casebook.journal()]
        assert ("R. Okafor", "image added") in lines
        assert [action for _, action in lines][-1] == "signed out"
    finally:
        workbench.close()


def test_by_name_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CASEHEAD_PASSWORD", raising=False)
    where = ("--casebook", tmp_path / "casebook")
    said = casehead("people", "add", "R. Okafor", "--first", "--by-name", *FIRST, *where)
    assert said.code == 0, said.err
    assert "sign in by name" in casehead("people", "list", *where).out
    assert casehead("people", "add", "Ada Li", "--role", "reviewer", *where).code == 0
    said = casehead("people", "add", "Zoë Ōkubo", "--role", "reviewer", *where)
    assert "say who you are" in said.err


def test_an_open_bench_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    Workbench(folder, automatic_search=False).close()
    assert "open bench" in casehead("people", "list", "--casebook", folder).out


def test_an_import_asks_for_what_the_record_requires(
    peopled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CASEHEAD_EXAMINER", "R. Okafor")
    where = ("--casebook", peopled, *PIXEL, "--no-search")
    assert casehead("people", "role", "R. Okafor", "technician", "administrator", *where[:2])
    qualified = ("acquire", "--from", "2026-01-01", "--to", "2099-12-31", "--note", "course")
    assert casehead("people", "qualify", "R. Okafor", *qualified, *where[:2]).code == 0
    folder = tmp_path / "2026-0412"
    write_bench_pictures(folder)
    refused = casehead("import", folder, *where)
    assert refused.code == 3 and "Nothing was imported" in refused.err
    assert '--field event.kind="..."' in refused.err and "event.place" in refused.err
    one = casehead("import", folder, *FIELDS, *where)
    assert one.code == 3 and one.err.count("--field") == 2 and "ORI" in one.err
    said = casehead("import", folder, *ALL_FIELDS, "--json", *where)
    assert said.code == 0, said.err
    assert said.document["imported"] == 3
    shot = ("acquire", "--case", "2026-0500", "--exhibit", "1", "--label", "1A", *where)
    refused = casehead(*shot)
    assert refused.code == 3 and '--field event.kind="..."' in refused.err
    assert casehead(*shot, *ALL_FIELDS).code == 0


@pytest.mark.parametrize(
    ("field", "sentence"),
    [
        ("calibre", "NAME=VALUE"),
        ("weather=rain", "no field of the record"),
        ("notes=x", "could be any of"),
    ],
)
def test_a_field_that_is_none_is_told(peopled: Path, field: str, sentence: str) -> None:
    said = casehead("import", peopled, "--field", field, "--casebook", peopled)
    assert said.code != 0 and sentence in said.err
