"""Where the pointer is on the specimens: the mirrored cursor and a line of figures."""

from __future__ import annotations

from math import hypot, isfinite

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy

from app.picture import Side
from app.picture.drawing import ACCENT, DARK
from widgets.compare.desk import Desk
from widgets.compare.desk.setting import Point
from widgets.compare.tools.tool import Overlay

_ARM, _GAP = 11.0, 3.0
_NOT_HERE_PX = 2.0


class MirrorCursor(Overlay):
    """The place under the pointer, marked in the other pane where that shows it too."""

    def __init__(self) -> None:
        self.on = True

    def paint(self, painter: QPainter, desk: Desk, ratio: float, pointer: Point | None) -> None:
        if pointer is None or not self.on:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for x, y in mirrored(desk, pointer):
            _draw_cross(painter, QPointF((x + 0.5) / ratio, (y + 0.5) / ratio))


def mirrored(desk: Desk, point: Point) -> list[Point]:
    """Where else in the view the place under ``point`` is seen, on either specimen."""
    place = desk.place(point)
    seen = [*desk.seen_at(left_um=place.left_um), *desk.seen_at(right_um=place.right_um)]
    return [p for p in seen if hypot(p[0] - point[0], p[1] - point[1]) > _NOT_HERE_PX]


def pointer_words(desk: Desk, point: Point) -> tuple[str, ...]:
    """Coordinates and height or grey value on both specimens, longest wording first."""
    place = desk.place(point)
    sides = (
        ("left", desk.left, place.left_um),
        ("right", desk.right, place.right_um),
    )
    full = [
        f"{name}  x {um[0]:.1f}  y {um[1]:.1f} µm  {reading(desk, side, um)}"
        for name, side, um in sides
    ]
    brief = [f"{name} {um[0]:.0f}, {um[1]:.0f} µm" for name, _, um in sides]
    return "     ".join(full), "   ".join(brief)


def reading(desk: Desk, side: Side, um: Point) -> str:
    """The height as measured, or the grey value, at a place of a specimen."""
    field = desk.measures.field(side)
    value = float(field.at(np.array([um]))[0])
    if not isfinite(value):
        return "no data"
    return f"height {value:.2f} µm" if field.unit == "µm" else f"grey {value:.0f}"


class PointerLine(QLabel):
    """One line under the picture: what is being measured, and where the pointer is."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pointer_line")
        self.setAccessibleName("Place under the pointer, in micrometres")
        self.setToolTip("Micrometres from the centre of each picture: x to the right, y downwards")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setProperty("tone", "dim")
        self.setContentsMargins(10, 0, 10, 0)
        # with words or without: the picture above must keep its size
        self.setFixedHeight(self.fontMetrics().height() + 3)

    def minimumSizeHint(self) -> QSize:
        return QSize(40, super().minimumSizeHint().height())

    def show_desk(self, desk: Desk | None, pointer: Point | None) -> None:
        """Say it for this moment; empty when there is nothing to say."""
        if desk is None:
            self.setText("")
            return
        wordings = ("",) if pointer is None else pointer_words(desk, pointer)
        measured = measured_words(desk)
        texts = [f"{measured}     {w}" if measured and w else measured or w for w in wordings]
        room = self.width() - 24
        metrics = self.fontMetrics()
        fitting = [t for t in texts if metrics.horizontalAdvance(t) <= room]
        self.setText(fitting[0] if fitting else measured or texts[-1])


def measured_words(desk: Desk) -> str:
    """What is in hand or chosen, with its value and details."""
    one = desk.measures.chosen_one
    if one is None or not one.complete:
        return ""
    words = desk.measures.words(one)
    details = one.details(desk.alignment)
    said = f"{words} ({details})" if details and details != words else words
    return f"{one.kind.value.capitalize()} {said}".strip()


def _draw_cross(painter: QPainter, at: QPointF) -> None:
    """Four arms that leave the place itself free."""
    arms = ((1, 0), (-1, 0), (0, 1), (0, -1))
    for colour, width in ((QColor(*DARK, 210), 3.2), (QColor(*ACCENT), 1.4)):
        painter.setPen(QPen(colour, width))
        for dx, dy in arms:
            painter.drawLine(at + QPointF(dx, dy) * _GAP, at + QPointF(dx, dy) * _ARM)
