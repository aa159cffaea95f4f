"""The evidence: shows what the desk draws and turns mouse and wheel into its operations."""

from __future__ import annotations

import math
from collections.abc import Callable
from time import perf_counter

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.picture import Mode, alignment_sentence
from app.picture.drawing import ACCENT
from app.picture.view import divider_ends
from widgets.compare.desk import Desk, Point
from widgets.compare.desk.noting import flag_plate
from widgets.compare.tools import TOOLS, Overlay, Tool
from widgets.compare.view.flag import paint_flag
from widgets.compare.view.pace import REST_MS, Pace

_WHEEL_STEP = 1.15
_HELD: dict[Qt.Key, Callable[[Desk, bool], None]] = {
    Qt.Key.Key_Space: Desk.hold_blink,
    Qt.Key.Key_B: Desk.hold_original,
    Qt.Key.Key_Q: Desk.hold_sweep,
}
"""What lasts as long as its key is down."""


class Canvas(QWidget):
    """A pair in the view.

    ``on_key`` gets every key but Space first (Tab would otherwise move the focus on its way up)
    and says whether it was used.
    """

    def __init__(self, on_key: Callable[[QKeyEvent], bool]) -> None:
        super().__init__()
        self._on_key = on_key
        self.setObjectName("compare_canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Comparison view")
        self._desk: Desk | None = None
        self._image: QImage | None = None
        self._picture: NDArray[np.generic] | None = None
        self._drag: Callable[[Point, Point], None] | None = None
        self._last: Point = (0.0, 0.0)
        self._pointer: Point | None = None
        self._hover = False
        self._tool = Tool()
        self._overlays: list[Overlay] = []
        self.pointed: Callable[[Point | None], None] = lambda _point: None
        self._pace = Pace()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(REST_MS)
        self._rest.timeout.connect(self._rested)
        self._blink = QTimer(self)
        self._blink.timeout.connect(self._tick)

    @property
    def tool(self) -> Tool:
        """What is in hand."""
        return self._tool

    def add_overlay(self, overlay: Overlay) -> None:
        """Draw something over the picture from now on."""
        self._overlays.append(overlay)

    def set_desk(self, desk: Desk | None) -> None:
        """Show this pair."""
        self._desk = desk
        self._drag = None
        self._tool = Tool()
        if desk is not None:
            desk.resize(self._size_px())
        self.refresh()

    def refresh(self) -> None:
        """What is shown has changed; it is drawn once, at the next paint."""
        self._image = None
        self._keep_blinking()
        self._keep_tool()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Small enough for any window."""
        return QSize(320, 200)

    def focusNextPrevChild(self, _forward: bool) -> bool:
        """Tab goes to the next candidate while the picture has the focus."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._desk is not None:
            self._desk.resize(self._size_px())

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._desk is None:
            painter.fillRect(self.rect(), self.palette().window())
            return
        self._desk.resize(self._size_px())
        if self._image is None:
            self._image = self._drawn(self._desk)
        ratio = self.devicePixelRatioF()
        whole = QRectF(0, 0, self._desk.size[0] / ratio, self._desk.size[1] / ratio)
        enlarged = self._image.width() != self._desk.size[0]
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, enlarged)
        painter.drawImage(whole, self._image)
        self._paint_handle(painter, self._desk)
        self._paint_over(painter, self._desk)
        self._paint_alignment(painter, self._desk)
        self._paint_hint(painter)
        below_hint = 44.0 if self._tool.hint else 10.0
        paint_flag(painter, flag_plate(self._desk), self.width(), below_hint)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        desk = self._desk
        if desk is None:
            return
        point = self._point(event)
        self._last = point
        self._drag = self._meaning(desk, event, point)
        if self._drag == self._carry:
            self.setCursor(Qt.CursorShape.SizeAllCursor)
        elif self._drag == self._pan:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = self._pointer = self._point(event)
        self.pointed(point)
        if self._drag is not None:
            self._drag(self._last, point)
        else:
            self._hovered(point)
        self._last = point
        if self._overlays or self._tool.name:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._desk is not None:
            if self._drag == self._use:
                self._tool.release(self._desk, self._point(event))
            self._desk.end_gesture()
        self._drag = None
        self._show_cursor(self._point(event))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._desk is None or event.button() != Qt.MouseButton.LeftButton:
            return
        if not self._tool.double(self._desk, self._point(event)):
            self._desk.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        turned = event.angleDelta().y() / 120.0
        if self._desk is None or turned == 0:
            return
        if any(overlay.wheel(self._desk, turned) for overlay in self._overlays):
            self.update()
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._desk.turn_both(turned)
        else:
            ratio = self.devicePixelRatioF()
            at = event.position()
            self._desk.zoom(_WHEEL_STEP**turned, (at.x() * ratio, at.y() * ratio))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        desk = self._desk
        held = _HELD.get(Qt.Key(event.key())) if not event.modifiers() else None
        if desk is not None and self._tool.key(desk, event):
            self.update()
        elif desk is not None and event.key() == Qt.Key.Key_Escape and desk.tool:
            desk.take_tool("")
        elif held is not None and desk is not None:
            if not event.isAutoRepeat():
                held(desk, True)
        elif not self._on_key(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        held = _HELD.get(Qt.Key(event.key()))
        if held is not None and self._desk is not None:
            if not event.isAutoRepeat():
                held(self._desk, False)
            return
        event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        if self._desk is not None:
            for held in _HELD.values():
                held(self._desk, False)
        super().focusOutEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.pointed(None)
        self._set_hover(False)
        self.update()

    def _meaning(
        self, desk: Desk, event: QMouseEvent, point: Point
    ) -> Callable[[Point, Point], None] | None:
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if event.button() == Qt.MouseButton.RightButton or (
            event.button() == Qt.MouseButton.LeftButton and control
        ):
            return self._carry
        if event.button() == Qt.MouseButton.MiddleButton:
            return self._pan
        if event.button() != Qt.MouseButton.LeftButton:
            return None
        if self._tool.press(desk, point, event.modifiers()):
            return self._use
        if desk.on_divider(point):
            return self._slant if shift else self._divide
        return self._pan if desk.locked else self._carry_one

    def _use(self, _before: Point, now: Point) -> None:
        if self._desk is not None:
            self._tool.move(self._desk, now)

    def _carry(self, before: Point, now: Point) -> None:
        if self._desk is not None:
            self._desk.carry_right(now[0] - before[0], now[1] - before[1])

    def _carry_one(self, before: Point, now: Point) -> None:
        if self._desk is not None:
            self._desk.carry(before, now[0] - before[0], now[1] - before[1])

    def _pan(self, before: Point, now: Point) -> None:
        if self._desk is not None:
            self._desk.pan(now[0] - before[0], now[1] - before[1])

    def _divide(self, _before: Point, now: Point) -> None:
        if self._desk is not None:
            self._desk.drag_divider(now)

    def _slant(self, before: Point, now: Point) -> None:
        if self._desk is not None:
            self._desk.slant_divider(before, now)

    def _hovered(self, point: Point) -> None:
        desk = self._desk
        if desk is not None and desk.view.curtain and desk.view.mode is Mode.SPLIT:
            desk.drag_divider(point)
        if desk is not None:
            self._tool.hover(desk, point)
        self._show_cursor(point)

    def _keep_tool(self) -> None:
        """Take in hand what the desk says."""
        desk = self._desk
        if desk is None or desk.tool == self._tool.name:
            return
        self._tool.drop(desk)
        self._tool = TOOLS[desk.tool]() if desk.tool else Tool()

    def _tick(self) -> None:
        if self._desk is not None and self.isVisible():
            self._desk.tick()

    def _keep_blinking(self) -> None:
        if self._desk is None or not self._desk.blinking:
            self._blink.stop()
        elif not self._blink.isActive() or self._blink.interval() != self._desk.view.blink_ms:
            self._blink.start(self._desk.view.blink_ms)

    def _size_px(self) -> tuple[int, int]:
        ratio = self.devicePixelRatioF()
        return max(1, round(self.width() * ratio)), max(1, round(self.height() * ratio))

    def _point(self, event: QMouseEvent) -> Point:
        ratio = self.devicePixelRatioF()
        return event.position().x() * ratio, event.position().y() * ratio

    def _drawn(self, desk: Desk) -> QImage:
        began, share = perf_counter(), self._pace.share()
        picture = cv2.cvtColor(desk.picture(_times(desk.size, share)), cv2.COLOR_RGB2BGRA)
        if share < 1:
            self._rest.start()
        # four bytes a pixel are painted several times faster; the image does not own its memory
        self._picture = picture
        height, width = picture.shape[:2]
        image = QImage(picture.data, width, height, picture.strides[0], QImage.Format.Format_RGB32)
        self._pace.took(perf_counter() - began, share)
        return image

    def _rested(self) -> None:
        """Nothing moves any more: draw in full."""
        self._pace.rest()
        self._image = None
        self.update()

    def _show_cursor(self, point: Point) -> None:
        desk = self._desk
        over = desk is not None and desk.on_divider(point)
        self._set_hover(over)
        if desk is None:
            self.unsetCursor()
            return
        shape = self._tool.cursor(desk, point)
        if shape is not None:
            self.setCursor(shape)
        elif over:
            upright = desk.view.divider == "vertical"
            shapes = (Qt.CursorShape.SplitVCursor, Qt.CursorShape.SplitHCursor)
            self.setCursor(shapes[upright])
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor)

    def _set_hover(self, hover: bool) -> None:
        if hover != self._hover:
            self._hover = hover
            self.update()

    def _paint_handle(self, painter: QPainter, desk: Desk) -> None:
        """A grip on the dividing line, in the middle; it brightens under the pointer."""
        if desk.seen.mode is not Mode.SPLIT:
            return
        ratio = self.devicePixelRatioF()
        (x0, y0), (x1, y1) = divider_ends(desk.seen, desk.size)
        held = self._hover or self._drag == self._divide
        x, y = (x0 + x1) / 2 / ratio, (y0 + y1) / 2 / ratio
        length = max(math.hypot(x1 - x0, y1 - y0), 1.0)
        dx, dy = 20 * (x1 - x0) / length, 20 * (y1 - y0) / length
        grip = QLineF(x - dx, y - dy, x + dx, y + dy)
        cap = Qt.PenCapStyle.FlatCap
        for colour, width in (
            (QColor(0, 0, 0, 160), 8),
            (QColor(*ACCENT, 255 if held else 150), 6),
        ):
            painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, cap))
            painter.drawLine(grip)

    def _paint_over(self, painter: QPainter, desk: Desk) -> None:
        ratio = self.devicePixelRatioF()
        for overlay in self._overlays:
            painter.save()
            overlay.paint(painter, desk, ratio, self._pointer)
            painter.restore()
        painter.save()
        self._tool.paint(painter, desk, ratio)
        painter.restore()

    def _paint_hint(self, painter: QPainter) -> None:
        """What the tool in hand does, in the upper left corner."""
        if not self._tool.hint:
            return
        metrics = painter.fontMetrics()
        words = metrics.elidedText(
            self._tool.hint, Qt.TextElideMode.ElideRight, max(self.width() - 40, 0)
        )
        room = QRectF(10, 10, metrics.horizontalAdvance(words) + 20, metrics.height() + 8)
        _plate(painter, room)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_alignment(self, painter: QPainter, desk: Desk) -> None:
        """Where the right specimen lies, in the lower right corner."""
        words = alignment_sentence(desk.alignment)
        metrics = painter.fontMetrics()
        room = QRectF(0, 0, metrics.horizontalAdvance(words) + 20, metrics.height() + 8)
        if room.width() > self.width() / 2:
            return
        room.moveBottomRight(QPointF(self.width() - 10, self.height() - 10))
        _plate(painter, room)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)


def _plate(painter: QPainter, room: QRectF) -> None:
    """A dark plate for light words."""
    painter.fillRect(room, QColor(12, 12, 12, 190))
    painter.setPen(QColor(225, 225, 225))


def _times(size: tuple[int, int], share: float) -> tuple[int, int]:
    return max(1, round(size[0] * share)), max(1, round(size[1] * share))
