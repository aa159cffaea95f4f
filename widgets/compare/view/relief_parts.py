"""What the 3D view says of itself: bars to scale, words; and what its keys do to the camera."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, radians

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from app.picture.solid import Camera
from widgets import theme
from widgets.common.images import bar_um, length_words, paint_words

WHEEL_STEP = 1.15
_HEIGHT_STEP = 1.25
HINTS = (
    "Drag turns, right button moves, wheel zooms, 0 begins anew",
    "Drag turns, wheel zooms, 0 begins anew",
    "0 begins anew",
    "",
)


@dataclass(frozen=True, slots=True)
class Bar:
    """A length drawn to scale on the screen: its pixels and its words."""

    px: float
    words: str


def height_bar(camera: Camera, um_per_px: float) -> Bar | None:
    """A round height as it is drawn, exaggeration and tilt included; None seen from above."""
    px_per_um = camera.exaggeration * cos(radians(camera.tilt_deg)) / um_per_px
    if px_per_um * 1e5 < 20 or camera.tilt_deg > 85:
        return None
    um = bar_um(1.0 / px_per_um, 80.0)
    return Bar(um * px_per_um, length_words(um))


def camera_words(camera: Camera) -> tuple[str, ...]:
    """How the solids are seen, with what is exaggerated; the longest wording first."""
    turn = (camera.turn_deg + 180.0) % 360.0 - 180.0
    factor = f"heights ×{camera.exaggeration:.3g}"
    where = f"turned {turn:.0f}°   seen from {camera.tilt_deg:.0f}° over the plane"
    return f"{factor}   {where}", f"{factor}   {turn:.0f}°, {camera.tilt_deg:.0f}°", factor


def camera_after(camera: Camera, key: int, step: float) -> Camera | None:
    """The camera after a key; None when the key is not one of these."""
    match key:
        case Qt.Key.Key_Left:
            return camera.turned(-step, 0)
        case Qt.Key.Key_Right:
            return camera.turned(step, 0)
        case Qt.Key.Key_Up:
            return camera.turned(0, -step)
        case Qt.Key.Key_Down:
            return camera.turned(0, step)
        case Qt.Key.Key_Plus | Qt.Key.Key_Equal:
            return camera.zoomed(WHEEL_STEP)
        case Qt.Key.Key_Minus:
            return camera.zoomed(1 / WHEEL_STEP)
        case Qt.Key.Key_PageUp:
            return camera.with_exaggeration(camera.exaggeration * _HEIGHT_STEP)
        case Qt.Key.Key_PageDown:
            return camera.with_exaggeration(camera.exaggeration / _HEIGHT_STEP)
    return None


def paint_bars(painter: QPainter, pane: QRectF, camera: Camera, um_per_px: float) -> None:
    """Lengths across the view and heights as they are drawn, each with its length."""
    um = bar_um(um_per_px, pane.width() * 0.25)
    left, bottom = pane.left() + 16, pane.bottom() - 16
    bars = [
        (QRectF(left, bottom - 4, um / um_per_px, 4), length_words(um), QPointF(left, bottom - 10))
    ]
    height = height_bar(camera, um_per_px)
    if height is not None:
        at = QRectF(pane.right() - 22, bottom - height.px, 4, height.px)
        words = f"height {height.words}"
        width = painter.fontMetrics().horizontalAdvance(words) * 1.15
        bars.append((at, words, QPointF(pane.right() - 30 - width, bottom - 2)))
    for line, words, place in bars:
        painter.fillRect(line.adjusted(-1, -1, 1, 1), QColor(0, 0, 0, 170))
        painter.fillRect(line, QColor(theme.ON_EVIDENCE))
        paint_words(painter, place, words)
