"""The pen: draws annotations on the specimens, and changes those that are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from math import hypot

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from app.domain import Annotation, AnnotationKind
from app.picture.annotations import colour_of
from app.picture.drawing import ACCENT
from app.picture.geometry import Matrix, at, moved
from app.picture.shapes import CLOSED, OUTLINED, POINTED, outline_um, scaled, shifted, with_handle
from app.picture.view import step_um
from widgets.compare.desk import Desk, drawn
from widgets.compare.desk.indexing import index_at, index_up, put_index, specimen_of
from widgets.compare.desk.pen import MARKS, SURFACES, TOOL, WORDS
from widgets.compare.desk.setting import Point
from widgets.compare.tools.strokes import Stroke
from widgets.compare.tools.tool import Tool

_DRAG_PX = 4.0
_CLOSE_PX = 9.0
_HANDLE_PX = 4.5
_LARGER = 1.1
_ARROWS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, -1.0),
    Qt.Key.Key_Down: (0.0, 1.0),
}
_BESIDE = (Qt.Key.Key_Left, Qt.Key.Key_Right)
_HOW = {
    AnnotationKind.NOTE: "click",
    AnnotationKind.TEXT: "click",
    AnnotationKind.ARROW: "drag to the tip",
    AnnotationKind.LINE: "drag",
    AnnotationKind.BOX: "drag",
    AnnotationKind.ELLIPSE: "drag",
    AnnotationKind.INDEX: "click where the specimen's up is",
}
_OUTLINE_HOW = "drag round it, or click corners and Enter"
_TYPING = "Type the words; Enter ends, Shift+Enter begins a line."
_IN_HAND = (
    "Arrows move it, Ctrl+Up and Ctrl+Down size it; Enter: words; Y: other specimen or both; "
    "Ctrl+D copies, Del deletes, Esc lets go."
)
_NEXT_SIDE: dict[drawn.Side, drawn.Side] = {"left": "right", "right": "both", "both": "left"}
Drag = Callable[[Desk, Point, Point], None]


class AnnotateTool(Tool):
    """Draws what ``desk.pen`` says; drags, writes and deletes what is in hand."""

    name = TOOL

    def __init__(self) -> None:
        self.hint = _hint_of(MARKS[0])
        self._stroke: Stroke | None = None
        self._drag: Drag | None = None
        self._far = False
        self._pressed: Point = (0.0, 0.0)
        self._last: Point = (0.0, 0.0)
        self._pointer: Point | None = None

    def press(self, desk: Desk, point: Point, modifiers: Qt.KeyboardModifier) -> bool:
        self._pressed = self._last = self._pointer = point
        self._far = False
        self._end_typing(desk)
        if self._stroke is not None:
            self._drag = None
            self._next_corner(desk, point)
        elif modifiers & Qt.KeyboardModifier.ShiftModifier or not self._take(desk, point):
            desk.pen.select("")
            self._stroke, self._drag = Stroke.begun(desk, point), self._lead
        return True

    def move(self, desk: Desk, point: Point) -> None:
        self._pointer = point
        self._far = self._far or _apart(point, self._pressed) > _DRAG_PX
        if self._drag is not None and self._far:
            self._drag(desk, self._last, point)
            self._last = point

    def release(self, desk: Desk, point: Point) -> None:
        drag, self._drag = self._drag, None
        stroke = self._stroke
        if stroke is not None and stroke.kind is AnnotationKind.INDEX:
            self._index(desk, index_at(desk, point))
        elif stroke is not None and drag is not None and (self._far or stroke.kind in POINTED):
            self._finish(desk, stroke)

    def hover(self, desk: Desk, point: Point) -> None:
        self._pointer = point
        if self._stroke is not None:
            self._stroke = self._stroke.to(desk.place(point).left_um)

    def double(self, desk: Desk, point: Point) -> bool:
        if self._stroke is not None:
            self._close(desk, self._stroke)
            return True
        found = drawn.under(desk, point)
        if found is not None:
            desk.pen.select(found.id, typing=True)
        return True

    def key(self, desk: Desk, event: QKeyEvent) -> bool:
        used = self._key(desk, event)
        self._say(desk)
        return used

    def cursor(self, desk: Desk, point: Point) -> Qt.CursorShape | None:
        self._say(desk)
        held = drawn.selected(desk)
        if held is not None and drawn.handle_under(desk, held, point) is not None:
            return Qt.CursorShape.SizeAllCursor
        if self._stroke is None and drawn.under(desk, point) is not None:
            return Qt.CursorShape.PointingHandCursor
        return Qt.CursorShape.CrossCursor

    def drop(self, desk: Desk) -> None:
        self._stroke = self._drag = None
        self._end_typing(desk)
        desk.pen.select("")

    def paint(self, painter: QPainter, desk: Desk, ratio: float) -> None:
        self._say(desk)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        held = drawn.selected(desk)
        if held is not None and desk.view.annotations:
            for matrix in _seen_in(painter, desk, held, held.side, ratio):
                _paint_held(painter, held, matrix, ratio)
        stroke = self._stroke
        if stroke is not None and stroke.kind is not AnnotationKind.INDEX:
            shape = Annotation(stroke.kind, "left", stroke.outline(), "", 0, desk.pen.colour)
            for matrix in _seen_in(painter, desk, shape, stroke.side, ratio):
                _paint_stroke(painter, shape, matrix, ratio)

    def _take(self, desk: Desk, point: Point) -> bool:
        """Take hold of a handle or an annotation under the point."""
        held = drawn.selected(desk)
        handle = drawn.handle_under(desk, held, point) if held is not None else None
        if handle is not None:
            self._drag = lambda d, before, now: _drag_handle(d, handle, before, now)
            return True
        found = drawn.under(desk, point)
        if found is None:
            return False
        desk.pen.select(found.id)
        self._drag = _drag_whole
        return True

    def _lead(self, desk: Desk, before: Point, now: Point) -> None:
        if self._stroke is not None:
            self._stroke = self._stroke.seen_in(desk).dragged(before, now)

    def _next_corner(self, desk: Desk, point: Point) -> None:
        """A click while corners are being set: one more, or the end."""
        stroke = self._stroke
        if stroke is None:
            return
        stroke = stroke.to(desk.place(point).left_um)
        first = (desk.seen_at(left_um=stroke.points[0]) or [(1e9, 1e9)])[0]
        closes = len(stroke.points) > 3 and _apart(first, point) <= _CLOSE_PX
        if stroke.kind not in OUTLINED:
            self._finish(desk, stroke)
        elif closes:
            self._close(desk, stroke)
        else:
            self._stroke = stroke.cornered()

    def _close(self, desk: Desk, stroke: Stroke) -> None:
        """End an outline at its last corner, without the point that follows the pointer."""
        shorter = replace(stroke, points=stroke.points[:-1]) if stroke.kind in OUTLINED else stroke
        self._finish(desk, shorter)

    def _finish(self, desk: Desk, stroke: Stroke) -> None:
        self._stroke = None
        annotation = stroke.annotation(desk)
        if annotation is None:
            desk.pen.select("")
            return
        desk.end_gesture()
        drawn.add(desk, annotation, typing=stroke.kind in POINTED)
        desk.end_gesture()

    def _index(self, desk: Desk, mark: Annotation) -> None:
        self._stroke = None
        put_index(desk, mark)

    def _insert(self, desk: Desk) -> None:
        """Draw at the pointer, without the mouse; an index mark where up is as seen."""
        middle = ((desk.size[0] - 1) / 2, (desk.size[1] - 1) / 2)
        where = self._pointer or middle
        if desk.pen.kind is AnnotationKind.INDEX:
            self._index(desk, index_up(desk, specimen_of(desk, desk.place(where).side)))
        else:
            self._finish(desk, Stroke.placed(desk, where))

    def _key(self, desk: Desk, event: QKeyEvent) -> bool:
        if desk.pen.typing and drawn.selected(desk) is not None:
            return self._type(desk, event)
        if self._stroke is not None:
            return self._draw_key(desk, self._stroke, event)
        held = drawn.selected(desk)
        if held is not None and _held_key(desk, held, event):
            return True
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Insert:
            self._insert(desk)
        elif key == Qt.Key.Key_Y and not event.modifiers():
            desk.pen.tie(not desk.pen.both)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            drawn.step(desk, 1 if key == Qt.Key.Key_End else -1)
        else:
            return False
        return True

    def _draw_key(self, desk: Desk, stroke: Stroke, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self._stroke = self._drag = None
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._close(desk, stroke)
        elif key == Qt.Key.Key_Backspace:
            self._stroke = stroke.shortened()
        else:
            return False
        return True

    def _type(self, desk: Desk, event: QKeyEvent) -> bool:
        """Write the words of the annotation in hand; keys with Ctrl keep their meaning."""
        held, key = drawn.selected(desk), Qt.Key(event.key())
        if held is None:
            return False
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key == Qt.Key.Key_Escape or (enter and not shift):
            self._end_typing(desk)
        elif enter:
            drawn.write(desk, held.id, held.text + "\n")
        elif key == Qt.Key.Key_Backspace:
            drawn.write(desk, held.id, held.text[:-1])
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._end_typing(desk)
            return False
        elif event.text() and event.text().isprintable():
            drawn.write(desk, held.id, held.text + event.text())
        return True

    def _end_typing(self, desk: Desk) -> None:
        """The words are written; a text without any is no annotation."""
        held = drawn.selected(desk)
        if not desk.pen.typing:
            return
        desk.end_gesture()
        if held is not None and held.kind is AnnotationKind.TEXT and not held.text.strip():
            drawn.remove(desk, held.id)
        else:
            desk.pen.select(desk.pen.selected)

    def _say(self, desk: Desk) -> None:
        """Keep the hint to what the next key or click does."""
        if self._stroke is not None and self._stroke.kind is not desk.pen.kind:
            self._stroke = self._drag = None
        held = drawn.selected(desk)
        if held is not None:
            self.hint = _TYPING if desk.pen.typing else _IN_HAND
        else:
            tied = "on both specimens" if desk.pen.both else "on the specimen under the pointer"
            self.hint = f"{_hint_of(desk.pen.kind)} {tied.capitalize()} (Y). Insert: by keyboard."


def _hint_of(kind: AnnotationKind) -> str:
    how = f"{WORDS[kind].capitalize()}: {_HOW.get(kind, _OUTLINE_HOW)}"
    if kind is AnnotationKind.INDEX:
        return f"{how}; one a specimen."
    return f"{how} ({'G' if kind in SURFACES else 'N'}: next kind)."


def _apart(one: Point, other: Point) -> float:
    return hypot(one[0] - other[0], one[1] - other[1])


def _own_step(desk: Desk, annotation: Annotation, dx_px: float, dy_px: float) -> Point:
    """A movement on the view in micrometres of the annotation's own picture."""
    turned = desk.alignment.rotation_deg if annotation.side == "right" else 0.0
    view = replace(desk.view, view_rotation_deg=desk.view.view_rotation_deg + turned)
    return step_um(view, dx_px, dy_px)


