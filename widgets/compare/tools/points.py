"""Numbered points on both specimens as they are placed; a value, knows no window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

from widgets.compare.desk.setting import Point, Specimen

MOST = 9


@dataclass(frozen=True, slots=True)
class Placed:
    """Points in the order they were placed, micrometres from the centre of their picture.

    The first on the left belongs to the first on the right, and so on.
    """

    points: tuple[tuple[Specimen, Point], ...] = ()

    def of(self, side: Specimen) -> tuple[Point, ...]:
        """The points of one specimen."""
        return tuple(point for on, point in self.points if on == side)

    def number(self, index: int) -> int:
        """What the point placed as ``index`` is called on its specimen, from 1."""
        side = self.points[index][0]
        return sum(on == side for on, _ in self.points[: index + 1])

    @property
    def pairs(self) -> tuple[tuple[Point, Point], ...]:
        """The points that have their counterpart: left, right."""
        return tuple(zip(self.of("left"), self.of("right"), strict=False))

    @property
    def wanted(self) -> Specimen:
        """Where the next point belongs: where there are fewer, left first."""
        return "left" if len(self.of("left")) <= len(self.of("right")) else "right"

    def added(self, side: Specimen, point: Point) -> Placed:
        """With another point, as long as there is a number for it."""
        if len(self.of(side)) >= MOST:
            return self
        return Placed((*self.points, (side, point)))

    def moved(self, index: int, point: Point) -> Placed:
        """With a point elsewhere."""
        changed = list(self.points)
        changed[index] = (changed[index][0], point)
        return Placed(tuple(changed))

    def without_last(self) -> Placed:
        """Without the point placed last."""
        return Placed(self.points[:-1])


def nearest(points: Sequence[Sequence[Point]], to: Point, within: float) -> int | None:
    """Which of some points is the closest; each may be seen at several places."""
    away = [
        (min((hypot(x - to[0], y - to[1]) for x, y in places), default=within + 1), index)
        for index, places in enumerate(points)
    ]
    best = min(away, default=(within + 1, -1))
    return best[1] if best[0] <= within else None
