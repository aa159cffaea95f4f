"""Who is at work: sessions, and in whose name an operation is done."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from app.casework.people import NotAllowedError, Person, Right, Staff
from app.domain import Author, new_id
from app.store import Casebook

Moment = Callable[[], datetime]
NOBODY = "Nobody is signed in; sign in first."


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's stay at this station, from signing in to signing out; locked or not."""

    person_id: str
    name: str
    how: Literal["password", "name"]
    since: str
    id: str = field(default_factory=new_id)


class _Here(threading.local):
    """What holds on one thread alone."""

    session: Session | None = None
    inside = False


class Sessions:
    """The people on record, who of them is here, and what the one at work may do.

    Safe from any thread. What is on record is kept in memory: no other program can write to
    an open casebook.
    """

    def __init__(self, casebook: Casebook, moment: Moment) -> None:
        """``moment`` is the clock, in UTC."""
        self.moment = moment
        self._casebook = casebook
        self._here = _Here()
        self._at_work: Session | None = None
        self._live: dict[str, Session] = {}
        self.staff: Staff = casebook.staff()

    def reload(self) -> None:
        """Look at the record again after it changed."""
        self.staff = self._casebook.staff()

    @property
    def today(self) -> date:
        """The day at this station."""
        return self.moment().astimezone().date()

    @property
    def current(self) -> Session | None:
        """In whose session the calling thread works, else who is at the station now.

        Within an operation that of who began it, also where it was ended since.
        """
        if self._here.inside:
            return self._here.session
        found = self._here.session or self._at_work
        return found if found is not None and found.id in self._live else None

    @property
    def at_work(self) -> Session | None:
        """Who is at the station now, whichever session the calling thread works in."""
        return self._at_work

    @property
    def live(self) -> tuple[Session, ...]:
        """All that have not ended, the locked ones too, oldest first."""
        return tuple(self._live.values())

    @property
    def person(self) -> Person | None:
        """Who that is; None in an open bench, and while nobody is signed in."""
        found = self.current
        return self.staff.person(found.person_id) if found is not None else None

    @property
    def author(self) -> Author | None:
        """In whose name records are made; None while nobody is signed in."""
        held = self._casebook.author
        if self.staff.open_bench or held is None:
            return held
        found = self.current
        return replace(held, examiner=found.name) if found is not None else None

    def session_of(self, person_id: str) -> Session | None:
        """The session of a person that has not ended."""
        return next((s for s in self.live if s.person_id == person_id), None)

    def begin(self, session: Session) -> None:
        """Let it be at work from now on; one that was locked goes on."""
        self._live[session.id] = session
        self._at_work = session

    def leave(self, session: Session) -> None:
        """It is not at work any more, and goes on when its person comes back."""
        if self._at_work == session:
            self._at_work = None

    def end(self, session: Session) -> None:
        """Over for good."""
        self.leave(session)
        self._live.pop(session.id, None)

    def why_not(self, right: Right) -> str:
        """Why the operation may not be done now; "" when it may."""
        staff = self.staff
        if staff.open_bench:
            return ""
        person = self.person
        if person is None:
            if self._here.session is not None:
                return f"The session of {self._here.session.name} was ended; sign in again."
            return NOBODY
        if person.id in staff.must_change and right is not Right.OWN and not staff.policy.by_name:
            return "An administrator set this password; change it before anything else."
        return staff.why_not(person, right, self.today)

    @contextmanager
    def within(self, session: Session | None) -> Iterator[None]:
        """While inside, this thread works in that session, whoever is at the station."""
        before = self._here.session
        self._here.session = session
        try:
            with self._casebook.acting(self._name_of(session)):
                yield
        finally:
            self._here.session = before

    @contextmanager
    def doing(self, right: Right) -> Iterator[None]:
        """An operation: refused before anything else, then in one person's name to its end.

        What it calls in its turn belongs to it. Raises NotAllowedError.
        """
        if self._here.inside or self.staff.open_bench:
            yield
            return
        # asked for and done by the same, whoever comes or goes meanwhile
        session = self.current or self._here.session
        with self.within(session):
            why = self.why_not(right)
            if why or session is None:
                raise NotAllowedError(why or NOBODY)
            self._here.inside = True
            try:
                yield
            finally:
                self._here.inside = False

    def _name_of(self, session: Session | None) -> Author | None:
        held = self._casebook.author
        if session is None or held is None or self.staff.open_bench:
            return None
        return replace(held, examiner=session.name)
