"""Distances, angles and areas on the specimens, in micrometres and degrees.

A point is a `Spot`: on the left specimen, on the right one, or on both where they are laid over
each other. What lies on one specimen does not depend on the alignment. What goes across from one
to the other is measured in the plane of the left one, through the alignment as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import degrees, hypot, isfinite, nan
from typing import Any, Literal

import numpy as np

from app.domain import Acquired, Alignment, Annotation, AnnotationKind
from app.picture.geometry import Points, at, inverse, right_to_left

Where = Literal["left", "right", "both"]
Point = tuple[float, float]
CROSSES = "The outline crosses itself: its area is not defined"
_NEEDED = {"distance": 2, "angle": 3, "area": 3, "profile": 2}
_HOLDS = {"distance": 2, "angle": 3, "area": 500, "profile": 2}


class Kind(StrEnum):
    """What is measured; a profile's length is measured like a distance."""

    DISTANCE = "distance"
    ANGLE = "angle"
    AREA = "area"
    PROFILE = "profile"

    @property
    def needed(self) -> int:
        """The fewest points that make one."""
        return _NEEDED[self.value]

    @property
    def holds(self) -> int:
        """The most points it can have."""
        return _HOLDS[self.value]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point of a specimen, micrometres from its picture's centre; "both" counts on the left."""

    where: Where
    um: Point


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in µm, µm² or °, with its standard uncertainty where the calibration gives one."""

    value: float
    unit: Literal["µm", "µm²", "°"]
    sd: float | None = None

    def words(self) -> str:
        """With its unit: "412.3 µm", "1.234 mm ± 0.002 mm"; "" for what has no value."""
        if not isfinite(self.value):
            return ""
        factor, unit, decimals = _printed(self.value, self.unit)
        text = f"{self.value * factor:.{decimals}f}{_gap(unit)}{unit}"
        if self.sd is None:
            return text
        return f"{text} ± {self.sd * factor:.{decimals}f}{_gap(unit)}{unit}"


@dataclass(frozen=True, slots=True)
class Measurement:
    """Something measured: the angle is the one at the second of three spots."""

    kind: Kind
    spots: tuple[Spot, ...]

    @property
    def complete(self) -> bool:
        """Whether there are enough spots for a value."""
        return len(self.spots) >= self.kind.needed

    @property
    def where(self) -> Literal["left", "right", "both", "across"]:
        """Which specimen it lies on; "across" when it goes from one to the other."""
        sides = {spot.where for spot in self.spots} - {"both"}
        if len(sides) > 1:
            return "across"
        return next(iter(sides)) if sides else "both"

    def moved(self, index: int, spot: Spot) -> Measurement:
        """One spot somewhere else."""
        spots = (*self.spots[:index], spot, *self.spots[index + 1 :])
        return replace(self, spots=spots)

    def with_spot(self, spot: Spot) -> Measurement:
        """One spot more, as long as there is room."""
        return replace(self, spots=(*self.spots, spot)[: self.kind.holds])

    def quantity(
        self, alignment: Alignment, scale_sd: tuple[float | None, float | None] = (None, None)
    ) -> Quantity:
        """Its value; NaN while incomplete and for an outline that crosses itself.

        ``scale_sd`` is the relative standard uncertainty of the left and right picture's scale.
        """
        points = self.plane_um(alignment)
        sd = self._scale_sd(scale_sd)
        if self.kind is Kind.ANGLE:
            return Quantity(angle_deg(points) if self.complete else nan, "°")
        if self.kind is Kind.AREA:
            value = area_um2(points) if self.complete else nan
            return Quantity(value, "µm²", None if sd is None else 2 * sd * value)
        value = distance_um(points[0], points[1]) if self.complete else nan
        return Quantity(value, "µm", None if sd is None else sd * value)

    def details(self, alignment: Alignment) -> str:
        """What else it tells: components of a distance, the way round an area."""
        points = self.plane_um(alignment)
        if not self.complete or self.kind is Kind.ANGLE:
            return ""
        if self.kind is Kind.AREA:
            if crosses_itself(points):
                return CROSSES
            return f"outline {Quantity(perimeter_um(points), 'µm').words()}"
        dx, dy = points[1][0] - points[0][0], points[1][1] - points[0][1]
        direction = degrees(float(np.arctan2(-dy, dx)))
        return f"dx {dx:.1f} µm, dy {dy:.1f} µm, direction {direction:.1f}°"

    def plane_um(self, alignment: Alignment) -> tuple[Point, ...]:
        """Its spots in one plane: the specimen's own, or the left one's when it goes across."""
        if self.where != "across":
            return tuple(spot.um for spot in self.spots)
        return tuple(on_left(spot, alignment) for spot in self.spots)

    def _scale_sd(self, scale_sd: tuple[float | None, float | None]) -> float | None:
        left, right = scale_sd
        if self.where == "right":
            return right
        if self.where == "left":
            return left
        return None if left is None or right is None else max(left, right)


def on_left(spot: Spot, alignment: Alignment) -> Point:
    """Where a spot lies on the left specimen, or would through the alignment."""
    if spot.where == "right":
        return at(right_to_left(alignment), spot.um)
    return spot.um


def on_right(spot: Spot, alignment: Alignment) -> Point:
    """Where a spot lies on the right specimen, or would through the alignment."""
    if spot.where == "right":
        return spot.um
    return at(right_to_left(inverse(alignment)), spot.um)


def distance_um(first: Point, second: Point) -> float:
    """Straight from one point to the other."""
    return hypot(second[0] - first[0], second[1] - first[1])


def angle_deg(points: Sequence[Point]) -> float:
    """The angle at the second of three points, 0 to 180; NaN where an arm has no length."""
    (ax, ay), (x, y), (bx, by) = points[:3]
    first, second = complex(ax - x, ay - y), complex(bx - x, by - y)
    if abs(first) == 0 or abs(second) == 0:
        return nan
    turned = second * first.conjugate()
    return abs(degrees(float(np.arctan2(turned.imag, turned.real))))


def area_um2(points: Sequence[Point]) -> float:
    """The area inside a polygon (Gauss); NaN where its outline crosses itself."""
    if crosses_itself(points):
        return nan
    x, y = np.array(points, dtype=np.float64).T
    x, y = x - x.mean(), y - y.mean()
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def perimeter_um(points: Sequence[Point]) -> float:
    """Once round a polygon."""
    return sum(distance_um(a, b) for a, b in _edges(points))


def crosses_itself(points: Sequence[Point]) -> bool:
    """Whether two sides of a polygon that are not neighbours cross."""
    edges = np.array(_edges(points), dtype=np.float64)
    if len(edges) < 4:
        return False
    first, second = edges[:, 0], edges[:, 1]
    of_start = _turns(first[:, None], second[:, None], first[None])
    of_end = _turns(first[:, None], second[:, None], second[None])
    parted = of_start * of_end < 0
    return bool((parted & parted.T).any())


def scale_sd(acquired: Acquired) -> float | None:
    """Relative standard uncertainty of a picture's scale, None where its calibration gives none.

    It is the capture setting ``pixel_um_sd`` (micrometres) over the pixel's size.
    """
    settings: Mapping[str, Any] = acquired.record.settings
    sd = settings.get("pixel_um_sd")
    good = isinstance(sd, int | float) and not isinstance(sd, bool) and isfinite(sd) and sd > 0
    return float(sd) / acquired.pixel_um if good and sd is not None and acquired.pixel_um else None


def place_words(where: str) -> str:
    """Which specimen, for a list."""
    return {
        "left": "left specimen",
        "right": "right specimen",
        "both": "both, as aligned",
        "across": "from one to the other, as aligned",
    }[where]


def as_drawings(one: Measurement, alignment: Alignment, words: str) -> tuple[Annotation, ...]:
    """A measurement as lines or an outline drawn on its specimen, with its value beside it.

    Drawings are part of every picture and file; one that goes across is drawn on both.
    """
    where = one.where
    side: Where = "both" if where == "across" else where
    points = one.plane_um(alignment)
    if one.kind is Kind.AREA:
        return (Annotation(AnnotationKind.POLYGON, side, points, words),)
    if one.kind is Kind.ANGLE:
        second = Annotation(AnnotationKind.LINE, side, points[1:3])
        return Annotation(AnnotationKind.LINE, side, points[:2], words), second
    return (Annotation(AnnotationKind.LINE, side, points[:2], words),)


def as_text(lines: Iterable[tuple[str, str, str]]) -> str:
    """Lines of (what, value, where) separated by tabs, for the clipboard."""
    return "\n".join("\t".join(line) for line in lines)


def _edges(points: Sequence[Point]) -> list[tuple[Point, Point]]:
    return list(zip(points, [*points[1:], points[0]], strict=True)) if points else []


def _turns(start: Points, end: Points, point: Points) -> Points:
    """Which side of the lines the points lie on: positive, negative, or 0 on them."""
    along, to = end - start, point - start
    return np.asarray(along[..., 0] * to[..., 1] - along[..., 1] * to[..., 0])


def _printed(value: float, unit: str) -> tuple[float, str, int]:
    """Factor, unit and decimals for reading: mm from a millimetre on."""
    if unit == "°":
        return 1.0, unit, 1
    if unit == "µm":
        return (1e-3, "mm", 4) if abs(value) >= 1000 else (1.0, unit, 1)
    if abs(value) >= 1e4:
        return 1e-6, "mm²", 4 if abs(value) >= 1e5 else 5
    return 1.0, unit, 1


def _gap(unit: str) -> str:
    return "" if unit == "°" else " "
