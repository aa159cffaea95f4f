"""Charts of a report, drawn as lines and areas: no colours that would judge."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from reportlab.graphics.shapes import Circle, Drawing, Line, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from app.reporting.casework import Bar, Course
from app.reporting.layout import SMALL, WIDTH, paragraph, table
from app.reporting.text import plain

_INK, _LIGHT, _FILL = HexColor("#3d3d3d"), HexColor("#c9c9c9"), HexColor("#8aa4bf")
_BAR_WIDTH, _BAR_HEIGHT = 70 * mm, 7.0
_HEIGHT = 46 * mm


def bars(found: Sequence[Bar]) -> Any:
    """One bar a row: what it is, how long, and the figure in words."""
    top = max((bar.value or 0.0 for bar in found), default=0.0)
    label, said = 62 * mm, WIDTH - 62 * mm - _BAR_WIDTH
    rows = [
        [
            paragraph(bar.label, SMALL, label),
            _bar(bar.value, top),
            paragraph(bar.text, SMALL, said),
        ]
        for bar in found
    ]
    return table(rows, (label, _BAR_WIDTH, said))


def _bar(value: float | None, top: float) -> Any:
    drawing = Drawing(_BAR_WIDTH - 8, _BAR_HEIGHT + 2)
    if value is not None and value > 0:
        length = max((_BAR_WIDTH - 10) * value / top, 0.8)
        drawing.add(Rect(0, 1, length, _BAR_HEIGHT, fillColor=_FILL, strokeColor=None))
    return drawing


def course(found: Course) -> Any:
    """A figure over time as a line with its points; where nothing is known the line stops."""
    drawing = Drawing(WIDTH, _HEIGHT)
    left, bottom, right, top = 34.0, 22.0, WIDTH - 6.0, _HEIGHT - 8.0
    highest = max((v for v in found.values if v is not None), default=0.0) or 1.0
    for share in (0.0, 0.5, 1.0):
        y = bottom + share * (top - bottom)
        drawing.add(Line(left, y, right, y, strokeColor=_LIGHT, strokeWidth=0.4))
        text = f"{_figure(highest * share)}{found.unit}"
        drawing.add(_text(left - 4, y - 2.4, text, "end"))
    points = _points(found.values, (left, bottom, right, top), highest)
    for one, other in pairwise(points):
        if one is not None and other is not None:
            drawing.add(Line(*one, *other, strokeColor=_INK, strokeWidth=1.1))
    for point in points:
        if point is not None:
            drawing.add(Circle(*point, 1.8, fillColor=_INK, strokeColor=None))
    _steps(drawing, found.steps, (left, right))
    return drawing


def _figure(value: float) -> str:
    """Three digits that mean something, and never a power of ten."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def _points(
    values: Sequence[float | None], box: tuple[float, float, float, float], highest: float
) -> list[tuple[float, float] | None]:
    left, bottom, right, top = box
    wide = (right - left) / max(len(values), 1)
    return [
        None
        if value is None
        else (left + wide * (at + 0.5), bottom + (top - bottom) * value / highest)
        for at, value in enumerate(values)
    ]


def _steps(drawing: Any, steps: Sequence[str], across: tuple[float, float]) -> None:
    """As many names as have room."""
    left, right = across
    wide = (right - left) / max(len(steps), 1)
    every = max(1, round(36 / wide + 0.49))
    for at, name in enumerate(steps):
        if at % every == 0:
            drawing.add(_text(left + wide * (at + 0.5), 10, plain(name)[:12], "middle"))


def _text(x: float, y: float, text: str, anchor: str) -> Any:
    return String(x, y, text, fontName="Helvetica", fontSize=6.5, fillColor=_INK, textAnchor=anchor)
