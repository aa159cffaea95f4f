"""Operations on the fields of the record, corrections and custody."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from app.casework.moments import sort_key, tidy_moment
from app.casework.record import (
    KIND_WORDS,
    Correction,
    Fact,
    Field,
    HandOver,
    PickEntry,
    RecordKind,
    custody_gaps,
    record_fields,
    shown,
)
from app.domain import CaseheadError, Changes, Event, Firearm
from app.workbench.base import Base
from app.workbench.record_keeping import Keeper, pick_lists_of, refuse_missing


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of a record with its value; ``recorded`` is "" where the value only follows."""

    field: Field
    value: str
    recorded: str
    missing: bool

    @property
    def shown(self) -> str:
        """The value as people read it."""
        return shown(self.field, self.value)


@dataclass(frozen=True, slots=True)
class RecordSheet:
    """All fields of one record. ``record_id`` is "" for an event or firearm not recorded yet."""

    kind: RecordKind
    record_id: str
    title: str
    lines: tuple[FieldLine, ...]
    own: bool = True

    @property
    def missing(self) -> tuple[Field, ...]:
        """What is required and has no value."""
        return tuple(line.field for line in self.lines if line.missing)


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """Something that was done to a record: who, when, what and why."""

    at: str
    who: str
    station: str
    what: str
    why: str = ""


