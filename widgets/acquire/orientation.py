"""How the case lies: a clock hand on a landmark, a line at its hour, how far to turn the case."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import atan2, cos, degrees, radians, sin
from typing import Any

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.capture.protocol import Landmark, clock_words, deg_of
from app.domain import Circle
from app.workbench.protocols import ORIENTATION
from widgets import theme
from widgets.acquire import circles
from widgets.acquire.overlay import LiveOverlay, Seen
from widgets.acquire.station import Station
from widgets.common.images import paint_words

CLOSE_DEG = 2.0
"""Nearer than this, nothing is to be turned."""
_REACH = 0.92
_DEFAULT = Landmark("mark", 12.0)


def turn_of(deg: float, goal_deg: float, whole: float = 360.0) -> float:
    """How far to turn one to the other, counter-clockwise positive: at most half of ``whole``."""
    return (goal_deg - deg + whole / 2) % whole - whole / 2


class Orientation(LiveOverlay):
    """While on, a drag on the picture sets the hand; it is kept with each capture from then on.

    Directions are degrees counter-clockwise from the right, as seen. ``centre`` tells the circle
    the clock is about, None for the middle of the picture; ``held`` whether another handle lies at
    a point. Where the direction of parallel marks is turned by, ``found`` offers it until a hand is
    set. ``changed`` is called when there is something to say.
    """

    def __init__(
        self,
        station: Station,
        centre: Callable[[], Circle | None],
        held: Callable[[Seen, QPointF], bool],
        found: Callable[[], float | None] = lambda: None,
    ) -> None:
        self._station, self._centre, self._held = station, centre, held
        self._found = found
        self.changed: Callable[[], None] = lambda: None
        self.hidden: Callable[[], bool] = lambda: False
        self.on = False
        self._hand: float | None = None
        self._landmarks: tuple[Landmark, ...] = ()
        self._at = 0
        station.adding.append(self.record)
        station.actions |= {"orientation": self.turn, "orientation by": self.next_landmark}
        station.live.add_overlay(self)

    # --- what it tells ---------------------------------------------------------------------
    @property
    def landmark(self) -> Landmark:
        """What the case is turned by."""
        return self._landmarks[self._at] if self._landmarks else _DEFAULT

    @property
    def deg(self) -> float | None:
        """Where the landmark points: the hand set, or what was found."""
        if self._hand is not None or not (self.on and self.landmark.found):
            return self._hand
        lay, goal = self._found(), deg_of(self.landmark.clock)
        # marks have no head: the end that is nearer to where it belongs
        return None if lay is None else (goal + turn_of(goal, lay, 180.0)) % 360.0

    @property
    def several(self) -> bool:
        """Whether there is another landmark to turn by."""
        return len(self._landmarks) > 1

    @property
    def turn_deg(self) -> float | None:
        """How far to turn the case, counter-clockwise positive; None while no hand is set."""
        deg = self.deg
        return None if deg is None else turn_of(deg, deg_of(self.landmark.clock))

    @property
    def words(self) -> str:
        """What to do."""
        if not self.on:
            return ""
        turn = self.turn_deg
        deg = self.deg
        if deg is None or turn is None:
            hour = clock_words(deg_of(self.landmark.clock))
            return f"Drag a hand along the {self.landmark.name}; it belongs at {hour}."
        says = f"{self.landmark.name.capitalize()} at {clock_words(deg)}: "
        if abs(turn) < CLOSE_DEG:
            return f"{says}the case lies right."
        way = "counter-clockwise" if turn > 0 else "clockwise"
        return f"{says}turn the case {abs(turn):.0f}° {way}."

    def record(self) -> Mapping[str, Any]:
        """For the capture record."""
        deg = self.deg
        if deg is None:
            return {}
        source = "automatic" if self._hand is None else "examiner"
        told = {"by": self.landmark.name, "deg": round(deg, 1), "source": source}
        return {ORIENTATION: told}

    # --- what the examiner does ------------------------------------------------------------
    def turn(self) -> None:
        """Show the clock, or do not; without it nothing is recorded."""
        self.on = not self.on
        if not self.on:
            self._hand = None
        self._said()

    def next_landmark(self) -> None:
        """Turn by another landmark."""
        if self._landmarks:
            self._at = (self._at + 1) % len(self._landmarks)
        self._hand = None
        self._said()

    def show_landmarks(self, landmarks: Sequence[Landmark]) -> None:
        """Those of the protocol in force."""
        if tuple(landmarks) != self._landmarks:
            self._landmarks, self._at, self._hand = tuple(landmarks), 0, None
            self._said()

    def forget(self) -> None:
        """Another specimen or mark is in hand: its hand is not this one's."""
        if self._hand is not None:
            self._hand = None
            self._said()

    # --- the picture -----------------------------------------------------------------------
    def paint(self, painter: QPainter, seen: Seen) -> None:
        """A line to the landmark's hour, and the hand."""
        if not self.on or self.hidden():
            return
        room = seen.rect.intersected(QRectF(self._station.live.rect()))
        circles.say(painter, room, self.words, 1, theme.AMBER_ON_EVIDENCE)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre, reach = self._place(seen)
        goal = deg_of(self.landmark.clock)
        _line(painter, centre, goal, reach, theme.ON_EVIDENCE, dashed=True)
        _line(painter, centre, 90.0, reach, theme.ON_EVIDENCE, dashed=True)
        twelve = _tip(centre, 90.0, reach * 1.02)
        paint_words(painter, twelve + QPointF(6, 12), "12")
        if abs(turn_of(goal, 90.0)) > 1:
            tip = _tip(centre, goal, reach * 1.02)
            paint_words(painter, tip + QPointF(6, -6), clock_words(goal).removesuffix(":00"))
        deg = self.deg
        if deg is not None:
            _line(painter, centre, deg, reach, theme.AMBER_ON_EVIDENCE)
            painter.setBrush(QColor(theme.AMBER_ON_EVIDENCE))
            painter.drawEllipse(_tip(centre, deg, reach), 5, 5)

    def press(self, seen: Seen, at: QPointF) -> bool:
        """Sets the hand, unless another handle lies there."""
        if not self.on or self.hidden() or self._held(seen, at):
            return False
        self.move(seen, at)
        return True

    def move(self, seen: Seen, at: QPointF) -> None:
        """Drags it."""
        by = at - self._place(seen)[0]
        if abs(by.x()) + abs(by.y()) > 4:
            self._hand = degrees(atan2(-by.y(), by.x())) % 360.0
            self.changed()

    def release(self, seen: Seen, at: QPointF) -> None:
        """Lets go of it."""
        self._said()

    def cursor(self, seen: Seen, at: QPointF) -> Qt.CursorShape | None:
        """A cross while a hand can be set."""
        if not self.on or self.hidden() or self._held(seen, at):
            return None
        return Qt.CursorShape.CrossCursor

    def _place(self, seen: Seen) -> tuple[QPointF, float]:
        """The clock's middle and radius on the widget."""
        circle, um = self._centre(), seen.pixel_um
        if circle is not None and um:
            middle = seen.to_screen((circle.x_um / um, circle.y_um / um))
            return middle, circle.radius_um / um / seen.px * _REACH
        return seen.rect.center(), min(seen.rect.width(), seen.rect.height()) / 2 * _REACH

    def _said(self) -> None:
        self._station.live.update()
        self.changed()


def _tip(centre: QPointF, deg: float, length: float) -> QPointF:
    return centre + QPointF(cos(radians(deg)), -sin(radians(deg))) * length


def _line(
    painter: QPainter, centre: QPointF, deg: float, length: float, colour: str, dashed: bool = False
) -> None:
    end = QLineF(centre, _tip(centre, deg, length))
    painter.setPen(QPen(QColor(0, 0, 0, 150), 4))
    painter.drawLine(end)
    pen = QPen(QColor(colour), 1.6)
    if dashed:
        pen.setStyle(Qt.PenStyle.DashLine)
    painter.setPen(pen)
    painter.drawLine(end)
