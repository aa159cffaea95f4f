"""Verification by another examiner, open or blind, and by a third after a disagreement (R21)."""

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
    hit,
    note,
    sure,
    verified,
)
from workbench_parts import AUTHOR, Heard

from app.casework.people import PersonRole, Skill
from app.domain import (
    CaseheadError,
    Comparison,
)
from app.workbench import Workbench

pytestmark = pytest.mark.usefixtures("library")


def test_a_second_examiner_verifies_and_the_cases_are_linked(
    workbench: Workbench, comparison: Comparison
) -> None:
    assert workbench.verifications(comparison.id).state == "none" and workbench.links() == ()
    task = workbench.ask_verification(comparison.id, "open", SECOND)
    assert workbench.verifications(comparison.id).state == "asked"
    as_person(workbench, SECOND)
    (line,) = workbench.verification_tasks()
    assert line.task == task and line.waiting and line.mine and not line.why_not
    assert line.names == ("2026-1 / 1 / A", "2026-2 / 1 / A")
    heard = Heard(workbench)
    verification = workbench.verify(task.id, sure(SECOND))
    assert heard.all.casework and heard.all.comparisons == {comparison.id}
    state = workbench.verifications(comparison.id)
    assert (state.state, state.verified, state.verification) == ("agreed", True, verification)
    assert f"{SECOND} verified: Identification." in state.sentences
    (link,) = workbench.hits()
    assert link.counted and link.comparisons == (comparison.id,)
    assert link.since == verification.verified_at
    assert link.started_by == link.confirmed_by == workbench._casebook.agency().id
    assert workbench.verification_tasks() == ()
    (line,) = workbench.verification_tasks(waiting_only=False, limit=1)
    assert not line.waiting and not line.mine
    assert workbench.verification_tasks(waiting_only=False, limit=0) == ()
    assert workbench.verification_versions(comparison.id) == (verification,)
    assert workbench.non_agreement() == (1, 0) and workbench.check() == ()


def test_what_cannot_be_asked_is_refused(workbench: Workbench, pair: tuple[str, str]) -> None:
    comparison = compared(workbench, *pair)
    with pytest.raises(CaseheadError, match="no conclusion to verify yet"):
        workbench.ask_verification(comparison.id, "open")
    workbench.conclude(comparison.id, sure(FIRST))
    with pytest.raises(CaseheadError, match="open or blind, not 'half'"):
        workbench.ask_verification(comparison.id, "half")  # type: ignore[arg-type]
    with pytest.raises(CaseheadError, match=f"{FIRST} concluded on it"):
        workbench.ask_verification(comparison.id, "open", FIRST)
    with pytest.raises(CaseheadError, match="no comparison nothing"):
        workbench.ask_verification("nothing", "open")
    with pytest.raises(CaseheadError, match="after a disagreement only"):
        workbench.ask_third(comparison.id)
    as_person(workbench, SECOND)
    with pytest.raises(CaseheadError, match="has seen what was concluded"):
        workbench.ask_verification(comparison.id, "blind", SECOND)
    assert workbench.verification_tasks() == ()


def test_only_who_was_asked_may_verify_and_never_the_first(
    workbench: Workbench, comparison: Comparison
) -> None:
    named = workbench.ask_verification(comparison.id, "open", SECOND)
    with pytest.raises(CaseheadError, match=f"{SECOND} was asked"):
        workbench.verify(named.id, sure(FIRST))
    anybody = workbench.ask_verification(comparison.id, "open")
    with pytest.raises(CaseheadError, match=f"{FIRST} concluded on it"):
        workbench.verify(anybody.id, sure(FIRST))
    as_person(workbench, SECOND)
    with pytest.raises(CaseheadError, match="no longer waits"):
        workbench.verify(named.id, sure(SECOND))
    workbench.verify(anybody.id, sure(SECOND))
    with pytest.raises(CaseheadError, match="no longer waits"):
        workbench.verify(anybody.id, sure(SECOND))
    with pytest.raises(CaseheadError, match="is verified already"):
        workbench.ask_verification(comparison.id, "open")


