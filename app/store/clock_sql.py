"""What the review clock reads from the record, as SQL: marks of exhibits and what is owed by when.

Every piece has one place ``{x}`` for which exhibits (or leads, tasks, traces) it is made: the same
text brings the cache up to date, makes it anew, and checks it. Nothing is a fact of its own.
"""

from __future__ import annotations

from app.store.clock_due import UTC, due
from app.store.clock_links import VIEW_SIDES, confirming, stale_steps
from app.store.clock_traces import STAGES as STAGES_OF_TRACES
from app.store.clock_traces import trace_steps

ALL = "IS NOT NULL"

MARKS = (
    *("happened", "collected", "submitted", "received", "entered", "searched", "reviewed"),
    *("lead", "told", "confirmed", "answered", "traced"),
)
STEPS_OF_EXHIBITS = ("submitted", "entered", "searched", "reviewed", "traced", "informed")
STEPS_OF_LEADS = ("lead", "owner", "told", "answered", "confirmed")

OURS = (
    'JOIN exhibit e ON e.id = q.exhibit_id JOIN "case" k ON k.id = e.case_id '
    "JOIN agency a ON a.id = k.agency_id AND a.name = k.agency"
)
"""Exhibits whose case this laboratory opened; those of partners are on their own clocks."""

# The exhibit on which a picture is, by the picture.
VIEW_BEARERS = """
CREATE VIEW clock_bearer (acquired_id, exhibit_id, case_id) AS
SELECT i.id, c.exhibit_id, e.case_id FROM image i JOIN mark m ON m.id = i.mark_id
    JOIN cartridge_case c ON c.id = m.cartridge_case_id JOIN exhibit e ON e.id = c.exhibit_id
UNION ALL
SELECT i.id, c.exhibit_id, e.case_id FROM scan i JOIN mark m ON m.id = i.mark_id
    JOIN cartridge_case c ON c.id = m.cartridge_case_id JOIN exhibit e ON e.id = c.exhibit_id
"""
VIEWS = (VIEW_BEARERS, VIEW_SIDES)


_DAY = "[12][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]"


def _moment(value: str) -> str:
    """What is kept of a field as a moment, NULL where it is none.

    A day alone stands at half past ten UTC, which is that day from Hawaii to New Zealand.
    """
    return (
        f"CASE WHEN {value} GLOB '{_DAY}' THEN {value} || 'T10:30:00+00:00' "
        f"WHEN {value} GLOB '{_DAY}T*' THEN strftime('{UTC}', {value}) END"
    )


def _newest(kind: str, record: str, field: str) -> str:
    return (
        f"(SELECT f.value FROM fact f WHERE f.kind = '{kind}' AND f.record_id = {record} "
        f"AND f.field = '{field}' ORDER BY f.seq DESC LIMIT 1)"
    )


def _said(field: str) -> str:
    """A moment that somebody wrote down of an exhibit."""
    return (
        f"SELECT q.exhibit_id, {_moment('q.value')} AS at, "
        f"iif(q.value GLOB '{_DAY}', 'day', 'fact') AS source FROM "
        f"(SELECT e.id AS exhibit_id, {_newest('exhibit', 'e.id', field)} AS value "
        "FROM exhibit e WHERE e.id {x}) q"
    )


_RECEIVED = (
    f"SELECT q.exhibit_id, coalesce({_moment('q.value')}, q.created_at) AS at, "
    f"CASE WHEN {_moment('q.value')} IS NULL THEN 'registered' "
    f"WHEN q.value GLOB '{_DAY}' THEN 'day' ELSE 'fact' END AS source FROM "
    f"(SELECT e.id AS exhibit_id, e.created_at, {_newest('exhibit', 'e.id', 'received_at')} "
    "AS value FROM exhibit e WHERE e.id {x}) q"
)
_HAPPENED = (
    f"SELECT q.exhibit_id, {_moment('q.value')} AS at, "
    f"iif(q.value GLOB '{_DAY}', 'day', 'event') AS source FROM "
    f"(SELECT e.id AS exhibit_id, coalesce({_newest('event', 'w.id', 'happened_at')}, "
    "w.happened_at) AS value FROM exhibit e JOIN event w ON w.id = e.event_id WHERE e.id {x}) q"
)
_OF_LEADS = (
    "SELECT p.exhibit_id, l.id AS lead_id FROM clock_picture p JOIN lead l "
    "ON l.left_id = p.acquired_id WHERE p.exhibit_id {x} UNION "
    "SELECT p.exhibit_id, l.id FROM clock_picture p JOIN lead l "
    "ON l.right_id = p.acquired_id WHERE p.exhibit_id {x}"
)
_OF_COMPARISONS = (
    "SELECT p.exhibit_id, n.id AS comparison_id FROM clock_picture p JOIN comparison n "
    "ON n.left_id = p.acquired_id WHERE p.exhibit_id {x} UNION "
    "SELECT p.exhibit_id, n.id FROM clock_picture p JOIN comparison n "
    "ON n.right_id = p.acquired_id WHERE p.exhibit_id {x}"
)


