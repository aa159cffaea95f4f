"""Circles in a picture: every circle of plausible size votes with the gradient along its rim.

The map of votes is a correlation of the normalised gradient field with rings, so no threshold
decides, and a rim that is interrupted costs only its share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.late import fft
from correlation.surface import Bools, Floats


@dataclass(frozen=True, slots=True)
class Rim:
    """A circle in pixels of its map, and the mean gradient along it (-1 to 1)."""

    x: float
    y: float
    radius: float
    vote: float


def gradients(face_map: Floats, even: bool = False) -> tuple[Floats, Floats]:
    """Gradient (x, y), its length squeezed to below 1 so that no highlight outvotes a rim.

    A map that is ``even`` but for its edges (an outline) has none; its steepest place counts.
    """
    padded = cv2.copyMakeBorder(face_map, 2, 2, 2, 2, cv2.BORDER_REPLICATE)
    smooth = cv2.GaussianBlur(padded, (0, 0), 1.5)
    gx = cv2.Scharr(smooth, cv2.CV_32F, 1, 0)[2:-2, 2:-2] / 32
    gy = cv2.Scharr(smooth, cv2.CV_32F, 0, 1)[2:-2, 2:-2] / 32
    length = np.hypot(gx, gy)
    usual = float(length.max()) if even else 2.0 * float(np.percentile(length, 75))
    scale = length + usual + 1e-6
    return (gx / scale).astype(np.float32), (gy / scale).astype(np.float32)


def best_rim(
    field: tuple[Floats, Floats],
    radii: tuple[float, float],
    sign: float,
    within: Rim | None,
) -> Rim | None:
    """The rim of a radius between ``radii`` (pixels) with the most votes.

    ``sign`` is -1 for what is brighter inside, 1 for what is darker; ``within`` confines it to
    the inside of another. None where no circle has a vote.
    """
    rows, columns = field[0].shape
    smallest, largest = radii
    if within is not None:
        largest = min(largest, 0.85 * within.radius)
    largest = min(largest, 0.62 * max(rows, columns))
    if largest <= smallest:
        return None
    votes = _Votes(field, sign, int(largest) + 1)
    best = votes.best_of(np.arange(smallest, largest + 0.5, 2.0), within)
    if best is None:
        return None
    near = [radius for radius in (best.radius - 1, best.radius + 1) if smallest <= radius]
    return max((rim for rim in (best, votes.best_of(near, within)) if rim), key=_vote)


def _vote(rim: Rim) -> float:
    return rim.vote


class _Votes:
    """Mean of the outward gradient along every circle, by FFT."""

    def __init__(self, field: tuple[Floats, Floats], sign: float, reach: int) -> None:
        rows, columns = field[0].shape
        self._reach = reach
        self._shape = (
            fft.next_fast_len(max(rows + reach + 2, 2 * reach + 5), real=True),
            fft.next_fast_len(max(columns + reach + 2, 2 * reach + 5), real=True),
        )
        self._rows, self._columns = rows, columns
        self._spectra = [fft.rfft2(sign * part, self._shape) for part in field]

    def best_of(self, radii: Iterable[float], within: Rim | None) -> Rim | None:
        rims = [self.best(float(radius), within) for radius in radii]
        return max((rim for rim in rims if rim is not None), key=_vote, default=None)

    def best(self, radius: float, within: Rim | None) -> Rim | None:
        votes = self._of(radius)
        allowed = self._allowed(radius, within)
        votes = np.where(allowed, votes, -1.0)
        row, column = np.unravel_index(int(np.argmax(votes)), votes.shape)
        vote = float(votes[row, column])
        return Rim(float(column), float(row), radius, vote) if vote > 0 else None

    def _of(self, radius: float) -> NDArray[np.float32]:
        """votes(c) = mean over the ring of gradient(c + d) . d / |d|."""
        reach = int(np.ceil(radius)) + 1
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
        distance = np.hypot(x, y)
        ring = np.clip(1 - np.abs(distance - radius), 0, 1)
        ring /= ring.sum()
        safe = np.maximum(distance, 1e-6)
        total = np.zeros((self._shape[0], self._shape[1] // 2 + 1), np.complex64)
        for spectrum, direction in zip(self._spectra, (x / safe, y / safe), strict=True):
            kernel = np.zeros(self._shape, np.float32)
            kernel[: 2 * reach + 1, : 2 * reach + 1] = ring * direction
            kernel = np.roll(kernel, (-reach, -reach), (0, 1))
            total += spectrum * np.conj(fft.rfft2(kernel))
        votes = fft.irfft2(total, self._shape)[: self._rows, : self._columns]
        return np.asarray(votes, np.float32)

    def _allowed(self, radius: float, within: Rim | None) -> Bools:
        y, x = np.ogrid[: self._rows, : self._columns]
        if within is None:
            slack = 0.35 * radius
            inside = (x >= radius - slack) & (x <= self._columns - radius + slack)
            tall = (y >= radius - slack) & (y <= self._rows - radius + slack)
            return np.asarray(inside & tall, np.bool_)
        distance = np.hypot(x - within.x, y - within.y)
        return np.asarray(distance + radius <= 0.97 * within.radius, np.bool_)
