"""What the page of people asks: who, which roles, which qualification, which password."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtWidgets import QCheckBox, QLineEdit, QSpinBox, QWidget

from app.casework.people import Person, PersonRole, Policy, Qualification, Skill
from app.domain import Author, CaseheadError
from app.workbench import Workbench
from widgets.common.parts import choice, line
from widgets.lab.asking import Operation, Question
from widgets.start import secret

Rows = list[tuple[str, QWidget]]
_BY = {"password": "by name and password", "name": "by name only"}
_RULES = "10 characters or more, not the name, none of the last 10."


def begin(workbench: Workbench, author: Author | None) -> Question:
    """The first administrator of a casebook that was an open bench so far."""
    known = author or Author("", "", "")
    agency, station = line("people_agency", "Agency"), line("people_station", "Station")
    ori, name = line("people_ori", "ORI code"), line("people_name", "Full name")
    new, again = _passwords()
    by_name = QCheckBox("Sign in by name only")
    by_name.setObjectName("people_by_name")
    texts = (known.agency, known.station, known.ori, known.examiner)
    for field, text in zip((agency, station, ori, name), texts, strict=True):
        field.setText(text)

    def read() -> Operation:
        made = Author(agency.text(), station.text(), name.text(), ori.text())
        password = None if by_name.isChecked() else _same(new, again)
        return partial(workbench.set_up, made, password)

    return Question(
        "Keep people on record",
        "From then on everybody signs in, roles and qualifications rule, and the record cannot go "
        f"back to an open bench. You become the first administrator. Password: {_RULES}",
        [
            *(("&Name", name), ("&Password", new), ("A&gain", again), ("", by_name)),
            *(("&Agency", agency), ("&Station", station), ("&ORI code", ori)),
        ],
        "Become administrator",
        read,
        "You are the first administrator; put the others on record.",
    )


def add(workbench: Workbench) -> Question:
    """Somebody new."""
    name = line("people_name", "Full name", "as it stands in reports")
    roles = _role_boxes(frozenset())
    new, again = _passwords()
    asked = not workbench.policy().by_name

    def read() -> Operation:
        password = _same(new, again) if asked else ""
        return partial(workbench.add_person, name.text(), _ticked(roles), password)

    passwords: Rows = [("&Password", new), ("A&gain", again)] if asked else []
    how = f"They change this password when they first sign in: {_RULES}" if asked else ""
    return Question(
        "Put somebody on record",
        f"The name is theirs for ever and stands with everything they record. {how}",
        [("&Name", name), *[("", box) for box in roles.values()], *passwords],
        "Put on record",
        read,
        "On record. Grant the qualifications the roles take.",
    )


def roles_of(workbench: Workbench, person: Person) -> Question:
    """Other roles."""
    boxes = _role_boxes(person.roles)
    reason = line("people_reason", "Why", "kept with the change")

    def read() -> Operation:
        return partial(workbench.set_roles, person.id, _ticked(boxes), reason.text())

    rows: Rows = [*[("", box) for box in boxes.values()], ("&Reason", reason)]
    return Question(
        f"Roles of {person.name}",
        "The earlier ones stay on the record.",
        rows,
        "Give these roles",
        read,
    )


def qualify(workbench: Workbench, person: Person, today: date) -> Question:
    """A qualification from one day to another."""
    skill = choice("people_skill", "What for", tuple(Skill))
    granted_on = line("people_granted", "From this day, year-month-day")
    expires_on = line("people_expires", "To this day, year-month-day", "without an end")
    note = line("people_note", "What it rests on", "course, test, certificate")
    granted_on.setText(today.isoformat())
    expires_on.setText(_a_year_on(today).isoformat())

    def read() -> Operation:
        days = granted_on.text().strip(), expires_on.text().strip()
        wanted = Skill(skill.currentText())
        return partial(workbench.grant_qualification, person.id, wanted, *days, note.text())

    return Question(
        f"Qualification of {person.name}",
        "Both days count. Once lapsed, its holder cannot acquire, review or examine any more.",
        [("&What for", skill), ("&From", granted_on), ("&To", expires_on), ("&Note", note)],
        "Grant",
        read,
    )


def withdraw(workbench: Workbench, person: Person, held: Qualification) -> Question:
    """The end of one before its day."""
    return _with_reason(
        f"Withdraw: {held.skill}",
        f"{person.name} is not qualified to {held.skill} by it from now on; it stays on the "
        "record with the reason.",
        "Withdraw",
        lambda reason: partial(workbench.withdraw_qualification, held.id, reason),
    )


def retire(workbench: Workbench, person: Person) -> Question:
    """Out of the house, or back."""
    if person.active:
        return _with_reason(
            f"Retire {person.name}",
            "They sign in no more; all they did stays, and the name stays theirs.",
            "Retire",
            lambda reason: partial(workbench.retire_person, person.id, reason),
        )
    return _with_reason(
        f"{person.name} works here again",
        "With the roles and qualifications on record.",
        "Let work here again",
        lambda reason: partial(workbench.reinstate_person, person.id, reason),
    )


def reset(workbench: Workbench, person: Person) -> Question:
    """A password to be changed at once."""
    new, again = _passwords()

    def read() -> Operation:
        return partial(workbench.reset_password, person.id, _same(new, again))

    return Question(
        f"Password of {person.name}",
        f"They change it when they sign in next. {_RULES}",
        [("&Password", new), ("A&gain", again)],
        "Give this password",
        read,
    )


def own_password(workbench: Workbench) -> Question:
    """Another password for whoever is signed in."""
    old = secret("people_old", "Password so far")
    new, again = _passwords()

    def read() -> Operation:
        return partial(workbench.change_password, old.text(), _same(new, again))

    return Question(
        "Your password",
        _RULES,
        [("&So far", old), ("&Password", new), ("A&gain", again)],
        "Change",
        read,
        "The password is changed.",
    )


def policy_of(workbench: Workbench) -> Question:
    """How people sign in, and when a station locks."""
    held = workbench.policy()
    how = choice("people_policy", "How people sign in", _BY.values())
    how.setCurrentText(_BY[held.sign_in])
    minutes = QSpinBox()
    minutes.setObjectName("people_idle")
    minutes.setAccessibleName("Idle minutes until the station locks")
    minutes.setRange(0, 480)
    minutes.setSuffix(" minutes")
    minutes.setSpecialValueText("never")
    minutes.setValue(held.idle_minutes)

    def read() -> Operation:
        sign_in = "name" if how.currentText() == _BY["name"] else "password"
        return partial(workbench.set_policy, Policy(sign_in, minutes.value()))  # type: ignore[arg-type]

    return Question(
        "Signing in",
        "By name only, anybody at this computer can work under any name, and the journal says so. "
        "A station locks when nobody touches keyboard or mouse.",
        [("&Sign in", how), ("&Lock after", minutes)],
        "Keep",
        read,
    )


def _with_reason(title: str, why: str, do: str, operation: Callable[[str], Operation]) -> Question:
    reason = line("people_reason", "Why", "kept with it")
    return Question(title, why, [("&Reason", reason)], do, lambda: operation(reason.text()))


def _passwords() -> tuple[QLineEdit, QLineEdit]:
    return secret("people_password", "Password"), secret("people_again", "The password again")


def _same(new: QLineEdit, again: QLineEdit) -> str:
    if new.text() != again.text():
        raise CaseheadError("The two passwords differ; write the same one twice.")
    return new.text()


def _role_boxes(held: frozenset[PersonRole]) -> dict[PersonRole, QCheckBox]:
    boxes = {}
    for role in PersonRole:
        boxes[role] = box = QCheckBox(role.capitalize())
        box.setObjectName(f"people_role_{role.replace(' ', '_')}")
        box.setChecked(role in held)
    return boxes


def _ticked(boxes: dict[PersonRole, QCheckBox]) -> list[PersonRole]:
    return [role for role, box in boxes.items() if box.isChecked()]


def _a_year_on(today: date) -> date:
    try:
        return today.replace(year=today.year + 1)
    except ValueError:  # the 29th of February
        return date(today.year + 1, 2, 28)
