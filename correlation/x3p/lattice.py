"""Points that carry their own positions: the even lattice nearest to them.

The rows and columns of the file stay rows and columns: the lattice follows the file's own order,
so nothing is turned or flipped whichever way its axes run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from correlation.errors import CorrelationError
from correlation.x3p.model import Doubles

EVEN: Final = 0.05
SQUARE_CORNER: Final = 1e-3
FLAT_CORNER: Final = 0.05
FARTHEST: Final = 1e12
ROUNDS: Final = 25
CLOSE: Final = 1e-3
NO_GRID: Final = "The positions of the points do not form a grid."


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """``position = origin + column * across + row * down``, least squares; (2,) vectors each."""

    origin: Doubles
    across: Doubles
    down: Doubles

    @property
    def step_x(self) -> float:
        return float(np.hypot(*self.across))

    @property
    def step_y(self) -> float:
        return float(np.hypot(*self.down))

    @property
    def _corner(self) -> tuple[float, float]:
        """Cosine and sine between the columns and the rows."""
        size = self.step_x * self.step_y
        cross = self.across[0] * self.down[1] - self.across[1] * self.down[0]
        return float(self.across @ self.down / size), float(cross / size)

    def is_even(self, x: Doubles, y: Doubles) -> bool:
        """Whether all positions lie on the lattice and its corner is square."""
        column, row = _indices(x.shape)
        left_x = x - self.origin[0] - column * self.across[0] - row * self.down[0]
        left_y = y - self.origin[1] - column * self.across[1] - row * self.down[1]
        farthest = float(np.nanmax(np.hypot(left_x, left_y)))
        square = abs(self._corner[0]) <= SQUARE_CORNER
        return square and farthest <= EVEN * min(self.step_x, self.step_y)

    def resampled(self, x: Doubles, y: Doubles, z: Doubles, pitch: float) -> Doubles:
        """Heights on even steps of ``pitch`` along the lattice, missing where none is near.

        The place of each step among the points is found by fixed-point iteration from the
        lattice; the height there is bilinear between four points. Raises CorrelationError when
        the points are too far from a lattice for that.
        """
        along = self.across / self.step_x
        aside = np.array([-along[1], along[0]]) * np.sign(self._corner[1])
        p = ((x - self.origin[0]) * along[0] + (y - self.origin[1]) * along[1]) / pitch
        q = ((x - self.origin[0]) * aside[0] + (y - self.origin[1]) * aside[1]) / pitch
        to_p = np.array([self.across @ along, self.down @ along]) / pitch
        to_q = np.array([self.across @ aside, self.down @ aside]) / pitch
        wanted = _even_steps(p, q, z.size)
        column, row, error = _places(p, q, np.linalg.inv(np.stack((to_p, to_q))), wanted)
        heights = _bilinear(z, (row, column), mode="nearest")
        inside = (column >= 0) & (column <= z.shape[1] - 1) & (row >= 0) & (row <= z.shape[0] - 1)
        heights[~(inside & (error < CLOSE))] = np.nan
        if np.isfinite(heights).sum() < np.isfinite(z).sum() / 2:
            raise CorrelationError(NO_GRID)
        return heights


def fit_lattice(x: Doubles, y: Doubles) -> Lattice:
    """The lattice nearest to positions (rows, columns). Raises CorrelationError for none."""
    column, row = (index[np.isfinite(x) & np.isfinite(y)] for index in _indices(x.shape))
    places = np.column_stack([a[np.isfinite(x) & np.isfinite(y)] for a in (x, y)])
    if len(places) < 4 or np.abs(places).max() > FARTHEST:
        raise CorrelationError(NO_GRID)
    terms = np.column_stack((np.ones(len(places)), column, row))
    solution, _, rank, _ = np.linalg.lstsq(terms, places)
    lattice = Lattice(*solution)
    steps = (lattice.step_x, lattice.step_y)
    if rank < 3 or min(steps) < 1e-12 or abs(lattice._corner[1]) < FLAT_CORNER:
        raise CorrelationError(NO_GRID)
    return lattice


def _indices(shape: tuple[int, ...]) -> tuple[Doubles, Doubles]:
    row, column = np.mgrid[: shape[0], : shape[1]].astype(np.float64)
    return column, row


def _even_steps(p: Doubles, q: Doubles, points: int) -> tuple[Doubles, Doubles]:
    left, right, top, foot = (float(f(a)) for a in (p, q) for f in (np.nanmin, np.nanmax))
    if not (right - left + 1) * (foot - top + 1) <= 4 * points:
        raise CorrelationError(NO_GRID)
    across, down = np.meshgrid(np.arange(left, right + 1e-9), np.arange(top, foot + 1e-9))
    if min(across.shape) < 2:
        raise CorrelationError(NO_GRID)
    return across, down


def _bilinear(
    values: Doubles, at: tuple[Doubles, Doubles], mode: Literal["constant", "nearest"] = "constant"
) -> Doubles:
    # loaded here because it takes a third of a second, and unevenly placed points are rare
    from scipy.ndimage import map_coordinates

    return np.asarray(map_coordinates(values, at, order=1, mode=mode), np.float64)


def _places(
    p: Doubles, q: Doubles, inverse: Doubles, wanted: tuple[Doubles, Doubles]
) -> tuple[Doubles, Doubles, Doubles]:
    """Column and row of each wanted position, and how far it is still off, in steps."""
    column = inverse[0, 0] * wanted[0] + inverse[0, 1] * wanted[1]
    row = inverse[1, 0] * wanted[0] + inverse[1, 1] * wanted[1]
    error = np.full(column.shape, np.inf)
    for _ in range(ROUNDS):
        # beyond the edge the lattice goes on as at the edge
        inner = (np.clip(row, 0, p.shape[0] - 1), np.clip(column, 0, p.shape[1] - 1))
        over = np.linalg.inv(inverse) @ np.stack(
            ((column - inner[1]).ravel(), (row - inner[0]).ravel())
        )
        off_p = wanted[0] - _bilinear(p, inner) - over[0].reshape(column.shape)
        off_q = wanted[1] - _bilinear(q, inner) - over[1].reshape(column.shape)
        error = np.hypot(off_p, off_q)
        if not (error > CLOSE / 10).any():
            break
        known = np.isfinite(error)
        column[known] += (inverse[0, 0] * off_p + inverse[0, 1] * off_q)[known]
        row[known] += (inverse[1, 0] * off_p + inverse[1, 1] * off_q)[known]
    return column, row, error
