"""Fields of the record: filled in, required, corrected with a reason, and custody."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from workbench_parts import AUTHOR, Heard, frame

from app.casework.record import record_fields
from app.domain import Author, CaseheadError, Mark, Role
from app.store.backup import FILE_NAME
from app.workbench import Registration, Workbench

TOMORROW = (date.today() + timedelta(days=2)).isoformat()
FULL = Registration(
    "2026-0412",
    "3",
    "3A",
    Role.EVIDENCE,
    calibre="9 mm Luger",
    firing_pin_shape="circular",
    breech_face_class="parallel",
    event_kind="non-fatal shooting",
    event_at="2026-01-12 21:40",
    event_place="River Road 4",
    facts={
        "exhibit.entry_reason": "evidence",
        "exhibit.collected_at": "2026-01-12",
        "exhibit.received_at": "2026-01-13 08:10",
        "event.latitude": "40.4406",
        "event.longitude": "-79,9959",
        "cartridge_case.primer_type": "boxer",
        "case.investigator": "Det. 渡辺 Ångström",
    },
)


def here(day: int, hour: int, minute: int) -> str:
    """A moment of January 2026 by this computer's time, as it is kept."""
    return datetime(2026, 1, day, hour, minute).astimezone(UTC).isoformat(timespec="seconds")


def ids(workbench: Workbench, mark: Mark) -> dict[Any, str]:
    own = workbench._casebook.cartridge_case(mark.cartridge_case_id)
    exhibit = workbench._casebook.exhibit(own.exhibit_id)
    return {
        "case": exhibit.case_id,
        "event": exhibit.event_id or "",
        "exhibit": exhibit.id,
        "firearm": own.firearm_id or "",
        "cartridge_case": own.id,
    }


@pytest.fixture
def own(workbench: Workbench) -> dict[Any, str]:
    return ids(workbench, workbench.register(FULL))


def test_what_is_registered_is_kept_by_field(workbench: Workbench, own: dict[Any, str]) -> None:
    assert workbench.facts("exhibit", own["exhibit"]) == {
        "number": "3",
        "entry_reason": "evidence",
        "collected_at": "2026-01-12",
        "received_at": here(13, 8, 10),
    }
    event = workbench.facts("event", own["event"])
    assert (event["latitude"], event["longitude"]) == ("40.4406", "-79.9959")
    assert event["fatal"] == "no"  # follows from what happened
    case = workbench.facts("case", own["case"])
    assert case["agency_ori"] == AUTHOR.ori and case["investigator"] == "Det. 渡辺 Ångström"
    assert workbench.facts("cartridge_case", own["cartridge_case"])["primer_type"] == "boxer"
    assert workbench.register(FULL).cartridge_case_id == own["cartridge_case"]
    assert workbench.check() == ()


def test_every_field_takes_very_long_and_foreign_words(workbench: Workbench) -> None:
    long = "Ω漢字عربى " * 300
    gun = replace(FULL, role=Role.TEST_FIRE, firearm_make="Ruger")
    own = ids(workbench, workbench.register(gun))
    for one in record_fields().all:
        if one.value == "text" and not one.column:
            workbench.set_facts(one.record, own[one.record], {one.key: long}, "longer")
            kept = workbench.facts(one.record, own[one.record])[one.key]
            assert kept == " ".join(long.split())
    with pytest.raises(CaseheadError, match="longer than"):
        workbench.correct("case", own["case"], "notes", "x" * 4001, "too long")
    assert workbench.check() == ()


@pytest.mark.parametrize("reason", ["newly made gun", "Imported gun", "sold gun"])
def test_guns_made_imported_or_sold_are_never_entered(workbench: Workbench, reason: str) -> None:
    """R13"""
    wanted = replace(FULL, facts={"exhibit.entry_reason": reason})
    with pytest.raises(CaseheadError, match="only crime guns and evidence"):
        workbench.register(wanted)
    assert workbench.tree() == () and workbench.last_registration() is None


