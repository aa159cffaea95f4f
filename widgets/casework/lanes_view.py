"""Events over time, a lane for what hangs together.

The shape says what an event was: a filled diamond a fatal shooting, an open circle a non-fatal
one, a triangle shots fired, a square a recovery, a cross anything else. The line of a lane is
whole where it has a hit and broken where it rests on leads alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import numpy as np
import pyqtgraph
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from app.casework.graph import EventFacts
from app.casework.timeline import Lane, Moment
from widgets import theme

_NAMES_PX = 230
_NAMES_AIR_PX = 30
_LANES_SEEN = 14
_FIRST_DAY = date(1970, 1, 1)
_MOST_DAYS = 2_000_000.0


def symbol_of(event: EventFacts) -> tuple[str, bool]:
    """The symbol of an event, and whether it is filled."""
    if event.outcome == "fatal":
        return "d", True
    if event.outcome == "non-fatal":
        return "o", False
    if event.kind.startswith("shots"):
        return "t1", False
    return ("s", False) if event.kind == "recovery" else ("x", True)


class LaneNames(pyqtgraph.AxisItem):  # type: ignore[misc]
    """The names of the lanes."""

    def __init__(self) -> None:
        super().__init__("left")
        self.lanes: tuple[Lane, ...] = ()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[int]]]:
        """Whole lanes, as many as have room."""
        low, high = sorted((low, high))
        first, last = max(int(np.ceil(low)), 0), min(int(high), len(self.lanes) - 1)
        step = max(int(np.ceil((last - first + 1) * 16 / max(size, 1))), 1)
        return [(1.0, list(range(first, last + 1, step)))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """A name, cut where it is too long."""
        return [_cut(self.lanes[int(v)].name) for v in values]


class DayAxis(pyqtgraph.AxisItem):  # type: ignore[misc]
    """Days since 1970-01-01 as dates: years, months or days, as many as have room."""

    def __init__(self) -> None:
        super().__init__("bottom")

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Firsts of years or months, or days."""
        span, room = max(high - low, 1e-6), max(size / 90, 2)
        for step in (1, 2, 7, 14):
            if span / step <= room:
                first = int(np.ceil(low / step)) * step
                return [(float(step), [float(d) for d in range(first, int(high) + 1, step)])]
        for months in (1, 2, 3, 6, 12, 24, 60, 120, 600, 1200):
            if span / (30.44 * months) <= room:
                return [(30.44 * months, _firsts(low, high, months))]
        return []

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """As records write them, cut to what the step needs."""
        length = 10 if spacing < 28 else 7 if spacing < 360 else 4
        return [day_text(value)[:length] for value in values]


