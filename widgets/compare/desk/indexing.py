"""Index marks: one on each specimen, saying which way was up."""

from __future__ import annotations

from dataclasses import replace
from math import hypot
from typing import TYPE_CHECKING

from app.domain import Annotation, AnnotationKind
from app.picture.geometry import at, turn
from widgets.compare.desk.pen import TOOL

if TYPE_CHECKING:
    from app.picture import Side
    from widgets.compare.desk import Desk, Point
    from widgets.compare.desk.setting import Specimen

_OUTSIDE = 1.06
_SIDES: tuple[Specimen, Specimen] = ("left", "right")


def take_index(desk: Desk) -> None:
    """The index mark in hand; in hand already, put it away."""
    again = desk.tool == TOOL and desk.pen.kind is AnnotationKind.INDEX
    desk.pen.choose(AnnotationKind.INDEX)
    if again or desk.tool != TOOL:
        desk.take_tool(TOOL)


def index_of(desk: Desk, side: Specimen) -> Annotation | None:
    """The index mark of a specimen."""
    marks = (a for a in desk.annotations if a.kind is AnnotationKind.INDEX and a.side == side)
    return next(marks, None)


def index_at(desk: Desk, point: Point) -> Annotation:
    """One whose place is under a point of the view, on the specimen seen there."""
    place = desk.place(point)
    side = specimen_of(desk, place.side)
    return _mark(desk, side, place.right_um if side == "right" else place.left_um)


def index_up(desk: Desk, side: Specimen) -> Annotation:
    """One whose place is up as the specimen is seen now."""
    turned = desk.view.view_rotation_deg
    turned += desk.alignment.rotation_deg if side == "right" else 0.0
    middle, radius = _outline(_side(desk, side))
    dx, dy = at(turn(-turned), (0.0, -radius))
    return _mark(desk, side, (middle[0] + dx, middle[1] + dy))


def put_index(desk: Desk, mark: Annotation) -> None:
    """Draw it instead of the one its specimen has, with that one's number and colour."""
    others = tuple(
        a for a in desk.annotations if (a.kind, a.side) != (AnnotationKind.INDEX, mark.side)
    )
    desk.end_gesture()
    desk.put(annotations=(*others, mark), view=replace(desk.view, annotations=True))
    desk.pen.select(mark.id)


def specimen_of(desk: Desk, side: str) -> Specimen:
    """Of which specimen a mark is drawn where ``side`` is seen: of both, the one without."""
    if side in ("left", "right"):
        return "right" if side == "right" else "left"
    return next((s for s in _SIDES if index_of(desk, s) is None), "left")


def _mark(desk: Desk, side: Specimen, rim: Point) -> Annotation:
    known, middle = index_of(desk, side), _outline(_side(desk, side))[0]
    if hypot(rim[0] - middle[0], rim[1] - middle[1]) < 1.0:
        rim = (middle[0], middle[1] - 1.0)
    mark = Annotation(AnnotationKind.INDEX, side, (middle, rim), colour=desk.pen.colour)
    if known is None:
        return mark
    return replace(mark, number=known.number, colour=known.colour, text=known.text)


def _side(desk: Desk, side: Specimen) -> Side:
    return desk.right if side == "right" else desk.left


def _outline(side: Side) -> tuple[Point, float]:
    """Middle (micrometres from the picture's centre) and radius of its mark, with some room."""
    focus, (rows, columns) = side.focus, side.pixels.shape[:2]
    if focus is None:
        return (0.0, 0.0), 0.45 * min(rows, columns) * side.pixel_um
    pixels = (focus.x_um / side.pixel_um, focus.y_um / side.pixel_um)
    return at(side.to_um(), pixels), focus.radius_um * _OUTSIDE
