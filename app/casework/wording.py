"""The outcomes, feedback kinds and closing reasons of casework: data of the laboratory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from app.domain import CaseheadError


@dataclass(frozen=True, slots=True)
class Choice:
    """One that may be chosen; ``needs_text`` where it says nothing by itself."""

    key: str
    label: str
    needs_text: bool = False


@dataclass(frozen=True, slots=True)
class CaseworkWords:
    """What ``resources/casework.json`` says.

    ``identifications`` are the values that identify, by scale; ``does_not_unsettle`` the fields,
    by kind of record, whose correction leaves a verification as it is.
    """

    identifications: Mapping[str, frozenset[str]]
    review_outcomes: Mapping[str, str]
    feedback: tuple[Choice, ...]
    closing: tuple[Choice, ...]
    means: tuple[str, ...]
    verification_modes: Mapping[str, str]
    does_not_unsettle: Mapping[str, frozenset[str]]

    def identifies(self, scale: str, value: str) -> bool:
        """Whether a value of a scale says that both marks are of one tool."""
        return value in self.identifications.get(scale, frozenset())

    def label(self, key: str) -> str:
        """What a kind of feedback or a closing reason is called; the key where unknown."""
        return next((one.label for one in (*self.feedback, *self.closing) if one.key == key), key)

    def feedback_kind(self, key: str, text: str) -> Choice:
        """The kind of feedback under ``key``. Raises CaseheadError for none, or a lacking text."""
        return _chosen(self.feedback, key, text, "kind of feedback")

    def closing_reason(self, key: str, text: str) -> Choice:
        """The closing reason under ``key``. Raises CaseheadError for none, or a lacking text."""
        return _chosen(self.closing, key, text, "reason for closing")


def _chosen(choices: tuple[Choice, ...], key: str, text: str, what: str) -> Choice:
    found = next((one for one in choices if key in (one.key, one.label)), None)
    if found is None:
        keys = ", ".join(one.key for one in choices)
        raise CaseheadError(f"There is no {what} '{key}'; choose one of: {keys}.")
    if found.needs_text and not text.strip():
        raise CaseheadError(f"'{found.label}' says little by itself; write down what it was.")
    return found


@cache
def casework_words() -> CaseworkWords:
    """The words as shipped."""
    text = resources.files("resources").joinpath("casework.json").read_text("utf-8")
    data = json.loads(text)
    return CaseworkWords(
        _sets(data["identifications"]),
        data["review_outcomes"],
        tuple(Choice(**one) for one in data["feedback"]),
        tuple(Choice(**one) for one in data["closing"]),
        tuple(data["means"]),
        data["verification_modes"],
        _sets(data["does_not_unsettle"]),
    )


def _sets(data: Mapping[str, list[str]]) -> Mapping[str, frozenset[str]]:
    return {name: frozenset(values) for name, values in data.items()}
