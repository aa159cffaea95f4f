"""How checks are judged, from ``resources/instrument.json``."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

from app.instruments import FIGURES, Figure, Limits, Schedule


@dataclass(frozen=True, slots=True)
class FigureSettings:
    """How one figure is limited; ``hints`` say by side ("low", "high") what to look at."""

    label: str
    sides: tuple[str, ...]
    least_sd: float
    fixed: Limits
    hints: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rule:
    """A run: ``count`` of the last ``of`` checks beyond so many deviations on one side."""

    of: int
    count: int
    beyond: float
    sentence: str

    @property
    def words(self) -> str:
        """Its sentence with the numbers in it."""
        return self.sentence.format(of=self.of, count=self.count, beyond=self.beyond)


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """From which checks limits are worked out, how wide they are, and what else is told."""

    least: int
    most: int
    widened: bool
    warning: float
    action: float
    figures: Mapping[Figure, FigureSettings]
    rules: tuple[Rule, ...]
    schedule: Schedule


@lru_cache(maxsize=1)
def check_settings() -> CheckSettings:
    """Those shipped with the program."""
    text = resources.files("resources").joinpath("instrument.json").read_text("utf-8")
    return settings_from(json.loads(text))


def settings_from(told: Mapping[str, Any]) -> CheckSettings:
    """The same from what the file says. Raises KeyError for what is missing."""
    baseline, deviations, plan = told["baseline"], told["deviations"], told["schedule"]
    return CheckSettings(
        least=int(baseline["least"]),
        most=int(baseline["most"]),
        widened=bool(baseline["widened"]),
        warning=float(deviations["warning"]),
        action=float(deviations["action"]),
        figures={figure: _figure(told["figures"][figure]) for figure in FIGURES},
        rules=tuple(Rule(**rule) for rule in told["rules"]),
        schedule=Schedule(plan["every_days"], tuple(plan["weekdays"]), plan["after_calibration"]),
    )


def _figure(told: Mapping[str, Any]) -> FigureSettings:
    sides = tuple(told["sides"])
    hints = {side: str(told[side]) for side in sides}
    return FigureSettings(told["label"], sides, told["least_sd"], Limits(**told["fixed"]), hints)