def test_required_fields_are_told_and_only_refused_by_rule(workbench: Workbench) -> None:
    sparse = Registration("2026-0412", "3", "3A", Role.UNKNOWN)
    own = ids(workbench, workbench.register(sparse))
    told = [f.key for f in workbench.missing_facts("cartridge_case", own["cartridge_case"])]
    assert told == ["role", "calibre", "firing_pin_shape", "breech_face_class"]
    workbench.set_record_rules(True)
    assert workbench._casebook.journal(1)[-1].action == "record rules set"
    with pytest.raises(CaseheadError) as refused:
        workbench.register(replace(sparse, exhibit_number="4", label="4A"))
    said = str(refused.value)
    for words in ("event", "date of the event", "place of the event", "reason of entry", "role"):
        assert words in said
    for words in ("calibre", "firing-pin shape", "breech-face class"):
        assert words in said
    assert said.count(".") == 1 and "ORI" not in said  # the agency's holds for the case
    with pytest.raises(CaseheadError, match=r"exhibit number.*calibre"):
        workbench.register(replace(sparse, exhibit_number=""))
    (case,) = workbench.tree()
    assert len(case.exhibits) == 1
    workbench.register(replace(FULL, exhibit_number="4", label="4A"))


def test_an_agency_without_ori_has_to_say_it(opened: Callable[..., Workbench]) -> None:
    """R14"""
    workbench = opened(author=False)
    workbench.set_author(Author("Small County", "bench", "J. Doe"))
    workbench.set_record_rules(True)
    with pytest.raises(CaseheadError, match="ORI"):
        workbench.register(FULL)
    facts = dict(FULL.facts) | {"case.agency_ori": "XX0001"}
    workbench.register(replace(FULL, facts=facts))


@pytest.mark.parametrize("writing", ["2026 0412", "20260412", "2026–0412"])
def test_a_case_number_is_there_once_in_any_writing(
    workbench: Workbench, own: dict[Any, str], writing: str
) -> None:
    """R14"""
    with pytest.raises(CaseheadError, match="Case 2026-0412 is already there"):
        workbench.register(replace(FULL, case_number=writing))
    assert len(workbench.tree()) == 1


