"""Guns of several agencies' cases, and what a blind verification keeps hidden of guns."""

from __future__ import annotations

from app.casework.guns import GunRecord, GunStep
from app.casework.traces import TraceRequest
from app.domain import (
    Agency,
    CartridgeCase,
    Case,
    Exhibit,
    Firearm,
    new_id,
)
from app.store import Casebook
from tests.app.store.store_parts import Planted


def beside(casebook: Casebook, number: str, agency_id: str = "") -> Exhibit:
    """An exhibit of another case."""
    case = casebook.add_case(Case(number, agency_id))
    return casebook.add_exhibit(Exhibit(case.id, "1"))


def test_cases_of_one_number_at_two_agencies_are_two(casebook: Casebook, planted: Planted) -> None:
    partner = casebook.add_agency(Agency(new_id(), "Harbor City"))
    theirs = beside(casebook, planted.case.number, partner.id)
    other = casebook.add_cartridge_case(CartridgeCase(theirs.id, "1"))
    gun = casebook.add_gun(GunRecord("Gun A"))
    for one in (planted.cartridge_case, other):
        casebook.add_gun_step(GunStep(gun.id, one.id, "joined", "made", "act"))
    (group,) = casebook.gun_groups(gun_ids=(gun.id,))
    assert {m.case_id for m in group.members} == {planted.case.id, theirs.case_id}
    assert group.in_several_cases


def test_a_gun_that_a_firearm_became_is_something_to_be_hidden(
    casebook: Casebook, planted: Planted
) -> None:
    firearm = casebook.add_firearm(Firearm(planted.exhibit.id, "Norvik", "N9"))
    fired = casebook.add_cartridge_case(
        CartridgeCase(planted.exhibit.id, "T1", firearm_id=firearm.id)
    )
    before = casebook.blind_stamp(), casebook.guns_ever((fired.id,))
    gun = casebook.add_gun(GunRecord("Norvik N9", None, firearm.id))
    assert casebook.guns_ever((fired.id,)) == {fired.id: {gun.id}} != before[1]
    assert casebook.blind_stamp() != before[0]


def test_the_trace_of_a_gun_of_elsewhere_that_fired_in_a_hidden_case_is_hidden(
    casebook: Casebook, planted: Planted
) -> None:
    """Its line in the journal says for which hit it was made urgent."""
    found, hidden = beside(casebook, "2026-0500"), beside(casebook, "2026-0600")
    firearm = casebook.add_firearm(Firearm(found.id, "Norvik", "N9"))
    casebook.add_cartridge_case(CartridgeCase(planted.exhibit.id, "9", firearm_id=firearm.id))
    trace = casebook.add_trace_request(TraceRequest(firearm.id, {}, "A hit."))
    other = casebook.add_trace_request(
        TraceRequest(casebook.add_firearm(Firearm(beside(casebook, "7").id)).id)
    )
    said = casebook.said_of((), ((planted.case.id, hidden.case_id),), (), ())
    assert trace.id in said and other.id not in said


def test_a_gun_is_found_by_its_very_words(casebook: Casebook, planted: Planted) -> None:
    for serial in ("A_1", "AB1"):
        casebook.add_firearm(Firearm(planted.exhibit.id, "Norvik", "N9", serial))
        gun = casebook.add_gun(GunRecord(f"Gun {serial}"))
        casebook.add_gun_step(GunStep(gun.id, planted.cartridge_case.id, "joined", "made", "act"))
    ((_, found),) = casebook.find_guns("a_1")
    assert found == "Norvik N9 A_1, exhibit 3 of 2026-0412"
    assert len(casebook.find_guns("AB1")) == 2 and casebook.find_guns("%") == ()
