"""The tables of instrument checks: reference cases, checks with them, and who signed after one."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, who

_REFERENCE = f"""
CREATE TABLE reference_case (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    camera TEXT NOT NULL CHECK (camera <> ''),
    objective TEXT NOT NULL,
    zoom TEXT NOT NULL,
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    width INTEGER NOT NULL CHECK (width > 0),
    height INTEGER NOT NULL CHECK (height > 0),
    pixel_um REAL NOT NULL CHECK (pixel_um > 0),
    light TEXT NOT NULL,
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    captured_at TEXT NOT NULL,
    software TEXT NOT NULL,
    note TEXT NOT NULL,{who("made")}{AUTHOR}
) STRICT
"""
_TERM = f"""
CREATE TABLE reference_case_term (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    reference_id TEXT NOT NULL REFERENCES reference_case (id),
    schedule TEXT NOT NULL CHECK (json_valid(schedule)),
    withdrawn_at TEXT NOT NULL,
    reason TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_CHECK = f"""
CREATE TABLE instrument_check (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    reference_id TEXT NOT NULL REFERENCES reference_case (id),
    digest TEXT NOT NULL CHECK (length(digest) = 64),
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    limits TEXT NOT NULL CHECK (json_valid(limits)),
    outcome TEXT NOT NULL CHECK (outcome IN ('within', 'warning', 'out')),
    reasons TEXT NOT NULL CHECK (json_valid(reasons)),
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    captured_at TEXT NOT NULL,
    method TEXT NOT NULL,
    version TEXT NOT NULL,
    software TEXT NOT NULL,{who("checked")}{AUTHOR}
) STRICT
"""
_RELEASE = f"""
CREATE TABLE instrument_release (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    reference_id TEXT NOT NULL REFERENCES reference_case (id),
    check_id TEXT NOT NULL REFERENCES instrument_check (id),
    signer TEXT NOT NULL CHECK (trim(signer) <> ''),
    standing TEXT NOT NULL CHECK (trim(standing) <> ''),
    reason TEXT NOT NULL CHECK (trim(reason) <> ''),{who("signed")}{AUTHOR}
) STRICT
"""
_INDEXES = (
    "CREATE INDEX reference_case_camera ON reference_case (camera)",
    "CREATE INDEX reference_case_term_of ON reference_case_term (reference_id)",
    "CREATE INDEX instrument_check_of ON instrument_check (reference_id)",
    "CREATE INDEX instrument_release_of ON instrument_release (reference_id)",
    "CREATE INDEX instrument_release_check ON instrument_release (check_id)",
)
TABLES = ("reference_case", "reference_case_term", "instrument_check", "instrument_release")


def m011_instrument_checks(db: Database) -> None:
    """Reference cases and what checks with them gave; nothing of it is ever changed."""
    for statement in (_REFERENCE, _TERM, _CHECK, _RELEASE, *_INDEXES):
        db.execute(statement)
    for table in TABLES:
        for statement in frozen_steps(table):
            db.execute(statement)