def test_capitals_make_no_other_number_in_any_script(workbench: Workbench) -> None:
    workbench.register(Registration("дело-Ä7", "1", "1A"))
    for writing in ("Дело-Ä7", "ДЕЛО-Ä7", "дело ä7"):
        with pytest.raises(CaseheadError, match="already there"):
            workbench.register(Registration(writing, "1", "1B"))
    workbench.register(Registration("12-3", "1", "1A"))
    workbench.register(Registration("1-23", "1", "1A"))  # another number


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"exhibit.collected_at": TOMORROW}, "collected cannot lie in the future"),
        ({"exhibit.received_at": "soon"}, "not a date"),
        (
            {"exhibit.submitted_at": "2026-01-14 10:00", "exhibit.received_at": "2026-01-14 09:00"},
            "before it is received",
        ),
        (
            {"exhibit.collected_at": "2026-01-15", "exhibit.received_at": "2026-01-14 09:00"},
            "before it is received",
        ),
        ({"event.latitude": "91", "event.longitude": "0"}, "between -90 and 90"),
        ({"event.latitude": "nan", "event.longitude": "0"}, "not a number"),
        ({"event.latitude": "40"}, "both latitude and longitude"),
        ({"exhibit.entry_reason": "because"}, "one of crime gun, evidence"),
        ({"event.fatal": "maybe"}, "one of yes, no"),
        ({"exhibit.colour": "red"}, "no field 'colour'"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(
    workbench: Workbench, facts: dict[str, str], sentence: str
) -> None:
    with pytest.raises(CaseheadError, match=sentence):
        workbench.register(replace(FULL, facts=facts))
    assert workbench.tree() == ()


def test_a_recorded_value_is_not_overwritten_without_a_reason(
    workbench: Workbench, own: dict[Any, str]
) -> None:
    with pytest.raises(CaseheadError, match=r"recorded as .evidence..*with a reason"):
        workbench.set_facts("exhibit", own["exhibit"], {"entry_reason": "crime gun"})
    with pytest.raises(CaseheadError, match="recorded as"):
        facts = dict(FULL.facts) | {"exhibit.entry_reason": "crime gun"}
        workbench.register(replace(FULL, facts=facts, label="3B"))
    workbench.set_facts("exhibit", own["exhibit"], {"collector": "Ofc. Díaz"})
    assert workbench.corrections("exhibit", own["exhibit"]) == ()
    workbench.set_facts("exhibit", own["exhibit"], {"collector": "Ofc. Ruiz"}, "misread")
    (made,) = workbench.corrections("exhibit", own["exhibit"])
    assert (made.earlier, made.value, made.reason) == ("Ofc. Díaz", "Ofc. Ruiz", "misread")


CORRECTED = [
    ("case", "number", "2026-0413", "2026-0412"),
    ("exhibit", "number", "5", "3"),
    ("event", "kind", "fatal shooting", "non-fatal shooting"),
    ("event", "happened_at", "2026-01-11", here(12, 21, 40)),
    ("event", "place", "Hill Road", "River Road 4"),
    ("firearm", "make", "Ruger", "Rugger"),
    ("firearm", "serial", "314-1", "314-7"),
    ("cartridge_case", "label", "5A", "3A"),
    ("cartridge_case", "role", "test fire", "evidence"),
    ("cartridge_case", "calibre", ".40 S&W", "9 mm Luger"),
    ("cartridge_case", "firing_pin_shape", "elliptical", "circular"),
    ("cartridge_case", "breech_face_class", "arched", "parallel"),
    ("exhibit", "entry_reason", "crime gun", "evidence"),
]


@pytest.mark.parametrize(("kind", "key", "value", "earlier"), CORRECTED)
def test_a_correction_keeps_what_was_who_when_and_why(
    opened: Callable[..., Workbench], kind: Any, key: str, value: str, earlier: str
) -> None:
    workbench = opened()
    gun = {"firearm_make": "Rugger", "firearm_model": "P95", "firearm_serial": "314-7"}
    own = ids(workbench, workbench.register(replace(FULL, **gun)))
    heard = Heard(workbench)
    workbench.correct(kind, own[kind], key, value, "  typed   wrongly ")
    assert own["case"] in heard.all.cases and heard.all.casework
    workbench.close()
    again = opened()
    assert again.facts(kind, own[kind])[key] == value
    (made,) = again.corrections(kind, own[kind])
    assert (made.earlier, made.value, made.reason) == (earlier, value, "typed wrongly")
    assert made.author == AUTHOR and made.corrected_at
    assert "corrected from" in again.history(kind, own[kind])[-1].what
    assert again.check() == ()
    _change_behind(again, kind, own[kind], key)


def _change_behind(workbench: Workbench, kind: str, record_id: str, key: str) -> None:
    """What was corrected is still found when it is changed by another program."""
    column = next(f for f in record_fields().of(kind) if f.key == key).column  # type: ignore[arg-type]
    if not column:
        return
    workbench.close()
    raw = sqlite3.connect(workbench.folder / FILE_NAME)
    raw.execute(f'UPDATE "{kind}" SET "{key}" = ? WHERE id = ?', ("evidence", record_id))
    raw.commit()
    raw.close()
    again = Workbench(workbench.folder, automatic_search=False)
    try:
        assert any(record_id in sentence for sentence in again.check())
    finally:
        again.close()


def test_corrections_take_effect_in_tree_and_labels(workbench: Workbench) -> None:
    mark = workbench.register(FULL)
    kept = workbench.capture(mark.id, frame(1))
    own = ids(workbench, mark)
    workbench.correct("case", own["case"], "number", "2026-0500", "wrong sheet")
    workbench.correct("cartridge_case", own["cartridge_case"], "label", "9Z", "relabelled")
    workbench.correct("cartridge_case", own["cartridge_case"], "calibre", ".45 Auto", "measured")
    place = workbench.provenance(kept.id)
    assert place.name == "2026-0500 / 3 / 9Z" and place.cartridge_case.calibre == ".45 Auto"
    assert workbench.tree()[0].case.number == "2026-0500"


def test_what_cannot_be_corrected(workbench: Workbench, own: dict[Any, str]) -> None:
    workbench.register(replace(FULL, case_number="2026-0999", label="3B", facts={}))
    case = own["case"]
    for wrong in (
        lambda: workbench.correct("case", case, "number", "2026-0413", " "),
        lambda: workbench.correct("case", case, "number", "2026-0412", "same"),
        lambda: workbench.correct("case", case, "number", "", "gone"),
        lambda: workbench.correct("case", case, "number", "2026 0999", "taken"),
        lambda: workbench.correct("cartridge_case", own["cartridge_case"], "role", "?", "x"),
        lambda: workbench.correct("case", case, "colour", "red", "x"),
        lambda: workbench.correct("case", "nobody", "title", "x", "x"),
        lambda: workbench.correct("image", "x", "digest", "0", "x"),  # type: ignore[arg-type]
    ):
        with pytest.raises(CaseheadError):
            wrong()
    with pytest.raises(CaseheadError, match="evidence and are never corrected"):
        workbench.correct("scan", "x", "digest", "0", "x")  # type: ignore[arg-type]
    workbench.set_record_rules(True)
    with pytest.raises(CaseheadError, match="Required"):
        workbench.correct("exhibit", own["exhibit"], "entry_reason", "", "unsure")
    assert workbench.corrections("case", case) == ()


def test_a_label_in_use_is_refused(workbench: Workbench, own: dict[Any, str]) -> None:
    workbench.register(replace(FULL, label="3B"))
    with pytest.raises(CaseheadError, match="label '3B' here already"):
        workbench.correct("cartridge_case", own["cartridge_case"], "label", "3B", "x")


def test_an_event_and_a_firearm_recorded_afterwards(workbench: Workbench) -> None:
    own = ids(workbench, workbench.register(Registration("2026-0412", "3", "3A")))
    event = workbench.record_event(own["exhibit"], {"kind": "recovery", "place": "Pier 9"})
    assert workbench.facts("event", event.id)["place"] == "Pier 9"
    with pytest.raises(CaseheadError, match="its event already"):
        workbench.record_event(own["exhibit"], {"kind": "recovery"})
    gun = workbench.record_firearm(
        own["exhibit"], {"make": "Ruger", "type": "pistol"}, own["cartridge_case"]
    )
    found = workbench._casebook.cartridge_case(own["cartridge_case"])
    assert found.firearm_id == gun.id
    assert workbench.facts("firearm", gun.id) == {"make": "Ruger", "type": "pistol"}
    words = [line.what for line in workbench.history("cartridge_case", own["cartridge_case"])]
    assert words[-1] == "Linked with its firearm"
    assert workbench.check() == ()


def test_an_event_given_later_belongs_to_the_exhibit(workbench: Workbench) -> None:
    workbench.register(Registration("2026-0412", "3", "3A"))
    own = ids(workbench, workbench.register(replace(FULL, label="3B")))
    assert workbench.facts("event", own["event"])["place"] == "River Road 4"


def test_a_serial_is_not_required_where_it_was_removed(workbench: Workbench) -> None:
    gun = replace(FULL, firearm_make="Ruger", firearm_model="P95")
    own = ids(workbench, workbench.register(gun))
    lacking = [f.key for f in workbench.missing_facts("firearm", own["firearm"])]
    assert lacking == ["serial", "type"]
    workbench.set_facts("firearm", own["firearm"], {"obliterated": "Yes", "type": "pistol"})
    assert workbench.missing_facts("firearm", own["firearm"]) == ()


def test_custody_is_a_chain_that_is_only_added_to(
    workbench: Workbench, own: dict[Any, str], tmp_path: Path
) -> None:
    """R27"""
    exhibit = own["exhibit"]
    workbench.hand_over(exhibit, "Lab", "R. Okafor", "2026-01-14 10:00", "examination")
    workbench.hand_over(exhibit, "Ofc. Díaz", "Lab", "2026-01-13", "submission", seal="sealed")
    chain = workbench.hand_overs(exhibit)
    assert [one.received_by for one in chain] == ["Lab", "R. Okafor"]
    assert workbench.custody_gaps(exhibit) == ()
    workbench.hand_over(exhibit, "Vault", "Court", "2026-02-01 09:00", "court", note="box 7")
    assert "from R. Okafor to Vault" in workbench.custody_gaps(exhibit)[0]
    assert workbench._casebook.journal(1)[-1].action == "hand over added"
    for wrong in (("", "x", "2026-01-14", "p"), ("x", "y", TOMORROW, "p"), ("x", "y", "", "p")):
        with pytest.raises(CaseheadError):
            workbench.hand_over(exhibit, *wrong)
    assert len(workbench.hand_overs(exhibit)) == 3 and workbench.check() == ()
    with (
        pytest.raises(sqlite3.IntegrityError, match="never changed"),
        workbench._casebook.transaction(),
    ):
        workbench._casebook._connection.run("UPDATE hand_over SET place = 'x'")


def test_the_laboratory_adds_to_pick_lists(opened: Callable[..., Workbench]) -> None:
    workbench = opened()
    workbench.add_pick("entry_reasons", "cold case")
    workbench.close()
    again = opened()
    assert again.pick_lists()["entry_reasons"][-1] == "cold case"
    own = ids(again, again.register(replace(FULL, facts={"exhibit.entry_reason": "Cold case"})))
    assert again.facts("exhibit", own["exhibit"])["entry_reason"] == "cold case"
    again.withdraw_pick("entry_reasons", "cold case")
    assert "cold case" not in again.pick_lists()["entry_reasons"]
    for wrong in (
        lambda: again.add_pick("entry_reasons", "Evidence"),
        lambda: again.add_pick("nothing", "x"),
        lambda: again.add_pick("roles", "toy"),
        lambda: again.withdraw_pick("entry_reasons", "sold gun"),
    ):
        with pytest.raises(CaseheadError):
            wrong()
    assert again.check() == ()


def test_a_partners_record_stays_as_it_came(opened: Callable[..., Workbench]) -> None:
    workbench = opened()
    own = ids(workbench, workbench.register(FULL))
    workbench.set_author(Author("Another Laboratory", "bench", "A. Other", "YY1"))
    with pytest.raises(CaseheadError, match="Example County Laboratory's"):
        workbench.correct("case", own["case"], "title", "x", "why")
    mine = ids(workbench, workbench.register(replace(FULL, case_number="YY-1")))
    with pytest.raises(CaseheadError, match="Example County Laboratory's"):
        workbench.record_firearm(mine["exhibit"], {"make": "Ruger"}, own["cartridge_case"])
    assert not workbench.sheets("exhibit", own["exhibit"])[0].own


def test_the_sheets_of_a_cartridge_case(workbench: Workbench, own: dict[Any, str]) -> None:
    sheets = workbench.sheets("cartridge_case", own["cartridge_case"])
    assert [s.title for s in sheets] == [
        "Cartridge case 3A",
        "Exhibit 3",
        "Event",
        "Case 2026-0412",
    ]
    received = next(one for one in sheets[1].lines if one.field.key == "received_at")
    assert received.recorded == here(13, 8, 10) and received.shown == "2026-01-13 08:10"
    assert all(not sheet.missing for sheet in sheets)


def test_what_is_carried_over_is_what_was_corrected(workbench: Workbench) -> None:
    own = ids(workbench, workbench.register(FULL))
    workbench.correct("case", own["case"], "number", "2026-0500", "wrong sheet")
    workbench.correct("exhibit", own["exhibit"], "entry_reason", "crime gun", "misread")
    last = workbench.last_registration()
    assert last is not None and last.case_number == "2026-0500"
    assert last.facts["exhibit.entry_reason"] == "crime gun"
    workbench.register(replace(last, label="3B"))
    assert len(workbench.tree()) == 1
