"""The tables of gun groups."""

from __future__ import annotations

from sqlite_utils import Database


def m019_guns(db: Database) -> None:
    """To be filled."""
