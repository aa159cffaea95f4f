"""Labels to cartridge cases, and the next case with all that stays."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.domain import CaseheadError, MarkKind, Role
from app.workbench import Registration, Workbench
from app.workbench.intake import next_label

LABEL = "2026-0412/3/3A"
TEST_FIRE = Registration(
    *("2026-0412", "3", "T1", Role.TEST_FIRE, "9 mm Luger", "circular", "parallel"),
    firearm_make="Glock",
    firearm_model="19",
    firearm_serial="ABC123",
)


def case_of(workbench: Workbench, mark_id: str) -> str:
    return workbench.mark(mark_id).cartridge_case_id


def actions(workbench: Workbench) -> list[str]:
    return [line.action for line in workbench._casebook.journal()]


@pytest.mark.parametrize(
    ("label", "following"),
    [("3A", "3B"), ("T1", "T2"), ("T09", "T10"), ("A", "B"), ("Z", ""), ("casing", ""), ("", "")],
)
def test_the_next_label(label: str, following: str) -> None:
    assert next_label(label) == following


def test_the_next_case_takes_everything_over_but_the_label(empty_workbench: Workbench) -> None:
    workbench = empty_workbench
    first = workbench.take_in(TEST_FIRE)
    second = workbench.next_case(first.cartridge_case_id)
    assert second.kind is first.kind
    told = workbench.registration_of(second.cartridge_case_id)
    assert told == replace(TEST_FIRE, label="T2")
    assert len(workbench._casebook.firearms()) == 1
    assert workbench.check() == ()


def test_a_next_case_that_is_there_is_taken_as_it_is(empty_workbench: Workbench) -> None:
    workbench = empty_workbench
    first = workbench.take_in(TEST_FIRE)
    there = workbench.register(Registration("2026-0412", "3", "T2", calibre=".45 Auto"))
    found = workbench.next_case(first.cartridge_case_id)
    assert found.cartridge_case_id == there.cartridge_case_id
    assert workbench.registration_of(found.cartridge_case_id).calibre == ".45 Auto"


def test_a_label_without_a_next_one_is_told(empty_workbench: Workbench) -> None:
    mark = empty_workbench.take_in(replace(TEST_FIRE, label="casing"))
    with pytest.raises(CaseheadError, match="follows 'casing' is not clear"):
        empty_workbench.next_case(mark.cartridge_case_id)
    assert len(empty_workbench.tree()[0].exhibits[0].cartridge_cases) == 1


def test_the_protocol_chosen_is_taken_over(empty_workbench: Workbench) -> None:
    workbench = empty_workbench
    first = workbench.take_in(TEST_FIRE)
    usual = workbench.needs_of(first.cartridge_case_id).protocol.key
    other = next(p.key for p in workbench.protocols().all if p.key != usual)
    workbench.choose_protocol(first.cartridge_case_id, other)
    second = workbench.next_case(first.cartridge_case_id)
    needs = workbench.needs_of(second.cartridge_case_id)
    assert needs.protocol.key == other
    assert second.kind is needs.lines[0].step.mark


def test_a_rimfire_case_begins_with_the_mark_of_its_protocol(empty_workbench: Workbench) -> None:
    mark = empty_workbench.take_in(Registration("2026-0412", "4", "4A", calibre=".22 LR"))
    needs = empty_workbench.needs_of(mark.cartridge_case_id)
    assert mark.kind is needs.lines[0].step.mark
    assert {line.mark_id for line in needs.lines} <= {mark.id, ""}


def test_a_known_label_leads_to_its_cartridge_case(empty_workbench: Workbench) -> None:
    mark = empty_workbench.register(Registration("2026-0412", "3", "3A"))
    for text in (LABEL, "2026-0412/3/3a", "2026-0412/3"):
        answer = empty_workbench.read_label(text)
        assert case_of(empty_workbench, answer.mark_id) == mark.cartridge_case_id
        assert "captures go to exhibit 3, cartridge case 3A" in answer.sentence
    assert empty_workbench.label_on(mark.cartridge_case_id) == "2026-0412/3"
    assert actions(empty_workbench).count("evidence label told") == 3


def test_an_exhibit_of_several_cases_is_not_guessed(empty_workbench: Workbench) -> None:
    for label in ("3A", "3B"):
        mark = empty_workbench.register(Registration("2026-0412", "3", label))
    answer = empty_workbench.read_label("2026-0412/3", mark.cartridge_case_id)
    assert answer.mark_id == "" and answer.offer is not None
    assert answer.offer.label == "3C"


def test_a_new_label_is_offered_with_what_its_exhibit_has(empty_workbench: Workbench) -> None:
    workbench = empty_workbench
    own = workbench.take_in(TEST_FIRE).cartridge_case_id
    beside = workbench.read_label("2026-0412/3/T7", own).offer
    assert beside == replace(TEST_FIRE, label="T7")
    elsewhere = workbench.read_label("2026-0412/4/4A", own)
    assert elsewhere.offer == Registration("2026-0412", "4", "4A")
    assert "2026-0412 / 4 / 4A is not in the casebook yet" in elsewhere.sentence
    assert len(workbench.tree()[0].exhibits) == 1


def test_what_is_registered_with_a_label_is_found_by_it(empty_workbench: Workbench) -> None:
    workbench = empty_workbench
    strange = workbench.read_label("  4006381333931 ")
    assert strange.offer is None and "not written as labels are here" in strange.sentence
    mark = workbench.take_in(TEST_FIRE, strange.text)
    assert case_of(workbench, workbench.read_label("4006381333931").mark_id) == (
        mark.cartridge_case_id
    )
    assert workbench.label_on(mark.cartridge_case_id) == "4006381333931"
    assert mark.kind is MarkKind.BREECH_FACE


def test_a_label_is_on_one_cartridge_case_only(empty_workbench: Workbench) -> None:
    workbench = empty_workbench
    workbench.take_in(TEST_FIRE, "4006381333931")
    with pytest.raises(CaseheadError, match="on another cartridge case already"):
        workbench.take_in(replace(TEST_FIRE, label="T2"), "4006381333931")
    (only,) = workbench.tree()[0].exhibits[0].cartridge_cases
    assert workbench.label_on(only.cartridge_case.id) == "4006381333931"


def test_a_long_label_is_shown_in_part(empty_workbench: Workbench) -> None:
    answer = empty_workbench.read_label("x" * 4000)
    assert answer.mark_id == "" and len(answer.sentence) < 250
