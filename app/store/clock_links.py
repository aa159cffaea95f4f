"""Which comparisons confirm a link now, as SQL for the review clock.

The rules are those of ``link_facts``: the last second examiner's verification of what is concluded
now, or the third's after it, bears out an identification made on the specimens, and nothing they
rest on was changed since.
"""

from __future__ import annotations

from app.store.clock_due import due

VIEW_SIDES = """
CREATE VIEW clock_side AS
SELECT n.id AS comparison_id, coalesce(lg.case_id, lx.case_id) AS left_case,
    coalesce(rg.case_id, rx.case_id) AS right_case,
    lc.id AS lc, lx.id AS lx, lx.case_id AS lk, lx.event_id AS le, lf.id AS lf, lg.id AS lg,
    lg.case_id AS lgk, rc.id AS rc, rx.id AS rx, rx.case_id AS rk, rx.event_id AS re,
    rf.id AS rf, rg.id AS rg, rg.case_id AS rgk
FROM comparison n
LEFT JOIN image li ON li.id = n.left_id LEFT JOIN scan ls ON ls.id = n.left_id
JOIN mark lm ON lm.id = coalesce(li.mark_id, ls.mark_id)
JOIN cartridge_case lc ON lc.id = lm.cartridge_case_id
JOIN exhibit lx ON lx.id = lc.exhibit_id
LEFT JOIN firearm lf ON lf.id = lc.firearm_id AND lc.role = 'test fire'
LEFT JOIN exhibit lg ON lg.id = lf.exhibit_id
LEFT JOIN image ri ON ri.id = n.right_id LEFT JOIN scan rs ON rs.id = n.right_id
JOIN mark rm ON rm.id = coalesce(ri.mark_id, rs.mark_id)
JOIN cartridge_case rc ON rc.id = rm.cartridge_case_id
JOIN exhibit rx ON rx.id = rc.exhibit_id
LEFT JOIN firearm rf ON rf.id = rc.firearm_id AND rc.role = 'test fire'
LEFT JOIN exhibit rg ON rg.id = rf.exhibit_id
"""
_RECORDS = (
    *(("cartridge_case", "c"), ("exhibit", "x"), ("case", "k"), ("event", "e"), ("firearm", "f")),
    *(("exhibit", "g"), ("case", "gk")),
)
_COLUMNS = ", ".join(f"s.{side}{column}" for side in "lr" for _, column in _RECORDS)
OF_RECORDS = (
    "SELECT v.comparison_id FROM verification v JOIN clock_side s "
    "ON s.comparison_id = v.comparison_id "
    "WHERE EXISTS (SELECT 1 FROM clock_changed WHERE kind = 'record') "
    f"AND EXISTS (SELECT 1 FROM clock_changed WHERE kind = 'record' AND id IN ({_COLUMNS}))"
)
"""Comparisons that were verified and rest on a record that is to be looked at again."""


def confirming(which: str) -> str:
    """comparison_id, case_a, case_b, at, stale_since of those that do, or did.

    ``stale_since`` is when something they rest on was changed first, "" while nothing was;
    ``which`` is about the comparison.
    """
    values = (
        "SELECT v.comparison_id, max(iif(t.third, 0, v.seq)) AS seq, row_number() OVER "
        "(PARTITION BY v.comparison_id ORDER BY c.scale = n.scale AND c.value = n.value DESC, "
        "max(v.seq) DESC) AS place FROM verification v "
        "JOIN verification_task t ON t.id = v.task_id JOIN conclusion c ON c.id = v.conclusion_id "
        "JOIN conclusion n ON n.seq = (SELECT max(k.seq) FROM conclusion k "
        f"WHERE k.comparison_id = v.comparison_id) WHERE v.comparison_id {which} "
        "GROUP BY v.comparison_id, c.scale, c.value"
    )
    seconds = f"SELECT comparison_id, seq FROM ({values}) WHERE place = 1"
    third = (
        "(SELECT max(w.seq) FROM verification w JOIN verification_task t ON t.id = w.task_id "
        "AND t.third = 1 JOIN conclusion f ON f.id = w.conclusion_id AND f.scale = c.scale "
        "AND f.value = c.value WHERE w.comparison_id = v.comparison_id AND w.seq > v.seq)"
    )
    return (
        "SELECT s.comparison_id, min(s.left_case, s.right_case), max(s.left_case, s.right_case), "
        f"z.verified_at, coalesce({_CHANGED}, '') FROM ({seconds}) p "
        "JOIN verification v ON v.seq = p.seq JOIN conclusion c ON c.id = v.conclusion_id "
        f"JOIN verification z ON z.seq = coalesce({third}, v.seq) "
        "JOIN conclusion l ON l.id = z.conclusion_id "
        "JOIN clock_confirming y ON y.scale = c.scale AND y.value = c.value "
        "JOIN clock_side s ON s.comparison_id = v.comparison_id "
        "WHERE ((v.scale = c.scale AND v.value = c.value) OR (z.scale = c.scale "
        "AND z.value = c.value)) AND c.examined_physically = 1 "
        "AND letters_of(c.examined_by) = letters_of(c.concluded_examiner) "
        "AND s.left_case <> s.right_case"
    )


_RESTS_ON = " OR ".join(
    f"(o.kind = '{kind}' AND o.record_id IN (s.l{column}, s.r{column}))"
    for kind, column in _RECORDS
)
# The first change after the verification: another conclusion, another drawing, a correction.
_CHANGED = (
    "(SELECT min(x.at) FROM (SELECT k.recorded_at AS at FROM conclusion k "
    "WHERE k.comparison_id = v.comparison_id AND k.seq > l.seq UNION ALL "
    "SELECT a.recorded_at FROM annotation_set a WHERE a.comparison_id = v.comparison_id "
    "AND a.seq > coalesce((SELECT b.seq FROM annotation_set b WHERE b.id = z.annotation_id), 0) "
    "UNION ALL SELECT o.corrected_at FROM correction o WHERE o.seq > z.corrections_seen "
    f"AND ({_RESTS_ON}) AND NOT EXISTS (SELECT 1 FROM clock_calm q "
    "WHERE q.kind = o.kind AND q.field = o.field)) x)"
)


def stale_steps(which: str) -> str:
    """Verified comparisons of which something was changed since: to be verified again."""
    return (
        "SELECT 'comparison', y.comparison_id, 'verified again', coalesce((SELECT b.exhibit_id "
        "FROM clock_bearer b JOIN comparison n ON b.acquired_id = n.left_id "
        "WHERE n.id = y.comparison_id), ''), y.case_a, (SELECT c.concluded_examiner FROM "
        "conclusion c WHERE c.comparison_id = y.comparison_id ORDER BY c.seq DESC LIMIT 1), "
        f"y.stale_since, {due('y.stale_since')}, '' FROM clock_link y JOIN clock_target t "
        f"ON t.stage = 'verified again' WHERE y.comparison_id {which} AND y.stale_since <> '' "
        "AND EXISTS (SELECT 1 FROM conclusion c JOIN clock_confirming z ON z.scale = c.scale "
        "AND z.value = c.value WHERE c.seq = (SELECT max(k.seq) FROM conclusion k "
        "WHERE k.comparison_id = y.comparison_id)) AND NOT EXISTS (SELECT 1 "
        "FROM verification_task q WHERE q.comparison_id = y.comparison_id AND q.seq = "
        "(SELECT max(r.seq) FROM verification_task r WHERE r.comparison_id = y.comparison_id) "
        "AND NOT EXISTS (SELECT 1 FROM verification v WHERE v.task_id = q.id))"
    )
