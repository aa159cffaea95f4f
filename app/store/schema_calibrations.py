"""The tables of calibrations: what was measured, until when it holds, and checks of it."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps, who

_CALIBRATION = f"""
CREATE TABLE calibration (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    camera TEXT NOT NULL CHECK (camera <> ''),
    objective TEXT NOT NULL,
    zoom TEXT NOT NULL,
    pixel_um_x REAL NOT NULL CHECK (pixel_um_x > 0),
    pixel_um_y REAL NOT NULL CHECK (pixel_um_y > 0),
    method TEXT NOT NULL,
    sd_um REAL CHECK (sd_um >= 0),
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    distortion_um REAL,
    distortion_percent REAL,
    facts TEXT NOT NULL CHECK (json_valid(facts)),
    picture TEXT NOT NULL,
    software TEXT NOT NULL,
    note TEXT NOT NULL,{who("made")}{AUTHOR}
) STRICT
"""
_TERM = f"""
CREATE TABLE calibration_term (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    calibration_id TEXT NOT NULL REFERENCES calibration (id),
    expires_at TEXT NOT NULL,
    withdrawn_at TEXT NOT NULL,
    reason TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_CHECK = f"""
CREATE TABLE calibration_check (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    calibration_id TEXT NOT NULL REFERENCES calibration (id),
    true_um REAL NOT NULL CHECK (true_um > 0),
    measured_um REAL NOT NULL CHECK (measured_um > 0),
    tolerance_percent REAL NOT NULL CHECK (tolerance_percent > 0),
    note TEXT NOT NULL,{who("checked")}{AUTHOR}
) STRICT
"""
_INDEXES = (
    "CREATE INDEX calibration_camera ON calibration (camera)",
    "CREATE INDEX calibration_term_of ON calibration_term (calibration_id)",
    "CREATE INDEX calibration_check_of ON calibration_check (calibration_id)",
)


def m010_calibrations(db: Database) -> None:
    """What a pixel measures through which optics; nothing of it is ever changed."""
    for statement in (_CALIBRATION, _TERM, _CHECK, *_INDEXES):
        db.execute(statement)
    for table in ("calibration", "calibration_term", "calibration_check"):
        for statement in frozen_steps(table):
            db.execute(statement)
