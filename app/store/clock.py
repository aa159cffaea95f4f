"""The review clock: the lab's calendar and targets, what is settled, and the cache of the clock.

What is owed is read from ``clock_step``, which is brought up to date first wherever the casebook
can be written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.casework.board import HIDDEN, BoardFilter, BoardLine, Place, StageCount
from app.casework.clock import Policy, default_policy, policy_data, policy_of
from app.casework.stages import ClockNote, Mark, PolicyTold
from app.domain import CaseheadError, new_id, now
from app.store import clock_again, clock_fill, clock_sql
from app.store.clock_checks import differences
from app.store.codec import Codec, by, canonical, told, who, who_columns
from app.store.records import Records

CLOCK_POLICY: Codec[PolicyTold] = Codec(
    "clock_policy",
    f"id policy reason {who_columns('said')}",
    lambda p: (p.id, canonical(policy_data(p.policy)), p.reason, *who(p.author, p.said_at)),
    lambda r: PolicyTold(policy_of(json.loads(r[1])), r[2], *by(r, 3), r[0]),
)
CLOCK_NOTE: Codec[ClockNote] = Codec(
    "clock_note",
    f"id exhibit_id stage kind reason {who_columns('noted')}",
    lambda n: (n.id, n.exhibit_id, n.stage, n.kind, n.reason, *who(n.author, n.noted_at)),
    lambda r: ClockNote(*told(r, 5)),
)
VOUCHED: tuple[Codec[Any], ...] = (CLOCK_POLICY, CLOCK_NOTE)

_OPEN = "s.done_at = '' AND s.due_at <> ''"
_HIDDEN = f"s.stage NOT IN ({', '.join(repr(stage) for stage in HIDDEN)})"
_WHAT = """CASE s.kind WHEN 'lead' THEN (SELECT a.number || ' and ' || b.number FROM lead l
    JOIN "case" a ON a.id = l.case_a JOIN "case" b ON b.id = l.case_b WHERE l.id = s.subject_id)
WHEN 'verification' THEN (SELECT a.number || ' and ' || b.number FROM verification_task t
    JOIN clock_side y ON y.comparison_id = t.comparison_id
    JOIN "case" a ON a.id = y.left_case JOIN "case" b ON b.id = y.right_case
    WHERE t.id = s.subject_id)
WHEN 'comparison' THEN (SELECT a.number || ' and ' || b.number FROM clock_link y
    JOIN "case" a ON a.id = y.case_a JOIN "case" b ON b.id = y.case_b
    WHERE y.comparison_id = s.subject_id)
WHEN 'trace' THEN (SELECT k.number || ' / ' || trim(g.make || ' ' || g.model || ' ' || g.serial)
    FROM trace_request t JOIN firearm g ON g.id = t.firearm_id
    JOIN "case" k ON k.id = s.case_id WHERE t.id = s.subject_id)
