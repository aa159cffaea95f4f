"""A picture as large as there is room, with its scale bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets import theme
from widgets.common.images import Shown, fitted, paint_scale_bar, resized, to_image


class PictureView(QWidget):
    """Shows pixels; nothing can be changed."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._pixels: Shown | None = None
        self._image: QImage | None = None
        self._width_um: float | None = None

    @property
    def has_picture(self) -> bool:
        """Whether there is something to see."""
        return self._pixels is not None

    def show_pixels(self, pixels: Shown | None, width_um: float | None) -> None:
        """Show uint8 pixels; ``width_um`` is the picture's whole width where it is known."""
        self._pixels, self._width_um, self._image = pixels, width_um, None
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Small enough for any window."""
        return QSize(200, 160)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._image = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.EVIDENCE))
        if self._pixels is None:
            return
        rows, columns = self._pixels.shape[:2]
        rect = fitted(columns, rows, QRectF(self.rect()))
        if self._image is None:
            ratio = self.devicePixelRatioF()
            size = round(rect.width() * ratio), round(rect.height() * ratio)
            self._image = to_image(resized(self._pixels, *size))
            self._image.setDevicePixelRatio(ratio)
        painter.drawImage(rect.topLeft(), self._image)
        if self._width_um:
            paint_scale_bar(painter, rect, self._width_um / rect.width())
