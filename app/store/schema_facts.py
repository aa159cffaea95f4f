"""The tables of the fields of the record, corrections and custody."""

from __future__ import annotations

from sqlite_utils import Database


def m018_facts(db: Database) -> None:
    """To be filled."""
