"""Checks of an instrument with a reference cartridge case: what is kept of them.

An instrument is a camera with an objective and a zoom (``Optics``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from app.optics import Optics
from app.terms import Author, Light, new_id

Figure = Literal["correlation", "focus", "brightness", "scale"]
FIGURES: tuple[Figure, ...] = get_args(Figure)
"""What is charted: the areal correlation with the golden picture, and the sharpness, brightness
and size of the reference case relative to it (1: as on the golden picture)."""

Outcome = Literal["within", "warning", "out"]
Condition = Literal["ok", "due", "locked"]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an instrument is to be checked: every so many days, on these days of the week.

    Days of the week count from Monday, 0. With ``after_calibration`` also after a new calibration.
    """

    every_days: int = 1
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    after_calibration: bool = True


@dataclass(frozen=True, slots=True)
class ReferenceCase:
    """A cartridge case set aside for one instrument, with its golden picture.

    ``digest`` is the SHA-256 of that picture, ``width`` and ``height`` its size in pixels.
    ``figures`` are its absolute ones: focus, brightness (share of full scale), radius_um of the
    face. ``schedule`` and ``withdrawn_at`` may be told anew later; everything else stays.
    """

    optics: Optics
    name: str
    digest: str
    width: int
    height: int
    pixel_um: float
    light: Light = Light.UNKNOWN
    figures: Mapping[str, float] = field(default_factory=dict)
    captured_at: str = ""
    software: str = ""
    note: str = ""
    author: Author | None = None
    made_at: str = ""
    schedule: Schedule = field(default_factory=Schedule)
    withdrawn_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class Limits:
    """Between which values a figure is as it should be; None where a side has no limit.

    ``count`` is from how many checks mean and ``sd`` (standard deviation) were worked out; 0 for
    the fixed limits of the beginning.
    """

    mean: float
    sd: float | None = None
    count: int = 0
    warn_low: float | None = None
    warn_high: float | None = None
    act_low: float | None = None
    act_high: float | None = None

    def outcome(self, value: float) -> Outcome:
        """What a value is by these limits alone."""
        if _beyond(value, self.act_low, self.act_high):
            return "out"
        return "warning" if _beyond(value, self.warn_low, self.warn_high) else "within"


def _beyond(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


@dataclass(frozen=True, slots=True)
class InstrumentCheck:
    """The reference case pictured again and compared with its golden picture.

    ``figures`` are those of FIGURES (absent where nothing could be measured), ``limits`` what each
    was held against; ``reasons`` are sentences of what is out of limits or remarkable. ``facts``
    are further numbers of the comparison (score, congruent cells, turn, shift, ...). ``digest`` is
    the SHA-256 of the picture.
    """

    reference_id: str
    digest: str
    figures: Mapping[str, float]
    limits: Mapping[str, Limits]
    outcome: Outcome
    reasons: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    captured_at: str = ""
    method: str = ""
    version: str = ""
    software: str = ""
    author: Author | None = None
    checked_at: str = ""
    id: str = field(default_factory=new_id)

    def outcome_of(self, figure: Figure) -> Outcome:
        """What one figure is by its limits; a missing one is out."""
        limits, value = self.limits.get(figure), self.figures.get(figure)
        if value is None:
            return "out"
        return "within" if limits is None else limits.outcome(value)


@dataclass(frozen=True, slots=True)
class InstrumentRelease:
    """A qualified person's word that an instrument may be used again after a check out of limits.

    It answers ``check_id`` and the ones before it. ``standing`` is what qualifies the signer,
    ``reason`` what was found and done; ``author`` who worked at the station when it was signed.
    """

    reference_id: str
    check_id: str
    signer: str
    standing: str
    reason: str
    author: Author | None = None
    signed_at: str = ""
    id: str = field(default_factory=new_id)


@dataclass(frozen=True, slots=True)
class InstrumentState:
    """Whether an instrument may be used, and the sentence that says why it may not, or is due.

    ``check_id`` is the check out of limits that locks it.
    """

    condition: Condition = "ok"
    sentence: str = ""
    check_id: str = ""

    @property
    def locked(self) -> bool:
        """Whether nothing may be acquired with it."""
        return self.condition == "locked"
