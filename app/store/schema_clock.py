"""The tables of the review clock: the lab's calendar and targets, and a cache made of the record.

``clock_mark`` says when an exhibit reached a stage, ``clock_step`` what is owed by when, of
exhibits, leads, verifications and trace requests. Both are made of other records by the
statements of ``clock_sql``. Triggers note in ``clock_changed`` what has to be looked at again, so
that whoever writes a record need not know of the clock; it is, before the clock is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from app.store.clock_sql import VIEWS
from app.store.clock_traces import VIEW_GUN_CASES
from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, who

_POLICY = f"""
CREATE TABLE clock_policy (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    policy TEXT NOT NULL CHECK (json_valid(policy)),
    reason TEXT NOT NULL,{who("said")}{AUTHOR}
) STRICT
"""
_NOTE = f"""
CREATE TABLE clock_note (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    exhibit_id TEXT NOT NULL REFERENCES exhibit (id),
    stage TEXT NOT NULL CHECK (stage <> ''),
    kind TEXT NOT NULL CHECK (kind IN ('settled', 'reopened')),
    reason TEXT NOT NULL CHECK (trim(reason) <> ''),{who("noted")}{AUTHOR}
) STRICT
"""
_CACHE = (
    "CREATE INDEX clock_note_exhibit ON clock_note (exhibit_id, stage)",
    "CREATE TABLE clock_mark (exhibit_id TEXT NOT NULL, stage TEXT NOT NULL, at TEXT NOT NULL, "
    "source TEXT NOT NULL, PRIMARY KEY (exhibit_id, stage)) STRICT, WITHOUT ROWID",
    "CREATE TABLE clock_step (seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, "
    "subject_id TEXT NOT NULL, stage TEXT NOT NULL, exhibit_id TEXT NOT NULL, "
    "case_id TEXT NOT NULL, person TEXT NOT NULL, since TEXT NOT NULL, due_at TEXT NOT NULL, "
    "done_at TEXT NOT NULL, UNIQUE (kind, subject_id, stage)) STRICT",
    "CREATE INDEX clock_step_open ON clock_step (due_at, since) "
    "WHERE done_at = '' AND due_at <> ''",
    "CREATE INDEX clock_step_stage ON clock_step (stage, due_at, since) "
    "WHERE done_at = '' AND due_at <> ''",
    "CREATE INDEX clock_step_case ON clock_step (case_id, due_at, since) "
    "WHERE done_at = '' AND due_at <> ''",
    "CREATE INDEX clock_step_person ON clock_step (person, due_at, since) "
    "WHERE done_at = '' AND due_at <> ''",
    "CREATE INDEX clock_step_exhibit ON clock_step (exhibit_id)",
    "CREATE INDEX clock_step_done ON clock_step (stage, done_at, since, due_at) "
    "WHERE done_at <> ''",
    "CREATE TABLE clock_link (comparison_id TEXT PRIMARY KEY, case_a TEXT NOT NULL, "
    "case_b TEXT NOT NULL, at TEXT NOT NULL, stale_since TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE INDEX clock_link_cases ON clock_link (case_a, case_b)",
    "CREATE TABLE clock_picture (exhibit_id TEXT NOT NULL, acquired_id TEXT NOT NULL, "
    "at TEXT NOT NULL, PRIMARY KEY (exhibit_id, acquired_id)) STRICT, WITHOUT ROWID",
    "CREATE INDEX clock_picture_acquired ON clock_picture (acquired_id)",
    "CREATE TABLE clock_day (number INTEGER PRIMARY KEY, begins_at TEXT NOT NULL UNIQUE, "
    "opens_at TEXT NOT NULL, closes_at TEXT NOT NULL UNIQUE) STRICT",
    "CREATE TABLE clock_target (stage TEXT PRIMARY KEY, starts TEXT NOT NULL, "
    "unit TEXT NOT NULL, amount INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE clock_confirming (scale TEXT NOT NULL, value TEXT NOT NULL, "
    "PRIMARY KEY (scale, value)) STRICT, WITHOUT ROWID",
    "CREATE TABLE clock_calm (kind TEXT NOT NULL, field TEXT NOT NULL, "
    "PRIMARY KEY (kind, field)) STRICT, WITHOUT ROWID",
    "CREATE TABLE clock_state (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE clock_changed (kind TEXT NOT NULL, id TEXT NOT NULL, "
    "PRIMARY KEY (kind, id)) STRICT, WITHOUT ROWID",
)
_TOLD_FIELDS = "'collected_at', 'submitted_at', 'received_at', 'happened_at'"

Trigger = tuple[str, str, str, str, str]


def _triggers() -> Iterator[Trigger]:
    """Event, condition, and of what kind which record is to be looked at again."""
    yield "exhibit", "INSERT ON exhibit", "", "exhibit", "NEW.id"
    yield "exhibit_changed", "UPDATE ON exhibit", "", "exhibit", "NEW.id"
    when = f"NEW.kind IN ('exhibit', 'event') AND NEW.field IN ({_TOLD_FIELDS})"
    yield "fact", "INSERT ON fact", when, "record", "NEW.record_id"
    yield "corrected", "INSERT ON correction", "", "record", "NEW.record_id"
    for table in ("image", "scan"):
        yield table, f"INSERT ON {table}", "", "mark", "NEW.mark_id"
    yield "firearm", "INSERT ON firearm", "", "exhibit", "NEW.exhibit_id"
    done = "NEW.state = 'done'"
    yield "search", "INSERT ON search", done, "picture", "NEW.acquired_id"
    came = f"{done} AND OLD.state <> 'done'"
    yield "search_done", "UPDATE ON search", came, "picture", "NEW.acquired_id"
    yield "review", "INSERT ON search_review", "", "search", "NEW.search_id"
    yield "note", "INSERT ON clock_note", "", "exhibit", "NEW.exhibit_id"
    yield "lead", "INSERT ON lead", "", "lead", "NEW.id"
    yield "lead_step", "INSERT ON lead_step", "", "lead", "NEW.lead_id"
    yield "notice", "INSERT ON notice", "NEW.kind = 'lead'", "lead", "NEW.subject_id"
    yield "notice_hit", "INSERT ON notice", "NEW.kind = 'hit'", "comparison", "NEW.subject_id"
    for table in ("verification_task", "verification"):
        yield table, f"INSERT ON {table}", "", "comparison", "NEW.comparison_id"
    there = "EXISTS (SELECT 1 FROM verification v WHERE v.comparison_id = NEW.comparison_id)"
    for table in ("conclusion", "annotation_set"):
        yield table, f"INSERT ON {table}", there, "comparison", "NEW.comparison_id"
    yield "trace", "INSERT ON trace_request", "", "trace", "NEW.id"
    yield "trace_step", "INSERT ON trace_step", "", "trace", "NEW.trace_id"


def m021_clock(db: Database) -> None:
    """Calendar, targets and notes of the lab; of what there is, the clock is yet to be made."""
    for statement in (_POLICY, _NOTE, *_CACHE, *VIEWS):
        db.execute(statement)
    for table in ("clock_policy", "clock_note"):
        for statement in frozen_steps(table):
            db.execute(statement)
    _note_changes(db, _triggers())


def m024_clock_of_traces(db: Database) -> None:
    """A routine trace request becomes urgent when its gun is tied to a hit."""
    db.execute(VIEW_GUN_CASES)
    db.execute("CREATE INDEX clock_link_other ON clock_link (case_b)")
    _note_changes(db, _triggers_of_guns())


def _triggers_of_guns() -> Iterator[Trigger]:
    fired = "NEW.firearm_id IS NOT NULL"
    yield "fired", "INSERT ON cartridge_case", fired, "gun", "NEW.firearm_id"
    gun = "(SELECT g.firearm_id FROM gun_group g WHERE g.id = NEW.{})"
    for column in ("gun_id", "other_id"):
        one = gun.format(column)
        yield f"gun_{column}", "INSERT ON gun_step", f"{one} IS NOT NULL", "gun", one


def _note_changes(db: Database, triggers: Iterable[Trigger]) -> None:
    for name, event, condition, kind, record in triggers:
        when = f" WHEN {condition}" if condition else ""
        db.execute(
            f"CREATE TRIGGER clock_of_{name} AFTER {event}{when} BEGIN "
            f"INSERT OR IGNORE INTO clock_changed (kind, id) VALUES ('{kind}', {record}); END"
        )
