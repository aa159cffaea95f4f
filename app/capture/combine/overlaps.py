"""How two overlapping fields lie to each other: proposed by phase, judged by correlation.

The normalised cross power spectrum of zero-padded small copies proposes shifts (Kuglin and Hines
1975), and so does the correlation of what both fields show at a shift (Padfield 2012, rectangles
as masks), which finds narrow overlaps too. That correlation, times the root of the overlap,
judges all of them, so that a short edge seen by both cannot win by itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.capture.combine.motion import Motion
from app.capture.combine.registering import Layers
from app.capture.opencv import cv2
from correlation.late import fft
from correlation.surface import Bools, Floats

_PROPOSALS = 12
_LEAST_SIDE_PX = 12


@dataclass(frozen=True, slots=True)
class Proposal:
    """A whole-pixel shift (full size) that brings the second field onto the first."""

    motion: Motion
    strength: float
    """Correlation times the root of the overlap in independent pixels: like a signal to noise."""


class Field:
    """A field's small copy with what correlating it needs."""

    def __init__(self, layers: Layers) -> None:
        self.image, self.factor = layers.small()
        rows, columns = self.image.shape
        self.shape = (rows, columns)
        self._padded = (fft.next_fast_len(2 * rows), fft.next_fast_len(2 * columns, real=True))
        soft = self.image * np.outer(_taper(rows), _taper(columns)).astype(np.float32)
        self.edges = fft.rfft2(soft, self._padded)
        image = self.image - self.image.mean()
        self.values = fft.rfft2(image, self._padded)
        self.squares = fft.rfft2(image * image, self._padded)
        self.ones = fft.rfft2(np.ones(self.shape, np.float32), self._padded)

    def back(self, spectrum: NDArray[np.complexfloating]) -> Floats:
        """A product of spectra as a map over shifts."""
        return np.asarray(fft.irfft2(spectrum, self._padded), np.float32)


def proposed(
    first: Field, second: Field, least_share: float, near: tuple[float, float, float] | None = None
) -> Proposal | None:
    """The best shift of ``second`` onto ``first`` where they share at least ``least_share``.

    ``near`` limits it to a place (x, y) and a distance, pixels of full size. None without any.
    """
    correlation, overlap = _correlation(first, second)
    allowed = overlap >= least_share * first.image.size
    allowed &= _wide_enough(first.shape, correlation.shape)
    if near is not None:
        allowed &= _around(correlation.shape, near, first.factor)
    if not allowed.any():
        return None
    phase = np.where(allowed, _phase(first, second), -1.0)
    strength = np.where(allowed, correlation * np.sqrt(np.maximum(overlap, 0)), -1.0)
    best: Proposal | None = None
    for top in (*_peaks(phase), *_peaks(strength)):
        row, column = _uphill(strength, *top)
        found = float(strength[row, column])
        if best is None or found > best.strength:
            dy, dx = (_signed(n, size) for n, size in zip((row, column), phase.shape, strict=True))
            agreement = float(correlation[row, column])
            motion = Motion(float(dx * first.factor), float(dy * first.factor), agreement=agreement)
            best = Proposal(motion, found)
    return best


def _correlation(first: Field, second: Field) -> tuple[Floats, Floats]:
    """Correlation of what both show at every shift, and how many pixels that is."""
    cross = first.back(first.values * np.conj(second.values))
    count = np.maximum(first.back(first.ones * np.conj(second.ones)), 1e-3)
    own = first.back(first.values * np.conj(second.ones))
    other = first.back(first.ones * np.conj(second.values))
    own_squares = first.back(first.squares * np.conj(second.ones)) - own * own / count
    other_squares = first.back(first.ones * np.conj(second.squares)) - other * other / count
    power = np.sqrt(np.maximum(own_squares, 0) * np.maximum(other_squares, 0))
    least = 1e-3 * float(power.max()) + 1e-12
    value = np.where(power > least, (cross - own * other / count) / np.maximum(power, least), 0)
    return np.clip(value, -1, 1).astype(np.float32), count


def _phase(first: Field, second: Field) -> Floats:
    product = first.edges * np.conj(second.edges)
    size = np.abs(product)
    white = product / (size + 0.05 * float(size.mean()) + 1e-12)
    return np.asarray(cv2.GaussianBlur(first.back(white), (0, 0), 0.8), np.float32)


def _peaks(values: Floats) -> list[tuple[int, int]]:
    highest = values >= cv2.dilate(values, np.ones((7, 7), np.uint8))
    rows, columns = np.nonzero(highest & (values > 0))
    order = np.argsort(-values[rows, columns])[:_PROPOSALS]
    return [(int(rows[n]), int(columns[n])) for n in order]


def _uphill(values: Floats, row: int, column: int) -> tuple[int, int]:
    """The highest of a place and its 24 neighbours; both axes are circular."""
    near = [(row + i, column + j) for i in range(-2, 3) for j in range(-2, 3)]
    turned = [(r % values.shape[0], c % values.shape[1]) for r, c in near]
    return max(turned, key=lambda at: float(values[at]))


def _signed(number: int, size: int) -> int:
    return number - size if number > size // 2 else number


def _wide_enough(shape: tuple[int, int], padded: tuple[int, ...]) -> Bools:
    rows, columns = (np.abs(_offsets(size)) for size in padded)
    tall, wide = shape[0] - rows >= _LEAST_SIDE_PX, shape[1] - columns >= _LEAST_SIDE_PX
    return np.asarray(tall[:, None] & wide[None, :], np.bool_)


def _around(padded: tuple[int, ...], near: tuple[float, float, float], factor: int) -> Bools:
    x, y, reach = (value / factor for value in near)
    rows, columns = (_offsets(size).astype(np.float64) for size in padded)
    return np.asarray(np.hypot(rows[:, None] - y, columns[None, :] - x) <= reach + 1, np.bool_)


def _offsets(size: int) -> NDArray[np.int64]:
    numbers = np.arange(size)
    return np.where(numbers > size // 2, numbers - size, numbers)


def _taper(size: int) -> Floats:
    """A window flat but for an eighth on either side."""
    edge = max(2, size // 8)
    window = np.ones(size, np.float32)
    rise = 0.5 - 0.5 * np.cos(np.pi * (np.arange(edge) + 0.5) / edge)
    window[:edge], window[-edge:] = rise, rise[::-1]
    return window