def test_the_rules_of_the_scale_hold_for_verifications_too(
    workbench: Workbench, comparison: Comparison
) -> None:
    task = workbench.ask_verification(comparison.id, "open", SECOND)
    as_person(workbench, SECOND)
    with pytest.raises(CaseheadError, match="Pictures alone do not carry an identification"):
        workbench.verify(task.id, replace(sure(SECOND), examined_physically=False))
    with pytest.raises(CaseheadError, match="no conclusion 'perhaps'"):
        workbench.verify(task.id, "perhaps")
    assert workbench.verification_versions(comparison.id) == ()


def test_a_disagreement_goes_to_a_third_and_two_of_three_settle_it(
    workbench: Workbench, comparison: Comparison
) -> None:
    second = verified(workbench, comparison.id, UNSURE)
    state = workbench.verifications(comparison.id)
    assert (state.state, state.verified) == ("disagreed", False)
    assert "a third examiner decides" in state.sentences[-1]
    assert workbench.links() == () and workbench.non_agreement() == (1, 1)
    assert workbench.disputed() == {comparison.id}
    as_person(workbench, FIRST)
    with pytest.raises(CaseheadError, match="ask a third one"):
        workbench.ask_verification(comparison.id, "open")
    with pytest.raises(CaseheadError, match=f"{SECOND} verified it as the second"):
        workbench.ask_third(comparison.id, SECOND)
    with pytest.raises(CaseheadError, match=f"{FIRST} concluded on it"):
        workbench.ask_third(comparison.id, FIRST)
    task = workbench.ask_third(comparison.id, THIRD)
    assert task.third and task.mode == "blind", "as the second was"
    assert workbench.verifications(comparison.id).task == task
    as_person(workbench, THIRD)
    assert workbench.conclusions(comparison.id) == () and workbench.disputed() == frozenset()
    assert workbench.verifications(comparison.id).verification is None
    third = workbench.verify(task.id, sure(THIRD))
    state = workbench.verifications(comparison.id)
    assert (state.state, state.value, state.verified) == ("settled", "identification", True)
    assert (state.verification, state.third) == (second, third)
    assert workbench.hits() and workbench.verification_versions(comparison.id) == (second, third)
    assert workbench.disputed() == frozenset()
    every = workbench.verification_tasks(waiting_only=False)
    assert workbench.verification_tasks(False, asked_by=FIRST.lower()) == every
    assert workbench.verification_tasks(False, asked_by=THIRD) == ()
    assert workbench.verification_tasks(False, comparison_ids=[comparison.id]) == every
    assert workbench.verification_tasks(False, comparison_ids=()) == ()
    with pytest.raises(CaseheadError, match="settled by two of three"):
        workbench.ask_verification(comparison.id, "open")


@pytest.mark.parametrize(
    ("draft", "word", "value"), [(UNSURE, "settled", "inconclusive-a"), (NEITHER, "unresolved", "")]
)
def test_a_third_who_does_not_bear_the_first_out_makes_no_hit(
    workbench: Workbench, comparison: Comparison, draft: object, word: str, value: str
) -> None:
    verified(workbench, comparison.id, UNSURE)
    task = workbench.ask_third(comparison.id, mode="open")
    for name in (FIRST, SECOND):
        as_person(workbench, name)
        with pytest.raises(CaseheadError, match=f"{name} (concluded|verified)"):
            workbench.verify(task.id, sure(name))
    as_person(workbench, THIRD)
    workbench.verify(task.id, draft)  # type: ignore[arg-type]
    state = workbench.verifications(comparison.id)
    assert (state.state, state.value, state.verified) == (word, value, False)
    assert workbench.links() == ()
    if word == "unresolved":
        assert "stays unresolved" in state.sentences[-1]
        with pytest.raises(CaseheadError, match="a fourth does not settle it"):
            workbench.ask_verification(comparison.id, "open", FOURTH)


