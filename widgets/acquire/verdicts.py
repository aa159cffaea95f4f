"""Verdicts on quality as signs: told apart by shape as well as by colour, and in words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF

from app.capture.quality import Quality, Verdict

COLOURS: dict[Verdict, str] = {"good": "#009e73", "usable": "#e69f00", "redo": "#d55e00"}
"""Told apart by all kinds of colour vision (Okabe and Ito); the shape says it once more."""
WORDS: dict[Verdict, str] = {"good": "good", "usable": "usable", "redo": "redo"}
_EDGE = "#101418"
_INK: dict[Verdict, str] = {"good": "#ffffff", "usable": "#101418", "redo": "#ffffff"}


def verdict_of(quality: Quality) -> str:
    """The verdict in a word; "used" where an examiner overruled what was measured."""
    if quality.used:
        return "used"
    return WORDS[quality.verdict]


def said_of(quality: Quality) -> str:
    """Verdict, reasons and figures, for a tooltip."""
    lines = [f"Quality: {verdict_of(quality)}", *quality.reasons]
    if quality.used:
        who, at = quality.used.get("examiner", ""), quality.used.get("at", "")[:10]
        lines.append(f"Used all the same ({who}, {at}): {quality.used.get('reason', '')}")
    return "\n".join([*lines, figures_of(quality)])


def figures_of(quality: Quality) -> str:
    """The figures in one line."""
    focus = "not judged" if quality.focus is None else f"{quality.focus:.2f}"
    turn = quality.orientation_deg
    oriented = "not found" if turn is None else f"{turn:.0f}°"
    return (
        f"focus {focus}, at full scale {quality.saturated:.1%}, black {quality.black:.1%}, "
        f"noise {quality.noise:.1%}, contrast {quality.contrast:.0%}, "
        f"coverage {quality.coverage:.0%}, orientation {oriented}"
    )


def paint_sign(painter: QPainter, verdict: Verdict, box: QRectF) -> None:
    """A disc with a tick, a triangle with a stroke, or a square with a cross."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(_EDGE), max(box.width() / 14, 1.0)))
    painter.setBrush(QColor(COLOURS[verdict]))
    if verdict == "good":
        painter.drawEllipse(box)
    elif verdict == "usable":
        painter.drawPolygon(_at(box, (0.5, 0.0), (1.0, 0.95), (0.0, 0.95)))
    else:
        painter.drawRect(box)
    ink = QPen(QColor(_INK[verdict]), max(box.width() / 8, 1.5))
    ink.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(ink)
    for stroke in _STROKES[verdict]:
        painter.drawPolyline(_at(box, *stroke))
    painter.restore()


_STROKES: dict[Verdict, tuple[tuple[tuple[float, float], ...], ...]] = {
    "good": (((0.27, 0.52), (0.44, 0.70), (0.74, 0.32)),),
    "usable": (((0.5, 0.35), (0.5, 0.62)), ((0.5, 0.79), (0.5, 0.80))),
    "redo": (((0.27, 0.27), (0.73, 0.73)), ((0.73, 0.27), (0.27, 0.73))),
}


def _at(box: QRectF, *places: tuple[float, float]) -> QPolygonF:
    return QPolygonF(
        [QPointF(box.x() + x * box.width(), box.y() + y * box.height()) for x, y in places]
    )


def sign(verdict: Verdict, side: int, ratio: float = 1.0) -> QPixmap:
    """The sign as a picture of ``side`` pixels."""
    made = QPixmap(round(side * ratio), round(side * ratio))
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_sign(painter, verdict, QRectF(1, 1, side - 2, side - 2))
    painter.end()
    return made


def with_sign(picture: QPixmap, verdict: Verdict) -> QPixmap:
    """A thumbnail with the sign in its upper left corner."""
    made = QPixmap(picture)
    painter = QPainter(made)
    side = max(min(made.width(), made.height()) * 0.2, 16.0)
    paint_sign(painter, verdict, QRectF(4, 4, side, side))
    painter.end()
    return made
