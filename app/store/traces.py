"""Trace requests and their steps: they only ever add up."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.casework.traces import TraceRequest, TraceStatus, TraceStep
from app.domain import Agency, Case, Event, Exhibit, Firearm, now
from app.store.codec import Codec, by, canonical, who, who_columns
from app.store.codecs import AGENCY, CASE, EVENT, EXHIBIT, FIREARM
from app.store.records import Records

TRACE_REQUEST: Codec[TraceRequest] = Codec(
    "trace_request",
    "id firearm_id form_version priority fields raised_by replaces due_at "
    f"{who_columns('requested')}",
    lambda t: (
        *(t.id, t.firearm_id, t.form_version, t.priority, canonical(t.fields), t.raised_by),
        *(t.replaces, t.due_at, *who(t.author, t.requested_at)),
    ),
    lambda r: TraceRequest(r[1], json.loads(r[4]), r[5], r[6], r[2], r[7], *by(r, 8), r[0]),
)
TRACE_STEP: Codec[TraceStep] = Codec(
    "trace_step",
    f"id trace_id status text answer {who_columns('stepped')}",
    lambda s: (
        *(s.id, s.trace_id, str(s.status), s.text, canonical(s.answer)),
        *who(s.author, s.stepped_at),
    ),
    lambda r: TraceStep(r[1], TraceStatus(r[2]), r[3], json.loads(r[4]), *by(r, 5), r[0]),
)
VOUCHED: tuple[Codec[Any], ...] = (TRACE_REQUEST, TRACE_STEP)

_STATUS = (
    "coalesce((SELECT s.status FROM trace_step s WHERE s.trace_id = trace_request.id "
    "ORDER BY s.seq DESC LIMIT 1), 'pending')"
)


@dataclass(frozen=True, slots=True)
class UntracedGun:
    """A firearm nobody has asked to have traced, since when it is on the record."""

    firearm_id: str
    gun: str
    case: str
    since: str


@dataclass(frozen=True, slots=True)
class KnownGun:
    """A firearm with what it belongs to."""

    firearm: Firearm
    exhibit: Exhibit
    case: Case
    agency: Agency

    @property
    def name(self) -> str:
        """Make, model and serial number, or where it is."""
        firearm = self.firearm
        words = " ".join(filter(None, (firearm.make, firearm.model, firearm.serial)))
        return words or f"firearm of exhibit {self.exhibit.number}"


class Traces(Records):
    """Requests are never changed; steps say how far they came."""

    def known_gun(self, firearm_id: str) -> KnownGun:
        """Raises CaseheadError when there is no such firearm."""
        firearm = self._by_id(FIREARM, firearm_id)
        firearm = replace(firearm, **self._corrected(firearm_id))
        exhibit = self._by_id(EXHIBIT, firearm.exhibit_id)
        case = self._by_id(CASE, exhibit.case_id)
        return KnownGun(firearm, exhibit, case, self._by_id(AGENCY, case.agency_id))

    def _corrected(self, firearm_id: str) -> dict[str, str]:
        """What was noted or corrected since of the columns that make a gun's name."""
        sql = "SELECT field, value FROM fact WHERE kind = 'firearm' AND record_id = ? ORDER BY seq"
        told = dict(self._connection.rows(sql, (firearm_id,)))
        columns = ("make", "model", "serial", "calibre")
        return {name: str(told[name]) for name in columns if name in told}

    def gun_events(self, gun: KnownGun) -> tuple[Event, ...]:
        """Those of its case, the one of its exhibit first."""
        found = self._all(EVENT, "case_id = ?", (gun.case.id,))
        return tuple(sorted(found, key=lambda event: event.id != gun.exhibit.event_id))

    def cases_of_gun(self, firearm_id: str) -> tuple[str, ...]:
        """The cases with something the gun fired, by its record or its group, and its own."""
        rows = self._connection.rows(
            "SELECT DISTINCT case_id FROM gun_case WHERE firearm_id = ?", (firearm_id,)
        )
        return tuple(case_id for (case_id,) in rows)

    def traces_of_cases(self, case_ids: Collection[str]) -> frozenset[str]:
        """The requests for guns that are of these cases, or of which something there was fired."""
        rows = self._connection.rows(
            "SELECT r.id FROM gun_case k JOIN trace_request r ON r.firearm_id = k.firearm_id "
            "WHERE k.case_id IN (SELECT value FROM json_each(?))",
            (json.dumps(sorted(case_ids)),),
        )
        return frozenset(trace_id for (trace_id,) in rows)

    def case_numbers(self, case_ids: Sequence[str]) -> dict[str, str]:
        """The number of each case, by its id."""
        marks = ", ".join("?" * len(case_ids))
        sql = f'SELECT id, number FROM "case" WHERE id IN ({marks})'
        return dict(self._connection.rows(sql, tuple(case_ids)))

    def add_trace_request(self, request: TraceRequest) -> TraceRequest:
        """Keep a request; who and when are filled in where they are not given."""
        with self._change() as author:
            kept = replace(
                request,
                author=request.author or author,
                requested_at=request.requested_at or now(),
            )
            facts = {"firearm_id": kept.firearm_id, "priority": kept.priority}
            facts |= {"raised_by": kept.raised_by, "due_at": kept.due_at}
            taken = "That trace request was already replaced by another one; open the newer."
            self._add(TRACE_REQUEST, kept, facts, taken)
        return kept

    def add_trace_step(self, step: TraceStep) -> TraceStep:
        """Keep a step; who and when are filled in where they are not given."""
        with self._change() as author:
            kept = replace(step, author=step.author or author, stepped_at=step.stepped_at or now())
            facts = {"trace_id": kept.trace_id, "status": str(kept.status), "text": kept.text}
            self._add(TRACE_STEP, kept, {**facts, "answer": dict(kept.answer)})
        return kept

    def trace_request(self, trace_id: str) -> TraceRequest:
        """One of them. Raises CaseheadError when there is none of that id."""
        return self._by_id(TRACE_REQUEST, trace_id)

    def trace_requests(
        self,
        statuses: Sequence[TraceStatus] = (),
        firearm_id: str = "",
        limit: int = -1,
        offset: int = 0,
    ) -> tuple[TraceRequest, ...]:
        """The newest first; of one gun, in one of some statuses, where that is asked for."""
        where, parameters = ["1"], list[Any]()
        if firearm_id:
            where.append("firearm_id = ?")
            parameters.append(firearm_id)
        if statuses:
            where.append(f"{_STATUS} IN ({', '.join('?' * len(statuses))})")
            parameters.extend(map(str, statuses))
        order = f" ORDER BY seq DESC LIMIT {int(limit)} OFFSET {int(offset)}"
        return self._all(TRACE_REQUEST, " AND ".join(where), parameters, order)

    def trace_place(self, wanted: str) -> int:
        """How many requests are newer than the one of that id, or the newest for the gun of that
        id; -1 when there is none."""
        row = self._connection.row(
            "SELECT max(seq) FROM trace_request WHERE id = ?1 OR firearm_id = ?1", (wanted,)
        )
        if row is None or row[0] is None:
            return -1
        newer = self._connection.row("SELECT count(*) FROM trace_request WHERE seq > ?", row)
        return int(newer[0]) if newer else 0

    def trace_steps(self, trace_id: str) -> tuple[TraceStep, ...]:
        """What became of a request, oldest first."""
        return self._all(TRACE_STEP, "trace_id = ?", (trace_id,))

    def trace_counts(self) -> dict[TraceStatus, int]:
        """How many requests are in each status."""
        sql = f"SELECT {_STATUS} AS status, count(*) FROM trace_request GROUP BY status"
        return {TraceStatus(status): n for status, n in self._connection.rows(sql)}

    def trace_replaced_by(self, trace_id: str) -> str:
        """The id of the request that took its place, "" where none did."""
        sql = "SELECT id FROM trace_request WHERE replaces = ?"
        found = self._connection.row(sql, (trace_id,))
        return str(found[0]) if found else ""

    def tell_trace_exported(self, trace_id: str, name: str, digest: str) -> None:
        """Have the journal tell that a request was written to a file."""
        self._tell("trace request exported", trace_id, {"file": name, "sha256": digest})

    def untraced_guns(self, limit: int = 100, offset: int = 0) -> tuple[UntracedGun, ...]:
        """Firearms without a request, the newest first."""
        rows = self._connection.rows(
            "SELECT f.id, trim(f.make || ' ' || f.model || ' ' || f.serial), "
            "c.number || ' / ' || e.number, f.created_at FROM firearm f "
            'JOIN exhibit e ON e.id = f.exhibit_id JOIN "case" c ON c.id = e.case_id '
            "WHERE NOT EXISTS (SELECT 1 FROM trace_request t WHERE t.firearm_id = f.id) "
            "ORDER BY f.seq DESC LIMIT ? OFFSET ?",
            (limit, offset),
        )
        return tuple(UntracedGun(*row) for row in rows)
