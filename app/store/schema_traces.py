"""The tables of trace requests."""

from __future__ import annotations

from sqlite_utils import Database


def m022_traces(db: Database) -> None:
    """To be filled."""
