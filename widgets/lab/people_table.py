"""The list of people, what each is and is qualified for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QTableWidget, QTableWidgetItem

from app.casework.people import Person, Qualification, Staff
from widgets import theme
from widgets.common.lines import as_lines

_HEADS = ("Name", "Roles", "Qualified to", "Password")
_WIDTHS = (180, 200, 0, 116)
_SKILLS = 2
_ROW_PX = 44
"""Two lines: most people have more roles than one line holds."""
_WORST_FIRST = ("lapsed", "withdrawn", "ending", "not yet", "valid")


class PeopleTable(QTableWidget):
    """``moved`` is called when the cursor is on another person."""

    def __init__(self, moved: Callable[[], None]) -> None:
        super().__init__(0, len(_HEADS))
        self.setObjectName("people_table")
        self.setAccessibleName("People on record")
        self.setHorizontalHeaderLabels(list(_HEADS))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        as_lines(self, _ROW_PX, _WIDTHS)
        self.currentCellChanged.connect(lambda *_: moved())

    def show_people(self, staff: Staff, people: Sequence[Person], today: date) -> None:
        """These, in this order."""
        self.setRowCount(len(people))
        for at, person in enumerate(people):
            self._show(at, person, staff, today)

    def _show(self, at: int, person: Person, staff: Staff, today: date) -> None:
        held = _held(staff, person, today)
        remark = any(one.standing(today) != "valid" for one in held)
        words = (
            person.name if person.active else f"{person.name} (left)",
            ", ".join(sorted(person.roles)),
            ", ".join(_skill_words(one, today) for one in held),
            password_words(staff, person),
        )
        for column, text in enumerate(words):
            item = QTableWidgetItem(text)
            item.setToolTip(text)
            if not person.active:
                item.setForeground(QColor(theme.colours().dim))
            elif column == _SKILLS and remark:
                item.setForeground(QColor(theme.colours().amber))
            self.setItem(at, column, item)


def password_words(staff: Staff, person: Person) -> str:
    """How it stands with somebody's password."""
    if person.id not in staff.with_password:
        return "None"
    return "To be changed" if person.id in staff.must_change else "Set"


def _held(staff: Staff, person: Person, today: date) -> list[Qualification]:
    """Of each skill the one that counts, or else the last there was.

    What does not count or ends soon stands first; a narrow column cuts the rest.
    """
    found: dict[str, Qualification] = {}
    for one in staff.qualifications_of(person.id):
        before = found.get(one.skill)
        if before is None or one.holds(today) or not before.holds(today):
            found[one.skill] = one
    return sorted(found.values(), key=lambda one: _WORST_FIRST.index(one.standing(today)))


def _skill_words(held: Qualification, today: date) -> str:
    plain = not (held.expires_on or held.withdrawn)
    return str(held.skill) if plain else f"{held.skill} ({held.words(today)})"
