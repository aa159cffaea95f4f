"""People, their roles and qualifications, and what each may do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal

from app.domain import CaseheadError, new_id

WARN_DAYS = 30
"""A qualification that ends within so many days is told as ending."""
DEFAULT_IDLE_MINUTES = 10
NOBODY = "nobody signed in"
"""The examiner's name of journal lines of before a sign-in; no person can be called so."""


class NotAllowedError(CaseheadError):
    """The person at work may not do this; the sentence says what is lacking."""


class PersonRole(StrEnum):
    """What somebody is in the laboratory; one person may be several things."""

    TECHNICIAN = "technician"
    EXAMINER = "examiner"
    REVIEWER = "reviewer"
    QUALITY = "quality manager"
    ADMINISTRATOR = "administrator"


class Skill(StrEnum):
    """What somebody is qualified for, as long as the qualification lasts."""

    ACQUIRE = "acquire"
    REVIEW = "review"
    EXAMINE = "examine"
    QUALITY = "quality"


class Right(StrEnum):
    """What an operation needs; the value goes on with "needs the role ..." in a sentence."""

    RECORD = "Recording cases and exhibits"
    SEARCH = "Searching"
    ACQUIRE = "Acquiring pictures"
    CHECK = "Calibrating and checking instruments"
    REVIEW = "Reviewing candidates and leads"
    COMPARE = "Keeping a comparison"
    EXAMINE = "Examining and concluding"
    ISSUE = "Writing reports, notices and exports"
    QUALITY = "Quality management"
    SHARE = "Sharing with other agencies"
    ADMINISTER = "Administration"
    OWN = "This"
    """What everybody may do who is signed in, such as changing the own password."""


Way = tuple[PersonRole, Skill | None]
_T, _E, _R = PersonRole.TECHNICIAN, PersonRole.EXAMINER, PersonRole.REVIEWER
_Q, _A = PersonRole.QUALITY, PersonRole.ADMINISTRATOR

WAYS: Mapping[Right, tuple[Way, ...]] = {
    Right.RECORD: ((_T, None), (_E, None), (_R, None)),
    Right.SEARCH: ((_T, None), (_E, None), (_R, None)),
    Right.ACQUIRE: ((_T, Skill.ACQUIRE), (_E, Skill.ACQUIRE)),
    Right.CHECK: ((_T, Skill.ACQUIRE), (_E, Skill.ACQUIRE), (_Q, Skill.QUALITY)),
    Right.REVIEW: ((_E, Skill.REVIEW), (_R, Skill.REVIEW)),
    Right.COMPARE: ((_E, Skill.EXAMINE), (_E, Skill.REVIEW), (_R, Skill.REVIEW)),
    Right.EXAMINE: ((_E, Skill.EXAMINE),),
    Right.ISSUE: ((_E, None), (_R, None), (_Q, None)),
    Right.QUALITY: ((_Q, Skill.QUALITY),),
    Right.SHARE: ((_E, None), (_A, None)),
    Right.ADMINISTER: ((_A, None),),
    Right.OWN: tuple((role, None) for role in PersonRole),
}
"""Each right and the ways to it: a role, with the skill it takes, where it takes one."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who works here; the name is theirs for ever. ``active`` is False once retired."""

    name: str
    roles: frozenset[PersonRole] = frozenset()
    active: bool = True
    id: str = field(default_factory=new_id)


Standing = Literal["valid", "ending", "lapsed", "withdrawn", "not yet"]


@dataclass(frozen=True, slots=True)
class Qualification:
    """That a person is qualified, from one day to another, both included (ISO 8601 dates).

    ``expires_on`` "" is without an end. ``withdrawn`` is the reason once it was withdrawn.
    """

    person_id: str
    skill: Skill
    granted_on: str
    expires_on: str = ""
    note: str = ""
    withdrawn: str = ""
    id: str = field(default_factory=new_id)

    def standing(self, today: date) -> Standing:
        """How it stands on a day."""
        if self.withdrawn:
            return "withdrawn"
        if self.granted_on > today.isoformat():
            return "not yet"
        if not self.expires_on:
            return "valid"
        if self.expires_on < today.isoformat():
            return "lapsed"
        ending = self.expires_on <= (today + timedelta(days=WARN_DAYS)).isoformat()
        return "ending" if ending else "valid"

    def holds(self, today: date) -> bool:
        """Whether it counts on that day."""
        return self.standing(today) in ("valid", "ending")

    def words(self, today: date) -> str:
        """How it stands, for a list."""
        told = {
            "valid": f"until {self.expires_on}" if self.expires_on else "without an end",
            "ending": f"ends on {self.expires_on}",
            "lapsed": f"lapsed on {self.expires_on}",
            "withdrawn": f"withdrawn: {self.withdrawn}",
            "not yet": f"from {self.granted_on}",
        }
        return told[self.standing(today)]


@dataclass(frozen=True, slots=True)
class Policy:
    """How people sign in here, and after how many idle minutes a station locks (0: never)."""

    sign_in: Literal["password", "name"] = "password"
    idle_minutes: int = DEFAULT_IDLE_MINUTES

    @property
    def by_name(self) -> bool:
        """Whether a name is enough."""
        return self.sign_in == "name"


