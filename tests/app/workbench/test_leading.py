"""Leads: proposed by one, agreed or declined by another, followed up, and never silent (R6, R9)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from casework_parts import (
    FIRST,
    SECOND,
    THIRD,
    acquired,
    as_person,
    case_of,
    compared,
    hit,
    sure,
    test_fire,
)
from workbench_parts import AUTHOR, Heard

from app.casework.reviews import Lead
from app.domain import CaseheadError, Review
from app.workbench import Workbench

pytestmark = pytest.mark.usefixtures("library")
WHY = "Breech-face striae agree at 4 o'clock."


@pytest.fixture
def proposed(workbench: Workbench, pair: tuple[str, str]) -> Lead:
    return workbench.propose_lead(*pair, f" {WHY} ")


@pytest.fixture
def agreed(workbench: Workbench, proposed: Lead) -> Lead:
    as_person(workbench, SECOND)
    workbench.agree_lead(proposed.id)
    return proposed


def test_a_lead_is_proposed_with_its_reason_and_waits(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    heard = Heard(workbench)
    lead = workbench.propose_lead(*pair, f" {WHY} ")
    assert lead.reason == WHY and lead.author == AUTHOR
    assert (lead.case_a, lead.case_b) == tuple(case_of(workbench, one) for one in pair)
    line = workbench.lead(lead.id)
    assert (line.state, line.owner, line.case_names) == ("proposed", FIRST, ("2026-1", "2026-2"))
    assert line.age == 0 and line.agreed_by == "" and line.told == 0
    assert workbench.links() == (), "a lead only once a second reviewer agreed"
    assert heard.all.casework and heard.all.cases == {lead.case_a, lead.case_b}
    assert workbench.check() == ()


def test_a_candidate_is_kept_with_the_lead(workbench: Workbench, pair: tuple[str, str]) -> None:
    search = workbench.search(pair[0])
    (line,) = workbench.candidates(search.id)
    workbench.propose_lead(*pair, WHY, line.candidate.id)
    assert workbench.candidates(search.id)[0].candidate.review is Review.KEPT
    other = acquired(workbench, "2026-3", 80)
    with pytest.raises(CaseheadError, match="candidate is of other pictures"):
        workbench.propose_lead(pair[0], other, WHY, line.candidate.id)


def test_what_cannot_be_a_lead_is_refused(workbench: Workbench, pair: tuple[str, str]) -> None:
    beside = acquired(workbench, "2026-1", 70, "B")
    with pytest.raises(CaseheadError, match="Both specimens belong to case 2026-1"):
        workbench.propose_lead(pair[0], beside, WHY)
    with pytest.raises(CaseheadError, match="between two pictures"):
        workbench.propose_lead(pair[0], pair[0], WHY)
    with pytest.raises(CaseheadError, match="Say what was seen"):
        workbench.propose_lead(*pair, " ")
    with pytest.raises(CaseheadError, match="no picture nowhere"):
        workbench.propose_lead(pair[0], "nowhere", WHY)
    assert workbench.leads() == ()


def test_a_pair_has_one_lead_at_a_time(workbench: Workbench, proposed: Lead) -> None:
    with pytest.raises(CaseheadError, match="proposed or open already"):
        workbench.propose_lead(proposed.right_id, proposed.left_id, WHY)
    as_person(workbench, SECOND)
    workbench.decline_lead(proposed.id, "Too few marks.")
    again = workbench.propose_lead(proposed.left_id, proposed.right_id, "Cleaned; more is seen.")
    assert [line.state for line in workbench.leads()] == ["declined", "proposed"]
    assert again.id != proposed.id


def test_test_fires_stand_for_the_case_of_their_gun(workbench: Workbench) -> None:
    own = test_fire(workbench, "2026-9", 100, "T1", "NK-1")
    elsewhere = test_fire(workbench, "2026-8", 98, "T1", "NK-1")
    evidence = acquired(workbench, "2026-7", 90)
    lead = workbench.propose_lead(evidence, elsewhere, WHY)
    assert lead.case_b == case_of(workbench, own) != case_of(workbench, elsewhere)
    with pytest.raises(CaseheadError, match="Both specimens belong to case 2026-9"):
        workbench.propose_lead(own, elsewhere, WHY)


def test_another_reviewer_agrees_and_only_then_it_is_a_lead(
    workbench: Workbench, proposed: Lead
) -> None:
    with pytest.raises(CaseheadError, match=f"{FIRST} proposed this lead; another reviewer"):
        workbench.agree_lead(proposed.id)
    as_person(workbench, f"  {FIRST.upper()} ".strip())
    with pytest.raises(CaseheadError, match="another reviewer"):
        workbench.decline_lead(proposed.id, "no")
    as_person(workbench, SECOND)
    workbench.agree_lead(proposed.id, "Seen by me too.")
    line = workbench.lead(proposed.id)
    assert (line.state, line.agreed_by) == ("open", SECOND) and line.agreed_at
    (link,) = workbench.links()
    assert (link.state, link.leads, link.counted) == ("lead", (proposed.id,), False)
    assert link.since == line.agreed_at and workbench.hits() == ()
    assert workbench.links_of(proposed.case_a) == workbench.links_of(proposed.case_b) == (link,)
    with pytest.raises(CaseheadError, match="decided on before"):
        workbench.decline_lead(proposed.id, "after all not")


def test_a_declined_lead_needs_a_reason_and_links_nothing(
    workbench: Workbench, proposed: Lead
) -> None:
    as_person(workbench, SECOND)
    with pytest.raises(CaseheadError, match="Say why it is no lead"):
        workbench.decline_lead(proposed.id, " ")
    workbench.decline_lead(proposed.id, "Firing-pin shapes differ.")
    line = workbench.lead(proposed.id)
    assert (line.state, line.closed_because) == ("declined", "Firing-pin shapes differ.")
    assert workbench.links() == ()
    for refused in (workbench.agree_lead, lambda one: workbench.assign_lead(one, THIRD)):
        with pytest.raises(CaseheadError, match="was declined"):
            refused(proposed.id)


def test_an_open_lead_is_assigned_and_answered(workbench: Workbench, agreed: Lead) -> None:
    workbench.assign_lead(agreed.id, f" {THIRD} ")
    workbench.lead_feedback(agreed.id, "not contacted", "Nobody picked up.")
    workbench.lead_feedback(agreed.id, "arrest")
    line = workbench.lead(agreed.id)
    assert line.owner == THIRD and line.state == "open"
    assert line.last_feedback is not None and line.last_feedback.outcome == "arrest"
    kinds = [step.kind for step in workbench.lead_history(agreed.id)]
    assert kinds == ["agreed", "assigned", "feedback", "feedback"]
    with pytest.raises(CaseheadError, match="no kind of feedback"):
        workbench.lead_feedback(agreed.id, "gossip")
    with pytest.raises(CaseheadError, match="who is to see to the lead"):
        workbench.assign_lead(agreed.id, " ")


def test_nothing_can_be_done_to_one_that_is_only_proposed(
    workbench: Workbench, proposed: Lead
) -> None:
    with pytest.raises(CaseheadError, match="only proposed"):
        workbench.assign_lead(proposed.id, THIRD)
    with pytest.raises(CaseheadError, match="only proposed"):
        workbench.lead_feedback(proposed.id, "arrest")
    workbench.close_lead(proposed.id, "withdrawn")
    assert workbench.lead(proposed.id).state == "closed"


def test_a_lead_that_dies_and_comes_back(workbench: Workbench, agreed: Lead) -> None:
    workbench.lead_feedback(agreed.id, "contradicted")
    with pytest.raises(CaseheadError, match="no reason for closing"):
        workbench.close_lead(agreed.id, "boredom")
    workbench.close_lead(agreed.id, "no use")
    line = workbench.lead(agreed.id)
    assert (line.state, line.closed_because) == ("closed", "no use") and workbench.links() == ()
    with pytest.raises(CaseheadError, match="is closed"):
        workbench.lead_feedback(agreed.id, "arrest")
    with pytest.raises(CaseheadError, match="taken up again; the reason"):
        workbench.reopen_lead(agreed.id, "")
    workbench.reopen_lead(agreed.id, "A witness came forward.")
    assert workbench.lead(agreed.id).state == "open" and len(workbench.links()) == 1
    with pytest.raises(CaseheadError, match="Only a closed lead"):
        workbench.reopen_lead(agreed.id, "again")


def test_a_lead_is_confirmed_by_a_hit_between_its_cases(workbench: Workbench, agreed: Lead) -> None:
    hit(workbench, agreed.left_id, agreed.right_id)
    assert workbench.lead(agreed.id).state == "confirmed"
    (link,) = workbench.hits()
    assert link.leads == (agreed.id,) and link.counted
    workbench.lead_feedback(agreed.id, "charges")


def test_leads_are_listed_by_state_owner_and_case(workbench: Workbench, agreed: Lead) -> None:
    third = acquired(workbench, "2026-3", 80)
    later = workbench.propose_lead(agreed.left_id, third, WHY)
    assert [line.lead.id for line in workbench.leads()] == [agreed.id, later.id]
    assert [line.lead.id for line in workbench.leads("open")] == [agreed.id]
    assert [line.lead.id for line in workbench.leads(owner=SECOND.lower())] == [later.id]
    assert [line.lead.id for line in workbench.leads(case_id=agreed.case_b)] == [agreed.id]
    assert [line.lead.id for line in workbench.leads(limit=1, offset=1)] == [later.id]
    assert workbench.lead_counts() == {"open": 1, "proposed": 1}
    with pytest.raises(CaseheadError, match="no lead nothing"):
        workbench.lead("nothing")


def test_a_partners_case_is_named_with_its_agency(workbench: Workbench, agreed: Lead) -> None:
    workbench.set_author(replace(AUTHOR, agency="South Lab", ori="SO1"))
    line = workbench.lead(agreed.id)
    assert line.case_names[0] == f"2026-1 ({AUTHOR.agency})"


def test_a_warm_link_is_noted_once_and_not_counted(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    one, other = (case_of(workbench, picture) for picture in pair)
    warm = workbench.note_warm_link(other, one, " Known from a confession. ")
    assert workbench.warm_links(one) == workbench.warm_links() == (warm,)
    assert warm.basis == "Known from a confession." and workbench.links() == ()
    with pytest.raises(CaseheadError, match="noted already"):
        workbench.note_warm_link(one, other, "again")
    with pytest.raises(CaseheadError, match="between two cases"):
        workbench.note_warm_link(one, one, "basis")
    with pytest.raises(CaseheadError, match="the basis is kept"):
        workbench.note_warm_link(one, other, " ")
    with pytest.raises(CaseheadError, match="There is no case nowhere"):
        workbench.note_warm_link(one, "nowhere", "basis")
    hit(workbench, *pair)
    (link,) = workbench.hits()
    assert not link.counted and "noted before" in link.why_not


def test_several_items_count_once_and_a_correction_of_the_conclusion_unsettles(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    first = hit(workbench, *pair)
    more = acquired(workbench, "2026-2", 80, "B")
    second = hit(workbench, pair[0], more)
    (link,) = workbench.hits()
    assert set(link.comparisons) == {first.id, second.id} and link.counted
    as_person(workbench, FIRST)
    for comparison in (first, second):
        workbench.conclude(comparison.id, sure(FIRST))
    (link,) = workbench.links()
    assert (link.state, link.stale) == ("lead", True)
    assert "Another conclusion was recorded" in link.why_not


def test_free_text_is_checked_against_the_language_rules(workbench: Workbench) -> None:
    assert workbench.language_warnings("The striae agree.") == ()
    assert workbench.language_warnings("A 100 % match to the exclusion of all others.")


def test_a_comparison_between_cases_is_no_link_by_itself(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = compared(workbench, *pair)
    workbench.conclude(comparison.id, sure(FIRST))
    assert workbench.links() == () and workbench.link_between("a", "b") is None
