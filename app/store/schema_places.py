"""Events as they stand: when, where and with what outcome in one row each, kept by triggers.

What is here only repeats records, so that shootings among a hundred thousand events are counted
while somebody looks; ``rebuilt`` makes it anew from them.
"""

from __future__ import annotations

from app.store.database import Database

_TABLE = """
CREATE TABLE event_now (
    event_id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    month TEXT NOT NULL,
    place TEXT NOT NULL,
    latitude REAL,
    longitude REAL,
    outcome TEXT NOT NULL CHECK (outcome IN ('fatal', 'non-fatal', '')),
    shooting INTEGER NOT NULL CHECK (shooting IN (0, 1))
) STRICT, WITHOUT ROWID
"""
_INDEXES = (
    "CREATE INDEX event_now_case ON event_now (case_id)",
    "CREATE INDEX event_now_counted ON event_now (shooting, month, place, outcome)",
)


def _fact(field: str) -> str:
    return (
        f"(SELECT f.value FROM fact f WHERE f.kind = 'event' AND f.record_id = e.id "
        f"AND f.field = '{field}' ORDER BY f.seq DESC LIMIT 1)"
    )


def _number(field: str) -> str:
    """A coordinate, which is checked before it is recorded; NULL where there is none."""
    return f"CAST(nullif({_fact(field)}, '') AS REAL)"


_SHOOTING = "(e.kind LIKE '%shooting%' OR e.kind LIKE 'shots%')"
STANDING = f"""
SELECT e.id, e.case_id, e.kind, e.happened_at, substr(e.happened_at, 1, 7), e.place,
    {_number("latitude")}, {_number("longitude")},
    CASE WHEN NOT {_SHOOTING} THEN ''
        ELSE CASE {_fact("fatal")}
            WHEN 'yes' THEN 'fatal'
            WHEN 'no' THEN 'non-fatal'
            ELSE CASE WHEN e.kind LIKE 'non-fatal%' THEN 'non-fatal'
                WHEN e.kind LIKE 'fatal%' THEN 'fatal'
                ELSE '' END
            END
        END,
    {_SHOOTING}
FROM event e"""
"""One row of ``event_now`` for each event, from the records."""

_ONE = "INSERT OR REPLACE INTO event_now {standing} WHERE e.id = {event}"


def _trigger(name: str, when: str, event: str) -> str:
    body = _ONE.format(standing=STANDING, event=event)
    return f"CREATE TRIGGER {name} AFTER {when} BEGIN {body}; END"


_TRIGGERS = (
    _trigger("event_now_added", "INSERT ON event", "NEW.id"),
    _trigger("event_now_corrected", "UPDATE ON event", "NEW.id"),
    _trigger("event_now_noted", "INSERT ON fact WHEN NEW.kind = 'event'", "NEW.record_id"),
)


def places(db: Database) -> None:
    """The table, what is there already, and the triggers that keep it."""
    for statement in (_TABLE, *_INDEXES, *_TRIGGERS):
        db.execute(statement)
    db.execute(f"INSERT INTO event_now {STANDING}")
