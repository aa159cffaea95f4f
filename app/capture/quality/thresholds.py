"""The limits a verdict is given by: data in ``resources/quality.json`` that a lab may edit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from math import isfinite
from pathlib import Path
from typing import Any

from app.domain import CaseheadError, Light, MarkKind

FILE = "quality.json"
HIGHER_IS_BETTER = frozenset({"focus", "contrast", "inside", "found"})
LOWER_IS_BETTER = frozenset({"blurred", "saturated", "black", "noise", "pixel_um"})
NAMES = HIGHER_IS_BETTER | LOWER_IS_BETTER
_MEND = "mend the file or put back the one that came with Casehead."


@dataclass(frozen=True, slots=True)
class Limit:
    """Up to ``good`` nothing is said of a figure, beyond ``redo`` the picture is to be redone."""

    good: float
    redo: float


@dataclass(frozen=True, slots=True)
class Special:
    """Other limits for one kind of mark, one light, or both; None is any."""

    mark: MarkKind | None
    light: Light | None
    limits: Mapping[str, Limit]


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Limits of every figure, and where others hold."""

    limits: Mapping[str, Limit]
    exceptions: tuple[Special, ...] = ()

    def of(self, kind: MarkKind, light: Light) -> dict[str, Limit]:
        """The limits for a picture of that mark under that light."""
        found = dict(self.limits)
        for one in self.exceptions:
            if one.mark in (None, kind) and one.light in (None, light):
                found.update(one.limits)
        return found


def load_thresholds(path: Path | None = None) -> Thresholds:
    """The limits in a file, by default those in force.

    Raises CaseheadError with one sentence that names what is wrong in it.
    """
    name = path.name if path else FILE
    try:
        if path is not None:
            text = path.read_text("utf-8")
        else:
            text = resources.files("resources").joinpath(FILE).read_text("utf-8")
        told = json.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        raise CaseheadError(f"The limits of picture quality in {name} cannot be read.") from error
    except json.JSONDecodeError as error:
        raise _damaged(name, f"line {error.lineno} is no JSON ({error.msg})") from error
    return read_thresholds(told, name)


def read_thresholds(told: Any, name: str = FILE) -> Thresholds:
    """The limits in what was read of a file; raises as ``load_thresholds`` does."""
    whole = _mapping(told, name, "the file")
    limits = _limits(whole.get("limits"), name, "'limits'")
    missing = sorted(NAMES - limits.keys())
    if missing:
        raise _damaged(name, f"'limits' lacks '{missing[0]}'")
    exceptions = whole.get("exceptions", [])
    if not isinstance(exceptions, list):
        raise _damaged(name, "'exceptions' is no list")
    return Thresholds(
        limits, tuple(_exception(one, name, i) for i, one in enumerate(exceptions, 1))
    )


def _exception(told: Any, name: str, number: int) -> Special:
    where = f"exception {number}"
    one = _mapping(told, name, where)
    try:
        mark = MarkKind(one["mark"]) if "mark" in one else None
        light = Light(one["light"]) if "light" in one else None
    except ValueError as error:
        raise _damaged(name, f"{where} names no mark or light there is: {error}") from error
    return Special(mark, light, _limits(one.get("limits"), name, f"'limits' of {where}"))


def _limits(told: Any, name: str, where: str) -> dict[str, Limit]:
    found = {}
    for key, value in _mapping(told, name, where).items():
        if key not in NAMES:
            raise _damaged(name, f"{where} has '{key}', which is no figure")
        found[key] = _limit(value, key, name, where)
    return found


def _limit(told: Any, key: str, name: str, where: str) -> Limit:
    one = _mapping(told, name, f"'{key}' in {where}")
    values = one.get("good"), one.get("redo")
    numbers = [float(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(numbers) < 2 or not all(isfinite(number) and number >= 0 for number in numbers):
        raise _damaged(name, f"'{key}' in {where} needs 'good' and 'redo', numbers from 0 up")
    good, redo = numbers
    if (good < redo) if key in HIGHER_IS_BETTER else (good > redo):
        side = "below" if key in HIGHER_IS_BETTER else "above"
        raise _damaged(name, f"'good' of '{key}' in {where} must not lie {side} 'redo'")
    return Limit(good, redo)


def _mapping(told: Any, name: str, where: str) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise _damaged(name, f"{where} is missing or no list of names with values")
    return told


def _damaged(name: str, what: str) -> CaseheadError:
    return CaseheadError(f"The limits of picture quality in {name} cannot be used: {what}; {_MEND}")
