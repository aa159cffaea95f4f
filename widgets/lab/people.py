"""People, their roles and qualifications."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.casework.people import Person, Qualification, Right, Staff
from app.domain import Changes
from app.workbench import Workbench
from widgets import keys, theme
from widgets.bridge import Bridge
from widgets.common.parts import EmptyState, button, label, row
from widgets.common.refresh import Refresh
from widgets.keys_people import PEOPLE
from widgets.lab import people_questions as questions
from widgets.lab.asking import AskDrawer, Question
from widgets.lab.people_table import PeopleTable, password_words
from widgets.navigator import Navigator

_SIDE_PX = 380
_OPEN = (
    "Anybody named may do everything, and the records say that names were not checked. Put the "
    "first administrator on record, and everybody signs in from then on."
)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the page shows; ``refused`` is why the person at work may not change it."""

    staff: Staff = field(default_factory=Staff)
    today: date = date.min
    refused: str = ""
    read_only: bool = False


class PeoplePage(QWidget):
    """The list, and whoever is chosen beside it; administrators change both."""

    def __init__(self, workbench: Workbench, bridge: Bridge, navigator: Navigator) -> None:
        super().__init__()
        self.setObjectName("people_page")
        self._workbench = workbench
        self.loaded = Loaded()
        self._shown: tuple[Person, ...] = ()
        self._refresh: Refresh[Loaded] = Refresh(bridge, self, self._load, self._show)
        self.drawer = AskDrawer("people_ask", bridge)
        self.drawer.closed = self._asked
        self._build()
        bridge.changed.connect(self._hear)
        self._show(self.loaded)

    @property
    def ready(self) -> bool:
        """Whether what there is is shown."""
        return not self._refresh.loading

    @property
    def chosen(self) -> Person | None:
        """Whoever the cursor is on."""
        at = self.table.currentRow()
        return self._shown[at] if 0 <= at < len(self._shown) else None

    def place(self) -> tuple[str, ...]:
        """For the header."""
        return (self.chosen.name,) if self.chosen else ()

    def choose(self, subject_id: str) -> None:
        """Put the cursor on a person, by id."""
        for at, person in enumerate(self._shown):
            if person.id == subject_id:
                self.table.setCurrentCell(at, 0)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh.ask()
        if not self.drawer.isVisible():
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Letters are actions; lists would look for names with them."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            found = keys.find(PEOPLE, event)
            if found is not None and found.action in self._actions:
                self._actions[found.action]()
                return True
        return super().eventFilter(watched, event)

    # --- what can be done ------------------------------------------------------------------
    def begin(self) -> None:
        """Make the first administrator."""
        self._ask(questions.begin(self._workbench, self._workbench.author))

    def add(self) -> None:
        """Put somebody on record."""
        if self._may():
            self._ask(questions.add(self._workbench))

    def roles(self) -> None:
        """Other roles for whoever is chosen."""
        self._about(questions.roles_of)

    def qualify(self) -> None:
        """A qualification for whoever is chosen."""
        today = self.loaded.today
        self._about(lambda workbench, person: questions.qualify(workbench, person, today))

    def withdraw(self) -> None:
        """End the qualification in hand."""
        held = self._qualification()
        if held is not None:
            self._about(lambda workbench, person: questions.withdraw(workbench, person, held))

    def reset(self) -> None:
        """Give whoever is chosen a password."""
        self._about(questions.reset)

    def retire(self) -> None:
        """Let whoever is chosen work here no more, or again."""
        self._about(questions.retire)

    def policy(self) -> None:
        """How people sign in."""
        if self._may():
            self._ask(questions.policy_of(self._workbench))

    def own_password(self) -> None:
        """Another password for whoever is signed in."""
        if not (self.loaded.staff.open_bench or self.loaded.staff.policy.by_name):
            self._ask(questions.own_password(self._workbench))

    def _about(self, question: Callable[[Workbench, Person], Question]) -> None:
        person = self.chosen
        if person is not None and self._may():
            self._ask(question(self._workbench, person))

    def _may(self) -> bool:
        return not (self.loaded.refused or self.loaded.staff.open_bench or self.loaded.read_only)

    def _ask(self, question: Question) -> None:
        self._side.hide()
        self.drawer.ask(question)

    def _asked(self) -> None:
        self._side.setVisible(not self.loaded.staff.open_bench)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- building --------------------------------------------------------------------------
    def _build(self) -> None:
        self._actions: dict[str, Callable[[], None]] = {
            "add": self.add,
            "roles": self.roles,
            "qualify": self.qualify,
            "withdraw": self.withdraw,
            "reset": self.reset,
            "retire": self.retire,
            "policy": self.policy,
            "own password": self.own_password,
        }
        self._begin = button(
            "Keep people on record ...",
            "people_begin",
            "Make the first administrator",
            self.begin,
            primary=True,
        )
        self._empty = EmptyState("people_empty", self._begin)
        self._empty.say("This casebook is an open bench", _OPEN)
        self.table = PeopleTable(self._show_chosen)
        self._pages = QStackedWidget()
        self._pages.addWidget(self._list())
        self._pages.addWidget(self._empty)
        self._side = self._chosen_panel()
        for watched in (self.table, self._held):
            watched.installEventFilter(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget, stretch in ((self._pages, 1), (self._side, 0), (self.drawer, 0)):
            layout.addWidget(widget, stretch)

    def _list(self) -> QWidget:
        page = QWidget()
        inside = QVBoxLayout(page)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(8)
        self._add = button(
            "Add a person ...", "people_add", "Put somebody on record (N)", self.add, primary=True
        )
        self._policy = button(
            "Signing in ...", "people_policy_open", "By password or name; lock (O)", self.policy
        )
        self._mine = button(
            "My password ...", "people_own", "Change the own password (M)", self.own_password
        )
        self._how = label("", "dim", "people_how", wrap=True)
        above = row(self._add, self._policy, self._mine, self._how)
        above.setStretch(3, 1)
        above.setSpacing(10)
        self._why_not = label("", "amber", "people_why_not", wrap=True)
        inside.addLayout(above)
        inside.addWidget(self.table, 1)
        inside.addWidget(self._why_not)
        return page

    def _chosen_panel(self) -> QFrame:
        panel = QFrame()
        panel.setObjectName("people_chosen")
        panel.setProperty("panel", True)
        panel.setFixedWidth(_SIDE_PX)
        inside = QVBoxLayout(panel)
        inside.setContentsMargins(16, 12, 16, 12)
        inside.setSpacing(8)
        self._name = label("", "heading", "people_chosen_name", wrap=True)
        self._facts = label("", "dim", "people_chosen_facts", wrap=True)
        self._held = QListWidget()
        self._held.setObjectName("people_qualifications")
        self._held.setAccessibleName("Qualifications, newest first")
        self._held.setWordWrap(True)
        self._changes = self._change_buttons()
        first, second = self._changes[:3], self._changes[3:]
        for widget in (self._name, self._facts, label("Qualifications", "dim")):
            inside.addWidget(widget)
        inside.addWidget(self._held, 1)
        inside.addLayout(row(*first))
        inside.addLayout(row(*second))
        return panel

    def _change_buttons(self) -> tuple[QPushButton, ...]:
        return (
            button("Roles ...", "people_roles", "Other roles (R)", self.roles),
            button("Grant ...", "people_grant", "Grant a qualification (G)", self.qualify),
            button(
                "Withdraw ...", "people_withdraw", "Withdraw the one in hand (W)", self.withdraw
            ),
            button("Password ...", "people_reset", "Give a password (P)", self.reset),
            button("Retire ...", "people_retire", "Retire, or take back (X)", self.retire),
        )

    # --- what is seen ----------------------------------------------------------------------
    def _hear(self, changes: Changes) -> None:
        if changes.people or changes.settings:
            self._refresh.ask()

    def _load(self) -> Loaded:
        workbench = self._workbench
        refused = workbench.may(Right.ADMINISTER)
        return Loaded(workbench.staff(), workbench.today(), refused, workbench.read_only)

    def _show(self, loaded: Loaded) -> None:
        before = self.chosen
        self.loaded = loaded
        staff = loaded.staff
        self._pages.setCurrentIndex(1 if staff.open_bench else 0)
        self._begin.setEnabled(not loaded.read_only)
        self._side.setVisible(not staff.open_bench and not self.drawer.isVisible())
        self._shown = tuple(sorted(staff.people, key=lambda p: (not p.active, p.name.casefold())))
        self.table.show_people(staff, self._shown, loaded.today)
        wanted = before.id if before is not None else ""
        self.choose(wanted)
        if self._shown and self.chosen is None:
            self.table.setCurrentCell(0, 0)
        self._how.setText(_policy_words(staff))
        self._why_not.setText(loaded.refused)
        self._mine.setEnabled(not (staff.policy.by_name or loaded.read_only))
        for changing in (self._add, self._policy, *self._changes):
            changing.setEnabled(self._may())
        self._show_chosen()

    def _show_chosen(self) -> None:
        person = self.chosen
        self._held.clear()
        if person is None:
            self._name.setText("")
            self._facts.setText("")
            return
        staff = self.loaded.staff
        self._name.setText(person.name)
        roles = ", ".join(sorted(person.roles))
        left = "" if person.active else "Does not work here any more. "
        password = password_words(staff, person).lower()
        self._facts.setText(f"{left}{roles.capitalize()}. Password: {password}.")
        for held in reversed(staff.qualifications_of(person.id)):
            note = f"\n{held.note}" if held.note else ""
            item = QListWidgetItem(f"{held.skill}: {held.words(self.loaded.today)}{note}")
            item.setData(Qt.ItemDataRole.UserRole, held.id)
            if not held.holds(self.loaded.today):
                item.setForeground(QColor(theme.colours().dim))
            elif held.standing(self.loaded.today) == "ending":
                item.setForeground(QColor(theme.colours().amber))
            self._held.addItem(item)
        self._held.setCurrentRow(0)

    def _qualification(self) -> Qualification | None:
        item = self._held.currentItem()
        wanted = item.data(Qt.ItemDataRole.UserRole) if item is not None else ""
        found = [q for q in self.loaded.staff.qualifications if q.id == wanted]
        return found[0] if found and not found[0].withdrawn else None


def _policy_words(staff: Staff) -> str:
    how = "by name only" if staff.policy.by_name else "by name and password"
    minutes = staff.policy.idle_minutes
    lock = (
        f"a station locks by itself after {minutes} idle minutes"
        if minutes
        else "a station never locks by itself"
    )
    return f"People sign in {how}; {lock}."
