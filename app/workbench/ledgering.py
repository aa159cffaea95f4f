"""What the ledger asks besides: cases by name, the pair of a comparison, what is silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.casework.reviews import LeadLine
from app.casework.silence import silent
from app.domain import CaseheadError, Comparison, now
from app.workbench.leading import Leading


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

    def comparison(self, comparison_id: str) -> Comparison:
        """A saved comparison. Raises CaseheadError when there is none of that id."""
        return self._casebook.comparison(comparison_id)

    def silence(self, line: LeadLine) -> str:
        """Why a lead was silent for too long by the lab's targets; "" when it was not."""
        return silent(line, self._casebook.clock_policy(), now())
