"""The review clock through the workbench: stages, board, metrics, targets, exports."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from casework_parts import (
    FIRST,
    SECOND,
    THIRD,
    UNSURE,
    acquired,
    as_person,
    case_of,
    concluded,
    hit,
    review_all,
    sure,
    test_fire,
    verified,
)
from workbench_parts import Heard

from app.casework.board import BoardFilter
from app.casework.clock import Calendar, Policy, default_policy, parsed, told
from app.casework.stages import Stage
from app.casework.traces import TraceRequest
from app.domain import Annotation, AnnotationKind, CaseheadError, Remarks, now
from app.workbench import Registration, Workbench

pytestmark = pytest.mark.usefixtures("library")


def in_days(days: float) -> str:
    return told(parsed(now()) + timedelta(days=days))


def exhibit_of(workbench: Workbench, acquired_id: str) -> str:
    return workbench.provenance(acquired_id).exhibit.id


def stage(workbench: Workbench, exhibit_id: str, name: str) -> Stage:
    return next(one for one in workbench.clock(exhibit_id) if one.name == name)


def waiting(workbench: Workbench, **wanted: object) -> list[tuple[str, str]]:
    lines = workbench.board(BoardFilter(**wanted)).lines  # type: ignore[arg-type]
    return sorted((line.kind, line.stage) for line in lines)


def registered(workbench: Workbench, case: str = "2026-9") -> str:
    """An exhibit that waits to be entered."""
    mark = workbench.register(Registration(case, "1", "A"))
    return workbench._casebook.cartridge_case(mark.cartridge_case_id).exhibit_id


def lead_between(workbench: Workbench, left: str, right: str) -> str:
    """Agreed by a second reviewer."""
    as_person(workbench, FIRST)
    lead = workbench.propose_lead(left, right, "Striae seem to agree.")
    as_person(workbench, SECOND)
    workbench.agree_lead(lead.id)
    return lead.id


@pytest.fixture
def pair(workbench: Workbench) -> tuple[str, str]:
    return acquired(workbench, "2026-1", 100), acquired(workbench, "2026-2", 90)


def test_received_entered_searched_reviewed(workbench: Workbench) -> None:
    """R1, R5: every stage follows from a record, and what waits is on the board."""
    exhibit = registered(workbench)
    assert stage(workbench, exhibit, "received").words.endswith("(as registered)")
    assert stage(workbench, exhibit, "entered").state == "due"
    assert waiting(workbench) == [("exhibit", "entered")]

    first = acquired(workbench, "2026-9", 100)
    assert stage(workbench, exhibit, "entered").state == "done in time"
    assert waiting(workbench) == [("exhibit", "searched")]

    acquired(workbench, "2026-8", 90)
    search = workbench.search(first)
    assert stage(workbench, exhibit, "searched").state == "done in time"
    assert waiting(workbench, case="2026-9") == [("exhibit", "reviewed")]

    review_all(workbench, search.id)
    workbench.record_review(search.id)
    assert stage(workbench, exhibit, "reviewed").state == "done in time"
    assert waiting(workbench, case="2026-9") == []
    assert workbench.check_clock() == ()


def test_what_waits_too_long_is_overdue(workbench: Workbench) -> None:
    exhibit = registered(workbench)
    workbench.clock_now = lambda: in_days(10)
    entered = stage(workbench, exhibit, "entered")
    assert entered.state == "overdue" and entered.late > 2
    board = workbench.board()
    assert board.overdue == workbench.overdue_count() == 1
    assert "overdue by" in board.lines[0].due_words(board.policy, board.at)
    assert workbench.clock_words([exhibit])[exhibit].startswith("enter: overdue by")
    assert workbench.board(BoardFilter(overdue_only=True)).total == 1
    assert workbench.overdue_words([exhibit])[exhibit].startswith("enter: overdue since")
    workbench.clock_now = now
    assert workbench.board(BoardFilter(overdue_only=True)).total == 0
    assert workbench.overdue_words([exhibit]) == {}


def test_times_that_were_written_down_count(workbench: Workbench) -> None:
    """R2: collected, submitted and received are stored, and hand-in is held against 24 hours."""
    exhibit = registered(workbench)
    workbench.set_facts(
        "exhibit",
        exhibit,
        {
            "collected_at": "2026-03-02T10:00:00+00:00",
            "submitted_at": "2026-03-03T12:00:00+00:00",
            "received_at": "2026-03-03T12:30:00+00:00",
        },
    )
    submitted = stage(workbench, exhibit, "submitted")
    assert submitted.state == "done late" and submitted.late == pytest.approx(2.0)
    assert stage(workbench, exhibit, "received").at == "2026-03-03T12:30:00+00:00"
    assert stage(workbench, exhibit, "entered").due_at == "2026-03-05T17:00:00+00:00"
    workbench.correct("exhibit", exhibit, "received_at", "2026-03-04", "The book says the 4th.")
    received = stage(workbench, exhibit, "received")
    assert received.words == "received Wed 4 Mar 2026"
    assert stage(workbench, exhibit, "entered").due_at == "2026-03-06T17:00:00+00:00"
    assert workbench.check_clock() == ()


def test_a_lead_is_told_by_the_time_of_the_event(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    """R4: while a lead is agreed and nobody told, the hours from the event are on the board."""
    exhibit = workbench.provenance(pair[0]).exhibit.id
    at = (datetime.now(UTC) - timedelta(hours=30)).isoformat(timespec="seconds")
    workbench.record_event(exhibit, {"kind": "shots fired", "happened_at": at, "place": "Pier"})
    assert ("exhibit", "informed") not in waiting(workbench)
    assert "30 hours ago" in stage(workbench, exhibit, "happened").words
    lead = lead_between(workbench, *pair)
    board = workbench.board(BoardFilter(("informed",)))
    (line,) = board.lines
    assert line.exhibit_id == exhibit and not line.overdue(board.at)
    assert parsed(line.due_at) == parsed(at) + timedelta(hours=48)
    assert "by the time of the event" in line.to_do
    assert exhibit not in workbench.overdue_words([exhibit])
    workbench.assign_lead(lead, FIRST)
    workbench.send_notice("lead", lead, "Det. Ruiz", "Harbor City", "mail", "As agreed.")
    assert ("exhibit", "informed") not in waiting(workbench)
    assert "ago" not in stage(workbench, exhibit, "happened").words
    assert workbench.check_clock() == ()


def test_a_lead_is_agreed_owned_told_answered(workbench: Workbench, pair: tuple[str, str]) -> None:
    """R6, R7, R32: nothing stays silent."""
    as_person(workbench, FIRST)
    lead = workbench.propose_lead(*pair, "Striae seem to agree.")
    assert waiting(workbench, stages=("lead", "owner", "told")) == [("lead", "lead")]
    as_person(workbench, SECOND)
    workbench.agree_lead(lead.id)
    assert waiting(workbench, stages=("lead", "owner", "told", "confirmed")) == [
        ("lead", "confirmed"), ("lead", "owner"), ("lead", "told")]  # fmt: skip
    (line,) = workbench.board(BoardFilter(stages=("told",))).lines
    assert parsed(line.due_at) - parsed(line.since) == timedelta(hours=24)
    assert line.what == "2026-1 and 2026-2" and line.person == FIRST
    for one in pair:
        assert stage(workbench, exhibit_of(workbench, one), "lead").state == "done"

    workbench.assign_lead(lead.id, THIRD)
    workbench.send_notice("lead", lead.id, "Det. Ruiz", "Harbor City Police", "e-mail", "Told.")
    assert waiting(workbench, person=THIRD) == [("lead", "answered"), ("lead", "confirmed")]
    for one in pair:
        assert stage(workbench, exhibit_of(workbench, one), "told").state == "done in time"
    workbench.lead_feedback(lead.id, "under investigation")
    assert waiting(workbench, person=THIRD) == [("lead", "confirmed")]
    workbench.close_lead(lead.id, "not confirmed")
    assert waiting(workbench, person=THIRD) == []
    workbench.reopen_lead(lead.id, "New specimens came.")
    assert waiting(workbench, person=THIRD) == [("lead", "confirmed")]
    assert workbench.check_clock() == ()


def test_a_declined_lead_owes_nothing(workbench: Workbench, pair: tuple[str, str]) -> None:
    as_person(workbench, FIRST)
    lead = workbench.propose_lead(*pair, "Perhaps.")
    as_person(workbench, SECOND)
    workbench.decline_lead(lead.id, "Class characteristics differ.")
    assert [kind for kind, _ in waiting(workbench) if kind == "lead"] == []
    assert stage(workbench, exhibit_of(workbench, pair[0]), "lead").state == "not yet begun"


def test_a_verification_waits_for_its_verifier(workbench: Workbench, pair: tuple[str, str]) -> None:
    """R21."""
    comparison = concluded(workbench, *pair)
    task = workbench.ask_verification(comparison.id, "blind", SECOND)
    (line,) = workbench.board(BoardFilter(person=SECOND)).lines
    assert (line.kind, line.subject_id, line.stage) == ("verification", task.id, "verified")
    again = workbench.ask_verification(comparison.id, "open", THIRD)
    assert workbench.board(BoardFilter(person=SECOND)).total == 0
    as_person(workbench, THIRD)
    workbench.verify(again.id, sure(THIRD))
    assert workbench.board(BoardFilter(stages=("verified",))).total == 0


def confirmed(workbench: Workbench, acquired_id: str) -> bool:
    return bool(stage(workbench, exhibit_of(workbench, acquired_id), "confirmed").at)


def test_a_hit_confirms_the_lead_of_its_cases(workbench: Workbench, pair: tuple[str, str]) -> None:
    lead_between(workbench, *pair)
    hit(workbench, *pair)
    assert workbench.hits() and all(confirmed(workbench, one) for one in pair)
    assert waiting(workbench, stages=("confirmed", "owner", "lead")) == []
    assert waiting(workbench, stages=("told",)) == [("lead", "told")]
    assert workbench.check_clock() == ()


@pytest.mark.parametrize("change", ["conclusion", "drawing", "correction"])
def test_a_change_after_the_verification_takes_the_confirmation_back(
    workbench: Workbench, pair: tuple[str, str], change: str
) -> None:
    """R25: record amended, verification stale, clock told."""
    lead_between(workbench, *pair)
    comparison = hit(workbench, *pair)
    as_person(workbench, FIRST)
    if change == "conclusion":
        workbench.conclude(comparison.id, replace(sure(FIRST), reasons="Looked at again."))
    elif change == "drawing":
        note = Annotation(AnnotationKind.NOTE, "left", ((1.0, 2.0),), "Also here.")
        workbench.annotate(comparison, (note,), Remarks())
    else:
        cartridge_case = workbench.provenance(pair[0]).cartridge_case.id
        workbench.correct("cartridge_case", cartridge_case, "calibre", ".40 S&W", "Misread.")
    assert not workbench.hits() and not any(confirmed(workbench, one) for one in pair)
    assert waiting(workbench, stages=("confirmed", "verified again")) == [
        ("comparison", "verified again"), ("lead", "confirmed")]  # fmt: skip
    (line,) = workbench.board(BoardFilter(stages=("verified again",))).lines
    assert line.subject_id == comparison.id and workbench.clock_pair(comparison.id) == pair
    assert workbench.check_clock() == ()
    verified(workbench, comparison.id, by=THIRD)
    assert workbench.hits() and all(confirmed(workbench, one) for one in pair)
    assert waiting(workbench, stages=("confirmed", "verified again")) == []


def test_a_correction_of_a_title_leaves_it_confirmed(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    hit(workbench, *pair)
    workbench.correct("case", case_of(workbench, pair[0]), "title", "Shooting", "Was missing.")
    assert workbench.hits() and confirmed(workbench, pair[0])


def test_a_disagreement_is_counted_and_a_third_settles_it(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    """Opening 12: the non-agreement rate."""
    comparison = concluded(workbench, *pair)
    verified(workbench, comparison.id, UNSURE)
    assert not confirmed(workbench, pair[0])
    task = workbench.ask_third(comparison.id, THIRD)
    as_person(workbench, THIRD)
    workbench.verify(task.id, sure(THIRD))
    assert workbench.hits() and confirmed(workbench, pair[0])
    today = now()[:10]
    metrics = workbench.metrics(today, today)
    assert (metrics.verified_whole.count, metrics.verified_whole.not_agreed) == (1, 1)
    assert metrics.verified_whole.rate == 1.0
    assert workbench.check_clock() == ()


def test_a_test_fire_enters_its_gun_and_its_trace_is_due_that_day(workbench: Workbench) -> None:
    """R3."""
    picture = test_fire(workbench, "2026-3", 80, "T1", "N1234")
    gun = workbench.untraced_guns()[0].firearm_id
    exhibit = next(f.exhibit_id for f in workbench._casebook.firearms() if f.id == gun)
    assert stage(workbench, exhibit, "entered").at
    assert ("exhibit", "traced") in waiting(workbench)
    assert workbench.clock_place(exhibit).firearm_id == gun
    draft = workbench.trace_draft(gun)
    more = {"type": "P", "country": "US", "ncic_code": "0999", "manufacturer": "Norvik"}
    missing = {"model": "N9", "calibre": "9 mm Luger"}
    request = replace(draft, fields={**missing, **draft.fields, **more})
    kept = workbench.request_trace(request)
    assert isinstance(kept, TraceRequest)
    assert stage(workbench, exhibit, "traced").state == "done in time"
    assert ("trace", "trace sent") in waiting(workbench)
    workbench.trace_step(kept.id, "sent", "By mail.")
    assert ("trace", "trace answered") in waiting(workbench)
    assert workbench.check_clock() == ()
    assert picture


def test_what_is_not_needed_goes_off_the_board_with_its_reason(workbench: Workbench) -> None:
    exhibit = registered(workbench)
    with pytest.raises(CaseheadError, match="why"):
        workbench.settle_stage(exhibit, "entered", " ")
    with pytest.raises(CaseheadError, match="cannot be said"):
        workbench.settle_stage(exhibit, "lead", "No.")
    heard = Heard(workbench)
    workbench.settle_stage(exhibit, "entered", "Not fired: a live cartridge.")
    assert heard.all.casework
    assert waiting(workbench) == []
    assert "a live cartridge" in stage(workbench, exhibit, "entered").words
    workbench.reopen_stage(exhibit, "entered", "It was fired after all.")
    assert waiting(workbench) == [("exhibit", "entered")]
    assert workbench.check() == ()


def test_the_lab_has_its_own_calendar_and_targets(workbench: Workbench) -> None:
    exhibit = registered(workbench)
    usual = stage(workbench, exhibit, "entered").due_at
    policy = default_policy()
    longer = tuple(replace(t, amount=5) if t.stage == "entered" else t for t in policy.targets)
    wanted = Policy(Calendar("Europe/Berlin", (0, 1, 2, 3), "07:00", "15:00"), longer)
    with pytest.raises(CaseheadError, match="Say why"):
        workbench.set_clock_policy(wanted, "")
    workbench.set_clock_policy(wanted, "Agreed with the police.")
    assert workbench.clock_policy() == wanted
    assert stage(workbench, exhibit, "entered").due_at > usual
    board = workbench.board()
    assert board.lines[0].due_at == stage(workbench, exhibit, "entered").due_at
    assert board.policy == wanted
    (said,) = workbench.clock_policies()
    assert said.reason == "Agreed with the police." and said.author is not None
    line = workbench._casebook.journal(1)[0]
    assert line.action == "clock policy added"
    assert line.detail["policy"]["calendar"]["zone"] == "Europe/Berlin"
    assert workbench.check() == () and workbench.check_clock() == ()


def test_metrics_tell_medians_and_shares(workbench: Workbench) -> None:
    for number, received in enumerate(("2026-11-02", "2026-11-03")):
        exhibit = registered(workbench, f"2026-{number}")
        workbench.set_facts("exhibit", exhibit, {"received_at": received})
        acquired(workbench, f"2026-{number}", 100 + number)
    today = now()[:10]
    metrics = workbench.metrics("2020-01-01", today)
    entered = next(one for one in metrics.whole if one.stage == "entered")
    assert entered.count == 2 and entered.within == 0.0
    assert entered.median is not None and entered.lower is not None
    assert entered.lower <= entered.median
    assert sum(line.count for line in metrics.stage("entered")) == 2
    assert metrics is workbench.metrics("2020-01-01", today)  # not worked out twice
    acquired(workbench, "2026-7", 99)
    assert workbench.metrics("2020-01-01", today) is not metrics
    with pytest.raises(CaseheadError, match="before it begins"):
        workbench.metrics(today, "2020-01-01")


def test_exports_are_told_by_the_journal(workbench: Workbench, tmp_path: Path) -> None:
    registered(workbench, "=2026-9")
    path = workbench.export_board(tmp_path / "board.csv")
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    assert rows[0]["what"] == "'=2026-9 / 1" and rows[0]["to do"] == "enter"
    line = workbench._casebook.journal(1)[0]
    assert line.action == "board exported" and len(line.detail["sha256"]) == 64
    with pytest.raises(CaseheadError, match="already"):
        workbench.export_board(path)
    today = now()[:10]
    written = workbench.export_metrics(tmp_path / "metrics.csv", today, today)
    text = written.read_text("utf-8-sig")
    assert text.startswith("month,stage,done,unit") and "verifications not agreed" in text
    assert workbench._casebook.journal(1)[0].action == "metrics exported"


def test_pages_follow_each_other(workbench: Workbench) -> None:
    for number in range(7):
        registered(workbench, f"2026-{number}")
    pages = [workbench.board(limit=3, offset=at) for at in (0, 3, 6)]
    assert [len(page.lines) for page in pages] == [3, 3, 1]
    assert all(page.total == 7 for page in pages)
    found = [line.what for page in pages for line in page.lines]
    assert found == [f"2026-{number} / 1" for number in range(7)]


def test_a_partner_s_exhibits_are_not_on_our_clock(workbench: Workbench) -> None:
    from app.domain import Agency, Case, Exhibit, new_id

    casebook = workbench._casebook
    other = casebook.add_agency(Agency(new_id(), "Hill County"))
    case = casebook.add_case(Case("H-1", other.id))
    casebook.add_exhibit(Exhibit(case.id, "1"))
    assert workbench.board().total == 0
