"""Every rotation and every shift of one mark against many others, by dense matrix products.

With the harmonics of one mark's rings about every shifted centre in a table, the correlations of
another mark at every pose cost two matrix products: one over the rings, one over the harmonics.
The products of values are had at every pose; the other five sums of Pearson's correlation vary
slowly and are had once for eight neighbouring poses. The best of these places are then looked at
exactly, pairwise complete.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from correlation.exact import Exact
from correlation.harmonics import Harmonics
from correlation.polar import ANGLES, RADII, RINGS, STEP_DEG, polar
from correlation.prepare import Level
from correlation.screen import area, pooled, ring_products, strengths, weighed
from correlation.surface import Floats

TILE = 16
PLACES = 2
TURN_DEG = 3.0
_CHUNK = 4
_SHORTEST_PX = 3.0
_SLOW = 16
_HALF = round(180 / TURN_DEG)
_PAIRS = _HALF // 2
_NEAR = 0.9
_PARTS = np.array([(-0.5, -0.5), (0.5, -0.5), (-0.5, 0.5), (0.5, 0.5)])
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Poses:
    """One pose a mark, arrays of one length: how it lies on the mark of the ``Circle``.

    ``strength`` is ``ccf`` times the root of ``overlap``, as ``register.Pose``.
    """

    strength: Floats
    ccf: Floats
    overlap: Floats
    rotation_deg: Floats
    dx_px: Floats
    dy_px: Floats


class _Space:
    """Large arrays that one thread uses again and again."""

    def __init__(self, fast: int, slow: int, centres: int) -> None:
        shifts = len(_PARTS) * centres
        self.products = np.empty((2, fast // 2, 2, TILE, shifts), np.float32)
        self.turned = np.empty((2, _HALF, _CHUNK * shifts), np.float32)
        self.top = np.empty((2, _PAIRS, TILE, centres), np.float32)
        self.own = np.empty((2, slow // 2, 2, TILE, 3 * centres), np.float32)
        self.other = np.empty((2, slow // 2, 2, TILE, 2 * centres), np.float32)
        self.own_turned = np.empty((2, _PAIRS, TILE * 3 * centres), np.float32)
        self.other_turned = np.empty((2, _PAIRS, 2 * TILE * centres), np.float32)


class Circle:
    """A mark at every rotation and every shift up to ``reach_px`` pixels, for many others.

    Poses that overlap by less than the share ``least`` of the smaller mark do not count. Safe to
    use from several threads at once.
    """

    def __init__(self, level: Level, reach_px: int, least: float) -> None:
        half = (reach_px + 1) // 2
        steps = 2.0 * np.arange(-half, half + 1)
        self._side = len(steps)
        x, y = np.meshgrid(steps, steps)
        self._centres = np.stack([x.ravel(), y.ravel()], axis=1)
        self._least = least
        half_deg = TURN_DEG * (np.arange(_HALF) + 0.5)
        self._fast = Harmonics(int(2 * np.pi * RINGS / _SHORTEST_PX), half_deg)
        self._slow = Harmonics(_SLOW, half_deg.reshape(-1, 2).mean(axis=1))
        self._inner = (np.arange(self._fast.count) * _SHORTEST_PX / (2 * np.pi)).astype(int)
        self._turns = np.rint(self._slow.turns_deg / STEP_DEG).astype(np.intp)
        self._neighbours = _neighbours(self._slow.turns_deg)
        self._exact = Exact(level, 2 * half + 1, least)
        self._threads = threading.local()
        self._build(level)

    def _build(self, level: Level) -> None:
        shifts = (_PARTS[:, None, :] + self._centres).reshape(-1, 2)
        self._fixed = self._fast.fixed(self._fast.of(polar(level, shifts)[0]))
        values, mask = polar(level, self._centres)
        maps = np.concatenate([mask.astype(np.float32), values, values * values])
        parts = self._slow.of(maps * RADII[:, None])
        self._own = self._slow.fixed(_in_pairs(parts) / _in_pairs(RADII))
        self._alone = np.ascontiguousarray(self._own[:, :, : len(self._centres)])
        self._area = float(area(mask[len(mask) // 2][None])[0])

    def best(self, values: Floats, masks: Floats) -> Poses:
        """The best pose of each of (n, RINGS, ANGLES); values 0 where masks are, masks 0 or 1."""
        parts = [
            self._tile(values[i : i + TILE], masks[i : i + TILE])
            for i in range(0, len(values), TILE)
        ]
        return Poses(*np.concatenate([np.zeros((6, 0), np.float32), *parts], axis=1))

    def _tile(self, values: Floats, masks: Floats) -> Floats:
        number = len(values)
        if number < TILE:
            fill = ((0, TILE - number), (0, 0), (0, 0))
            values, masks = np.pad(values, fill), np.pad(masks, fill)
        maps, areas, rings = weighed(values, masks)
        areas = np.maximum(np.minimum(areas, self._area), 1)
        places = self._places(self._screened(maps, rings, areas))
        row, column = np.divmod(places[..., 1], self._side)
        starts = np.stack([self._turns[places[..., 0]], 4 * row + 2, 4 * column + 2], axis=2)
        return self._exact.best(maps, rings, areas, starts)[:, :number]

    def _screened(self, maps: Floats, rings: slice, areas: Floats) -> Floats:
        """Strengths, nearly, of (TILE, turns, centres): eight poses each."""
        space = self._space()
        some = maps[:, :, rings]
        self._products(np.ascontiguousarray(some[:, 1]), rings, space)
        self._slow_sums(some, rings, space)
        own = self._slow.back(_flat(space.own), space.own_turned)
        other = self._slow.back(_flat(space.other), space.other_turned)
        return strengths(space.top, own, other, areas, _NEAR * self._least)

    def _space(self) -> _Space:
        space: _Space | None = getattr(self._threads, "space", None)
        if space is None:
            space = _Space(self._fast.count, self._slow.count, len(self._centres))
            self._threads.space = space
        return space

    def _products(self, values: Floats, rings: slice, space: _Space) -> None:
        """The highest sum of products among eight poses each, into ``space.top``."""
        first, last = rings.start, rings.stop
        moving = self._fast.moving(self._fast.of(values))
        used = min(int(np.searchsorted(self._inner, last)), self._fast.count)
        used += used % 2
        inner = 2 * np.clip(self._inner[:used], first, last - 1)
        ring_products(moving, self._fixed, inner, slice(2 * first, 2 * last), space.products)
        for start in range(0, TILE, _CHUNK):
            some = slice(start, start + _CHUNK)
            table = space.products[:, : used // 2, :, some].reshape(2, used // 2, 2, -1)
            pooled(*self._fast.back(table, space.turned), space.top, start)

    def _slow_sums(self, maps: Floats, rings: slice, space: _Space) -> None:
        """Counts, sums and sums of squares in the middle of eight poses, as harmonics."""
        parts = self._slow.of(np.ascontiguousarray(maps).reshape(3 * TILE, -1, ANGLES))
        moving = self._slow.moving(_in_pairs(parts))
        number = len(moving)
        moving = moving.reshape(number, -1, 2, TILE, 3)
        own = np.ascontiguousarray(moving[..., 0]).reshape(number, -1, 2 * TILE)
        others = np.ascontiguousarray(moving[..., 1:]).reshape(number, -1, 4 * TILE)
        inner = np.full(number, rings.start, np.intp)
        ring_products(own, self._own, inner, rings, space.own)
        ring_products(others, self._alone, inner, rings, space.other)

    def _places(self, screened: Floats) -> Indices:
        """(TILE, PLACES, 2): turn (in order of angle) and centre of the highest, apart."""
        side = self._side
        places = np.empty((TILE, PLACES, 2), np.intp)
        flat = screened.reshape(TILE, -1)
        grid = screened.reshape(TILE, -1, side, side)
        for i in range(PLACES):
            turn, centre = np.divmod(flat.argmax(axis=1), side * side)
            places[:, i, 0], places[:, i, 1] = turn, centre
            for one, t, c in zip(grid, turn.tolist(), centre.tolist(), strict=True):
                _cleared(one, self._neighbours[t], *divmod(c, side))
        return places


def _cleared(grid: Floats, turns: list[int], row: int, column: int) -> None:
    """Nothing is the highest any more at this place and next to it."""
    window = (slice(max(row - 1, 0), row + 2), slice(max(column - 1, 0), column + 2))
    for near in turns:
        grid[near][window] = -2


def _neighbours(turns_deg: NDArray[np.floating]) -> list[list[int]]:
    """Of each turn: itself, the one before and the one after it on the circle."""
    order = np.argsort(turns_deg)
    near = np.stack([np.roll(order, step) for step in (0, 1, -1)], axis=1)
    return [near[place].tolist() for place in np.argsort(order)]


def _in_pairs(rings: Floats) -> Floats:
    """Sums over two neighbouring rings, the last axis."""
    return np.asarray(rings[..., 0::2] + rings[..., 1::2], np.float32)


def _flat(products: Floats) -> Floats:
    """As ``Harmonics.back`` wants them."""
    return products.reshape(*products.shape[:3], -1)
