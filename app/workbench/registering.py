"""Cases, exhibits, cartridge cases and marks: registering them and looking at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from app.domain import (
    CartridgeCase,
    Case,
    CaseheadError,
    Changes,
    Event,
    Exhibit,
    Firearm,
    Mark,
    MarkKind,
    Provenance,
    Role,
)
from app.workbench.base import Base
from app.workbench.tree import tree_of
from app.workbench.values import (
    CaseNode,
    Registration,
    load_pick_lists,
)

LAST_REGISTRATION = "last_registration"


class Registering(Base):
    """Operations on what bears the marks."""

    def tree(self) -> tuple[CaseNode, ...]:
        """All cases with their exhibits, cartridge cases, marks and current pictures."""
        return tree_of(self._casebook)

    def provenance(self, acquired_id: str) -> Provenance:
        """Where a picture sits. Raises CaseheadError when there is none."""
        return self._casebook.provenance(acquired_id)

    def register(self, registration: Registration) -> Mark:
        """Find or make all that the registration names, down to the mark, which is returned.

        What is there stays as it is (a case keeps its first title).

        Nothing is made when it is refused. Raises CaseheadError for a missing number, an event
        that cannot be, or a class characteristic that contradicts what is recorded.
        """
        wanted = _tidy(registration)
        _check(wanted)
        with self._casebook.transaction():
            case = self._case(wanted)
            exhibit = self._exhibit(wanted, case)
            cartridge_case = self._cartridge_case(wanted, exhibit)
            mark = self._mark(cartridge_case, wanted.mark_kind)
            self._casebook.set_setting(LAST_REGISTRATION, asdict(wanted))
        self._publish(Changes(cases=frozenset({case.id})))
        return mark

    def last_registration(self) -> Registration | None:
        """What was registered last, to carry over; None at first."""
        kept = self._casebook.setting(LAST_REGISTRATION)
        if not isinstance(kept, dict):
            return None
        known = {f.name for f in fields(Registration)}
        values = {name: value for name, value in kept.items() if name in known}
        values["role"] = Role(values["role"])
        values["mark_kind"] = MarkKind(values["mark_kind"])
        return Registration(**values)

    def pick_lists(self) -> Mapping[str, tuple[str, ...]]:
        """calibres, firing_pin_shapes, breech_face_classes and event_kinds to choose from."""
        return self._pick_lists

    @cached_property
    def _pick_lists(self) -> Mapping[str, tuple[str, ...]]:
        return load_pick_lists()

    def _case(self, wanted: Registration) -> Case:
        found = self._casebook.find_case(wanted.case_number)
        if found is not None:
            return found
        agency = self._casebook.agency()
        return self._casebook.add_case(Case(wanted.case_number, agency.id, wanted.title))

    def _exhibit(self, wanted: Registration, case: Case) -> Exhibit:
        event = self._event(wanted, case)
        found = self._casebook.find_exhibit(case.id, wanted.exhibit_number)
        if found is not None:
            return found
        return self._casebook.add_exhibit(
            Exhibit(case.id, wanted.exhibit_number, event_id=event.id if event else None)
        )

    def _event(self, wanted: Registration, case: Case) -> Event | None:
        given = (wanted.event_kind, wanted.event_at, wanted.event_place)
        if not any(given):
            return None
        for event in self._casebook.events(case.id):
            if (event.kind, event.happened_at, event.place) == given:
                return event
        return self._casebook.add_event(Event(case.id, *given))

    def _firearm(self, wanted: Registration, exhibit: Exhibit) -> Firearm | None:
        given = (wanted.firearm_make, wanted.firearm_model, wanted.firearm_serial)
        if not any(given):
            return None
        for firearm in self._casebook.firearms():
            # without a serial number only one of the same exhibit can be meant
            meant = wanted.firearm_serial or firearm.exhibit_id == exhibit.id
            if meant and (firearm.make, firearm.model, firearm.serial) == given:
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

    def _mark(self, cartridge_case: CartridgeCase, kind: MarkKind) -> Mark:
        found = self._casebook.find_mark(cartridge_case.id, kind)
        return found or self._casebook.add_mark(Mark(cartridge_case.id, kind))


def _tidy(registration: Registration) -> Registration:
    values = {f.name: getattr(registration, f.name) for f in fields(Registration)}
    tidied: dict[str, Any] = {
        name: " ".join(value.split())
        for name, value in values.items()
        if name not in ("role", "mark_kind")
    }
    return replace(registration, **tidied)


def _check(wanted: Registration) -> None:
    for name, what in (
        ("case_number", "case number"),
        ("exhibit_number", "exhibit number"),
        ("label", "label of the cartridge case"),
    ):
        if not getattr(wanted, name):
            raise CaseheadError(
                f"The {what} is missing; fill it in to register the cartridge case."
            )
    if wanted.event_at:
        _check_moment(wanted.event_at)


def _check_moment(text: str) -> None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise CaseheadError(
            f"'{text}' is not a date; write it as year-month-day, for example 2026-04-12."
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    # a day's grace: the casebook's clock is UTC, the date on the form is local
    if moment > datetime.now(UTC) + timedelta(days=1):
        raise CaseheadError(f"The event cannot lie in the future ({text}); correct its date.")


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
