"""Importing where the record has rules: required fields asked for once, nothing without them."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from app.casework.record import MissingError, RecordKind
from app.domain import CaseheadError, Light, Role
from app.workbench import ImportOptions, Workbench
from tests.damaged import damaged_files, encoded, png_bytes, png_chunk, x3p_bytes

REQUIRED = {
    "event.kind": "non-fatal shooting",
    "event.happened_at": "2026-01-12 21:40",
    "event.place": "River Road 4",
    "exhibit.entry_reason": "evidence",
    "cartridge_case.firing_pin_shape": "circular",
    "cartridge_case.breech_face_class": "parallel",
}
GIVEN = ImportOptions(2.53, light=Light.RING, calibre="9 mm Luger", facts=REQUIRED)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "2026-0412"
    made.mkdir()
    for name in ("3A", "3B"):
        (made / f"{name}.png").write_bytes(encoded(".png"))
    return made


@pytest.fixture
def ruled(bench: Workbench) -> Workbench:
    """People are on record, so the record has rules; nobody had to set them."""
    assert bench.record_rules()
    return bench


def facts(workbench: Workbench, label: str) -> dict[str, str]:
    """What is known of a cartridge case and what it hangs together with."""
    places = workbench._casebook.provenances()
    own = next(place for place in places if place.cartridge_case.label == label)
    held: dict[RecordKind, str] = {
        "case": own.case.id,
        "exhibit": own.exhibit.id,
        "cartridge_case": own.cartridge_case.id,
    }
    held |= {"event": own.exhibit.event_id} if own.exhibit.event_id else {}
    return {
        f"{kind}.{key}": value
        for kind, record_id in held.items()
        for key, value in workbench.facts(kind, record_id).items()
    }


def test_all_that_lacks_is_named_and_nothing_is_entered(ruled: Workbench, folder: Path) -> None:
    before = len(ruled._casebook.journal())
    with pytest.raises(MissingError) as refused:
        ruled.import_paths([folder], ImportOptions(2.53))
    assert set(refused.value.names) == {*REQUIRED, "cartridge_case.calibre"}
    told = str(refused.value)
    assert "reason of entry" in told and "all 2 files" in told and "Nothing was imported" in told
    assert ruled.tree() == () and len(ruled._casebook.journal()) == before


def test_what_is_given_once_holds_for_all(ruled: Workbench, folder: Path) -> None:
    report = ruled.import_paths([folder], GIVEN)
    assert len(report.acquired_ids) == 2 and not report.refused
    for label in ("3A", "3B"):
        known = facts(ruled, label)
        assert {name: known[name] for name in REQUIRED} == {
            **REQUIRED,
            "event.happened_at": known["event.happened_at"],
        }
        assert known["cartridge_case.calibre"] == "9 mm Luger"
    (case,) = ruled.tree()
    assert len(ruled._casebook.events(case.case.id)) == 1  # one event, not one a file
    for exhibit in case.exhibits:
        assert not ruled.missing_facts("exhibit", exhibit.exhibit.id)
    assert ruled.check() == ()


def test_a_further_picture_needs_nothing_and_changes_no_record(
    ruled: Workbench, folder: Path
) -> None:
    ruled.import_paths([folder], GIVEN)
    known = facts(ruled, "3A")
    scan = folder / "scans" / "2026-0412"
    scan.mkdir(parents=True)
    (scan / "3A.x3p").write_bytes(x3p_bytes())
    (outcome,) = ruled.import_paths([scan], ImportOptions()).outcomes
    assert outcome.ok and "further picture" in outcome.sentence
    assert len(ruled._casebook.provenances()) == 3
    other = replace(GIVEN, calibre=".40 S&W")
    (again,) = ruled.import_paths([scan], other).outcomes
    assert again.duplicate
    assert facts(ruled, "3A") == known


def test_a_file_says_what_was_not_given(ruled: Workbench, folder: Path) -> None:
    words = b"Description\0Calibre: 9 mm Luger; FIRING-PIN SHAPE: elliptical\nlens: 4x"
    (folder / "3A.png").write_bytes(png_bytes(2, 2, b"\0\1\2" * 2, extra=png_chunk(b"tEXt", words)))
    (folder / "3B.png").unlink()
    options = replace(GIVEN, calibre="")
    (outcome,) = ruled.import_paths([folder], options).outcomes
    assert outcome.ok, outcome.sentence
    known = facts(ruled, "3A")
    assert known["cartridge_case.calibre"] == "9 mm Luger"
    assert known["cartridge_case.firing_pin_shape"] == "circular"  # what was given goes first
    assert "the file says firing-pin shape 'elliptical': left aside" in outcome.sentence


def test_a_role_that_was_given_goes_before_what_the_file_says(
    ruled: Workbench, folder: Path
) -> None:
    words = b"comment\0role: evidence"
    (folder / "3A.png").write_bytes(png_bytes(2, 2, b"\0\1\2" * 2, extra=png_chunk(b"tEXt", words)))
    (outcome,) = ruled.import_paths(
        [folder / "3A.png"], replace(GIVEN, role=Role.TEST_FIRE)
    ).outcomes
    assert facts(ruled, "3A")["cartridge_case.role"] == Role.TEST_FIRE
    assert "the file says role 'evidence': left aside" in outcome.sentence


def test_only_the_files_that_lack_are_named(ruled: Workbench, folder: Path) -> None:
    words = b"comment\0calibre: 9 mm Luger"
    (folder / "3A.png").write_bytes(png_bytes(2, 2, b"\0\1\2" * 2, extra=png_chunk(b"tEXt", words)))
    with pytest.raises(MissingError, match=r"calibre \(3B\.png\)") as refused:
        ruled.import_paths([folder], replace(GIVEN, calibre=""))
    assert refused.value.names == ("cartridge_case.calibre",)
    assert ruled.tree() == ()


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"exhibit.entry_reason": "newly made gun"}, "never entered"),
        ({"exhibit.entry_reason": "curiosity"}, "is one of"),
        ({"event.happened_at": "2999-01-01"}, "future"),
        ({"event.happened_at": "last week"}, "not a date"),
        ({"case.number": "2026-1"}, "names of files and folders"),
        ({"event.weather": "rain"}, "no field 'weather'"),
    ],
)
def test_a_value_that_cannot_be_is_refused_before_anything(
    ruled: Workbench, folder: Path, wrong: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CaseheadError, match=sentence):
        ruled.import_paths([folder], replace(GIVEN, facts={**REQUIRED, **wrong}))
    assert ruled.tree() == ()


def test_what_contradicts_the_record_is_refused_by_file(ruled: Workbench, folder: Path) -> None:
    ruled.import_paths([folder / "3A.png"], GIVEN)
    other = replace(GIVEN, facts={**REQUIRED, "case.agency_ori": "XX0000001"})
    ruled.set_facts("case", ruled.tree()[0].case.id, {"agency_ori": "XX0990100"})
    report = ruled.import_paths([folder], other)
    (refused,) = report.refused
    assert "XX0990100" in refused.sentence and len(report.outcomes) == 2
    assert len(ruled._casebook.provenances()) == 1


def test_a_firearm_is_entered_with_its_own_required_fields(ruled: Workbench, folder: Path) -> None:
    gun = {"firearm.make": "Ruger", "firearm.model": "P95", "firearm.serial": "314-1"}
    fired = replace(GIVEN, role=Role.TEST_FIRE, facts={**REQUIRED, **gun})
    with pytest.raises(MissingError) as refused:
        ruled.import_paths([folder], fired)
    assert refused.value.names == ("firearm.type",)
    ruled.import_paths([folder], replace(fired, facts={**fired.facts, "firearm.type": "pistol"}))
    assert len(ruled._casebook.firearms_of_serial("314-1")) == 1
    assert {p.cartridge_case.role for p in ruled._casebook.provenances()} == {Role.TEST_FIRE}


def test_an_open_bench_is_as_it_was_but_keeps_what_is_given(
    workbench: Workbench, folder: Path
) -> None:
    assert len(workbench.import_paths([folder / "3A.png"], ImportOptions(2.53)).acquired_ids) == 1
    some = ImportOptions(2.53, facts={"event.place": "River Road 4"})
    assert len(workbench.import_paths([folder / "3B.png"], some).acquired_ids) == 1
    assert facts(workbench, "3B")["event.place"] == "River Road 4"
    assert "event.place" not in facts(workbench, "3A")


def test_rules_put_off_let_files_in(ruled: Workbench, folder: Path) -> None:
    ruled.set_record_rules(False)
    assert len(ruled.import_paths([folder], ImportOptions(2.53)).acquired_ids) == 2


def test_damaged_files_among_them_are_judged_one_by_one(
    ruled: Workbench, folder: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    damaged_files(bad)
    report = ruled.import_paths([folder, bad], GIVEN)
    assert len(report.acquired_ids) == 2 and report.refused
    assert len(ruled._casebook.cases()) == 1  # nothing of a damaged file is entered


def test_a_stolen_field_between_asking_and_entering_keeps_the_file_out(
    ruled: Workbench, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rules hold within the transaction, too, whatever was looked at before it."""
    monkeypatch.setattr("app.workbench.bringing.RecordPlacing.refuse", lambda *_: None)
    report = ruled.import_paths([folder], ImportOptions(2.53))
    assert len(report.refused) == 2 and "Required" in report.refused[0].sentence
    with sqlite3.connect(ruled._casebook.folder / "casebook.sqlite") as book:
        assert book.execute('SELECT count(*) FROM "case"').fetchone() == (0,)
