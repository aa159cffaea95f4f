"""A spot on the live picture: where the light is metered, or what is grey."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.capture.metering import Spot
from widgets import theme
from widgets.acquire.overlay import LiveOverlay, Seen


class SpotOverlay(LiveOverlay):
    """Shown while ``shown``; placed by a click while ``placing`` is given, which hears of it."""

    def __init__(self) -> None:
        self.spot = Spot()
        self.shown = False
        self.placing: Callable[[Spot], None] | None = None

    def paint(self, painter: QPainter, seen: Seen) -> None:
        """A frame around the spot."""
        if not self.shown:
            return
        rows, columns = seen.frame.pixels.shape[:2]
        left, top, right, bottom = self.spot.box(columns, rows)
        corner = seen.to_screen((left - 0.5, top - 0.5))
        box = QRectF(corner, seen.to_screen((right - 0.5, bottom - 0.5)))
        for width, colour in ((3.0, QColor(0, 0, 0, 150)), (1.5, QColor(theme.ACCENT_ON_EVIDENCE))):
            painter.setPen(QPen(colour, width))
            painter.drawRect(box)

    def press(self, seen: Seen, at: QPointF) -> bool:
        """Place it there, where it is to be placed."""
        if self.placing is None or not seen.rect.contains(at):
            return False
        self._place(seen, at)
        return True

    def move(self, seen: Seen, at: QPointF) -> None:
        """It follows the pointer."""
        self._place(seen, at)

    def cursor(self, seen: Seen, at: QPointF) -> Qt.CursorShape | None:
        """A cross where a click places it."""
        return Qt.CursorShape.CrossCursor if self.placing is not None else None

    def _place(self, seen: Seen, at: QPointF) -> None:
        x, y = seen.within(at)
        rows, columns = seen.frame.pixels.shape[:2]
        self.spot = replace(self.spot, x=(x + 0.5) / columns, y=(y + 0.5) / rows)
        if self.placing is not None:
            self.placing(self.spot)
