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

from correlation.around import Fixed
from correlation.cut import Cells, cut
from correlation.method import Settings
from correlation.peaks import Peaks, cell_peaks, top
from correlation.prepare import Level
from correlation.sampling import source, turnings
from correlation.surface import Bools, Floats
from correlation.sweep import Pose

_SLACK = 0.1
"""How much less a cell may correlate at twice the pitch and still be evaluated at the full one."""

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
    rough = cell_peaks(cells, other, pose, turns, settings.cell_reach_um)
    return _agreeing(_confirmed(cells, other, pose, turns, rough, settings), settings)


def _confirmed(
    cells: Cells,
    other: Level,
    pose: Pose,
    turns: NDArray[np.float64],
    rough: Peaks,
    settings: Settings,
) -> _Table:
    """The places that may count, and each cell's best, evaluated at the full pitch."""
    chosen = _worth_confirming(rough, turns, pose, cells.pixel_um, settings)
    peak, turn, cell = np.nonzero(chosen)
    start = np.stack([rough.dx[chosen], rough.dy[chosen]], axis=1).astype(np.float64)
    fine = _Fine(cells, other, pose, round(settings.cell_reach_um / cells.pixel_um))
    ccf, place = fine.climbed(turns[turn], cell, np.rint(start))
    shape = (len(turns), cells.count)
    heights, across, down = np.full(shape, -1.0), np.zeros(shape), np.zeros(shape)
    inside = np.zeros(shape, np.bool_)
    order = np.argsort(ccf, kind="stable")
    at = (turn[order], cell[order])
    heights[at], across[at], down[at] = ccf[order], *place[order].T
    inside[at] = rough.inside[peak[order], turn[order], cell[order]]
    x_um, y_um = cells.centres_um()
    pixel = cells.pixel_um
    return _Table(
        turns, x_um, y_um, heights, pose.dx_um - across * pixel, pose.dy_um - down * pixel, inside
    )


def _worth_confirming(
    rough: Peaks, turns: NDArray[np.float64], pose: Pose, pixel_um: float, settings: Settings
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
        self._reach = reach
        self._seen = source(other.values, other.mask)
        self._shape = other.values.shape
        self._cells = Fixed(cells.values, cells.masks)
        centres = np.stack(cells.centres_um(), axis=1)
        self._starts = (np.array([pose.dx_um, pose.dy_um]) - centres) / cells.pixel_um

    def climbed(
        self, turns: NDArray[np.float64], cell: NDArray[np.intp], start: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Correlation at the top next to each start, and where it lies: (n,) and (n, 2).

        A ``start`` (n, 2) is in pixels across and down; one whose neighbour is higher goes on
        from there, twice at most and within reach.
        """
        ccf, place = np.full(len(cell), -1.0), start.copy()
        todo = np.arange(len(cell))
        for last in (False, False, True):
            scores = self._around(turns[todo], cell[todo], place[todo])
            away = place[todo][:, None] + _STEPS
            scores[np.abs(away).max(axis=-1) > self._reach] = -1.0
            best = scores.argmax(axis=1)
            ccf[todo] = scores[np.arange(len(todo)), best]
            at_top = best == 0
            across, down = top(*scores[:, (1, 0, 2)].T), top(*scores[:, (3, 0, 4)].T)
            between = np.stack([across, down], axis=1)
            place[todo] += np.where(at_top[:, None], between, _STEPS[best])
            todo = todo[~at_top]
            if last or len(todo) == 0:
                break
        return ccf, place

    def _around(
        self, turns: NDArray[np.float64], cell: NDArray[np.intp], place: NDArray[np.float64]
    ) -> Floats:
        """Correlations at each place and its eight neighbours, as ``_STEPS``: (places, 9)."""
        size = self._cells.side + 2
        matrices = turnings(turns, self._shape, size, self._starts[cell] - place)
        least = 0.5 * self._cells.areas[cell]
        scores, _ = self._cells.around(self._seen, matrices, cell, least)
        return scores[:, 1 + _STEPS[:, 1], 1 + _STEPS[:, 0]]


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
