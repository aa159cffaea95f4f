"""The tables of people, roles, passwords and qualifications."""

from __future__ import annotations

from sqlite_utils import Database


def m017_people(db: Database) -> None:
    """To be filled."""
