"""The laboratory's scale of conclusions, with the rules it is used by; both are data."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from importlib import resources
from typing import Any

from app.domain import CaseheadError, Conclusion
from app.workbench.class_notes import Noted

NOTHING_CHOSEN = "Choose a value of the scale first."
_BY_MISSING = "Say by whom the specimens were examined physically."
_AT_MISSING = "Say when the specimens were examined physically: a date such as 2026-03-31."


@dataclass(frozen=True, slots=True)
class BasisOption:
    """One thing a conclusion may rest on; ``reason`` asks why, where that needs saying.

    ``offers`` "class differences": what was noted of them may be written into the reasons.
    """

    key: str
    label: str
    reason: str = ""
    offers: str = ""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a value asks besides: what it rests on, or which mark it is about."""

    label: str
    options: tuple[BasisOption, ...]

    def option(self, key: str) -> BasisOption | None:
        """The option under ``key``; None when there is none."""
        return next((option for option in self.options if option.key == key), None)


@dataclass(frozen=True, slots=True)
class ScaleValue:
    """One conclusion an examiner may choose."""

    key: str
    label: str
    explanation: str
    basis: Basis | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What an examiner is about to conclude.

    ``examined_at`` is a day in ISO 8601 (2026-03-31); ``examined_physically`` None: not said.
    """

    value: str = ""
    reasons: str = ""
    basis: str = ""
    basis_reason: str = ""
    examined_physically: bool | None = None
    examined_by: str = ""
    examined_at: str = ""
    subclass_excluded: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """What values need, and the sentence for when it is missing; ``basis`` () is any basis.

    ``only_while`` names what must be noted of the comparison for the rule to hold, "" nothing;
    a rule that needs "" is none but a caution: it keeps nothing from being recorded.
    """

    values: tuple[str, ...]
    needs: str
    sentence: str
    basis: tuple[str, ...] = ()
    only_while: str = ""

    def concerns(self, draft: Draft, noted: Noted) -> bool:
        """Whether it is about this value, resting on this, with this noted."""
        rests = not self.basis or draft.basis in self.basis
        return draft.value in self.values and rests and _WHILE[self.only_while](noted)

    def broken(self, draft: Draft, noted: Noted) -> bool:
        """Whether ``draft`` lacks what this rule asks for."""
        return bool(self.needs) and self.concerns(draft, noted) and not _NEEDS[self.needs](draft)


_NEEDS: Mapping[str, Any] = {
    "reasons": lambda draft: bool(draft.reasons),
    "basis": lambda draft: bool(draft.basis),
    "basis_reason": lambda draft: bool(draft.basis_reason),
    "examined_said": lambda draft: draft.examined_physically is not None,
    "examined_physically": lambda draft: draft.examined_physically is True,
    "subclass_excluded": lambda draft: bool(draft.subclass_excluded),
    "": lambda _: True,
}
_WHILE: Mapping[str, Callable[[Noted], bool]] = {
    "": lambda _: True,
    "subclass flagged": lambda noted: bool(noted.flags),
    "class differs": lambda noted: bool(noted.differences),
}
NOTHING_NOTED = Noted()


@dataclass(frozen=True, slots=True)
class ConclusionScale:
    """The laboratory's scale of conclusions."""

    name: str
    values: tuple[ScaleValue, ...]
    rules: tuple[Rule, ...] = ()

    def value(self, key: str) -> ScaleValue:
        """The value under ``key``. Raises CaseheadError when the scale has no such value."""
        for value in self.values:
            if value.key == key:
                return value
        keys = ", ".join(v.key for v in self.values)
        raise CaseheadError(
            f"The scale {self.name} has no conclusion '{key}'; choose one of: {keys}."
        )

    def label(self, key: str) -> str:
        """What the value under ``key`` is called; the key itself for one of another scale."""
        return next((value.label for value in self.values if value.key == key), key)

    def said(self, conclusion: Conclusion) -> tuple[str, ...]:
        """What a conclusion rests on and who examined the specimens, a sentence each."""
        excluded = conclusion.subclass_excluded
        subclass = (f"Why no subclass influence misleads: {excluded}",) if excluded else ()
        return (*self._rests(conclusion), *subclass, *_examination(conclusion))

    def _rests(self, conclusion: Conclusion) -> Iterator[str]:
        if not conclusion.basis:
            return
        value = next((v for v in self.values if v.key == conclusion.value), None)
        basis = value.basis if value else None
        option = basis.option(conclusion.basis) if basis else None
        if basis and option:
            yield f"{basis.label} {option.label}."
        else:
            yield f"Basis: {conclusion.basis}."
        if conclusion.basis_reason:
            asked = option.reason if option and option.reason else "Why"
            yield f"{asked}: {conclusion.basis_reason}"

    def asks(self, draft: Draft, needs: str, noted: Noted = NOTHING_NOTED) -> bool:
        """Whether a rule asks for ``needs`` of this value, as far as it is filled in."""
        return any(rule.needs == needs and rule.concerns(draft, noted) for rule in self.rules)

    def cautions(self, draft: Draft, noted: Noted = NOTHING_NOTED) -> tuple[str, ...]:
        """What is worth considering before this is recorded, a sentence each."""
        found = (rule for rule in self.rules if not rule.needs)
        return tuple(rule.sentence for rule in found if rule.concerns(draft, noted))

    def tidied(self, draft: Draft, noted: Noted = NOTHING_NOTED) -> Draft:
        """Without stray blanks, and without answers to what this value does not ask.

        Raises CaseheadError for a value, or a basis, that is not on the scale.
        """
        value = self.value(draft.value)
        basis = draft.basis if value.basis else ""
        option = value.basis.option(basis) if value.basis and basis else None
        if basis and option is None:
            raise CaseheadError(f"{value.label} cannot rest on '{basis}'; choose what is offered.")
        seen = draft.examined_physically is True
        asked = self.asks(draft, "subclass_excluded", noted)
        return replace(
            draft,
            reasons=draft.reasons.strip(),
            basis=basis,
            basis_reason=draft.basis_reason.strip() if option and option.reason else "",
            examined_by=draft.examined_by.strip() if seen else "",
            examined_at=draft.examined_at.strip() if seen else "",
            subclass_excluded=draft.subclass_excluded.strip() if asked else "",
        )

    def missing(
        self, draft: Draft, today: date | None = None, noted: Noted = NOTHING_NOTED
    ) -> tuple[str, ...]:
        """What keeps ``draft`` from being recorded, a sentence each; () when nothing does.

        Raises CaseheadError for a value, or a basis, that is not on the scale.
        """
        if not draft.value:
            return (NOTHING_CHOSEN,)
        tidy = self.tidied(draft, noted)
        found = [rule.sentence for rule in self.rules if rule.broken(tidy, noted)]
        if tidy.examined_physically:
            found += _examined(tidy, today or datetime.now().astimezone().date())
        return tuple(found)


