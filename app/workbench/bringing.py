"""Files that come in as entries: with the fields of the record that the laboratory requires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from app.casework.record import Field, MissingError, missing_sentence, record_fields
from app.domain import CartridgeCase, CaseheadError, Mark, MarkKind, Role
from app.importing.described import described, said
from app.importing.finding import FoundFile, place_of
from app.importing.placing import Placing, PlainPlacing
from app.importing.report import ImportOptions
from app.store import Casebook
from app.workbench.entering import Entering, with_fields
from app.workbench.record_keeping import Keeper, refuse_missing
from app.workbench.values import Registration

FROM_FILES = ("case.number", "exhibit.number", "cartridge_case.label")
"""Fields that the names of files and folders fill."""
_NAMED = 3


def placing_for(casebook: Casebook, options: ImportOptions) -> Placing:
    """With the record where its rules hold or fields are given; else by names alone."""
    if casebook.rules_hold() or any(map(str.strip, options.facts.values())):
        return RecordPlacing(casebook, options)
    return PlainPlacing(casebook, options)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a file enters, and what it says otherwise than was given for all."""

    registration: Registration
    otherwise: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        one = self.registration
        return f"{one.case_number} / {one.exhibit_number} / {one.label}"


class RecordPlacing:
    """What is given holds for all files; what one says of itself fills what was not given.

    A cartridge case that is there already gets a further picture, and its record stays.
    """

    def __init__(self, casebook: Casebook, options: ImportOptions) -> None:
        self._casebook, self._options = casebook, options
        self._entering, self._keeper = Entering(casebook), Keeper(casebook)
        self._said: dict[FoundFile, Mapping[str, str]] = {}

    def refuse(self, files: Sequence[FoundFile]) -> None:
        """Raises MissingError naming all required fields that lack, and CaseheadError for a value
        that cannot be; nothing is entered then."""
        _ = self._given
        if not self._casebook.rules_hold():
            return
        lacking: dict[str, Field] = {}
        of: list[str] = []
        for file in files:
            wanted = self._wanted(file)
            if self._known(wanted.registration) is not None:
                continue
            fields = self._entering.lacking(wanted.registration)
            lacking |= {one.name: one for one in fields}
            of += [file.path.name] if fields else []
        if lacking:
            sentence = missing_sentence(lacking.values()).rstrip(".")
            raise MissingError(
                f"{sentence} ({_files(of, len(files))}); give what holds for all of them. "
                "Nothing was imported.",
                lacking,
            )

    def mark(self, file: FoundFile) -> tuple[Mark, str]:
        """Raises CaseheadError for what contradicts the record, and where something lacks."""
        wanted = self._wanted(file)
        known = self._known(wanted.registration)
        if known is not None:
            found = self._casebook.find_mark(known.id, MarkKind.BREECH_FACE)
            return found or self._casebook.add_mark(Mark(known.id)), wanted.name
        entered = self._entering.enter(wanted.registration)
        if self._casebook.rules_hold():
            refuse_missing(entered.lacking, "import the file")
        left = ", ".join(wanted.otherwise)
        return entered.mark, wanted.name + (f" (the file says {left}: left aside)" if left else "")

    @cached_property
    def _given(self) -> Mapping[str, str]:
        """What was given, tidied. Raises CaseheadError for what cannot be."""
        given: dict[str, str] = {}
        options = self._options
        role = "" if options.role is Role.EVIDENCE else options.role
        own = {"cartridge_case.calibre": options.calibre, "cartridge_case.role": role}
        for name, text in (own | dict(options.facts)).items():
            of = record_fields().named(name)
            if name in FROM_FILES:
                raise CaseheadError(
                    f"The {of.words} comes from the names of files and folders; do not give it."
                )
            if text.strip():
                given[name] = self._keeper.tidy(of.record, of.key, text)
        return given

    def _wanted(self, file: FoundFile) -> _Wanted:
        own = self._said.get(file)
        if own is None:
            own = self._said[file] = self._own(file)
        given = self._given
        number, exhibit_number, label = place_of(file, self._options.case_number.strip())
        named = Registration(number, exhibit_number, label, self._options.role)
        made = with_fields(named, {**own, **given})
        otherwise = (
            f"{record_fields().named(name).words} '{value}'"
            for name, value in own.items()
            if given.get(name, value) != value
        )
        return _Wanted(made, tuple(otherwise))

    def _own(self, file: FoundFile) -> Mapping[str, str]:
        """What the file says of fields of the record; what cannot be is left out."""
        found: dict[str, str] = {}
        words = said(described(file.path))
        for name, text in words.items():
            of = _names().get(name)
            if of is not None and of.name not in found:
                try:
                    found[of.name] = self._keeper.tidy(of.record, of.key, text)
                except CaseheadError:
                    continue
        return found

    def _known(self, wanted: Registration) -> CartridgeCase | None:
        """The cartridge case, where it is there already."""
        case = self._casebook.find_case(wanted.case_number)
        exhibit = self._casebook.find_exhibit(case.id, wanted.exhibit_number) if case else None
        return self._casebook.find_cartridge_case(exhibit.id, wanted.label) if exhibit else None


@cache
def _names() -> Mapping[str, Field]:
    """What a file may call the fields: all by ``Field.name``, those required by their label."""
    fields = [one for one in record_fields().all if one.name not in FROM_FILES]
    # a "model" or a "type" is more often the camera's than the firearm's
    labels = {one.label: one for one in fields if one.required and one.record != "firearm"}
    return {name.casefold(): one for name, one in ({f.name: f for f in fields} | labels).items()}


def _files(of: Sequence[str], total: int) -> str:
    """Which files lack something, in a few words."""
    if len(of) == total > 1:
        return f"all {total} files"
    more = f" and {len(of) - _NAMED} more" if len(of) > _NAMED else ""
    return f"{', '.join(of[:_NAMED])}{more}"
