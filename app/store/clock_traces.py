"""What trace requests owe, as SQL for the review clock: to be sent, to be answered.

The rules are those of ``app.casework.traces.due_next``; a hit that ties the gun in makes a request
urgent from then on, and a hit that ends makes it routine again.
"""

from __future__ import annotations

from app.casework.trace_form import load_form
from app.casework.traces import ANSWERED, SENT, URGENT
from app.store.clock_due import due, later

STAGES = (SENT, ANSWERED)

VIEW_GUN_CASES = """
CREATE VIEW gun_case (firearm_id, case_id) AS
SELECT f.id, e.case_id FROM firearm f JOIN exhibit e ON e.id = f.exhibit_id
UNION ALL
SELECT c.firearm_id, e.case_id FROM cartridge_case c JOIN exhibit e ON e.id = c.exhibit_id
    WHERE c.firearm_id IS NOT NULL
UNION ALL
SELECT g.firearm_id, e.case_id FROM gun_member m JOIN gun_group g ON g.id = m.gun_id
    JOIN cartridge_case c ON c.id = m.cartridge_case_id JOIN exhibit e ON e.id = c.exhibit_id
    WHERE g.firearm_id IS NOT NULL
"""
"""The cases of a firearm: its own, and those with something it fired, by record or by group."""


def trace_steps(stage: str, which: str) -> str:
    """What trace requests owe of a stage: the columns of ``clock_step``."""
    form = load_form()
    if stage == SENT:
        again = later("y.stepped", form.send_within_hours)
        since = "iif(y.status = 'error', y.stepped, y.requested)"
        first = f"iif(y.due_at <> '', y.due_at, {due('y.requested')})"
        by = f"iif(y.status = 'error', {again}, {first})"
        done, there = "iif(y.status = 'error', '', y.sent)", "1"
    else:
        soon = later(f"max(y.asked, {_URGENT_SINCE})", form.urgent_answer_within_hours)
        since, by = "y.asked", f"coalesce({soon}, {due('y.asked')})"
        done = "iif(y.status IN ('completed', 'closed'), y.answered, '')"
        there = "y.asked <> '' AND y.status <> 'error'"
    return (
        f"SELECT 'trace', y.id, '{stage}', y.exhibit_id, y.case_id, y.person, {since}, "
        f"{by}, {done} FROM ({_moments(which)}) y JOIN clock_target t ON t.stage = '{stage}' "
        f"WHERE {there} AND ({done} <> '' OR NOT y.rests)"
    )


def _moments(which: str) -> str:
    """Of each request: its moments, "" for what has not been, and whether it is at rest."""

    def moment(which_one: str, *statuses: str) -> str:
        names = ", ".join(f"'{one}'" for one in statuses)
        return (
            f"coalesce((SELECT {which_one}(p.stepped_at) FROM trace_step p "
            f"WHERE p.trace_id = r.id AND p.status IN ({names})), '')"
        )

    def newest(column: str) -> str:
        return (
            f"coalesce((SELECT p.{column} FROM trace_step p WHERE p.trace_id = r.id "
            "ORDER BY p.seq DESC LIMIT 1), '')"
        )

    over = (
        f"{newest('status')} IN ('closed', 'cancelled') "
        "OR EXISTS (SELECT 1 FROM trace_request x WHERE x.replaces = r.id)"
    )
    return (
        "SELECT r.id, r.firearm_id, g.exhibit_id, e.case_id, r.requested_examiner AS person, "
        f"r.due_at, r.requested_at AS requested, {moment('min', 'sent')} AS sent, "
        f"{moment('max', 'sent')} AS asked, {moment('max', 'completed')} AS answered, "
        f"{newest('status')} AS status, {newest('stepped_at')} AS stepped, {over} AS rests, "
        "r.priority FROM trace_request r JOIN firearm g ON g.id = r.firearm_id "
        f"JOIN exhibit e ON e.id = g.exhibit_id WHERE r.id {which}"
    )


def _hits(side: str) -> str:
    return (
        f"SELECT l.at FROM gun_case k JOIN clock_link l ON l.{side} = k.case_id "
        "AND l.stale_since = '' WHERE k.firearm_id = y.firearm_id"
    )


# Since when a request is urgent, "" from the beginning, NULL while it is routine.
_URGENT_SINCE = (
    f"iif(y.priority = '{URGENT}', '', "
    f"(SELECT min(at) FROM ({_hits('case_a')} UNION ALL {_hits('case_b')})))"
)


def routine_of_comparisons(which: str) -> str:
    """Routine requests for guns of the cases of some comparisons."""
    cases = " UNION ".join(
        f"SELECT s.{side}_case FROM clock_side s WHERE s.comparison_id {which}"
        for side in ("left", "right")
    )
    return (
        "SELECT r.id FROM gun_case k JOIN trace_request r ON r.firearm_id = k.firearm_id "
        f"WHERE k.case_id IN ({cases}) AND r.priority <> '{URGENT}'"
    )
