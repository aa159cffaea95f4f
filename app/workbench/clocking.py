"""Operations on the review clock: an exhibit's stages, the board, metrics, the lab's calendar."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path

from app.casework import clock_tables
from app.casework.board import Board, BoardFilter, Place, StageCount
from app.casework.clock import Policy, told
from app.casework.metrics import (
    Metrics,
    StageMonth,
    VerifiedMonth,
    bounds,
    months_of,
    stage_months,
)
from app.casework.stages import (
    SETTLED,
    TITLES,
    TO_DO,
    ClockNote,
    PolicyTold,
    Stage,
    clock_line,
    moment_words,
    stages_of,
)
from app.domain import CaseheadError, Changes, now
from app.jobs import Job
from app.picture.writing import write_whole
from app.workbench.blinding import WITHHELD, Blinding

_ALL_LINES = 1_000_000
_AS_IT_STOOD = (
    "The rules of the review clock have changed and all of it is being made anew (the bottom line "
    "shows how far that is; stopped, it begins anew at the next start). Until then it is shown as "
    "it stood."
)
_KEPT = 64
AFTER_THE_REVIEW = ("happened", "lead", "told", "confirmed", "answered")
"""Stages that tell what was concluded, or whose words do; not shown of exhibits that wait for
one's own blind verification."""


