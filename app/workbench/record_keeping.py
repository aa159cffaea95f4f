"""How fields of the record are completed and corrected: one way, for forms and panels alike."""

from __future__ import annotations

from collections.abc import Mapping

from app.casework.record import (
    KIND_WORDS,
    Correction,
    Fact,
    Field,
    MissingError,
    RecordKind,
    check_order,
    missing,
    missing_sentence,
    record_fields,
    shown,
    tidied,
)
from app.domain import CaseheadError, Event, Exhibit, Firearm, new_id, now
from app.store import Casebook
from app.workbench.values import load_pick_lists

PickLists = Mapping[str, tuple[str, ...]]
_FATAL = {"fatal shooting": "yes", "non-fatal shooting": "no"}


def pick_lists_of(casebook: Casebook) -> dict[str, tuple[str, ...]]:
    """The lists shipped, with what the laboratory added and without what it took off again."""
    lists = {name: list(entries) for name, entries in load_pick_lists().items()}
    for entry in casebook.pick_entries():
        known = lists.setdefault(entry.list, [])
        if entry.value in known:
            known.remove(entry.value)
        if entry.offered:
            known.append(entry.value)
    return {name: tuple(entries) for name, entries in lists.items()}


class Keeper:
    """Reads and writes the fields of one casebook; made anew for every operation."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._lists: PickLists | None = None

    def stored(self, kind: RecordKind, record_id: str) -> dict[str, str]:
        """What was recorded of every field, newest value, without those that are empty."""
        row = self._casebook.record(kind, record_id)
        columns = {
            one.key: str(row[one.key])
            for one in record_fields().of(kind)
            if one.column and row[one.key]
        }
        return columns | self._casebook.facts_of(kind, record_id)

    def facts(self, kind: RecordKind, record_id: str) -> dict[str, str]:
        """What holds: as recorded, and what follows from it where nothing was."""
        found = self.stored(kind, record_id)
        if kind == "case" and "agency_ori" not in found:
            ori = self._ori(record_id)
            found |= {"agency_ori": ori} if ori else {}
        if kind == "event" and "fatal" not in found:
            fatal = _FATAL.get(found.get("kind", ""))
            found |= {"fatal": fatal} if fatal else {}
        return found

    def missing(self, kind: RecordKind, record_id: str) -> tuple[Field, ...]:
        """The required fields without a value."""
        return missing(kind, self.facts(kind, record_id))

    def complete(
        self, kind: RecordKind, record_id: str, values: Mapping[str, str], reason: str
    ) -> bool:
        """Note values, inside the caller's transaction; False when nothing was new.

        Raises CaseheadError for what cannot be, and for a recorded value that would change
        without a reason.
        """
        before = self.stored(kind, record_id)
        wanted = {key: self.tidy(kind, key, text) for key, text in values.items()}
        new = {key: value for key, value in wanted.items() if value != before.get(key, "")}
        for key, value in new.items():
            earlier = before.get(key, "")
            if earlier and not reason.strip():
                raise CaseheadError(_overwritten(record_fields().get(kind, key), earlier, value))
            self._write(kind, record_id, key, earlier, value, reason)
        if new:
            self._check(kind, record_id)
        return bool(new)

    def correct(
        self, kind: RecordKind, record_id: str, key: str, text: str, reason: str
    ) -> Correction:
        """Change one value, inside the caller's transaction. Raises CaseheadError."""
        of = record_fields().get(kind, key)
        reason = " ".join(reason.split())
        if not reason:
            raise CaseheadError(
                f"Say why the {of.words} is corrected; the reason is kept with both values."
            )
        earlier = self.stored(kind, record_id).get(key, "")
        value = self.tidy(kind, key, text)
        if value == earlier:
            raise CaseheadError(f"The {of.words} is '{shown(of, value)}' already.")
        made = self._write(kind, record_id, key, earlier, value, reason, corrected=True)
        self._check(kind, record_id)
        assert made is not None
        return made

    def make_event(self, exhibit: Exhibit, values: Mapping[str, str]) -> Event:
        """The event of an exhibit that has none yet."""
        columns, facts = self._split("event", values)
        event = Event(exhibit.case_id, **{"kind": "", **columns})
        self._casebook.add_event(event)
        self.link_event(exhibit, event.id)
        self.complete("event", event.id, facts, "")
        return event

    def link_event(self, exhibit: Exhibit, event_id: str) -> None:
        """Say which event an exhibit belongs to."""
        self._casebook.correct_column(
            Correction("exhibit", exhibit.id, "event_id", exhibit.event_id or "", event_id), ""
        )

    def make_firearm(self, exhibit_id: str, values: Mapping[str, str]) -> Firearm:
        """A firearm that is part of an exhibit."""
        columns, facts = self._split("firearm", values)
        if not columns and not facts:
            raise CaseheadError("Nothing is known of the firearm yet; fill in at least one field.")
        firearm = self._casebook.add_firearm(Firearm(exhibit_id, **columns))
        self.complete("firearm", firearm.id, facts, "")
        return firearm

    def link_firearm(self, cartridge_case_id: str, firearm_id: str, reason: str = "") -> None:
        """Say which firearm fired a cartridge case."""
        before = self._casebook.cartridge_case(cartridge_case_id).firearm_id or ""
        self._casebook.correct_column(
            Correction(
                "cartridge_case", cartridge_case_id, "firearm_id", before, firearm_id, reason
            ),
            "",
        )

    def tidy(self, kind: RecordKind, key: str, text: str) -> str:
        """A value as it is stored. Raises CaseheadError for what cannot be."""
        of = record_fields().get(kind, key)
        if self._lists is None:
            self._lists = pick_lists_of(self._casebook)
        return tidied(of, text, self._lists.get(of.list, ()))

    def is_own(self, kind: RecordKind, record_id: str) -> bool:
        """Whether the record is of a case of this agency."""
        case_id = self._casebook.case_of(kind, record_id)
        agency_id = self._casebook.record("case", case_id)["agency_id"]
        return bool(agency_id == self._casebook.agency().id)

    def refuse_foreign(self, kind: RecordKind, record_id: str) -> str:
        """The id of the record's case. Raises CaseheadError when it is another agency's."""
        case_id = self._casebook.case_of(kind, record_id)
        agency_id = self._casebook.record("case", case_id)["agency_id"]
        if agency_id != self._casebook.agency().id:
            whose = next((a.name for a in self._casebook.agencies() if a.id == agency_id), "")
            raise CaseheadError(
                f"This record is {whose or 'another agency'}'s and stays as they sent it; "
                "ask them to correct it."
            )
        return case_id

    def refuse_alike(self, number: str, but: str = "") -> None:
        """Raises CaseheadError when the number is there in another writing."""
        alike = self._casebook.case_alike(number, self._casebook.agency().id)
        if alike is not None and alike.id != but:
            raise CaseheadError(
                f"Case {alike.number} is already there, and '{number}' is the same number in "
                f"another writing; write {alike.number} to go on with that case."
            )

    def _write(
        self,
        kind: RecordKind,
        record_id: str,
        key: str,
        earlier: str,
        value: str,
        reason: str,
        *,
        corrected: bool = False,
    ) -> Correction | None:
        of = record_fields().get(kind, key)
        made = Correction(kind, record_id, key, earlier, value, reason, None, now(), new_id())
        if of.column:
            self._refuse_blank_number(of, value)
            if of.name == "case.number":
                self.refuse_alike(value, record_id)
            taken = f"There is a {of.words} '{value}' here already; choose another one."
            return self._casebook.correct_column(made, taken)
        self._casebook.add_fact(Fact(kind, record_id, key, value, reason, None, made.corrected_at))
        return self._casebook.add_correction(made) if earlier or corrected else None

    def _refuse_blank_number(self, of: Field, value: str) -> None:
        if not value and of.key in ("number", "label", "role"):
            raise CaseheadError(f"The {of.words} cannot be empty; write the right one.")

    def _check(self, kind: RecordKind, record_id: str) -> None:
        """What must hold between fields."""
        facts = self.facts(kind, record_id)
        if kind == "exhibit":
            check_order(facts)
        if kind == "event" and bool(facts.get("latitude")) != bool(facts.get("longitude")):
            raise CaseheadError(
                "A place on the map needs both latitude and longitude; fill in the other one too."
            )

    def _ori(self, case_id: str) -> str:
        agency_id = self._casebook.record("case", case_id)["agency_id"]
        return next((a.ori for a in self._casebook.agencies() if a.id == agency_id), "")

    def _split(
        self, kind: RecordKind, values: Mapping[str, str]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Columns of a new record, tidied, and the facts to be noted of it."""
        columns: dict[str, str] = {}
        facts: dict[str, str] = {}
        for key, text in values.items():
            if not text.strip():
                continue
            if record_fields().get(kind, key).column:
                columns[key] = self.tidy(kind, key, text)
            else:
                facts[key] = text
        return columns, facts


def refuse_missing(fields: tuple[Field, ...], what: str) -> None:
    """Raises MissingError with all of them in one sentence; nothing when nothing is missing."""
    sentence = missing_sentence(fields)
    if sentence:
        told = f"{sentence.rstrip('.')}; fill in what is missing to {what}."
        raise MissingError(told, (one.name for one in fields))


def _overwritten(of: Field, earlier: str, value: str) -> str:
    where = KIND_WORDS[of.record].lower()
    return (
        f"The {of.words} of this {where} is recorded as '{shown(of, earlier)}', not "
        f"'{shown(of, value) or 'unknown'}'; correct it in the record, with a reason."
    )
