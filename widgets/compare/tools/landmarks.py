"""Two or more points on each specimen; the right one is laid so that they meet."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeyEvent, QPainter

from app.domain import CaseheadError
from app.workbench import Aligned, by_landmarks
from widgets.compare.desk import Desk
from widgets.compare.desk.setting import Point, Specimen
from widgets.compare.tools.markers import draw_marker
from widgets.compare.tools.points import Placed, nearest
from widgets.compare.tools.tool import Tool

_GRAB_PX = 12.0
_BEGIN = (
    "Click the same place on both specimens, two places or more far apart. "
    "Backspace takes the last point back, Esc puts the landmarks away."
)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class LandmarksTool(Tool):
    """Places, drags and takes back numbered points; Enter lays the right specimen by them.

    Where both specimens are seen at one place, points go to the left and the right in turn.
    """

    name = "landmarks"

    def __init__(self) -> None:
        self.placed = Placed()
        self._held: int | None = None
        self._applied = False
        self.hint = _BEGIN

    def press(self, desk: Desk, point: Point, modifiers: Qt.KeyboardModifier) -> bool:
        """On a point: take it; elsewhere a new one, unless it is the dividing line."""
        found = nearest(self._seen(desk), point, _GRAB_PX)
        if found is None or self._awaits_other(desk, point, found):
            if desk.on_divider(point):
                return False
            before = self.placed
            self._add(desk, point)
            found = len(self.placed.points) - 1 if self.placed is not before else None
        self._held = found
        self._tell()
        return True

    def move(self, desk: Desk, point: Point) -> None:
        if self._held is None:
            return
        place = desk.place(point)
        side = self.placed.points[self._held][0]
        where = place.left_um if side == "left" else place.right_um
        self.placed = self.placed.moved(self._held, where)
        self._applied = False
        self._tell()

    def release(self, desk: Desk, point: Point) -> None:
        self._held = None

    def double(self, desk: Desk, point: Point) -> bool:
        """Two quick clicks are two clicks on one point."""
        return True

    def key(self, desk: Desk, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() == Qt.Key.Key_Backspace:
            self.placed = self.placed.without_last()
            self._held, self._applied = None, False
            self._tell()
            return True
        if event.key() in _ENTER:
            self.apply(desk)
            return True
        return False

    def apply(self, desk: Desk) -> None:
        """Lay the right specimen by the points, or say what is missing."""
        found = self.found
        if isinstance(found, Aligned):
            desk.end_gesture()
            desk.set_alignment(found.alignment)
            self._applied = True
            self._tell()
        else:
            self.hint = found

    @property
    def found(self) -> Aligned | str:
        """What the points tell, or why they tell nothing."""
        try:
            return by_landmarks(self.placed.pairs)
        except CaseheadError as error:
            return str(error)

    def paint(self, painter: QPainter, desk: Desk, ratio: float) -> None:
        at_once = desk.place((desk.size[0] / 2, desk.size[1] / 2)).side == "both"
        for index, places in enumerate(self._seen(desk)):
            side, number = self.placed.points[index][0], self.placed.number(index)
            label = f"{number} {side}" if at_once else str(number)
            for x, y in places:
                at = QPointF(x / ratio, y / ratio)
                draw_marker(painter, at, number, label, dashed=at_once and side == "right")

    def cursor(self, desk: Desk, point: Point) -> Qt.CursorShape | None:
        if nearest(self._seen(desk), point, _GRAB_PX) is not None:
            return Qt.CursorShape.SizeAllCursor
        return None if desk.on_divider(point) else Qt.CursorShape.CrossCursor

    def _seen(self, desk: Desk) -> list[list[Point]]:
        """Where each point is seen now."""
        return [
            desk.seen_at(left_um=where) if side == "left" else desk.seen_at(right_um=where)
            for side, where in self.placed.points
        ]

    def _awaits_other(self, desk: Desk, point: Point, index: int) -> bool:
        """Whether a click on a point is its counterpart, which is seen at the same place."""
        lone = self.placed.number(index) > len(self.placed.pairs)
        return lone and desk.place(point).side == "both"

    def _add(self, desk: Desk, point: Point) -> None:
        place = desk.place(point)
        side: Specimen = self.placed.wanted if place.side == "both" else place.side
        where = place.left_um if side == "left" else place.right_um
        self.placed = self.placed.added(side, where)
        self._applied = False

    def _tell(self) -> None:
        """Say what comes next, or how well the points lie on each other."""
        left, right = len(self.placed.of("left")), len(self.placed.of("right"))
        if not self.placed.points:
            self.hint = _BEGIN
        elif left != right:
            side = "right" if left > right else "left"
            number = min(left, right) + 1
            self.hint = f"Point {number}: click the same place on the {side} specimen."
        elif left == 1:
            self.hint = "One point on both. Click another place far from it, on both."
        else:
            self.hint = self._figures(left)

    def _figures(self, count: int) -> str:
        """How well the points lie on each other, in as few words as there is room for."""
        found = self.found
        if not isinstance(found, Aligned) or found.landmarks is None:
            return str(found)
        told = found.landmarks
        words = f"{count} points, {told.rms_um:.1f} µm apart, distances {told.distance_ratio:.3f}."
        if told.differs:
            way = "longer" if told.distance_ratio > 1 else "shorter"
            percent = abs(told.distance_ratio - 1)
            words += f" Left ones are {percent:.1%} {way}: check points and pixel sizes."
        end = "Aligned by them." if self._applied else "Enter aligns by them."
        return f"{words} {end}"
