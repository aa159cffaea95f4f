"""Metering a spot of the picture by software, and the exposure time that brings it to a target."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.capture.controls import Dial
from app.capture.frame import Frame, Pixels

SHARES = (0.3, 0.01, 0.001)
"""Sizes of the spot as shares of the field, the largest first."""
TARGET = 0.45
"""Mean grey of the spot as share of full scale: bright marks keep room above."""
_TOLERANCE = 0.06
_CLIPPED_AT_MOST = 0.02
_STEP = 4.0
"""Times longer or shorter at once, at most."""
_SAMPLES = 40_000
_SETTLE_FRAMES = 3
"""Frames after a change that may still be exposed as before."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A spot of the field's proportions; ``x``, ``y`` its middle as shares of width and height."""

    x: float = 0.5
    y: float = 0.5
    share: float = SHARES[0]

    def box(self, columns: int, rows: int) -> tuple[int, int, int, int]:
        """Left, top, right, bottom in pixels, within the picture, at least one pixel."""
        side = self.share**0.5
        width, height = max(round(columns * side), 1), max(round(rows * side), 1)
        left = min(max(round(self.x * columns - width / 2), 0), columns - width)
        top = min(max(round(self.y * rows - height / 2), 0), rows - height)
        return left, top, left + width, top + height


@dataclass(frozen=True, slots=True)
class Reading:
    """Mean grey of a spot and its clipped pixels, as shares of full scale and of the spot."""

    mean: float
    clipped: float
    colour: tuple[float, float, float]


def read_spot(frame: Frame, spot: Spot) -> Reading:
    """Meter a frame; a colour picture by the mean of its channels."""
    rows, columns = frame.pixels.shape[:2]
    left, top, right, bottom = spot.box(columns, rows)
    part = _thinned(frame.pixels[top:bottom, left:right])
    full = 65535 if part.dtype == np.uint16 else 255
    colour = part.reshape(-1, part.shape[2] if part.ndim == 3 else 1)
    means = np.broadcast_to(colour.mean(axis=0) / full, (3,))
    clipped = float((colour >= full).any(axis=1).mean())
    red, green, blue = (float(value) for value in means)
    return Reading(float(means.mean()), clipped, (red, green, blue))


def _thinned(part: Pixels) -> Pixels:
    step = max(int((part.shape[0] * part.shape[1] / _SAMPLES) ** 0.5), 1)
    return part[::step, ::step]


class Metering:
    """Drives the exposure time until the spot has its target; ``next_ms`` for frame after frame."""

    def __init__(self, target: float = TARGET) -> None:
        self.target = target
        self._from = 0

    def begin_anew(self) -> None:
        """The spot or the camera is another one."""
        self._from = 0

    def next_ms(self, frame: Frame, spot: Spot, exposure: Dial) -> float | None:
        """The exposure time to set now; None while it fits, waits for its effect or cannot be set.

        Raises nothing: a camera that does not tell its exposure is left alone.
        """
        if not exposure.offered or exposure.value is None or exposure.value <= 0:
            return None
        if 0 < frame.number < self._from:
            return None
        reading = read_spot(frame, spot)
        factor = self._factor(reading)
        wanted = exposure.clamped(exposure.value * factor)
        if abs(factor - 1) <= _TOLERANCE or abs(wanted / exposure.value - 1) < 0.01:
            return None
        self._from = frame.number + _SETTLE_FRAMES
        return wanted

    def _factor(self, reading: Reading) -> float:
        if reading.clipped > _CLIPPED_AT_MOST and reading.mean > self.target:
            # what is clipped was brighter still: more than the mean says
            return max(self.target / reading.mean, 1 / _STEP) * 0.8
        return min(max(self.target / max(reading.mean, 1e-3), 1 / _STEP), _STEP)
