"""What a blind verification hides, from whom, where, and until when (R21)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from casework_parts import (
    FIRST,
    SECOND,
    THIRD,
    acquired,
    as_person,
    case_of,
    compared,
    concluded,
    hit,
    note,
    sure,
)
from workbench_parts import AUTHOR

from app.domain import (
    CaseheadError,
    ClassNote,
    Comparison,
    Remarks,
    Review,
)
from app.store.journal_list import JournalFilter
from app.workbench import Workbench

pytestmark = pytest.mark.usefixtures("library")


def test_a_blind_verification_hides_what_was_said_until_the_own_is_entered(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    search = workbench.search(pair[0])
    (line,) = workbench.candidates(search.id)
    comparison = compared(workbench, *pair)
    lead = workbench.propose_lead(*pair, "Striae agree.", line.candidate.id)
    noted = Remarks((ClassNote("calibre", "9 mm", "9 mm"),), True, "Milled slide.")
    workbench.annotate(comparison, (note("here"),), noted)
    view = workbench.save_view(comparison, "Mine", comparison.alignment, {})
    draft = replace(sure(FIRST), subclass_excluded="Seen on other slides.")
    conclusion = workbench.conclude(comparison.id, draft)
    task = workbench.ask_verification(comparison.id, "blind", SECOND)
    assert not workbench.hidden(comparison.id), "who concluded sees all of it"
    assert workbench.conclusions(comparison.id) == (conclusion,)

    as_person(workbench, SECOND)
    assert workbench.hidden(comparison.id)
    assert workbench.hidden_comparisons() == {comparison.id}
    hidden = workbench.hidden_subjects()
    assert {conclusion.id, view.id, lead.id, line.candidate.id} <= hidden
    assert workbench.conclusions(comparison.id) == ()
    assert (
        workbench.annotations(comparison.id) == () and workbench.remarks(comparison.id) == Remarks()
    )
    assert workbench.annotation_versions(comparison.id) == ()
    assert workbench.saved_views(comparison.id) == ()
    with pytest.raises(CaseheadError, match="blind verification of this comparison waits"):
        workbench.saved_view(view.id)
    assert workbench.candidates(search.id)[0].candidate.review is Review.NEW
    assert workbench.listed([line.candidate.id])[0].candidate.review is Review.NEW
    fused = workbench.fused(line_of(workbench, pair[0]))
    assert all(specimen.review is Review.NEW for specimen in fused.specimens)
    shown = workbench.lead(lead.id)
    assert shown.hidden and shown.lead.reason == ""
    assert conclusion_line(workbench, conclusion.id).keys() == {"hidden"}
    with pytest.raises(CaseheadError, match="The journal can be written then"):
        workbench.export_journal(JournalFilter(), Path("never.csv"))
    state = workbench.verifications(comparison.id)
    assert (state.state, state.hidden, state.verification) == ("asked", True, None)
    assert workbench.verification_versions(comparison.id) == ()
    for refused in (
        lambda: workbench.conclude(comparison.id, sure(SECOND)),
        lambda: workbench.ask_verification(comparison.id, "open"),
        lambda: workbench.propose_lead(*pair, "Now I see."),
    ):
        with pytest.raises(CaseheadError, match="blind verification of this comparison waits"):
            refused()

    workbench.verify(task.id, sure(SECOND))
    assert not workbench.hidden(comparison.id)
    assert conclusion_line(workbench, conclusion.id)["value"] == "identification"
    assert workbench.conclusions(comparison.id) == (conclusion,)
    assert workbench.remarks(comparison.id) == noted
    assert workbench.saved_views(comparison.id) == (view,)
    assert workbench.candidates(search.id)[0].candidate.review is Review.KEPT
    assert workbench.lead(lead.id).lead.reason == "Striae agree."


def test_a_review_of_ones_own_is_not_taken_back_to_what_others_said_unseen(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    search = workbench.search(pair[0])
    (line,) = workbench.candidates(search.id)
    workbench.review(line.candidate.id, Review.KEPT)
    as_person(workbench, SECOND)
    workbench.review(line.candidate.id, Review.DISMISSED)
    comparison = concluded(workbench, *pair)
    task = workbench.ask_verification(comparison.id, "blind", SECOND)
    as_person(workbench, SECOND)
    with pytest.raises(CaseheadError, match="blind verification of this comparison waits"):
        workbench.undo_review()
    workbench.verify(task.id, sure(SECOND))
    assert [one.review for one in workbench.undo_review()] == [Review.KEPT]


def test_nothing_is_sorted_unseen_into_a_gun_that_is_hidden(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    other = line_of(workbench, acquired(workbench, "2026-1", 80, "B"))
    comparison = hit(workbench, *pair)
    case_id = case_of(workbench, pair[0])
    one, of_other_case = (line_of(workbench, picture) for picture in pair)
    (gun,) = workbench.sort_scene(case_id, {one: "A"}).groups
    workbench.join_gun(gun.id, [of_other_case])
    as_person(workbench, FIRST)
    workbench.annotate(comparison, (note("anew"),))
    task = workbench.ask_verification(comparison.id, "blind", THIRD)
    as_person(workbench, THIRD)
    with pytest.raises(CaseheadError, match="blind verification of this comparison waits"):
        workbench.sort_scene(case_id, {other: "A"})
    assert [gun.name for gun in workbench.sort_scene(case_id, {other: "B"}).groups]
    workbench.verify(task.id, sure(THIRD))
    assert workbench.gun_of(other) == workbench.sort_scene(case_id, {other: "B"}).groups[-1]


def test_guns_of_two_hidden_cases_do_not_tell_whether_a_hit_links_them(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    others = [line_of(workbench, acquired(workbench, f"2026-{n}", 80, "B")) for n in (1, 2)]
    more = [line_of(workbench, acquired(workbench, f"2026-{n}", 70, "C")) for n in (1, 2)]
    comparison = hit(workbench, *pair)
    gun = workbench.make_gun("Gun Q", others)
    as_person(workbench, FIRST)
    workbench.annotate(comparison, (note("anew"),))
    assert workbench.gun_group(gun.id).doubt
    task = workbench.ask_verification(comparison.id, "blind", THIRD)
    as_person(workbench, THIRD)
    assert workbench.gun_groups() == () and workbench.gun_marks(others) == {}
    with pytest.raises(CaseheadError, match="blind verification of this comparison waits"):
        workbench.make_gun("Gun R", more)
    workbench.verify(task.id, sure(THIRD))
    assert workbench.gun_group(gun.id).doubt == "" and workbench.make_gun("Gun R", more)


def test_nothing_is_proposed_between_two_hidden_cases(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    others = [acquired(workbench, f"2026-{n}", 80, "B") for n in (1, 2)]
    lead = workbench.propose_lead(*others, "Striae agree.")
    comparison = concluded(workbench, *pair)
    workbench.ask_verification(comparison.id, "blind", THIRD)
    as_person(workbench, THIRD)
    assert workbench.leads() == () and workbench.lead(lead.id).hidden
    with pytest.raises(CaseheadError, match="blind verification of this comparison waits"):
        workbench.propose_lead(*others, "Striae agree.")


def test_what_was_made_ready_for_somebody_else_is_not_written_out(
    workbench: Workbench, pair: tuple[str, str], tmp_path: Path
) -> None:
    hit(workbench, *pair)
    others = [acquired(workbench, f"2026-{n}", 80, "B") for n in (1, 2)]
    workbench.ask_verification(concluded(workbench, *others).id, "blind", THIRD)
    shown = workbench.open_data()
    as_person(workbench, THIRD)
    with pytest.raises(CaseheadError, match="enter your own conclusion first"):
        workbench.write_open_data(shown, tmp_path)
    as_person(workbench, FIRST)
    assert workbench.write_open_data(shown, tmp_path).files


def conclusion_line(workbench: Workbench, conclusion_id: str) -> dict[str, object]:
    """What the journal tells of a conclusion, to who looks."""
    lines = workbench.journal_page(tuple(range(1, workbench.journal_last() + 1)))
    (line,) = [one for one in lines if one.subject == conclusion_id]
    shown = workbench.journal_line(line.seq)
    assert shown is not None and shown.line == line
    return dict(line.detail)


def line_of(workbench: Workbench, acquired_id: str) -> str:
    return workbench.provenance(acquired_id).cartridge_case.id


def test_a_blind_verifier_draws_on_top_and_nothing_of_the_first_is_lost(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = compared(workbench, *pair)
    below, above = note("first"), note("second")
    workbench.annotate(comparison, (below,), Remarks((ClassNote("calibre", "9 mm", "9 mm"),)))
    workbench.conclude(comparison.id, sure(FIRST))
    task = workbench.ask_verification(comparison.id, "blind", SECOND)
    as_person(workbench, SECOND)
    own = Remarks((ClassNote("headstamp", "FN", "FN"),))
    workbench.annotate(comparison, (above,), own)
    assert workbench.annotations(comparison.id) == (above,)
    assert workbench.remarks(comparison.id) == own
    workbench.verify(task.id, sure(SECOND))
    assert workbench.annotations(comparison.id) == (below, above)
    keys = [one.key for one in workbench.remarks(comparison.id).class_notes]
    assert keys == ["calibre", "headstamp"]
    assert workbench.verifications(comparison.id).state == "agreed", "drawn before it was entered"


def test_a_blind_task_for_anybody_hides_from_all_who_had_no_part(
    workbench: Workbench, comparison: Comparison
) -> None:
    task = workbench.ask_verification(comparison.id, "blind")
    assert workbench.conclusions(comparison.id)
    for name in (SECOND, THIRD):
        as_person(workbench, name)
        assert workbench.hidden(comparison.id) and workbench.conclusions(comparison.id) == ()
    workbench.verify(task.id, sure(THIRD))
    as_person(workbench, SECOND)
    assert not workbench.hidden(comparison.id)


def test_who_asked_for_a_blind_one_cannot_enter_it(
    workbench: Workbench, comparison: Comparison
) -> None:
    as_person(workbench, THIRD)
    task = workbench.ask_verification(comparison.id, "blind")
    with pytest.raises(CaseheadError, match=f"{THIRD} has seen what was concluded"):
        workbench.verify(task.id, sure(THIRD))


def test_while_nobody_is_signed_in_a_blind_one_hides_from_everybody(
    workbench: Workbench, comparison: Comparison
) -> None:
    workbench.ask_verification(comparison.id, "blind", SECOND)
    workbench.set_up(AUTHOR, None)
    assert not workbench.hidden(comparison.id)
    workbench.sign_out()
    assert workbench.hidden(comparison.id) and workbench.conclusions(comparison.id) == ()
