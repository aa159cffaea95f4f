"""Letting people in and out: passwords looked at, wrong ones slowed, all of it in the journal."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import Any

from app.casework.passwords import Tries, agrees, hashed, of_nobody, outdated
from app.casework.people import NOBODY, Person, name_key
from app.domain import Author, CaseheadError
from app.store import Casebook
from app.store.people import Password
from app.workbench.sessions import Session, Sessions

UNKNOWN = "?"
"""All names that are not on record wait together."""


class SignInError(CaseheadError):
    """Not let in; ``wait_s`` seconds until the next try is looked at."""

    def __init__(self, sentence: str, wait_s: int = 0) -> None:
        super().__init__(sentence)
        self.wait_s = wait_s


class DoorKeeper:
    """One try at a time. In a casebook for reading only nothing is told and waits end with it."""

    def __init__(self, casebook: Casebook, sessions: Sessions) -> None:
        self._casebook, self._sessions = casebook, sessions
        self._turn = Lock()
        self._unwritten: dict[str, Tries] = {}
        self._wrong_before: dict[str, Tries] = {}

    def let_in(self, name: str, password: str) -> Session:
        """The session of whoever that is, at work from now on. Raises SignInError."""
        with self._turn:
            person = self._by_name(name) if self._by_names else self._checked(name, password)
            before = self._sessions.session_of(person.id)
            how = self._sessions.staff.policy.sign_in
            at = self._sessions.moment().isoformat(timespec="seconds")
            session = before or Session(person.id, person.name, how, at)
            if before is not None and before == self._sessions.at_work:
                return before
            with self._casebook.acting(self._author(person.name)):
                action = "signed in" if before is None else "unlocked"
                self._tell(action, person.id, {"by": session.how})
                if not self._casebook.read_only:
                    self._casebook.seat(self._author(person.name))
            self._sessions.begin(session)
            return session

    def told_of(self, session: Session) -> tuple[str, ...]:
        """What somebody is told of wrong passwords that were given for them since they came."""
        wrong = self._wrong_before.pop(session.person_id, Tries())
        if not wrong.failures:
            return ()
        times = (
            "A wrong password was"
            if wrong.failures == 1
            else (f"{wrong.failures} wrong passwords were")
        )
        at = wrong.last_at[:16].replace("T", " ")
        return (f"{times} given for {session.name} before, the last at {at} UTC.",)

    def check_own(self, person: Person, password: str) -> None:
        """Raises SignInError unless it is the person's password; wrong ones are slowed."""
        with self._turn:
            self._try(person, password)

    def let_out(self, action: str, *, ended: bool) -> None:
        """Nobody is at work any more; nothing happens where nobody was."""
        session = self._sessions.current
        if session is None:
            return
        with self._casebook.acting(self._author(session.name)):
            self._tell(action, session.person_id, {})
        if ended:
            self._sessions.end(session)
        else:
            self._sessions.leave(session)

    def put_out(self, session_id: str) -> None:
        """End another's session. Raises CaseheadError when there is none, and for the own one."""
        found = next((s for s in self._sessions.live if s.id == session_id), None)
        if found is None:
            raise CaseheadError("That session has ended already.")
        if found == self._sessions.current:
            raise CaseheadError("This is the session at work; sign out instead.")
        self._tell("session ended", found.person_id, {"person": found.name})
        self._sessions.end(found)

    def forgive(self, person: Person) -> None:
        """The name waits no longer."""
        self._set_tries(name_key(person.name), Tries())

    @property
    def _by_names(self) -> bool:
        return self._sessions.staff.policy.by_name

    def _by_name(self, name: str) -> Person:
        person = self._sessions.staff.find(name)
        if person is None or not person.active:
            raise SignInError(f"Nobody called {name or '(blank)'} works here; choose a name.")
        return person

    def _checked(self, name: str, password: str) -> Person:
        person = self._sessions.staff.find(name)
        known = person if person is not None and person.active else None
        return self._try(known, password)

    def _try(self, person: Person | None, password: str) -> Person:
        """Counted before it is looked at, so that ending the program gains nothing."""
        key = name_key(person.name) if person is not None else UNKNOWN
        tries = self._tries(key)
        at = self._sessions.moment()
        wait = tries.wait_s(at)
        if wait:
            raise SignInError(_wait_words(wait), wait)
        counted = Tries(tries.failures + 1, at.isoformat())
        self._set_tries(key, counted)
        held = self._hash(person)
        if agrees(held or of_nobody(), password) and held is not None and person is not None:
            self._set_tries(key, Tries())
            self._wrong_before[person.id] = tries
            self._renew(person, held, password)
            return person
        wait = counted.wait_s(at)
        self._tell_refused(person, counted.failures, wait)
        raise SignInError(f"The name or the password is wrong. {_wait_words(wait)}", wait)

    def _hash(self, person: Person | None) -> str | None:
        versions = self._casebook.passwords(person.id) if person is not None else ()
        return versions[-1].hash if versions else None

    def _renew(self, person: Person, held: str, password: str) -> None:
        if outdated(held) and not self._casebook.read_only:
            must = person.id in self._sessions.staff.must_change
            with self._casebook.acting(self._author(person.name)):
                kept = Password(person.id, hashed(password), "rehashed", must)
                self._casebook.add_password(kept)

    def _tell_refused(self, person: Person | None, failures: int, wait: int) -> None:
        subject = person.id if person is not None else ""
        named = person.name if person is not None else "a name that is not on record"
        with self._casebook.acting(self._author(NOBODY)):
            facts = {"name": named, "wrong_in_a_row": failures, "wait_s": wait}
            self._tell("sign-in refused", subject, facts)

    def _tell(self, action: str, subject: str, facts: dict[str, Any]) -> None:
        if not self._casebook.read_only:
            self._casebook.tell_of_sign_in(action, subject, facts)

    def _author(self, name: str) -> Author:
        return replace(self._casebook.author or Author("", "", ""), examiner=name)

    def _tries(self, key: str) -> Tries:
        if self._casebook.read_only:
            return self._unwritten.get(key) or self._casebook.tries(key)
        return self._casebook.tries(key)

    def _set_tries(self, key: str, tries: Tries) -> None:
        if self._casebook.read_only:
            self._unwritten[key] = tries
        else:
            self._casebook.set_tries(key, tries)


def _wait_words(seconds: int) -> str:
    unit = "second" if seconds == 1 else "seconds"
    return f"Wrong passwords are slowed: the next try is looked at in {seconds} {unit}."
