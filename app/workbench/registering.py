"""Cases, exhibits, cartridge cases and marks: registering them and looking at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from typing import Any

from app.casework.moments import earlier, tidy_moment
from app.casework.record import Field, MissingError, RecordKind, missing, record_fields
from app.domain import (
    Acquired,
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
from app.workbench.record_keeping import Keeper, pick_lists_of, refuse_missing
from app.workbench.tree import FIRST, newest_of, part_of, tree_of, whole_cases
from app.workbench.values import CaseNode, Registration, TreePart

LAST_REGISTRATION = "last_registration"
MADE = "cartridge_case_id"


class Registering(Base):
    """Operations on what bears the marks."""

    def tree(self) -> tuple[CaseNode, ...]:
        """All cases with their exhibits, cartridge cases, marks and current pictures."""
        return tree_of(self._casebook)

    def tree_part(self, words: str = "", most: int = FIRST, wanted: Iterable[str] = ()) -> TreePart:
        """The tree, of a large casebook a part; see ``app.workbench.tree.part_of``."""
        return part_of(self._casebook, words, most, wanted)

    def newest_tree(self, wanted: Iterable[str] = ()) -> tuple[CaseNode, ...]:
        """The tree; of a large casebook its newest cases and those of ``wanted`` records."""
        return newest_of(self._casebook, wanted)

    def case_node(self, case_id: str) -> CaseNode | None:
        """A case with everything below it; None when there is none."""
        found = whole_cases(self._casebook, (case_id,))
        return found[0] if found else None

    def pictures_of(self, mark_id: str) -> tuple[Acquired, ...]:
        """The current pictures of a mark, oldest first."""
        return self._casebook.acquired_of(mark_id)

    def provenance(self, acquired_id: str) -> Provenance:
        """Where a picture sits. Raises CaseheadError when there is none."""
        return self._casebook.provenance(acquired_id)

    def register(self, registration: Registration) -> Mark:
        """Find or make all that the registration names, down to the mark, which is returned.

        What is there stays as it is (a case keeps its first title); what it still lacks is
        filled in. Nothing is made when it is refused. Raises CaseheadError for a missing number,
        an event that cannot be, a number that is there in another writing, a class
        characteristic or field that contradicts what is recorded, a gun that was merely made,
        imported or sold and, where the record rules hold, with all required fields that lack.
        """
        wanted = _tidy(registration)
        rules = self._casebook.rules_hold()
        _check(wanted, rules=rules)
        with self._casebook.transaction():
            case = self._case(wanted)
            exhibit = self._exhibit(wanted, case)
            cartridge_case = self._cartridge_case(wanted, exhibit)
            mark = self._mark(cartridge_case, wanted.mark_kind)
            self._complete(wanted, exhibit, cartridge_case)
            if rules:
                lacking = self._lacking(exhibit, cartridge_case)
                refuse_missing(lacking, "register the cartridge case")
            kept = {**asdict(wanted), MADE: cartridge_case.id}
            self._casebook.set_setting(LAST_REGISTRATION, kept)
        self._publish(Changes(cases=frozenset({case.id})))
        return mark

    def last_registration(self) -> Registration | None:
        """What was registered last, to carry over, as corrected since; None at first."""
        kept = self._casebook.setting(LAST_REGISTRATION)
        if not isinstance(kept, dict):
            return None
        known = {f.name for f in fields(Registration)}
        values = {name: value for name, value in kept.items() if name in known}
        values["role"] = Role(values["role"])
        values["mark_kind"] = MarkKind(values["mark_kind"])
        return self._as_corrected(Registration(**values), str(kept.get(MADE, "")))

    def _as_corrected(self, kept: Registration, cartridge_case_id: str) -> Registration:
        """What is recorded now, where it is another than what was registered."""
        try:
            own = self._casebook.cartridge_case(cartridge_case_id)
            exhibit = self._casebook.exhibit(own.exhibit_id)
        except CaseheadError:  # registered by an older version, or in another casebook
            return kept
        keeper = Keeper(self._casebook)
        held = {k: keeper.stored(k, i) for k, i in _records(exhibit, own) if i}
        now: dict[str, Any] = {
            name: held.get(kind, {}).get(key, "")
            for name, kind, key in _COLUMNS
            if name != "role" and getattr(kept, name)
        }
        facts = {
            name: held.get(record_fields().named(name).record, {}).get(
                record_fields().named(name).key, ""
            )
            for name in kept.facts
        }
        return replace(kept, role=own.role, **now, facts={n: v for n, v in facts.items() if v})

    def pick_lists(self) -> Mapping[str, tuple[str, ...]]:
        """calibres, event_kinds and the other lists to choose from, with the lab's own entries."""
        return pick_lists_of(self._casebook)

    def _case(self, wanted: Registration) -> Case:
        found = self._casebook.find_case(wanted.case_number)
        if found is not None:
            return found
        agency = self._casebook.agency()
        Keeper(self._casebook).refuse_alike(wanted.case_number)
        return self._casebook.add_case(Case(wanted.case_number, agency.id, wanted.title))

    def _exhibit(self, wanted: Registration, case: Case) -> Exhibit:
        event = self._event(wanted, case)
        found = self._casebook.find_exhibit(case.id, wanted.exhibit_number)
        if found is None:
            return self._casebook.add_exhibit(
                Exhibit(case.id, wanted.exhibit_number, event_id=event.id if event else None)
            )
        if event is not None and found.event_id is None:
            Keeper(self._casebook).link_event(found, event.id)
            return replace(found, event_id=event.id)
        return found

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
            if (firearm.make, firearm.model, firearm.serial) == given:
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
        keeper = Keeper(self._casebook)
        for kind, record_id in _records(exhibit, cartridge_case):
            facts = wanted.facts_of(kind)
            if facts and record_id:
                keeper.complete(kind, record_id, facts, "")

    def _lacking(self, exhibit: Exhibit, cartridge_case: CartridgeCase) -> tuple[Field, ...]:
        """All required fields without a value, of this cartridge case and what it hangs on."""
        keeper = Keeper(self._casebook)
        found: list[Field] = []
        for kind, record_id in _records(exhibit, cartridge_case):
            if record_id:
                found += keeper.missing(kind, record_id)
            elif kind == "event":
                found += (one for one in record_fields().of(kind) if one.required)
        return tuple(found)

    def _mark(self, cartridge_case: CartridgeCase, kind: MarkKind) -> Mark:
        found = self._casebook.find_mark(cartridge_case.id, kind)
        return found or self._casebook.add_mark(Mark(cartridge_case.id, kind))


