"""What the tables of the casebook have in common."""

from __future__ import annotations

AUTHOR = """
    created_at TEXT NOT NULL,
    examiner TEXT NOT NULL,
    station TEXT NOT NULL,
    agency TEXT NOT NULL"""


def who(verb: str, at: str = "") -> str:
    """Columns of who made, drew or checked something; ``at`` names that of when, else by verb."""
    return f"""
    {verb}_agency TEXT NOT NULL,
    {verb}_station TEXT NOT NULL,
    {verb}_examiner TEXT NOT NULL,
    {verb}_ori TEXT NOT NULL,
    {at or f"{verb}_at"} TEXT NOT NULL,"""


def frozen(table: str, columns: str = "") -> str:
    """Triggers: no row of ``table`` is deleted, and no row (or no such column) changed."""
    of = f" OF {columns}" if columns else ""
    return f"""
CREATE TRIGGER {table}_never_changed BEFORE UPDATE{of} ON "{table}"
BEGIN SELECT RAISE(ABORT, 'records of {table} are never changed'); END;
{kept(table)}"""


def kept(table: str) -> str:
    """A trigger: no row of ``table`` is deleted."""
    return f"""
CREATE TRIGGER {table}_never_deleted BEFORE DELETE ON "{table}"
BEGIN SELECT RAISE(ABORT, 'records of {table} are never deleted'); END;
"""


def frozen_steps(table: str) -> tuple[str, str]:
    """The statements of ``frozen`` one by one, for use inside a transaction."""
    changed, deleted = frozen(table).split("END;")[:2]
    return f"{changed}END", f"{deleted}END"
