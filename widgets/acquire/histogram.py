"""The histogram of the live picture, with black and white of the display to drag."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QWidget

from widgets import theme
from widgets.acquire.rendering import ALL, Limits

HEIGHT = 52
_HANDLE = 8
_APART = 0.02
_KEY_STEP = 0.02


class HistogramView(QWidget):
    """``changed`` hears of the limits while they are dragged; only the display is stretched."""

    def __init__(self, changed: Callable[[Limits], None] = lambda _: None) -> None:
        super().__init__()
        self.setObjectName("histogram")
        self.setToolTip(
            "Grey values from black to full scale. Drag the handles to stretch the display, "
            "double-click for all; what is captured stays as it is"
        )
        self.setFixedHeight(HEIGHT)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._changed = changed
        self._limits = ALL
        self._dragged: int | None = None
        self._shares: NDArray[np.float64] = np.zeros(64)
        self._say()

    @property
    def limits(self) -> Limits:
        """Black and white of the display, shares of full scale."""
        return self._limits

    def set_limits(self, limits: Limits) -> None:
        """Within the scale, black below white."""
        low = min(max(limits[0], 0.0), 1.0 - _APART)
        made = low, min(max(limits[1], low + _APART), 1.0)
        if made != self._limits:
            self._limits = made
            self._say()
            self._changed(made)
            self.update()

    def set_shares(self, shares: NDArray[np.float64]) -> None:
        """Show these."""
        self._shares = shares
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(160, HEIGHT)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        near = [abs(self._x(limit) - event.position().x()) for limit in self._limits]
        self._dragged = int(np.argmin(near))
        self._drag(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragged is not None:
            self._drag(event.position())
        near = min(abs(self._x(limit) - event.position().x()) for limit in self._limits)
        shape = Qt.CursorShape.SizeHorCursor if near < _HANDLE else Qt.CursorShape.ArrowCursor
        self.setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._dragged = None

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._dragged = None
        self.set_limits(ALL)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move black, with Shift white; Home takes all."""
        step = {Qt.Key.Key_Left: -_KEY_STEP, Qt.Key.Key_Right: _KEY_STEP}.get(Qt.Key(event.key()))
        low, high = self._limits
        if event.key() == Qt.Key.Key_Home:
            self.set_limits(ALL)
        elif step is None:
            super().keyPressEvent(event)
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.set_limits((low, high + step))
        else:
            self.set_limits((min(low + step, high - _APART), high))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.colours()
        bottom = self.height() - _HANDLE
        painter.fillRect(self.rect(), QColor(colours.ground))
        top = max(float(np.sqrt(self._shares.max())), 1e-6)
        inside = self._x(1.0) - self._x(0.0)
        width = inside / len(self._shares)
        last = len(self._shares) - 1
        for number, share in enumerate(np.sqrt(self._shares)):
            height = bottom * float(share) / top
            bar = QRectF(self._x(0) + number * width, bottom - height, max(width - 0.5, 1), height)
            tone = colours.amber if number == last else colours.dim
            painter.fillRect(bar, QColor(tone))
        self._paint_limits(painter, bottom)

    def _paint_limits(self, painter: QPainter, bottom: int) -> None:
        low, high = (self._x(limit) for limit in self._limits)
        shade = QColor(theme.colours().ground)
        shade.setAlpha(170)
        painter.fillRect(QRectF(0, 0, low, bottom), shade)
        painter.fillRect(QRectF(high, 0, self.width() - high, bottom), shade)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(QColor(theme.colours().accent))
        painter.setPen(Qt.PenStyle.NoPen)
        for x in (low, high):
            painter.fillRect(QRectF(x - 0.5, 0, 1, bottom), QColor(theme.colours().accent))
            tip, wing = QPointF(x, bottom - 2), float(_HANDLE - 2)
            feet = QPointF(x + wing, self.height()), QPointF(x - wing, self.height())
            painter.drawPolygon(QPolygonF([tip, *feet]))

    def _x(self, share: float) -> float:
        return _HANDLE / 2 + share * (self.width() - _HANDLE)

    def _drag(self, at: QPointF) -> None:
        share = (at.x() - _HANDLE / 2) / max(self.width() - _HANDLE, 1)
        low, high = self._limits
        if self._dragged == 0:
            self.set_limits((min(share, high - _APART), high))
        else:
            self.set_limits((low, max(share, low + _APART)))

    def _say(self) -> None:
        low, high = self._limits
        words = f"Histogram of the live picture; shown from {low:.0%} to {high:.0%} of full scale"
        self.setAccessibleName(words)
