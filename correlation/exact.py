"""Masked correlations at chosen poses, over the samples of the polar grid, for many marks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.ncc import pearson_of_sums
from correlation.polar import ANGLES, MISSING, RADII, STEP_DEG, STEPS, packed, polar
from correlation.prepare import Level
from correlation.surface import Floats

HALF_PX = 0.5
_EVERY = 2
_CORNERS = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
_AROUND = np.array([(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)])
_TURNS = np.array([-1, 0, 1])
_SIX = ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 1))
Indices = NDArray[np.intp]


class Exact:
    """A mark about every half pixel up to ``reach_px``, as int8."""

    def __init__(self, level: Level, reach_px: float, least: float) -> None:
        self._side = 2 * round(2 * reach_px) + 1
        self._least = least
        steps = (np.arange(self._side) - self._side // 2) * HALF_PX
        x, y = np.meshgrid(steps, steps)
        centres = np.stack([x.ravel(), y.ravel()], axis=1)
        self._table = np.concatenate(
            [packed(*polar(level, some, _EVERY)) for some in np.array_split(centres, self._side)]
        )

    def best(self, maps: Floats, rings: slice, areas: Floats, starts: Indices) -> Floats:
        """(6, n): strength, correlation, overlap, rotation, x and y shift in pixels.

        ``maps`` are weight, value and square of n marks on ``rings``, (n, 3, rings, ANGLES),
        already weighed by area. ``starts`` (n, places, 3) hold turn (in STEP_DEG), row and
        column; the poses about each are tried, then those next to the best.
        """
        twice = np.concatenate([maps, maps], axis=3)
        twice = np.stack([twice[..., start::_EVERY] for start in range(_EVERY)], axis=1)
        _, corner = self._highest(twice, rings, areas, starts, _CORNERS)
        found, pose = self._highest(twice, rings, areas, corner[:, None], _AROUND)
        rotation = (pose[:, 0] * STEP_DEG + 180) % 360 - 180
        shift = (pose[:, :0:-1] - self._side // 2) * HALF_PX
        return np.concatenate([found, [rotation], shift.T]).astype(np.float32)

    def _highest(
        self, twice: Floats, rings: slice, areas: Floats, starts: Indices, offsets: Indices
    ) -> tuple[NDArray[np.float64], Indices]:
        """The best of the poses around ``starts``: (3, n) figures, (n, 3) indices."""
        sums = self._sums(twice, rings, starts, offsets)
        shares = np.minimum(sums[0] / areas[:, None, None, None], 1.0)
        ccf = np.where(shares >= self._least, pearson_of_sums(sums, 2), -1.0)
        figures = np.stack([ccf * np.sqrt(np.maximum(shares, 0)), ccf, shares])
        number = len(starts)
        best = figures[0].reshape(number, -1).argmax(axis=1)
        place, offset, turn = np.unravel_index(best, sums.shape[2:])
        pose = starts[np.arange(number), place].copy()
        pose[:, 0] += _TURNS[turn]
        pose[:, 1:] += offsets[offset]
        return figures.reshape(3, number, -1)[:, np.arange(number), best], pose

    def _sums(
        self, twice: Floats, rings: slice, starts: Indices, offsets: Indices
    ) -> NDArray[np.float64]:
        """Pearson's six sums, (6, n, places, offsets, turns)."""
        number, places = starts.shape[:2]
        at = starts[:, :, None, 1:] + offsets
        index = at[..., 0] * self._side + at[..., 1]
        first = -(starts[..., 0, None] + _TURNS) % ANGLES
        out = np.empty((number, places, 3, len(offsets), 9), np.float32)
        samples = ANGLES // _EVERY
        fixed = np.empty((places, 3, len(offsets), twice.shape[3], samples), np.float32)
        for i in range(number):
            stored = self._table[index[i], rings]
            np.greater(stored, MISSING, out=fixed[:, 0])
            np.multiply(stored, fixed[:, 0], out=fixed[:, 1])
            np.multiply(fixed[:, 1], fixed[:, 1], out=fixed[:, 2])
            for j in range(places):
                moved = [
                    twice[i, turn % _EVERY, :, :, turn // _EVERY : turn // _EVERY + samples]
                    for turn in first[i, j].tolist()
                ]
                other = np.concatenate(moved).reshape(9, -1).T
                np.matmul(fixed[j].reshape(3, len(offsets), -1), other, out=out[i, j])
        table = out.reshape(number, places, 3, len(offsets), 3, 3).astype(np.float64)
        table *= (_EVERY / STEPS ** np.arange(3))[:, None, None, None]
        return np.stack([table[:, :, i, :, :, j] for i, j in _SIX])


def weighed(values: Floats, masks: Floats, rings: slice) -> Floats:
    """(n, 3, rings, ANGLES): what ``Exact.best`` wants, in square pixels."""
    maps = np.stack([masks, values, values * values], axis=1)[:, :, rings]
    maps *= (RADII * (2 * np.pi / ANGLES))[rings, None]
    return maps
