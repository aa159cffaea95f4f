"""The form of a trace request: its fields, what is required of them, what is chosen by code.

All of it is data, ``resources/trace.json``: a laboratory edits codes, hours and fields there.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from app.domain import CaseheadError


@dataclass(frozen=True, slots=True)
class Condition:
    """Holds where the value of ``field`` is one of ``values``; ``negated``, where it is not."""

    field: str
    values: frozenset[str]
    negated: bool = False

    def holds(self, given: Mapping[str, str]) -> bool:
        """Whether it holds; an empty value of ``field`` is not yet anything."""
        told = given.get(self.field, "").strip().casefold()
        return bool(told) and (told in self.values) is not self.negated


@dataclass(frozen=True, slots=True)
class Field:
    """One line of the form.

    ``codes`` are the values to choose from with their words, ``others`` a pattern for values
    beside them; ``sources`` say where it is taken from, the first that knows wins.
    """

    key: str
    group: str
    label: str
    required: bool = False
    when: Condition | None = None
    codes: Mapping[str, str] | None = None
    others: str = ""
    preset: str = ""
    long: bool = False
    is_date: bool = False
    sources: tuple[str, ...] = ()

    def needed(self, given: Mapping[str, str]) -> bool:
        """Whether it must be filled in, with the other values as they are."""
        return self.required or (self.when is not None and self.when.holds(given))

    def words(self, value: str) -> str:
        """A value for people: a code with what it means."""
        told = (self.codes or {}).get(value, "")
        return f"{value} ({told})" if told and told != value else value


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a request and of its answer, and within how many hours each is due;
    ``unchecked`` says what of it nobody could check.
    """

    name: str
    version: str
    groups: tuple[tuple[str, str], ...]
    fields: tuple[Field, ...]
    answer: tuple[Field, ...]
    send_within_hours: int
    urgent_answer_within_hours: int
    unchecked: str = ""

    def field(self, key: str) -> Field:
        """The field of that key. Raises KeyError."""
        return {one.key: one for one in (*self.fields, *self.answer)}[key]


def tidy(fields: Sequence[Field], given: Mapping[str, str]) -> dict[str, str]:
    """The values of the fields that have one, without stray blanks, in the form's order.

    A word that stands for a code becomes the code. Raises CaseheadError for a field that the form
    does not have, a code it does not know, and a date that is none.
    """
    known = {one.key: one for one in fields}
    for key in given:
        if key not in known:
            raise CaseheadError(f"The trace form has no field '{key}'; nothing was kept.")
    tidied = {key: _tidied(known[key], str(given[key])) for key in known if key in given}
    return {key: value for key, value in tidied.items() if value}


def missing(fields: Sequence[Field], given: Mapping[str, str]) -> tuple[Field, ...]:
    """All required fields that are empty."""
    return tuple(f for f in fields if f.needed(given) and not given.get(f.key, "").strip())


def need_complete(fields: Sequence[Field], given: Mapping[str, str], what: str) -> None:
    """Raises CaseheadError naming everything that is missing."""
    absent = missing(fields, given)
    if absent:
        names = ", ".join(f.label for f in absent)
        raise CaseheadError(f"{what} lacks: {names}. Fill in all of them; nothing was recorded.")


@cache
def load_form() -> Form:
    """The form shipped as ``resources/trace.json``."""
    return form_of(
        json.loads(resources.files("resources").joinpath("trace.json").read_text("utf-8"))
    )


def form_of(told: Mapping[str, Any]) -> Form:
    """A form as told by JSON. Raises KeyError where something is not told."""
    return Form(
        name=told["name"],
        version=told["version"],
        groups=tuple((one["key"], one["title"]) for one in told["groups"]),
        fields=tuple(_fields(told, "fields")),
        answer=tuple(_fields(told, "answer")),
        send_within_hours=int(told["send_within_hours"]),
        urgent_answer_within_hours=int(told["urgent_answer_within_hours"]),
        unchecked=told.get("unchecked", ""),
    )


def _fields(told: Mapping[str, Any], part: str) -> Iterator[Field]:
    for one in told[part]:
        required = one.get("required", False)
        yield Field(
            key=one["key"],
            group=one["group"],
            label=one["label"],
            required=required is True,
            when=_condition(required, told["domestic"]) if isinstance(required, dict) else None,
            codes=told["codes"][one["codes"]] if "codes" in one else None,
            others=one.get("others", ""),
            preset=one.get("preset", ""),
            long=one.get("long", False),
            is_date=one.get("date", False),
            sources=tuple(one.get("from", ())),
        )


def _condition(told: Mapping[str, Any], domestic: Sequence[str]) -> Condition:
    negated = "not" in told
    values = told["not" if negated else "is"]
    values = domestic if values == "domestic" else values
    return Condition(told["field"], frozenset(v.casefold() for v in values), negated)


def _tidied(field: Field, given: str) -> str:
    lines = (" ".join(line.split()) for line in given.strip().splitlines())
    value = ("\n" if field.long else " ").join(lines).strip()
    if value and field.is_date:
        return _day(field, value)
    return _coded(field, value) if value and field.codes is not None else value


def _day(field: Field, value: str) -> str:
    try:
        return date.fromisoformat(value[:10]).isoformat()
    except ValueError:
        raise CaseheadError(
            f"{field.label}: '{value}' is not a date; write it as year-month-day, for example "
            "2026-04-12."
        ) from None


def _coded(field: Field, value: str) -> str:
    for code, words in (field.codes or {}).items():
        if value.casefold() in (code.casefold(), words.casefold()):
            return code
    if field.others and re.fullmatch(field.others, value):
        return value
    codes = ", ".join(field.codes or {})
    raise CaseheadError(f"{field.label}: '{value}' is not one of its codes ({codes}).")
