"""The subclass flag over the evidence: in sight for as long as it is set, and still."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from widgets import theme

_EDGE, _POLE = 10.0, 22.0
_SHARE = 0.42


def paint_flag(painter: QPainter, lines: Sequence[str], width: float, top: float = _EDGE) -> None:
    """A plate in the upper right corner of a picture so wide; nothing for no ``lines``.

    The first is written, how many more there are after it.
    """
    if not lines:
        return
    metrics = painter.fontMetrics()
    more = f"   (+{len(lines) - 1} more)" if len(lines) > 1 else ""
    room = max(width * _SHARE, 120.0) - _POLE - 20 - metrics.horizontalAdvance(more)
    words = metrics.elidedText(lines[0], Qt.TextElideMode.ElideRight, int(room)) + more
    size = metrics.horizontalAdvance(words) + _POLE + 20, metrics.height() + 10
    plate = QRectF(width - _EDGE - size[0], top, *size)
    amber = QColor(theme.AMBER_ON_EVIDENCE)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(12, 12, 12, 225))
    painter.setPen(QPen(amber, 2))
    painter.drawRect(plate)
    _paint_sign(painter, plate.topLeft() + QPointF(9, 5), metrics.height(), amber)
    painter.setPen(QColor(theme.ON_EVIDENCE))
    inside = plate.adjusted(_POLE + 6, 0, -6, 0)
    painter.drawText(inside, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
    painter.restore()


def _paint_sign(painter: QPainter, at: QPointF, height: float, amber: QColor) -> None:
    """A flag on its pole, whatever letters the font has."""
    painter.setPen(QPen(amber, 2))
    painter.drawLine(at, at + QPointF(0, height))
    cloth = [at, at + QPointF(12, height * 0.28), at + QPointF(0, height * 0.56)]
    painter.setBrush(amber)
    painter.drawPolygon(QPolygonF(cloth))
