"""A cartridge case entered with all it hangs together with, by form or by file alike."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.casework.moments import earlier
from app.casework.record import KINDS, Field, RecordKind, missing, record_fields, shown
from app.domain import (
    CartridgeCase,
    Case,
    CaseheadError,
    Event,
    Exhibit,
    Firearm,
    Mark,
    MarkKind,
    Role,
)
from app.store import Casebook
from app.workbench.record_keeping import Keeper
from app.workbench.values import Registration

COLUMNS: tuple[tuple[str, RecordKind, str], ...] = (
    ("case_number", "case", "number"),
    ("exhibit_number", "exhibit", "number"),
    ("label", "cartridge_case", "label"),
    ("firearm_make", "firearm", "make"),
    ("firearm_model", "firearm", "model"),
    ("firearm_serial", "firearm", "serial"),
    ("event_kind", "event", "kind"),
    ("event_at", "event", "happened_at"),
    ("event_place", "event", "place"),
    ("role", "cartridge_case", "role"),
    ("calibre", "cartridge_case", "calibre"),
    ("firing_pin_shape", "cartridge_case", "firing_pin_shape"),
    ("breech_face_class", "cartridge_case", "breech_face_class"),
)
"""Where a registration has the columns of the records."""
_ATTRIBUTES = {f"{kind}.{key}": name for name, kind, key in COLUMNS}
_EVENT = ("kind", "happened_at", "place")
_OF_A_SPECIMEN: tuple[RecordKind, ...] = ("event", "exhibit", "cartridge_case")


@dataclass(frozen=True, slots=True)
class Entered:
    """The mark that was found or made, its case, and the required fields without a value."""

    mark: Mark
    case_id: str
    lacking: tuple[Field, ...]


class Entering:
    """Finds or makes what a registration names; what is there stays as it is and is completed."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook

    def enter(self, wanted: Registration) -> Entered:
        """Inside the caller's transaction. Raises CaseheadError for what contradicts the record."""
        case = self._case(wanted)
        exhibit = self._exhibit(wanted, case)
        cartridge_case = self._cartridge_case(wanted, exhibit)
        mark = self._mark(cartridge_case, wanted.mark_kind)
        self._complete(wanted, exhibit, cartridge_case)
        return Entered(mark, case.id, self._lacking(exhibit, cartridge_case))

    def lacking(self, wanted: Registration) -> tuple[Field, ...]:
        """The required fields that would have no value once it was entered; nothing is written."""
        given, held = given_in(wanted), self._held(wanted)
        held["firearm"]["calibre"] = wanted.calibre
        return tuple(
            one
            for kind, facts in held.items()
            for one in missing(kind, {**facts, **given[kind]})
            if kind != "firearm" or given[kind]
        )

    @cached_property
    def _keeper(self) -> Keeper:
        return Keeper(self._casebook)

    def _held(self, wanted: Registration) -> dict[RecordKind, dict[str, str]]:
        """What is recorded of the case and of the exhibit that it names, and of its event."""
        held: dict[RecordKind, dict[str, str]] = {
            "case": {"agency_ori": self._casebook.agency().ori},
            **{kind: {} for kind in ("event", "exhibit", "firearm", "cartridge_case")},
        }
        case = self._casebook.find_case(wanted.case_number)
        if case is None:
            return held
        held["case"] = self._keeper.facts("case", case.id)
        exhibit = self._casebook.find_exhibit(case.id, wanted.exhibit_number)
        if exhibit is not None:
            held["exhibit"] = self._keeper.facts("exhibit", exhibit.id)
            if exhibit.event_id:
                held["event"] = self._keeper.facts("event", exhibit.event_id)
        return held

    def _case(self, wanted: Registration) -> Case:
        found = self._casebook.find_case(wanted.case_number)
        if found is not None:
            return found
        agency = self._casebook.agency()
        self._keeper.refuse_alike(wanted.case_number)
        return self._casebook.add_case(Case(wanted.case_number, agency.id, wanted.title))

    def _exhibit(self, wanted: Registration, case: Case) -> Exhibit:
        found = self._casebook.find_exhibit(case.id, wanted.exhibit_number)
        if found is not None and found.event_id:
            return found
        event = self._event(wanted, case)
        if found is None:
            return self._casebook.add_exhibit(
                Exhibit(case.id, wanted.exhibit_number, event_id=event.id if event else None)
            )
        if event is not None:
            self._keeper.link_event(found, event.id)
            return replace(found, event_id=event.id)
        return found

    def _complete_event(self, wanted: Registration, exhibit: Exhibit, event_id: str) -> None:
        """Fill in what the event of an exhibit lacks. Raises CaseheadError for another event."""
        held = self._keeper.stored("event", event_id)
        given = {k: v for k, v in given_in(wanted)["event"].items() if k in _EVENT}
        if any(held.get(k) and not _agree(k, held[k], v) for k, v in given.items()):
            parts = (shown(record_fields().get("event", k), held.get(k, "")) for k in _EVENT)
            told = ", ".join(part for part in parts if part)
            raise CaseheadError(
                f"Exhibit {exhibit.number} is recorded with another event ({told}); leave the "
                "event empty to keep that one, or correct it in the record."
            )
        new = {k: v for k, v in given.items() if not held.get(k)}
        if new:
            self._keeper.complete("event", event_id, new, "")

    def _event(self, wanted: Registration, case: Case) -> Event | None:
        given = (wanted.event_kind, wanted.event_at, wanted.event_place)
        if not any(given) and not wanted.facts_of("event"):
            return None
        for event in self._casebook.events(case.id):
            if _same_event(event, given):
                return event
        return self._casebook.add_event(Event(case.id, *given))

    def _firearm(self, wanted: Registration, exhibit: Exhibit) -> Firearm | None:
        given = (wanted.firearm_make, wanted.firearm_model, wanted.firearm_serial)
        if not any(given) and not wanted.facts_of("firearm"):
            return None
        # without a serial number only one of the same exhibit can be meant
        held = (
            self._casebook.firearms_of_serial(wanted.firearm_serial)
            if wanted.firearm_serial
            else self._casebook.firearms(exhibit.id)
        )
        for firearm in held:
            same = (firearm.make, firearm.model, firearm.serial) == given
            if same and self._keeper.is_own("firearm", firearm.id):
                return firearm
        return self._casebook.add_firearm(Firearm(exhibit.id, *given, wanted.calibre))

    def _cartridge_case(self, wanted: Registration, exhibit: Exhibit) -> CartridgeCase:
        firearm = self._firearm(wanted, exhibit)
        found = self._casebook.find_cartridge_case(exhibit.id, wanted.label)
        if found is not None:
            _check_agrees(wanted, found, firearm)
            return found
        return self._casebook.add_cartridge_case(
            CartridgeCase(
                exhibit.id,
                wanted.label,
                wanted.role,
                wanted.calibre,
                wanted.firing_pin_shape,
                wanted.breech_face_class,
                firearm_id=firearm.id if firearm else None,
            )
        )

    def _complete(
        self, wanted: Registration, exhibit: Exhibit, cartridge_case: CartridgeCase
    ) -> None:
        """Fill in the further fields of all that was found or made."""
        if exhibit.event_id:
            self._complete_event(wanted, exhibit, exhibit.event_id)
        for kind, record_id in records_of(exhibit, cartridge_case):
            facts = wanted.facts_of(kind)
            if facts and record_id:
                self._keeper.complete(kind, record_id, facts, "")

    def _lacking(self, exhibit: Exhibit, cartridge_case: CartridgeCase) -> tuple[Field, ...]:
        """All required fields without a value, of this cartridge case and what it hangs on."""
        found: list[Field] = []
        for kind, record_id in records_of(exhibit, cartridge_case):
            if record_id:
                found += self._keeper.missing(kind, record_id)
            elif kind == "event":
                found += (one for one in record_fields().of(kind) if one.required)
        return tuple(found)

    def _mark(self, cartridge_case: CartridgeCase, kind: MarkKind) -> Mark:
        found = self._casebook.find_mark(cartridge_case.id, kind)
        return found or self._casebook.add_mark(Mark(cartridge_case.id, kind))


