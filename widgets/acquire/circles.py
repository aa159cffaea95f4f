"""Circles of a region over a picture, with handles: how they are drawn, hit and dragged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from math import hypot
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from app.domain import Circle
from widgets import theme
from widgets.acquire.overlay import Seen
from widgets.common.images import paint_words

Which = Literal["outer", "inner"]
Part = Literal["centre", "edge"]
Handle = tuple[Which, Part]
Circles = Mapping[Which, Circle]
REACH_PX = 11.0
LEAST_UM = 20.0
PROPOSED_DASH = (4.0, 4.0)
_BAR_PX = 160.0
"""Room for the scale bar at the left, and margins."""


def placed(seen: Seen, circle: Circle) -> tuple[QPointF, float]:
    """Centre and radius on the widget; the frame's scale must be known."""
    um = seen.pixel_um or 1.0
    return seen.to_screen((circle.x_um / um, circle.y_um / um)), circle.radius_um / um / seen.px


def to_um(seen: Seen, at: QPointF) -> tuple[float, float]:
    """A point of the widget in the picture's micrometres."""
    x, y = seen.to_picture(at)
    um = seen.pixel_um or 1.0
    return x * um, y * um


def grips(centre: QPointF, radius: float, which: Which) -> tuple[QPointF, QPointF]:
    """The handle that moves and the one that widens; those of two circles never coincide."""
    if which == "inner":
        return centre, centre + QPointF(radius, 0)
    return centre + QPointF(0, -radius), centre + QPointF(radius, 0)


def under(seen: Seen, circles: Circles, at: QPointF) -> Handle | None:
    """What a press at ``at`` takes hold of; the inner circle goes before."""
    for which in ("inner", "outer"):
        circle = circles.get(which)
        if circle is None:
            continue
        centre, radius = placed(seen, circle)
        if _apart(at, grips(centre, radius, which)[0]) <= REACH_PX:
            return which, "centre"
        if abs(_apart(at, centre) - radius) <= REACH_PX / 2:
            return which, "edge"
    return None


def dragged(seen: Seen, circle: Circle, handle: Handle, at: QPointF) -> Circle:
    """The circle with its handle at a point of the widget."""
    which, part = handle
    x, y = to_um(seen, at)
    if part == "edge":
        return replace(circle, radius_um=max(hypot(x - circle.x_um, y - circle.y_um), LEAST_UM))
    down = circle.radius_um if which == "outer" else 0.0  # its handle is at the top
    return replace(circle, x_um=x, y_um=y + down)


def paint(
    painter: QPainter, seen: Seen, circles: Circles, colour: str, *, handles: bool, bold: bool
) -> None:
    """Circles that can be seen on any picture, and their handles.

    ``bold`` ones are an examiner's; of what software found the inner circle is dashed, a proposal.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for which, circle in circles.items():
        centre, radius = placed(seen, circle)
        for pen in (QPen(QColor(0, 0, 0, 150), 4), QPen(QColor(colour), 2.2 if bold else 1.4)):
            if which == "inner" and not bold and pen.widthF() < 4:
                pen.setDashPattern(PROPOSED_DASH)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(centre, radius, radius)
        if handles:
            painter.setPen(QPen(QColor(theme.EVIDENCE), 1))
            painter.setBrush(QColor(colour))
            for at in grips(centre, radius, which):
                painter.drawEllipse(at, 5, 5)


def say(painter: QPainter, room: QRectF, text: str, line: int, colour: str) -> None:
    """A line at the lower right of ``room``, counted from below; nothing where there is no text."""
    if text:
        font = QFont(painter.font())
        font.setWeight(QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width() - _BAR_PX)
        width = metrics.horizontalAdvance(text)
        at = QPointF(max(room.right() - 16 - width, room.left() + 16), room.bottom() - 16)
        paint_words(painter, at - QPointF(0, 22 * line), text, colour)


def _apart(a: QPointF, b: QPointF) -> float:
    return hypot(a.x() - b.x(), a.y() - b.y())
