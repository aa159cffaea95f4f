"""White balance by software: gains for the eye, kept beside the picture and never put into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from app.capture.frame import Frame
from app.capture.metering import Reading, Spot, read_spot
from app.domain import CaseheadError

SETTING = "white_balance_gains"
"""The setting of a capture record: what red, green and blue are to be multiplied by to be shown."""
_LARGEST = 8.0
_DARKEST, _BRIGHTEST = 0.02, 0.98


@dataclass(frozen=True, slots=True)
class Gains:
    """Green stays as it is."""

    red: float = 1.0
    green: float = 1.0
    blue: float = 1.0

    @property
    def neutral(self) -> bool:
        """Whether they change nothing."""
        return self == Gains()

    def as_json(self) -> dict[str, Any]:
        """For the capture record."""
        return {"red": self.red, "green": self.green, "blue": self.blue}

    @staticmethod
    def of(settings: Mapping[str, Any]) -> Gains:
        """Those of a capture record; none where it has none that can be understood."""
        told = settings.get(SETTING)
        try:
            found = Gains(*(float(told[name]) for name in ("red", "green", "blue")))  # type: ignore[index]
        except (KeyError, TypeError, ValueError):
            return Gains()
        values = (found.red, found.green, found.blue)
        return found if all(1 / _LARGEST <= v <= _LARGEST for v in values) else Gains()


def grey_here(frame: Frame, spot: Spot) -> Gains:
    """The gains that make a spot grey. Raises CaseheadError where it cannot be told from it."""
    if frame.pixels.ndim != 3:
        raise CaseheadError("The camera delivers grey pictures; they need no white balance.")
    return _gains(read_spot(frame, spot))


def one_push(frame: Frame) -> Gains:
    """The gains that make the whole picture grey on average, its clipped pixels left out.

    Raises CaseheadError where it cannot be told from it.
    """
    if frame.pixels.ndim != 3:
        raise CaseheadError("The camera delivers grey pictures; they need no white balance.")
    full = 65535 if frame.pixels.dtype == np.uint16 else 255
    step = max(int((frame.pixels.size / 3 / 100_000) ** 0.5), 1)
    thin = frame.pixels[::step, ::step].reshape(-1, 3)
    usable = thin[((thin < 0.98 * full) & (thin > 0.02 * full)).all(axis=1)]
    if len(usable) < 100:
        raise CaseheadError(
            "Too much of the picture is black or at full scale; change the exposure first."
        )
    red, green, blue = (float(v) for v in usable.mean(axis=0) / full)
    return _gains(Reading(green, 0.0, (red, green, blue)))


def _gains(reading: Reading) -> Gains:
    red, green, blue = reading.colour
    if min(red, green, blue) < _DARKEST or max(red, green, blue) > _BRIGHTEST:
        raise CaseheadError(
            "That place is too dark or at full scale; choose a grey one that is neither."
        )
    values = (green / red, green / blue)
    if not all(1 / _LARGEST <= value <= _LARGEST for value in values):
        raise CaseheadError("That place has a strong colour of its own; choose a grey one.")
    return Gains(round(values[0], 4), 1.0, round(values[1], 4))
