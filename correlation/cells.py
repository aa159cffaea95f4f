"""Congruent matching cells with the consensus of the cells as their reference.

Song 2013 and Tong, Song and Chu 2014 register square cells of one mark on the other, each on
its own, and count those that agree. Here the reference they must agree with is the consensus of
the cells themselves, found per rotation as the densest translation (a robust relative of the
convergence rule of Chen et al. 2017). Every place within reach is tried at twice the pitch, and
the best are evaluated at the full pitch, where the thresholds hold.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from correlation.cut import Cells, cut
from correlation.method import Settings
from correlation.ncc import masked_ncc, pearson_of_sums, spectra
from correlation.prepare import Level
from correlation.resample import block_mean, turning, warped
from correlation.surface import Bools, Floats
from correlation.sweep import Pose

_SLACK = 0.1
"""How much less a cell may correlate at twice the pitch and still be evaluated at the full one."""

_PEAKS = 2

_STEPS = np.array([(0, 0), (-1, 0), (1, 0), (0, -1), (0, 1), (-1, -1), (1, -1), (-1, 1), (1, 1)])
"""A place and its neighbours: pixels across and down."""


@dataclass(frozen=True, slots=True)
class Found:
    """One cell: its centre on the reference mark and its best place on the turned other one.

    ``moved_um`` is the shift of the other mark, turned by ``rotation_deg`` about its centre,
    that brings it onto the cell.
    """

    x_um: float
    y_um: float
    rotation_deg: float
    moved_um: tuple[float, float]
    ccf: float
    congruent: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Best place of every cell (columns) at every rotation (rows)."""

    turns_deg: NDArray[np.float64]
    x_um: NDArray[np.float64]
    y_um: NDArray[np.float64]
    ccf: NDArray[np.float64]
    dx_um: NDArray[np.float64]
    dy_um: NDArray[np.float64]
    inside: Bools


def congruent_cells(
    reference: Level, other: Level, pose: Pose, settings: Settings
) -> tuple[Found, ...]:
    """All eligible cells of ``reference`` registered on ``other`` around ``pose``.

    A cell whose correlation peaks on the border of its search window is not congruent.
    """
    cells = cut(reference, settings)
    if cells.count == 0:
        return ()
    turns = pose.rotation_deg + np.asarray(settings.cell_turns_deg)
    rough = _peaks(cells, other, pose, turns, settings)
    return _agreeing(_confirmed(cells, other, pose, turns, rough, settings), settings)


@dataclass(frozen=True, slots=True, eq=False)
class _Rough:
    """The highest places at twice the pitch: arrays (peaks, rotations, cells).

    ``dx``, ``dy`` in pixels of the full pitch from the start.
    """

    ccf: Floats
    dx: Floats
    dy: Floats
    inside: Bools


def _peaks(
    cells: Cells, other: Level, pose: Pose, turns: NDArray[np.float64], settings: Settings
) -> _Rough:
    values, masks = cells.halved()
    half, weight = _halved(other)
    pixel_um = 2 * cells.pixel_um
    reach = round(settings.cell_reach_um / pixel_um)
    side = values.shape[1]
    window = side + 2 * reach
    length = fft.next_fast_len(window, real=True)
    moving = spectra(values, masks, (length, length))
    least = 0.5 * masks.sum(axis=(1, 2)).astype(np.float32)[:, None, None]
    wanted = slice(0, 2 * reach + 1)
    canvas = cells.grid * side + 2 * reach
    offset = cells.offset / 2
    shift = (pose.dx_um / pixel_um - offset, pose.dy_um / pixel_um - offset)
    regions = np.empty((2, len(turns), cells.count, window, window), np.float32)
    for k, turn in enumerate(turns):
        matrix = turning(float(turn), half.shape, (canvas, canvas), shift)
        regions[:, k] = cells.regions(*warped(half, weight, matrix, (canvas, canvas)), reach)
    found = spectra(regions[0], regions[1], (length, length))
    scores = masked_ncc(found, moving, (length, length), least, (wanted, wanted))
    return _highest(scores, reach)


def _halved(level: Level) -> tuple[Floats, Floats]:
    values, mask = block_mean(level.values, level.mask, 2)
    return values, mask.astype(np.float32)


def _highest(scores: Floats, reach: int) -> _Rough:
    """The highest peaks of each map (rotations, cells, shifts, shifts) and where they are."""
    side = scores.shape[-1]
    maps = scores.reshape(-1, side, side)
    left = maps.copy()
    index = np.arange(len(maps))
    parts: list[tuple[Floats, Floats, Floats, Bools]] = []
    for _ in range(_PEAKS):
        rows, columns = np.unravel_index(left.reshape(len(maps), -1).argmax(axis=1), (side, side))
        safe_r, safe_c = np.clip(rows, 1, side - 2), np.clip(columns, 1, side - 2)
        inside = (rows == safe_r) & (columns == safe_c)
        middle = maps[index, safe_r, safe_c]
        above, below = maps[index, safe_r - 1, safe_c], maps[index, safe_r + 1, safe_c]
        before, after = maps[index, safe_r, safe_c - 1], maps[index, safe_r, safe_c + 1]
        dy = rows + _top(above, middle, below) * inside - reach
        dx = columns + _top(before, middle, after) * inside - reach
        parts.append((left[index, rows, columns], 2 * dx, 2 * dy, inside))
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                left[index, safe_r + down, safe_c + across] = -1.0
        left[index, rows, columns] = -1.0
    shape = (_PEAKS, *scores.shape[:2])
    ccf, x, y, there = (np.stack(part).reshape(shape) for part in zip(*parts, strict=True))
    return _Rough(ccf, x.astype(np.float32), y.astype(np.float32), there)


