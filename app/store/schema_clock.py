"""The tables of the review clock."""

from __future__ import annotations

from sqlite_utils import Database


def m021_clock(db: Database) -> None:
    """To be filled."""
