"""Annotations over the evidence, drawn in place: the same arguments give the same bytes.

Lines, letters and badges keep their size on the screen whatever the enlargement. Agreement is
drawn with a whole line and hatched one way, disagreement with a dashed line, hatched crosswise
and numbered in squares, so that the two differ without their colours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import Alignment, Annotation, AnnotationKind
from app.picture.drawing import DARK, Colour, Pixels
from app.picture.geometry import Matrix, Points, moved, right_to_left
from app.picture.index_mark import draw_index
from app.picture.label import badge_radius, draw_badge, draw_label, label_size
from app.picture.shapes import AREAS, CLOSED, ROUND, distance, outline_um

Shown = Literal["left", "right", "both"]
COLOURS: Final[dict[str, tuple[str, Colour]]] = {
    "yellow": ("yellow", (240, 228, 66)),
    "green": ("bluish green", (52, 204, 150)),
    "orange": ("vermilion", (244, 125, 48)),
    "blue": ("sky blue", (110, 190, 240)),
    "purple": ("reddish purple", (226, 140, 190)),
    "white": ("white", (245, 245, 245)),
}
"""The palette by key: its name and RGB, told apart by colour-blind readers too."""
_OF_KIND = {
    AnnotationKind.AGREEMENT: "green",
    AnnotationKind.DISAGREEMENT: "orange",
    AnnotationKind.INDEX: "blue",
}
SUBCLASS = "Subclass possible"
"""What stands first at a place where a subclass influence was flagged."""
_SHIFT = 4
_FAR = 1e6


def colour_of(annotation: Annotation) -> Colour:
    """RGB of its colour key, or of its kind."""
    key = annotation.colour if annotation.colour in COLOURS else ""
    return COLOURS[key or _OF_KIND.get(annotation.kind, "yellow")][1]


def words_at(annotation: Annotation) -> str:
    """What is written at it: its flag, then its words."""
    if not annotation.subclass:
        return annotation.text
    return f"{SUBCLASS}: {annotation.text}" if annotation.text else SUBCLASS


def unit_px(height: int) -> int:
    """The size of letters in a view of so many rows."""
    return int(np.clip(height / 48, 13, 26))


def draw_annotations(
    picture: Pixels,
    annotations: Sequence[Annotation],
    plane: Matrix,
    alignment: Alignment,
    shown: Shown,
    unit: int,
) -> None:
    """Draw what belongs to the specimen (or both) seen in ``picture``, uint8 RGB.

    ``plane`` takes micrometres about the left picture's centre to pixels of ``picture``;
    ``unit`` is the height of letters (``unit_px`` of the whole view).
    """
    seen = [a for a in annotations if shown == "both" or a.side in (shown, "both")]
    right = plane @ right_to_left(alignment)
    placed = [(a, moved(right if a.side == "right" else plane, outline_um(a))) for a in seen]
    for annotation, points in placed:
        if annotation.kind in AREAS:
            _hatch(picture, annotation, points, unit)
    for annotation, points in placed:
        _draw_lines(picture, annotation, points, unit)
    for annotation, points in placed:
        _draw_words(picture, annotation, points, unit)


def badge_offset(kind: AnnotationKind, unit: int) -> tuple[float, float]:
    """From a note's point, or the top of a shape, to the middle of its number, in pixels."""
    return (1.5 * unit, -1.5 * unit) if kind is AnnotationKind.NOTE else (0.0, 0.0)


def anchor(annotation: Annotation, points: Points) -> tuple[float, float]:
    """Where badge and words of drawn ``points`` (pixels) begin: the point, tail, or top."""
    first = annotation.kind not in CLOSED
    x, y = points[0] if first else points[int(np.argmin(points[:, 1]))]
    return float(x), float(y)


