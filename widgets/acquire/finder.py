"""What is found in the live picture as one looks, and corrected by hand before it is captured."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from app.capture import Frame
from app.domain import Acquired, Circle, Light, MarkKind
from app.workbench.looking import Found, look_for
from widgets import theme
from widgets.acquire import circles
from widgets.acquire.circles import Handle, Which
from widgets.acquire.newest import Newest, Turns
from widgets.acquire.overlay import LiveOverlay, Seen
from widgets.acquire.station import Station

SETTING = "acquire_finder"
LEAST_S = 0.34
"""Not more often than about three times a second,"""
_SHARE = 8.0
"""and so much longer than it takes to look: an eighth of a processor at most."""
_NO_SCALE = "Nothing is looked for without a scale: calibrate this objective first."
_CORRECTED = "The region is as you drew it (Shift+C: find it again)."
Looked = tuple[Frame, float, MarkKind, Light]


class Finder(LiveOverlay):
    """Looks for the mark of the step on a thread of its own, newest frame only.

    A circle that was dragged stays until the mark in hand is another, and goes into the record of
    a capture as the examiner's region. ``changed`` is called when there is something to say.
    """

    def __init__(self, station: Station, kind: Callable[[], MarkKind | None]) -> None:
        self._station, self._kind = station, kind
        self.changed: Callable[[], None] = lambda: None
        self.on = bool(station.workbench.setting(SETTING, True))
        self.found: Found | None = None
        self._drawn: dict[Which, Circle] = {}
        self._held: Handle | None = None
        self._turns = Turns(LEAST_S, _SHARE)
        self._looked: Newest[Looked, tuple[Looked, Found]] = Newest(
            self._look, self._take, station.bridge.report, "finder"
        )
        self.hidden: Callable[[], bool] = lambda: False
        station.camera.closing.append(self._looked.close)
        station.on_frame(self._came)
        station.on_captured(self._captured)
        station.actions |= {"circles": self.turn, "find again": self.find_again}
        station.live.add_overlay(self)

    # --- what it tells ---------------------------------------------------------------------
    @property
    def corrected(self) -> bool:
        """Whether the examiner has drawn the region."""
        return bool(self._drawn)

    @property
    def shown(self) -> dict[Which, Circle]:
        """The circles over the picture."""
        if self._drawn:
            return self._drawn
        found = self.found
        if not self.on or found is None or found.outer is None:
            return {}
        inner: dict[Which, Circle] = {} if found.inner is None else {"inner": found.inner}
        return {"outer": found.outer, **inner}

    @property
    def words(self) -> str:
        """What was found and how sure that is."""
        if self._drawn:
            return _CORRECTED
        if not self.on or self._station.frame is None or self._kind() is None:
            return ""
        if self._station.pixel_um is None:
            return _NO_SCALE
        found = self.found
        if found is None:
            return "Looking ..."
        sure = f" Confidence {found.confidence:.0%}." if found.outer is not None else ""
        return found.sentence + sure

    def lay_deg(self) -> float | None:
        """The direction of parallel marks, where the picture has them."""
        found = self.found
        return None if found is None or found.lay is None else found.lay.deg

    @property
    def doubtful(self) -> bool:
        """Whether the words ask for attention."""
        found = self.found
        return bool(self.words) and not self._drawn and found is not None and not found.sure

    # --- what the examiner does ------------------------------------------------------------
    def turn(self) -> None:
        """Look, or do not."""
        self.on = not self.on
        on, workbench = self.on, self._station.workbench
        self._station.bridge.run(lambda: workbench.set_setting(SETTING, on))
        self._forget()
        self._said()

    def find_again(self) -> None:
        """What was drawn by hand is dropped."""
        self._drawn = {}
        self._forget()
        self._said()

    def forget(self) -> None:
        """Another mark is in hand."""
        self.find_again()

    # --- looking ---------------------------------------------------------------------------
    def _came(self, frame: Frame | None) -> None:
        if frame is None:
            self._forget()
            self._said()
            return
        kind, pixel_um = self._kind(), self._station.pixel_um
        if not self.on or self._drawn or kind is None or pixel_um is None or self.hidden():
            return
        if self._turns.due:
            self._looked.give_if_idle((frame, pixel_um, kind, self._station.light))

    def _look(self, looked: Looked) -> tuple[Looked, Found]:
        began = time.monotonic()
        found = look_for(*looked)
        self._turns.took(began)
        return looked, found

    def _take(self, made: tuple[Looked, Found]) -> None:
        (frame, pixel_um, kind, _), found = made
        now = self._station.frame
        same = now is not None and now.pixels.shape == frame.pixels.shape
        if not same or kind is not self._kind() or pixel_um != self._station.pixel_um:
            return
        self.found = found
        self._said()

    def _forget(self) -> None:
        self._looked.forget()
        self._turns.begin_anew()
        self.found = None

    def _said(self) -> None:
        self._station.live.update()
        self.changed()

    # --- the record ------------------------------------------------------------------------
    def _captured(self, acquired: Acquired) -> None:
        outer, inner = self._drawn.get("outer"), self._drawn.get("inner")
        if outer is None or acquired.pixel_um is None:
            return
        workbench = self._station.workbench
        self._station.bridge.run(
            lambda: workbench.correct_region(acquired.id, outer, inner), owner=self._station
        )

    # --- the picture -----------------------------------------------------------------------
    def paint(self, painter: QPainter, seen: Seen) -> None:
        """The circles and how sure they are; amber where they are to be looked at."""
        if self.hidden():
            return
        tone = theme.AMBER_ON_EVIDENCE if self.doubtful else theme.ON_EVIDENCE
        room = seen.rect.intersected(QRectF(self._station.live.rect()))
        circles.say(painter, room, self.words, 0, tone)
        if seen.pixel_um is None:
            return
        colour = theme.AMBER_ON_EVIDENCE if self.doubtful else theme.ACCENT_ON_EVIDENCE
        circles.paint(painter, seen, self.shown, colour, handles=True, bold=self.corrected)

    def press(self, seen: Seen, at: QPointF) -> bool:
        """Takes hold of a handle."""
        if self.hidden() or seen.pixel_um is None:
            return False
        self._held = circles.under(seen, self.shown, at)
        if self._held is not None:
            self._drawn = dict(self.shown)
        return self._held is not None

    def move(self, seen: Seen, at: QPointF) -> None:
        """Drags it."""
        if self._held is not None and self._held[0] in self._drawn:
            which = self._held[0]
            self._drawn[which] = circles.dragged(seen, self._drawn[which], self._held, at)

    def release(self, seen: Seen, at: QPointF) -> None:
        """Lets go; the region stays as it is now."""
        self._held = None
        self._said()

    def cursor(self, seen: Seen, at: QPointF) -> Qt.CursorShape | None:
        """A cross of arrows over a handle."""
        if self.hidden() or seen.pixel_um is None:
            return None
        over = circles.under(seen, self.shown, at)
        return None if over is None else Qt.CursorShape.SizeAllCursor