@dataclass(frozen=True, slots=True)
class Staff:
    """Everybody on record as of now. Without anybody the casebook is an open bench."""

    people: tuple[Person, ...] = ()
    qualifications: tuple[Qualification, ...] = ()
    policy: Policy = field(default_factory=Policy)
    must_change: frozenset[str] = frozenset()
    """Ids of those whose password an administrator set."""
    with_password: frozenset[str] = frozenset()

    @property
    def open_bench(self) -> bool:
        """Whether anybody named may do everything."""
        return not self.people

    def find(self, name: str) -> Person | None:
        """By name, however it is spaced and cased."""
        key = name_key(name)
        return next((p for p in self.people if name_key(p.name) == key), None)

    def person(self, person_id: str) -> Person:
        """By id. Raises CaseheadError when there is none."""
        for one in self.people:
            if one.id == person_id:
                return one
        raise CaseheadError("There is no such person in this casebook.")

    def qualifications_of(self, person_id: str) -> tuple[Qualification, ...]:
        """All there ever were, oldest first."""
        return tuple(q for q in self.qualifications if q.person_id == person_id)

    def qualified(self, person: Person, skill: Skill, today: date) -> bool:
        """Whether somebody who works here holds a qualification that counts today."""
        own = self.qualifications_of(person.id)
        return person.active and any(q.skill is skill and q.holds(today) for q in own)

    def why_not(self, person: Person, right: Right, today: date) -> str:
        """Why this person may not do it today; "" when nothing speaks against it."""
        if not person.active:
            return f"{person.name} does not work here any more; an administrator can change that."
        ways = [way for way in WAYS[right] if way[0] in person.roles]
        if not ways:
            return _role_lacks(person, right)
        lacking = [s for _, s in ways if s is not None and not self.qualified(person, s, today)]
        if len(lacking) < len(ways):
            return ""
        return self._skill_lacks(person, lacking[0], today)

    def ending(self, person: Person, today: date) -> tuple[str, ...]:
        """A sentence for each qualification that ends soon and is not followed by another."""
        found = []
        for skill in Skill:
            own = [q for q in self.qualifications_of(person.id) if q.skill is skill]
            held = [q for q in own if q.holds(today)]
            if held and all(q.standing(today) == "ending" for q in held):
                last = max(q.expires_on for q in held)
                days = (date.fromisoformat(last) - today).days
                when = "today" if days == 0 else f"in {days} day{'' if days == 1 else 's'}"
                found.append(
                    f"{person.name}'s qualification to {_DOING[skill]} ends {when}, on {last}."
                )
        return tuple(found)

    def _skill_lacks(self, person: Person, skill: Skill, today: date) -> str:
        own = [q for q in self.qualifications_of(person.id) if q.skill is skill]
        ask = "an administrator records a new one on the Lab screen."
        if not own:
            return f"{person.name} has no qualification to {_DOING[skill]} on record; {ask}"
        lapsed = [q.expires_on for q in own if q.standing(today) == "lapsed"]
        if lapsed:
            return (
                f"{person.name}'s qualification to {_DOING[skill]} lapsed on {max(lapsed)}; {ask}"
            )
        return f"{person.name}'s qualification to {_DOING[skill]} {own[-1].words(today)}; {ask}"


_DOING = {
    Skill.ACQUIRE: "acquire",
    Skill.REVIEW: "review",
    Skill.EXAMINE: "examine",
    Skill.QUALITY: "manage quality",
}


def _role_lacks(person: Person, right: Right) -> str:
    needed = list(dict.fromkeys(str(role) for role, _ in WAYS[right]))
    is_now = listed(sorted(person.roles)) or "without a role"
    return (
        f"{right} needs the role {listed(needed, 'or')}; {person.name} is {is_now}. "
        "An administrator can change that on the Lab screen."
    )


def listed(words: Iterable[str], last: str = "and") -> str:
    """a, b and c."""
    *most, end = [str(word) for word in words] or [""]
    return f"{', '.join(most)} {last} {end}" if most else end


def tidy_name(name: str) -> str:
    """A full name as it is kept. Raises CaseheadError for a blank or impossible one."""
    kept = " ".join(unicodedata.normalize("NFC", name).split())
    if not kept:
        raise CaseheadError("Give the person's full name; it is kept with every record.")
    if len(kept) > 200 or not kept.isprintable():
        raise CaseheadError("A name has at most 200 letters, on one line.")
    if name_key(kept) == name_key(NOBODY):
        raise CaseheadError("Nobody can be called so; give the person's full name.")
    return kept


def name_key(name: str) -> str:
    """What two spellings of one name have in common."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


@lru_cache(maxsize=4096)
def letters_of(name: str) -> str:
    """A name without dots, dashes and blanks: "J. Doe", "J Doe" and "j.doe" are one person's."""
    key = name_key(name)
    return "".join(sign for sign in key if unicodedata.category(sign)[0] not in "PZC") or key


def check_dates(granted_on: str, expires_on: str) -> None:
    """Raises CaseheadError for days that are none or in the wrong order."""
    for text in (granted_on, expires_on):
        try:
            good = not text or date.fromisoformat(text).isoformat() == text
        except ValueError:
            good = False
        if not good:
            raise CaseheadError(
                f"'{text}' is not a date; write it as year-month-day, for example 2027-04-12."
            )
    if not granted_on:
        raise CaseheadError("Say from which day the qualification counts.")
    if expires_on and expires_on < granted_on:
        raise CaseheadError("The qualification ends before it begins; correct one of the dates.")


def check_policy(policy: Policy) -> None:
    """Raises CaseheadError for one that cannot be."""
    if policy.sign_in not in ("password", "name"):
        raise CaseheadError("People sign in by password or by name only.")
    if not 0 <= policy.idle_minutes <= 480:
        raise CaseheadError("A station locks after 1 to 480 idle minutes; 0 is never.")
