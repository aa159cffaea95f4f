"""The table of flat and dark references."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps

_REFERENCE = f"""
CREATE TABLE shading_reference (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('flat', 'dark')),
    camera TEXT NOT NULL CHECK (camera <> ''),
    objective TEXT NOT NULL,
    zoom TEXT NOT NULL,
    light TEXT NOT NULL,
    digest TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    frames INTEGER NOT NULL,
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    note TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_agency TEXT NOT NULL,
    made_station TEXT NOT NULL,
    made_examiner TEXT NOT NULL,
    made_ori TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_INDEX = "CREATE INDEX shading_reference_camera ON shading_reference (camera)"


def m014_shading_references(db: Database) -> None:
    """Pictures of a blank and of no light, by which uneven light is taken out when reading."""
    for statement in (_REFERENCE, _INDEX, *frozen_steps("shading_reference")):
        db.execute(statement)
