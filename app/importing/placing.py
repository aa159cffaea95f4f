"""Where a file belongs in the casebook: its case, exhibit, cartridge case and mark."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from app.domain import CartridgeCase, Case, CaseheadError, Exhibit, Mark, MarkKind
from app.importing.finding import FoundFile, place_of
from app.importing.report import ImportOptions
from app.store import Casebook


class Placing(Protocol):
    """Finds or makes the mark of a file."""

    def refuse(self, files: Sequence[FoundFile]) -> None:
        """Before anything is written. Raises CaseheadError when they cannot be entered so."""

    def mark(self, file: FoundFile) -> tuple[Mark, str]:
        """The mark and its name, inside the caller's transaction. Raises CaseheadError."""


class PlainPlacing:
    """By the names of file and folder alone."""

    def __init__(self, casebook: Casebook, options: ImportOptions) -> None:
        self._casebook, self._options = casebook, options

    def refuse(self, files: Sequence[FoundFile]) -> None:
        """Nothing is asked of them."""

    def mark(self, file: FoundFile) -> tuple[Mark, str]:
        """Raises CaseheadError when the case is there under another writing of its number."""
        casebook, options = self._casebook, self._options
        number, exhibit_number, label = place_of(file, options.case_number.strip())
        case = casebook.find_case(number) or self._new_case(number)
        exhibit = casebook.find_exhibit(case.id, exhibit_number) or casebook.add_exhibit(
            Exhibit(case.id, exhibit_number)
        )
        found = casebook.find_cartridge_case(exhibit.id, label) or casebook.add_cartridge_case(
            CartridgeCase(exhibit.id, label, options.role, options.calibre.strip())
        )
        mark = casebook.find_mark(found.id, MarkKind.BREECH_FACE) or casebook.add_mark(
            Mark(found.id)
        )
        return mark, f"{number} / {exhibit_number} / {label}"

    def _new_case(self, number: str) -> Case:
        alike = self._casebook.case_alike(number, self._casebook.agency().id)
        if alike is not None:
            raise CaseheadError(
                f"Case {alike.number} is already there, and '{number}' is the same number in "
                f"another writing; name the folder {alike.number}, or give that case number."
            )
        return self._casebook.add_case(Case(number))
