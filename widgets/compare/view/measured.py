"""Measurements drawn over the evidence, with their values."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.picture.drawing import ACCENT, DARK, WHITE
from app.picture.measure import Kind, Measurement, Spot
from widgets.compare.desk import Desk
from widgets.compare.desk.setting import Point
from widgets.compare.desk.tracks import seen_spot, tracks
from widgets.compare.tools.tool import Overlay

HANDLE_PX = 4.5
_LABEL_OFF = 12


class MeasuredOverlay(Overlay):
    """All measurements of the desk; the one in hand and the one chosen stand out."""

    def paint(self, painter: QPainter, desk: Desk, ratio: float, pointer: Point | None) -> None:
        if not desk.seen.annotations:
            return
        measures = desk.measures
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = measures.chosen_one
        for measurement in measures.shown:
            strong = measurement is chosen
            _draw(painter, desk, measurement, ratio, strong=strong)
        if measures.live is not None:
            _draw(painter, desk, measures.live, ratio, strong=True)
        _draw_dot(painter, desk, ratio)


def _draw(
    painter: QPainter, desk: Desk, measurement: Measurement, ratio: float, *, strong: bool
) -> None:
    for track in tracks(desk, measurement):
        painter.save()
        if track.pane is not None:
            pane = track.pane
            painter.setClipRect(
                QRectF(pane.x / ratio, pane.y / ratio, pane.width / ratio, pane.height / ratio)
            )
        points = [_at(point, ratio) for point in track.points]
        _draw_lines(painter, measurement, points, strong=strong)
        if strong:
            _draw_handles(painter, points)
        words = desk.measures.words(measurement)
        if words and points:
            label(painter, words, _label_point(measurement, points), strong=strong)
        painter.restore()


def _draw_lines(
    painter: QPainter, measurement: Measurement, points: Sequence[QPointF], *, strong: bool
) -> None:
    shape = QPolygonF(list(points))
    closed = measurement.kind is Kind.AREA and len(points) > 2
    style = Qt.PenStyle.DashLine if measurement.where == "across" else Qt.PenStyle.SolidLine
    painter.setBrush(QColor(*ACCENT, 36) if closed else Qt.BrushStyle.NoBrush)
    for colour, width, pen in (
        (QColor(*DARK, 200), 3.5, Qt.PenStyle.SolidLine),
        (QColor(*(ACCENT if strong else WHITE)), 1.5, style),
    ):
        painter.setPen(QPen(colour, width, pen, Qt.PenCapStyle.RoundCap))
        if closed:
            painter.drawPolygon(shape)
        else:
            painter.drawPolyline(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
    if measurement.kind is not Kind.AREA:
        _draw_ends(painter, points)


def _draw_ends(painter: QPainter, points: Sequence[QPointF]) -> None:
    for point in points:
        painter.drawLine(point - QPointF(3, 0), point + QPointF(3, 0))
        painter.drawLine(point - QPointF(0, 3), point + QPointF(0, 3))


def _draw_handles(painter: QPainter, points: Sequence[QPointF]) -> None:
    """Rings, so that what is measured to is seen inside them."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((QColor(*DARK, 200), 3.0), (QColor(*WHITE), 1.2)):
        painter.setPen(QPen(colour, width))
        for point in points:
            painter.drawEllipse(point, HANDLE_PX, HANDLE_PX)


def _label_point(measurement: Measurement, points: Sequence[QPointF]) -> QPointF:
    """Beside the last end, beside the angle, or in the middle of the area."""
    if measurement.kind is Kind.ANGLE and len(points) > 1:
        return points[1]
    if measurement.kind is Kind.AREA:
        middle = sum(points[1:], points[0]) / len(points)
        return middle - QPointF(_LABEL_OFF, 0)
    return points[-1]


def label(painter: QPainter, words: str, point: QPointF, *, strong: bool = True) -> None:
    """Words on a dark plate to the right of a point, on its left where there is no room."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(words) + 12, metrics.height() + 4
    left = point.x() + _LABEL_OFF
    whole = painter.viewport()
    if left + width > whole.width():
        left = point.x() - _LABEL_OFF - width
    top = min(max(point.y() - height - 4, 2.0), whole.height() - height - 2.0)
    room = QRectF(left, top, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(*DARK, 205))
    painter.drawRoundedRect(room, 3, 3)
    painter.setPen(QColor(*(ACCENT if strong else WHITE)))
    painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)


def _draw_dot(painter: QPainter, desk: Desk, ratio: float) -> None:
    """Where the pointer stands in the profile."""
    found, along = desk.measures.profile, desk.measures.along_um
    if found is None or along is None:
        return
    painter.setPen(QPen(QColor(*DARK), 1.5))
    painter.setBrush(QColor(*WHITE))
    for point in seen_spot(desk, Spot("both", found.place_um(along))):
        painter.drawEllipse(_at(point, ratio), 4.0, 4.0)


def _at(point: Point, ratio: float) -> QPointF:
    """Whole numbers are pixel centres in the view, and pixel corners for the painter."""
    return QPointF((point[0] + 0.5) / ratio, (point[1] + 0.5) / ratio)
