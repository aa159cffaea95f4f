"""Marks of a calibration over the live picture, and two points set by dragging."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from widgets import theme
from widgets.acquire.overlay import LiveOverlay, Seen

Segment = tuple[float, float, float, float]
Spot = tuple[float, float]
Pointed = Callable[[Spot, Spot, float], None]
"""Two points of the picture (pixels), and how many of its pixels one of the screen is."""


class Pointing(LiveOverlay):
    """While ``pointed`` is given, a drag sets two points, which it is called with."""

    def __init__(self) -> None:
        self.marks: tuple[Segment, ...] = ()
        self.pointed: Pointed | None = None
        self._first: Spot | None = None

    def paint(self, painter: QPainter, seen: Seen) -> None:
        """The marks as lines; a point, whose ends are alike, as a ring."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ACCENT_ON_EVIDENCE), 1.5))
        for x, y, end_x, end_y in self.marks:
            start = seen.to_screen((x, y))
            painter.drawLine(QLineF(start, seen.to_screen((end_x, end_y))))
            if (x, y) == (end_x, end_y):
                painter.drawEllipse(start, 4, 4)

    def press(self, seen: Seen, at: QPointF) -> bool:
        """The first point, where two are wanted."""
        if self.pointed is None:
            return False
        self._first = seen.within(at)
        return True

    def move(self, seen: Seen, at: QPointF) -> None:
        """The line so far."""
        if self._first is not None:
            self.marks = ((*self._first, *seen.within(at)),)

    def release(self, seen: Seen, at: QPointF) -> None:
        """The second point."""
        first, self._first = self._first, None
        if first is not None and self.pointed is not None:
            self.pointed(first, seen.within(at), seen.px)

    def cursor(self, seen: Seen, at: QPointF) -> Qt.CursorShape | None:
        """A cross while two points are wanted."""
        return Qt.CursorShape.CrossCursor if self.pointed is not None else None