def hit(
    annotation: Annotation, points: Points, point: tuple[float, float], unit: int, reach: float
) -> bool:
    """Whether a point lies on what is drawn through ``points``: line, badge or words (pixels).

    The inside of a shape is free, so that something else can be drawn there.
    """
    here = np.array(point, dtype=np.float64)
    words = words_at(annotation)
    if annotation.kind is AnnotationKind.TEXT or words:
        x, y = _words_at(annotation, points, unit)
        width, height = label_size(words or "I", unit)
        if -reach <= here[0] - x <= width + reach and -unit <= here[1] - y <= height - unit + 4:
            return True
    if annotation.number:
        middle = np.array(anchor(annotation, points)) + badge_offset(annotation.kind, unit)
        if float(np.linalg.norm(here - middle)) <= badge_radius(unit) + 2:
            return True
    if annotation.kind is AnnotationKind.TEXT:
        return False
    return distance(points, point, closed=annotation.kind in ROUND) <= reach


def _words_at(annotation: Annotation, points: Points, unit: int) -> tuple[float, float]:
    """Where the base line of its words starts."""
    x, y = anchor(annotation, points)
    if annotation.number:
        dx, dy = badge_offset(annotation.kind, unit)
        x, y = x + dx + badge_radius(unit) + 0.35 * unit, y + dy
    elif annotation.kind is not AnnotationKind.TEXT:
        y -= 0.6 * unit
    return x, y + 0.35 * unit


def _draw_lines(picture: Pixels, annotation: Annotation, points: Points, unit: int) -> None:
    colour, kind = colour_of(annotation), annotation.kind
    if kind is AnnotationKind.TEXT:
        return
    if kind is AnnotationKind.NOTE:
        _draw_pin(picture, points[0], colour, unit)
        return
    if kind is AnnotationKind.INDEX:
        draw_index(picture, points, unit, colour)
        return
    width = max(2, round(unit / 8))
    lines = [points]
    if kind is AnnotationKind.DISAGREEMENT:
        lines = _dashes(np.vstack([points, points[:1]]), unit, picture.shape)
    closed = kind in CLOSED and kind is not AnnotationKind.DISAGREEMENT
    fixed = [_fixed(line) for line in lines]
    if kind is AnnotationKind.ARROW:
        fixed = [_fixed(np.stack([points[0], _neck(points, unit)]))]
    for stroke, ink in ((width + 2, DARK), (width, colour)):
        cv2.polylines(picture, fixed, closed, ink, stroke, cv2.LINE_AA, _SHIFT)
    if kind is AnnotationKind.ARROW:
        _draw_head(picture, points, colour, unit)


def _draw_pin(picture: Pixels, point: Points, colour: Colour, unit: int) -> None:
    """A ring about the point itself, which stays free, and a line to the badge."""
    offset = np.array(badge_offset(AnnotationKind.NOTE, unit))
    ring = 0.34 * unit
    start = point + offset * (ring / float(np.linalg.norm(offset)))
    line = _fixed(np.stack([start, point + offset]))
    centre = _fixed(point[None])[0]
    middle, radius = (int(centre[0]), int(centre[1])), round(ring * 2**_SHIFT)
    width = max(2, round(unit / 9))
    for stroke, ink in ((width + 2, DARK), (width, colour)):
        cv2.polylines(picture, [line], False, ink, stroke, cv2.LINE_AA, _SHIFT)
        cv2.circle(picture, middle, radius, ink, stroke, cv2.LINE_AA, _SHIFT)


def _neck(points: Points, unit: int) -> Points:
    """Where an arrow's shaft ends under its head."""
    along = points[1] - points[0]
    length = float(np.linalg.norm(along))
    return np.asarray(points[1] - along * min(1.0, 0.7 * unit / max(length, 1e-9)))


def _draw_head(picture: Pixels, points: Points, colour: Colour, unit: int) -> None:
    along = points[1] - points[0]
    along = along / max(float(np.linalg.norm(along)), 1e-9)
    across = np.array([-along[1], along[0]])
    back = points[1] - along * unit
    head = _fixed(np.stack([points[1], back + across * 0.42 * unit, back - across * 0.42 * unit]))
    cv2.polylines(picture, [head], True, DARK, 3, cv2.LINE_AA, _SHIFT)
    cv2.fillPoly(picture, [head], colour, cv2.LINE_AA, _SHIFT)