def with_fields(registration: Registration, values: Mapping[str, str]) -> Registration:
    """The same with these fields (by ``Field.name``) filled in, each where it belongs.

    Raises CaseheadError for a role that there is not.
    """
    columns: dict[str, Any] = {
        _ATTRIBUTES[name]: value for name, value in values.items() if name in _ATTRIBUTES
    }
    if "role" in columns and columns["role"] not in list(Role):
        raise CaseheadError(f"The role is one of {', '.join(Role)}, not '{columns['role']}'.")
    if "role" in columns:
        columns["role"] = Role(columns["role"])
    facts = {name: value for name, value in values.items() if name not in _ATTRIBUTES}
    return replace(registration, **columns, facts={**registration.facts, **facts})


def given_in(wanted: Registration) -> dict[RecordKind, dict[str, str]]:
    """What a registration says of each kind of record, by field; nothing that is empty."""
    given: dict[RecordKind, dict[str, str]] = {kind: wanted.facts_of(kind) for kind in KINDS}
    for name, kind, key in COLUMNS:
        if getattr(wanted, name):
            given[kind][key] = str(getattr(wanted, name))
    return given


def lacking_in(wanted: Registration) -> list[Field]:
    """The required fields that a registration by itself does not fill, but for the numbers."""
    given = given_in(wanted)
    return [
        one
        for kind in _OF_A_SPECIMEN
        for one in missing(kind, given[kind])
        if one.key not in ("number", "label")
    ]


def _same_event(event: Event, given: tuple[str, str, str]) -> bool:
    kind, at, place = given
    return (event.kind, event.place) == (kind, place) and _same_moment(event.happened_at, at)


def _same_moment(one: str, other: str) -> bool:
    """A day alone is the same as any moment of it."""
    if one == other:
        return True
    return bool(one) == bool(other) and not (earlier(one, other) or earlier(other, one))


def _agree(key: str, held: str, given: str) -> bool:
    return _same_moment(held, given) if key == "happened_at" else held == given


def records_of(
    exhibit: Exhibit, cartridge_case: CartridgeCase
) -> tuple[tuple[RecordKind, str], ...]:
    """Kind and id of all that a cartridge case hangs together with; "" for what there is not."""
    return (
        ("case", exhibit.case_id),
        ("event", exhibit.event_id or ""),
        ("exhibit", exhibit.id),
        ("firearm", cartridge_case.firearm_id or ""),
        ("cartridge_case", cartridge_case.id),
    )


def _check_agrees(wanted: Registration, found: CartridgeCase, firearm: Firearm | None) -> None:
    for name, what in (
        ("role", "role"),
        ("calibre", "calibre"),
        ("firing_pin_shape", "firing-pin shape"),
        ("breech_face_class", "breech-face class"),
    ):
        given, recorded = getattr(wanted, name), getattr(found, name)
        if given and given != recorded:
            raise CaseheadError(
                f"Cartridge case {found.label} is recorded with {what} '{recorded or 'unknown'}', "
                f"not '{given}'; take the recorded one or give the case another label."
            )
    if firearm is not None and firearm.id != found.firearm_id:
        raise CaseheadError(
            f"Cartridge case {found.label} is recorded without this firearm; "
            "leave the firearm empty or give the case another label."
        )