def _tidy(registration: Registration) -> Registration:
    values = {f.name: getattr(registration, f.name) for f in fields(Registration)}
    tidied: dict[str, Any] = {
        name: " ".join(value.split())
        for name, value in values.items()
        if name not in ("role", "mark_kind", "facts")
    }
    facts = {name: " ".join(value.split()) for name, value in registration.facts.items()}
    kept = {name: value for name, value in facts.items() if value}
    if tidied["event_at"]:
        tidied["event_at"] = tidy_moment(tidied["event_at"], "date of the event")
    return replace(registration, **tidied, facts=kept)


_NUMBERS = {
    "case_number": "case number",
    "exhibit_number": "exhibit number",
    "label": "label of the cartridge case",
}
_NAMES = {
    "case_number": "case.number",
    "exhibit_number": "exhibit.number",
    "label": "cartridge_case.label",
}
_COLUMNS: tuple[tuple[str, RecordKind, str], ...] = (
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


def _check(wanted: Registration, *, rules: bool) -> None:
    """Without the numbers nothing can be looked up: all that lacks is what the form lacks."""
    numbers = {name: words for name, words in _NUMBERS.items() if not getattr(wanted, name)}
    if not numbers:
        return
    others = {one.name: one.words for one in _lacking_in(wanted)} if rules else {}
    names = [*(_NAMES[name] for name in numbers), *others]
    lacking = [*numbers.values(), *others.values()]
    named = lacking[0] if len(lacking) == 1 else f"{', '.join(lacking[:-1])} and {lacking[-1]}"
    verb, them = ("is", "it") if len(lacking) == 1 else ("are", "them")
    told = f"The {named} {verb} missing; fill {them} in to register the cartridge case."
    raise MissingError(told, names)


def _lacking_in(wanted: Registration) -> list[Field]:
    facts: dict[RecordKind, dict[str, str]] = {
        kind: wanted.facts_of(kind) for kind in ("event", "exhibit", "cartridge_case")
    }
    for name, kind, key in _COLUMNS:
        if kind in facts:
            facts[kind][key] = str(getattr(wanted, name))
    return [
        one
        for kind, given in facts.items()
        for one in missing(kind, given)
        if one.key not in ("number", "label")
    ]


def _same_event(event: Event, given: tuple[str, str, str]) -> bool:
    kind, at, place = given
    if (event.kind, event.place) != (kind, place):
        return False
    return event.happened_at == at or not (
        _is_kept(event.happened_at) != _is_kept(at)
        or earlier(event.happened_at, at)
        or earlier(at, event.happened_at)
    )


def _is_kept(at: str) -> bool:
    return bool(at)


def _records(exhibit: Exhibit, cartridge_case: CartridgeCase) -> tuple[tuple[RecordKind, str], ...]:
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
