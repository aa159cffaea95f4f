"""One stage month by month: how long it took, and how much was done in time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.casework.metrics import StageMonth
from widgets import theme
from widgets.casework.metrics_words import month_words
from widgets.common.parts import label

_AXIS_PX, _AXIS_BELOW_PX = 58, 28
_ABOVE_PX = 9
"""Half the height of the highest figure, which would be cut in two."""
_ROOM = 0.6
_BAR = 0.62
_FEW = 8


class Months(pyqtgraph.AxisItem):  # type: ignore[misc]
    """Months in their order, as many as have room for their names."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self.months: tuple[str, ...] = ()

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[int]]]:
        """Whole months only."""
        first, last = max(int(np.ceil(low)), 0), min(int(high), len(self.months) - 1)
        step = max(int(np.ceil((last - first + 1) * 64 / max(size, 1))), 1)
        return [(float(step), list(range(first, last + 1, step)))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Nov 26."""
        return [
            month_words(self.months[int(v)], short=True) if 0 <= v < len(self.months) else ""
            for v in values
        ]


class _Plot(pyqtgraph.PlotWidget):  # type: ignore[misc]
    """A plot that is only looked at, coloured like the rest."""

    def __init__(self, name: str, what: str) -> None:
        self.months = Months()
        super().__init__(axisItems={"bottom": self.months})
        self.setObjectName(name)
        self.setAccessibleName(what)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self.getAxis("left").setWidth(_AXIS_PX)
        self.getAxis("bottom").setHeight(_AXIS_BELOW_PX)
        self.getPlotItem().layout.setContentsMargins(0, _ABOVE_PX, 0, 0)

    def colour(self) -> theme.Look:
        """The colours of the look in use."""
        colours = theme.colours()
        self.setBackground(colours.ground)
        for side in ("bottom", "left"):
            axis = self.getAxis(side)
            axis.setPen(QColor(colours.line))
            axis.setTextPen(QColor(colours.dim))
        return colours

    def fit(self, months: tuple[str, ...], top: float) -> None:
        """All months, and from nothing to a little above the highest."""
        self.months.months = months
        self.months.picture = None  # drawn anew although the range may be the same
        self.setXRange(-_ROOM, max(len(months), 4) - 1 + _ROOM, padding=0)
        self.setYRange(-0.03 * top, top, padding=0)


class StageCharts(QWidget):
    """Above: the median with its quartiles, and the target as a dashed line where it counts in
    the same unit. Below: how many were done, the part done in time filled."""

    def __init__(self) -> None:
        super().__init__()
        self._lines: tuple[StageMonth, ...] = ()
        self._target: float | None = None
        self.spent = _Plot("metrics_spent", "Median and quartiles of the time taken, by month")
        self.done = _Plot("metrics_done", "How many were done, and of these in time, by month")
        self.spent_title = label("", "heading", "metrics_spent_title")
        self.done_title = label("", "heading", "metrics_done_title")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for title, plot, stretch in (
            (self.spent_title, self.spent, 3),
            (self.done_title, self.done, 2),
        ):
            layout.addWidget(title)
            layout.addWidget(plot, stretch)
        self.medians = self.spent.plot()
        self.quartiles = pyqtgraph.ErrorBarItem(x=np.zeros(0), y=np.zeros(0), beam=0.18)
        self.target = pyqtgraph.InfiniteLine(angle=0, movable=False)
        self.spent.addItem(self.quartiles)
        self.spent.addItem(self.target)
        self.counts = pyqtgraph.BarGraphItem(x=[], height=[], width=_BAR)
        self.within = pyqtgraph.BarGraphItem(x=[], height=[], width=_BAR)
        for bars in (self.counts, self.within):
            self.done.addItem(bars)

    def show_lines(self, lines: tuple[StageMonth, ...], target: float | None) -> None:
        """Draw them; ``target`` is in their unit, None without one."""
        self._lines, self._target = lines, target
        unit = lines[0].unit if lines else ""
        dashed = "; dashed: the target" if target is not None else ""
        self.spent_title.setText(f"{unit.capitalize()} taken: median and quartiles{dashed}")
        self.done_title.setText("Done in each month; filled: within the target")
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "within"):
            self._draw()

    def _draw(self) -> None:
        months = tuple(line.month for line in self._lines)
        self._draw_spent(months)
        self._draw_done(months)

    def _draw_spent(self, months: tuple[str, ...]) -> None:
        colours = self.spent.colour()
        known = [(at, one) for at, one in enumerate(self._lines) if one.median is not None]
        x = np.array([at for at, _ in known], float)
        low, middle, high = (
            np.array([getattr(one, part) for _, one in known], float)
            for part in ("lower", "median", "upper")
        )
        accent = pyqtgraph.mkPen(colours.accent, width=1.6)
        brush = pyqtgraph.mkBrush(colours.accent)
        self.medians.setData(
            x, middle, pen=accent, symbol="o", symbolSize=7, symbolPen=accent, symbolBrush=brush
        )
        pen = pyqtgraph.mkPen(colours.dim, width=1.4)
        self.quartiles.setData(x=x, y=middle, top=high - middle, bottom=middle - low, pen=pen)
        self.quartiles.setVisible(bool(known))
        self.target.setVisible(self._target is not None)
        tops = [1.0, *high.tolist()]
        if self._target is not None:
            self.target.setValue(self._target)
            dash = pyqtgraph.mkPen(colours.amber, width=1.4, style=Qt.PenStyle.DashLine)
            self.target.setPen(dash)
            tops.append(self._target)
        self.spent.fit(months, 1.12 * max(tops))

    def _draw_done(self, months: tuple[str, ...]) -> None:
        colours = self.done.colour()
        x = np.arange(len(months))
        counts = np.array([one.count for one in self._lines], float)
        within = np.array([one.count * (one.within or 0.0) for one in self._lines], float)
        outline = pyqtgraph.mkPen(colours.accent, width=1.2)
        self.counts.setOpts(x=x, height=counts, pen=outline, brush=pyqtgraph.mkBrush(None))
        filled = pyqtgraph.mkBrush(colours.accent)
        self.within.setOpts(x=x, height=within, pen=outline, brush=filled)
        few = max((one.count for one in self._lines), default=0) < _FEW
        self.done.getAxis("left").setTickSpacing(*((1, 1) if few else (None, None)))
        self.done.fit(months, 1.12 * max(1.0, *counts.tolist()) if len(months) else 1.0)
