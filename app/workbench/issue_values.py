"""What all reports of casework gather in the same way, and the moment they stand for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from app.casework.record import RecordKind, record_fields
from app.casework.reviews import NoticeKind
from app.domain import (
    Agency,
    Author,
    Case,
    CaseheadError,
    Conclusion,
    Event,
    Exhibit,
    Firearm,
    Provenance,
)
from app.importing.making import SOFTWARE
from app.reporting.casework import Facts, Rows, Stamp
from app.reporting.words import gun_words, joined, when, who
from app.store import Casebook
from app.store.extracts import compared_with, newest_moment

if TYPE_CHECKING:
    from app.workbench.workbench import Workbench

WAITS = "not shown: a blind verification waits for the one who issued this"
"""Stands for what is said of a comparison that must not be seen yet."""


class Gathering:
    """Reads the record for one report and remembers what it looked at."""

    def __init__(self, workbench: Workbench, casebook: Casebook) -> None:
        self.workbench, self.casebook = workbench, casebook
        self.looked_at: set[str] = set()
        self.said: list[str] = []
        """Free text of people that goes into the report."""
        self._cases: dict[str, Case] = {}
        self._agencies = {agency.id: agency for agency in casebook.agencies()}

    def stamp(self, as_of: str = "") -> Stamp:
        """Who issues it now, and when the newest thing that was looked at came to be."""
        moment = as_of or newest_moment(self.casebook, self.looked_at)
        return Stamp(self.workbench.author, moment, SOFTWARE)

    def note(self, *ids: str | None) -> None:
        """Remember records that go into the report."""
        self.looked_at.update(one for one in ids if one)

    def free(self, *texts: str) -> None:
        """Remember what people wrote."""
        self.said += filter(None, texts)

    def case(self, case_id: str) -> Case:
        """One case. Raises CaseheadError when there is none of that id."""
        if case_id not in self._cases:
            row = self.casebook.record("case", case_id)
            facts = (row["number"], row["agency_id"], row["title"], row["id"])
            self._cases[case_id] = Case(*facts)
        self.note(case_id)
        return self._cases[case_id]

    def agency(self, agency_id: str) -> Agency:
        """Its agency, or one that nothing is known of."""
        return self._agencies.get(agency_id, Agency(agency_id, ""))

    def number(self, case_id: str) -> str:
        """What a case is called, with the agency where it is a partner's."""
        case = self.case(case_id)
        own = self.casebook.agency().id if self.casebook.author else case.agency_id
        return case.number if case.agency_id == own else joined(case.number, self.agency_name(case))

    def agency_name(self, case: Case) -> str:
        """The name of a case's agency."""
        return self.agency(case.agency_id).name

    def place(self, acquired_id: str) -> Provenance:
        """Where a picture sits; everything on the way is remembered."""
        found = self.casebook.provenance(acquired_id)
        self.note(found.acquired.id, found.mark.id, found.cartridge_case.id, found.exhibit.id)
        self.note(found.case.id)
        return found

    def facts(self, kind: RecordKind, record_id: str) -> Mapping[str, str]:
        """What holds of a record besides its own columns."""
        self.note(record_id)
        facts = self.casebook.facts_of(kind, record_id)
        self.note(*(one.id for one in self.casebook.fact_history(kind, record_id)))
        self.free(*facts.values())
        return facts

    def other_facts(self, kind: RecordKind, record_id: str, left_out: Iterable[str] = ()) -> str:
        """All of them in one text, labelled."""
        facts, skipped = self.facts(kind, record_id), set(left_out)
        return "\n".join(
            f"{one.label}: {when_told(facts[one.key])}"
            for one in record_fields().of(kind)
            if facts.get(one.key) and one.key not in skipped and not one.column
        )

    def party(self, case_id: str, items: Iterable[str] = ()) -> Facts:
        """One of two linked cases, as a notice tells it."""
        case, agency = self.case(case_id), self.agency(self.case(case_id).agency_id)
        facts = self.facts("case", case_id)
        events = self.casebook.events(case_id)
        guns = [gun for one in self.casebook.exhibits(case_id) for gun in self.firearms(one)]
        self.note(*(event.id for event in events))
        self.free(case.title, *(event.place for event in events))
        return {
            "agency": agency.name,
            "ori": facts.get("agency_ori", "") or agency.ori,
            "number": case.number,
            "title": case.title,
            "events": "\n".join(map(event_words, events)),
            "items": "\n".join(dict.fromkeys(items)),
            "firearms": "\n".join(map(gun_words, guns)),
            "investigator": facts.get("investigator", ""),
            "contact": joined(
                facts.get("investigator_mail", ""), facts.get("investigator_phone", "")
            ),
        }

    def firearms(self, exhibit: Exhibit) -> tuple[Firearm, ...]:
        """The firearms of an exhibit."""
        found = self.casebook.firearms(exhibit.id)
        self.note(exhibit.id, *(gun.id for gun in found))
        return found

    def sent(self, kind: NoticeKind, subjects: Iterable[str]) -> Rows:
        """The notices that were sent of something, oldest first, with their receipts."""
        wanted = set(subjects)
        lines = [line for one in sorted(wanted) for line in self.workbench.notices(kind, one)]
        rows = []
        for line in sorted(lines, key=lambda one: (one.notice.sent_at, one.notice.id)):
            notice, receipt = line.notice, line.receipt
            self.note(notice.id, receipt.id if receipt else None)
            self.free(notice.text)
            received = joined(receipt.by, when(receipt.received_at)) if receipt else ""
            means = joined(notice.means, notice.text)
            rows.append((notice.recipient, notice.agency, means, when(notice.sent_at), received))
        return tuple(rows)

    def compared(self, left: Provenance, right: Provenance) -> tuple[str, ...]:
        """The comparisons of any pictures of two cartridge cases, oldest first."""
        both = [set(self._pictures_of(place)) for place in (left, right)]
        found = compared_with(self.casebook, both[0] | both[1])
        return tuple(
            one.id
            for one in map(self.casebook.comparison, found)
            if all({one.left_id, one.right_id} & side for side in both)
        )

    def _pictures_of(self, place: Provenance) -> Iterator[str]:
        for mark in self.casebook.marks(place.cartridge_case.id):
            for acquired in self.casebook.acquired_of(mark.id):
                yield acquired.id

    def need_open(self, comparison_id: str) -> None:
        """Raises CaseheadError while a blind verification keeps the comparison from this person."""
        hidden = self.workbench.hidden(comparison_id)
        if hidden:
            raise CaseheadError(f"{hidden} Until then nothing of it is written out.")

    def concluded(self, one: Conclusion) -> str:
        """A conclusion by its label on the scale."""
        scale = self.workbench.scale()
        self.note(one.id)
        self.free(one.reasons, one.basis_reason, one.subclass_excluded)
        return scale.label(one.value) if one.scale == scale.name else f"{one.value} ({one.scale})"


def when_told(value: str) -> str:
    """A moment as it is read; any other value as it is."""
    looks = len(value) >= 19 and value[4:5] == "-" and value[10:11] == "T"
    return when(value) if looks else value


def event_words(event: Event) -> str:
    """What happened, when and where."""
    return joined(event.kind, when_told(event.happened_at), event.place)


def by(author: Author | None, moment: str = "") -> str:
    """Who, and when where it is known."""
    return joined(who(author), when(moment) if moment else "")
