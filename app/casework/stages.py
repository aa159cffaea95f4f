"""The stages of one exhibit on the review clock, in states and words."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from app.casework.clock import Calendar, Policy, parsed
from app.domain import Author, new_id

State = Literal["done in time", "done late", "done", "due", "overdue", "not yet begun", "settled"]
STAGES: Final = (
    *("collected", "submitted", "received", "entered", "searched", "reviewed"),
    *("lead", "told", "confirmed", "answered"),
)
"""The stages of an exhibit in their order."""

TITLES: Final[Mapping[str, str]] = {
    "happened": "happened",
    "collected": "collected",
    "submitted": "submitted",
    "received": "received",
    "entered": "entered",
    "searched": "searched",
    "reviewed": "reviewed",
    "traced": "trace requested",
    "lead": "lead agreed",
    "owner": "owner named",
    "told": "investigators told",
    "informed": "lead information out",
    "confirmed": "confirmed",
    "answered": "investigators answered",
    "verified": "verified",
    "verified again": "verified again",
    "changed": "changed after its verification",
    "trace sent": "trace request sent",
    "trace answered": "trace answered",
    "proposed": "lead proposed",
    "asked": "verification asked for",
    "trace requested": "trace requested",
}
"""What has been reached, in words."""

_STARTS: Final[Mapping[str, str]] = {"happened": "the event", "changed": "a change to its record"}

TO_DO: Final[Mapping[str, str]] = {
    "submitted": "hand in",
    "entered": "enter",
    "searched": "search",
    "reviewed": "review the list",
    "traced": "request a trace",
    "lead": "agree to the lead, or decline",
    "owner": "name an owner",
    "told": "tell the investigators",
    "informed": "tell the investigators, by the time of the event",
    "confirmed": "confirm on the specimens",
    "answered": "get an answer from investigators",
    "verified": "verify",
    "verified again": "verify again: changed since",
    "trace sent": "send the trace request",
    "trace answered": "follow the trace up",
}
"""What there is to do."""

SETTLED: Final = ("entered", "searched", "reviewed", "traced")
"""Stages of which the laboratory may say, with a reason, that they are not needed."""


def starts_words(starts: str) -> str:
    """From what on a target counts, to stand behind "after"."""
    return _STARTS.get(starts) or TITLES.get(starts, starts)


@dataclass(frozen=True, slots=True)
class ClockNote:
    """That a stage of an exhibit is not needed, and why, or is again; the newest holds."""

    exhibit_id: str
    stage: str
    kind: Literal["settled", "reopened"]
    reason: str
    author: Author | None = None
    noted_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class PolicyTold:
    """A calendar with targets as the laboratory said them; the newest holds."""

    policy: Policy
    reason: str
    author: Author | None = None
    said_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Mark:
    """When an exhibit reached a stage, and by which record; "day" says that the hour is not known,
    "registered" that nobody said when it was received."""

    at: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of an exhibit: when it was reached, or is due, and in words.

    ``late`` is by how much, in the target's own unit (hours, or business days), 0 in time.
    """

    name: str
    state: State
    at: str = ""
    due_at: str = ""
    late: float = 0.0
    words: str = ""

    @property
    def open(self) -> bool:
        """Whether it waits for somebody."""
        return self.state in ("due", "overdue")


def stages_of(
    marks: Mapping[str, Mark],
    policy: Policy,
    at: str,
    settled: Mapping[str, str] | None = None,
    gun: bool = False,
) -> tuple[Stage, ...]:
    """All stages of an exhibit at a moment; ``settled`` are those not needed, with the reason.

    One with a firearm (``gun``) has the trace as well.
    """
    names = (*STAGES[:4], "traced", *STAGES[4:]) if gun else STAGES
    found = tuple(_stage(name, marks, policy, at, settled or {}) for name in names)
    return (*_event(marks, policy, at), *found)


def _event(marks: Mapping[str, Mark], policy: Policy, at: str) -> tuple[Stage, ...]:
    """The event; until investigators are told of a lead also how long ago it was, and by when they
    are to be told."""
    mark, target = marks.get("happened"), policy.target("informed")
    if mark is None:
        return ()
    words = f"event {_shown(mark, policy.calendar)}"
    due_at = policy.due("informed", mark.at) if target and target.starts == "happened" else ""
    if due_at and mark.source != "day" and "told" not in marks:
        hours = max((parsed(at) - parsed(mark.at)).total_seconds() / 3600, 0.0)
        until = moment_words(due_at, policy.calendar)
        verb = "ends" if parsed(at) <= parsed(due_at) else "ended"
        words += (
            f", {hours:,.0f} hours ago; the time to tell investigators of a lead {verb} {until}"
        )
    return (Stage("happened", "done", mark.at, words=words),)