def _draw_words(picture: Pixels, annotation: Annotation, points: Points, unit: int) -> None:
    colour = colour_of(annotation)
    if annotation.number:
        middle = np.array(anchor(annotation, points)) + badge_offset(annotation.kind, unit)
        square = annotation.kind is AnnotationKind.DISAGREEMENT
        draw_badge(picture, annotation.number, _whole(*middle), unit, colour, square=square)
    words = words_at(annotation)
    if words:
        at = _whole(*_words_at(annotation, points, unit))
        draw_label(picture, words, at, unit, colour)


def _whole(x: float, y: float) -> tuple[int, int]:
    return round(float(np.clip(x, -_FAR, _FAR))), round(float(np.clip(y, -_FAR, _FAR)))


def _hatch(picture: Pixels, annotation: Annotation, points: Points, unit: int) -> None:
    """Thin half-transparent lines inside the outline; they travel with its first point."""
    height, width = picture.shape[:2]
    low = np.clip(np.floor(points.min(axis=0)) - 1, 0, (width, height)).astype(int)
    high = np.clip(np.ceil(points.max(axis=0)) + 2, 0, (width, height)).astype(int)
    (x0, y0), (x1, y1) = low, high
    if x0 >= x1 or y0 >= y1:
        return
    part, inside = picture[y0:y1, x0:x1], points - low
    area = np.zeros(part.shape[:2], np.uint8)
    cv2.fillPoly(area, [_fixed(inside)], (255,), cv2.LINE_8, _SHIFT)
    crossed = annotation.kind is AnnotationKind.DISAGREEMENT
    spacing = unit * (1.7 if crossed else 1.0)
    lines = _diagonals(part.shape, inside[0], spacing, 1)
    if crossed:
        lines = [*lines, *_diagonals(part.shape, inside[0], spacing, -1)]
    layer = part.copy()
    cv2.polylines(layer, lines, False, colour_of(annotation), 1, cv2.LINE_AA, _SHIFT)
    mixed = cv2.addWeighted(layer, 0.62, part, 0.38, 0.0)
    part[...] = cv2.copyTo(mixed, area, part)


def _diagonals(
    shape: tuple[int, ...], first: Points, spacing: float, way: int
) -> list[NDArray[np.int32]]:
    """Lines x + way * y = c over an array of ``shape``, one of them through ``first``."""
    rows, columns = shape[:2]
    step = spacing * float(np.sqrt(2.0))
    low, high = (0.0, float(columns + rows)) if way > 0 else (-float(rows), float(columns))
    start = low + float((first[0] + way * first[1] - low) % step)
    c = np.arange(start, high, step)
    top = np.stack([c, np.zeros_like(c)], axis=1)
    bottom = np.stack([c - way * rows, np.full_like(c, rows)], axis=1)
    return list(_fixed(np.stack([top, bottom], axis=1)))


def _dashes(line: Points, unit: int, shape: tuple[int, ...]) -> list[Points]:
    """The dashes of a line that may be seen in an array of ``shape``, four points each."""
    lengths = np.linalg.norm(np.diff(line, axis=0), axis=1)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    count = max(3, round(along[-1] / (1.2 * unit)))
    starts = np.arange(count) * (along[-1] / count)
    places = starts[:, None] + np.linspace(0, 0.58, 4)[None] * (along[-1] / count)
    points = np.stack([np.interp(places, along, line[:, i]) for i in (0, 1)], axis=2)
    margin, size = 2 * unit, np.array([shape[1], shape[0]])
    near = np.logical_and(points > -margin, points < size + margin)
    return list(points[np.any(np.all(near, axis=2), axis=1)])


def _fixed(points: Points) -> NDArray[np.int32]:
    """As OpenCV takes them, in sixteenths of a pixel."""
    fixed: NDArray[np.int32] = np.rint(np.clip(points, -_FAR, _FAR) * 2**_SHIFT).astype(np.int32)
    return fixed
