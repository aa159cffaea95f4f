"""Operations on people, sign-in and qualifications."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

from app.casework.passwords import check_password, hashed
from app.casework.people import (
    Person,
    PersonRole,
    Policy,
    Qualification,
    Right,
    Skill,
    Staff,
    check_dates,
    check_policy,
    letters_of,
    name_key,
    tidy_name,
)
from app.casework.stages import PolicyTold
from app.domain import Author, CaseheadError, Changes
from app.store.people import Password, PasswordKind
from app.workbench.base import Base
from app.workbench.sessions import Session
from app.workbench.signing_in import DoorKeeper

FIRST_START = "granted by the first start"
ZONE_SAID = "the lab's time zone, said at the first start"


@dataclass(frozen=True, slots=True)
class Welcome:
    """Who came in, and what they are to be told; ``must_change`` before anything else."""

    session: Session | None
    name: str
    warnings: tuple[str, ...] = ()
    must_change: bool = False


class People(Base):
    """Operations on who works here. While nobody is on record, anybody named may do everything."""

    # --- who is at work --------------------------------------------------------------------
    @property
    def me(self) -> Person | None:
        """Who is at work; None in an open bench, and while nobody is signed in."""
        return self._sessions.person

    @property
    def session(self) -> Session | None:
        """The session at work, as ``me``."""
        return self._sessions.current

    @property
    def sessions(self) -> tuple[Session, ...]:
        """All that have not ended, the locked ones too, oldest first."""
        return self._sessions.live

    @property
    def open_bench(self) -> bool:
        """Whether nobody is on record, so that anybody named may do everything."""
        return self._sessions.staff.open_bench

    @property
    def identity(self) -> Literal["by password", "by name"]:
        """How the names in the records are known to be true."""
        staff = self._sessions.staff
        return "by name" if staff.open_bench or staff.policy.by_name else "by password"

    @property
    def must_change(self) -> bool:
        """Whether the person at work has to change the own password before anything else."""
        me, held = self.me, self._sessions.staff
        return me is not None and me.id in held.must_change and not held.policy.by_name

    def may(self, right: Right) -> str:
        """Why the person at work may not do such a thing now; "" when they may."""
        return self._sessions.why_not(right)

    def within(self, session: Session | None) -> AbstractContextManager[None]:
        """A context: what this thread does inside belongs to that session, whoever is here."""
        return self._sessions.within(session)

    def warnings(self) -> tuple[str, ...]:
        """A sentence for each qualification of the person at work that ends within 30 days."""
        me = self.me
        return self._sessions.staff.ending(me, self._sessions.today) if me else ()

    def today(self) -> date:
        """The day at this station, by which qualifications hold."""
        return self._sessions.today

    def last_here(self) -> str:
        """Who worked at this station last, "" when nobody did."""
        held = self._casebook.author
        return held.examiner if held is not None else ""

    def station_words(self) -> str:
        """Agency and station, for the page people sign in at."""
        held = self._casebook.author
        return f"{held.agency}, {held.station}." if held is not None else ""

    # --- what is on record -----------------------------------------------------------------
    def staff(self) -> Staff:
        """Everybody on record, their qualifications, and how they sign in."""
        return self._sessions.staff

    def people(self) -> tuple[Person, ...]:
        """Everybody who ever was on record, oldest first; ``active`` tells who works here."""
        return self._sessions.staff.people

    def person(self, name: str) -> Person:
        """Somebody by name. Raises CaseheadError when nobody is called so."""
        found = self._sessions.staff.find(name)
        if found is None:
            raise CaseheadError(f"Nobody called {name} is on record in this casebook.")
        return found

    def qualifications(self, person_id: str) -> tuple[Qualification, ...]:
        """All that somebody ever had, oldest first."""
        return self._sessions.staff.qualifications_of(person_id)

    def qualified(self, person_name: str, skill: Skill) -> bool:
        """Whether somebody is qualified today; everybody is in an open bench."""
        staff = self._sessions.staff
        if staff.open_bench:
            return True
        found = staff.find(person_name)
        return found is not None and staff.qualified(found, skill, self._sessions.today)

    def policy(self) -> Policy:
        """How people sign in, and when a station locks; an open bench never does."""
        staff = self._sessions.staff
        return Policy("name", 0) if staff.open_bench else staff.policy

    # --- coming and going ------------------------------------------------------------------
    def set_up(self, author: Author, password: str | None, zone: str = "") -> Welcome:
        """Put the first person on record, the administrator with all roles, and sign them in.

        ``password`` None is the choice to sign in by name only, which the journal tells; ``zone``
        is the lab's time zone, by which its review clock counts. From now on roles rule. Raises
        CaseheadError for a blank name, a password against the rules, a zone that is not known,
        and when people are on record already.
        """
        self._need_writable()
        if not self.open_bench:
            raise CaseheadError("People are on record already; sign in.")
        author = replace(author, examiner=tidy_name(author.examiner))
        first = Person(author.examiner, frozenset(PersonRole))
        if password is not None:
            check_password(password, first.name)
        by_name = password is None
        clock = self._casebook.clock_policy()
        zoned = replace(clock, calendar=replace(clock.calendar, zone=zone or clock.calendar.zone))
        with self._casebook.transaction():
            self._casebook.set_author(author)
            if zone:
                self._casebook.add_clock_policy(PolicyTold(zoned, ZONE_SAID))
            self._casebook.set_policy(Policy("name", 0) if by_name else Policy())
            self._casebook.add_person(first)
            if password is not None:
                self._casebook.add_password(Password(first.id, hashed(password), "set"))
            for skill in Skill:
                today = self._sessions.today.isoformat()
                self._casebook.add_qualification(
                    Qualification(first.id, skill, today, note=FIRST_START)
                )
        self._people_changed()
        return self.sign_in(first.name, password or "")

    def sign_in(self, name: str, password: str = "") -> Welcome:
        """Let somebody work here from now on; their locked session goes on where it was left.

        Raises CaseheadError when name and password do not go together, and while earlier wrong
        ones make the name wait; in an open bench only for a blank name.
        """
        if self.open_bench:
            return self._name_at_open_bench(name)
        session = self._door.let_in(name, password)
        self._publish(Changes(settings=True, people=True))
        held = self._sessions.staff
        must = session.person_id in held.must_change and not held.policy.by_name
        ending = held.ending(held.person(session.person_id), self._sessions.today)
        told = (*self._door.told_of(session), *ending)
        return Welcome(session, session.name, told, must)

    def sign_out(self) -> None:
        """End the session at work; the window keeps nothing of it."""
        self._door.let_out("signed out", ended=True)
        self._publish(Changes(settings=True, people=True))

    def lock(self) -> None:
        """Nobody is at work until somebody signs in; the session goes on when its person does."""
        self._door.let_out("locked", ended=False)
        self._publish(Changes(settings=True, people=True))

    def end_session(self, session_id: str) -> None:
        """End somebody's locked session for them. Raises CaseheadError when there is none."""
        self._door.put_out(session_id)
        self._publish(Changes(settings=True, people=True))

    def change_password(self, old: str, new: str) -> None:
        """Change the own password. Raises CaseheadError when ``old`` is wrong or ``new`` no good.

        A wrong ``old`` is slowed as at sign-in.
        """
        self._need_writable()
        me = self.me
        if me is None:
            raise CaseheadError("Nobody has a password in an open bench.")
        if me.id in self._sessions.staff.with_password:
            self._door.check_own(me, old)
        self._keep_password(me, new, "changed", must_change=False)

    # --- what administrators do ------------------------------------------------------------
    def set_author(self, author: Author) -> None:
        """Set agency, station and ORI and, in an open bench, who makes the records from now on.

        Raises CaseheadError for a blank name, and for another person where people are on record.
        """
        me = self.me
        if me is not None and author.examiner != me.name:
            raise CaseheadError(
                "People are on record in this casebook: whoever works here signs in by name."
            )
        super().set_author(author)

    def add_person(self, name: str, roles: Iterable[PersonRole], password: str = "") -> Person:
        """Put somebody on record; their first password they change at once.

        Raises CaseheadError for a name that was ever used, or is written like one with other
        dots and spaces, for no role, a password against the rules, and in an open bench, where
        the first person comes by ``set_up``.
        """
        self._need_people()
        person = Person(tidy_name(name), _some(roles))
        self._refuse_alike(person.name)
        if password or not self.policy().by_name:
            check_password(password, person.name)
        with self._casebook.transaction():
            self._casebook.add_person(person)
            if password:
                kept = Password(person.id, hashed(password), "set", must_change=True)
                self._casebook.add_password(kept)
        self._people_changed()
        return person

    def _refuse_alike(self, name: str) -> None:
        """One person under two names could verify the own conclusion."""
        for one in self._sessions.staff.people:
            if name_key(one.name) != name_key(name) and letters_of(one.name) == letters_of(name):
                raise CaseheadError(
                    f"{one.name} is on record, and {name} differs by dots and spaces only; nobody "
                    "could tell the two apart. Write the full name."
                )

    def set_roles(self, person_id: str, roles: Iterable[PersonRole], reason: str = "") -> Person:
        """Give somebody these roles and no others. Raises CaseheadError for none, and for the
        last administrator."""
        return self._term(person_id, _some(roles), True, reason)

    def retire_person(self, person_id: str, reason: str = "") -> Person:
        """Let somebody sign in no more; all they did stays. Not the last administrator."""
        held = self._need_people().person(person_id)
        return self._term(person_id, held.roles, False, reason)

    def reinstate_person(self, person_id: str, reason: str = "") -> Person:
        """Let somebody who was retired work here again."""
        held = self._need_people().person(person_id)
        return self._term(person_id, held.roles, True, reason)

    def reset_password(self, person_id: str, password: str) -> None:
        """Give somebody a password, to be changed at once; their name waits no longer."""
        person = self._need_people().person(person_id)
        self._keep_password(person, password, "reset", must_change=True)
        self._door.forgive(person)

    def grant_qualification(
        self, person_id: str, skill: Skill, granted_on: str, expires_on: str = "", note: str = ""
    ) -> Qualification:
        """Record that somebody is qualified from one day to another (ISO 8601), both included.

        ``expires_on`` "" is without an end. Raises CaseheadError for days that cannot be.
        """
        self._need_people().person(person_id)
        check_dates(granted_on, expires_on)
        made = Qualification(person_id, Skill(skill), granted_on, expires_on, note.strip())
        self._casebook.add_qualification(made)
        self._people_changed()
        return made

    def withdraw_qualification(self, qualification_id: str, reason: str) -> None:
        """End one now; it stays on the record. Raises CaseheadError without a reason."""
        self._need_people()
        if not reason.strip():
            raise CaseheadError("Say why the qualification is withdrawn; the reason is kept.")
        self._casebook.withdraw_qualification(qualification_id, " ".join(reason.split()))
        self._people_changed()

    def set_policy(self, policy: Policy) -> None:
        """Say how people sign in and when a station locks; the journal tells it.

        Raises CaseheadError where passwords are asked for and whoever says so has none.
        """
        staff = self._need_people()
        check_policy(policy)
        me = self.me
        if me is not None and not policy.by_name and me.id not in staff.with_password:
            raise CaseheadError(
                f"Give {me.name} a password first; without one nobody could sign in to change this."
            )
        self._casebook.set_policy(policy)
        self._people_changed()

    # --- inside ----------------------------------------------------------------------------
    @cached_property
    def _door(self) -> DoorKeeper:
        return DoorKeeper(self._casebook, self._sessions)

    def _name_at_open_bench(self, name: str) -> Welcome:
        held = self._casebook.author
        if held is None:
            raise CaseheadError("Say first which agency and station this is.")
        super().set_author(replace(held, examiner=tidy_name(name)))
        return Welcome(None, tidy_name(name))

    def _need_people(self) -> Staff:
        self._need_writable()
        if self.open_bench:
            raise CaseheadError(
                "Nobody is on record in this casebook yet; put the first administrator on record "
                "on the Lab screen, or with 'casehead people add --first'."
            )
        return self._sessions.staff

    def _term(
        self, person_id: str, roles: frozenset[PersonRole], active: bool, reason: str
    ) -> Person:
        staff = self._need_people()
        staff.person(person_id)
        others = (p for p in staff.people if p.active and p.id != person_id)
        left = active and PersonRole.ADMINISTRATOR in roles
        if not left and not any(PersonRole.ADMINISTRATOR in p.roles for p in others):
            raise CaseheadError(
                "Somebody has to administer the casebook: make another person administrator first."
            )
        self._casebook.set_person_term(person_id, roles, active, " ".join(reason.split()))
        self._people_changed()
        return self._sessions.staff.person(person_id)

    def _keep_password(
        self, person: Person, password: str, kind: PasswordKind, *, must_change: bool
    ) -> None:
        versions = self._casebook.passwords(person.id)
        earlier = tuple(p.hash for p in versions if p.kind != "rehashed")
        check_password(password, person.name, earlier)
        self._casebook.add_password(Password(person.id, hashed(password), kind, must_change))
        self._people_changed()

    def _people_changed(self) -> None:
        self._sessions.reload()
        self._publish(Changes(people=True, settings=True, instruments=True))


def _some(roles: Iterable[PersonRole]) -> frozenset[PersonRole]:
    try:
        found = frozenset(PersonRole(role) for role in roles)
    except ValueError as error:
        known = ", ".join(PersonRole)
        raise CaseheadError(f"{error}; the roles are {known}.") from None
    if not found:
        raise CaseheadError("Give the person at least one role; without any they can do nothing.")
    return found
