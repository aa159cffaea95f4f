"""The fields of the record, corrections and custody: what is kept and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.casework.moments import sort_key
from app.casework.record import (
    KIND_WORDS,
    Correction,
    Fact,
    HandOver,
    PickEntry,
    RecordKind,
    same_number,
)
from app.domain import Case, CaseheadError, Firearm, now
from app.store.codec import Codec, by, told, who, who_columns
from app.store.codecs import CARTRIDGE_CASE, CASE, EVENT, EXHIBIT, FIREARM
from app.store.records import Records
from app.store.schema_facts import plain_number

BASE: Mapping[RecordKind, Codec[Any]] = {
    "case": CASE,
    "event": EVENT,
    "exhibit": EXHIBIT,
    "firearm": FIREARM,
    "cartridge_case": CARTRIDGE_CASE,
}
RULES_SETTING = "record_rules"
AREA_SETTING = "search_area"

FACT: Codec[Fact] = Codec(
    "fact",
    f"id kind record_id field value reason {who_columns('noted')}",
    lambda f: (
        *(f.id, f.kind, f.record_id, f.field, f.value, f.reason),
        *who(f.author, f.noted_at),
    ),
    lambda r: Fact(*told(r, 6)),
)
CORRECTION: Codec[Correction] = Codec(
    "correction",
    f"id kind record_id field earlier value reason {who_columns('corrected')}",
    lambda c: (
        *(c.id, c.kind, c.record_id, c.field, c.earlier, c.value, c.reason),
        *who(c.author, c.corrected_at),
    ),
    lambda r: Correction(*told(r, 7)),
)
HAND_OVER: Codec[HandOver] = Codec(
    "hand_over",
    f"id exhibit_id given_by received_by handed_at purpose seal place note {who_columns('noted')}",
    lambda h: (
        *(h.id, h.exhibit_id, h.given_by, h.received_by, h.handed_at, h.purpose, h.seal),
        *(h.place, h.note, *who(h.author, h.noted_at)),
    ),
    lambda r: HandOver(*told(r, 9)),
)
PICK_ENTRY: Codec[PickEntry] = Codec(
    "pick_entry",
    f"id list value offered {who_columns('noted')}",
    lambda p: (p.id, p.list, p.value, int(p.offered), *who(p.author, p.noted_at)),
    lambda r: PickEntry(r[1], r[2], bool(r[3]), *by(r, 4), r[0]),
)

VOUCHED: tuple[Codec[Any], ...] = (FACT, CORRECTION, HAND_OVER, PICK_ENTRY)

_NUMBERED = f'SELECT {CASE.select()} FROM "case" WHERE agency_id = ?'
_ALIKE = f"{_NUMBERED} AND {plain_number('number')} = {plain_number('?')}"


class Facts(Records):
    """Nothing of it is changed: a later fact or correction supersedes the one before."""

    def record(self, kind: RecordKind, record_id: str) -> Mapping[str, Any]:
        """The columns of a case, event, exhibit, firearm or cartridge case.

        Raises CaseheadError when there is none of that id.
        """
        stored = self._stored(BASE[kind], record_id)
        if stored is None:
            raise CaseheadError(f"There is no {KIND_WORDS[kind].lower()} {record_id} here.")
        return stored

    def record_made(self, kind: RecordKind, record_id: str) -> tuple[str, str, str, str]:
        """When a record was added, and by whom: moment, examiner, station, agency."""
        sql = f'SELECT created_at, examiner, station, agency FROM "{BASE[kind].table}" WHERE id = ?'
        found = self._connection.row(sql, (record_id,))
        return (*map(str, found),) if found else ("", "", "", "")  # type: ignore[return-value]

    def facts_of(self, kind: RecordKind, record_id: str) -> dict[str, str]:
        """The newest fact of every field that was noted, without the record's own columns."""
        rows = self._connection.rows(
            "SELECT field, value FROM fact WHERE kind = ? AND record_id = ? ORDER BY seq",
            (kind, record_id),
        )
        return {name: value for name, value in dict(rows).items() if value}

    def fact_history(self, kind: RecordKind, record_id: str) -> tuple[Fact, ...]:
        """Every fact ever noted of a record, oldest first."""
        return self._all(FACT, "kind = ? AND record_id = ?", (kind, record_id))

    def add_fact(self, fact: Fact) -> Fact:
        """Keep a fact; who and when are filled in."""
        with self._change() as author:
            fact = replace(fact, author=fact.author or author, noted_at=fact.noted_at or now())
            told = {"kind": fact.kind, "record_id": fact.record_id, "field": fact.field}
            self._add(FACT, fact, {**told, "value": fact.value, "reason": fact.reason})
        return fact

    def add_correction(self, correction: Correction) -> Correction:
        """Keep what was corrected; who and when are filled in."""
        with self._change() as author:
            made = replace(
                correction,
                author=correction.author or author,
                corrected_at=correction.corrected_at or now(),
            )
            told = {"kind": made.kind, "record_id": made.record_id, "field": made.field}
            told |= {"earlier": made.earlier, "value": made.value, "reason": made.reason}
            self._add(CORRECTION, made, told)
        return made

    def correct_column(self, correction: Correction, taken: str) -> Correction:
        """Change a field every such record has, and keep what was changed.

        The journal vouches for the record as it is now. ``taken`` is the sentence for a number
        in use. Raises CaseheadError when there is no such record.
        """
        codec = BASE[correction.kind]
        with self._change():
            stored = dict(self.record(correction.kind, correction.record_id))
            stored[correction.field] = correction.value
            self._refuse_taken(correction, stored, taken)
            self._update(codec, {"id": stored["id"], correction.field: correction.value})
            made = self.add_correction(correction)
            told = {"field": made.field, "earlier": made.earlier, "value": made.value}
            self._journal(codec, stored, "corrected", {**told, "reason": made.reason})
        return made

    def corrections_of(self, kind: RecordKind, record_id: str) -> tuple[Correction, ...]:
        """Every correction of a record, newest last."""
        return self._all(CORRECTION, "kind = ? AND record_id = ?", (kind, record_id))

    def add_hand_over(self, hand_over: HandOver) -> HandOver:
        """Keep that an exhibit changed hands; who and when are filled in."""
        with self._change() as author:
            made = replace(
                hand_over, author=hand_over.author or author, noted_at=hand_over.noted_at or now()
            )
            told = {"exhibit_id": made.exhibit_id, "from": made.given_by, "to": made.received_by}
            told |= {"at": made.handed_at, "purpose": made.purpose}
            self._add(HAND_OVER, made, told)
        return made

    def hand_overs_of(self, exhibit_id: str) -> tuple[HandOver, ...]:
        """All of an exhibit in the order in which it changed hands."""
        found = self._all(HAND_OVER, "exhibit_id = ?", (exhibit_id,))
        return tuple(sorted(found, key=lambda one: sort_key(one.handed_at)))

    def add_pick_entry(self, entry: PickEntry) -> PickEntry:
        """Keep what the laboratory adds to a pick list, or takes off it again."""
        with self._change() as author:
            made = replace(entry, author=entry.author or author, noted_at=entry.noted_at or now())
            told = {"list": made.list, "value": made.value, "offered": made.offered}
            self._add(PICK_ENTRY, made, told)
        return made

    def pick_entries(self) -> tuple[PickEntry, ...]:
        """All of them, oldest first; the newest of a list and value holds."""
        return self._all(PICK_ENTRY, "1")

    def record_rules(self) -> bool | None:
        """Whether required fields are enforced; None where the laboratory has not said."""
        said = self._setting(RULES_SETTING)
        return None if said is None else bool(said)

    def has_people(self) -> bool:
        """Whether anybody is on record who may sign in."""
        return bool(self._connection.row("SELECT 1 FROM person LIMIT 1"))

    def rules_hold(self) -> bool:
        """Whether required fields are enforced: as the laboratory said, else where people are."""
        said = self.record_rules()
        return self.has_people() if said is None else said

    def set_record_rules(self, enforced: bool) -> None:
        """Say whether required fields are enforced; unlike other settings the journal tells it."""
        with self._change():
            before = self.record_rules()
            if before == enforced:
                return
            self._set_setting(RULES_SETTING, enforced)
            facts = {"enforced": enforced, "before": before}
            self._tell("record rules set", RULES_SETTING, facts)

    def search_area(self) -> frozenset[str] | None:
        """The agencies (ids) searched by default; None while the laboratory set no area."""
        told, author = self._setting(AREA_SETTING), self.author
        if not isinstance(told, list) or author is None:
            return None
        own = "SELECT id FROM agency WHERE name = ? AND ori = ?"
        rows = self._connection.rows(own, (author.agency, author.ori))
        return frozenset(map(str, [*told, *(row[0] for row in rows)]))

    def set_search_area(self, neighbours: Iterable[str] | None, reason: str) -> None:
        """Search these neighbours, too, by default, or (None) all; the journal tells it."""
        kept = None if neighbours is None else sorted(set(neighbours))
        with self._change():
            self._set_setting(AREA_SETTING, kept)
            self._tell("search area set", AREA_SETTING, {"neighbours": kept, "reason": reason})

    def tell_widened(self, search_id: str, reason: str) -> None:
        """Say in the journal that a search goes beyond the search area, and why."""
        self._tell("search widened", search_id, {"reason": reason})

    def case_alike(self, number: str, agency_id: str) -> Case | None:
        """The agency's case of that number in any writing: capitals, blanks and dashes aside."""
        # SQLite lowers Latin letters only: for other scripts every number is looked at
        asked = (agency_id, number) if number.isascii() else (agency_id,)
        rows = self._connection.rows(_ALIKE if number.isascii() else _NUMBERED, asked)
        alike = [case for case in map(CASE.decode, rows) if same_number(case.number, number)]
        return next((c for c in alike if c.number == number), alike[0] if alike else None)

    def firearms_of_serial(self, serial: str) -> tuple[Firearm, ...]:
        """All firearms with that serial number."""
        return self._all(FIREARM, "serial = ?", (serial,))

    def case_of(self, kind: RecordKind, record_id: str) -> str:
        """The id of the case a record belongs to."""
        if kind == "case":
            return record_id
        if kind in ("event", "exhibit"):
            return str(self.record(kind, record_id)["case_id"])
        above = str(self.record(kind, record_id)["exhibit_id"])
        return str(self.record("exhibit", above)["case_id"])

    def _refuse_taken(self, correction: Correction, stored: Mapping[str, Any], taken: str) -> None:
        """Numbers are unique among those they stand beside."""
        unique: dict[tuple[str, str], str] = {
            ("case", "number"): "agency_id",
            ("exhibit", "number"): "case_id",
            ("cartridge_case", "label"): "exhibit_id",
        }
        beside = unique.get((correction.kind, correction.field))
        if beside is None:
            return
        sql = (
            f'SELECT 1 FROM "{BASE[correction.kind].table}" '
            f'WHERE "{beside}" = ? AND "{correction.field}" = ? AND id <> ?'
        )
        asked: Sequence[Any] = (stored[beside], correction.value, stored["id"])
        if self._connection.row(sql, asked):
            raise CaseheadError(taken)
