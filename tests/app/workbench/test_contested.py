"""A disagreement cannot be got round: not by recording, drawing, asking or comparing once more."""

from __future__ import annotations

from dataclasses import replace

import pytest
from casework_parts import (
    FIRST,
    FOURTH,
    NEITHER,
    SECOND,
    THIRD,
    UNSURE,
    as_person,
    compared,
    concluded,
    hit,
    note,
    sure,
    verified,
)

from app.domain import CaseheadError, Comparison
from app.workbench import Workbench

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def contested(workbench: Workbench, pair: tuple[str, str]) -> Comparison:
    """An identification that the second examiner verified otherwise."""
    comparison = concluded(workbench, *pair)
    verified(workbench, comparison.id, UNSURE)
    as_person(workbench, FIRST)
    return comparison


def confirmed(workbench: Workbench, acquired_id: str) -> bool:
    """By the clock."""
    stages = workbench.clock(workbench.provenance(acquired_id).exhibit.id)
    return any(stage.name == "confirmed" and stage.at for stage in stages)


def draw(workbench: Workbench, comparison: Comparison) -> None:
    workbench.annotate(comparison, (note("here"),))


def conclude_again(workbench: Workbench, comparison: Comparison) -> None:
    workbench.conclude(comparison.id, replace(sure(FIRST), reasons="More of the same."))


def conclude_otherwise_and_again(workbench: Workbench, comparison: Comparison) -> None:
    workbench.conclude(comparison.id, NEITHER)
    conclude_again(workbench, comparison)


def ask_meanwhile(workbench: Workbench, comparison: Comparison) -> None:
    workbench.conclude(comparison.id, NEITHER)
    workbench.ask_verification(comparison.id, "open", FOURTH)
    conclude_again(workbench, comparison)


ROUNDS = (draw, conclude_again, conclude_otherwise_and_again, ask_meanwhile)


@pytest.mark.parametrize("way", ROUNDS)
def test_only_a_third_settles_a_disagreement(
    workbench: Workbench, pair: tuple[str, str], contested: Comparison, way: object
) -> None:
    way(workbench, contested)  # type: ignore[operator]
    state = workbench.verifications(contested.id)
    assert state.state == "disagreed" and workbench.disputed() == {contested.id}
    assert state.verification is not None and state.verification.examiner == SECOND
    with pytest.raises(CaseheadError, match="ask a third one now"):
        workbench.ask_verification(contested.id, "open", FOURTH)
    for line in workbench.verification_tasks():
        as_person(workbench, FOURTH)
        with pytest.raises(CaseheadError, match="only a third one settles it"):
            workbench.verify(line.task.id, sure(FOURTH))
    assert not workbench.hits() and not confirmed(workbench, pair[0])
    as_person(workbench, FIRST)
    task = workbench.ask_third(contested.id, THIRD)
    as_person(workbench, THIRD)
    workbench.verify(task.id, sure(THIRD))
    state = workbench.verifications(contested.id)
    assert (state.state, state.verified) == ("settled", True)
    assert f"{SECOND} verified" in " ".join(state.sentences), "and it is told who said otherwise"
    assert workbench.hits() and confirmed(workbench, pair[0]) and workbench.check_clock() == ()


@pytest.mark.parametrize("way", ROUNDS)
@pytest.mark.parametrize("third", [UNSURE, NEITHER])
def test_a_third_who_did_not_bear_it_out_is_not_overruled_by_a_fourth(
    workbench: Workbench,
    pair: tuple[str, str],
    contested: Comparison,
    way: object,
    third: object,
) -> None:
    task = workbench.ask_third(contested.id, THIRD)
    as_person(workbench, THIRD)
    workbench.verify(task.id, third)  # type: ignore[arg-type]
    as_person(workbench, FIRST)
    way(workbench, contested)  # type: ignore[operator]
    with pytest.raises(CaseheadError, match=r"settled by two of three|a fourth does not settle"):
        workbench.ask_verification(contested.id, "open", FOURTH)
    for line in workbench.verification_tasks():
        as_person(workbench, FOURTH)
        with pytest.raises(CaseheadError, match="only a third one settles it"):
            workbench.verify(line.task.id, sure(FOURTH))
    assert not workbench.hits() and not confirmed(workbench, pair[0])