class Clocking(Blinding):
    """Everything is derived from the record; what can be said is the calendar, the targets, and
    that a stage of an exhibit is not needed."""

    clock_now: Callable[[], str] = staticmethod(now)
    """What time it is, as in the record; another clock can be put in its place."""

    def clock(self, exhibit_id: str) -> tuple[Stage, ...]:
        """The stages of an exhibit, when each was reached or is due."""
        exhibit = self._casebook.exhibit(exhibit_id)
        return self._clock_stages((exhibit.id,))[exhibit.id]

    def clock_words(self, exhibit_ids: Collection[str]) -> Mapping[str, str]:
        """How exhibits stand, in one line each: what is due or overdue, else what was last done."""
        found = self._clock_stages(tuple(exhibit_ids))
        return {one: clock_line(stages) for one, stages in found.items()}

    def overdue_words(self, exhibit_ids: Collection[str]) -> Mapping[str, str]:
        """By exhibit: what of it is overdue, and since when; quick for thousands.

        Those of which nothing is overdue are left out.
        """
        self._casebook.bring_clock_up_to_date()
        calendar = self._casebook.clock_policy().calendar
        found = self._casebook.clock_overdue(exhibit_ids, self.clock_now())
        return {
            one: f"{TO_DO[stage]}: overdue since {moment_words(due_at, calendar)}"
            for one, (stage, due_at) in found.items()
        }

    def board(self, wanted: BoardFilter | None = None, limit: int = 100, offset: int = 0) -> Board:
        """What is due and overdue, of exhibits, leads, verifications and traces; urgent first."""
        self._casebook.bring_clock_up_to_date()
        at, policy = self.clock_now(), self._casebook.clock_policy()
        wanted = wanted or BoardFilter()
        hidden = self._clock_hidden()
        counts = self._casebook.clock_counts(at, hidden)
        return Board(
            self._casebook.clock_lines(wanted, at, limit, offset, hidden),
            self._board_total(wanted, at, counts, hidden),
            offset,
            at,
            counts,
            self._casebook.clock_due_until(at, self._clock_end_of_day(policy, at), hidden),
            self._casebook.clock_people(hidden),
            policy,
            self._casebook.clock_policy_said(),
        )

    def clock_place(self, exhibit_id: str) -> Place:
        """Where an exhibit is worked on next: its mark, picture, search list and firearm."""
        return self._casebook.clock_place(exhibit_id)

    def clock_pair(self, comparison_id: str) -> tuple[str, str]:
        """The pictures of a comparison that is to be verified again."""
        return self._casebook.clock_pair(comparison_id)

    def overdue_count(self) -> int:
        """How much is overdue."""
        self._casebook.bring_clock_up_to_date()
        counts = self._casebook.clock_counts(self.clock_now(), self._clock_hidden())
        return sum(one.overdue for one in counts)

    def metrics(self, since: str, until: str, stages: Collection[str] | None = None) -> Metrics:
        """How long things took that were done from one day to another (both included).

        ``stages`` names those wanted; all that have a target when None. Raises CaseheadError for
        a span that ends before it begins.
        """
        if until < since:
            raise CaseheadError(f"The span ends ({until}) before it begins ({since}).")
        self._casebook.bring_clock_up_to_date()
        policy = self._casebook.clock_policy()
        names = tuple(t.stage for t in policy.targets if stages is None or t.stage in stages)
        key = (self._casebook.clock_version, since, until, names)
        if key not in self._metrics_kept:
            if len(self._metrics_kept) >= _KEPT:
                self._metrics_kept.clear()
            self._metrics_kept[key] = self._metrics_of(policy, since, until, names)
        return self._metrics_kept[key]

    def clock_policy(self) -> Policy:
        """The calendar and the targets in force."""
        return self._casebook.clock_policy()

    def clock_policies(self) -> tuple[PolicyTold, ...]:
        """Every calendar with targets the laboratory ever said, oldest first, with the reasons."""
        return self._casebook.clock_policies()

    def set_clock_policy(self, policy: Policy, reason: str) -> Policy:
        """Say how the laboratory works and by when things are due; the journal tells it.

        Raises CaseheadError without a reason.
        """
        self._need_writable()
        if not reason.strip():
            raise CaseheadError("Say why the calendar or the targets change; it is kept.")
        said = self._casebook.clock_policy_said()
        if not said or policy != self._casebook.clock_policy():
            self._casebook.add_clock_policy(PolicyTold(policy, " ".join(reason.split())))
            self._casebook.bring_clock_up_to_date()
            self._publish(Changes(casework=True, settings=True))
        return policy

    def settle_stage(self, exhibit_id: str, stage: str, reason: str) -> ClockNote:
        """Say that an exhibit needs a stage no more, and why: a case not suited to be entered.

        Raises CaseheadError without a reason, and for a stage that others answer for.
        """
        return self._note_stage(ClockNote(exhibit_id, stage, "settled", reason))

    def reopen_stage(self, exhibit_id: str, stage: str, reason: str) -> ClockNote:
        """Take that back."""
        return self._note_stage(ClockNote(exhibit_id, stage, "reopened", reason))

    def rebuild_clock(self) -> None:
        """Make everything the clock derives anew from the record."""
        self._need_writable()
        self._casebook.rebuild_clock()
        self._publish(Changes(casework=True))

    def clock_to_make(self) -> bool:
        """Whether the clock is to be made anew for other rules, which takes a minute or so.

        To be asked by who then does it, ``make_clock``: from the first time on, the clock of a
        large casebook is shown as it stood until that is done, and nobody waits for it.
        """
        self._casebook.clock_made_apart = True
        return self._casebook.clock_to_make

    def make_clock(self, job: Job | None = None) -> None:
        """Make the clock anew where that is due; it only follows the record, so anybody may.

        Raises CancelledError; then it is due still.
        """
        if self._casebook.clock_to_make:
            self._casebook.rebuild_clock(job)
            self._publish(Changes(casework=True))

    def clock_notice(self) -> str:
        """A sentence where the clock is not shown by the rules in force yet, or nothing."""
        return _AS_IT_STOOD if self._casebook.clock_to_make else ""

    def check_clock(self) -> tuple[str, ...]:
        """A sentence for everything the clock shows that is not what the record says."""
        return self._casebook.clock_differences()

    def export_board(
        self, path: Path, wanted: BoardFilter | None = None, *, overwrite: bool = False
    ) -> Path:
        """Write the board as CSV; the journal tells it with the file's SHA-256."""
        self._need_writable()
        wanted = wanted or BoardFilter()
        if self._clock_hidden():
            raise CaseheadError(WITHHELD)
        board = self.board(wanted, _ALL_LINES)
        text = clock_tables.board_csv(board)
        return self._clock_exported("board", path, text, {"filter": asdict(wanted)}, overwrite)

    def export_metrics(
        self, path: Path, since: str, until: str, *, overwrite: bool = False
    ) -> Path:
        """Write the metrics of a span as CSV; the journal tells it with the file's SHA-256."""
        self._need_writable()
        text = clock_tables.metrics_csv(self.metrics(since, until))
        facts = {"since": since, "until": until}
        return self._clock_exported("metrics", path, text, facts, overwrite)

    # --- behind it -------------------------------------------------------------------------
    def _clock_stages(self, exhibit_ids: Collection[str]) -> dict[str, tuple[Stage, ...]]:
        self._casebook.bring_clock_up_to_date()
        policy, at = self._casebook.clock_policy(), self.clock_now()
        marks = self._casebook.clock_marks(exhibit_ids)
        settled = self._casebook.clock_settled(exhibit_ids)
        guns = self._casebook.clock_guns(exhibit_ids)
        blind = self._veil().exhibits
        return {
            one: tuple(
                stage
                for stage in stages_of(marks[one], policy, at, settled[one], one in guns)
                if one not in blind or stage.name not in AFTER_THE_REVIEW
            )
            for one in exhibit_ids
        }

    def _clock_hidden(self) -> frozenset[str]:
        """What waits on the board that a blind verification keeps from who looks."""
        veil = self._veil()
        if not veil.specimens:
            return frozenset()
        leads = (lead.id for pair in veil.cases for lead in self._casebook.leads_between(*pair))
        traces = self._casebook.traces_of_cases({case for pair in veil.cases for case in pair})
        return veil.comparisons | frozenset(leads) | traces | veil.exhibits

    def _board_total(
        self,
        wanted: BoardFilter,
        at: str,
        counts: tuple[StageCount, ...],
        hidden: Collection[str] = (),
    ) -> int:
        """How many lines fit, from the counts where these tell."""
        if wanted.case or wanted.person:
            return self._casebook.clock_total(wanted, at, hidden)
        fitting = [c for c in counts if not wanted.stages or c.stage in wanted.stages]
        return sum(c.overdue if wanted.overdue_only else c.waiting for c in fitting)

    def _clock_end_of_day(self, policy: Policy, at: str) -> str:
        calendar = policy.calendar
        day = calendar.local(at).date()
        return told(calendar.closing(day if calendar.works_on(day) else calendar.day_after(day, 1)))

    @cached_property
    def _metrics_kept(self) -> dict[tuple[object, ...], Metrics]:
        """What was worked out already, by what it was worked out of."""
        return {}

    def _metrics_of(
        self, policy: Policy, since: str, until: str, stages: Collection[str]
    ) -> Metrics:
        months = months_of(since, until)
        first, last = bounds(policy.calendar, since, until)
        lines: list[StageMonth] = []
        whole: list[StageMonth] = []
        for target in policy.targets:
            if target.stage in stages:
                done = self._casebook.clock_done(target.stage, first, last)
                of = stage_months(target, policy.calendar, months, done[:, 0], done[:, 1])
                lines.extend(of[0])
                whole.append(of[1])
        verified = self._metrics_verified(policy, months, first, last)
        return Metrics(since, until, months, tuple(lines), tuple(whole), *verified)

    def _metrics_verified(
        self, policy: Policy, months: tuple[str, ...], first: str, last: str
    ) -> tuple[tuple[VerifiedMonth, ...], VerifiedMonth]:
        found = {month: [0, 0] for month in months}
        for at, differs in self._casebook.clock_verified(first, last):
            month = found[f"{policy.calendar.local(at):%Y-%m}"]
            month[0] += 1
            month[1] += differs
        lines = tuple(VerifiedMonth(month, *counts) for month, counts in found.items())
        count, differ = (sum(one[part] for one in found.values()) for part in (0, 1))
        return lines, VerifiedMonth("", count, differ)

    def _note_stage(self, note: ClockNote) -> ClockNote:
        self._need_writable()
        if note.stage not in SETTLED:
            names = ", ".join(SETTLED)
            raise CaseheadError(
                f"Of {TITLES.get(note.stage, note.stage)} it cannot be said that it is not needed; "
                f"of these it can: {names}."
            )
        if not note.reason.strip():
            raise CaseheadError("Say why, so that others can follow it.")
        exhibit = self._casebook.exhibit(note.exhibit_id)
        kept = self._casebook.add_clock_note(note)
        self._publish(Changes(cases=frozenset({exhibit.case_id}), casework=True))
        return kept

    def _clock_exported(
        self, what: str, path: Path, text: str, facts: Mapping[str, object], overwrite: bool
    ) -> Path:
        data = text.encode("utf-8-sig")
        written = write_whole(path, data, overwrite=overwrite)
        digest = hashlib.sha256(data).hexdigest()
        told_facts = {**facts, "file": path.name, "sha256": digest}
        self._casebook.tell_clock_exported(what, path.name, told_facts)
        return written
