"""Fields of the record, what is required of them, corrections, custody.

The fields are data (``resources/record_fields.json``); this is what they mean.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Any, Literal, get_args

from app.casework.moments import earlier, shown_moment, tidy_moment, told_moment
from app.domain import Author, CaseheadError, new_id

RecordKind = Literal["case", "event", "exhibit", "firearm", "cartridge_case"]
KINDS: tuple[RecordKind, ...] = get_args(RecordKind)
Value = Literal["text", "pick", "date", "moment", "number", "yes-no", "coordinate"]
KIND_WORDS: Mapping[RecordKind, str] = {
    "case": "Case",
    "event": "Event",
    "exhibit": "Exhibit",
    "firearm": "Firearm",
    "cartridge_case": "Cartridge case",
}
YES_NO = ("yes", "no")
UNKNOWN = "unknown"
_LONGEST = 4000
_SHORT = {"ori": "case.agency_ori", "date": "event.happened_at", "place": "event.place"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of the record, as its data says; ``refused`` maps values to why not."""

    record: RecordKind
    key: str
    label: str
    group: str
    value: Value = "text"
    help: str = ""
    hint: str = ""
    list: str = ""
    closed: bool = False
    column: bool = False
    required: bool = False
    form: bool = False
    limit: float = 0.0
    unless: tuple[str, ...] = ()
    refused: Mapping[str, str] = default(default_factory=dict)

    @property
    def name(self) -> str:
        """For example ``exhibit.entry_reason``, as a registration has it."""
        return f"{self.record}.{self.key}"

    @property
    def words(self) -> str:
        """The label as it reads within a sentence."""
        first, rest = self.label[:1], self.label[1:]
        return self.label if rest[:1].isupper() else first.lower() + rest


