"""An area outlined on the specimens, by which the pair is then aligned."""

from __future__ import annotations

from math import hypot

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen, QPolygonF

from app.picture.geometry import moved
from app.picture.view import panes, um_to_view
from correlation.outline import Outline
from widgets.compare.desk import Desk
from widgets.compare.desk.setting import Point
from widgets.compare.tools.points import nearest
from widgets.compare.tools.tool import Tool

_GRAB_PX = 10.0
_STEP_PX = 4.0
_MOST = 300
_LEAST_UM = 10.0
_BEGIN = (
    "Outline an area: drag around it, or click its corners; Shift drags a circle. "
    "Esc puts the outline away."
)
_OPEN = "Click the next corner; Enter or a double click closes the outline."
_CLOSED = "Enter or A aligns by this area. Drag inside it to move it, outside it for another."
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LINE, _HALO = QColor("#f0e442"), QColor(0, 0, 0, 200)


class OutlineTool(Tool):
    """Draws one closed area, in micrometres of the left specimen as the pair lies."""

    name = "outline"

    def __init__(self) -> None:
        self.points: tuple[Point, ...] = ()
        self.closed = False
        self._gesture = ""
        self._from: Point = (0.0, 0.0)
        self._start: Point = (0.0, 0.0)
        self._before: tuple[Point, ...] = ()
        self.hint = _BEGIN

    def press(self, desk: Desk, point: Point, modifiers: Qt.KeyboardModifier) -> bool:
        if desk.on_divider(point) and not self.points:
            return False
        where = desk.place(point).left_um
        self._from, self._start, self._before = where, point, self.points
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._begin("circle", ())
        elif self.closed and self._holds(where):
            self._gesture = "move"
        elif self.closed or not self.points:
            self._begin("draw", (where,))
        elif nearest([desk.seen_at(left_um=self.points[0])], point, _GRAB_PX) is not None:
            self._gesture = "close"
        else:
            self.points = (*self.points, where)[-_MOST:]
            self._gesture = "draw"
        self._tell(desk)
        return True

    def move(self, desk: Desk, point: Point) -> None:
        where = desk.place(point).left_um
        dx, dy = where[0] - self._from[0], where[1] - self._from[1]
        if self._gesture == "circle":
            radius = hypot(dx, dy)
            self.points = Outline.disc(self._from, radius).points_um if radius >= _LEAST_UM else ()
        elif self._gesture == "move":
            self.points = tuple((x + dx, y + dy) for x, y in self._before)
        elif self._gesture in ("draw", "freehand"):
            self._drawn(desk, point, where)

    def release(self, desk: Desk, point: Point) -> None:
        if self._gesture == "circle":
            self.closed = bool(self.points)
        elif self._gesture in ("close", "freehand"):
            self._close()
        self._gesture = ""
        self._tell(desk)

    def double(self, desk: Desk, point: Point) -> bool:
        if self.points and not self.closed:
            self._close()
        self._tell(desk)
        return True

    def key(self, desk: Desk, event: QKeyEvent) -> bool:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() in _ENTER:
            if self.closed:
                desk.ask("align area")
            else:
                self._close()
        elif event.key() == Qt.Key.Key_Escape and self.points:
            self.points, self.closed = (), False
        elif event.key() == Qt.Key.Key_Backspace and not self.closed:
            self.points = self.points[:-1]
        else:
            return False
        self._tell(desk)
        return True

    def paint(self, painter: QPainter, desk: Desk, ratio: float) -> None:
        """The outline wherever the specimens' plane is seen: once in each pane."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.points:
            return
        for pane in panes(desk.seen, desk.size):
            seen = moved(um_to_view(desk.seen, pane), np.asarray(self.points, np.float64)) / ratio
            room = (v / ratio for v in (pane.x, pane.y, pane.width, pane.height))
            painter.save()
            painter.setClipRect(QRectF(*room))
            self._draw(painter, QPolygonF([QPointF(x, y) for x, y in seen.tolist()]))
            painter.restore()

    def cursor(self, desk: Desk, point: Point) -> Qt.CursorShape | None:
        if self.closed and self._holds(desk.place(point).left_um):
            return Qt.CursorShape.SizeAllCursor
        return Qt.CursorShape.CrossCursor

    def drop(self, desk: Desk) -> None:
        desk.area = ()  # the desk is being shown anew already

    def _draw(self, painter: QPainter, line: QPolygonF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for pen in (QPen(_HALO, 4.0), QPen(_LINE, 1.8, Qt.PenStyle.DashLine)):
            painter.setPen(pen)
            if self.closed:
                painter.drawPolygon(line)
            else:
                painter.drawPolyline(line)
        painter.setPen(QPen(_HALO, 1.0))
        painter.setBrush(_LINE)
        for corner in line.toList()[:1] if self.closed else line.toList():
            painter.drawEllipse(corner, 3.0, 3.0)

    def _begin(self, gesture: str, points: tuple[Point, ...]) -> None:
        self._gesture, self.points, self.closed = gesture, points, False

    def _drawn(self, desk: Desk, point: Point, where: Point) -> None:
        away = hypot(point[0] - self._start[0], point[1] - self._start[1])
        if away < _STEP_PX or len(self.points) >= _MOST:
            return
        self._gesture, self._start = "freehand", point
        self.points = (*self.points, where)

    def _close(self) -> None:
        self.closed = len(self.points) >= 3
        if not self.closed:
            self._gesture = ""

    def _holds(self, where: Point) -> bool:
        polygon = QPolygonF([QPointF(x, y) for x, y in self.points])
        return bool(polygon.containsPoint(QPointF(*where), Qt.FillRule.OddEvenFill))

    def _tell(self, desk: Desk) -> None:
        """What comes next; the desk knows of a closed area, so that A aligns by it."""
        desk.set_area(self.points if self.closed else ())
        if self.closed:
            held = Outline(self.points).area_um2 / 1e6
            self.hint = f"{held:.2f} mm² outlined. {_CLOSED}"
        else:
            self.hint = _OPEN if self.points else _BEGIN