def _confirmed(
    cells: Cells,
    other: Level,
    pose: Pose,
    turns: NDArray[np.float64],
    rough: _Rough,
    settings: Settings,
) -> _Table:
    """The places that may count, and each cell's best, evaluated at the full pitch."""
    chosen = _worth_confirming(rough, turns, pose, cells.pixel_um, settings)
    peak, turn, cell = np.nonzero(chosen)
    dx, dy = np.rint(rough.dx[chosen]), np.rint(rough.dy[chosen])
    fine = _Fine(cells, other, pose, round(settings.cell_reach_um / cells.pixel_um))
    ccf, dx, dy = fine.climbed(turns[turn], cell, dx.astype(np.float64), dy.astype(np.float64))
    shape = (len(turns), cells.count)
    heights, across, down = np.full(shape, -1.0), np.zeros(shape), np.zeros(shape)
    inside = np.zeros(shape, np.bool_)
    order = np.argsort(ccf, kind="stable")
    at = (turn[order], cell[order])
    heights[at], across[at], down[at] = ccf[order], dx[order], dy[order]
    inside[at] = rough.inside[peak[order], turn[order], cell[order]]
    x_um, y_um = cells.centres_um()
    pixel = cells.pixel_um
    return _Table(
        turns, x_um, y_um, heights, pose.dx_um - across * pixel, pose.dy_um - down * pixel, inside
    )


def _worth_confirming(
    rough: _Rough, turns: NDArray[np.float64], pose: Pose, pixel_um: float, settings: Settings
) -> Bools:
    """Which places (peaks, rotations, cells): each cell's best, and all that may be congruent.

    Those are the high ones at the rotations near the one where most agree.
    """
    good = rough.ccf >= settings.cell_ccf - _SLACK
    good[1:] &= rough.ccf[1:] >= rough.ccf[0] - _SLACK
    agreeing = _near_consensus(
        rough.dx[0] * pixel_um, rough.dy[0] * pixel_um, good[0], settings.cell_shift_um
    )
    support = (agreeing * rough.ccf[0]).sum(axis=1)
    apart = np.abs(turns - turns[int(np.argmax(support))])
    near = (apart <= settings.cell_turn_deg + 1e-6) & (support.max() > 0)
    chosen = good & np.asarray(near, np.bool_)[None, :, None]
    best = rough.ccf[0].argmax(axis=0)
    chosen[0, best, np.arange(chosen.shape[2])] = True
    return np.asarray(chosen, np.bool_)


