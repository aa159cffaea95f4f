"""What the measuring tools have in common: ends are set, dragged by their rings, and nudged.

Nothing snaps: an end lies where it was put.
"""

from __future__ import annotations

from math import hypot

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from app.picture.measure import Kind, Measurement, Spot, on_right
from app.picture.view import step_um
from widgets.compare.desk import Desk
from widgets.compare.desk.measures import restepped
from widgets.compare.desk.setting import Point
from widgets.compare.desk.tracks import tracks
from widgets.compare.tools.tool import Tool

GRIP_PX = 9.0
_DRAG_PX = 4.0
_BESIDE_PX = 60.0
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_KEYS_HINT = "Insert sets an end by keyboard, arrows move it, Enter finishes, Esc clears."


class MeasuringTool(Tool):
    """Draws measurements of one ``kind``."""

    kind = Kind.DISTANCE

    def __init__(self) -> None:
        self._end = -1
        self._held = False
        self._pressed: Point = (0.0, 0.0)
        self._pointer: Point | None = None

    def press(self, desk: Desk, point: Point, modifiers: Qt.KeyboardModifier) -> bool:
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            return False
        self._pressed, self._held = point, True
        if self._closes(desk, point):
            desk.measures.finish()
            self._held = False
        elif not self._grip(desk, point):
            self._set(desk, point)
        return True

    def move(self, desk: Desk, point: Point) -> None:
        self._pointer = point
        drawing = desk.measures.drawing
        if not self._held or drawing is None:
            return
        far = hypot(point[0] - self._pressed[0], point[1] - self._pressed[1]) > _DRAG_PX
        if len(drawing.spots) == 1 and self._end == 0:
            if not far:
                return
            # the first drag makes the first two ends
            self._end = 1
            drawing = drawing.with_spot(self._spot(desk, point))
        desk.measures.draw(drawing.moved(self._end, self._spot(desk, point)))

    def release(self, desk: Desk, point: Point) -> None:
        drawing = desk.measures.drawing
        self._held = False
        if drawing is not None and (
            len(drawing.spots) == self.kind.holds or desk.measures.redrawing
        ):
            desk.measures.finish()

    def hover(self, desk: Desk, point: Point) -> None:
        self._pointer = point
        drawing = desk.measures.drawing
        if drawing is not None and not desk.measures.redrawing:
            desk.measures.draw(drawing, self._spot(desk, point))

    def double(self, desk: Desk, point: Point) -> bool:
        """The second press of a double click: an end like any other, and the last of an area."""
        if desk.measures.drawing is not None:
            desk.measures.finish()
        return True

    def key(self, desk: Desk, event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            return False
        if key in _ARROWS:
            return self._nudge(desk, _ARROWS[key], event.modifiers())
        drawing = desk.measures.drawing
        if key == Qt.Key.Key_Insert:
            self._insert(desk)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self._other_end(desk, 1 if key == Qt.Key.Key_End else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and drawing is not None:
            desk.measures.finish()
        elif key == Qt.Key.Key_Backspace and drawing is not None:
            self._take_back(desk, drawing)
        elif key == Qt.Key.Key_Delete and drawing is None and desk.measures.chosen >= 0:
            desk.measures.remove(desk.measures.chosen)
        elif key == Qt.Key.Key_Escape:
            return self._escape(desk)
        else:
            return False
        return True

    def cursor(self, desk: Desk, point: Point) -> Qt.CursorShape | None:
        if self._found_grip(desk, point) is not None:
            return Qt.CursorShape.SizeAllCursor
        return Qt.CursorShape.CrossCursor

    def drop(self, desk: Desk) -> None:
        desk.measures.let_go()

    def _spot(self, desk: Desk, point: Point) -> Spot:
        """The place under a point, on the specimen seen there."""
        place = desk.place(point)
        return Spot(place.side, place.right_um if place.side == "right" else place.left_um)

    def _set(self, desk: Desk, point: Point) -> None:
        """One end more, or the first of another measurement."""
        drawing = desk.measures.drawing or Measurement(self.kind, ())
        drawing = drawing.with_spot(self._spot(desk, point))
        self._end = len(drawing.spots) - 1
        desk.measures.draw(drawing)

    def _grip(self, desk: Desk, point: Point) -> bool:
        found = self._found_grip(desk, point)
        if found is None:
            return False
        index, self._end = found
        if index >= 0:
            desk.measures.take(index)
        return True

    def _found_grip(self, desk: Desk, point: Point) -> tuple[int, int] | None:
        """The nearest end of a measurement of this kind in reach, the one in hand as -1."""
        measures = desk.measures
        if measures.drawing is not None:
            reachable = [(-1, measures.drawing)]
        else:
            reachable = [(i, m) for i, m in enumerate(measures.items) if m.kind is self.kind]
        near = [
            (hypot(x - point[0], y - point[1]), index, end)
            for index, measurement in reachable
            for track in tracks(desk, measurement)
            for end, (x, y) in enumerate(track.points)
        ]
        least = min(near, default=None)
        return least[1:] if least is not None and least[0] <= GRIP_PX else None

    def _closes(self, desk: Desk, point: Point) -> bool:
        """Whether a press on the first corner of an area ends it."""
        drawing = desk.measures.drawing
        if self.kind is not Kind.AREA or drawing is None or not drawing.complete:
            return False
        return self._found_grip(desk, point) == (-1, 0)

    def _insert(self, desk: Desk) -> None:
        """An end by keyboard: at the pointer or in the middle, a further one beside the last."""
        drawing = desk.measures.drawing
        if drawing is None:
            middle = ((desk.size[0] - 1) / 2, (desk.size[1] - 1) / 2)
            self._set(desk, self._pointer or middle)
        elif len(drawing.spots) < self.kind.holds:
            dx, dy = step_um(desk.view, *self._beside(len(drawing.spots)))
            self._end = len(drawing.spots)
            with_spot = drawing.with_spot(drawing.spots[-1])
            desk.measures.draw(restepped(with_spot, self._end, *_turned(desk, with_spot, dx, dy)))

    def _beside(self, count: int) -> Point:
        return ((_BESIDE_PX, 0.0), (0.0, _BESIDE_PX), (-_BESIDE_PX, 0.0))[(count - 1) % 3]

    def _nudge(self, desk: Desk, way: tuple[int, int], modifiers: Qt.KeyboardModifier) -> bool:
        """Move the end in hand by a pixel of the screen, ten with Shift, a tenth with Alt."""
        measures = desk.measures
        drawing = measures.drawing
        target = drawing if drawing is not None else measures.chosen_one
        if target is None or target.kind is not self.kind:
            return False
        factor = 10.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1.0
        factor = 0.1 if modifiers & Qt.KeyboardModifier.AltModifier else factor
        end = self._end if 0 <= self._end < len(target.spots) else len(target.spots) - 1
        dx, dy = step_um(desk.view, way[0] * factor, way[1] * factor)
        moved = restepped(target, end, *_turned(desk, target, dx, dy, end))
        if drawing is not None:
            measures.draw(moved)
        else:
            measures.change(measures.chosen, moved)
        return True

    def _other_end(self, desk: Desk, step: int) -> None:
        target = desk.measures.drawing or desk.measures.chosen_one
        if target is not None and target.spots:
            self._end = (self._end + step) % len(target.spots)

    def _take_back(self, desk: Desk, drawing: Measurement) -> None:
        """Without its last end."""
        if len(drawing.spots) == 1 or desk.measures.redrawing:
            desk.measures.let_go()
            return
        shorter = Measurement(self.kind, drawing.spots[:-1])
        self._end = len(shorter.spots) - 1
        desk.measures.draw(shorter)

    def _escape(self, desk: Desk) -> bool:
        """Clear what is being drawn, then what is chosen; after that the tool is put away."""
        self._held = False
        if desk.measures.drawing is not None:
            desk.measures.let_go()
        elif desk.measures.chosen >= 0:
            desk.measures.choose(-1)
        else:
            return False
        return True


def _turned(
    desk: Desk, measurement: Measurement, dx_um: float, dy_um: float, end: int = -1
) -> Point:
    """A step in the left specimen's plane as one of the end's own specimen."""
    if measurement.spots[end].where != "right":
        return dx_um, dy_um
    x0, y0 = on_right(Spot("left", (0.0, 0.0)), desk.alignment)
    x1, y1 = on_right(Spot("left", (dx_um, dy_um)), desk.alignment)
    return x1 - x0, y1 - y0


def hint(how: str) -> str:
    """How a tool is used with the mouse, and then by keyboard."""
    return f"{how} {_KEYS_HINT}"
