"""The image chosen, large, with its region: two circles that can be corrected by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import hypot
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.domain import Acquired, Circle, Region
from widgets import theme
from widgets.acquire.circles import PROPOSED_DASH
from widgets.common.images import (
    Shown,
    fitted,
    paint_scale_bar,
    paint_words,
    resized,
    smooth,
    to_image,
)

Which = Literal["outer", "inner"]
Handle = tuple[Which, Literal["centre", "edge"]]
Circles = dict[Which, Circle]
_REACH_PX = 12
_STEP_UM = 20.0
_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class Preview(QWidget):
    """``corrected(outer, inner)`` is called when the examiner has drawn another region.

    By keyboard: O and I choose the circle, arrows move it, plus and minus change its radius,
    Enter keeps it, Esc goes back.
    """

    def __init__(self, corrected: Callable[[Circle, Circle | None], None]) -> None:
        super().__init__()
        self.setObjectName("preview")
        self.setAccessibleName("Image with its region")
        self.setToolTip(
            "Drag a circle's middle or edge to correct the region, or O, I, arrows, + - and Enter"
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._corrected = corrected
        self._pixels: Shown | None = None
        self._image: QImage | None = None
        self._acquired: Acquired | None = None
        self._kept: Circles = {}
        self._drawn: Circles = {}
        self._held: Handle | None = None
        self._chosen: Which = "outer"
        self._editable, self._by_software = True, False
        self._words = ""

    def show_nothing(self, words: str = "") -> None:
        """No picture; ``words`` say why."""
        self._pixels = self._image = self._acquired = None
        self._kept, self._drawn, self._held = {}, {}, None
        self._words = words
        self.update()

    def show_picture(self, acquired: Acquired, pixels: Shown) -> None:
        """A picture of ``acquired``, uint8 of any size; its region comes later."""
        self._acquired, self._pixels, self._image = acquired, pixels, None
        self._kept, self._drawn, self._held = {}, {}, None
        self._words = ""
        self.update()

    def show_region(self, region: Region | None, *, editable: bool) -> None:
        """Its circles; the inner one is dashed, a proposal, until an examiner has drawn it."""
        self._editable = editable
        self._by_software = region is not None and region.source == "automatic"
        self._kept = {}
        if region is not None:
            self._kept["outer"] = region.outer
            if region.inner is not None:
                self._kept["inner"] = region.inner
        self._drawn = dict(self._kept)
        self._held = None
        self.update()

    @property
    def picture_rect(self) -> QRectF:
        """Where the picture is on the widget."""
        if self._acquired is None:
            return QRectF()
        return fitted(self._acquired.width, self._acquired.height, QRectF(self.rect()))

    def on_screen(self, circle: Circle) -> tuple[QPointF, float]:
        """Centre and radius of a circle in widget pixels."""
        rect, px = self.picture_rect, self._px_per_um
        centre = QPointF(rect.left() + circle.x_um * px, rect.top() + circle.y_um * px)
        return centre, circle.radius_um * px

    def minimumSizeHint(self) -> QSize:
        """Small enough for any window."""
        return QSize(280, 220)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._image = None

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.EVIDENCE))
        if self._pixels is None:
            painter.setPen(QColor(theme.DIM_ON_EVIDENCE))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._words)
            return
        rect = self.picture_rect
        painter.drawImage(rect.topLeft(), self._scaled(self._pixels, rect))
        if self._px_per_um:
            paint_scale_bar(painter, rect, 1.0 / self._px_per_um)
        smooth(painter)
        for which, circle in self._drawn.items():
            self._paint_circle(painter, which, circle)
        if self._drawn != self._kept:
            at = QPointF(rect.left() + 16, rect.top() + 26)
            paint_words(
                painter, at, "Enter keeps this region, Esc goes back", theme.AMBER_ON_EVIDENCE
            )
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.ACCENT_ON_EVIDENCE), 1))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._editable:
            self._held = self._under(event.position())
            if self._held is not None:
                self._chosen = self._held[0]
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            over = self._under(event.position()) if self._editable else None
            self.setCursor(Qt.CursorShape.SizeAllCursor if over else Qt.CursorShape.ArrowCursor)
            return
        which, part = self._held
        x, y = self._to_um(event.position())
        circle = self._drawn[which]
        if part == "centre":
            self._drawn[which] = replace(circle, x_um=x, y_um=y)
        else:
            radius = max(hypot(x - circle.x_um, y - circle.y_um), 20.0)
            self._drawn[which] = replace(circle, radius_um=radius)
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._held is not None:
            self._held = None
            self._tell()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self._editable or not self._drawn or event.modifiers() & _OTHERS:
            super().keyPressEvent(event)
            return
        key = Qt.Key(event.key())
        circle = self._drawn[self._chosen if self._chosen in self._drawn else "outer"]
        if key == Qt.Key.Key_Escape and self._drawn != self._kept:
            self._drawn = dict(self._kept)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._drawn != self._kept:
            self._tell()
        elif key in (Qt.Key.Key_O, Qt.Key.Key_I):
            self._chosen = "inner" if key == Qt.Key.Key_I and "inner" in self._drawn else "outer"
        elif key in _MOVES:
            dx, dy = _MOVES[key]
            moved = replace(
                circle, x_um=circle.x_um + dx * _STEP_UM, y_um=circle.y_um + dy * _STEP_UM
            )
            self._drawn[self._chosen] = moved
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            step = -_STEP_UM if key == Qt.Key.Key_Minus else _STEP_UM
            self._drawn[self._chosen] = replace(
                circle, radius_um=max(circle.radius_um + step, _STEP_UM)
            )
        else:
            super().keyPressEvent(event)
        self.update()

    @property
    def _px_per_um(self) -> float:
        acquired = self._acquired
        if acquired is None or acquired.pixel_um is None:
            return 0.0
        return self.picture_rect.width() / (acquired.width * acquired.pixel_um)

    def _scaled(self, pixels: Shown, rect: QRectF) -> QImage:
        ratio = self.devicePixelRatioF()
        if self._image is None:
            size = round(rect.width() * ratio), round(rect.height() * ratio)
            self._image = to_image(resized(pixels, *size))
            self._image.setDevicePixelRatio(ratio)
        return self._image

    def _paint_circle(self, painter: QPainter, which: Which, circle: Circle) -> None:
        centre, radius = self.on_screen(circle)
        chosen = which == self._chosen and self.hasFocus()
        colour = QColor(theme.ACCENT_ON_EVIDENCE)
        for pen in (QPen(QColor(0, 0, 0, 150), 4), QPen(colour, 2.5 if chosen else 1.5)):
            proposed = which == "inner" and self._by_software and self._drawn == self._kept
            if proposed and pen.widthF() < 4:
                pen.setDashPattern(PROPOSED_DASH)
            painter.setPen(pen)
            painter.drawEllipse(centre, radius, radius)
        if not self._editable:
            return
        painter.setPen(QPen(QColor(theme.EVIDENCE), 1))
        painter.setBrush(QColor(theme.ACCENT_ON_EVIDENCE))
        for at in _handles(centre, radius, which):
            painter.drawEllipse(at, 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _under(self, at: QPointF) -> Handle | None:
        for which in ("inner", "outer"):
            circle = self._drawn.get(which)
            if circle is None:
                continue
            centre, radius = self.on_screen(circle)
            grip = _handles(centre, radius, which)[0]
            if _apart(at, grip) <= _REACH_PX:
                return which, "centre"
            if abs(_apart(at, centre) - radius) <= _REACH_PX / 2:
                return which, "edge"
        return None

    def _to_um(self, at: QPointF) -> tuple[float, float]:
        rect, px = self.picture_rect, self._px_per_um
        return (at.x() - rect.left()) / px, (at.y() - rect.top()) / px

    def _tell(self) -> None:
        if self._drawn != self._kept:
            self._corrected(self._drawn["outer"], self._drawn.get("inner"))


_OTHERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def _handles(centre: QPointF, radius: float, which: Which) -> tuple[QPointF, QPointF]:
    """The grip that moves the circle and the one that widens it; the circles' middles differ."""
    if which == "inner":
        return centre, centre + QPointF(radius, 0)
    return centre + QPointF(0, -radius), centre + QPointF(radius, 0)


def _apart(a: QPointF, b: QPointF) -> float:
    return hypot(a.x() - b.x(), a.y() - b.y())
