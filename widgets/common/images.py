"""Arrays made into pictures for painting; only what is shown is changed, never the evidence."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPen

from widgets import theme

Shown = NDArray[np.uint8]
_STEPS_UM = tuple(f * 10.0**e for e in range(-1, 5) for f in (1, 2, 5))


def to_image(pixels: Shown) -> QImage:
    """A QImage of its own from uint8 grey (rows, columns) or RGB (rows, columns, 3)."""
    pixels = np.ascontiguousarray(pixels)
    rows, columns = pixels.shape[:2]
    kind = QImage.Format.Format_RGB888 if pixels.ndim == 3 else QImage.Format.Format_Grayscale8
    return QImage(pixels.data, columns, rows, pixels.strides[0], kind).copy()


def resized(pixels: NDArray[Any], width: int, height: int) -> Shown:
    """A copy of exactly this size in 8 bits, averaged where it gets smaller."""
    rows, columns = pixels.shape[:2]
    smaller = width < columns or height < rows
    how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
    small = cv2.resize(pixels, (max(width, 1), max(height, 1)), interpolation=how)
    if small.dtype == np.uint16:
        small = small // 256
    return np.asarray(small, np.uint8)


def fitted(columns: int, rows: int, room: QRectF) -> QRectF:
    """The largest rectangle of a picture's proportions in the middle of ``room``."""
    factor = min(room.width() / max(columns, 1), room.height() / max(rows, 1))
    width, height = columns * factor, rows * factor
    return QRectF(room.center().x() - width / 2, room.center().y() - height / 2, width, height)


def bar_um(um_per_px: float, room_px: float) -> float:
    """The longest round length that fits."""
    fitting = [step for step in _STEPS_UM if step / um_per_px <= room_px]
    return fitting[-1] if fitting else _STEPS_UM[0]


def length_words(um: float) -> str:
    """0.5 mm, 20 µm."""
    return f"{um / 1000:g} mm" if um >= 100 else f"{um:g} µm"


def paint_scale_bar(painter: QPainter, inside: QRectF, um_per_px: float) -> None:
    """A bar with its length at the lower left of ``inside``; ``um_per_px`` is on the screen."""
    length = bar_um(um_per_px, inside.width() * 0.25)
    left, bottom = inside.left() + 16, inside.bottom() - 16
    line = QRectF(left, bottom - 4, length / um_per_px, 4)
    painter.fillRect(line.adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 170))
    painter.fillRect(line, QColor(theme.ON_EVIDENCE))
    paint_words(painter, QPointF(left, bottom - 10), length_words(length))


def paint_words(painter: QPainter, at: QPointF, text: str, colour: str = theme.ON_EVIDENCE) -> None:
    """One line that can be read on any picture."""
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold)
    painter.setFont(font)
    painter.setPen(QPen(QColor(0, 0, 0, 200)))
    for dx, dy in ((1, 1), (-1, 1), (1, -1), (-1, -1)):
        painter.drawText(at + QPointF(dx, dy), text)
    painter.setPen(QPen(QColor(colour)))
    painter.drawText(at, text)


def smooth(painter: QPainter) -> None:
    """Lines without steps."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
