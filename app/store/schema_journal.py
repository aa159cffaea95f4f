"""Indexes by which the lines of a long journal are found."""

from __future__ import annotations

from app.store.database import Database

_INDEXES = (
    'CREATE INDEX journal_action ON journal ("action")',
    "CREATE INDEX journal_examiner ON journal (examiner)",
    "CREATE INDEX journal_subject ON journal (subject)",
    "CREATE INDEX journal_at ON journal (at)",
)


def m023_journal_lists(db: Database) -> None:
    """By action, person, subject and moment; the row's number comes with each."""
    for statement in _INDEXES:
        db.execute(statement)
