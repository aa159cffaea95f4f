"""Small figures of the live picture: focus against the best so far, clipped share, histogram."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from app.capture import Frame, focus_measure, histogram, saturation
from widgets import theme
from widgets.common.parts import button, label

CLIPPED_TOO_MUCH = 0.005


class FocusBar(QWidget):
    """How sharp the picture is, relative to the sharpest seen since it was begun."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("focus_bar")
        self.setToolTip("Sharpness of the picture's middle; the full bar is the best so far")
        self.setFixedHeight(14)
        self._value = self._best = 0.0

    @property
    def share(self) -> float:
        """0 to 1."""
        return self._value / self._best if self._best > 0 else 0.0

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
        box = QRectF(self.rect())
        painter.fillRect(box, QColor(theme.colours().ground))
        box.setWidth(box.width() * self.share)
        painter.fillRect(box, QColor(theme.colours().accent))


class HistogramView(QWidget):
    """Share of pixels in each step of grey."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("histogram")
        self.setAccessibleName("Histogram of the live picture")
        self.setToolTip("Grey values from black to full scale")
        self.setFixedHeight(44)
        self._shares: NDArray[np.float64] = np.zeros(64)

    def set_shares(self, shares: NDArray[np.float64]) -> None:
        """Show these."""
        self._shares = shares
        self.update()

    def sizeHint(self) -> QSize:
        """As wide as there is room."""
        return QSize(160, 44)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.colours().ground))
        top = max(float(np.sqrt(self._shares.max())), 1e-6)
        width = self.width() / len(self._shares)
        for number, share in enumerate(np.sqrt(self._shares)):
            height = self.height() * float(share) / top
            bar = QRectF(number * width, self.height() - height, max(width - 0.5, 1), height)
            last = number == len(self._shares) - 1
            painter.fillRect(bar, QColor(theme.colours().amber if last else theme.colours().dim))


class Meters(QWidget):
    """All of it, with the numbers."""

    def __init__(self) -> None:
        super().__init__()
        self.focus, self._histogram = FocusBar(), HistogramView()
        self._focus_words = label("", name="focus_words")
        self._clip_words = label("", name="clip_words")
        self._rate_words = label("", name="rate_words")
        metrics = self.fontMetrics()  # room for the longest, or the figures would push the bars
        self._focus_words.setMinimumWidth(metrics.horizontalAdvance("100% "))
        self._clip_words.setMinimumWidth(metrics.horizontalAdvance("clipped 100.0% "))
        again = button("Anew", "focus_anew", "Forget the best focus so far", self.focus.begin_anew)
        again.setProperty("flat", True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(6)
        grid.addWidget(label("Focus", "dim"), 0, 0)
        grid.addWidget(self.focus, 0, 1)
        grid.addWidget(self._focus_words, 0, 2)
        grid.addWidget(again, 0, 3)
        grid.addWidget(label("Grey", "dim"), 1, 0)
        grid.addWidget(self._histogram, 1, 1)
        grid.addWidget(self._clip_words, 1, 2, 1, 2)
        grid.addWidget(label("Rate", "dim"), 2, 0)
        grid.addWidget(self._rate_words, 2, 1)
        grid.setColumnStretch(1, 1)

    @property
    def measured(self) -> bool:
        """Whether figures are shown."""
        return bool(self._rate_words.text())

    def show_frame(self, frame: Frame, frames_per_second: float) -> None:
        """Measure a frame and show it."""
        self.focus.set_value(focus_measure(frame))
        self._histogram.set_shares(histogram(frame))
        clipped = saturation(frame)
        self._focus_words.setText(f"{self.focus.share:.0%}")
        self._clip_words.setText(f"clipped {clipped:.1%}")
        theme.set_tone(self._clip_words, "tone", "amber" if clipped > CLIPPED_TOO_MUCH else "")
        self._clip_words.setToolTip(
            "Part of the picture is at full scale and shows no marks; lower exposure or light"
            if clipped > CLIPPED_TOO_MUCH
            else "Share of pixels at full scale"
        )
        rows, columns = frame.pixels.shape[:2]
        self._rate_words.setText(f"{frames_per_second:.0f} frames/s, {columns} x {rows}")

    def show_off(self) -> None:
        """No camera."""
        for words in (self._focus_words, self._clip_words, self._rate_words):
            words.setText("")
        self.focus.begin_anew()
        self._histogram.set_shares(np.zeros(64))
