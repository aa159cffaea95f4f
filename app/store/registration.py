"""Agencies, cases, events, exhibits, firearms, cartridge cases and marks."""

from __future__ import annotations

from dataclasses import asdict, replace

from app.domain import (
    Agency,
    Author,
    CartridgeCase,
    Case,
    CaseheadError,
    Event,
    Exhibit,
    Firearm,
    Mark,
    MarkKind,
    new_id,
)
from app.store.codecs import AGENCY, CARTRIDGE_CASE, CASE, EVENT, EXHIBIT, FIREARM, MARK
from app.store.records import AUTHOR_SETTING, Records


class Registration(Records):
    """Every ``add_`` keeps the record's id, and is a no-op for one that is there already.

    They raise CaseheadError for a blank or taken number, an id in use by other content, and a
    record they belong to that is not here. Lists are in the order of addition.
    """

    def set_author(self, author: Author) -> None:
        """Say who works here from now on; the agency is added when it is new."""
        for key in ("agency", "station", "examiner"):
            sentence = f"Give the name of the {key}; it is kept with every record."
            _refuse_blank(asdict(author)[key], sentence)
        if author == self.author:
            return
        with self.transaction():
            self._set_setting(AUTHOR_SETTING, asdict(author))
            if self._own_agency(author) is None:
                self.add_agency(Agency(new_id(), author.agency, author.ori))
            self._tell("author set", self.agency().id, asdict(author))

    def agency(self) -> Agency:
        """The agency that works here. Raises CaseheadError before the first start."""
        author = self.author
        found = self._own_agency(author) if author else None
        if found is None:
            raise CaseheadError(
                "The casebook does not know yet which agency works here; give agency, station "
                "and examiner's name first."
            )
        return found

    def agencies(self) -> tuple[Agency, ...]:
        """All agencies, own and partners'."""
        return self._all(AGENCY, "1")

    def add_agency(self, agency: Agency) -> Agency:
        """Add an agency."""
        _refuse_blank(agency.name, "The agency needs a name.")
        self._add(AGENCY, agency, {"name": agency.name, "ori": agency.ori})
        return agency

    def add_case(self, case: Case) -> Case:
        """Add a case; without ``agency_id`` it is the own agency's."""
        _refuse_blank(case.number, "The case needs a number.")
        with self.transaction():
            if not case.agency_id:
                case = replace(case, agency_id=self.agency().id)
            taken = f"Case {case.number} is already there; give the case another number."
            self._add(CASE, case, {"number": case.number}, taken)
        return case

    def cases(self) -> tuple[Case, ...]:
        """All cases of all agencies."""
        return self._all(CASE, "1")

    def find_case(self, number: str, agency_id: str | None = None) -> Case | None:
        """The case of that number, of the own agency unless another is given."""
        if agency_id is None:
            if self.author is None:
                return None
            agency_id = self.agency().id
        return self._first(CASE, "agency_id = ? AND number = ?", (agency_id, number))

    def add_event(self, event: Event) -> Event:
        """Add an event to its case."""
        self._add(EVENT, event, {"case_id": event.case_id, "kind": event.kind})
        return event

    def events(self, case_id: str | None = None) -> tuple[Event, ...]:
        """The events of a case; all when None."""
        return self._all(EVENT, *_of("case_id", case_id))

    def add_exhibit(self, exhibit: Exhibit) -> Exhibit:
        """Add an exhibit to its case."""
        _refuse_blank(exhibit.number, "The exhibit needs a number.")
        taken = f"Exhibit {exhibit.number} is already in the case; give it another number."
        detail = {"case_id": exhibit.case_id, "number": exhibit.number}
        self._add(EXHIBIT, exhibit, detail, taken)
        return exhibit

    def exhibits(self, case_id: str | None = None) -> tuple[Exhibit, ...]:
        """The exhibits of a case; all when None."""
        return self._all(EXHIBIT, *_of("case_id", case_id))

    def exhibit(self, exhibit_id: str) -> Exhibit:
        """One exhibit. Raises CaseheadError when there is none of that id."""
        return self._by_id(EXHIBIT, exhibit_id)

    def find_exhibit(self, case_id: str, number: str) -> Exhibit | None:
        """The exhibit of that number in a case."""
        return self._first(EXHIBIT, "case_id = ? AND number = ?", (case_id, number))

    def add_firearm(self, firearm: Firearm) -> Firearm:
        """Add a firearm to its exhibit."""
        detail = {"exhibit_id": firearm.exhibit_id, "serial": firearm.serial}
        self._add(FIREARM, firearm, detail)
        return firearm

    def firearms(self, exhibit_id: str | None = None) -> tuple[Firearm, ...]:
        """The firearms of an exhibit; all when None."""
        return self._all(FIREARM, *_of("exhibit_id", exhibit_id))

    def add_cartridge_case(self, cartridge_case: CartridgeCase) -> CartridgeCase:
        """Add a cartridge case to its exhibit."""
        _refuse_blank(cartridge_case.label, "The cartridge case needs a label.")
        label = cartridge_case.label
        taken = f"Cartridge case {label} is already in the exhibit; give it another label."
        detail = {"exhibit_id": cartridge_case.exhibit_id, "label": label}
        self._add(CARTRIDGE_CASE, cartridge_case, detail, taken)
        return cartridge_case

    def cartridge_cases(self, exhibit_id: str | None = None) -> tuple[CartridgeCase, ...]:
        """The cartridge cases of an exhibit; all when None."""
        return self._all(CARTRIDGE_CASE, *_of("exhibit_id", exhibit_id))

    def cartridge_case(self, cartridge_case_id: str) -> CartridgeCase:
        """One cartridge case. Raises CaseheadError when there is none of that id."""
        return self._by_id(CARTRIDGE_CASE, cartridge_case_id)

    def find_cartridge_case(self, exhibit_id: str, label: str) -> CartridgeCase | None:
        """The cartridge case of that label in an exhibit."""
        return self._first(CARTRIDGE_CASE, "exhibit_id = ? AND label = ?", (exhibit_id, label))

    def add_mark(self, mark: Mark) -> Mark:
        """Add a mark to its cartridge case, one of a kind."""
        taken = f"The {mark.kind} mark of this cartridge case is already there; use that one."
        detail = {"cartridge_case_id": mark.cartridge_case_id, "kind": str(mark.kind)}
        self._add(MARK, mark, detail, taken)
        return mark

    def marks(self, cartridge_case_id: str | None = None) -> tuple[Mark, ...]:
        """The marks of a cartridge case; all when None."""
        return self._all(MARK, *_of("cartridge_case_id", cartridge_case_id))

    def mark(self, mark_id: str) -> Mark:
        """One mark. Raises CaseheadError when there is none of that id."""
        return self._by_id(MARK, mark_id)

    def find_mark(self, cartridge_case_id: str, kind: MarkKind) -> Mark | None:
        """The mark of that kind on a cartridge case."""
        return self._first(
            MARK, "cartridge_case_id = ? AND kind = ?", (cartridge_case_id, str(kind))
        )

    def _own_agency(self, author: Author) -> Agency | None:
        return self._first(AGENCY, "name = ? AND ori = ?", (author.agency, author.ori))


def _of(column: str, value: str | None) -> tuple[str, tuple[str, ...]]:
    return ("1", ()) if value is None else (f'"{column}" = ?', (value,))


def _refuse_blank(text: str, sentence: str) -> None:
    if not text.strip():
        raise CaseheadError(sentence)
