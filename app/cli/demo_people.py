"""Who works in the demo casebook: several roles, and sign-in by name only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.casework.people import PersonRole, Skill
from app.casework.zones import PLAIN_UTC, computer_zone
from app.cli.demo_cases import AUTHOR
from app.workbench import Workbench

BY_NAME = (
    "In the demo casebook people sign in by name only, without passwords: it holds inventions, "
    "and its names prove nothing."
)
FIRST = AUTHOR.examiner
SECOND, THIRD = "L. Brandt", "S. Imani"
_VALID_DAYS = 365
_EXAMINER = (Skill.ACQUIRE, Skill.REVIEW, Skill.EXAMINE)


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the demo, with roles and skills."""

    name: str
    roles: tuple[PersonRole, ...]
    skills: tuple[Skill, ...]


COLLEAGUES = (
    Colleague(SECOND, (PersonRole.EXAMINER, PersonRole.REVIEWER), _EXAMINER),
    Colleague(THIRD, (PersonRole.EXAMINER,), _EXAMINER),
    Colleague("T. Reyes", (PersonRole.TECHNICIAN,), (Skill.ACQUIRE,)),
    Colleague("Q. Adler", (PersonRole.QUALITY,), (Skill.QUALITY,)),
)


def put_on_record(workbench: Workbench) -> None:
    """All of them, as far as they are not; the first is at work when it returns."""
    if workbench.open_bench:
        workbench.set_up(AUTHOR, None, computer_zone() or PLAIN_UTC)
    workbench.sign_in(FIRST)
    known = {person.name for person in workbench.people()}
    today = datetime.now(UTC).date()
    for one in COLLEAGUES:
        if one.name in known:
            continue
        person = workbench.add_person(one.name, one.roles)
        for skill in one.skills:
            until = (today + timedelta(days=_VALID_DAYS)).isoformat()
            workbench.grant_qualification(person.id, skill, today.isoformat(), until)
