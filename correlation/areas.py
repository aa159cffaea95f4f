"""The places where two aligned marks agree best, to be looked at one after the other."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.motion import Point
from correlation.similarity import SimilarityMap
from correlation.surface import Floats

_LEAST = 0.3
_LEAST_RELIEF = 0.25
_PER_SIGMA = 2.0
_APART = 1.6


@dataclass(frozen=True, slots=True)
class Area:
    """A disc on the left picture, measured from its array's centre (x right, y down), and the
    correlation of the two marks within it."""

    centre_um: Point
    radius_um: float
    ccf: float


def best_areas(found: SimilarityMap, most: int = 9) -> tuple[Area, ...]:
    """The discs that carry most of the agreement, best first, ``most`` of them at most.

    Each has the radius of two standard deviations of the map's window; their centres lie 1.6
    radii apart or more. What a disc carries is the sum over it of local correlation times
    relief; ``ccf`` is that over the relief alone. Discs under 0.3, half empty or with hardly any
    relief are left out; there may be none.
    """
    radius_um = _PER_SIGMA * found.sigma_um
    radius = radius_um / found.pitch_um
    carried, relief, share = _over_discs(found, radius)
    good = (share >= 0.5) & (relief >= _LEAST_RELIEF) & found.mask
    left = np.where(good, carried * share, 0).astype(np.float32)
    rows, columns = np.indices(left.shape)
    areas: list[Area] = []
    while len(areas) < most:
        row, column = np.unravel_index(int(left.argmax()), left.shape)
        if left[row, column] <= 0:
            break
        ccf = float(carried[row, column] / relief[row, column])
        if ccf >= _LEAST:
            areas.append(Area(_centre(found, int(row), int(column)), radius_um, round(ccf, 4)))
        near = np.hypot(rows - row, columns - column) < _APART * radius
        left[near if ccf >= _LEAST else (rows == row) & (columns == column)] = 0
    return tuple(areas)


def _over_discs(found: SimilarityMap, radius: float) -> tuple[Floats, Floats, Floats]:
    """Means over a disc about each point of correlation times relief and of relief, and how much
    of the disc is valid."""
    reach = int(np.ceil(radius))
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    disc: NDArray[np.float32] = (np.hypot(x, y) <= radius).astype(np.float32)
    disc /= disc.sum()
    inside = found.mask.astype(np.float32)
    parts = (found.values * found.relief * inside, found.relief * inside, inside)
    total, relief, share = (
        np.asarray(cv2.filter2D(part, cv2.CV_32F, disc, borderType=cv2.BORDER_CONSTANT), np.float32)
        for part in parts
    )
    weight = np.maximum(share, np.float32(1e-6))
    over, deep = (np.asarray(part / weight, np.float32) for part in (total, relief))
    return over, deep, share


def _centre(found: SimilarityMap, row: int, column: int) -> Point:
    rows, columns = found.values.shape
    return (
        round(found.centre_um[0] + (column - (columns - 1) / 2) * found.pitch_um, 2),
        round(found.centre_um[1] + (row - (rows - 1) / 2) * found.pitch_um, 2),
    )
