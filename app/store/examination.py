"""The step with which a conclusion says what it rests on and who examined the specimens."""

from __future__ import annotations

from app.store.database import Database

_COLUMNS = (
    "basis TEXT NOT NULL DEFAULT ''",
    "basis_reason TEXT NOT NULL DEFAULT ''",
    "examined_physically INTEGER CHECK (examined_physically IN (0, 1))",
    "examined_by TEXT NOT NULL DEFAULT ''",
    "examined_at TEXT NOT NULL DEFAULT ''",
)


def m008_examination(db: Database) -> None:
    """Not said of the conclusions recorded before; their digests stay what they were."""
    for column in _COLUMNS:
        db.execute(f"ALTER TABLE conclusion ADD COLUMN {column}")
