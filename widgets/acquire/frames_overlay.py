"""Over the live picture: the picture made of frames, and where the last field lies now."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.capture import Frame, Pixels
from widgets import theme
from widgets.acquire.overlay import LiveOverlay, Seen
from widgets.common.images import fitted, paint_scale_bar, paint_words, resized, to_image

_LARGEST_PX = 1600
_GHOST_PX = 480


class MadeOverlay(LiveOverlay):
    """Covers the live picture with the one made, until it is kept or put back."""

    def __init__(self) -> None:
        self._image: QImage | None = None
        self._pixels: Pixels | None = None
        self._pixel_um: float | None = None
        self._words = ""

    def show(self, pixels: Pixels | None, words: str, pixel_um: float | None = None) -> None:
        """Show these pixels (``pixel_um`` is one of theirs), or nothing; the same ones again
        cost nothing."""
        self._words, self._pixel_um = words, pixel_um
        if pixels is not self._pixels:
            self._pixels = pixels
            self._image = None if pixels is None else _image(pixels, _LARGEST_PX)
        self.covers = pixels is not None

    def paint(self, painter: QPainter, seen: Seen) -> None:
        if self._image is None or self._pixels is None:
            return
        room = QRectF(painter.viewport())
        painter.fillRect(seen.rect.adjusted(-2, -2, 2, 2), QColor(theme.EVIDENCE))
        alike = self._pixels.shape[:2] == seen.frame.pixels.shape[:2]
        inner = seen.rect.intersected(room)
        place = seen.rect if alike else fitted(self._image.width(), self._image.height(), inner)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        shown = place.intersected(room)
        if self._pixel_um:
            columns = self._pixels.shape[1]
            paint_scale_bar(painter, shown, self._pixel_um * columns / max(place.width(), 1.0))
        paint_words(painter, shown.topLeft() + QPointF(16, 26), self._words)


class GhostOverlay(LiveOverlay):
    """The last field where it lies now, half seen through, with its edge."""

    def __init__(self) -> None:
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self._moved = (0.0, 0.0)

    def show(self, frame: Frame | None, moved: tuple[float, float]) -> None:
        """``moved`` is how far what it shows went since (shares of the view's width, height)."""
        self._moved = moved
        if frame is self._frame:
            return
        self._frame = frame
        self._image = None if frame is None else _image(frame.pixels, _GHOST_PX)

    def paint(self, painter: QPainter, seen: Seen) -> None:
        if self._image is None:
            return
        x, y = self._moved
        if max(abs(x), abs(y)) >= 1.0:
            return
        rect = seen.rect.translated(x * seen.rect.width(), y * seen.rect.height())
        painter.setClipRect(seen.rect)
        if max(abs(x), abs(y)) > 0.01:
            painter.setOpacity(0.35)
            painter.drawImage(rect, self._image)
            painter.setOpacity(1.0)
        painter.setPen(QPen(QColor(theme.ACCENT_ON_EVIDENCE), 2, Qt.PenStyle.DashLine))
        painter.drawRect(rect.adjusted(1, 1, -1, -1))


def _image(pixels: Pixels, largest: int) -> QImage:
    factor = max(pixels.shape[:2]) / largest
    rows, columns = (max(round(n / max(factor, 1.0)), 1) for n in pixels.shape[:2])
    return to_image(resized(pixels, columns, rows))
