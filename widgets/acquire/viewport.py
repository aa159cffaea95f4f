"""Which part of the live picture is seen, and how large."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSizeF

from widgets.common.images import fitted

LARGEST = 16.0
"""Screen pixels for one of the picture, at most."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """``zoom`` is screen pixels per pixel of the picture, None fits the whole of it; ``middle`` is
    the point of the picture in the middle, as shares of its width and height."""

    zoom: float | None = None
    middle: tuple[float, float] = (0.5, 0.5)

    def rect(self, columns: int, rows: int, room: QSizeF) -> QRectF:
        """Where the whole picture lies in a widget of that size."""
        inside = QRectF(0, 0, room.width(), room.height())
        if self.zoom is None:
            return fitted(columns, rows, inside)
        width, height = columns * self.zoom, rows * self.zoom
        x = _settled(room.width() / 2 - self.middle[0] * width, width, room.width())
        y = _settled(room.height() / 2 - self.middle[1] * height, height, room.height())
        return QRectF(x, y, width, height)

    def zoomed(self, factor: float, at: QPointF, columns: int, rows: int, room: QSizeF) -> Viewport:
        """Larger or smaller about a point of the widget; as small as fits is fitted."""
        before = self.rect(columns, rows, room)
        least = fitted(columns, rows, QRectF(0, 0, room.width(), room.height())).width() / columns
        zoom = min(before.width() / columns * factor, LARGEST)
        return self if zoom <= 0 else self.at(zoom, least, at, before, room)

    def at(self, zoom: float, least: float, at: QPointF, before: QRectF, room: QSizeF) -> Viewport:
        """The point of the picture under ``at`` stays there."""
        if zoom <= least * 1.001:
            return Viewport()
        share = at - before.topLeft()
        scale = zoom / (self.zoom or least)
        left_top = at - share * scale
        width, height = before.width() * scale, before.height() * scale
        middle = QPointF(room.width() / 2, room.height() / 2) - left_top
        return Viewport(zoom, (middle.x() / width, middle.y() / height))._kept(width, height, room)

    def moved(self, by: QPointF, columns: int, rows: int, room: QSizeF) -> Viewport:
        """Dragged so far on the screen; the picture never leaves it."""
        if self.zoom is None:
            return self
        width, height = columns * self.zoom, rows * self.zoom
        x, y = self.middle[0] - by.x() / width, self.middle[1] - by.y() / height
        return replace(self, middle=(x, y))._kept(width, height, room)

    def _kept(self, width: float, height: float, room: QSizeF) -> Viewport:
        spare_x, spare_y = room.width() / 2 / width, room.height() / 2 / height
        x, y = self.middle
        return replace(self, middle=(_within(x, spare_x), _within(y, spare_y)))


def _within(share: float, spare: float) -> float:
    return 0.5 if spare >= 0.5 else min(max(share, spare), 1 - spare)


def _settled(start: float, length: float, room: float) -> float:
    """Covers the room where it is larger, else in its middle."""
    return (room - length) / 2 if length <= room else min(max(start, room - length), 0.0)
