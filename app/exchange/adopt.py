"""From an entry into the casebook: what is new is added, what is there is kept as it is.

An entry finds its place by identifier, else by what is unique to people (ORI or agency name,
case number, exhibit number, label, kind of mark, digest), so that two stations of one agency
do not double a case that both have opened.
"""

from __future__ import annotations

from dataclasses import dataclass
from sqlite3 import IntegrityError

from app.domain import (
    Acquired,
    Agency,
    CartridgeCase,
    Case,
    CaseheadError,
    Event,
    Exhibit,
    Firearm,
    Mark,
)
from app.exchange.schema import (
    AcquiredFacts,
    AgencyFacts,
    CartridgeCaseFacts,
    Entry,
    ExhibitFacts,
    FirearmFacts,
    MarkFacts,
)
from app.exchange.sources import held
from app.store import Casebook


@dataclass(frozen=True, slots=True)
class Adopted:
    """What an entry added: new pictures, and how many new ``records`` of any kind."""

    acquired_ids: tuple[str, ...]
    records: int


def missing_pixels(casebook: Casebook, entry: Entry) -> tuple[AcquiredFacts, ...]:
    """The pictures of ``entry`` whose pixels the casebook does not hold."""
    missing = {a.digest: a for a in entry.acquired if not held(casebook, a.digest)}
    return tuple(missing.values())


def adopt(casebook: Casebook, entry: Entry) -> Adopted:
    """Add the records of ``entry``, whose pixels are kept already.

    All or nothing: one transaction. Raises CaseheadError when the entry contradicts the casebook.
    """
    adoption = _Adoption(casebook, entry)
    try:
        with casebook.transaction():
            return adoption.run()
    except IntegrityError as error:
        raise CaseheadError(
            "it uses an identifier that this casebook has for something else"
        ) from error


class _Adoption:
    """One entry on its way in; maps the entry's identifiers to those of the casebook."""

    def __init__(self, casebook: Casebook, entry: Entry) -> None:
        self._casebook = casebook
        self._entry = entry
        self._exhibits: dict[str, str] = {}
        self._firearms: dict[str, str] = {}
        self._pictures: list[str] = []
        self._records = 0

    def run(self) -> Adopted:
        entry = self._entry
        agency = self._agency(entry.agency)
        case = self._case(agency)
        event_id = self._event(case)
        for facts in entry.firearm_exhibits:
            self._exhibit(case, facts, None)
        exhibit = self._exhibit(case, entry.exhibit, event_id)
        for firearm in entry.firearms:
            self._firearm(firearm)
        for cartridge_case in entry.cartridge_cases:
            self._cartridge_case(exhibit, cartridge_case)
        return Adopted(tuple(self._pictures), self._records)

    def _agency(self, facts: AgencyFacts) -> Agency:
        for known in self._casebook.agencies():
            if known.id == facts.id or _same_agency(known, facts):
                return known
        agency = Agency(**facts.model_dump())
        self._records += 1
        self._casebook.add_agency(agency)
        return agency

    def _case(self, agency: Agency) -> Case:
        facts = self._entry.case
        known = self._casebook.find_case(facts.number, agency.id)
        if known is not None:
            return known
        self._records += 1
        return self._casebook.add_case(Case(**facts.model_dump(), agency_id=agency.id))

    def _event(self, case: Case) -> str | None:
        facts = self._entry.event
        if facts is None:
            return None
        event = Event(**facts.model_dump(), case_id=case.id)
        for known in self._casebook.events(case.id):
            if known.id == event.id or _same_event(known, event):
                return known.id
        self._records += 1
        self._casebook.add_event(event)
        return event.id

    def _exhibit(self, case: Case, facts: ExhibitFacts, event_id: str | None) -> Exhibit:
        known = self._casebook.find_exhibit(case.id, facts.number)
        if known is None:
            self._records += 1
            known = self._casebook.add_exhibit(
                Exhibit(**facts.model_dump(), case_id=case.id, event_id=event_id)
            )
        self._exhibits[facts.id] = known.id
        return known

    def _firearm(self, facts: FirearmFacts) -> None:
        exhibit_id = self._exhibits[facts.exhibit_id]
        firearm = Firearm(**facts.model_dump(exclude={"exhibit_id"}), exhibit_id=exhibit_id)
        for known in self._casebook.firearms():
            if known.id == firearm.id or _same_firearm(known, firearm):
                self._firearms[facts.id] = known.id
                return
        self._records += 1
        self._casebook.add_firearm(firearm)
        self._firearms[facts.id] = firearm.id

    def _cartridge_case(self, exhibit: Exhibit, facts: CartridgeCaseFacts) -> None:
        known = self._casebook.find_cartridge_case(exhibit.id, facts.label)
        if known is None:
            self._records += 1
            firearm = self._firearms.get(facts.firearm_id or "")
            known = self._casebook.add_cartridge_case(
                CartridgeCase(
                    **facts.model_dump(exclude={"marks", "firearm_id"}),
                    exhibit_id=exhibit.id,
                    firearm_id=firearm,
                )
            )
        for mark in facts.marks:
            self._mark(known, mark)

    def _mark(self, cartridge_case: CartridgeCase, facts: MarkFacts) -> None:
        known = self._casebook.find_mark(cartridge_case.id, facts.kind)
        if known is None:
            self._records += 1
            known = self._casebook.add_mark(
                Mark(id=facts.id, cartridge_case_id=cartridge_case.id, kind=facts.kind)
            )
        for acquired in facts.acquired:
            self._acquired(known, acquired)

    def _acquired(self, mark: Mark, facts: AcquiredFacts) -> None:
        known = self._casebook.find_acquired(mark.id, facts.digest)
        if known is not None and not self._settles_scale(known, facts):
            return
        picture = facts.value(mark.id)
        if known is None:
            self._casebook.add_acquired(picture)
        else:
            self._casebook.supersede_acquired(known.id, picture)
        self._records += 1
        self._pictures.append(facts.id)

    def _settles_scale(self, known: Acquired, facts: AcquiredFacts) -> bool:
        """Whether a partner later found the scale of a picture that it had sent without one."""
        foreign = known.record.author.agency == facts.record.author.agency
        own = self._casebook.author
        ours = own is not None and own.agency == known.record.author.agency
        return foreign and not ours and known.pixel_um is None and facts.pixel_um is not None


def _same_agency(known: Agency, facts: AgencyFacts) -> bool:
    if known.ori and facts.ori:
        return known.ori.casefold() == facts.ori.casefold()
    return known.name.casefold() == facts.name.casefold()


def _same_event(known: Event, event: Event) -> bool:
    return (known.kind, known.happened_at, known.place) == (
        event.kind,
        event.happened_at,
        event.place,
    )


def _same_firearm(known: Firearm, firearm: Firearm) -> bool:
    return (
        known.exhibit_id == firearm.exhibit_id
        and known.serial == firearm.serial
        and known.make == firearm.make
        and known.model == firearm.model
    )