ELSE (SELECT k.number || ' / ' || e.number FROM exhibit e JOIN "case" k ON k.id = e.case_id
    WHERE e.id = s.exhibit_id) END"""
_OF_EXHIBIT = (
    "(SELECT c.id FROM cartridge_case c WHERE c.exhibit_id = ? UNION SELECT c.id FROM "
    "cartridge_case c JOIN firearm g ON g.id = c.firearm_id WHERE g.exhibit_id = ?)"
)
_PLACES_OF_WORK = (
    f"SELECT m.id FROM mark m WHERE m.cartridge_case_id IN {_OF_EXHIBIT} ORDER BY m.seq LIMIT 1",
    "SELECT p.acquired_id FROM clock_picture p JOIN acquired a ON a.id = p.acquired_id "
    "WHERE p.exhibit_id = ? ORDER BY a.seq DESC LIMIT 1",
    "SELECT s.id FROM clock_picture p JOIN search s ON s.acquired_id = p.acquired_id "
    "WHERE p.exhibit_id = ? ORDER BY s.state = 'done' DESC, EXISTS (SELECT 1 FROM search_review r "
    "WHERE r.search_id = s.id), s.seq DESC LIMIT 1",
    "SELECT g.id FROM firearm g WHERE g.exhibit_id = ? ORDER BY g.seq LIMIT 1",
)
_CASES_MOST = 1000
_MADE_BY = 2
"""Counted up whenever the statements make something else of the same record."""
_LINE = "s.kind, s.subject_id, s.stage, s.exhibit_id, s.case_id"


class Clock(Records):
    """Calendar, targets and notes only ever add up; the rest is made of other records."""

    # --- what the laboratory says -----------------------------------------------------------
    def clock_policy(self) -> Policy:
        """The calendar and targets in force: those said last, else the installed ones."""
        row = self._connection.row("SELECT max(seq) FROM clock_policy")
        seq = row[0] if row else None
        if seq is None:
            return default_policy()
        if seq not in self._clock_policies_read:
            told = self._first(CLOCK_POLICY, "seq = ?", (seq,))
            self._clock_policies_read[seq] = told.policy if told else default_policy()
        return self._clock_policies_read[seq]

    def clock_policies(self) -> tuple[PolicyTold, ...]:
        """All that were ever said, oldest first."""
        return self._all(CLOCK_POLICY, "1")

    def add_clock_policy(self, told: PolicyTold) -> PolicyTold:
        """Keep a calendar with targets; who and when are filled in."""
        with self._change() as author:
            made = replace(told, author=told.author or author, said_at=told.said_at or now())
            data = policy_data(made.policy)
            self._add(CLOCK_POLICY, made, {"policy": data, "reason": made.reason})
        return made

    def add_clock_note(self, note: ClockNote) -> ClockNote:
        """Keep that a stage is not needed, or is again; who and when are filled in."""
        with self._change() as author:
            made = replace(note, author=note.author or author, noted_at=note.noted_at or now())
            told = {"exhibit_id": made.exhibit_id, "stage": made.stage, "kind": made.kind}
            self._add(CLOCK_NOTE, made, {**told, "reason": made.reason})
        return made

    def clock_notes(self, exhibit_id: str) -> tuple[ClockNote, ...]:
        """Every note of an exhibit, oldest first."""
        return self._all(CLOCK_NOTE, "exhibit_id = ?", (exhibit_id,))

    def tell_clock_exported(self, what: str, name: str, facts: Mapping[str, Any]) -> None:
        """Tell the journal that a board or metrics left the casebook as a file."""
        self._tell(f"{what} exported", name, facts)

    # --- the cache --------------------------------------------------------------------------
    def bring_clock_up_to_date(self) -> bool:
        """Look again at what changed since; whether anything did. A read-only casebook stays."""
        if self.read_only:
            return False
        with self._clock_turn:
            if self._clock_state("filled") != _fill_key(self.clock_policy()):
                self.rebuild_clock()
                return True
            if self._connection.row("SELECT 1 FROM clock_changed LIMIT 1") is None:
                return False
            with self.transaction():
                self._clock_run(clock_again.again())
                self._say_clock_state("version", new_id())
            return True

    def rebuild_clock(self) -> None:
        """Make the whole cache anew from the record.

        Statement by statement, so that others get their turn; cut short, it is made at the next
        look.
        """
        with self._clock_turn:
            policy = self.clock_policy()
            with self.transaction():
                self._say_clock_state("filled", "")
                clock_fill.fill(self._connection.run, policy)
            for statement in clock_sql.everything_again():
                with self.transaction():
                    self._connection.run(statement)
            with self.transaction():
                self._say_clock_state("filled", _fill_key(policy))
                self._say_clock_state("version", new_id())

    def clock_differences(self) -> tuple[str, ...]:
        """A sentence for everything in which the cache is not what the record says."""
        self.bring_clock_up_to_date()
        return differences(self._connection)

    # --- reading it -------------------------------------------------------------------------
    def clock_marks(self, exhibit_ids: Collection[str]) -> dict[str, dict[str, Mark]]:
        """By exhibit and stage: when it was reached."""
        rows = self._connection.rows(
            "SELECT exhibit_id, stage, at, source FROM clock_mark WHERE exhibit_id IN "
            "(SELECT value FROM json_each(?))",
            (json.dumps(sorted(exhibit_ids)),),
        )
        found: dict[str, dict[str, Mark]] = {one: {} for one in exhibit_ids}
        for exhibit_id, stage, at, source in rows:
            found[exhibit_id][stage] = Mark(at, source)
        return found

    def clock_settled(self, exhibit_ids: Collection[str]) -> dict[str, dict[str, str]]:
        """By exhibit and stage: why it is not needed."""
        notes = self._all(
            CLOCK_NOTE,
            "exhibit_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(exhibit_ids)),),
        )
        found: dict[str, dict[str, str]] = {one: {} for one in exhibit_ids}
        for note in notes:
            if note.kind == "settled":
                found[note.exhibit_id][note.stage] = note.reason
            else:
                found[note.exhibit_id].pop(note.stage, None)
        return found

    def clock_guns(self, exhibit_ids: Collection[str]) -> frozenset[str]:
        """Those of the exhibits that are or have a firearm."""
        rows = self._connection.rows(
            "SELECT DISTINCT exhibit_id FROM firearm WHERE exhibit_id IN "
            "(SELECT value FROM json_each(?))",
            (json.dumps(sorted(exhibit_ids)),),
        )
        return frozenset(row[0] for row in rows)

    def clock_lines(
        self, wanted: BoardFilter, at: str, limit: int, offset: int
    ) -> tuple[BoardLine, ...]:
        """A page of what waits, most urgent first."""
        where, own = self._board_where(wanted, at)
        rows = self._connection.rows(
            f"SELECT {_LINE}, coalesce({_WHAT}, ''), s.person, s.since, s.due_at "
            f"FROM clock_step s WHERE {where} ORDER BY s.due_at, s.since, s.seq LIMIT ? OFFSET ?",
            (*own, limit, offset),
        )
        return tuple(BoardLine(*row) for row in rows)

    def clock_total(self, wanted: BoardFilter, at: str) -> int:
        """How many lines fit."""
        where, own = self._board_where(wanted, at)
        row = self._connection.row(f"SELECT count(*) FROM clock_step s WHERE {where}", own)
        return int(row[0]) if row else 0

    def clock_counts(self, at: str) -> tuple[StageCount, ...]:
        """How many wait for each stage."""
        rows = self._connection.rows(
            "SELECT s.stage, count(*), sum(s.due_at < ?) FROM clock_step s "
            f"WHERE {_OPEN} AND {_HIDDEN} GROUP BY s.stage",
            (at,),
        )
        return tuple(StageCount(stage, waiting, late) for stage, waiting, late in rows)

    def clock_due_until(self, at: str, until: str) -> int:
        """How many fall due between two moments."""
        row = self._connection.row(
            "SELECT count(*) FROM clock_step s "
            f"WHERE {_OPEN} AND {_HIDDEN} AND s.due_at >= ? AND s.due_at <= ?",
            (at, until),
        )
        return int(row[0]) if row else 0

    def clock_overdue(self, exhibit_ids: Collection[str], at: str) -> dict[str, tuple[str, str]]:
        """By exhibit: the stage that is overdue longest, and since when; others are left out."""
        rows = self._connection.rows(
            "SELECT s.exhibit_id, s.stage, s.due_at FROM clock_step s WHERE s.exhibit_id IN "
            f"(SELECT value FROM json_each(?)) AND s.kind = 'exhibit' AND {_OPEN} AND {_HIDDEN} "
            "AND s.due_at < ? ORDER BY s.due_at DESC",
            (json.dumps(sorted(exhibit_ids)), at),
        )
        return {exhibit_id: (stage, due_at) for exhibit_id, stage, due_at in rows}

    def clock_people(self) -> tuple[str, ...]:
        """Everybody something waits for, by name."""
        rows = self._connection.rows(
            f"SELECT DISTINCT s.person FROM clock_step s WHERE {_OPEN} AND s.person <> '' "
            "ORDER BY s.person"
        )
        return tuple(row[0] for row in rows)

    def clock_place(self, exhibit_id: str) -> Place:
        """Where an exhibit is worked on next."""
        rows = (
            self._connection.row(sql, (exhibit_id,) * sql.count("?")) for sql in _PLACES_OF_WORK
        )
        return Place(*(str(row[0]) if row else "" for row in rows))

    def clock_pair(self, comparison_id: str) -> tuple[str, str]:
        """The pictures of a comparison."""
        sql = "SELECT left_id, right_id FROM comparison WHERE id = ?"
        row = self._connection.row(sql, (comparison_id,))
        return (str(row[0]), str(row[1])) if row else ("", "")

    def clock_done(self, stage: str, since: str, until: str) -> NDArray[np.int64]:
        """Of what was done in a span: when it started and when it was done, (n, 2), in seconds."""
        row = self._connection.row(
            "SELECT group_concat(strftime('%s', since) || ' ' || strftime('%s', done_at), ' ') "
            "FROM clock_step WHERE stage = ? AND done_at >= ? AND done_at < ? AND done_at <> ''",
            (stage, since, until),
        )
        text = str(row[0]) if row and row[0] else ""
        seconds = np.fromstring(text, np.int64, sep=" ") if text else np.zeros(0, np.int64)
        return seconds.reshape(-1, 2)

    @property
    def clock_version(self) -> str:
        """Another one after every change that the clock shows."""
        return self._clock_state("version")

    def clock_verified(self, since: str, until: str) -> list[tuple[str, int]]:
        """Verifications by second examiners in a span: when, and 1 where they did not agree."""
        return [
            (row[0], int(row[1]))
            for row in self._connection.rows(
                "SELECT v.verified_at, v.scale <> c.scale OR v.value <> c.value "
                "FROM verification v JOIN conclusion c ON c.id = v.conclusion_id "
                "JOIN verification_task t ON t.id = v.task_id AND t.third = 0 "
                "WHERE v.verified_at >= ? AND v.verified_at < ? ORDER BY v.verified_at",
                (since, until),
            )
        ]

    # --- behind it --------------------------------------------------------------------------
    def _board_where(self, wanted: BoardFilter, at: str) -> tuple[str, tuple[Any, ...]]:
        parts, own = [_OPEN, _HIDDEN], list[Any]()
        if wanted.stages:
            parts.append(f"s.stage IN ({', '.join('?' * len(wanted.stages))})")
            own.extend(wanted.stages)
        if wanted.overdue_only:
            parts.append("s.due_at < ?")
            own.append(at)
        if wanted.case.strip():
            parts.append("s.case_id IN (SELECT value FROM json_each(?))")
            own.append(json.dumps(self._board_cases(wanted.case.strip())))
        if wanted.person.strip():
            parts.append("s.person = ?")
            own.append(wanted.person)
        return " AND ".join(parts), tuple(own)

    def _board_cases(self, part: str) -> list[str]:
        """The newest cases of which something waits and in whose number this is."""
        rows = self._connection.rows(
            "SELECT k.id FROM \"case\" k WHERE k.number LIKE ? ESCAPE '\\' "
            "AND EXISTS (SELECT 1 FROM clock_step s WHERE s.case_id = k.id "
            f"AND {_OPEN}) ORDER BY k.seq DESC LIMIT {_CASES_MOST}",
            (f"%{_like(part)}%",),
        )
        return [row[0] for row in rows]

    @cached_property
    def _clock_policies_read(self) -> dict[int, Policy]:
        """By their number; none ever changes."""
        return {}

    @cached_property
    def _clock_turn(self) -> AbstractContextManager[bool]:
        """One at a time brings the cache up to date; nobody does so inside a transaction."""
        return RLock()

    def _clock_state(self, key: str) -> str:
        row = self._connection.row("SELECT value FROM clock_state WHERE key = ?", (key,))
        return str(row[0]) if row else ""

    def _say_clock_state(self, key: str, value: str) -> None:
        self._connection.run(
            "INSERT INTO clock_state (key, value) VALUES (?, ?) "
            "ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            (key, value),
        )

    def _clock_run(self, statements: Sequence[str]) -> None:
        for statement in statements:
            self._connection.run(statement)


def _fill_key(policy: Policy) -> str:
    """What the lookups of the cache were made of: another one makes it anew."""
    parts = [_MADE_BY, policy_data(policy), datetime.now(UTC).year]
    with suppress(CaseheadError):
        parts.append(clock_fill.casework_rows())
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


def _like(text: str) -> str:
    for sign in ("\\", "%", "_"):
        text = text.replace(sign, f"\\{sign}")
    return text
