"""Evidence labels held before the camera, read from the live picture while that is switched on."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from app.capture import Frame
from app.capture.labels import Label, read_labels
from widgets.acquire.newest import Newest
from widgets.acquire.overlay import LiveOverlay, Seen
from widgets.acquire.station import Station
from widgets.theme import colours

LEAST_S = 1 / 3
"""Not more often than three times a second."""
_FORGET_S = 2.0
"""A label out of sight for so long is told again when it comes back."""
_TWICE = ("Code 39", "EAN-13")
"""Codes with no strong check of their own: two frames must say the same."""


class LabelWatch:
    """``heard(text)`` is called on the GUI thread for each label that comes into view.

    The newest frame is read on a thread of its own; nothing is read while ``on`` is False.
    """

    def __init__(
        self,
        station: Station,
        heard: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._station, self._heard, self._clock = station, heard, clock
        self._on = False
        self._begun = self._seen_at = float("-inf")
        self._told = self._once = ""
        self._outline = LabelOutline()
        self._newest: Newest[Frame, tuple[Label, ...]] = Newest(
            lambda frame: read_labels(frame.pixels), self._read, station.bridge.report, "labels"
        )
        station.on_frame(self._look)
        station.live.add_overlay(self._outline)
        station.camera.closing.append(self._newest.close)

    @property
    def on(self) -> bool:
        """Whether labels are read."""
        return self._on

    def switch(self, on: bool) -> None:
        """Read labels from now on, or no more."""
        self._on = on
        self._told = self._once = ""
        self._show(())
        if not on:
            self._newest.forget()

    def _look(self, frame: Frame | None) -> None:
        if frame is None:
            self._newest.forget()
            self._show(())
        elif (
            self._on and self._clock() - self._begun >= LEAST_S and self._newest.give_if_idle(frame)
        ):
            self._begun = self._clock()

    def _read(self, labels: tuple[Label, ...]) -> None:
        if not self._on:
            return
        self._show(labels)
        if not labels:
            if self._clock() - self._seen_at > _FORGET_S:
                self._told = self._once = ""
            return
        self._seen_at = self._clock()
        label = labels[0]
        sure = label.kind not in _TWICE or label.text == self._once
        self._once = label.text
        if sure and label.text != self._told:
            self._told = label.text
            self._heard(label.text)

    def _show(self, labels: tuple[Label, ...]) -> None:
        if labels or self._outline.labels:
            self._outline.labels = labels
            self._station.live.update()


class LabelOutline(LiveOverlay):
    """A line around each label that was read."""

    def __init__(self) -> None:
        self.labels: tuple[Label, ...] = ()

    def paint(self, painter: QPainter, seen: Seen) -> None:
        """Around the code, with what it says."""
        pen = QPen(QColor(colours().accent), 2)
        for label in self.labels:
            corners = [seen.to_screen((float(x), float(y))) for x, y in label.corners]
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolygon(QPolygonF(corners))
            _say(painter, label.text, corners)


def _say(painter: QPainter, text: str, corners: list[QPointF]) -> None:
    bottom = max(point.y() for point in corners)
    middle = sum(point.x() for point in corners) / len(corners)
    box = QRectF(middle - 150, bottom + 4, 300, 22)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
