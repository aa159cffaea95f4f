"""Small vector charts for a report: lines, steps, bars; black, blue and amber, never red and green.

Two sorts are told apart by colour and by line (whole and dashed) or filling, so that they are
also told apart on a black-and-white print.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, log10
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike
from reportlab.graphics.shapes import Drawing, Group, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase.pdfmetrics import stringWidth

SAME: Final = HexColor("#1f5a96")
DIFFERENT: Final = HexColor("#d98a1f")
NEUTRAL: Final = HexColor("#707070")
INK: Final = HexColor("#202020")
PALE: Final = HexColor("#e4e4e4")
FONT: Final = "Helvetica"
SIZE: Final = 7
LEFT, RIGHT, BOTTOM, TOP = 36, 8, 30, 20


@dataclass(frozen=True, slots=True)
class Ink:
    """How one line looks."""

    colour: Color
    dashes: tuple[int, ...] = ()
    width: float = 1.2


SAME_LINE: Final = Ink(SAME)
DIFFERENT_LINE: Final = Ink(DIFFERENT, (4, 2))
NEUTRAL_LINE: Final = Ink(NEUTRAL, (1, 2), 0.8)


class Chart:
    """Axes with ranges; what is drawn is clipped to them by its numbers."""

    def __init__(
        self,
        title: str,
        x: tuple[str, float, float],
        y: tuple[str, float, float],
        size: tuple[float, float] = (245, 165),
    ) -> None:
        self.drawing: Any = Drawing(*size)
        self._x, self._y = _widened(x), _widened(y)
        self._wide, self._high = size[0] - LEFT - RIGHT, size[1] - BOTTOM - TOP
        self._keys = 0
        self._ground: Any = Group()
        self._frame(title, size)

    def lines(self, x: ArrayLike, y: ArrayLike, ink: Ink, label: str = "") -> None:
        """A line through points."""
        places = self._places(np.asarray(x, np.float64), np.asarray(y, np.float64))
        self.drawing.add(_poly(places, ink))
        self._key(label, ink)

    def steps(self, x: ArrayLike, y: ArrayLike, ink: Ink, label: str = "") -> None:
        """A stair: level y[i] from x[i - 1] to x[i]."""
        across, up = np.asarray(x, np.float64), np.asarray(y, np.float64)
        self.lines(np.repeat(across, 2)[1:-1], np.repeat(up, 2)[2:], ink, label)

    def bars(
        self, edges: ArrayLike, heights: ArrayLike, ink: Ink, label: str = "", part: float = 1.0
    ) -> None:
        """Bars between edges; ``part`` below 1 makes them see-through."""
        at, tall = np.asarray(edges, np.float64), np.asarray(heights, np.float64)
        fill = Color(ink.colour.red, ink.colour.green, ink.colour.blue, alpha=part)
        for low, high, height in zip(at[:-1], at[1:], tall, strict=True):
            if height > 0:
                (x0, y0), (x1, y1) = self._place(low, self._y[1]), self._place(high, height)
                self.drawing.add(
                    Rect(x0, y0, x1 - x0, y1 - y0, fillColor=fill, strokeColor=ink.colour,
                         strokeWidth=0.4)
                )  # fmt: skip
        self._key(label, Ink(ink.colour, (), 5))

    def point(self, x: float, y: float, colour: Color) -> None:
        """A small square mark."""
        across, up = self._place(x, y)
        self.drawing.add(
            Rect(across - 2, up - 2, 4, 4, fillColor=colour, strokeColor=INK, strokeWidth=0.3)
        )

    def upright(self, x: float, ink: Ink) -> None:
        """A line from bottom to top."""
        self.lines([x, x], self._y[1:], ink)

    def ticks_x(self, ticks: Sequence[float], words: Callable[[float], str] | None = None) -> None:
        """Marks on the x axis; instead of its own."""
        for tick in ticks:
            across, _ = self._place(tick, self._y[1])
            self.drawing.add(Line(across, BOTTOM, across, BOTTOM - 3, strokeColor=INK))
            text = words(tick) if words else _number(tick)
            self.drawing.add(_text(across, BOTTOM - 11, text, "middle"))

    def ticks_y(self) -> None:
        """Marks and pale lines on the y axis."""
        for tick in nice_ticks(*self._y[1:]):
            across, up = self._place(self._x[1], tick)
            self._ground.add(
                Line(across, up, across + self._wide, up, strokeColor=PALE, strokeWidth=0.5)
            )
            self.drawing.add(_text(across - 4, up - 2.5, _number(tick), "end"))

    def _frame(self, title: str, size: tuple[float, float]) -> None:
        self.drawing.add(self._ground)
        self.drawing.add(_text(LEFT, size[1] - 9, title, "start", "Helvetica-Bold", SIZE + 1))
        self._ground.add(
            Rect(LEFT, BOTTOM, self._wide, self._high, fillColor=None, strokeColor=NEUTRAL,
                 strokeWidth=0.5)
        )  # fmt: skip
        self.drawing.add(_text(LEFT + self._wide / 2, 5, self._x[0], "middle"))
        upright: Any = Group(_text(0, 0, self._y[0], "middle"))
        upright.translate(8, BOTTOM + self._high / 2)
        upright.rotate(90)
        self.drawing.add(upright)
        self.ticks_y()

    def _key(self, label: str, ink: Ink) -> None:
        if not label:
            return
        self.key_at(1 - 4 / self._wide, 1 - (9 + 10 * self._keys) / self._high, label, ink)
        self._keys += 1

    def key_at(self, x: float, y: float, label: str, ink: Ink) -> None:
        """The name of a line, its right end at shares of the width and height."""
        right, up = LEFT + x * self._wide, BOTTOM + y * self._high
        wide = 24 + stringWidth(label, FONT, SIZE)
        ground = Color(1, 1, 1, alpha=0.85)
        self.drawing.add(
            Rect(right - wide, up - 2, wide + 2, 9, fillColor=ground, strokeColor=None)
        )
        self.drawing.add(_poly([(right - 16, up + 2.5), (right, up + 2.5)], ink))
        self.drawing.add(_text(right - 20, up, label, "end"))

    def _place(self, x: float, y: float) -> tuple[float, float]:
        return self._places(np.array([x]), np.array([y]))[0]

    def _places(self, x: ArrayLike, y: ArrayLike) -> list[tuple[float, float]]:
        across = LEFT + self._wide * np.clip(_part(x, self._x), 0, 1)
        up = BOTTOM + self._high * np.clip(_part(y, self._y), 0, 1)
        return list(zip(np.round(across, 2).tolist(), np.round(up, 2).tolist(), strict=True))


def nice_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from low to high."""
    span = high - low
    step = 10.0 ** floor(log10(span / about))
    step *= next((m for m in (1, 2, 2.5, 5) if span / (m * step) <= about), 10)
    first = int(np.ceil(low / step - 1e-9))
    last = int(np.floor(high / step + 1e-9))
    return [round(i * step, 10) for i in range(first, last + 1)]


def _widened(axis: tuple[str, float, float]) -> tuple[str, float, float]:
    name, low, high = axis
    return (name, float(low), float(high)) if high > low else (name, low - 0.5, low + 0.5)


def _part(values: ArrayLike, axis: tuple[str, float, float]) -> Any:
    return (np.asarray(values, np.float64) - axis[1]) / (axis[2] - axis[1])


def _poly(places: Sequence[tuple[float, float]], ink: Ink) -> Any:
    flat = [number for place in places for number in place]
    dashes = list(ink.dashes) or None
    return PolyLine(flat, strokeColor=ink.colour, strokeWidth=ink.width, strokeDashArray=dashes)


def _text(x: float, y: float, text: str, anchor: str, font: str = FONT, size: float = SIZE) -> Any:
    return String(x, y, text, fontName=font, fontSize=size, textAnchor=anchor, fillColor=INK)


def _number(value: float) -> str:
    return f"{value:.6g}"
