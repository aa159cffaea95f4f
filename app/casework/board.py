"""The board of what is due and overdue."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.casework.clock import Policy, parsed
from app.casework.stages import TO_DO, late_words, moment_words

Kind = Literal["exhibit", "lead", "verification", "comparison", "trace"]
HIDDEN = ("submitted",)
"""Stages that are measured, but that nobody here can still do something about."""
OF_LEADS = "informed"
"""What an exhibit owes only since a lead is agreed: it tells that there is one."""


@dataclass(frozen=True, slots=True)
class BoardFilter:
    """What of the board is wanted; empty is everything.

    ``case`` is part of a case number, ``person`` a name as it is in the record.
    """

    stages: tuple[str, ...] = ()
    overdue_only: bool = False
    case: str = ""
    person: str = ""


@dataclass(frozen=True, slots=True)
class BoardLine:
    """Something that waits: what (``subject_id`` of its ``kind``), for whom, since and until when.

    ``what`` names it: case and exhibit, both cases of a lead, the gun of a trace.
    """

    kind: Kind
    subject_id: str
    stage: str
    exhibit_id: str
    case_id: str
    what: str
    person: str
    since: str
    due_at: str

    @property
    def to_do(self) -> str:
        """What there is to do."""
        return TO_DO.get(self.stage, self.stage)

    def overdue(self, at: str) -> bool:
        """Whether it should have been done by then."""
        return parsed(self.due_at) < parsed(at)

    def due_words(self, policy: Policy, at: str) -> str:
        """When it is due, or by how much it is overdue."""
        when = moment_words(self.due_at, policy.calendar)
        if not self.overdue(at):
            return f"due {when}"
        target = policy.target(self.stage)
        if target is not None and target.unit == "hours":
            late = (parsed(at) - parsed(self.due_at)).total_seconds() / 3600
        else:
            late = policy.calendar.business_days(self.due_at, at)
        words = late_words(policy, self.stage, max(late, 0.0))
        return f"overdue by {words}, since {when}" if words else f"overdue, since {when}"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an exhibit is worked on: ids, "" for what it has not.

    ``mark_id`` is its first mark, ``search_id`` the newest finished search nobody reviewed, else
    the newest.
    """

    mark_id: str = ""
    acquired_id: str = ""
    search_id: str = ""
    firearm_id: str = ""


@dataclass(frozen=True, slots=True)
class StageCount:
    """How many wait for a stage, and how many of them too long."""

    stage: str
    waiting: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Board:
    """A page of the board at a moment: ``lines`` from ``offset`` of ``total``, most urgent first.

    ``counts`` are of everything, whatever the filter; ``people`` those something waits for;
    ``zone_said`` whether the laboratory ever said its calendar and time zone.
    """

    lines: tuple[BoardLine, ...]
    total: int
    offset: int
    at: str
    counts: tuple[StageCount, ...]
    today: int
    people: tuple[str, ...]
    policy: Policy
    zone_said: bool = True

    @property
    def waiting(self) -> int:
        """Everything that waits."""
        return sum(one.waiting for one in self.counts)

    @property
    def overdue(self) -> int:
        """Everything that waits too long."""
        return sum(one.overdue for one in self.counts)
