"""What the tests of people build on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.casework.people import Person, PersonRole
from app.domain import Author
from app.workbench import Workbench

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
PASSWORD = "a quiet harbor"
ROLES = tuple(PersonRole)


class Clock:
    """Stands still until told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_s(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def told(workbench: Workbench, action: str) -> list[dict[str, object]]:
    lines = workbench._casebook.journal()
    return [dict(line.detail) for line in lines if line.action == action]


def add(workbench: Workbench, name: str, *roles: PersonRole) -> Person:
    return workbench.add_person(name, roles, "first password")


def rules_off(bench: Workbench) -> None:
    """Only the people are looked at here, not which fields are filled in."""
    bench._casebook.set_record_rules(False)