_SOURCES: dict[str, str] = {
    "happened": _HAPPENED,
    "collected": _said("collected_at"),
    "submitted": _said("submitted_at"),
    "received": _RECEIVED,
    "entered": "SELECT p.exhibit_id, p.at, p.acquired_id AS source FROM clock_picture p "
    "WHERE p.exhibit_id {x}",
    "searched": "SELECT p.exhibit_id, s.finished_at AS at, s.id AS source FROM clock_picture p "
    "JOIN search s ON s.acquired_id = p.acquired_id AND s.state = 'done' WHERE p.exhibit_id {x}",
    "reviewed": "SELECT p.exhibit_id, r.reviewed_at AS at, r.id AS source FROM clock_picture p "
    "JOIN search s ON s.acquired_id = p.acquired_id JOIN search_review r ON r.search_id = s.id "
    "WHERE p.exhibit_id {x}",
    "lead": f"SELECT l.exhibit_id, t.stepped_at AS at, t.id AS source FROM ({_OF_LEADS}) l "
    "JOIN lead_step t ON t.lead_id = l.lead_id AND t.kind = 'agreed'",
    "told": f"SELECT l.exhibit_id, t.sent_at AS at, t.id AS source FROM ({_OF_LEADS}) l "
    "JOIN notice t ON t.kind = 'lead' AND t.subject_id = l.lead_id UNION ALL "
    f"SELECT n.exhibit_id, t.sent_at, t.id FROM ({_OF_COMPARISONS}) n "
    "JOIN notice t ON t.kind = 'hit' AND t.subject_id = n.comparison_id",
    "confirmed": f"SELECT n.exhibit_id, y.at, y.comparison_id AS source FROM ({_OF_COMPARISONS}) "
    "n JOIN clock_link y ON y.comparison_id = n.comparison_id AND y.stale_since = ''",
    "answered": f"SELECT l.exhibit_id, t.stepped_at AS at, t.id AS source FROM ({_OF_LEADS}) l "
    "JOIN lead_step t ON t.lead_id = l.lead_id AND t.kind = 'feedback'",
    "traced": "SELECT g.exhibit_id, t.requested_at AS at, t.id AS source FROM firearm g "
    "JOIN trace_request t ON t.firearm_id = g.id WHERE g.exhibit_id {x}",
}


def pictures(which: str = ALL) -> str:
    """Every picture of exhibits: exhibit_id, acquired_id, at, when it was kept.

    A firearm's are those of its test fires, whatever their exhibit.
    """
    own = "FROM cartridge_case c"
    fired = (
        "FROM firearm g JOIN cartridge_case c ON c.firearm_id = g.id AND c.role = 'test fire' "
        "AND c.exhibit_id <> g.exhibit_id"
    )
    return " UNION ALL ".join(
        f"SELECT {of}.exhibit_id, i.id, i.created_at {bearers} JOIN mark m "
        f"ON m.cartridge_case_id = c.id JOIN {table} i ON i.mark_id = m.id "
        f"WHERE {of}.exhibit_id {which}"
        for of, bearers in (("c", own), ("g", fired))
        for table in ("image", "scan")
    )


def marks(stage: str, which: str = ALL) -> str:
    """The mark of a stage of exhibits: exhibit_id, stage, at, source; the first time wins.

    Of several at the same second it is always the same one.
    """
    found = _SOURCES[stage].replace("{x}", which)
    return (
        f"SELECT r.exhibit_id, '{stage}', substr(r.first, 1, instr(r.first, '|') - 1), "
        "substr(r.first, instr(r.first, '|') + 1) FROM "
        f"(SELECT q.exhibit_id, min(q.at || '|' || q.source) AS first FROM ({found}) q "
        f"{OURS} WHERE q.at IS NOT NULL AND q.at <> '' GROUP BY q.exhibit_id) r"
    )


