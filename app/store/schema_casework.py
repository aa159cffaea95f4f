"""The tables of reviews, leads, verifications and notices."""

from __future__ import annotations

from sqlite_utils import Database


def m020_casework(db: Database) -> None:
    """To be filled."""
