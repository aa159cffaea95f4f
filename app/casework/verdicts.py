"""What follows from what two or three examiners concluded, and from the steps of a lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.casework.reviews import LeadState, LeadStep, Verification, VerificationWord
from app.domain import Conclusion

Said = tuple[str, str]
"""The name of a scale and the key of a value on it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How conclusion and verifications stand to each other.

    ``value`` is what two of them agree on, "" where they do not; ``verified`` says that it is the
    first examiner's.
    """

    state: VerificationWord
    value: str = ""
    verified: bool = False


def settle(first: Said, second: Said, third: Said | None = None) -> Verdict:
    """Agreed, disagreed (a third person is needed), settled by two of three, or unresolved."""
    if second == first:
        return Verdict("agreed", first[1], True)
    if third is None:
        return Verdict("disagreed")
    if third == first:
        return Verdict("settled", first[1], True)
    if third == second:
        return Verdict("settled", second[1])
    return Verdict("unresolved")


def said(one: Conclusion | Verification) -> Said:
    """Its value on its scale."""
    return (one.scale, one.value)


def lead_state(steps: Iterable[str], has_hit: bool = False) -> LeadState:
    """The state after steps of these kinds, oldest first.

    One that was agreed, or waits to be, is confirmed when its cases have a hit.
    """
    state: LeadState = "proposed"
    agreed = False
    for kind in steps:
        if kind == "agreed":
            state, agreed = "open", True
        elif kind == "declined":
            state = "declined"
        elif kind == "closed":
            state = "closed"
        elif kind == "reopened":
            state = "open" if agreed else "proposed"
    if has_hit and state in ("proposed", "open"):
        return "confirmed"
    return state


def owner_of(proposed_by: str, steps: Sequence[LeadStep]) -> str:
    """Who answers for a lead: whom it was assigned to last, else who proposed it."""
    assigned = (step.person for step in reversed(steps) if step.kind == "assigned")
    return next(assigned, proposed_by)
