"""Small figures of the live picture: focus against the best so far, clipped shares, histogram."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.capture.measures import Measured
from widgets import theme
from widgets.acquire.histogram import HistogramView
from widgets.acquire.rendering import Limits
from widgets.common.parts import button, label

CLIPPED_TOO_MUCH = 0.005


class FocusBar(QWidget):
    """How sharp the picture is, relative to the sharpest seen since it was begun."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("focus_bar")
        self.setToolTip("Sharpness of the picture's middle; the line is the best so far")
        self.setFixedHeight(14)
        self._value = self._best = 0.0

    @property
    def share(self) -> float:
        """0 to 1."""
        return self._value / self._best if self._best > 0 else 0.0

    @property
    def best(self) -> float:
        """The sharpest so far."""
        return self._best

    def begin_anew(self) -> None:
        """Forget the best."""
        self._value = self._best = 0.0
        self.update()

    def set_value(self, value: float) -> None:
        """A new reading."""
        self._value, self._best = value, max(self._best, value)
        self.setAccessibleName(f"Focus {self.share:.0%} of the best so far")
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = theme.colours()
        box = QRectF(self.rect())
        painter.fillRect(box, QColor(colours.ground))
        if self._best <= 0:
            return
        room = box.width() - 4
        painter.fillRect(QRectF(0, 0, room * self.share, box.height()), QColor(colours.accent))
        painter.fillRect(QRectF(room, 0, 3, box.height()), QColor(colours.text))


class Meters(QWidget):
    """All of it, with the numbers. ``stretch`` hears of the display's limits, ``anew`` of a new
    beginning of the best focus."""

    def __init__(
        self,
        stretch: Callable[[Limits], None] = lambda _: None,
        anew: Callable[[], None] = lambda: None,
    ) -> None:
        super().__init__()
        self._anew = anew
        self.focus, self.histogram = FocusBar(), HistogramView(stretch)
        self._focus_words = label("", name="focus_words")
        self._clip_words = label("", name="clip_words")
        self._rate_words = label("", name="rate_words")
        metrics = self.fontMetrics()  # room for the longest, or the figures would push the bars
        self._focus_words.setMinimumWidth(metrics.horizontalAdvance("100% "))
        self._clip_words.setMinimumWidth(metrics.horizontalAdvance("clipped 100.0% "))
        again = button("Anew", "focus_anew", "Forget the best focus so far", self.begin_anew)
        again.setProperty("flat", True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(4)
        grid.addWidget(label("Focus", "dim"), 0, 0)
        grid.addWidget(self.focus, 0, 1)
        grid.addWidget(self._focus_words, 0, 2)
        grid.addWidget(again, 0, 3)
        grid.addWidget(label("Grey", "dim"), 1, 0)
        grid.addWidget(self.histogram, 1, 1)
        grid.addWidget(self._clip_words, 1, 2, 1, 2)
        grid.addWidget(label("Rate", "dim"), 2, 0)
        grid.addWidget(self._rate_words, 2, 1, 1, 3)
        grid.setColumnStretch(1, 1)

    @property
    def measured(self) -> bool:
        """Whether figures are shown."""
        return bool(self._rate_words.text())

    def begin_anew(self) -> None:
        """Forget the best focus so far."""
        self.focus.begin_anew()
        self._anew()

    def show_measured(self, measured: Measured) -> None:
        """Show the figures of a frame."""
        self.focus.set_value(measured.focus)
        self.histogram.set_shares(measured.histogram)
        self._focus_words.setText(f"{self.focus.share:.0%}")
        self._show_clipped(measured)
        rows, columns = measured.frame.pixels.shape[:2]
        self._rate_words.setText(f"{measured.frames_per_second:.0f} frames/s, {columns} x {rows}")

    def _show_clipped(self, measured: Measured) -> None:
        clipped, black = measured.clipped, measured.black
        too_much = max(clipped, black) > CLIPPED_TOO_MUCH
        dark = black > max(clipped, CLIPPED_TOO_MUCH)
        self._clip_words.setText(f"black {black:.1%}" if dark else f"clipped {clipped:.1%}")
        theme.set_tone(self._clip_words, "tone", "amber" if too_much else "")
        words = f"{clipped:.2%} of the pixels are at full scale, {black:.2%} at zero"
        advice = "; they show no marks: raise exposure or light" if dark else ""
        if too_much and not dark:
            advice = "; they show no marks: lower exposure or light"
        self._clip_words.setToolTip(f"{words}{advice}")

    def show_off(self) -> None:
        """No camera."""
        for words in (self._focus_words, self._clip_words, self._rate_words):
            words.setText("")
        self.begin_anew()
        self.histogram.set_shares(np.zeros(64))
