"""From points as stored to a square grid, missing points kept missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from correlation.errors import CorrelationError
from correlation.x3p.header import Axis, Header
from correlation.x3p.lattice import fit_lattice
from correlation.x3p.model import MAX_POINTS, Bools, Doubles
from correlation.x3p.points import Points

SQUARE_TOLERANCE: Final = 1e-3
MAX_RATIO: Final = 10.0


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """Heights (rows, columns) on even steps along x and y, all in the file's units."""

    z: Doubles
    step_x: float
    step_y: float

    @property
    def pitch(self) -> float:
        """The working pitch: the mean of steps that agree, else the finer one."""
        if self.is_square:
            return (self.step_x + self.step_y) / 2
        return min(self.step_x, self.step_y)

    @property
    def is_square(self) -> bool:
        return abs(self.step_x / self.step_y - 1) <= SQUARE_TOLERANCE


def to_grid(points: Points, header: Header, warnings: list[str]) -> Grid:
    """Lay points on their grid; uneven ones are interpolated linearly between neighbours.

    Raises CorrelationError when the positions of the points make no grid.
    """
    x_axis, y_axis, _ = header.axes
    if points.x is None and points.y is None:
        return Grid(points.z, x_axis.increment, y_axis.increment)
    x = points.x if points.x is not None else _along(x_axis, points.z.shape, 1)
    y = points.y if points.y is not None else _along(y_axis, points.z.shape, 0)
    lattice = fit_lattice(x, y)
    if lattice.is_even(x, y):
        return Grid(points.z, lattice.step_x, lattice.step_y)
    warnings.append(
        "The points are not on an even grid; heights were interpolated between neighbouring points."
    )
    pitch = min(lattice.step_x, lattice.step_y)
    return Grid(lattice.resampled(x, y, points.z, pitch), pitch, pitch)


def square(grid: Grid, warnings: list[str]) -> Doubles:
    """Heights at the grid's working pitch in both directions."""
    if grid.is_square:
        return grid.z
    ratio = max(grid.step_x / grid.step_y, grid.step_y / grid.step_x)
    rows = _count(grid.z.shape[0], grid.step_y, grid.pitch)
    columns = _count(grid.z.shape[1], grid.step_x, grid.pitch)
    if ratio > MAX_RATIO or rows * columns > MAX_POINTS:
        raise CorrelationError(
            f"The points lie {ratio:.3g} times farther apart in one direction than in the other; "
            "such a scan cannot be compared."
        )
    warnings.append(
        f"The points lie {ratio:.4g} times farther apart in one direction than in the other; "
        "heights were interpolated to a square grid."
    )
    return _resampled(_resampled(grid.z, rows, grid), columns, grid, axis=1)


def square_outline(outline: Bools, shape: tuple[int, int]) -> Bools:
    """An outline brought to the shape of the squared heights, by the nearest point."""
    rows = np.linspace(0, outline.shape[0] - 1, shape[0]).round().astype(np.intp)
    columns = np.linspace(0, outline.shape[1] - 1, shape[1]).round().astype(np.intp)
    return outline[np.ix_(rows, columns)]


def _count(points: int, step: float, pitch: float) -> int:
    extent = (points - 1) * step / pitch
    return int(min(extent, MAX_POINTS) + 1e-6) + 1


def _resampled(z: Doubles, count: int, grid: Grid, axis: int = 0) -> Doubles:
    """Linear between two neighbours; missing when either neighbour that counts is missing."""
    step = grid.step_x if axis else grid.step_y
    position = np.arange(count) * (grid.pitch / step)
    lower = np.minimum(position.astype(np.intp), z.shape[axis] - 1)
    weight = position - lower
    weight[weight < 1e-6] = 0.0
    upper = np.where(weight > 0, np.minimum(lower + 1, z.shape[axis] - 1), lower)
    weight = weight[np.newaxis, :] if axis else weight[:, np.newaxis]
    low, high = z.take(lower, axis), z.take(upper, axis)
    between: Doubles = low + (high - low) * weight
    return between


def _along(axis: Axis, shape: tuple[int, ...], dimension: int) -> Doubles:
    line = np.arange(shape[dimension]) * axis.increment
    line = line if dimension else line[:, np.newaxis]
    return np.broadcast_to(line, shape)
