"""Leads, hits and notices in words."""

from __future__ import annotations

from collections.abc import Sequence

from app.casework.links import Link
from app.casework.moments import shown_moment
from app.casework.reviews import LeadLine, LeadStep, NoticeLine, Untold, WarmLink
from app.casework.wording import casework_words
from app.domain import Author

STATES = {
    "proposed": "proposed, waits for a second reviewer",
    "open": "open, not confirmed",
    "confirmed": "confirmed as a hit",
    "declined": "declined",
    "closed": "closed",
}
_STEPS = {
    "agreed": "Agreed",
    "declined": "Declined",
    "assigned": "Given to {person}",
    "feedback": "Feedback: {outcome}",
    "closed": "Closed: {outcome}",
    "reopened": "Opened again",
}
HIDDEN = "Its texts are hidden while your blind verification waits."


def between(names: Sequence[str]) -> str:
    """Both cases."""
    return f"{names[0]} and {names[1]}"


def days_words(days: int) -> str:
    """How old, in business days."""
    return "today" if days <= 0 else f"{days} business day{'' if days == 1 else 's'}"


def by_words(author: Author | None, at: str) -> str:
    """Who and when."""
    who = author.examiner if author is not None else "unknown"
    return ", ".join(filter(None, (who, shown_moment(at))))


def outcome_words(step: LeadStep) -> str:
    """What a kind of feedback or a reason for closing is called."""
    words = casework_words()
    choices = words.closing if step.kind == "closed" else words.feedback
    return next((one.label for one in choices if one.key == step.outcome), step.outcome)


def feedback_words(step: LeadStep | None) -> str:
    """What investigators said last, and when."""
    if step is None:
        return "none yet"
    return f"{outcome_words(step) or step.text}\n{shown_moment(step.stepped_at)}"


def step_words(step: LeadStep) -> str:
    """One step of a lead's history."""
    head = _STEPS[step.kind].format(person=step.person, outcome=outcome_words(step)).rstrip(": ")
    said = f"\n{step.text}" if step.text else ""
    return f"{head}\n{by_words(step.author, step.stepped_at)}{said}"


def proposed_words(line: LeadLine) -> str:
    """How the history of a lead begins."""
    reason = HIDDEN if line.hidden else line.lead.reason
    return f"Proposed\n{by_words(line.lead.author, line.lead.proposed_at)}\n{reason}"


def notice_words(line: NoticeLine) -> str:
    """A notice that was sent, and whether its receipt is known."""
    told = line.notice
    to = ", ".join(filter(None, (told.recipient, told.agency)))
    head = f"Told {to} by {told.means}\n{by_words(told.author, told.sent_at)}"
    said = f"\n{told.text}" if told.text else ""
    if line.receipt is None:
        return f"{head}{said}\nIts receipt is not noted yet"
    got = line.receipt
    return f"{head}{said}\nReceived by {got.by}, {shown_moment(got.received_at)}"


def counted_words(link: Link) -> str:
    """Whether a hit counts, or why not."""
    if link.state == "lead":
        return link.why_not or "Not confirmed yet"
    return "Counted as a hit" if link.counted else f"Not counted: {link.why_not}"


def ended_words(told: Sequence[Untold]) -> str:
    """Who still takes for a hit what holds no more."""
    if not told:
        return ""
    names = " and ".join(dict.fromkeys(one.agency or "somebody" for one in told))
    return f"{names} was told of a hit: tell them that it holds no more."


def warm_words(warm: WarmLink) -> str:
    """A warm link: known before, never counted."""
    return f"Warm: {warm.basis}\n{by_words(warm.author, warm.noted_at)}"
