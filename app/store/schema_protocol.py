"""The table of what examiners decided about the steps of a protocol."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps

_PROTOCOL_NOTE = f"""
CREATE TABLE protocol_note (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    cartridge_case_id TEXT NOT NULL REFERENCES cartridge_case (id),
    kind TEXT NOT NULL CHECK (kind IN ('chosen', 'settled', 'reopened')),
    protocol TEXT NOT NULL,
    step TEXT NOT NULL,
    reason TEXT NOT NULL,
    noted_at TEXT NOT NULL,
    noted_agency TEXT NOT NULL,
    noted_station TEXT NOT NULL,
    noted_examiner TEXT NOT NULL,
    noted_ori TEXT NOT NULL,{AUTHOR}
) STRICT
"""
_INDEX = "CREATE INDEX protocol_note_case ON protocol_note (cartridge_case_id)"


def m013_protocol_notes(db: Database) -> None:
    """Which protocol a cartridge case follows, and what of it there is not on the case."""
    for statement in (_PROTOCOL_NOTE, _INDEX, *frozen_steps("protocol_note")):
        db.execute(statement)