# By which marks a step is done, the first there is: what came later closes what was left out.
_CLOSES = {
    "submitted": ("submitted", "received"),
    "entered": ("entered",),
    "searched": ("searched", "reviewed", "lead"),
    "reviewed": ("reviewed", "lead"),
    "traced": ("traced",),
    "informed": ("told",),
}
_ONLY = {
    "traced": "AND EXISTS (SELECT 1 FROM firearm g WHERE g.exhibit_id = s.exhibit_id)",
    "informed": "AND EXISTS (SELECT 1 FROM clock_mark l WHERE l.exhibit_id = s.exhibit_id "
    "AND l.stage = 'lead') AND s.source <> 'day'",
}


def exhibit_steps(stage: str, which: str = ALL) -> str:
    """What exhibits owe of a stage: the columns of clock_step, made of their marks."""
    done = ", ".join(
        f"(SELECT m.at FROM clock_mark m WHERE m.exhibit_id = s.exhibit_id AND m.stage = '{one}')"
        for one in _CLOSES[stage]
    )
    settled = (
        "coalesce((SELECT n.kind FROM clock_note n WHERE n.exhibit_id = s.exhibit_id "
        f"AND n.stage = '{stage}' ORDER BY n.seq DESC LIMIT 1), '') <> 'settled'"
    )
    return (
        f"SELECT 'exhibit', s.exhibit_id, '{stage}', s.exhibit_id, e.case_id, e.examiner, s.at, "
        f"{due('s.at')}, coalesce({done}, '') FROM clock_mark s "
        f"JOIN clock_target t ON t.stage = '{stage}' AND s.stage = t.starts "
        f"JOIN exhibit e ON e.id = s.exhibit_id WHERE s.exhibit_id {which} AND {settled} "
        f"{_ONLY.get(stage, '')} ORDER BY e.seq"
    )


def _first(kind: str) -> str:
    return (
        f"(SELECT min(p.stepped_at) FROM lead_step p WHERE p.lead_id = l.id AND p.kind = '{kind}')"
    )


def _lead_moments(which: str) -> str:
    """Of each lead: its moments, "" for what has not been, and whether it is at rest."""
    of_cases = (
        "(SELECT min(y.at) FROM clock_link y WHERE y.case_a = min(l.case_a, l.case_b) "
        "AND y.case_b = max(l.case_a, l.case_b) AND y.stale_since = '')"
    )
    told = "(SELECT min(o.sent_at) FROM notice o WHERE o.kind = 'lead' AND o.subject_id = l.id)"
    person = (
        "(SELECT p.person FROM lead_step p WHERE p.lead_id = l.id AND p.kind = 'assigned' "
        "ORDER BY p.seq DESC LIMIT 1)"
    )
    last = (
        "(SELECT p.kind FROM lead_step p WHERE p.lead_id = l.id AND p.kind IN "
        "('agreed', 'declined', 'closed', 'reopened') ORDER BY p.seq DESC LIMIT 1)"
    )
    return (
        "SELECT l.id, l.case_a AS case_id, l.left_id, "
        f"l.proposed_at AS proposed, coalesce({_first('agreed')}, '') AS lead, "
        f"coalesce({_first('assigned')}, '') AS owner, coalesce({told}, '') AS told, "
        f"coalesce({_first('feedback')}, '') AS answered, coalesce({of_cases}, '') AS confirmed, "
        f"coalesce({person}, l.proposed_examiner) AS person, "
        f"coalesce({last}, '') IN ('declined', 'closed') AS rests "
        f"FROM lead l WHERE l.id {which}"
    )


def lead_steps(stage: str, which: str = ALL) -> str:
    """What leads owe of a stage. A declined or closed one owes nothing more."""
    starts = {"lead": "proposed", "answered": "told"}.get(stage, "lead")
    person = "''" if stage == "lead" else "y.person"  # the one who proposed it may not agree
    rests = "(y.rests OR y.confirmed <> '')" if stage in ("lead", "owner") else "y.rests"
    return (
        f"SELECT 'lead', y.id, '{stage}', coalesce((SELECT b.exhibit_id FROM clock_bearer b "
        f"WHERE b.acquired_id = y.left_id), ''), y.case_id, {person}, y.{starts}, "
        f"{due(f'y.{starts}')}, y.{stage} FROM ({_lead_moments(which)}) y "
        f"JOIN clock_target t ON t.stage = '{stage}' "
        f"WHERE y.{starts} <> '' AND (y.{stage} <> '' OR NOT {rests})"
    )


