"""The tables of trace requests."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, who

_TRACE_REQUEST = f"""
CREATE TABLE trace_request (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    firearm_id TEXT NOT NULL REFERENCES firearm (id),
    form_version TEXT NOT NULL,
    priority TEXT NOT NULL CHECK (priority IN ('routine', 'urgent')),
    fields TEXT NOT NULL CHECK (json_valid(fields)),
    raised_by TEXT NOT NULL,
    replaces TEXT UNIQUE REFERENCES trace_request (id),
    due_at TEXT NOT NULL,{who("requested")}{AUTHOR}
) STRICT
"""
_TRACE_STEP = f"""
CREATE TABLE trace_step (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    trace_id TEXT NOT NULL REFERENCES trace_request (id),
    status TEXT NOT NULL CHECK (status IN
        ('sent', 'in process', 'completed', 'closed', 'cancelled', 'error')),
    "text" TEXT NOT NULL,
    answer TEXT NOT NULL CHECK (json_valid(answer)),{who("stepped")}{AUTHOR}
) STRICT
"""
_INDEXES = (
    "CREATE INDEX trace_request_firearm ON trace_request (firearm_id)",
    "CREATE INDEX trace_step_trace ON trace_step (trace_id, seq)",
)


def m022_traces(db: Database) -> None:
    """What was asked about which firearm, and what came of it."""
    for statement in (
        *(_TRACE_REQUEST, _TRACE_STEP, *_INDEXES),
        *(*frozen_steps("trace_request"), *frozen_steps("trace_step")),
    ):
        db.execute(statement)