def test_a_later_conclusion_makes_it_stale_and_it_can_be_asked_anew(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = hit(workbench, *pair)
    as_person(workbench, FIRST)
    workbench.conclude(comparison.id, sure(FIRST))
    state = workbench.verifications(comparison.id)
    assert (state.state, state.verified) == ("stale", False)
    assert "Another conclusion was recorded after the verification." in state.sentences
    assert workbench.hits() == () and workbench.links()[0].stale
    with pytest.raises(CaseheadError, match=f"{SECOND} has seen what was concluded"):
        workbench.ask_verification(comparison.id, "blind", SECOND)
    verified(workbench, comparison.id, by=THIRD)
    assert workbench.verifications(comparison.id).state == "agreed" and workbench.hits()


def test_changed_annotations_make_it_stale(workbench: Workbench, pair: tuple[str, str]) -> None:
    comparison = hit(workbench, *pair)
    workbench.annotate(comparison, (note("after the fact"),))
    state = workbench.verifications(comparison.id)
    assert state.state == "stale" and "What is drawn or noted was changed" in state.sentences[0]
    (link,) = workbench.links()
    assert link.stale and "drawn or noted" in link.why_not


def test_a_correction_of_the_record_makes_it_stale(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = hit(workbench, *pair)
    place = workbench.provenance(pair[1])
    workbench.correct("case", place.case.id, "title", "Canal Road", "Misspelt.")
    assert workbench.hits(), "a title bears nothing"
    workbench.correct(
        "cartridge_case", place.cartridge_case.id, "calibre", ".40 S&W", "Read wrong."
    )
    state = workbench.verifications(comparison.id)
    assert state.state == "stale" and "A record it rests on was corrected" in state.sentences[0]
    (link,) = workbench.links()
    assert (link.state, link.stale) == ("lead", True)
    verified(workbench, comparison.id, by=THIRD)
    assert workbench.hits()


def test_an_identification_not_made_on_the_specimens_by_its_examiner_is_no_hit(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    as_person(workbench, FIRST)
    comparison = compared(workbench, *pair)
    workbench.conclude(comparison.id, sure(FOURTH))
    verified(workbench, comparison.id)
    assert workbench.verifications(comparison.id).verified and workbench.links() == ()


def test_a_third_is_not_heard_once_the_first_concluded_anew(
    workbench: Workbench, comparison: Comparison
) -> None:
    verified(workbench, comparison.id, UNSURE)
    task = workbench.ask_third(comparison.id, THIRD)
    as_person(workbench, FIRST)
    workbench.conclude(comparison.id, UNSURE)
    as_person(workbench, THIRD)
    with pytest.raises(CaseheadError, match="Another conclusion was recorded since"):
        workbench.verify(task.id, sure(THIRD))


def test_work_is_given_only_to_people_on_record_who_are_qualified(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    workbench.set_up(AUTHOR, None)
    lind = workbench.add_person(SECOND, [PersonRole.EXAMINER, PersonRole.REVIEWER])
    comparison = compared(workbench, *pair)
    workbench.conclude(comparison.id, sure(FIRST))
    lead = workbench.propose_lead(*pair, "Striae agree.")
    with pytest.raises(CaseheadError, match=f"Nobody called {THIRD}"):
        workbench.ask_verification(comparison.id, "blind", THIRD)
    with pytest.raises(CaseheadError, match=f"{SECOND} is not qualified for this today"):
        workbench.ask_verification(comparison.id, "blind", SECOND)
    workbench.grant_qualification(lind.id, Skill.EXAMINE, "2020-01-01", "2020-12-31")
    with pytest.raises(CaseheadError, match="have the qualification renewed"):
        workbench.ask_verification(comparison.id, "blind", SECOND)
    for skill in (Skill.EXAMINE, Skill.REVIEW):
        workbench.grant_qualification(lind.id, skill, "2020-01-01")
    task = workbench.ask_verification(comparison.id, "blind", SECOND.lower())
    assert task.verifier == SECOND, "as it is on record"
    workbench.sign_in(SECOND)
    assert workbench.hidden(comparison.id)
    with pytest.raises(CaseheadError, match="enter your own conclusion"):
        workbench.agree_lead(lead.id)
    workbench.verify(task.id, sure(SECOND))
    workbench.agree_lead(lead.id)
    with pytest.raises(CaseheadError, match=f"Nobody called {THIRD}"):
        workbench.assign_lead(lead.id, THIRD)
    assert workbench.hits()
    workbench.sign_out()
    with pytest.raises(CaseheadError):
        workbench.close_lead(lead.id, "answered")