def _stage(
    name: str, marks: Mapping[str, Mark], policy: Policy, at: str, settled: Mapping[str, str]
) -> Stage:
    target, mark = policy.target(name), marks.get(name)
    since = marks[target.starts].at if target and target.starts in marks else ""
    due_at = policy.due(name, since)
    title = TITLES[name]
    if mark is not None:
        shown = _shown(mark, policy.calendar) + _besides(name, mark, marks)
        if not due_at:
            return Stage(name, "done", mark.at, words=f"{title} {shown}")
        if parsed(mark.at) <= parsed(due_at):
            return Stage(name, "done in time", mark.at, due_at, 0.0, f"{title} {shown}, in time")
        late = _late(policy, name, due_at, mark.at)
        by = late_words(policy, name, late)
        words = f"{title} {shown}, {by} late" if by else f"{title} {shown}, late"
        return Stage(name, "done late", mark.at, due_at, late, words)
    if name in settled:
        return Stage(name, "settled", words=f"{title}: not needed ({settled[name]})")
    if not due_at or _passed_by(name, marks):
        return Stage(name, "not yet begun", words=f"{title}: not yet")
    when = moment_words(due_at, policy.calendar)
    if parsed(at) <= parsed(due_at):
        return Stage(name, "due", "", due_at, 0.0, f"{TO_DO[name]} by {when}")
    late = _late(policy, name, due_at, at)
    told = late_words(policy, name, late)
    words = f"overdue by {told}" if told else f"overdue since {when}"
    return Stage(name, "overdue", "", due_at, late, f"{TO_DO[name]}: {words}")


def _besides(name: str, mark: Mark, marks: Mapping[str, Mark]) -> str:
    """What else is to be said of when it was: that nobody said when it was received, and how long
    after the event investigators were told."""
    if mark.source == "registered":
        return " (as registered)"
    happened = marks.get("happened")
    if name != "told" or happened is None or happened.source == "day":
        return ""
    hours = (parsed(mark.at) - parsed(happened.at)).total_seconds() / 3600
    return f" ({hours:,.0f} hours after the event)"


def _passed_by(name: str, marks: Collection[str]) -> bool:
    """Whether a later stage was reached without it, so that nobody waits for it."""
    later = STAGES[STAGES.index(name) + 1 : 7] if name in STAGES[:6] else ()
    return any(one in marks for one in later)


def _late(policy: Policy, stage: str, due_at: str, at: str) -> float:
    target = policy.target(stage)
    if target is not None and target.unit == "hours":
        return max((parsed(at) - parsed(due_at)).total_seconds() / 3600, 0.0)
    return max(policy.calendar.business_days(due_at, at), 0.0)


def late_words(policy: Policy, stage: str, late: float) -> str:
    """How late in words: 3 hours, 1.5 business days; nothing where it is hardly anything."""
    target = policy.target(stage)
    unit = "hour" if target is not None and target.unit == "hours" else "business day"
    if unit == "hour" and late >= 48:
        unit, late = "day", late / 24
    if late < 0.05:
        return ""
    number = f"{late:.0f}" if late >= 10 else f"{late:.1f}".removesuffix(".0")
    return f"{number} {unit}{'' if number == '1' else 's'}"


def clock_line(stages: Collection[Stage]) -> str:
    """How an exhibit stands in one line: what is open first, else what was reached last."""
    waiting = [one for one in stages if one.open]
    if waiting:
        worst = min(waiting, key=lambda one: (one.state != "overdue", one.due_at))
        more = f", and {len(waiting) - 1} more" if len(waiting) > 1 else ""
        return f"{worst.words}{more}"
    reached = [one for one in stages if one.at]
    return reached[-1].words if reached else ""


def moment_words(moment: str, calendar: Calendar) -> str:
    """A moment on the laboratory's clock: Tue 24 Nov 2026, 17:00."""
    local = calendar.local(moment)
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M}"


def _shown(mark: Mark, calendar: Calendar) -> str:
    words = moment_words(mark.at, calendar)
    return words[: words.rindex(",")] if mark.source == "day" else words
