"""An area that an examiner outlines on a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from correlation.errors import CorrelationError
from correlation.motion import Point
from correlation.prepare import Level
from correlation.surface import Bools

_CORNERS = 72


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed polygon in micrometres from the centre of a picture's array: x right, y down.

    Where it crosses itself, what lies inside an even number of times is outside.
    """

    points_um: tuple[Point, ...]

    def __post_init__(self) -> None:
        """Raises CorrelationError for fewer than three points."""
        if len(self.points_um) < 3 or not np.isfinite(np.asarray(self.points_um)).all():
            raise CorrelationError("An area needs an outline of three points or more.")

    @classmethod
    def disc(cls, centre_um: Point, radius_um: float) -> Outline:
        """A round area."""
        angles = np.linspace(0, 2 * np.pi, _CORNERS, endpoint=False)
        x, y = centre_um
        return cls(
            tuple(
                (float(x + radius_um * np.cos(a)), float(y + radius_um * np.sin(a))) for a in angles
            )
        )

    @property
    def area_um2(self) -> float:
        """What it encloses."""
        x, y = np.asarray(self.points_um, np.float64).T
        return float(abs(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1))) / 2)

    def inside(self, level: Level, centre_um: Point) -> Bools:
        """Which pixels of a level have their middle inside, the level's own at ``centre_um``."""
        rows, columns = level.values.shape
        x = (np.arange(columns) - (columns - 1) / 2) * level.pixel_um + centre_um[0]
        y = (np.arange(rows) - (rows - 1) / 2) * level.pixel_um + centre_um[1]
        within = np.zeros((rows, columns), np.bool_)
        for (ax, ay), (bx, by) in _edges(self.points_um):
            if ay == by:
                continue
            crossed = (ay > y) != (by > y)
            at = ax + (y - ay) * (bx - ax) / (by - ay)
            within ^= crossed[:, None] & (x[None, :] < at[:, None])
        return within


def _edges(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(zip(points, [*points[1:], points[0]], strict=True))
