"""A small hemisphere seen from above, on which the virtual light is dragged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, radians, sin

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRadialGradient,
)
from PySide6.QtWidgets import QWidget

from app.picture import Light
from app.picture.view import Which
from widgets import theme

SIZE_PX = 148
_MARGIN = 12
_DOT = 7.0
_STEP_DEG = 5.0
_FINE_DEG = 1.0
_COARSE_DEG = 15.0
_NAMES: dict[Which, str] = {"left": "L", "right": "R"}

Moved = Callable[[Which, float, float], None]


@dataclass(frozen=True, slots=True)
class Dome:
    """The hemisphere on the screen: straight above in the middle, the horizon at the rim."""

    middle: tuple[float, float]
    radius: float

    def point(self, light: Light) -> tuple[float, float]:
        """Where a light stands."""
        out = (90.0 - light.elevation_deg) / 90.0 * self.radius
        turn = radians(light.azimuth_deg)
        return self.middle[0] + out * cos(turn), self.middle[1] - out * sin(turn)

    def direction(self, x: float, y: float) -> tuple[float, float]:
        """Azimuth and elevation in degrees of a point; outside the rim they are the rim's."""
        across, up = x - self.middle[0], self.middle[1] - y
        elevation = 90.0 * (1.0 - min(hypot(across, up) / self.radius, 1.0))
        return degrees(atan2(up, across)) % 360.0, elevation


class Hemisphere(QWidget):
    """``moved`` gets the side, azimuth and elevation (degrees) at every step of a drag or key;
    ``released`` is called when the hand is lifted."""

    def __init__(self, moved: Moved, released: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("hemisphere")
        self.setAccessibleName("Direction of the light")
        self.setToolTip(
            "Drag the light; I and J turn it, Shift raises and lowers it. "
            "Here the arrows do (Shift: 15°, Ctrl: 1°); Home: from above."
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self._moved, self._released = moved, released
        self._lights = (Light(), Light())
        self._linked = True
        self._held: Which = "right"
        self._dragging = False

    @property
    def held(self) -> Which:
        """The side whose light keys and drags move; of both when they are linked."""
        return self._held

    def show_lights(self, lights: tuple[Light, Light], *, linked: bool, held: Which) -> None:
        """Bring the dots to the lights of the left and the right specimen."""
        self._lights, self._linked, self._held = lights, linked, held
        said = (f"{light.azimuth_deg % 360:.0f}° at {light.elevation_deg:.0f}°" for light in lights)
        left, right = said
        self.setAccessibleDescription(left if linked else f"left {left}, right {right}")
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIZE_PX, SIZE_PX)

    def minimumSizeHint(self) -> QSize:
        return QSize(SIZE_PX, SIZE_PX)

    def dome(self) -> Dome:
        """Where it is drawn, in pixels of the widget."""
        radius = min(self.width(), self.height()) / 2 - _MARGIN
        return Dome((self.width() / 2, self.height() / 2), max(radius, 1.0))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._dragging = True
        if not self._linked:
            self._held = self._nearest(event.position())
        self._follow(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._follow(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._dragging:
            self._dragging = False
            self._released()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        light = self._lights[0 if self._held == "left" else 1]
        coarse = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        fine = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        step = _COARSE_DEG if coarse else _FINE_DEG if fine else _STEP_DEG
        azimuth, elevation = light.azimuth_deg, light.elevation_deg
        match event.key():
            case Qt.Key.Key_Left:
                azimuth += step
            case Qt.Key.Key_Right:
                azimuth -= step
            case Qt.Key.Key_Up:
                elevation += step
            case Qt.Key.Key_Down:
                elevation -= step
            case Qt.Key.Key_Home:
                elevation = 90.0
            case Qt.Key.Key_Space if not self._linked:
                self._held = "left" if self._held == "right" else "right"
                self.update()
                return
            case _:
                super().keyPressEvent(event)
                return
        self._moved(self._held, azimuth % 360.0, elevation)
        self._released()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dome = self.dome()
        middle = QPointF(*dome.middle)
        self._paint_dome(painter, dome, middle)
        if self._linked or self._lights[0] == self._lights[1]:
            self._paint_dot(painter, dome, self._lights[1], "", held=True)
            return
        order: tuple[Which, Which] = (
            ("right", "left") if self._held == "left" else ("left", "right")
        )
        for side in order:
            light = self._lights[0 if side == "left" else 1]
            self._paint_dot(painter, dome, light, _NAMES[side], held=side == self._held)

    def _paint_dome(self, painter: QPainter, dome: Dome, middle: QPointF) -> None:
        """A matt sphere under the light, with circles at 30 and 60 degrees."""
        lit = QPointF(*dome.point(self._lights[0 if self._held == "left" else 1]))
        shade = QRadialGradient(middle, dome.radius, middle + (lit - middle) * 0.75)
        shade.setColorAt(0.0, QColor("#c9ccd0"))
        shade.setColorAt(0.6, QColor("#5d636b"))
        shade.setColorAt(1.0, QColor("#24272c"))
        painter.setBrush(shade)
        edge = theme.ACCENT_ON_EVIDENCE if self.hasFocus() else theme.colours().line
        painter.setPen(QPen(QColor(edge), 1.5))
        painter.drawEllipse(middle, dome.radius, dome.radius)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(0, 0, 0, 110), 1))
        for elevation in (30.0, 60.0):
            ring = dome.radius * (90.0 - elevation) / 90.0
            painter.drawEllipse(middle, ring, ring)

    def _paint_dot(
        self, painter: QPainter, dome: Dome, light: Light, name: str, *, held: bool
    ) -> None:
        at = QPointF(*dome.point(light))
        painter.setPen(QPen(QColor(0, 0, 0, 210), 1.5))
        painter.setBrush(QColor(theme.ACCENT_ON_EVIDENCE if held else theme.ON_EVIDENCE))
        painter.drawEllipse(at, _DOT, _DOT)
        if name:
            painter.setPen(QColor(theme.colours().on_accent))
            room = QRectF(at.x() - _DOT, at.y() - _DOT, 2 * _DOT, 2 * _DOT)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, name)

    def _nearest(self, at: QPointF) -> Which:
        """The dot closest to a point; the one in hand where both stand together."""
        dome = self.dome()
        far = [hypot(at.x() - x, at.y() - y) for x, y in (dome.point(one) for one in self._lights)]
        if abs(far[0] - far[1]) < 1.0:
            return self._held
        return "left" if far[0] < far[1] else "right"

    def _follow(self, at: QPointF) -> None:
        self._moved(self._held, *self.dome().direction(at.x(), at.y()))
