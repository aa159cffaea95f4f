"""A loupe that follows the pointer and shows both specimens at that place, enlarged."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from app.picture import Mode, ViewState
from app.picture.drawing import ACCENT, DARK, WHITE
from app.picture.view import UM_PER_PX_RANGE, Size
from widgets.compare.desk import Desk
from widgets.compare.desk.setting import Point
from widgets.compare.tools.tool import Overlay

POWERS = (2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
_POWER = 4.0
_SIZE = (440, 220)
_OFF = 28


class Loupe(Overlay):
    """Off until it is turned on; the wheel changes its ``power``."""

    def __init__(self) -> None:
        self.on = False
        self.power = _POWER
        self._kept: tuple[object, QImage] | None = None
        self._pixels: NDArray[np.generic] | None = None

    def turn(self) -> None:
        """On or off."""
        self.on = not self.on
        self._kept = self._pixels = None

    def wheel(self, desk: Desk, turned: float) -> bool:
        if not self.on:
            return False
        index = POWERS.index(self.power) + (1 if turned > 0 else -1)
        self.power = POWERS[min(max(index, 0), len(POWERS) - 1)]
        return True

    def paint(self, painter: QPainter, desk: Desk, ratio: float, pointer: Point | None) -> None:
        if not self.on or pointer is None:
            return
        image = self._image(desk, pointer, ratio)
        room = placed(QPointF(pointer[0] / ratio, pointer[1] / ratio), desk.size, ratio)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawImage(room.topLeft(), image)
        self._draw_frame(painter, room)

    def _image(self, desk: Desk, pointer: Point, ratio: float) -> QImage:
        size = round(_SIZE[0] * ratio), round(_SIZE[1] * ratio)
        view = view_of(desk, pointer, self.power, size)
        key = view, desk.alignment, id(desk.left), id(desk.right), size
        if self._kept is None or self._kept[0] != key:
            # the image does not own its memory
            picture = self._pixels = cv2.cvtColor(desk.picture(size, view), cv2.COLOR_RGB2BGRA)
            stride = picture.strides[0]
            made = QImage(picture.data, *size, stride, QImage.Format.Format_RGB32)
            made.setDevicePixelRatio(ratio)
            self._kept = key, made
        return self._kept[1]

    def _draw_frame(self, painter: QPainter, room: QRectF) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, width in ((QColor(*DARK), 4.0), (QColor(*ACCENT), 1.5)):
            painter.setPen(QPen(colour, width))
            painter.drawRect(room)
        painter.setPen(QPen(QColor(*WHITE, 190), 1.0))
        for share in (0.25, 0.75):
            at = QPointF(room.left() + share * room.width(), room.center().y())
            for way in (QPointF(1, 0), QPointF(-1, 0), QPointF(0, 1), QPointF(0, -1)):
                painter.drawLine(at + way * 4, at + way * 9)
        painter.setPen(QColor(*WHITE))
        painter.drawText(room.adjusted(6, 2, -6, 0), Qt.AlignmentFlag.AlignRight, self._words())

    def _words(self) -> str:
        return f"{self.power:g}×"


def view_of(desk: Desk, pointer: Point, power: float, size: Size) -> ViewState:
    """Both specimens beside each other, the place under the pointer in the middle of each."""
    seen = desk.seen
    um_per_px = max(seen.um_per_px / power, UM_PER_PX_RANGE[0])
    return replace(
        seen,
        mode=Mode.SIDE,
        divider="vertical",
        centre_um=desk.place(pointer).left_um,
        um_per_px=um_per_px,
        seen_px=size,
        cells=False,
        similarity=False,
        annotations=False,
    )


def placed(pointer: QPointF, size: Size, ratio: float) -> QRectF:
    """Beside the pointer, within the view, never under it."""
    width, height = size[0] / ratio, size[1] / ratio
    room = QRectF(pointer.x() + _OFF, pointer.y() + _OFF, *_SIZE)
    if room.right() > width:
        room.moveRight(pointer.x() - _OFF)
    if room.bottom() > height:
        room.moveBottom(pointer.y() - _OFF)
    room.moveLeft(min(max(room.left(), 0.0), max(width - room.width(), 0.0)))
    room.moveTop(min(max(room.top(), 0.0), max(height - room.height(), 0.0)))
    return room
