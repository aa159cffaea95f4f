"""Stages of one exhibit: states and words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.casework.board import Board, BoardLine, StageCount
from app.casework.clock import Calendar, Policy, default_policy
from app.casework.clock_tables import board_csv, plain_cell
from app.casework.stages import STAGES, Mark, Stage, clock_line, late_words, stages_of

POLICY = replace(default_policy(), calendar=Calendar())
MONDAY = "2026-11-16T10:00:00+00:00"
TUESDAY = "2026-11-17T10:00:00+00:00"
FRIDAY = "2026-11-20T10:00:00+00:00"


def one(name: str, at: str, **marks: Mark) -> Stage:
    return next(s for s in stages_of(marks, POLICY, at) if s.name == name)


def test_every_stage_is_told_in_order_and_a_gun_has_its_trace() -> None:
    assert tuple(s.name for s in stages_of({}, POLICY, MONDAY)) == STAGES
    assert all(s.state == "not yet begun" for s in stages_of({}, POLICY, MONDAY))
    with_gun = [s.name for s in stages_of({}, POLICY, MONDAY, gun=True)]
    assert with_gun.index("traced") == with_gun.index("entered") + 1


@pytest.mark.parametrize(
    ("at", "state", "words"),
    [
        (TUESDAY, "due", "enter by Wed 18 Nov 2026, 17:00"),
        ("2026-11-18T17:00:00+00:00", "due", "enter by Wed 18 Nov 2026, 17:00"),
        ("2026-11-18T17:00:01+00:00", "overdue", "enter: overdue since Wed 18 Nov 2026, 17:00"),
        ("2026-11-20T08:00:00+00:00", "overdue", "enter: overdue by 1 business day"),
    ],
)
def test_due_and_overdue(at: str, state: str, words: str) -> None:
    found = one("entered", at, received=Mark(MONDAY))
    assert (found.state, found.words) == (state, words)


def test_done_in_time_and_late() -> None:
    in_time = one("entered", FRIDAY, received=Mark(MONDAY), entered=Mark(TUESDAY))
    assert (in_time.state, in_time.words) == (
        "done in time", "entered Tue 17 Nov 2026, 10:00, in time")  # fmt: skip
    late = one("entered", FRIDAY, received=Mark(MONDAY), entered=Mark(FRIDAY))
    assert late.state == "done late" and late.late == pytest.approx(1 + 2 / 9)
    assert late.words.endswith("1.2 business days late")


def test_a_day_is_told_without_an_hour_that_nobody_said() -> None:
    found = one("received", FRIDAY, received=Mark("2026-11-16T10:30:00+00:00", "day"))
    assert found.words == "received Mon 16 Nov 2026"


def test_told_says_how_long_after_the_event() -> None:
    """R4."""
    marks = {"happened": Mark(MONDAY, "event"), "lead": Mark(MONDAY), "told": Mark(TUESDAY)}
    assert "(24 hours after the event)" in one("told", FRIDAY, **marks).words
    marks["happened"] = Mark(MONDAY, "day")
    assert "after the event" not in one("told", FRIDAY, **marks).words


def test_the_event_tells_how_long_investigators_can_still_be_told_in_time() -> None:
    """R4."""
    event = Mark(MONDAY, "event")
    assert one("happened", TUESDAY, happened=event).words == (
        "event Mon 16 Nov 2026, 10:00, 24 hours ago; the time to tell investigators of a lead ends "
        "Wed 18 Nov 2026, 10:00"
    )
    assert "96 hours ago" in one("happened", FRIDAY, happened=event).words
    assert "ended Wed 18 Nov" in one("happened", FRIDAY, happened=event).words
    done = one("happened", FRIDAY, happened=event, told=Mark(TUESDAY)).words
    assert done == "event Mon 16 Nov 2026, 10:00"
    day = one("happened", FRIDAY, happened=Mark(MONDAY, "day")).words
    assert day == "event Mon 16 Nov 2026"
    assert clock_line(stages_of({"happened": event}, POLICY, TUESDAY)).startswith("event")


def test_what_was_passed_by_waits_for_nobody() -> None:
    found = one("searched", FRIDAY, received=Mark(MONDAY), entered=Mark(MONDAY),
                reviewed=Mark(TUESDAY))  # fmt: skip
    assert found.state == "not yet begun"


def test_what_is_not_needed_says_why() -> None:
    marks = {"received": Mark(MONDAY)}
    found = stages_of(marks, POLICY, FRIDAY, {"entered": "a live cartridge"})
    entered = next(s for s in found if s.name == "entered")
    assert (entered.state, entered.words) == ("settled", "entered: not needed (a live cartridge)")
    assert not entered.open


def test_one_line_says_what_is_most_urgent_else_what_was_last() -> None:
    marks = {"received": Mark(MONDAY), "lead": Mark(MONDAY)}
    line = clock_line(stages_of(marks, POLICY, FRIDAY))
    assert line.startswith("tell the investigators: overdue") and line.endswith("and 1 more")
    assert clock_line(stages_of({"received": Mark(MONDAY)}, Policy(), FRIDAY)).startswith(
        "received"
    )
    assert clock_line(()) == ""


@pytest.mark.parametrize(
    ("stage", "late", "words"),
    [
        ("told", 1.0, "1 hour"),
        ("told", 2.5, "2.5 hours"),
        ("told", 72.0, "3 days"),
        ("entered", 1.0, "1 business day"),
        ("entered", 12.4, "12 business days"),
    ],
)
def test_how_late(stage: str, late: float, words: str) -> None:
    assert late_words(POLICY, stage, late) == words


def test_the_board_as_csv_keeps_formulas_as_words() -> None:
    line = BoardLine("lead", "L", "told", "E", "C", "=1+1 and 2", "@J. Doe", MONDAY, TUESDAY)
    board = Board((line,), 1, 0, FRIDAY, (StageCount("told", 1, 1),), 0, (), POLICY)
    text = board_csv(board)
    assert "'=1+1 and 2" in text and "'@J. Doe" in text and ",overdue," in text
    assert (board.waiting, board.overdue) == (1, 1)
    assert plain_cell(-3) == -3 and plain_cell("-3") == "'-3"
