"""A control chart: one figure of all checks, with the limits each was held against.

A point says by its shape as well as its colour how the check came out: a dot within limits, a
triangle for a warning, a square with a cross out of limits; a ring marks the one chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QPainterPath
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.instruments import Figure, InstrumentCheck, Limits
from app.workbench.instrument_words import (
    OUTCOME_WORDS,
    figure_label,
    limits_words,
    local_day,
    number_words,
)
from widgets import theme
from widgets.common.parts import label

_SIZES = {"within": 6.0, "warning": 10.0, "out": 11.0}
_LINES = ("mean", "warn_low", "warn_high", "act_low", "act_high")
_ROOM = 0.5
_AXIS_PX = 72
"""Room for the widest number: what does not fit is not drawn at all."""


def _crossed() -> QPainterPath:
    """A square with a cross in it."""
    path = QPainterPath()
    path.addRect(-0.5, -0.5, 1, 1)
    for x in (-0.5, 0.5):
        path.moveTo(x, -0.5)
        path.lineTo(-x, 0.5)
    return path


class Days(pyqtgraph.AxisItem):  # type: ignore[misc]
    """Checks in their order, named by their days."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.moments: tuple[str, ...] = ()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[int]]]:
        """Whole checks only, as many as have room for their days."""
        first, last = max(int(np.ceil(low)), 0), min(int(high), len(self.moments) - 1)
        step = max(int(np.ceil((last - first + 1) * 80 / max(size, 1))), 1)
        return [(float(step), list(range(first, last + 1, step)))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Day and month, once for each day; month and year where they are of several years."""
        known = [self.moments[int(v)] if 0 <= v < len(self.moments) else "" for v in values]
        long = bool(self.moments) and self.moments[0][:4] != self.moments[-1][:4]
        days = [local_day(moment).split(" ") if moment else [] for moment in known]
        words = [" ".join(day[1:] if long else day[:2]) for day in days]
        return ["" if one == before else one for before, one in pairwise(("", *words))]


class Chart(QWidget):
    """``chosen`` hears the number of a check whose point is clicked."""

    def __init__(self, figure: Figure, chosen: Callable[[int], None]) -> None:
        super().__init__()
        self.setObjectName(f"chart_{figure}")
        self._figure: Figure = figure
        self._checks: tuple[InstrumentCheck, ...] = ()
        self._next: Limits | None = None
        self._first = 0
        self.title = label("", "heading", f"chart_{figure}_title")
        self._held = label("", "dim", f"chart_{figure}_limits", wrap=True)
        self._days = Days()
        self.plot = pyqtgraph.PlotWidget(axisItems={"bottom": self._days})
        self.plot.setObjectName(f"chart_{figure}_plot")
        self.plot.setAccessibleName(f"Control chart of the {figure_label(figure).lower()}")
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=False, y=False)
        self.plot.getAxis("left").setWidth(_AXIS_PX)
        self.plot.getAxis("left").tickStrings = self._numbers
        self.lines = {name: self.plot.plot(connect="finite") for name in _LINES}
        self._trace = self.plot.plot()
        self.points = {outcome: self._scatter(chosen) for outcome in _SIZES}
        self._ring = pyqtgraph.ScatterPlotItem(size=16, symbol="o", brush=None)
        for item in (*self.points.values(), self._ring):
            self.plot.addItem(item)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.title)
        layout.addWidget(self._held)
        layout.addWidget(self.plot, 1)

    def show_checks(
        self, checks: tuple[InstrumentCheck, ...], coming: Limits | None, first: int = 0
    ) -> None:
        """Draw them; ``coming`` are the limits of the next check, ``first`` their first number."""
        self._first = first
        self._checks, self._next = checks, coming
        self._days.moments = tuple(check.checked_at for check in checks)
        self._days.picture = None  # drawn anew although the range may be the same
        self._say(checks[-1] if checks else None, coming)
        self._draw()
        self.show_chosen(-1)

    def show_chosen(self, number: int) -> None:
        """Ring the point of a check; none for -1."""
        value = self._value(number - self._first)
        self._ring.setData([] if value is None else [{"pos": (number - self._first, value)}])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "_ring"):
            self._draw()

    def _scatter(self, chosen: Callable[[int], None]) -> pyqtgraph.ScatterPlotItem:
        made = pyqtgraph.ScatterPlotItem(pxMode=True, hoverable=True, tip=self._tip)
        made.sigClicked.connect(
            lambda _item, points, _event: chosen(self._first + int(points[0].pos().x()))
        )
        return made

    # --- drawing ---------------------------------------------------------------------------
    def _draw(self) -> None:
        colours = theme.colours()
        self._colour(colours)
        at, values = self._known()
        self._trace.setData(at, values, pen=pyqtgraph.mkPen(colours.faint, width=1))
        outcomes = np.array([self._checks[int(i)].outcome_of(self._figure) for i in at], str)
        for outcome, (symbol, pen, brush) in self._looks(colours).items():
            own = outcomes == outcome
            look = {"size": _SIZES[outcome], "symbol": symbol, "pen": pen, "brush": brush}
            self.points[outcome].setData(x=at[own], y=values[own], **look)
        self._draw_limits(colours)
        self._fit(values)

    def _looks(self, colours: theme.Look) -> dict[str, tuple[object, object, object]]:
        """Symbol, outline and filling by outcome."""
        amber, none = QColor(colours.amber), pyqtgraph.mkBrush(None)
        dot = pyqtgraph.mkBrush(colours.accent)
        return {
            "within": ("o", pyqtgraph.mkPen(colours.accent), dot),
            "warning": ("t1", pyqtgraph.mkPen(amber, width=1.6), pyqtgraph.mkBrush(colours.ground)),
            "out": (_crossed(), pyqtgraph.mkPen(amber, width=1.8), none),
        }

    def _draw_limits(self, colours: theme.Look) -> None:
        """The steps of all limits."""
        held = [check.limits.get(self._figure) for check in self._checks]
        steps = [one for one in (*held, self._next) if one is not None]
        for name, line in self.lines.items():
            bounds = [_number(getattr(one, name)) for one in steps]
            line.setData(*_stepped(np.array(bounds, float)), pen=_pen(name, colours))

    def _fit(self, values: NDArray[np.float64]) -> None:
        """Room for all points and the limits of now; wider ones of before run out of the chart."""
        now = [] if self._next is None else [getattr(self._next, name) for name in _LINES]
        known = [*values.tolist(), *(bound for bound in now if bound is not None)]
        low, high = (min(known), max(known)) if known else (0.9, 1.1)
        margin = 0.12 * max(high - low, 1e-4)
        self.plot.setYRange(low - margin, high + margin, padding=0)
        count = max(len(self._checks) + 1, 8)
        self.plot.setXRange(-_ROOM, count - _ROOM, padding=0)

    def _colour(self, colours: theme.Look) -> None:
        self.plot.setBackground(colours.ground)
        for side in ("bottom", "left"):
            axis = self.plot.getAxis(side)
            axis.setPen(QColor(colours.line))
            axis.setTextPen(QColor(colours.dim))
        self._ring.setPen(pyqtgraph.mkPen(colours.text, width=1.6))

    # --- words -----------------------------------------------------------------------------
    def _say(self, last: InstrumentCheck | None, coming: Limits | None) -> None:
        name = figure_label(self._figure)
        value = None if last is None else last.figures.get(self._figure)
        if last is None:
            self.title.setText(name)
        else:
            told = "not measured" if value is None else number_words(self._figure, value)
            outcome = OUTCOME_WORDS[last.outcome_of(self._figure)]
            self.title.setText(f"{name}  {told}, {outcome}")
        self._held.setText("" if coming is None else limits_words(self._figure, coming))

    def _tip(self, x: float, y: float, data: object) -> str:
        check = self._checks[int(x)]
        outcome = OUTCOME_WORDS[check.outcome_of(self._figure)]
        return f"{local_day(check.checked_at)}: {number_words(self._figure, y)}, {outcome}"

    def _numbers(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        return [number_words(self._figure, value) for value in values]

    def _known(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        found = [(i, v) for i in range(len(self._checks)) if (v := self._value(i)) is not None]
        table = np.array(found, float).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def _value(self, number: int) -> float | None:
        if not 0 <= number < len(self._checks):
            return None
        return self._checks[number].figures.get(self._figure)


def _stepped(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """A line of steps: each value from half a check before to half a check after its own."""
    changes = np.flatnonzero(np.diff(values, prepend=np.nan) != 0)
    ends = np.append(changes[1:], len(values))[: len(changes)]
    at = np.column_stack([changes, ends]).ravel() - _ROOM
    return at, np.repeat(values[changes], 2)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _pen(name: str, colours: theme.Look) -> object:
    """Action limits solid, warning limits dashed, the mean dotted."""
    if name == "mean":
        return pyqtgraph.mkPen(colours.faint, width=1, style=Qt.PenStyle.DotLine)
    if name.startswith("warn"):
        return pyqtgraph.mkPen(colours.dim, width=1, style=Qt.PenStyle.DashLine)
    return pyqtgraph.mkPen(colours.amber, width=1)
