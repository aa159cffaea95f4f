"""Signatures in the journal, and the keys they were made with."""

from __future__ import annotations

from app.store.database import Database
from app.store.schema_parts import AUTHOR, frozen_steps

_STATION_KEY = f"""
CREATE TABLE station_key (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    public TEXT NOT NULL UNIQUE CHECK (length(public) = 64),
    {AUTHOR}
) STRICT
"""


def m016_signatures(db: Database) -> None:
    """Lines are signed from now on; the first signature vouches for all lines before it."""
    db.execute("ALTER TABLE journal ADD COLUMN signed_by TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE journal ADD COLUMN signature TEXT NOT NULL DEFAULT ''")
    db.execute(_STATION_KEY)
    for step in frozen_steps("station_key"):
        db.execute(step)
