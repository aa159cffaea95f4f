"""From the casebook to an entry: everything an agency shares of one exhibit."""

from __future__ import annotations

from app.domain import Agency, CartridgeCase, Case, Event, Exhibit, Mark
from app.exchange.schema import (
    AcquiredFacts,
    AgencyFacts,
    CartridgeCaseFacts,
    CaseFacts,
    Entry,
    EventFacts,
    ExhibitFacts,
    FirearmFacts,
    MarkFacts,
)
from app.store import Casebook


def gather(casebook: Casebook, exhibit_id: str) -> Entry:
    """The exhibit as an entry. Raises CaseheadError when there is no such exhibit."""
    exhibit = casebook.exhibit(exhibit_id)
    (case,) = casebook.cases_by_id((exhibit.case_id,))
    cartridge_cases = casebook.cartridge_cases(exhibit.id)
    wanted = {c.firearm_id for c in cartridge_cases if c.firearm_id is not None}
    beside = {x.id: x for x in casebook.exhibits(case.id)}
    recorded = [f for exhibit_id in beside for f in casebook.firearms(exhibit_id)]
    firearms = [f for f in recorded if f.id in wanted or f.exhibit_id == exhibit.id]
    named = {f.exhibit_id for f in firearms} - {exhibit.id}
    agency = _agency(casebook, case)
    return Entry(
        agency=AgencyFacts(id=agency.id, name=agency.name, ori=agency.ori),
        case=CaseFacts(id=case.id, number=case.number, title=case.title),
        event=_event(casebook, exhibit),
        exhibit=_exhibit(exhibit),
        firearm_exhibits=tuple(_exhibit(beside[i]) for i in sorted(named)),
        firearms=tuple(
            FirearmFacts(
                id=f.id,
                exhibit_id=f.exhibit_id,
                make=f.make,
                model=f.model,
                serial=f.serial,
                calibre=f.calibre,
            )
            for f in sorted(firearms, key=lambda f: f.id)
        ),
        cartridge_cases=tuple(
            _cartridge_case(casebook, c, {f.id for f in firearms})
            for c in sorted(cartridge_cases, key=lambda c: c.id)
        ),
    )


def _agency(casebook: Casebook, case: Case) -> Agency:
    for agency in casebook.agencies():
        if agency.id == case.agency_id:
            return agency
    return casebook.agency()


def _event(casebook: Casebook, exhibit: Exhibit) -> EventFacts | None:
    for event in casebook.events(exhibit.case_id):
        if event.id == exhibit.event_id:
            return _event_facts(event)
    return None


def _event_facts(event: Event) -> EventFacts:
    return EventFacts(
        id=event.id, kind=event.kind, happened_at=event.happened_at, place=event.place
    )


def _exhibit(exhibit: Exhibit) -> ExhibitFacts:
    return ExhibitFacts(id=exhibit.id, number=exhibit.number, description=exhibit.description)


def _cartridge_case(
    casebook: Casebook, value: CartridgeCase, firearms: set[str]
) -> CartridgeCaseFacts:
    marks = sorted(casebook.marks(value.id), key=lambda m: m.id)
    return CartridgeCaseFacts(
        id=value.id,
        label=value.label,
        role=value.role,
        calibre=value.calibre,
        firing_pin_shape=value.firing_pin_shape,
        breech_face_class=value.breech_face_class,
        headstamp=value.headstamp,
        firearm_id=value.firearm_id if value.firearm_id in firearms else None,
        marks=tuple(_mark(casebook, m) for m in marks),
    )


def _mark(casebook: Casebook, mark: Mark) -> MarkFacts:
    current = [a for a in casebook.acquired_of(mark.id) if a.superseded_by is None]
    current.sort(key=lambda a: a.id)
    return MarkFacts(
        id=mark.id, kind=mark.kind, acquired=tuple(AcquiredFacts.of(a) for a in current)
    )
