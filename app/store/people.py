"""people, roles, passwords and qualifications: what is kept and how."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from app.casework.passwords import Tries
from app.casework.people import Person, PersonRole, Policy, Qualification, Skill, Staff, name_key
from app.domain import Author, CaseheadError, new_id
from app.store.codec import Codec, canonical
from app.store.records import AUTHOR_SETTING, Records

PasswordKind = Literal["set", "changed", "reset", "rehashed"]


@dataclass(frozen=True, slots=True)
class Term:
    """What somebody is from now on."""

    person_id: str
    roles: frozenset[PersonRole]
    active: bool
    reason: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Password:
    """One version of a password; the newest holds, the others are only remembered."""

    person_id: str
    hash: str
    kind: PasswordKind
    must_change: bool = False
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class _End:
    qualification_id: str
    reason: str
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class _Said:
    policy: Policy
    id: str = field(default_factory=new_id)


def _roles(text: str) -> frozenset[PersonRole]:
    return frozenset(PersonRole(one) for one in json.loads(text))


PERSON: Codec[Person] = Codec(
    "person",
    "id name name_key",
    lambda p: (p.id, p.name, name_key(p.name)),
    lambda r: Person(r[1], id=r[0]),
)
TERM: Codec[Term] = Codec(
    "person_term",
    "id person_id roles active reason",
    lambda t: (t.id, t.person_id, canonical(sorted(t.roles)), int(t.active), t.reason),
    lambda r: Term(r[1], _roles(r[2]), bool(r[3]), r[4], r[0]),
)
PASSWORD: Codec[Password] = Codec(
    "password",
    "id person_id hash kind must_change",
    lambda p: (p.id, p.person_id, p.hash, p.kind, int(p.must_change)),
    lambda r: Password(r[1], r[2], r[3], bool(r[4]), r[0]),
)
QUALIFICATION: Codec[Qualification] = Codec(
    "qualification",
    "id person_id skill granted_on expires_on note",
    lambda q: (q.id, q.person_id, str(q.skill), q.granted_on, q.expires_on, q.note),
    lambda r: Qualification(r[1], Skill(r[2]), r[3], r[4], r[5], id=r[0]),
)
QUALIFICATION_END: Codec[_End] = Codec(
    "qualification_end",
    "id qualification_id reason",
    lambda e: (e.id, e.qualification_id, e.reason),
    lambda r: _End(r[1], r[2], r[0]),
)
POLICY: Codec[_Said] = Codec(
    "sign_in_policy",
    "id sign_in idle_minutes",
    lambda s: (s.id, s.policy.sign_in, s.policy.idle_minutes),
    lambda r: _Said(Policy(r[1], r[2]), r[0]),
)

VOUCHED: tuple[Codec[Any], ...] = (
    *(PERSON, TERM, PASSWORD),
    *(QUALIFICATION, QUALIFICATION_END, POLICY),
)
_NEWEST = " ORDER BY seq DESC"


class People(Records):
    """Everything is added, nothing changed: the newest of a kind holds."""

    def staff(self) -> Staff:
        """Everybody on record as of now."""
        terms = {t.person_id: t for t in self._all(TERM, "1")}  # the newest wins
        ends = {e.qualification_id: e.reason for e in self._all(QUALIFICATION_END, "1")}
        held = {p.person_id: p for p in self._all(PASSWORD, "1")}
        said = self._first(POLICY, "1", (), _NEWEST)
        return Staff(
            people=tuple(_whole(p, terms.get(p.id)) for p in self._all(PERSON, "1")),
            qualifications=tuple(
                replace(q, withdrawn=ends.get(q.id, "")) for q in self._all(QUALIFICATION, "1")
            ),
            policy=said.policy if said else Policy(),
            must_change=frozenset(p.person_id for p in held.values() if p.must_change),
            with_password=frozenset(held),
        )

    def add_person(self, person: Person) -> Person:
        """Add somebody. Raises CaseheadError for a name that was ever used here."""
        taken = (
            f"{person.name} is on record already; a name belongs to one person for ever. Tell the "
            "two apart, for example by a middle name."
        )
        with self._change():
            self._add(PERSON, person, {"name": person.name}, taken)
            self.set_person_term(person.id, person.roles, person.active)
        return person

    def set_person_term(
        self, person_id: str, roles: Iterable[PersonRole], active: bool, reason: str = ""
    ) -> None:
        """Say what somebody is from now on; nothing is written when that is so already."""
        term = Term(person_id, frozenset(roles), active, reason)
        with self._change():
            person = self._by_id(PERSON, person_id)
            held = self._first(TERM, "person_id = ?", (person_id,), _NEWEST)
            if held is not None and (held.roles, held.active) == (term.roles, term.active):
                return
            facts = {"person": person.name, "roles": sorted(term.roles), "active": active}
            self._add(TERM, term, {**facts, "reason": reason})

    def passwords(self, person_id: str) -> tuple[Password, ...]:
        """All versions, oldest first."""
        return self._all(PASSWORD, "person_id = ?", (person_id,))

    def add_password(self, password: Password) -> None:
        """Keep a version; the journal tells that, and never the hash."""
        with self._change():
            person = self._by_id(PERSON, password.person_id)
            self._add(PASSWORD, password, {"person": person.name, "kind": password.kind})

    def add_qualification(self, qualification: Qualification) -> Qualification:
        """Keep that somebody is qualified."""
        with self._change():
            person = self._by_id(PERSON, qualification.person_id)
            told = QUALIFICATION.row(qualification)
            facts = {key: told[key] for key in ("skill", "granted_on", "expires_on", "note")}
            self._add(QUALIFICATION, qualification, {"person": person.name, **facts})
        return qualification

    def withdraw_qualification(self, qualification_id: str, reason: str) -> None:
        """End one now; it stays on the record. Raises CaseheadError when that was done before."""
        with self._change():
            found = self._by_id(QUALIFICATION, qualification_id)
            person = self._by_id(PERSON, found.person_id)
            facts = {"person": person.name, "skill": str(found.skill), "reason": reason}
            end = _End(qualification_id, reason)
            self._add(QUALIFICATION_END, end, facts, "This qualification is withdrawn already.")

    def set_policy(self, policy: Policy) -> None:
        """Say how people sign in from now on; the journal tells it."""
        with self._change():
            held = self._first(POLICY, "1", (), _NEWEST)
            if held is None or held.policy != policy:
                self._add(POLICY, _Said(policy), asdict(policy))

    def tries(self, key: str) -> Tries:
        """Wrong passwords in a row under a key."""
        row = self._connection.row(
            "SELECT failures, last_at FROM sign_in_tries WHERE name_key = ?", (key,)
        )
        return Tries(row[0], row[1]) if row else Tries()

    def set_tries(self, key: str, tries: Tries) -> None:
        """Remember them, also after a restart."""
        with self.transaction():
            self._connection.run(
                "INSERT INTO sign_in_tries (name_key, failures, last_at) VALUES (?, ?, ?) "
                "ON CONFLICT (name_key) DO UPDATE SET failures = excluded.failures, "
                "last_at = excluded.last_at",
                (key, tries.failures, tries.last_at),
            )

    def tell_of_sign_in(self, action: str, subject: str, facts: Mapping[str, Any]) -> None:
        """A line of somebody's coming, going or being refused."""
        self._tell(action, subject, facts)

    def seat(self, author: Author) -> None:
        """Remember who works at this station now; what works by itself is done in their name."""
        self._set_setting(AUTHOR_SETTING, asdict(author))

    def begun_by(self, search_id: str) -> Author | None:
        """Who began a search."""
        row = self._connection.row(
            "SELECT agency, station, examiner FROM search WHERE id = ?", (search_id,)
        )
        known = self.author
        if row is None or known is None:
            return None
        return replace(known, agency=row[0], station=row[1], examiner=row[2])


def _whole(person: Person, term: Term | None) -> Person:
    if term is None:
        raise CaseheadError(
            f"The roles of {person.name} are missing from the casebook; restore the file from a "
            "backup."
        )
    return replace(person, roles=term.roles, active=term.active)
