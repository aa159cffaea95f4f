"""What ``casehead people`` does."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from app.casework.people import Person, PersonRole, Skill
from app.casework.zones import computer_zone
from app.cli.books import Names, ask_secret, looking, recording, secret_given
from app.cli.voice import Voice
from app.domain import Author, CaseheadError, ReadOnlyError
from app.workbench import Workbench

NEW_PASSWORD = "CASEHEAD_NEW_PASSWORD"


@dataclass(frozen=True, slots=True)
class Granted:
    """A qualification as given with the command; ``withdraw`` is the reason to end one instead."""

    skill: str
    granted: str = ""
    expires: str = ""
    note: str = ""
    withdraw: str = ""


def list_command(voice: Voice, folder: Path) -> None:
    """Do what ``casehead people list`` says."""
    with looking(folder) as workbench:
        people = [_facts(workbench, person) for person in workbench.people()]
        policy = workbench.policy()
        document = {"identity": workbench.identity, "idle_minutes": policy.idle_minutes}
        voice.result({**document, "people": people}, lambda: _lines(workbench, people))


def first_command(voice: Voice, folder: Path, names: Names, by_name: bool, zone: str = "") -> None:
    """Do what ``casehead people add --first`` says."""
    workbench = Workbench(folder, automatic_search=False)
    try:
        if workbench.read_only:
            raise ReadOnlyError(workbench.notice or f"The casebook in {folder} cannot be written.")
        known = workbench.author or Author("", "", "")
        author = Author(
            names.agency or known.agency,
            names.station or known.station,
            names.examiner,
            names.ori or known.ori,
        )
        zone = zone or computer_zone()
        if not zone:
            raise CaseheadError("Say the lab's time zone with --zone, such as America/Chicago.")
        workbench.set_up(author, None if by_name else _new_password(author.examiner), zone)
        facts = _facts(workbench, workbench.person(author.examiner))
        workbench.sign_out()
    finally:
        workbench.close()
    said = f"The lab's time zone is {zone}; casehead clock zone says another."
    told = [f"{facts['name']} is the first administrator.", said]
    voice.result({**facts, "zone": zone}, lambda: told)


def add_command(voice: Voice, folder: Path, names: Names, name: str, roles: Sequence[str]) -> None:
    """Do what ``casehead people add`` says."""
    with recording(voice, folder, names) as workbench:
        password = "" if workbench.policy().by_name else _new_password(name)
        person = workbench.add_person(name, _roles(roles), password)
        facts = _facts(workbench, person)
    voice.result(facts, lambda: [f"{person.name} is on record: {', '.join(facts['roles'])}."])


def role_command(
    voice: Voice, folder: Path, names: Names, name: str, roles: Sequence[str], reason: str
) -> None:
    """Do what ``casehead people role`` says."""
    with recording(voice, folder, names) as workbench:
        person = workbench.person(name)
        facts = _facts(workbench, workbench.set_roles(person.id, _roles(roles), reason))
    voice.result(facts, lambda: [f"{person.name}: {', '.join(facts['roles'])}."])


def retire_command(
    voice: Voice, folder: Path, names: Names, name: str, reason: str, *, back: bool
) -> None:
    """Do what ``casehead people retire`` says."""
    with recording(voice, folder, names) as workbench:
        person = workbench.person(name)
        change = workbench.reinstate_person if back else workbench.retire_person
        facts = _facts(workbench, change(person.id, reason))
    words = "works here again" if back else "signs in no more; all they did stays"
    voice.result(facts, lambda: [f"{person.name} {words}."])


def qualify_command(voice: Voice, folder: Path, names: Names, name: str, wanted: Granted) -> None:
    """Do what ``casehead people qualify`` says."""
    with recording(voice, folder, names) as workbench:
        person, skill = workbench.person(name), Skill(wanted.skill)
        if wanted.withdraw:
            _withdraw(workbench, person, skill, wanted.withdraw)
        else:
            granted = wanted.granted or workbench.today().isoformat()
            workbench.grant_qualification(person.id, skill, granted, wanted.expires, wanted.note)
        facts = _facts(workbench, person)
    voice.result(facts, lambda: [_qualified(facts)])


def password_command(voice: Voice, folder: Path, names: Names, name: str) -> None:
    """Do what ``casehead people password`` says."""
    with recording(voice, folder, names, may_change=True) as workbench:
        me = workbench.me
        if me is None:
            raise CaseheadError("Nobody is on record in this casebook; there is no password.")
        person = workbench.person(name) if name else me
        new = _new_password(person.name)
        if person.id == me.id:
            workbench.change_password(secret_given(me.name), new)
        else:
            workbench.reset_password(person.id, new)
    words = "is changed" if person.id == me.id else "is to be changed when they sign in next"
    voice.result({"name": person.name}, lambda: [f"The password of {person.name} {words}."])


def policy_command(
    voice: Voice,
    folder: Path,
    names: Names,
    sign_in: Literal["password", "name"] | None,
    idle: int | None,
) -> None:
    """Do what ``casehead people policy`` says."""
    with recording(voice, folder, names) as workbench:
        held = workbench.policy()
        wanted = replace(
            held,
            sign_in=sign_in or held.sign_in,
            idle_minutes=held.idle_minutes if idle is None else idle,
        )
        if wanted != held:
            workbench.set_policy(wanted)
    lock = (
        f"a station locks by itself after {wanted.idle_minutes} idle minutes"
        if wanted.idle_minutes
        else "a station never locks by itself"
    )
    document = {"sign_in": wanted.sign_in, "idle_minutes": wanted.idle_minutes}
    words = f"People sign in by {wanted.sign_in}; {lock}."
    voice.result(document, lambda: [words])


def _new_password(name: str) -> str:
    given = os.environ.get(NEW_PASSWORD, "")
    if given:
        return given
    return ask_secret(f"New password of {name}", NEW_PASSWORD, twice=True)


def _roles(names: Sequence[str]) -> list[PersonRole]:
    return [PersonRole(name.replace("-", " ")) for name in names]


def _withdraw(workbench: Workbench, person: Person, skill: Skill, reason: str) -> None:
    today = workbench.today()
    own = [q for q in workbench.qualifications(person.id) if q.skill is skill]
    held = [q for q in own if q.standing(today) in ("valid", "ending", "not yet")]
    if not held:
        raise CaseheadError(f"{person.name} has no qualification to {skill} that could be ended.")
    for one in held:
        workbench.withdraw_qualification(one.id, reason)


def _facts(workbench: Workbench, person: Person) -> dict[str, Any]:
    staff, today = workbench.staff(), workbench.today()
    return {
        "name": person.name,
        "roles": sorted(str(role) for role in person.roles),
        "active": person.active,
        "password": person.id in staff.with_password,
        "must_change": person.id in staff.must_change,
        "qualifications": [
            {
                "skill": str(one.skill),
                "granted_on": one.granted_on,
                "expires_on": one.expires_on,
                "standing": one.standing(today),
                "words": one.words(today),
            }
            for one in staff.qualifications_of(person.id)
        ],
    }


def _lines(workbench: Workbench, people: list[dict[str, Any]]) -> list[str]:
    if not people:
        return ["Nobody is on record: an open bench, anybody named may do everything."]
    first = f"People sign in {workbench.identity.replace('by password', 'by name and password')}."
    return [first, *(_line(one) for one in people)]


def _line(facts: dict[str, Any]) -> str:
    left = "" if facts["active"] else " (left)"
    return f"{facts['name']}{left}: {', '.join(facts['roles'])}. {_qualified(facts)}"


def _qualified(facts: dict[str, Any]) -> str:
    told = [f"{one['skill']} ({one['words']})" for one in facts["qualifications"]]
    return f"Qualified to {', '.join(told)}." if told else "No qualification on record."
