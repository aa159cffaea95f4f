"""Numbered markers, told apart by number, shape and colour."""

from __future__ import annotations

from math import cos, pi, sin

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

COLOURS = (
    "#e69f00", "#56b4e9", "#f0e442", "#cc79a7", "#009e73",
    "#d55e00", "#0072b2", "#ffffff", "#b2df8a",
)  # fmt: skip
"""Of markers 1 to 9; the first eight after Okabe and Ito, for every kind of colour vision."""

_RADIUS = 9.0
_CORNERS = (0, 4, 3, 4, 5, 6, 3, 8, 4)
_TURNED = (0.0, 45.0, -90.0, 0.0, -90.0, 0.0, 90.0, 22.5, 45.0)
_HALO = QColor(0, 0, 0, 200)


def shape(number: int, radius: float = _RADIUS) -> QPainterPath:
    """The outline of a marker about the origin; even numbers differ from odd ones in corners."""
    path = QPainterPath()
    corners, turned = _CORNERS[number - 1], _TURNED[number - 1]
    if corners == 0:
        path.addEllipse(QPointF(0, 0), radius, radius)
        return path
    for corner in range(corners):
        angle = turned * pi / 180 + 2 * pi * corner / corners
        point = QPointF(radius * cos(angle), radius * sin(angle))
        path.moveTo(point) if corner == 0 else path.lineTo(point)
    path.closeSubpath()
    return path


def draw_marker(
    painter: QPainter, at: QPointF, number: int, label: str, *, dashed: bool = False
) -> None:
    """An open marker with a small cross in its middle: the point itself stays visible.

    ``dashed`` markers are those of the right specimen where both are seen at once.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(at)
    colour = QColor(COLOURS[number - 1])
    outline = shape(number)
    cross = QPainterPath()
    for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
        cross.moveTo(2.0 * dx, 2.0 * dy)
        cross.lineTo(5.5 * dx, 5.5 * dy)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen in (QPen(_HALO, 4.0), QPen(colour, 1.8)):
        painter.setPen(pen)
        painter.drawPath(cross)
        if dashed and pen.color() == colour:
            pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
        painter.drawPath(outline)
    _draw_label(painter, label, colour, below=dashed)
    painter.restore()


def _draw_label(painter: QPainter, label: str, colour: QColor, *, below: bool) -> None:
    font = painter.font()
    font.setBold(True)
    painter.setFont(font)
    metrics = painter.fontMetrics()
    top = _RADIUS if below else -_RADIUS - metrics.height()
    room = QRectF(_RADIUS + 2, top, 0, metrics.height())
    room.setWidth(metrics.horizontalAdvance(label) + 8)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_HALO)
    painter.drawRoundedRect(room, 3, 3)
    painter.setPen(colour)
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, label)
