"""Congruent matching cells with the consensus of the cells as their reference.

Song 2013 and Tong, Song and Chu 2014 register square cells of one mark on the other, each on
its own, and count those that agree. Here the reference they must agree with is the consensus of
the cells themselves, found per rotation as the densest translation (a robust relative of the
convergence rule of Chen et al. 2017).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from correlation.method import Settings
from correlation.ncc import masked_ncc, spectra
from correlation.prepare import Level
from correlation.register import Pose
from correlation.resample import turned
from correlation.surface import Bools, Floats


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
    cells = _Cells.cut(reference, settings)
    if cells.count == 0:
        return ()
    table = _search(cells, other, pose, settings)
    return _agreeing(table, settings)


@dataclass(frozen=True, slots=True, eq=False)
class _Cells:
    values: Floats
    masks: Bools
    tops: NDArray[np.int64]
    lefts: NDArray[np.int64]
    side: int
    pixel_um: float
    size: int

    @property
    def count(self) -> int:
        return len(self.tops)

    @classmethod
    def cut(cls, level: Level, settings: Settings) -> _Cells:
        """Cells of a grid centred on the mark, those with enough data and some relief."""
        side = round(settings.cell_um / level.pixel_um)
        size = level.values.shape[0]
        number = int(np.ceil(size / side))
        start = (size - number * side) // 2
        pad = max(0, -start) + side
        values, mask = np.pad(level.values, pad), np.pad(level.mask, pad)
        tops, lefts, kept, masks = [], [], [], []
        for top in range(start, start + number * side, side):
            for left in range(start, start + number * side, side):
                part = np.s_[top + pad : top + pad + side, left + pad : left + pad + side]
                inside = mask[part]
                if np.count_nonzero(inside) < settings.cell_occupancy * side * side:
                    continue
                tops.append(top)
                lefts.append(left)
                masks.append(inside)
                kept.append(np.where(inside, values[part] - values[part][inside].mean(), 0))
        empty = np.zeros((0, side, side))
        return cls(
            np.asarray(kept if kept else empty, np.float32),
            np.asarray(masks if masks else empty, np.bool_),
            np.asarray(tops, np.int64),
            np.asarray(lefts, np.int64),
            side,
            level.pixel_um,
            size,
        )

    def centres_um(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Centres (x, y) from the centre of the level."""
        middle = (self.side - 1) / 2 - (self.size - 1) / 2
        x = (self.lefts + middle) * self.pixel_um
        y = (self.tops + middle) * self.pixel_um
        return np.asarray(x, np.float64), np.asarray(y, np.float64)


def _search(cells: _Cells, other: Level, pose: Pose, settings: Settings) -> _Table:
    reach = round(settings.cell_reach_um / cells.pixel_um)
    window = cells.side + 2 * reach
    length = fft.next_fast_len(window, real=True)
    shape = (length, length)
    moving = spectra(cells.values, cells.masks, shape)
    least = 0.5 * cells.masks.sum(axis=(1, 2)).astype(np.float32)[:, None, None]
    turns = pose.rotation_deg + np.asarray(settings.cell_turns_deg)
    shift = (pose.dx_um / cells.pixel_um, pose.dy_um / cells.pixel_um)
    canvas = cells.size + 2 * (reach + cells.side)
    wanted = slice(0, 2 * reach + 1)
    ccf, dx, dy, inside = [], [], [], []
    for turn in turns:
        values, mask = turned(other.values, other.mask, float(turn), (canvas, canvas), shift)
        regions = _regions(values, mask, cells, reach, window)
        scores = masked_ncc(spectra(*regions, shape), moving, shape, least, (wanted, wanted))
        best = _best(scores, reach)
        ccf.append(best[0])
        dx.append(pose.dx_um - best[1] * cells.pixel_um)
        dy.append(pose.dy_um - best[2] * cells.pixel_um)
        inside.append(best[3])
    x_um, y_um = cells.centres_um()
    return _Table(
        turns, x_um, y_um, np.array(ccf), np.array(dx), np.array(dy), np.array(inside, np.bool_)
    )


def _regions(
    values: Floats, mask: Bools, cells: _Cells, reach: int, window: int
) -> tuple[Floats, Bools]:
    offset = cells.side
    rows = [
        np.s_[top + offset : top + offset + window, left + offset : left + offset + window]
        for top, left in zip(cells.tops, cells.lefts, strict=True)
    ]
    return np.stack([values[part] for part in rows]), np.stack([mask[part] for part in rows])


def _best(scores: Floats, reach: int) -> tuple[NDArray[np.float64], ...]:
    """Peak of each map: its height, shift (x, y) with parts of a pixel, and if it is inside."""
    number, side = scores.shape[0], scores.shape[1]
    flat = scores.reshape(number, -1).argmax(axis=1)
    rows, columns = np.unravel_index(flat, (side, side))
    index = np.arange(number)
    height = scores[index, rows, columns].astype(np.float64)
    inside = (rows > 0) & (rows < side - 1) & (columns > 0) & (columns < side - 1)
    safe_r, safe_c = np.clip(rows, 1, side - 2), np.clip(columns, 1, side - 2)
    dy = rows + _vertices(scores, index, safe_r, safe_c, 0) * inside - reach
    dx = columns + _vertices(scores, index, safe_r, safe_c, 1) * inside - reach
    return height, dx.astype(np.float64), dy.astype(np.float64), inside


def _vertices(
    scores: Floats,
    index: NDArray[np.intp],
    rows: NDArray[np.intp],
    columns: NDArray[np.intp],
    axis: int,
) -> NDArray[np.float64]:
    step = (1, 0) if axis == 0 else (0, 1)
    before = scores[index, rows - step[0], columns - step[1]].astype(np.float64)
    after = scores[index, rows + step[0], columns + step[1]].astype(np.float64)
    bend = before - 2 * scores[index, rows, columns] + after
    offset = 0.5 * (before - after) / np.where(bend < -1e-9, bend, -1e9)
    return np.clip(offset, -0.5, 0.5)


def _agreeing(table: _Table, settings: Settings) -> tuple[Found, ...]:
    good: Bools = np.asarray((table.ccf >= settings.cell_ccf) & table.inside, np.bool_)
    agrees = np.stack(
        [
            _near_consensus(dx, dy, usable, settings.cell_shift_um)
            for dx, dy, usable in zip(table.dx_um, table.dy_um, good, strict=True)
        ]
    )
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
    dx: NDArray[np.float64], dy: NDArray[np.float64], good: Bools, within_um: float
) -> Bools:
    """The good cells near the translation most of them lie near; never one alone."""
    nobody = np.zeros_like(good)
    if np.count_nonzero(good) < 2:
        return nobody
    apart = np.hypot(dx[:, None] - dx[None, :], dy[:, None] - dy[None, :])
    near = np.asarray((apart <= within_um) & good[None, :] & good[:, None], np.bool_)
    seed = near[int(np.argmax(near.sum(axis=1)))]
    x, y = float(np.median(dx[seed])), float(np.median(dy[seed]))
    agrees = np.asarray(good & (np.hypot(dx - x, dy - y) <= within_um), np.bool_)
    return agrees if np.count_nonzero(agrees) > 1 else nobody
