"""The table of light rigs."""

from __future__ import annotations

from sqlite_utils import Database

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
