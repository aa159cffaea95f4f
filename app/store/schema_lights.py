"""The tables of light rigs and of verified reliefs."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps

_LIGHT_RIG = f"""
CREATE TABLE light_rig (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL CHECK (name <> ''),
    method TEXT NOT NULL CHECK (method IN ('ball', 'entered')),
    lights TEXT NOT NULL CHECK (json_valid(lights)),
    residual_deg REAL,
    sources TEXT NOT NULL CHECK (json_valid(sources)),
    note TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_agency TEXT NOT NULL,
    made_station TEXT NOT NULL,
    made_examiner TEXT NOT NULL,
    made_ori TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_RELIEF_CHECK = f"""
CREATE TABLE relief_check (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    relief_id TEXT NOT NULL REFERENCES acquired (id),
    scan_id TEXT NOT NULL REFERENCES acquired (id),
    figures TEXT NOT NULL CHECK (json_valid(figures)),
    software TEXT NOT NULL,
    checked_at TEXT NOT NULL,
    checked_agency TEXT NOT NULL,
    checked_station TEXT NOT NULL,
    checked_examiner TEXT NOT NULL,
    checked_ori TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_INDEX = "CREATE INDEX relief_check_relief ON relief_check (relief_id)"


def m009_light_rigs(db: Database) -> None:
    """Where the lights of a stand are, and how reliefs made by them agree with scans."""
    for statement in (_LIGHT_RIG, _RELIEF_CHECK, _INDEX):
        db.execute(statement)
    for table in ("light_rig", "relief_check"):
        for statement in frozen_steps(table):
            db.execute(statement)