def test_what_was_concluded_otherwise_since_is_verified_afresh(
    workbench: Workbench, contested: Comparison
) -> None:
    workbench.conclude(contested.id, UNSURE)
    assert workbench.verifications(contested.id).state == "stale"
    assert workbench.disputed() == frozenset()
    verified(workbench, contested.id, UNSURE, by=THIRD)
    assert workbench.verifications(contested.id).state == "agreed"


def test_the_same_marks_the_other_way_round_wait_for_it_too(
    workbench: Workbench, pair: tuple[str, str], contested: Comparison
) -> None:
    turned = compared(workbench, pair[1], pair[0])
    assert turned.id != contested.id
    workbench.conclude(turned.id, sure(FIRST))
    with pytest.raises(CaseheadError, match="another comparison of them"):
        workbench.ask_verification(turned.id, "open", FOURTH)
    task = workbench.ask_third(contested.id, THIRD)
    as_person(workbench, THIRD)
    workbench.verify(task.id, sure(THIRD))
    as_person(workbench, FIRST)
    workbench.ask_verification(turned.id, "open", FOURTH)


def test_nobody_who_concluded_on_it_is_the_third(
    workbench: Workbench, contested: Comparison
) -> None:
    as_person(workbench, FOURTH)
    workbench.conclude(contested.id, sure(FOURTH))
    with pytest.raises(CaseheadError, match=f"{FIRST} concluded on it before"):
        workbench.ask_third(contested.id, FIRST)
    task = workbench.ask_third(contested.id, mode="open")
    as_person(workbench, FIRST)
    with pytest.raises(CaseheadError, match=f"{FIRST} concluded on it before"):
        workbench.verify(task.id, sure(FIRST))


def test_who_had_a_part_in_it_does_not_verify_it_blind_but_openly(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = hit(workbench, *pair)
    as_person(workbench, FIRST)
    draw(workbench, comparison)
    with pytest.raises(CaseheadError, match=f"ask {SECOND} openly"):
        workbench.ask_verification(comparison.id, "blind", SECOND)
    task = workbench.ask_verification(comparison.id, "open", SECOND)
    as_person(workbench, SECOND)
    workbench.verify(task.id, sure(SECOND))
    assert workbench.hits()


def test_a_verification_rests_on_the_own_examination(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = concluded(workbench, *pair)
    task = workbench.ask_verification(comparison.id, "open", SECOND)
    as_person(workbench, SECOND)
    with pytest.raises(CaseheadError, match=f"{FIRST} examined the specimens"):
        workbench.verify(task.id, sure(FIRST))
    made = workbench.verify(task.id, sure(f"  {SECOND.upper()} "))
    assert made.examined_by == SECOND, "written as it is on record"
    assert workbench.hits() and confirmed(workbench, pair[0])


@pytest.mark.parametrize("name", ["J Doe", "j.doe", "J.  DOE"])
def test_another_spelling_is_not_another_examiner(
    workbench: Workbench, pair: tuple[str, str], name: str
) -> None:
    comparison = concluded(workbench, *pair)
    with pytest.raises(CaseheadError, match="another examiner has to verify"):
        workbench.ask_verification(comparison.id, "open", name)
    task = workbench.ask_verification(comparison.id, "open")
    as_person(workbench, name)
    with pytest.raises(CaseheadError, match="another examiner has to verify"):
        workbench.verify(task.id, sure(name))


def test_what_a_reader_should_know_of_a_verification_is_told_with_it(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    as_person(workbench, FIRST)
    lead = workbench.propose_lead(*pair, "Striae agree.")
    as_person(workbench, SECOND)
    workbench.agree_lead(lead.id)
    comparison = hit(workbench, *pair)
    said = workbench.verifications(comparison.id).sentences
    assert f"{SECOND} had reviewed the lead between the two before." in said
    as_person(workbench, FIRST)
    conclude_again(workbench, comparison)
    verified(workbench, comparison.id, by=THIRD)
    workbench.settle_scale(pair[0], 3.0)
    said = workbench.verifications(comparison.id).sentences
    assert f"Before that, {SECOND} verified: Identification." in said
    assert not any("had reviewed the lead" in one for one in said), "it was another verifier"
    assert "The left picture has been replaced by a newer record of it since." in said
