"""Masked correlations at chosen poses, over the samples of the polar grid, for many marks."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.kernels import loops
from correlation.ncc import pearson_of_sums
from correlation.polar import ANGLES, MISSING, STEP_DEG, STEPS, packed, polar
from correlation.prepare import Level
from correlation.surface import Floats

HALF_PX = 0.5
_EVERY = 2
_CORNERS = np.array([(-1, -1), (-1, 1), (1, -1), (1, 1)])
_AROUND = np.array([(row, column) for row in (-1, 0, 1) for column in (-1, 0, 1)])
_TURNS = np.array([-1, 0, 1])
_POWERS = (0, 1, 0, 2, 0, 1)
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

        ``maps`` are weight, value and square of n marks, (n, 3, RINGS, ANGLES), of which
        ``rings`` are used. ``starts`` (n, places, 3) hold turn (in STEP_DEG), row and
        column; the poses about each are tried, then those next to the best.
        """
        _, corner = self._highest(maps, rings, areas, starts, _CORNERS)
        found, pose = self._highest(maps, rings, areas, corner[:, None], _AROUND)
        rotation = (pose[:, 0] * STEP_DEG + 180) % 360 - 180
        shift = (pose[:, :0:-1] - self._side // 2) * HALF_PX
        return np.concatenate([found, [rotation], shift.T]).astype(np.float32)

    def _highest(
        self, maps: Floats, rings: slice, areas: Floats, starts: Indices, offsets: Indices
    ) -> tuple[NDArray[np.float64], Indices]:
        """The best of the poses around ``starts``: (3, n) figures, (n, 3) indices."""
        sums = self._sums(maps, rings, starts, offsets)
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
        self, maps: Floats, rings: slice, starts: Indices, offsets: Indices
    ) -> NDArray[np.float64]:
        """Pearson's six sums, (6, n, places, offsets, turns)."""
        at = starts[:, :, None, 1:] + offsets
        positions = at[..., 0] * self._side + at[..., 1]
        turns = -(starts[..., 0, None] + _TURNS) % ANGLES
        sums = turned_sums(self._table, maps, rings, positions, turns)
        sums *= (_EVERY / STEPS ** np.array(_POWERS))[:, None, None, None, None]
        return sums


def turned_sums(
    table: NDArray[np.int8], maps: Floats, rings: slice, positions: Indices, turns: Indices
) -> NDArray[np.float64]:
    """Pearson's six sums of stored views of one mark with others at turns of their own.

    ``table`` (views, RINGS, ANGLES / 2) as ``packed`` gives it, ``maps`` (n, 3, RINGS, ANGLES)
    weight, value and square. ``positions`` (n, places, offsets) name views, ``turns`` (n, places,
    k) how many samples the others are turned. (6, n, places, offsets, k).
    """
    shape = (*positions.shape, turns.shape[2])
    compiled = loops()
    if compiled is not None:
        found = np.empty((*shape, 6), np.float64)
        compiled.turned_sums(table, maps, rings.start, rings.stop, positions, turns, MISSING, found)
        return np.ascontiguousarray(np.moveaxis(found, -1, 0))
    sums = np.empty((6, *shape), np.float64)
    for k, p in np.ndindex(shape[:2]):
        stored = table[positions[k, p], rings]
        there = np.greater(stored, MISSING).astype(np.float32)
        value = stored * there
        fixed = np.stack([there, value, value * value]).reshape(3, shape[2], -1)
        moved = [np.roll(maps[k][:, rings], -turn, axis=2)[..., ::_EVERY] for turn in turns[k, p]]
        other = np.stack(moved).reshape(3 * shape[3], -1).T
        both = (fixed @ other).reshape(3, shape[2], shape[3], 3)
        sums[:, k, p] = [both[i, :, :, j] for i, j in _SIX]
    return sums