class LanesView(QWidget):
    """``chosen`` is called with the event in hand."""

    def __init__(self, chosen: Callable[[Moment], None], opened: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("lanes")
        self.setAccessibleName("Timeline of the events of linked cases")
        self._chosen, self._opened = chosen, opened
        self._names = LaneNames()
        self.plot = pyqtgraph.PlotWidget(axisItems={"left": self._names, "bottom": DayAxis()})
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._points = pyqtgraph.ScatterPlotItem(hoverable=True, tip=None)
        self._points.sigClicked.connect(self._clicked)
        self._ring = pyqtgraph.ScatterPlotItem(size=24, pxMode=True)
        self.lanes: tuple[Lane, ...] = ()
        self.moments: tuple[tuple[int, Moment], ...] = ()
        self.current = -1
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.plot)

    def show_lanes(self, lanes: tuple[Lane, ...]) -> None:
        """Draw them, where they are others than those seen."""
        if lanes == self.lanes:
            return
        self.lanes = lanes
        self.moments = tuple((lane.component, m) for lane in lanes for m in lane.moments)
        self.current = -1
        self.redraw()
        self.fit()

    def redraw(self) -> None:
        """In the colours of the look in use."""
        look = theme.colours()
        self.plot.setBackground(look.ground)
        self._names.lanes = self.lanes
        for name in ("left", "bottom"):
            axis = self.plot.getAxis(name)
            axis.setPen(QColor(look.line))
            axis.setTextPen(QColor(look.text))
        self.plot.getAxis("left").setWidth(_NAMES_PX)
        self.plot.showGrid(x=True, y=False, alpha=0.25)
        self.plot.clear()
        self._draw_lanes(QColor(look.dim))
        self._draw_points(QColor(look.text))
        self.plot.addItem(self._points)
        self.plot.addItem(self._ring)
        self._show_ring()

    def fit(self) -> None:
        """All days; of many lanes the first."""
        days = [m.day for _, m in self.moments]
        if not days:
            return
        room = max((max(days) - min(days)) * 0.05, 5.0)
        seen = min(len(self.lanes), _LANES_SEEN)
        self.plot.getViewBox().invertY(True)
        self.plot.setXRange(min(days) - room, max(days) + room, padding=0)
        self.plot.setYRange(-0.6, max(seen, 3) - 0.4, padding=0)
        low, high = min(days) - 4000, max(days) + 4000
        limits = {"xMin": low, "xMax": high, "yMin": -2, "yMax": len(self.lanes) + 2}
        self.plot.getViewBox().setLimits(**limits, minXRange=0.5, maxXRange=_MOST_DAYS)

    def zoom_in(self) -> None:
        """Fewer days."""
        self.plot.getViewBox().scaleBy((0.7, 1.0))

    def zoom_out(self) -> None:
        """More days."""
        self.plot.getViewBox().scaleBy((1 / 0.7, 1.0))

    def step(self, by: int) -> None:
        """The next or previous event, lane after lane."""
        if self.moments:
            self.choose((self.current + by) % len(self.moments) if self.current >= 0 else 0)

    def choose(self, number: int) -> None:
        """Put the ring around an event."""
        self.current = number
        self._show_ring()
        lane, moment = self.moments[number]
        box = self.plot.getViewBox()
        (low, high), (top, bottom) = box.viewRange()
        if not low <= moment.day <= high:
            half = (high - low) / 2
            self.plot.setXRange(moment.day - half, moment.day + half, padding=0)
        if not min(top, bottom) <= lane <= max(top, bottom):
            half = abs(bottom - top) / 2
            self.plot.setYRange(lane - half, lane + half, padding=0)
        self._chosen(moment)

    def point_of(self, number: int) -> QPointF:
        """Where an event is seen, in pixels of the plot."""
        lane, moment = self.moments[number]
        scene = self.plot.getViewBox().mapViewToScene(QPointF(moment.day, lane))
        return QPointF(self.plot.mapFromScene(scene))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys are the page's."""
        event.ignore()

    def _draw_lanes(self, colour: QColor) -> None:
        """From the first to the last event of each, whole where there is a hit."""
        for hits, style in ((True, Qt.PenStyle.SolidLine), (False, Qt.PenStyle.DashLine)):
            kind = [one for one in self.lanes if one.moments and bool(one.hits) == hits]
            days = [m.day for one in kind for m in (one.moments[0], one.moments[-1])]
            at = [float(one.component) for one in kind for _ in range(2)]
            pen = pyqtgraph.mkPen(colour, width=2 if hits else 1.2, style=style)
            lines = pyqtgraph.PlotCurveItem(np.array(days), np.array(at), pen=pen, connect="pairs")
            self.plot.addItem(lines)

    def _draw_points(self, ink: QColor) -> None:
        signs = [symbol_of(moment.event) for _, moment in self.moments]
        fillings = {True: pyqtgraph.mkBrush(ink), False: pyqtgraph.mkBrush(theme.colours().ground)}
        self._points.setData(
            x=np.array([moment.day for _, moment in self.moments]),
            y=np.array([float(lane) for lane, _ in self.moments]),
            symbol=[symbol for symbol, _ in signs],
            brush=[fillings[filled] for _, filled in signs],
            pen=pyqtgraph.mkPen(ink, width=1.8),
            size=13,
        )

    def _show_ring(self) -> None:
        if not 0 <= self.current < len(self.moments):
            self._ring.setData([])
            return
        lane, moment = self.moments[self.current]
        pen = pyqtgraph.mkPen(QColor(theme.colours().accent), width=2.5)
        self._ring.setData([{"pos": (moment.day, lane), "brush": None, "pen": pen}])

    def _clicked(self, _item: object, points: Sequence[object], event: object) -> None:
        found = [int(getattr(point, "index", lambda: -1)()) for point in points]
        if found:
            self.choose(found[0])
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            if bool(getattr(event, "double", lambda: False)()):
                self._opened()


def day_text(day: float) -> str:
    """A day since 1970-01-01 as 2026-03-04; "" beyond the calendar."""
    try:
        return (_FIRST_DAY + timedelta(days=int(np.floor(day)))).isoformat()
    except OverflowError:
        return ""


def _firsts(low: float, high: float, months: int) -> list[float]:
    found: list[float] = []
    start = date.fromisoformat(day_text(low) or "1970-01-01")
    number = (start.year * 12 + start.month - 1) // months * months
    while len(found) < 60 and number < 9998 * 12:
        at = (date(number // 12, number % 12 + 1, 1) - _FIRST_DAY).days
        if at > high:
            break
        if at >= low:
            found.append(float(at))
        number += months
    return found


def _cut(text: str) -> str:
    """What has room beside the axis: pyqtgraph shows nothing of a name that is too wide."""
    metrics = QFontMetrics(QApplication.font())
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, _NAMES_PX - _NAMES_AIR_PX)
