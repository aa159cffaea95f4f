"""The live picture: each frame drawn once, scaled for the screen only."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.capture import Frame
from widgets import theme
from widgets.common.images import Shown, fitted, paint_scale_bar, paint_words, resized, to_image

_CLIPPED = (232, 163, 61)


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
            painter.setPen(QColor(theme.DIM))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(40, 40, -40, -40), flags, self._words)
            return
        rows, columns = frame.pixels.shape[:2]
        rect = fitted(columns, rows, QRectF(self.rect()))
        painter.drawImage(rect.topLeft(), self._scaled(frame, rect))
        if self._dimmed:
            painter.fillRect(rect, QColor(0, 0, 0, 150))
        if self._pixel_um:
            paint_scale_bar(painter, rect, self._pixel_um * columns / rect.width())
        word = self._dimmed or ("FROZEN  (F lets it live)" if self._frozen else "")
        if word:
            paint_words(painter, rect.topLeft() + QPointF(16, 26), word, theme.AMBER)

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