@dataclass(frozen=True, slots=True)
class Fact:
    """What was noted of one field of one record; the newest of a field holds, "" is unknown."""

    kind: RecordKind
    record_id: str
    field: str
    value: str
    reason: str = ""
    author: Author | None = None
    noted_at: str = ""
    id: str = default(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Correction:
    """A value that was changed: what it was, what it is since, by whom and why."""

    kind: RecordKind
    record_id: str
    field: str
    earlier: str
    value: str
    reason: str = ""
    author: Author | None = None
    corrected_at: str = ""
    id: str = default(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class HandOver:
    """An exhibit given from one to another. ``handed_at`` is a moment or a day (ISO 8601)."""

    exhibit_id: str
    given_by: str
    received_by: str
    handed_at: str
    purpose: str
    seal: str = ""
    place: str = ""
    note: str = ""
    author: Author | None = None
    noted_at: str = ""
    id: str = default(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class PickEntry:
    """An entry the laboratory added to a pick list, or (not ``offered``) took off it again."""

    list: str
    value: str
    offered: bool = True
    author: Author | None = None
    noted_at: str = ""
    id: str = default(default_factory=new_id)


class MissingError(CaseheadError):
    """Required fields without a value; ``names`` are those of the fields, in their order."""

    def __init__(self, sentence: str, names: Iterable[str] = ()) -> None:
        super().__init__(sentence)
        self.names = tuple(names)


class RecordFields:
    """All fields, in the order they are shown."""

    def __init__(self, fields: Iterable[Field]) -> None:
        self.all = tuple(fields)
        self._by_name = {one.name: one for one in self.all}

    def of(self, kind: RecordKind) -> tuple[Field, ...]:
        """Those of one kind of record. Raises CaseheadError for a kind without fields."""
        if kind not in KINDS:
            if kind in ("image", "scan", "picture", "acquired"):
                raise CaseheadError(
                    "Images and scans are evidence and are never corrected; capture or import "
                    "another one, or settle its scale."
                )
            raise CaseheadError(f"There are no records of kind '{kind}' with fields.")
        return tuple(one for one in self.all if one.record == kind)

    def get(self, kind: RecordKind, key: str) -> Field:
        """One field. Raises CaseheadError where there is none of that key."""
        self.of(kind)
        found = self._by_name.get(f"{kind}.{key}")
        if found is None:
            raise CaseheadError(f"A {KIND_WORDS[kind].lower()} has no field '{key}'.")
        return found

    def called(self, words: str) -> Field:
        """As a person writes it: "event.kind", its label or its key, where these name one field.

        Raises CaseheadError that tells which fields there are, or which could be meant.
        """
        asked = " ".join(words.split()).casefold()
        asked = _SHORT.get(asked, asked)
        found = [one for one in self.all if one.name == asked] or [
            one for one in self.all if asked in (one.key, one.label.casefold())
        ]
        if len(found) > 1:  # a firearm is what is least often meant
            found = [one for one in found if one.record != "firearm"]
        if len(found) == 1:
            return found[0]
        which = ", ".join(one.name for one in found or self.all if found or one.required)
        what = "could be any of" if found else "is no field of the record; required are"
        raise CaseheadError(f"'{words}' {what} {which}.")

    def named(self, name: str) -> Field:
        """By ``Field.name``."""
        kind, _, key = name.partition(".")
        return self.get(kind, key)  # type: ignore[arg-type]


@cache
def record_fields() -> RecordFields:
    """The fields shipped as ``resources/record_fields.json``."""
    text = resources.files("resources").joinpath("record_fields.json").read_text("utf-8")
    return RecordFields(_field(told) for told in json.loads(text)["fields"])


def _field(told: Mapping[str, Any]) -> Field:
    return Field(**{**told, "unless": tuple(told.get("unless", ()))})


def tidied(of: Field, text: str, picks: tuple[str, ...] = ()) -> str:
    """A value as it is stored; "" stays "".

    ``picks`` are the entries of its list. Raises CaseheadError, in words, for what cannot be.
    """
    text = " ".join(text.split())
    if not text:
        return ""
    if len(text) > _LONGEST:
        raise CaseheadError(
            f"The {of.words} is longer than {_LONGEST} letters; shorten it, or file it elsewhere."
        )
    if of.value in ("date", "moment"):
        return tidy_moment(text, of.words, only_day=of.value == "date")
    if of.value in ("coordinate", "number"):
        return _number(of, text)
    if of.value == "yes-no":
        return _picked(of, text, YES_NO, closed=True)
    return _picked(of, text, picks, closed=of.closed) if of.value == "pick" else text


def shown(of: Field, value: str) -> str:
    """A stored value as it is read and written by people: moments in this computer's time."""
    return shown_moment(value) if of.value == "moment" else value


def _number(of: Field, text: str) -> str:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        number = float("nan")
    if number != number or abs(number) == float("inf"):
        raise CaseheadError(f"The {of.words} '{text}' is not a number; write it as 40.4406.")
    if of.limit and abs(number) > of.limit:
        raise CaseheadError(
            f"The {of.words} lies between -{of.limit:g} and {of.limit:g} degrees, "
            f"not at {number:g}; correct it."
        )
    return f"{number:.7f}".rstrip("0").rstrip(".") if of.value == "coordinate" else f"{number:g}"


def _picked(of: Field, text: str, picks: tuple[str, ...], *, closed: bool) -> str:
    found = next((one for one in picks if one.casefold() == text.casefold()), None)
    value = found or text
    why = next((w for v, w in of.refused.items() if v.casefold() == value.casefold()), "")
    if why:
        raise CaseheadError(f"'{value}' cannot be entered: {why}.")
    if closed and found is None:
        taken = [one for one in picks if one not in of.refused]
        raise CaseheadError(f"The {of.words} is one of {', '.join(taken)}; '{text}' is not.")
    return value


def missing(kind: RecordKind, facts: Mapping[str, str]) -> tuple[Field, ...]:
    """The required fields of a record that have no value, in their order."""
    return tuple(
        one
        for one in record_fields().of(kind)
        if one.required and not _given(one, facts) and not _excused(one, facts)
    )


def _given(of: Field, facts: Mapping[str, str]) -> bool:
    value = facts.get(of.key, "")
    return bool(value) and not (of.key == "role" and value == UNKNOWN)


def _excused(of: Field, facts: Mapping[str, str]) -> bool:
    return bool(of.unless) and facts.get(of.unless[0], "") == of.unless[1]


def missing_sentence(fields: Iterable[Field]) -> str:
    """One sentence that names them all; "" when nothing is missing."""
    words = list(dict.fromkeys(one.words for one in fields))
    if not words:
        return ""
    named = words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
    verb = "is" if len(words) == 1 else "are"
    return f"Required, and still missing, {verb}: {named}."


ORDER_OF_TIMES = ("collected_at", "submitted_at", "received_at")


def check_order(facts: Mapping[str, str]) -> None:
    """Raises CaseheadError unless collected comes before submitted, and that before received."""
    given = [(key, facts[key]) for key in ORDER_OF_TIMES if facts.get(key)]
    for (first, one), (then, other) in pairwise(given):
        if earlier(other, one):
            before, after = (record_fields().get("exhibit", key).words for key in (first, then))
            raise CaseheadError(
                f"An exhibit is {before} before it is {after}, but {after} says "
                f"{shown_moment(other)} and {before} {shown_moment(one)}; correct one of them."
            )


def custody_gaps(chain: Iterable[HandOver]) -> tuple[str, ...]:
    """A sentence for each place where the chain does not go on with whom it had reached."""
    told = []
    held = ""
    for one in chain:
        if held and held.casefold() != one.given_by.casefold():
            told.append(
                f"{held} had it, and then {one.given_by} gave it to {one.received_by} "
                f"({told_moment(one.handed_at)}): how it came from {held} to {one.given_by} "
                "is not recorded."
            )
        held = one.received_by
    return tuple(told)


def same_number(one: str, other: str) -> bool:
    """Whether two writings name the same case: capitals aside, blanks and dashes alike, or left
    out in one of them.
    """
    first, second = _parts(one), _parts(other)
    if first == second:
        return True
    return "".join(first) == "".join(second) and 1 in (len(first), len(second))


_DASHES = "-‐‑‒–—−_"


def _parts(number: str) -> tuple[str, ...]:
    text = "".join(" " if sign in _DASHES else sign for sign in number)
    return tuple(text.casefold().split())
