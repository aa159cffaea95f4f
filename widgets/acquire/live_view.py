"""The live picture: each frame drawn once, scaled for the screen only."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.capture import Frame
from widgets import theme
from widgets.common.images import Shown, fitted, paint_scale_bar, paint_words, resized, to_image

_CLIPPED = (232, 163, 61)
Segment = tuple[float, float, float, float]
Spot = tuple[float, float]
Pointed = Callable[[Spot, Spot, float], None]
"""Two points of the picture (pixels), and how many of its pixels one of the screen is."""


class LiveView(QWidget):
    """Shows the frame it was given last; clipped pixels are amber on the screen only."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("live_view")
        self.setAccessibleName("Live picture")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.frames_drawn = 0
        self._frame: Frame | None = None
        self._image: QImage | None = None
        self._pixel_um: float | None = None
        self._words = self._dimmed = ""
        self._frozen = self._mark_clipped = False
        self._marks: tuple[Segment, ...] = ()
        self._pointed: Pointed | None = None
        self._first: QPointF | None = None

    @property
    def frame(self) -> Frame | None:
        """The frame seen."""
        return self._frame

    def show_frame(self, frame: Frame | None) -> None:
        """Show a frame; the same one again costs nothing."""
        if frame is self._frame:
            return
        self._frame, self._image = frame, None
        self.update()

    def show_state(
        self, *, pixel_um: float | None, words: str, dimmed: str, frozen: bool, clipped: bool
    ) -> None:
        """``words`` stand where no frame is; ``dimmed`` over a last frame that is not live."""
        state = (pixel_um, words, dimmed, frozen, clipped)
        before = (self._pixel_um, self._words, self._dimmed, self._frozen, self._mark_clipped)
        if state == before:
            return
        if clipped != self._mark_clipped:
            self._image = None
        self._pixel_um, self._words, self._dimmed = pixel_um, words, dimmed
        self._frozen, self._mark_clipped = frozen, clipped
        self.update()

    def show_marks(self, marks: tuple[Segment, ...]) -> None:
        """Draw these segments over the picture (its pixels; a point has both ends alike)."""
        self._marks = marks
        self.update()

    def point_with(self, pointed: Pointed | None) -> None:
        """While given, dragging on the picture sets two points, which it is called with."""
        self._pointed, self._first = pointed, None
        if pointed is None:
            self.unsetCursor()
        else:
            self.setCursor(Qt.CursorShape.CrossCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if self._pointed is not None and self._frame is not None:
            self._first = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        if self._first is not None:
            self.show_marks(((*self._spot(self._first), *self._spot(event.position())),))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        first, self._first = self._first, None
        if first is not None and self._pointed is not None and self._frame is not None:
            coarse = self._frame.pixels.shape[1] / max(self._place(self._frame).width(), 1)
            self._pointed(self._spot(first), self._spot(event.position()), coarse)

    def _place(self, frame: Frame) -> QRectF:
        rows, columns = frame.pixels.shape[:2]
        return fitted(columns, rows, QRectF(self.rect()))

    def _spot(self, at: QPointF) -> Spot:
        """Where a point of the screen is in the picture, from the first pixel's centre."""
        assert self._frame is not None
        rect = self._place(self._frame)
        scale = self._frame.pixels.shape[1] / max(rect.width(), 1)
        rows, columns = self._frame.pixels.shape[:2]
        x = (at.x() - rect.left()) * scale - 0.5
        y = (at.y() - rect.top()) * scale - 0.5
        return min(max(x, 0.0), columns - 1.0), min(max(y, 0.0), rows - 1.0)

    def minimumSizeHint(self) -> QSize:
        """Small enough for any window."""
        return QSize(320, 240)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._image = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.EVIDENCE))
        frame = self._frame
        if frame is None:
            painter.setPen(QColor(theme.DIM_ON_EVIDENCE))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(40, 40, -40, -40), flags, self._words)
            return
        columns = frame.pixels.shape[1]
        rect = self._place(frame)
        painter.drawImage(rect.topLeft(), self._scaled(frame, rect))
        self._paint_marks(painter, rect, rect.width() / columns)
        if self._dimmed:
            painter.fillRect(rect, QColor(0, 0, 0, 150))
        if self._pixel_um:
            paint_scale_bar(painter, rect, self._pixel_um * columns / rect.width())
        word = self._dimmed or ("FROZEN  (F lets it live)" if self._frozen else "")
        if word:
            paint_words(painter, rect.topLeft() + QPointF(16, 26), word, theme.AMBER_ON_EVIDENCE)

    def _paint_marks(self, painter: QPainter, rect: QRectF, scale: float) -> None:
        if not self._marks:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.ACCENT_ON_EVIDENCE), 1.5))
        for x, y, end_x, end_y in self._marks:
            start, end = (
                rect.topLeft() + QPointF(a + 0.5, b + 0.5) * scale
                for a, b in ((x, y), (end_x, end_y))
            )
            painter.drawLine(QLineF(start, end))
            if (x, y) == (end_x, end_y):
                painter.drawEllipse(start, 4, 4)

    def _scaled(self, frame: Frame, rect: QRectF) -> QImage:
        if self._image is None:
            ratio = self.devicePixelRatioF()
            size = max(round(rect.width() * ratio), 1), max(round(rect.height() * ratio), 1)
            small = resized(frame.pixels, *size)
            self._image = to_image(_marked(small) if self._mark_clipped else small)
            self._image.setDevicePixelRatio(ratio)
            self.frames_drawn += 1
        return self._image


def _marked(pixels: Shown) -> Shown:
    """The copy for the screen with what is at full scale in amber."""
    clipped = (pixels >= 254) if pixels.ndim == 2 else (pixels >= 254).any(axis=2)
    if not clipped.any():
        return pixels
    colour = pixels.copy() if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2)
    colour[clipped] = _CLIPPED
    return colour
