"""What the ledger asks besides: cases by name, what is silent, how much there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.casework.reviews import LeadLine, LeadState, NoticeKind
from app.casework.silence import silent
from app.domain import CaseheadError, now
from app.workbench.leading import Leading


@dataclass(frozen=True, slots=True)
class Tally:
    """How much was recorded in some days: leads by their state now, hits, notices by kind."""

    leads: Mapping[LeadState, int]
    hits_counted: int
    hits_not_counted: int
    notices: Mapping[NoticeKind, int]


class Ledgering(Leading):
    """Operations that only look."""

    def case_names(self, case_ids: Iterable[str]) -> Mapping[str, str]:
        """Numbers of cases by id, with the agency's name where it is another's."""
        return self._case_names(sorted(set(case_ids)))

    def case_agencies(self, case_ids: Iterable[str]) -> tuple[str, ...]:
        """The names of the agencies of cases, in their order."""
        wanted = tuple(case_ids)
        labels = self._casebook.case_labels(sorted(set(wanted)))
        return tuple(labels[one][2] for one in wanted)

    def case_called(self, name: str) -> str:
        """The id of a case by its number, as "2025-1107" or, of a partner, "2025-1107 (name)".

        Raises CaseheadError where there is none, or several agencies have one of that number.
        """
        number, _, agency = name.strip().removesuffix(")").partition(" (")
        agencies = [
            one
            for one in self._casebook.agencies()
            if not agency or one.name.casefold() == agency.strip().casefold()
        ]
        cases = [self._casebook.find_case(number.strip(), one.id) for one in agencies]
        found = [case for case in cases if case is not None]
        own = self._casebook.find_case(number.strip()) if not agency else None
        if own is not None:
            return own.id
        if len(found) > 1:
            raise CaseheadError(
                f"Several agencies have a case {number}; write the agency behind it: "
                f"{number} (its name)."
            )
        if not found:
            raise CaseheadError(f"There is no case '{name.strip()}' here; write its number.")
        return found[0].id

    def silence(self, line: LeadLine) -> str:
        """Why a lead was silent for too long by the lab's targets; "" when it was not."""
        return silent(line, self._casebook.clock_policy(), now())

    def tally(self, since: str, until: str) -> Tally:
        """How many leads, hits and notices are of the days from one to another, both included.

        Of the whole record, whatever is hidden from who asks: numbers tell of no comparison.
        """

        def within(moment: str) -> bool:
            return since <= moment[:10] <= until

        proposed = {lead.id: lead.proposed_at for lead in self._casebook.leads()}
        hits = [link for link in self._all() if link.state == "hit" and within(link.since)]
        sent = (line.notice for line in self._casebook.notices())
        return Tally(
            Counter(one.state for one in self._outlined() if within(proposed[one.lead_id])),
            sum(link.counted for link in hits),
            sum(not link.counted for link in hits),
            Counter(one.kind for one in sent if within(one.sent_at)),
        )
