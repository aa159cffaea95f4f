"""What follows from two or three conclusions, and from the steps of a lead."""

from __future__ import annotations

import pytest

from app.casework.reviews import LeadStep, same_person
from app.casework.verdicts import Verdict, lead_state, owner_of, settle
from app.casework.wording import casework_words
from app.domain import CaseheadError

YES, MAYBE, NO = (("AFTE", key) for key in ("identification", "inconclusive-a", "elimination"))


@pytest.mark.parametrize(
    ("second", "third", "verdict"),
    [
        (YES, None, Verdict("agreed", "identification", True)),
        (NO, None, Verdict("disagreed")),
        (("Other", "identification"), None, Verdict("disagreed")),
        (NO, YES, Verdict("settled", "identification", True)),
        (NO, NO, Verdict("settled", "elimination", False)),
        (NO, MAYBE, Verdict("unresolved")),
    ],
)
def test_two_of_three_settle_it(
    second: tuple[str, str], third: tuple[str, str] | None, verdict: Verdict
) -> None:
    assert settle(YES, second, third) == verdict


@pytest.mark.parametrize(
    ("kinds", "hit", "state"),
    [
        ((), False, "proposed"),
        (("agreed",), False, "open"),
        (("declined",), False, "declined"),
        (("declined",), True, "declined"),
        (("agreed", "assigned", "feedback"), False, "open"),
        (("agreed", "closed"), False, "closed"),
        (("agreed", "closed"), True, "closed"),
        (("agreed", "closed", "reopened"), False, "open"),
        (("closed", "reopened"), False, "proposed"),
        (("agreed",), True, "confirmed"),
        ((), True, "confirmed"),
    ],
)
def test_the_state_of_a_lead_follows_from_its_steps(
    kinds: tuple[str, ...], hit: bool, state: str
) -> None:
    assert lead_state(kinds, hit) == state


def test_a_lead_always_has_an_owner() -> None:
    assert owner_of("A", ()) == "A"
    steps = [
        LeadStep("l", "assigned", "B"),
        LeadStep("l", "feedback"),
        LeadStep("l", "assigned", "C"),
    ]
    assert owner_of("A", steps) == "C"


def test_spelling_does_not_make_another_person() -> None:
    assert same_person("J.  Doe", " j. doe ") and not same_person("J. Doe", "J. Roe")


def test_the_words_are_data() -> None:
    words = casework_words()
    assert words.identifies("AFTE", "identification")
    assert not words.identifies("AFTE", "elimination")
    assert words.feedback_kind("arrest", "").key == "arrest"
    assert words.feedback_kind("Arrest made", "").key == "arrest"
    assert words.label("not contacted") and words.label("unheard of") == "unheard of"
    with pytest.raises(CaseheadError, match="no kind of feedback 'gossip'"):
        words.feedback_kind("gossip", "")
    with pytest.raises(CaseheadError, match="says little by itself"):
        words.closing_reason("other", " ")