def _drag_whole(desk: Desk, before: Point, now: Point) -> None:
    held = drawn.selected(desk)
    if held is not None:
        step = _own_step(desk, held, now[0] - before[0], now[1] - before[1])
        drawn.change(desk, shifted(held, *step), f"move {held.id}")


def _drag_handle(desk: Desk, handle: int, before: Point, now: Point) -> None:
    held = drawn.selected(desk)
    if held is not None and handle < len(held.points_um):
        dx, dy = _own_step(desk, held, now[0] - before[0], now[1] - before[1])
        x, y = held.points_um[handle]
        drawn.change(desk, with_handle(held, handle, (x + dx, y + dy)), f"reshape {held.id}")


def _held_key(desk: Desk, held: Annotation, event: QKeyEvent) -> bool:
    """What keys do to the annotation in hand."""
    key, modifiers = Qt.Key(event.key()), event.modifiers()
    if key in _ARROWS and not (key in _BESIDE and modifiers & Qt.KeyboardModifier.ControlModifier):
        _move_by_key(desk, held, _ARROWS[key], modifiers)
    elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
        drawn.remove(desk, held.id)
    elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        desk.pen.select(held.id, typing=True)
    elif key == Qt.Key.Key_D and modifiers & Qt.KeyboardModifier.ControlModifier:
        drawn.copy(desk, held.id)
    elif key == Qt.Key.Key_Y and not modifiers:
        drawn.tie(desk, held.id, _NEXT_SIDE[held.side])
    elif key == Qt.Key.Key_Escape:
        desk.pen.select("")
    else:
        return False
    return True


