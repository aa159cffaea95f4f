"""The shapes of annotations in specimen micrometres: outlines, handles, moving, hitting."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import cv2
import numpy as np

from app.domain import Alignment, Annotation, AnnotationKind, Point
from app.picture import index_mark
from app.picture.geometry import Points, at, moved, right_to_left

AREAS = frozenset({AnnotationKind.AGREEMENT, AnnotationKind.DISAGREEMENT})
OUTLINED = AREAS | {AnnotationKind.POLYGON}
RECTANGULAR = frozenset({AnnotationKind.BOX, AnnotationKind.ELLIPSE})
CLOSED = OUTLINED | RECTANGULAR
ROUND = CLOSED | {AnnotationKind.INDEX}
"""What is drawn along a line that comes back to its beginning."""
POINTED = frozenset({AnnotationKind.NOTE, AnnotationKind.TEXT})
NUMBERED = AREAS | {AnnotationKind.NOTE}
_AROUND = np.linspace(0, 2 * np.pi, 72, endpoint=False)


def outline_um(annotation: Annotation) -> Points:
    """The points it is drawn through, shape (n, 2); of a closed shape the first is not repeated."""
    points = np.array(annotation.points_um, dtype=np.float64).reshape(-1, 2)
    if annotation.kind is AnnotationKind.INDEX:
        return index_mark.ring(points[0], points[1])
    if annotation.kind is not AnnotationKind.ELLIPSE:
        return points
    centre = (points[0] + points[2]) / 2
    along, across = (points[1] - points[0]) / 2, (points[3] - points[0]) / 2
    ring = np.stack([np.cos(_AROUND), np.sin(_AROUND)], axis=1)
    return np.asarray(centre + ring @ np.stack([along, across]), dtype=np.float64)


def distance(points: Points, point: Point, *, closed: bool) -> float:
    """How far a point is from a line through ``points``, shape (n, 2); in their unit."""
    here = np.array(point, dtype=np.float64)
    if len(points) == 1:
        return float(np.linalg.norm(points[0] - here))
    ends = np.roll(points, -1, axis=0) if closed else points[1:]
    starts = points[: len(ends)]
    along = ends - starts
    length2 = np.maximum((along**2).sum(axis=1), 1e-12)
    share = np.clip(((here - starts) * along).sum(axis=1) / length2, 0.0, 1.0)
    nearest = starts + along * share[:, None]
    return float(np.linalg.norm(nearest - here, axis=1).min())


def centre_um(annotation: Annotation) -> Point:
    """The middle of its extent."""
    points = outline_um(annotation)
    x, y = (points.min(axis=0) + points.max(axis=0)) / 2
    return float(x), float(y)


def extent_um(annotation: Annotation) -> float:
    """The diagonal of its extent."""
    points = outline_um(annotation)
    return float(np.linalg.norm(points.max(axis=0) - points.min(axis=0)))


def shifted(annotation: Annotation, dx_um: float, dy_um: float) -> Annotation:
    """Moved as a whole."""
    points = tuple((x + dx_um, y + dy_um) for x, y in annotation.points_um)
    return replace(annotation, points_um=points)


def scaled(annotation: Annotation, factor: float) -> Annotation:
    """Larger about its middle; what is a single point stays."""
    if annotation.kind in POINTED:
        return annotation
    mx, my = centre_um(annotation)
    points = tuple(
        (mx + (x - mx) * factor, my + (y - my) * factor) for x, y in annotation.points_um
    )
    return replace(annotation, points_um=points)


def with_handle(annotation: Annotation, index: int, point: Point) -> Annotation:
    """One of its points brought elsewhere; a rectangle keeps its right angles and directions, and
    an index mark goes along with its middle."""
    if annotation.kind is AnnotationKind.INDEX and index == 0:
        (x, y), (to_x, to_y) = annotation.points_um[0], point
        return shifted(annotation, to_x - x, to_y - y)
    if annotation.kind in RECTANGULAR:
        return replace(annotation, points_um=_resized(annotation, index, point))
    points = list(annotation.points_um)
    points[index] = point
    return replace(annotation, points_um=tuple(points))


def _resized(annotation: Annotation, index: int, point: Point) -> tuple[Point, ...]:
    """The corner opposite ``index`` stays."""
    corners = np.array(annotation.points_um, dtype=np.float64)
    still = corners[(index + 2) % 4]
    before, after = corners[(index + 1) % 4] - still, corners[(index - 1) % 4] - still
    size = float(np.linalg.norm(before))
    along = before / size if size > 0 else _turned(after)
    diagonal = np.array(point, dtype=np.float64) - still
    one = along * float(diagonal @ along)
    found = {
        index: np.array(point, dtype=np.float64),
        (index + 1) % 4: still + one,
        (index + 2) % 4: still,
        (index - 1) % 4: still + (diagonal - one),
    }
    return tuple((float(found[i][0]), float(found[i][1])) for i in range(4))


def _turned(direction: Points) -> Points:
    """A unit vector at right angles; the x axis where there is no direction."""
    size = float(np.linalg.norm(direction))
    if size == 0:
        return np.array([1.0, 0.0])
    return np.array([direction[1], -direction[0]]) / size


def simplified(points: tuple[Point, ...], tolerance_um: float) -> tuple[Point, ...]:
    """A hand-drawn outline with fewer points, nowhere further off than ``tolerance_um``."""
    line = np.array(points, dtype=np.float32).reshape(-1, 1, 2)
    fewer = cv2.approxPolyDP(line, tolerance_um, closed=True).reshape(-1, 2)
    if len(fewer) < 3:
        return points
    return tuple((float(x), float(y)) for x, y in fewer)


def on_side(
    annotation: Annotation, side: Literal["left", "right", "both"], alignment: Alignment
) -> Annotation:
    """The same place of the aligned pair, tied to another specimen or to both."""
    if (annotation.side == "right") == (side == "right"):
        return replace(annotation, side=side)
    matrix = right_to_left(alignment)
    if side == "right":
        matrix = np.linalg.inv(matrix).astype(np.float64, copy=False)
    points = moved(matrix, np.array(annotation.points_um, dtype=np.float64))
    return replace(annotation, side=side, points_um=tuple((float(x), float(y)) for x, y in points))


def left_point(annotation: Annotation, point: Point, alignment: Alignment) -> Point:
    """A point of its side about the left picture's centre."""
    return at(right_to_left(alignment), point) if annotation.side == "right" else point


def next_number(annotations: tuple[Annotation, ...]) -> int:
    """One more than the highest: a number is not given twice while its bearer is there.

    Those of index marks are the specimens' own.
    """
    return max((a.number for a in annotations if a.kind is not AnnotationKind.INDEX), default=0) + 1
