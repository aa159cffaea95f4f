"""The fields are data: complete, consistent, and what they take and refuse."""

from __future__ import annotations

from dataclasses import fields

import pytest

from app.casework.record import (
    KINDS,
    Field,
    HandOver,
    custody_gaps,
    missing,
    missing_sentence,
    record_fields,
    same_number,
    tidied,
)
from app.domain import CartridgeCase, Case, CaseheadError, Event, Exhibit, Firearm, Role
from app.workbench.values import load_pick_lists

RECORDS = {
    "case": Case,
    "event": Event,
    "exhibit": Exhibit,
    "firearm": Firearm,
    "cartridge_case": CartridgeCase,
}
DOCUMENTED = """
case.number case.agency_ori case.second_agency case.priority case.investigator event.kind
event.happened_at event.place event.latitude event.longitude exhibit.number exhibit.entry_reason
exhibit.collected_at exhibit.submitted_at exhibit.received_at exhibit.collector firearm.type
firearm.make firearm.model firearm.generation firearm.serial firearm.finish firearm.condition
firearm.country firearm.importer firearm.action firearm.obliterated cartridge_case.calibre
cartridge_case.headstamp cartridge_case.headstamp_maker cartridge_case.case_metal
cartridge_case.second_metal cartridge_case.primer_type cartridge_case.primer_metal
cartridge_case.firing_pin_shape cartridge_case.breech_face_class cartridge_case.aperture_shear
cartridge_case.orientation cartridge_case.class_subtype cartridge_case.firing_pin_drag
cartridge_case.extractor_marks cartridge_case.ejector_marks cartridge_case.chamber_marks
cartridge_case.magazine_lip_marks cartridge_case.primer_shear cartridge_case.ejection_port_marks
"""


@pytest.mark.parametrize("name", DOCUMENTED.split())
def test_every_documented_field_is_there(name: str) -> None:
    assert record_fields().named(name).help


def test_columns_are_those_of_the_records_and_lists_are_there() -> None:
    lists = load_pick_lists()
    names = [one.name for one in record_fields().all]
    assert len(set(names)) == len(names)
    for one in record_fields().all:
        own = {f.name for f in fields(RECORDS[one.record])}
        assert one.column == (one.key in own), one.name
        assert (one.value == "pick") == bool(one.list), one.name
        assert not one.list or one.list in lists, one.name
        assert set(one.refused) <= set(lists.get(one.list, ())), one.name
    assert set(lists["roles"]) == {str(role) for role in Role}
    assert {one.record for one in record_fields().all} == set(KINDS)


def test_what_is_missing_reads_as_one_sentence() -> None:
    none = missing_sentence(missing("exhibit", {"number": "3", "entry_reason": "evidence"}))
    assert none == ""
    one = missing_sentence(missing("exhibit", {"number": "3"}))
    assert one == "Required, and still missing, is: reason of entry."
    some = missing_sentence(missing("event", {"place": "Pier 9"}))
    assert some == "Required, and still missing, are: event and date of the event."


def field(key: str, value: str, **more: object) -> Field:
    return Field("case", key, key.title(), "Case", value, **more)  # type: ignore[arg-type]


def test_values_are_tidied() -> None:
    assert tidied(field("notes", "text"), "  a \n b ") == "a b"
    assert tidied(field("kind", "pick"), "new word", ("old",)) == "new word"
    assert tidied(field("kind", "pick"), "OLD", ("old",)) == "old"
    assert tidied(field("north", "coordinate", limit=90.0), "-12,50") == "-12.5"
    assert tidied(field("north", "coordinate", limit=90.0), "0") == "0"
    assert tidied(field("ok", "yes-no"), "YES") == "yes"
    assert tidied(field("day", "date"), "2026-04-12 23:59:00+00:00").startswith("2026-04-1")
    with pytest.raises(CaseheadError, match="is not a number"):
        tidied(field("count", "number"), "inf")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-0412", "2026 0412", True),
        ("2026-0412", "20260412", True),
        ("a-7", "A–7", True),
        ("12-3", "1-23", False),
        ("12-3", "123", True),
        ("2026-0412", "2026-0413", False),
        ("Straße 1", "STRASSE-1", True),
        ("", "", True),
    ],
)
def test_writings_of_a_number(one: str, other: str, same: bool) -> None:
    assert same_number(one, other) is same and same_number(other, one) is same


def test_a_chain_of_custody_tells_its_gaps() -> None:
    def gave(one: str, other: str) -> HandOver:
        return HandOver("x", one, other, "2026-01-02", "examination")

    assert custody_gaps(()) == ()
    assert custody_gaps((gave("a", "B"), gave("b", "c"))) == ()
    (told,) = custody_gaps((gave("a", "b"), gave("c", "d")))
    assert "from b to c is not recorded" in told
