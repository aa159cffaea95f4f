"""What is past the time it is kept by rule; nothing here deletes anything."""

from __future__ import annotations

from dataclasses import dataclass

from app.store.records import Records

# The newest moment of each record and what hangs on it, with its name: (id, name, moment).
_NEWEST = {
    "case": (
        "SELECT c.id, c.number AS name, max(c.created_at, coalesce((SELECT max(e.created_at) "
        "FROM exhibit e WHERE e.case_id = c.id), '')) AS newest FROM \"case\" c "
        "WHERE c.created_at < :before"
    ),
    "comparison": (
        "SELECT n.id, n.id AS name, max(n.changed_at, coalesce((SELECT max(o.created_at) FROM "
        "conclusion o WHERE o.comparison_id = n.id), '')) AS newest FROM comparison n "
        "WHERE n.created_at < :before"
    ),
    "lead": (
        "SELECT l.id, a.number || ' with ' || b.number AS name, (SELECT max(s.stepped_at) FROM "
        "lead_step s WHERE s.lead_id = l.id) AS newest FROM lead l "
        'JOIN "case" a ON a.id = l.case_a JOIN "case" b ON b.id = l.case_b '
        "WHERE l.created_at < :before AND (SELECT s.kind FROM lead_step s WHERE s.lead_id = l.id "
        "AND s.kind IN ('declined', 'closed', 'reopened') ORDER BY s.seq DESC LIMIT 1) "
        "IN ('declined', 'closed')"
    ),
    "trace_request": (
        "SELECT t.id, trim(f.make || ' ' || f.model || ' ' || f.serial) AS name, "
        "coalesce((SELECT max(s.stepped_at) FROM trace_step s WHERE s.trace_id = t.id), "
        "t.requested_at) AS newest FROM trace_request t JOIN firearm f ON f.id = t.firearm_id "
        "WHERE t.created_at < :before"
    ),
    "instrument_check": (
        "SELECT k.id, r.camera || ' ' || r.objective AS name, k.checked_at AS newest "
        "FROM instrument_check k JOIN reference_case r ON r.id = k.reference_id "
        "WHERE k.created_at < :before"
    ),
}
KINDS = frozenset(_NEWEST)


@dataclass(frozen=True, slots=True)
class PastTime:
    """A record whose newest change is older than its kind is kept."""

    kind: str
    id: str
    name: str
    newest: str


class Retaining(Records):
    """Reading only."""

    def past_time(self, kind: str, before: str, limit: int = 200) -> tuple[PastTime, ...]:
        """Records of a kind in ``KINDS`` with nothing new since ``before``, the oldest first."""
        sql = f"SELECT * FROM ({_NEWEST[kind]}) WHERE newest < :before ORDER BY newest LIMIT :limit"
        values = {"before": before, "limit": limit}
        rows = self._connection.rows(sql, values)  # type: ignore[arg-type]
        return tuple(PastTime(kind, *map(str, row)) for row in rows)

    def past_time_count(self, kind: str, before: str) -> int:
        """How many there are."""
        sql = f"SELECT count(*) FROM ({_NEWEST[kind]}) WHERE newest < :before"
        return int(self._connection.rows(sql, {"before": before})[0][0])  # type: ignore[arg-type]