def _examined(draft: Draft, today: date) -> Iterator[str]:
    if not draft.examined_by:
        yield _BY_MISSING
    if not draft.examined_at:
        yield _AT_MISSING
        return
    try:
        day = date.fromisoformat(draft.examined_at)
    except ValueError:
        yield f"“{draft.examined_at}” is not a date; write it as 2026-03-31."
        return
    if day > today:
        yield f"The examination of {draft.examined_at} lies in the future; correct the date."


def _examination(conclusion: Conclusion) -> Iterator[str]:
    if conclusion.examined_physically is None:
        return
    if not conclusion.examined_physically:
        yield "Not examined physically; from pictures only."
        return
    by = f" by {conclusion.examined_by}" if conclusion.examined_by else ""
    at = f" on {conclusion.examined_at}" if conclusion.examined_at else ""
    yield f"Examined physically{by}{at}."


def load_scale(name: str = "afte") -> ConclusionScale:
    """The conclusion scale shipped as ``resources/conclusion_scales/<name>.json``."""
    folder = resources.files("resources").joinpath("conclusion_scales")
    return scale_from(json.loads(folder.joinpath(f"{name}.json").read_text("utf-8")))


def scale_from(data: Mapping[str, Any]) -> ConclusionScale:
    """A scale out of its JSON.

    Raises CaseheadError when a rule asks for what nobody knows, or of a value there is not.
    """
    scale = ConclusionScale(
        data["name"],
        tuple(_value(one) for one in data["values"]),
        tuple(_rule(one) for one in data.get("rules", ())),
    )
    for rule in scale.rules:
        if rule.needs not in _NEEDS:
            known = ", ".join(filter(None, _NEEDS))
            raise CaseheadError(
                f"A rule of the scale {scale.name} needs '{rule.needs}'; write one of: {known}."
            )
        if rule.only_while not in _WHILE:
            known = ", ".join(filter(None, _WHILE))
            raise CaseheadError(
                f"A rule of the scale {scale.name} holds while '{rule.only_while}'; write one of: "
                f"{known}."
            )
        for key in rule.values:
            scale.value(key)
    return scale


def _value(data: Mapping[str, Any]) -> ScaleValue:
    asked = data.get("basis")
    basis = None
    if asked:
        basis = Basis(asked["label"], tuple(BasisOption(**one) for one in asked["options"]))
    return ScaleValue(data["key"], data["label"], data["explanation"], basis)


def _rule(data: Mapping[str, Any]) -> Rule:
    basis, only_while = tuple(data.get("basis", ())), data.get("while", "")
    return Rule(tuple(data["for"]), data.get("needs", ""), data["sentence"], basis, only_while)
