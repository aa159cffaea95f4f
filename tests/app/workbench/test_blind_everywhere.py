"""A blind verifier learns nothing: every operation that reads is asked, every file that is written.

The first examiner says something secret in every place there is to write in; while the second is
to verify blind, none of it may come out anywhere, nor that the two specimens were put into one
gun, that their cases are linked, or that somebody was told so.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from blind_parts import (
    LOUD,
    SECRET,
    TURNED,
    Told,
    answers,
    planted,
    secret,
    spilled,
    text_in,
    written,
)
from casework_parts import (
    FIRST,
    FOURTH,
    SECOND,
    THIRD,
    UNSURE,
    as_person,
    case_of,
    concluded,
    sure,
    verified,
)

from app.domain import (
    Alignment,
    CaseheadError,
    Review,
)
from app.store.journal_list import JournalFilter
from app.workbench import Workbench

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def told(workbench: Workbench) -> Told:
    """A hit that went stale, with all that was said and done about it, to be verified blind."""
    return planted(workbench)


def test_nothing_that_is_read_tells_a_blind_verifier_anything(
    workbench: Workbench, told: Told
) -> None:
    loud = {name for name, answer in answers(workbench, told) if SECRET in spilled(answer)}
    assert loud >= LOUD, "or this test shows nothing"
    as_person(workbench, SECOND)
    found = [
        (name, spilled(answer))
        for name, answer in answers(workbench, told)
        if SECRET in spilled(answer) or "77.125" in spilled(answer)
    ]
    assert found == []


def test_what_follows_from_what_was_said_is_not_shown_either(
    workbench: Workbench, told: Told
) -> None:
    left, right = told.pair
    cases = [case_of(workbench, one) for one in told.pair]
    cartridges = [workbench.provenance(one).cartridge_case.id for one in told.pair]
    exhibits = [workbench.provenance(one).exhibit.id for one in told.pair]
    trace = told.pools["trace_id"][0]
    gun = told.pools["gun_id"][0]
    assert workbench.links() and workbench.warm_links() and workbench.notices()
    assert workbench.trace_line(trace).request.raised_by
    assert trace in {line.subject_id for line in workbench.board(limit=1000).lines}
    shown = {stage.name for stage in workbench.clock(exhibits[0])}
    assert {"lead", "told", "confirmed"} <= shown

    as_person(workbench, SECOND)
    assert workbench.links() == () and workbench.hits() == () and workbench.warm_links() == ()
    assert workbench.link_between(*cases) is None
    assert workbench.leads() == () and workbench.lead_counts() == {}
    assert workbench.notices() == () and workbench.untold() == ()
    assert workbench.link_chart().chart.nodes == ()
    assert workbench.gun_groups() == () and workbench.gun_of(cartridges[0]) is None
    assert workbench.gun_marks(cartridges) == {} and workbench.gun_history(gun) == ()
    assert not any(one.gun_id for case in cases for one in workbench.scene(case))
    tree = workbench.tree()
    assert {c.gun for k in tree for x in k.exhibits for c in x.cartridge_cases} == {""}
    for exhibit in exhibits:
        names = {stage.name for stage in workbench.clock(exhibit)}
        assert not names & {"lead", "told", "confirmed", "answered"}
    lines = workbench.board(limit=1000).lines
    assert {line.kind for line in lines} <= {"exhibit", "verification"}, "no trace made urgent"
    assert (
        not workbench.trace_line(trace).urgent
        and not workbench.trace_draft(told.pools["firearm_id"][0]).urgent
    )
    (search,) = told.pools["search_id"]
    assert {c.candidate.review for c in workbench.candidates(search)} <= {
        Review.NEW,
        Review.DISMISSED,
    }
    assert workbench.search_reviews(search) == ()
    for one in told.comparisons:
        assert workbench.conclusions(one) == () and workbench.verification_versions(one) == ()
        assert workbench.comparison(one).alignment == Alignment()
    opened = workbench.open_comparison(left, right)
    assert opened.id == told.comparisons[0] and opened.alignment != TURNED and not opened.view
    for action in workbench.journal_words()[0]:
        seqs = workbench.journal_seqs(JournalFilter(action=action), limit=1000)
        told_of = {line.subject for line in workbench.journal_page(seqs)}
        assert not told_of & workbench.hidden_subjects(), action

    workbench.verify(told.task_id, sure(SECOND))
    assert workbench.hits() and workbench.leads() and workbench.gun_groups()
    assert workbench.comparison(told.comparisons[0]).alignment == TURNED


def test_nothing_that_is_written_tells_a_blind_verifier_anything(
    workbench: Workbench, told: Told, tmp_path: Path
) -> None:
    (tmp_path / "first").mkdir()
    (tmp_path / "second").mkdir()
    loud = {
        name
        for name, path in written(workbench, told, tmp_path / "first")
        if SECRET in text_in(path)
    }
    assert {"journal.csv", f"{told.comparisons[0]}.pdf", "defence_package-0.zip"} <= loud
    as_person(workbench, SECOND)
    files = dict(written(workbench, told, tmp_path / "second"))
    assert [name for name, path in files.items() if SECRET in text_in(path)] == []
    assert files, "what tells nothing is written all the same"


def test_a_package_of_another_comparison_that_would_tell_of_it_is_not_written(
    workbench: Workbench, told: Told, tmp_path: Path
) -> None:
    other = concluded(workbench, told.pair[0], told.pools["acquired_id"][2])
    as_person(workbench, SECOND)
    path = tmp_path / "other.zip"
    with pytest.raises(CaseheadError, match="enter your own conclusion first"):
        workbench.issue("defence_package", other.id, path)
    assert not path.exists()
    workbench.verify(told.task_id, sure(SECOND))
    workbench.issue("defence_package", other.id, path)
    assert secret("listnote") in text_in(path)


def test_a_notice_of_another_hit_does_not_tell_into_which_gun_they_were_put(
    workbench: Workbench, told: Told, tmp_path: Path
) -> None:
    other = concluded(workbench, told.pair[0], told.pools["acquired_id"][2])
    verified(workbench, other.id, by=THIRD)
    path = tmp_path / "hit.pdf"
    as_person(workbench, SECOND)
    workbench.issue("hit_notice", other.id, path)
    assert secret("gun") not in text_in(path)
    workbench.verify(told.task_id, sure(SECOND))
    workbench.issue("hit_notice", other.id, path, overwrite=True)
    assert secret("gun") in text_in(path)


def test_the_chain_of_custody_does_not_tell_which_reports_of_it_were_issued(
    workbench: Workbench, told: Told, tmp_path: Path
) -> None:
    issued = workbench.issue(
        "comparison", told.comparisons[0], tmp_path / f"{secret('identified')}.pdf"
    )
    exhibit_id = workbench.provenance(told.pair[0]).exhibit.id
    path = tmp_path / "custody.pdf"
    as_person(workbench, SECOND)
    workbench.issue("custody", exhibit_id, path)
    told_then = text_in(path)
    assert SECRET not in told_then and issued.digest[:12] not in told_then
    assert "not shown" in told_then, "that something was written out is not concealed"
    workbench.verify(told.task_id, sure(SECOND))
    workbench.issue("custody", exhibit_id, path, overwrite=True)
    assert secret("identified") in text_in(path) and issued.digest[:12] in text_in(path)


# --- nothing that is refused, and no work of others is undone unseen -----------------------------
def test_what_would_show_or_change_what_is_hidden_is_refused_in_one_way(
    workbench: Workbench, told: Told
) -> None:
    pools = told.pools
    lead, gun, view = pools["lead_id"][0], pools["gun_id"][0], pools["view_id"][0]
    one, other, far = pools["cartridge_case_id"]
    cases = [case_of(workbench, picture) for picture in told.pair]
    receipt = workbench.notices("hit")[0].notice.id
    as_person(workbench, SECOND)
    before = workbench.journal_last()
    for refused in (
        lambda: workbench.agree_lead(lead),
        lambda: workbench.decline_lead(lead, "No."),
        lambda: workbench.assign_lead(lead, SECOND),
        lambda: workbench.lead_feedback(lead, "arrest"),
        lambda: workbench.close_lead(lead, "answered"),
        lambda: workbench.reopen_lead(lead, "Again."),
        lambda: workbench.propose_lead(*told.pair, "Striae."),
        lambda: workbench.propose_lead(told.pair[1], told.pair[0], "Striae."),
        lambda: workbench.note_warm_link(cases[0], cases[1], "Known."),
        lambda: workbench.send_notice("lead", lead, "Det. A", "", "letter"),
        lambda: workbench.send_notice("hit", told.comparisons[0], "Det. A", "", "letter"),
        lambda: workbench.note_receipt(receipt, "Det. A"),
        lambda: workbench.record_review(pools["search_id"][0]),
        lambda: workbench.review(pools["candidate_id"][0], Review.DISMISSED),
        lambda: workbench.make_gun("Gun", [one, far]),
        lambda: workbench.join_gun(gun, [far]),
        lambda: workbench.leave_gun([other], "No."),
        lambda: workbench.split_gun(gun, [other], "Gun", "No."),
        lambda: workbench.choose_for_entry(gun, one),
        lambda: workbench.sort_scene(cases[0], {one: ""}),
        lambda: workbench.gun_group(gun),
        lambda: workbench.rename_view(view, "Other"),
        lambda: workbench.report_view(view, False),
        lambda: workbench.withdraw_view(view),
        lambda: workbench.conclude(told.comparisons[1], sure(SECOND)),
        lambda: workbench.ask_verification(told.comparisons[1], "open", THIRD),
    ):
        with pytest.raises(CaseheadError, match="enter your own conclusion"):
            refused()
    assert workbench.journal_last() == before


def test_a_blind_third_does_not_learn_that_two_disagreed(workbench: Workbench, told: Told) -> None:
    as_person(workbench, SECOND)
    workbench.verify(told.task_id, replace(UNSURE, reasons=secret("otherwise")))
    as_person(workbench, FIRST)
    asked = workbench.ask_third(told.comparisons[0], FOURTH, "blind")
    assert workbench.verification_tasks()[-1].task.third
    as_person(workbench, FOURTH)
    (line,) = workbench.verification_tasks(waiting_only=False)
    waiting = workbench.waiting_task(told.comparisons[0])
    assert line.mine and not line.task.third and waiting is not None and not waiting.task.third
    state = workbench.verifications(told.comparisons[0])
    assert state.task is not None and not state.task.third and state.verification is None
    assert workbench.disputed() == frozenset()
    lines = workbench.journal_page(tuple(told.pools["seq"]))
    assert not any("third" in line.detail for line in lines)
    workbench.verify(asked.id, sure(FOURTH))
    assert workbench.verifications(told.comparisons[0]).state == "settled"


def test_how_the_verifier_aligned_is_kept_and_so_is_how_the_first_did(
    workbench: Workbench, told: Told
) -> None:
    own = Alignment(-12.5, (3.0, 4.0))
    as_person(workbench, SECOND)
    opened = workbench.open_comparison(*told.pair)
    workbench.save_comparison(replace(opened, alignment=own, view={"mode": "blink"}))
    assert workbench.open_comparison(*told.pair).alignment == own
    assert workbench.open_comparison(*told.pair).view == {"mode": "blink"}
    as_person(workbench, FIRST)
    assert workbench.open_comparison(*told.pair).alignment == TURNED
