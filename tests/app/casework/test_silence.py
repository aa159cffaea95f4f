"""When a lead is silent for too long, by the targets of the laboratory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.casework.clock import Policy, Target, default_policy
from app.casework.reviews import Lead, LeadLine, LeadStep
from app.casework.silence import silent

MONDAY = "2026-03-02T09:00:00+00:00"
PROPOSED = LeadLine(
    Lead("l", "r", "a", "b", "striae", proposed_at=MONDAY),
    "proposed",
    "R. Okafor",
    0,
    ("2026-0412", "2025-1107"),
)
OPEN = replace(PROPOSED, state="open", agreed_by="K. Mensah", agreed_at=MONDAY)
TOLD = replace(OPEN, told=1)
HEARD = replace(
    TOLD, last_feedback=LeadStep("x", "feedback", stepped_at="2026-03-13T12:00:00+00:00")
)


@pytest.mark.parametrize(
    ("line", "in_time", "late", "words"),
    [
        (PROPOSED, "2026-03-03T16:00", "2026-03-03T18:00", "No second reviewer looked at it"),
        (OPEN, "2026-03-03T08:00", "2026-03-03T10:00", "Nobody was told of it"),
        (TOLD, "2026-03-16T16:00", "2026-03-16T18:00", "No feedback from investigators"),
        (HEARD, "2026-03-27T16:00", "2026-03-30T18:00", "Nothing more was heard"),
    ],
)
def test_it_is_silent_once_something_is_overdue(
    line: LeadLine, in_time: str, late: str, words: str
) -> None:
    policy = default_policy()
    assert silent(line, policy, f"{in_time}:00+00:00") == ""
    assert silent(line, policy, f"{late}:00+00:00").startswith(words)


def test_how_long_is_told_in_business_days() -> None:
    told = silent(TOLD, default_policy(), "2026-03-30T09:00:00+00:00")
    assert told == "No feedback from investigators for 20 business days"


@pytest.mark.parametrize("state", ["confirmed", "declined", "closed"])
def test_what_has_ended_is_not_silent(state: str) -> None:
    line = replace(TOLD, state=state)  # type: ignore[arg-type]
    assert silent(line, default_policy(), "2027-03-30T09:00:00+00:00") == ""


def test_without_a_target_nothing_is_late() -> None:
    policy = Policy(targets=(Target("answered", "told", "none"),))
    assert silent(TOLD, policy, "2027-03-30T09:00:00+00:00") == ""
