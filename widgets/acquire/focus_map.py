"""Where the picture is sharp: cells over the live picture, and a ring at the sharpest."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.capture.measures import Measured
from widgets import theme
from widgets.acquire.overlay import LiveOverlay, Seen

Run: TypeAlias = tuple[QColor, int, int, int]
_CLASSES = ((0.25, 40), (0.45, 75), (0.7, 115))
"""From which share of the best sharpness on, and how strongly a cell is tinted."""


class FocusMapOverlay(LiveOverlay):
    """Shares are of the best any cell had since it was begun: the tint grows as focus is found."""

    def __init__(self) -> None:
        self.on = False
        self._map: NDArray[np.float32] | None = None
        self._best = 0.0
        self._runs: tuple[Run, ...] = ()

    @property
    def peak(self) -> tuple[int, int] | None:
        """Row and column of the sharpest cell now."""
        if self._map is None:
            return None
        row, column = np.unravel_index(int(np.argmax(self._map)), self._map.shape)
        return int(row), int(column)

    def begin_anew(self) -> None:
        """Forget the best."""
        self._map, self._best, self._runs = None, 0.0, ()

    def show_measured(self, measured: Measured) -> None:
        """Take the map of a newer frame."""
        found = measured.focus_map
        if found is None or (self._map is not None and found.shape != self._map.shape):
            self.begin_anew()
        self._map = found
        if found is not None:
            self._best = max(self._best, float(found.max()))
            self._runs = _runs(found, self._best)

    def paint(self, painter: QPainter, seen: Seen) -> None:
        """A few tints, so that the picture is still seen through them."""
        if not self.on or self._map is None or self._best <= 0:
            return
        rows, columns = self._map.shape
        box = seen.rect
        x = [round(box.left() + n * box.width() / columns) for n in range(columns + 1)]
        y = [round(box.top() + n * box.height() / rows) for n in range(rows + 1)]
        for tint, row, start, end in self._runs:
            # whole pixels: a rectangle between them is drawn several times slower
            painter.fillRect(x[start], y[row], x[end] - x[start], y[row + 1] - y[row], tint)
        self._paint_peak(painter, seen, box.width() / columns, box.height() / rows)

    def _paint_peak(self, painter: QPainter, seen: Seen, width: float, height: float) -> None:
        peak = self.peak
        if peak is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.ON_EVIDENCE), 2))
        middle = QPointF((peak[1] + 0.5) * width, (peak[0] + 0.5) * height)
        painter.drawEllipse(seen.rect.topLeft() + middle, 12, 12)


def _runs(found: NDArray[np.float32], best: float) -> tuple[Run, ...]:
    """Neighbours of one tint in a row as one piece: tint, row, first column, column after."""
    if best <= 0:
        return ()
    classes = np.digitize(np.sqrt(found / best), [low for low, _ in _CLASSES])
    runs: list[Run] = []
    for row, line in enumerate(classes):
        edges = [0, *(np.flatnonzero(np.diff(line)) + 1).tolist(), len(line)]
        for start, end in pairwise(edges):
            if line[start]:
                runs.append((_tint(int(line[start])), row, start, end))
    return tuple(runs)


def _tint(number: int) -> QColor:
    made = QColor(theme.ACCENT_ON_EVIDENCE)
    made.setAlpha(_CLASSES[number - 1][1])
    return made
