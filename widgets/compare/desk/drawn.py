"""Operations on what is drawn over a pair; each can be undone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from app.domain import Annotation, AnnotationKind, new_id
from app.picture.annotations import hit, unit_px
from app.picture.geometry import Matrix, at, moved, right_to_left
from app.picture.shapes import centre_um, left_point, next_number, on_side, outline_um, shifted
from app.picture.view import Pane, pane_at, panes, um_to_view
from widgets.compare.desk.pen import MARKS, SURFACES, TOOL

if TYPE_CHECKING:
    from widgets.compare.desk import Desk, Point

Side = Literal["left", "right", "both"]
REACH_PX = 7.0
_ASIDE_PX = 18.0


def take_pen(desk: Desk, *, areas: bool) -> None:
    """The note or the area brush in hand; again, its next kind."""
    kinds = SURFACES if areas else MARKS
    if desk.tool != TOOL:
        if desk.pen.kind not in kinds:
            desk.pen.choose(kinds[0])
        desk.take_tool(TOOL)
    else:
        desk.pen.next_of(kinds)


def find(desk: Desk, annotation_id: str) -> Annotation | None:
    """What is drawn under this id."""
    return next((a for a in desk.annotations if a.id == annotation_id), None)


def selected(desk: Desk) -> Annotation | None:
    """What is in hand; None when it was undone meanwhile."""
    return find(desk, desk.pen.selected) if desk.pen.selected else None


def add(desk: Desk, annotation: Annotation, *, typing: bool = False) -> None:
    """Draw it above all others, take it in hand, and see to it that drawings are seen."""
    desk.put(annotations=(*desk.annotations, annotation), view=replace(desk.view, annotations=True))
    desk.pen.select(annotation.id, typing=typing)


def change(desk: Desk, annotation: Annotation, gesture: str = "") -> None:
    """Draw it this way instead; steps of one gesture are undone together."""
    drawn = tuple(annotation if a.id == annotation.id else a for a in desk.annotations)
    desk.put(gesture, annotations=drawn)


def remove(desk: Desk, annotation_id: str) -> None:
    """Draw it no more."""
    if desk.pen.selected == annotation_id:
        desk.pen.select("")
    desk.put(annotations=tuple(a for a in desk.annotations if a.id != annotation_id))


def write(desk: Desk, annotation_id: str, text: str) -> None:
    """Its words; what is typed in one go is undone together."""
    annotation = find(desk, annotation_id)
    if annotation is not None:
        change(desk, replace(annotation, text=text), f"write {annotation_id}")


def tie(desk: Desk, annotation_id: str, side: Side) -> None:
    """Tie it to another specimen, or to both; in the present alignment it stays where it is."""
    annotation = find(desk, annotation_id)
    if annotation is None or annotation.kind is AnnotationKind.INDEX:
        return
    if annotation.side != side:
        change(desk, on_side(annotation, side, desk.alignment))


def raise_above(desk: Desk, annotation_id: str) -> None:
    """Draw it above all others."""
    annotation = find(desk, annotation_id)
    if annotation is not None:
        others = tuple(a for a in desk.annotations if a.id != annotation_id)
        desk.put(annotations=(*others, annotation))


def copy(desk: Desk, annotation_id: str) -> None:
    """Draw the same once more, a little aside, with a number of its own."""
    annotation = find(desk, annotation_id)
    if annotation is None or annotation.kind is AnnotationKind.INDEX:
        return
    aside = _ASIDE_PX * desk.view.um_per_px
    number = next_number(desk.annotations) if annotation.number else 0
    add(desk, replace(shifted(annotation, aside, aside), number=number, id=new_id()))


def look_at(desk: Desk, annotation_id: str) -> None:
    """Bring it to the middle of the view."""
    annotation = find(desk, annotation_id)
    if annotation is None:
        return
    middle = left_point(annotation, centre_um(annotation), desk.alignment)
    desk.put(view=replace(desk.view, centre_um=middle, annotations=True))
    desk.pen.select(annotation_id)


def step(desk: Desk, ways: int) -> None:
    """Take the next annotation in hand, or the one before."""
    ids = [a.id for a in desk.annotations]
    if not ids:
        return
    place = ids.index(desk.pen.selected) + ways if desk.pen.selected in ids else min(ways, 0)
    desk.pen.select(ids[place % len(ids)])


def shown_in(desk: Desk, pane: Pane) -> Side:
    """The specimen seen in a pane."""
    if pane.shows == "both":
        return "both"
    return "left" if (pane.shows == "first") != desk.seen.exchanged else "right"


def planes(desk: Desk, side: Side) -> Iterator[tuple[Pane, Matrix]]:
    """The panes in which something of ``side`` is seen, and from the left picture's micrometres
    to pixels of the view there."""
    for pane in panes(desk.seen, desk.size):
        if side == "both" or shown_in(desk, pane) in (side, "both"):
            yield pane, um_to_view(desk.seen, pane)


def to_left(desk: Desk, annotation: Annotation, plane: Matrix) -> Matrix:
    """From the annotation's own micrometres on, where ``plane`` begins at the left picture's."""
    return plane @ right_to_left(desk.alignment) if annotation.side == "right" else plane


def under(desk: Desk, point: Point) -> Annotation | None:
    """The topmost annotation whose line, badge or words lie under a point of the view."""
    if not desk.view.annotations:
        return None
    pane = pane_at(desk.seen, desk.size, point)
    shown, plane = shown_in(desk, pane), um_to_view(desk.seen, pane)
    unit = unit_px(desk.size[1])
    for annotation in reversed(desk.annotations):
        if annotation.side in (shown, "both") or shown == "both":
            points = moved(to_left(desk, annotation, plane), outline_um(annotation))
            if hit(annotation, points, point, unit, REACH_PX):
                return annotation
    return None


def handle_under(desk: Desk, annotation: Annotation, point: Point) -> int | None:
    """Which of its points lies under a point of the view."""
    if annotation.kind in (AnnotationKind.NOTE, AnnotationKind.TEXT):
        return None
    near = []
    for _, plane in planes(desk, annotation.side):
        matrix = to_left(desk, annotation, plane)
        for index, um in enumerate(annotation.points_um):
            x, y = at(matrix, um)
            near.append((max(abs(x - point[0]), abs(y - point[1])), index))
    least = min(near, default=None)
    return least[1] if least is not None and least[0] <= REACH_PX else None
