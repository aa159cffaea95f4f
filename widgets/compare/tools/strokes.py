"""A shape in the making: points follow the hand, then become an annotation. Values only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING, Literal

from app.domain import Annotation, AnnotationKind, Point
from app.picture.shapes import (
    NUMBERED,
    OUTLINED,
    POINTED,
    RECTANGULAR,
    next_number,
    on_side,
    simplified,
)
from app.picture.view import step_um

if TYPE_CHECKING:
    from widgets.compare.desk import Desk

_LEAST_PX = 3.0
_TOLERANCE_PX = 0.7
_PLACED_PX = 70.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """``points`` are micrometres of the left picture, whatever the side; the last one follows
    the pointer. ``right`` and ``down`` are a pixel's step there along the rows and columns of
    the view in which it was begun."""

    kind: AnnotationKind
    side: Literal["left", "right", "both"]
    points: tuple[Point, ...]
    right: Point
    down: Point

    @classmethod
    def begun(cls, desk: Desk, point: Point) -> Stroke:
        """The first point, and the one that follows the pointer."""
        place, pen = desk.place(point), desk.pen
        side = "both" if pen.both else place.side
        first = place.left_um
        return cls(pen.kind, side, (first, first), *_steps(desk))

    @classmethod
    def placed(cls, desk: Desk, point: Point) -> Stroke:
        """A shape of a handy size round a point, for the keyboard."""
        stroke = cls.begun(desk, point)
        x, y = point
        if stroke.kind in OUTLINED:
            turns = [2 * pi * n / 24 for n in range(24)]
            round_it = [(x + _PLACED_PX * cos(t), y + _PLACED_PX * sin(t)) for t in turns]
            spots = round_it
        elif stroke.kind is AnnotationKind.ARROW:
            spots = [(x + _PLACED_PX, y + _PLACED_PX), (x, y)]
        else:
            half = 0.0 if stroke.kind is AnnotationKind.LINE else _PLACED_PX / 1.5
            spots = [(x - _PLACED_PX, y - half), (x + _PLACED_PX, y + half)]
        if stroke.kind in POINTED:
            return stroke
        points = tuple(stroke.shifted(stroke.points[0], point, spot) for spot in spots)
        return replace(stroke, points=points)

    def shifted(self, um: Point, before: Point, now: Point) -> Point:
        """A point carried along by a drag from one pixel of the view to another."""
        dx, dy = now[0] - before[0], now[1] - before[1]
        return (
            um[0] + dx * self.right[0] + dy * self.down[0],
            um[1] + dx * self.right[1] + dy * self.down[1],
        )

    def seen_in(self, desk: Desk) -> Stroke:
        """With the steps of the view as it is now; it may have been zoomed meanwhile."""
        right, down = _steps(desk)
        return replace(self, right=right, down=down)

    def dragged(self, before: Point, now: Point) -> Stroke:
        """The last point carried along; a freehand outline leaves its way behind."""
        end = self.shifted(self.points[-1], before, now)
        if self.kind in OUTLINED:
            return replace(self, points=(*self.points, end))
        return self.to(end)

    def to(self, end: Point) -> Stroke:
        """The last point somewhere else."""
        kept = () if self.kind in POINTED else self.points[:-1]
        return replace(self, points=(*kept, end))

    def cornered(self) -> Stroke:
        """The last point stays, another one follows the pointer."""
        return replace(self, points=(*self.points, self.points[-1]))

    def shortened(self) -> Stroke | None:
        """Without its last corner; None when none is left."""
        if len(self.points) <= 2:
            return None
        return replace(self, points=(*self.points[:-2], self.points[-1]))

    def outline(self) -> tuple[Point, ...]:
        """Its points as an annotation on the left picture would have them."""
        if self.kind in POINTED or self.kind is AnnotationKind.INDEX:
            return self.points[-1:]
        if self.kind in RECTANGULAR:
            return self._rectangle(self.points[0], self.points[-1])
        if self.kind in OUTLINED:
            return self.points
        return self.points[0], self.points[-1]

    def annotation(self, desk: Desk) -> Annotation | None:
        """What has been drawn; None when it is too small to be anything."""
        points = self.outline()
        um_per_px = hypot(*self.right)
        if self.kind in OUTLINED:
            points = simplified(points, um_per_px * _TOLERANCE_PX)
        if self.kind not in POINTED and not _is_large(points, _LEAST_PX * um_per_px):
            return None
        if self.kind in OUTLINED and len(points) < 3:
            return None
        side: Literal["left", "both"] = "both" if self.side == "both" else "left"
        number = next_number(desk.annotations) if self.kind in NUMBERED else 0
        drawn = Annotation(self.kind, side, points, "", number, desk.pen.colour)
        return on_side(drawn, self.side, desk.alignment)

    def _rectangle(self, one: Point, other: Point) -> tuple[Point, ...]:
        """The four corners of an upright rectangle of the view, from two opposite ones."""
        dx, dy = other[0] - one[0], other[1] - one[1]
        (rx, ry), size2 = self.right, self.right[0] ** 2 + self.right[1] ** 2
        along = (dx * rx + dy * ry) / size2
        beside = (one[0] + along * rx, one[1] + along * ry)
        below = (one[0] + other[0] - beside[0], one[1] + other[1] - beside[1])
        return one, beside, other, below


def _steps(desk: Desk) -> tuple[Point, Point]:
    return step_um(desk.view, 1.0, 0.0), step_um(desk.view, 0.0, 1.0)


def _is_large(points: tuple[Point, ...], least_um: float) -> bool:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return max(max(xs) - min(xs), max(ys) - min(ys)) >= least_um
