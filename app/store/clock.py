"""The review clock: the lab's calendar and targets, what is settled, and what is owed by when.

What is owed is read from ``clock_step``, the cache, which is brought up to date first wherever
the casebook can be written.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.casework.board import HIDDEN, OF_LEADS, BoardFilter, BoardLine, Place, StageCount
from app.casework.clock import policy_data
from app.casework.stages import ClockNote, Mark, PolicyTold
from app.domain import now
from app.store.clock_cache import ClockCache
from app.store.clock_codecs import CLOCK_NOTE, CLOCK_POLICY
from app.store.several import escaped

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
_LINE = "s.kind, s.subject_id, s.stage, s.exhibit_id, s.case_id"


class Clock(ClockCache):
    """Calendar, targets and notes only ever add up; the rest is made of other records."""

    # --- what the laboratory says -----------------------------------------------------------
    def clock_policy_said(self) -> bool:
        """Whether the laboratory ever said its calendar and targets."""
        return self._connection.row("SELECT 1 FROM clock_policy LIMIT 1") is not None

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
        self,
        wanted: BoardFilter,
        at: str,
        limit: int,
        offset: int,
        without: Collection[str] = (),
    ) -> tuple[BoardLine, ...]:
        """A page of what waits, most urgent first; ``without`` what these subjects owe."""
        where, own = self._board_where(wanted, at, without)
        rows = self._connection.rows(
            f"SELECT {_LINE}, coalesce({_WHAT}, ''), s.person, s.since, s.due_at "
            f"FROM clock_step s WHERE {where} ORDER BY s.due_at, s.since, s.seq LIMIT ? OFFSET ?",
            (*own, limit, offset),
        )
        return tuple(BoardLine(*row) for row in rows)

    def clock_total(self, wanted: BoardFilter, at: str, without: Collection[str] = ()) -> int:
        """How many lines fit."""
        where, own = self._board_where(wanted, at, without)
        row = self._connection.row(f"SELECT count(*) FROM clock_step s WHERE {where}", own)
        return int(row[0]) if row else 0

    def clock_counts(self, at: str, without: Collection[str] = ()) -> tuple[StageCount, ...]:
        """How many wait for each stage."""
        where, own = _not_of(without)
        rows = self._connection.rows(
            "SELECT s.stage, count(*), sum(s.due_at < ?) FROM clock_step s "
            f"WHERE {_OPEN} AND {_HIDDEN}{where} GROUP BY s.stage",
            (at, *own),
        )
        return tuple(StageCount(stage, waiting, late) for stage, waiting, late in rows)

    def clock_due_until(self, at: str, until: str, without: Collection[str] = ()) -> int:
        """How many fall due between two moments."""
        where, own = _not_of(without)
        row = self._connection.row(
            "SELECT count(*) FROM clock_step s "
            f"WHERE {_OPEN} AND {_HIDDEN} AND s.due_at >= ? AND s.due_at <= ?{where}",
            (at, until, *own),
        )
        return int(row[0]) if row else 0

    def clock_overdue(self, exhibit_ids: Collection[str], at: str) -> dict[str, tuple[str, str]]:
        """By exhibit: the stage that is overdue longest, and since when; others are left out.

        What is owed of a lead is not among them.
        """
        rows = self._connection.rows(
            "SELECT s.exhibit_id, s.stage, s.due_at FROM clock_step s "
            "INDEXED BY clock_step_exhibit "  # not by all that is due, to save the sorting
            "WHERE s.exhibit_id IN (SELECT value FROM json_each(?)) AND s.kind = 'exhibit' "
            f"AND {_OPEN} AND {_HIDDEN} AND s.stage <> '{OF_LEADS}' "
            "AND s.due_at < ? ORDER BY s.due_at DESC",
            (json.dumps(sorted(exhibit_ids)), at),
        )
        return {exhibit_id: (stage, due_at) for exhibit_id, stage, due_at in rows}

    def clock_people(self, without: Collection[str] = ()) -> tuple[str, ...]:
        """Everybody something waits for, by name."""
        where, own = _not_of(without)
        rows = self._connection.rows(
            f"SELECT DISTINCT s.person FROM clock_step s WHERE {_OPEN} AND s.person <> ''{where} "
            "ORDER BY s.person",
            own,
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
    def _board_where(
        self, wanted: BoardFilter, at: str, without: Collection[str] = ()
    ) -> tuple[str, tuple[Any, ...]]:
        more, left_out = _not_of(without)
        parts, own = [f"{_OPEN} AND {_HIDDEN}{more}"], list[Any](left_out)
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
            "SELECT k.id FROM \"case\" k WHERE k.number LIKE ? ESCAPE '~' "
            "AND EXISTS (SELECT 1 FROM clock_step s WHERE s.case_id = k.id "
            f"AND {_OPEN}) ORDER BY k.seq DESC LIMIT {_CASES_MOST}",
            (f"%{escaped(part)}%",),
        )
        return [row[0] for row in rows]


def _not_of(subjects: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """SQL that leaves out what these subjects owe, with what it takes.

    Of an exhibit it is only what it owes since a lead was agreed.
    """
    if not subjects:
        return "", ()
    those = "(SELECT value FROM json_each(?))"
    told = json.dumps(sorted(subjects))
    return (
        f" AND (s.kind = 'exhibit' OR s.subject_id NOT IN {those})"
        f" AND (s.stage <> '{OF_LEADS}' OR s.exhibit_id NOT IN {those})"
    ), (told, told)
