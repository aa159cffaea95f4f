"""The step with which class characteristics and the subclass flag are noted of a comparison."""

from __future__ import annotations

from app.store.database import Database


def m015_remarks(db: Database) -> None:
    """Nothing of it was noted before; the digests of earlier versions stay what they were."""
    db.execute("ALTER TABLE annotation_set ADD COLUMN remarks TEXT NOT NULL DEFAULT ''")
    db.execute("ALTER TABLE conclusion ADD COLUMN subclass_excluded TEXT NOT NULL DEFAULT ''")