class Recording(Base):
    """Operations on what is known of cases, events, exhibits, firearms and cartridge cases."""

    def facts(self, kind: RecordKind, record_id: str) -> Mapping[str, str]:
        """What holds of a record by field, its own columns included; unknown fields lack.

        Moments are days or UTC (ISO 8601). The ORI of a case is its agency's where none was
        noted; "fatal" follows from the kind of event. Raises CaseheadError for what is not there.
        """
        record_fields().of(kind)
        return self._keeper.facts(kind, record_id)

    def set_facts(
        self, kind: RecordKind, record_id: str, values: Mapping[str, str], reason: str = ""
    ) -> None:
        """Fill in fields. One that has another value already is corrected, which needs ``reason``.

        All or nothing. Raises CaseheadError in words for what cannot be.
        """
        record_fields().of(kind)
        with self._casebook.transaction():
            case_id = self._keeper.refuse_foreign(kind, record_id)
            changed = self._keeper.complete(kind, record_id, values, reason)
        if changed:
            self._tell_record(case_id)

    def correct(
        self, kind: RecordKind, record_id: str, field: str, value: str, reason: str
    ) -> Correction:
        """Change a recorded value; the earlier one, who, when and why are kept.

        Raises CaseheadError without a reason, for a value that cannot be, for a number in use,
        for a required value taken away where the record rules hold, for images and scans, and
        for another agency's record.
        """
        of = record_fields().get(kind, field)
        with self._casebook.transaction():
            case_id = self._keeper.refuse_foreign(kind, record_id)
            made = self._keeper.correct(kind, record_id, field, value, reason)
            if self.record_rules():
                gone = [f for f in self._keeper.missing(kind, record_id) if f.key == field]
                refuse_missing(tuple(gone), f"correct the {of.words}")
        self._tell_record(case_id)
        return made

    def corrections(self, kind: RecordKind, record_id: str) -> tuple[Correction, ...]:
        """What was corrected of a record, newest last."""
        record_fields().of(kind)
        return self._casebook.corrections_of(kind, record_id)

    def missing_facts(self, kind: RecordKind, record_id: str) -> tuple[Field, ...]:
        """The required fields of a record without a value, whether or not rules enforce them."""
        record_fields().of(kind)
        return self._keeper.missing(kind, record_id)

    def record_event(self, exhibit_id: str, values: Mapping[str, str]) -> Event:
        """The event of an exhibit that has none yet. Raises CaseheadError when it has one."""
        with self._casebook.transaction():
            exhibit = self._casebook.exhibit(exhibit_id)
            if exhibit.event_id:
                raise CaseheadError("This exhibit has its event already; complete or correct that.")
            case_id = self._keeper.refuse_foreign("exhibit", exhibit_id)
            made = self._keeper.make_event(exhibit, values)
        self._tell_record(case_id)
        return made

    def record_firearm(
        self, exhibit_id: str, values: Mapping[str, str], cartridge_case_id: str = ""
    ) -> Firearm:
        """A firearm that is (part of) an exhibit, and that fired the cartridge case, if given."""
        with self._casebook.transaction():
            case_id = self._keeper.refuse_foreign("exhibit", exhibit_id)
            made = self._keeper.make_firearm(exhibit_id, values)
            if cartridge_case_id:
                self._keeper.refuse_foreign("cartridge_case", cartridge_case_id)
                self._keeper.link_firearm(cartridge_case_id, made.id)
        self._tell_record(case_id)
        return made

    def hand_over(
        self,
        exhibit_id: str,
        given_by: str,
        received_by: str,
        handed_at: str,
        purpose: str,
        *,
        seal: str = "",
        place: str = "",
        note: str = "",
    ) -> HandOver:
        """Record that an exhibit changed hands; nothing of it can be changed later.

        ``handed_at`` is a day, or a moment in this computer's time. Raises CaseheadError for a
        blank name or purpose, and for a time in the future.
        """
        texts = {"from": given_by, "to": received_by, "purpose": purpose}
        said = {what: " ".join(text.split()) for what, text in texts.items()}
        lacking = [what for what, text in said.items() if not text]
        if lacking:
            raise CaseheadError(
                f"A hand-over needs {', '.join(lacking)}; fill in what is missing to record it."
            )
        if not handed_at.strip():
            raise CaseheadError("Say when the exhibit changed hands, as 2026-04-12 21:40.")
        made = HandOver(
            exhibit_id,
            said["from"],
            said["to"],
            tidy_moment(handed_at, "time of the hand-over"),
            said["purpose"],
            " ".join(seal.split()),
            " ".join(place.split()),
            " ".join(note.split()),
        )
        with self._casebook.transaction():
            case_id = self._keeper.refuse_foreign("exhibit", exhibit_id)
            made = self._casebook.add_hand_over(made)
        self._tell_record(case_id)
        return made

    def hand_overs(self, exhibit_id: str) -> tuple[HandOver, ...]:
        """Who had an exhibit, in the order in which it changed hands."""
        return self._casebook.hand_overs_of(exhibit_id)

    def custody_gaps(self, exhibit_id: str) -> tuple[str, ...]:
        """A sentence for each place where the chain of custody is not whole."""
        return custody_gaps(self._casebook.hand_overs_of(exhibit_id))

    def record_rules(self) -> bool:
        """Whether required fields are enforced: as the laboratory said, else where people are."""
        return self._casebook.rules_hold()

    def set_record_rules(self, enforced: bool) -> None:
        """Enforce required fields from now on, or only tell of them; the journal tells it."""
        self._casebook.set_record_rules(enforced)
        self._publish(Changes(settings=True))

    def add_pick(self, name: str, value: str) -> None:
        """Add an entry to a pick list. Raises CaseheadError for one that is never taken."""
        value = " ".join(value.split())
        if not value:
            raise CaseheadError("Write what is to be added to the list.")
        lists = pick_lists_of(self._casebook)
        self._refuse_list(name, lists)
        if any(one.casefold() == value.casefold() for one in lists[name]):
            raise CaseheadError(f"'{value}' is in that list already.")
        if name == "roles":
            raise CaseheadError("The roles of a cartridge case are fixed.")
        self._casebook.add_pick_entry(PickEntry(name, value))
        self._publish(Changes(settings=True))

    def withdraw_pick(self, name: str, value: str) -> None:
        """Take an entry off a pick list; what was recorded with it stays."""
        lists = pick_lists_of(self._casebook)
        self._refuse_list(name, lists)
        refused = {v for one in record_fields().all if one.list == name for v in one.refused}
        if value not in lists[name] or value in refused or name == "roles":
            raise CaseheadError(f"'{value}' cannot be taken off that list.")
        self._casebook.add_pick_entry(PickEntry(name, value, offered=False))
        self._publish(Changes(settings=True))

    def sheets(self, kind: RecordKind, record_id: str) -> tuple[RecordSheet, ...]:
        """The record chosen and those it hangs together with, nearest first."""
        own = self._is_own(kind, record_id)
        return tuple(
            replace(self._sheet(one, found, title), own=own)
            for one, found, title in self._around(kind, record_id)
        )

    def history(self, kind: RecordKind, record_id: str) -> tuple[HistoryLine, ...]:
        """What was done to a record, oldest first."""
        record_fields().of(kind)
        at, examiner, station, _ = self._casebook.record_made(kind, record_id)
        lines = [HistoryLine(at, examiner, station, f"{KIND_WORDS[kind]} recorded")]
        corrected = self._casebook.corrections_of(kind, record_id)
        known = {(c.field, c.value, c.corrected_at) for c in corrected}
        lines += [
            _noted(fact)
            for fact in self._casebook.fact_history(kind, record_id)
            if (fact.field, fact.value, fact.noted_at) not in known
        ]
        lines += map(_corrected, corrected)
        if kind == "exhibit":
            lines += map(_handed, self._casebook.hand_overs_of(record_id))
        return tuple(sorted(lines, key=lambda line: sort_key(line.at)))

    @property
    def _keeper(self) -> Keeper:
        return Keeper(self._casebook)

    def _tell_record(self, case_id: str) -> None:
        self._publish(Changes(cases=frozenset({case_id}), casework=True))

    def _refuse_list(self, name: str, lists: Mapping[str, tuple[str, ...]]) -> None:
        if name not in lists:
            raise CaseheadError(
                f"There is no pick list '{name}'; choose one of {', '.join(lists)}."
            )

    def _is_own(self, kind: RecordKind, record_id: str) -> bool:
        if self.author is None:
            return False
        return self._keeper.is_own(kind, record_id)

    def _sheet(self, kind: RecordKind, record_id: str, title: str) -> RecordSheet:
        facts = self._keeper.facts(kind, record_id) if record_id else {}
        stored = self._keeper.stored(kind, record_id) if record_id else {}
        lacking = self._keeper.missing(kind, record_id) if record_id else ()
        if not record_id and kind == "event":
            lacking = tuple(one for one in record_fields().of(kind) if one.required)
        lines = tuple(
            FieldLine(one, facts.get(one.key, ""), stored.get(one.key, ""), one in lacking)
            for one in record_fields().of(kind)
        )
        return RecordSheet(kind, record_id, title, lines)

    def _around(self, kind: RecordKind, record_id: str) -> list[tuple[RecordKind, str, str]]:
        """Kind, id and title of what hangs together with a record."""
        found: list[tuple[RecordKind, str, str]] = []
        exhibit_id = record_id
        if kind == "cartridge_case":
            own = self._casebook.cartridge_case(record_id)
            found.append((kind, record_id, f"Cartridge case {own.label}"))
            exhibit_id = own.exhibit_id
            if own.firearm_id:
                found.append(("firearm", own.firearm_id, self._gun(own.firearm_id)))
        if kind in ("cartridge_case", "exhibit"):
            found += self._of_exhibit(exhibit_id, {one[1] for one in found})
        case_id = self._casebook.case_of(kind, record_id)
        number = self._casebook.record("case", case_id)["number"]
        return [*found, ("case", case_id, f"Case {number}")]

    def _of_exhibit(self, exhibit_id: str, there: set[str]) -> list[tuple[RecordKind, str, str]]:
        exhibit = self._casebook.exhibit(exhibit_id)
        found: list[tuple[RecordKind, str, str]] = [
            ("exhibit", exhibit_id, f"Exhibit {exhibit.number}"),
            ("event", exhibit.event_id or "", "Event"),
        ]
        guns = [f.id for f in self._casebook.firearms(exhibit_id) if f.id not in there]
        found += [("firearm", one, self._gun(one)) for one in guns]
        if not guns and not there:
            found.append(("firearm", "", "Firearm"))
        return found

    def _gun(self, firearm_id: str) -> str:
        row = self._casebook.record("firearm", firearm_id)
        return " ".join(filter(None, ("Firearm", row["make"], row["model"], row["serial"])))


def _noted(fact: Fact) -> HistoryLine:
    of = record_fields().get(fact.kind, fact.field)
    return _line(fact.author, fact.noted_at, f"{of.label}: {shown(of, fact.value)}", fact.reason)


def _corrected(one: Correction) -> HistoryLine:
    if one.field in ("event_id", "firearm_id"):
        which = "event" if one.field == "event_id" else "firearm"
        return _line(one.author, one.corrected_at, f"Linked with its {which}", one.reason)
    of = record_fields().get(one.kind, one.field)
    value = shown(of, one.value) or "unknown"
    if not one.earlier:
        return _line(one.author, one.corrected_at, f"{of.label}: {value}", one.reason)
    what = f"{of.label} corrected from '{shown(of, one.earlier)}' to '{value}'"
    return _line(one.author, one.corrected_at, what, one.reason)


def _handed(one: HandOver) -> HistoryLine:
    what = f"Handed over by {one.given_by} to {one.received_by}"
    return _line(one.author, one.handed_at, what, one.purpose)


def _line(author: object, at: str, what: str, why: str) -> HistoryLine:
    who = getattr(author, "examiner", "")
    return HistoryLine(at, who, getattr(author, "station", ""), what, why)