def task_steps(which: str = ALL) -> str:
    """Verifications asked for."""
    return (
        "SELECT 'verification', y.id, 'verified', coalesce(b.exhibit_id, ''), "
        f"coalesce(b.case_id, ''), y.verifier, y.asked_at, {due('y.asked_at')}, "
        "coalesce((SELECT v.verified_at FROM verification v WHERE v.task_id = y.id), '') "
        "FROM verification_task y JOIN clock_target t ON t.stage = 'verified' "
        "JOIN comparison n ON n.id = y.comparison_id "
        f"LEFT JOIN clock_bearer b ON b.acquired_id = n.left_id WHERE y.id {which} "
        "AND (EXISTS (SELECT 1 FROM verification v WHERE v.task_id = y.id) OR y.seq = "
        "(SELECT max(z.seq) FROM verification_task z WHERE z.comparison_id = y.comparison_id))"
    )


def all_steps() -> tuple[tuple[str, str], ...]:
    """Every stage with the SELECT of its steps."""
    return (
        *((stage, exhibit_steps(stage)) for stage in STEPS_OF_EXHIBITS),
        *((stage, lead_steps(stage)) for stage in STEPS_OF_LEADS),
        ("verified", task_steps()),
        ("verified again", stale_steps(ALL)),
        *((stage, trace_steps(stage, ALL)) for stage in STAGES_OF_TRACES),
    )


LINK_COLUMNS = "comparison_id, case_a, case_b, at, stale_since"
PICTURE_COLUMNS = "exhibit_id, acquired_id, at"
MARK_COLUMNS = "exhibit_id, stage, at, source"
STEP_COLUMNS = "kind, subject_id, stage, exhibit_id, case_id, person, since, due_at, done_at"


def mark_again(which: str, stages: tuple[str, ...] = MARKS) -> tuple[str, ...]:
    """Statements that make the marks of some stages anew, and what the exhibits owe."""
    names = ", ".join(f"'{stage}'" for stage in stages)
    return (
        f"DELETE FROM clock_picture WHERE exhibit_id {which}",
        f"INSERT INTO clock_picture ({PICTURE_COLUMNS}) {pictures(which)}",
        f"DELETE FROM clock_mark WHERE exhibit_id {which} AND stage IN ({names})",
        *(f"INSERT INTO clock_mark ({MARK_COLUMNS}) {marks(stage, which)}" for stage in stages),
        *owe_again(which),
    )


def owe_again(which: str) -> tuple[str, ...]:
    """Statements that make anew what exhibits owe."""
    return (
        f"DELETE FROM clock_step WHERE kind = 'exhibit' AND subject_id {which}",
        *(_insert(exhibit_steps(stage, which)) for stage in STEPS_OF_EXHIBITS),
    )


def leads_again(which: str) -> tuple[str, ...]:
    """Statements that make anew what leads owe."""
    return (
        f"DELETE FROM clock_step WHERE kind = 'lead' AND subject_id {which}",
        *(_insert(lead_steps(stage, which)) for stage in STEPS_OF_LEADS),
    )


def tasks_again(which: str) -> tuple[str, ...]:
    """Statements that make anew which verifications wait."""
    return (
        f"DELETE FROM clock_step WHERE kind = 'verification' AND subject_id {which}",
        _insert(task_steps(which)),
    )


def stale_again(which: str) -> tuple[str, ...]:
    """Statements that make anew which comparisons are to be verified again."""
    return (
        f"DELETE FROM clock_step WHERE kind = 'comparison' AND subject_id {which}",
        _insert(stale_steps(which)),
    )


def traces_again(which: str) -> tuple[str, ...]:
    """Statements that make anew what trace requests owe."""
    return (
        f"DELETE FROM clock_step WHERE kind = 'trace' AND subject_id {which}",
        *(_insert(trace_steps(stage, which)) for stage in STAGES_OF_TRACES),
    )


def links_again(which: str) -> tuple[str, ...]:
    """Statements that make anew which comparisons confirm a link."""
    return (
        f"DELETE FROM clock_link WHERE comparison_id {which}",
        f"INSERT INTO clock_link ({LINK_COLUMNS}) {confirming(which)}",
    )


def _insert(select: str) -> str:
    return f"INSERT INTO clock_step ({STEP_COLUMNS}) {select}"