def _move_by_key(desk: Desk, held: Annotation, way: Point, modifiers: Qt.KeyboardModifier) -> None:
    """By a pixel of the screen, ten with Shift, a tenth with Alt; with Ctrl its size."""
    if modifiers & Qt.KeyboardModifier.ControlModifier:
        factor = _LARGER if way[1] < 0 else 1 / _LARGER
        drawn.change(desk, scaled(held, factor), f"size {held.id}")
        return
    step = 10.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
    step = 0.1 if modifiers & Qt.KeyboardModifier.AltModifier else step
    moved_um = _own_step(desk, held, way[0] * step, way[1] * step)
    drawn.change(desk, shifted(held, *moved_um), f"nudge {held.id}")


def _seen_in(
    painter: QPainter, desk: Desk, shape: Annotation, side: drawn.Side, ratio: float
) -> Iterator[Matrix]:
    """The matrices into every pane showing ``side``, with the painter kept to that pane."""
    for pane, plane in drawn.planes(desk, side):
        painter.setClipRect(
            QRectF(pane.x / ratio, pane.y / ratio, pane.width / ratio, pane.height / ratio)
        )
        yield drawn.to_left(desk, shape, plane)
    painter.setClipping(False)


def _paint_held(painter: QPainter, held: Annotation, matrix: Matrix, ratio: float) -> None:
    """Squares on the points that can be dragged; a ring round one that is moved as a whole."""
    painter.setBrush(QColor(12, 12, 12))
    painter.setPen(QPen(QColor(*ACCENT), 1.6))
    if held.kind in POINTED:
        x, y = at(matrix, held.points_um[0])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(QPointF(x / ratio, y / ratio), 9, 9)
        return
    for point in held.points_um:
        x, y = at(matrix, point)
        middle, half = QPointF(x / ratio, y / ratio), _HANDLE_PX
        painter.drawRect(QRectF(middle.x() - half, middle.y() - half, 2 * half, 2 * half))


def _paint_stroke(painter: QPainter, shape: Annotation, matrix: Matrix, ratio: float) -> None:
    points = moved(matrix, outline_um(shape)) / ratio
    spots = [QPointF(float(x), float(y)) for x, y in points]
    line = QPolygonF(spots)
    for colour, width in ((QColor(12, 12, 12), 4.0), (QColor(*colour_of(shape)), 2.0)):
        painter.setPen(QPen(colour, width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if len(points) == 1:
            painter.drawEllipse(spots[0], 5, 5)
        elif shape.kind in CLOSED and shape.kind not in OUTLINED:
            painter.drawPolygon(line)
        else:
            painter.drawPolyline(line)