class _Fine:
    """Cells laid on the other mark at given places, at the full pitch (pairwise complete)."""

    def __init__(self, cells: Cells, other: Level, pose: Pose, reach: int) -> None:
        self._cells, self._pose, self._reach = cells, pose, reach
        self._weight = other.mask.astype(np.float32)
        self._values = other.values * self._weight
        self._masks = cells.masks.astype(np.float32)
        self._least = 0.5 * self._masks.sum(axis=(1, 2))

    def climbed(
        self,
        turns: NDArray[np.float64],
        cell: NDArray[np.intp],
        dx: NDArray[np.float64],
        dy: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
        """The top next to each start (pixels), with parts of a pixel, and its correlation.

        A start whose neighbour is higher goes on from there, twice at most and within reach.
        """
        ccf = np.full(len(cell), -1.0)
        dx, dy = dx.copy(), dy.copy()
        todo = np.arange(len(cell))
        for last in (False, False, True):
            scores = self._around(turns[todo], cell[todo], dx[todo], dy[todo])
            away = np.stack([dx[todo], dy[todo]], axis=-1)[:, None] + _STEPS
            scores[np.abs(away).max(axis=-1) > self._reach] = -1.0
            best = scores.argmax(axis=1)
            ccf[todo] = scores[np.arange(len(todo)), best]
            top = best == 0
            dx[todo] += np.where(top, _top(*scores[:, (1, 0, 2)].T), _STEPS[best, 0])
            dy[todo] += np.where(top, _top(*scores[:, (3, 0, 4)].T), _STEPS[best, 1])
            todo = todo[~top]
            if last or len(todo) == 0:
                break
        return ccf, dx, dy

    def _around(
        self,
        turns: NDArray[np.float64],
        cell: NDArray[np.intp],
        dx: NDArray[np.float64],
        dy: NDArray[np.float64],
    ) -> Floats:
        """Correlations at each place and its eight neighbours, as ``_STEPS``: (places, 9)."""
        side = self._cells.side
        values, masks = self._patches(turns, cell, dx, dy, side + 2)
        squares = values * values
        own, there = self._cells.values[cell], self._masks[cell]
        own_squares = own * own
        sums = np.empty((6, len(cell), len(_STEPS)), np.float64)
        for k, (across, down) in enumerate(_STEPS.tolist()):
            part = np.s_[:, 1 + down : 1 + down + side, 1 + across : 1 + across + side]
            valid, here = masks[part], values[part]
            pairs = (
                (valid, there),
                (here, there),
                (valid, own),
                (squares[part], there),
                (valid, own_squares),
                (here, own),
            )
            sums[:, :, k] = [np.einsum("kij,kij->k", first, second) for first, second in pairs]
        return pearson_of_sums(sums, self._least[cell][:, None].astype(np.float32))

    def _patches(
        self,
        turns: NDArray[np.float64],
        cell: NDArray[np.intp],
        dx: NDArray[np.float64],
        dy: NDArray[np.float64],
        side: int,
    ) -> tuple[Floats, Floats]:
        x, y = (centre / self._cells.pixel_um for centre in self._cells.centres_um())
        start = (self._pose.dx_um / self._cells.pixel_um, self._pose.dy_um / self._cells.pixel_um)
        values = np.empty((len(cell), side, side), np.float32)
        masks = np.empty_like(values)
        for k, (turn, c) in enumerate(zip(turns, cell, strict=True)):
            shift = (start[0] - dx[k] - x[c], start[1] - dy[k] - y[c])
            matrix = turning(float(turn), self._values.shape, (side, side), shift)
            values[k], masks[k] = warped(self._values, self._weight, matrix, (side, side))
        return values, masks


def _top(before: Floats, middle: Floats, after: Floats) -> NDArray[np.float64]:
    """Where the parabola through three neighbours is highest, in pixels from the middle one."""
    bend = before.astype(np.float64) - 2 * middle + after
    return np.clip(0.5 * (before - after) / np.where(bend < -1e-9, bend, -1e9), -0.5, 0.5)


def _agreeing(table: _Table, settings: Settings) -> tuple[Found, ...]:
    good: Bools = np.asarray((table.ccf >= settings.cell_ccf) & table.inside, np.bool_)
    agrees = _near_consensus(table.dx_um, table.dy_um, good, settings.cell_shift_um)
    support = (agrees * np.maximum(table.ccf, 0)).sum(axis=1)
    centre = int(np.argmax(support))
    apart = np.asarray(np.abs(table.turns_deg - table.turns_deg[centre]), np.float64)
    agrees &= np.asarray(apart <= settings.cell_turn_deg + 1e-6, np.bool_)[:, None]
    congruent = np.asarray(agrees.any(axis=0), np.bool_)
    best = np.where(agrees, table.ccf, np.where(congruent[None, :], -2.0, table.ccf)).argmax(axis=0)
    return tuple(
        Found(
            float(table.x_um[k]),
            float(table.y_um[k]),
            float(table.turns_deg[best[k]]),
            (float(table.dx_um[best[k], k]), float(table.dy_um[best[k], k])),
            float(table.ccf[best[k], k]),
            bool(congruent[k]),
        )
        for k in range(table.ccf.shape[1])
    )


def _near_consensus(
    dx: NDArray[np.floating], dy: NDArray[np.floating], good: Bools, within_um: float
) -> Bools:
    """The good cells near the translation most of them lie near, at each rotation.

    All arrays are (rotations, cells). A cell never agrees alone.
    """
    apart = np.hypot(dx[:, :, None] - dx[:, None, :], dy[:, :, None] - dy[:, None, :])
    near = (apart <= within_um) & good[:, None, :] & good[:, :, None]
    index = np.arange(len(dx))
    seed = near[index, near.sum(axis=2).argmax(axis=1)]
    x, y = _median(dx, seed), _median(dy, seed)
    agrees = good & (np.hypot(dx - x[:, None], dy - y[:, None]) <= within_um)
    enough = np.count_nonzero(agrees, axis=1) > 1
    return np.asarray(agrees & enough[:, None], np.bool_)


def _median(values: NDArray[np.floating], chosen: Bools) -> NDArray[np.float64]:
    """Of the chosen values of each row; 0 where none is."""
    count = np.count_nonzero(chosen, axis=1)
    ordered = np.sort(np.where(chosen, values.astype(np.float64), np.inf), axis=1)
    index = np.arange(len(values))
    low, high = np.maximum((count - 1) // 2, 0), count // 2
    ends = ordered[index, low], ordered[index, np.minimum(high, ordered.shape[1] - 1)]
    some = count > 0
    return np.where(some, (np.where(some, ends[0], 0) + np.where(some, ends[1], 0)) / 2, 0.0)
