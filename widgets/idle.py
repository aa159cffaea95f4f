"""How long nobody has touched keyboard or mouse."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QGuiApplication, QWindow

_LOOK_MS = 5_000
_TOUCHES = frozenset(
    (
        *(QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove),
        *(QEvent.Type.Wheel, QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate),
        *(QEvent.Type.TabletPress, QEvent.Type.TabletMove, QEvent.Type.NativeGesture),
    )
)


def _clocks() -> tuple[float, float]:
    """The steady clock stands still while the computer sleeps; that of the wall goes on."""
    return time.monotonic(), time.time()


class IdleWatch(QObject):
    """``lock`` is called once nobody touched anything for ``minutes``; 0 is never.

    Events are listened to where they enter a window, so that painting costs nothing.
    """

    def __init__(
        self,
        lock: Callable[[], None],
        clocks: Callable[[], tuple[float, float]] = _clocks,
    ) -> None:
        super().__init__()
        self.minutes = 0
        self._lock, self._clocks = lock, clocks
        self._touched = clocks()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.look)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self.listen_to)

    def listen_to(self, window: QWindow | None) -> None:
        """Take what enters this window as a touch."""
        if window is not None:
            window.removeEventFilter(self)
            window.installEventFilter(self)

    def start(self, minutes: int) -> None:
        """Count from now."""
        self.minutes = minutes
        self._touched = self._clocks()
        if minutes:
            self._timer.start()
        else:
            self._timer.stop()

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()

    def look(self) -> None:
        """Lock when it is time."""
        idle = max(now - then for now, then in zip(self._clocks(), self._touched, strict=True))
        if self.minutes and self._timer.isActive() and idle >= self.minutes * 60:
            self.stop()
            self._lock()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Only looks, but that a touch after too long, of a computer that slept, locks instead."""
        if event.type() not in _TOUCHES:
            return False
        counted = self._timer.isActive()
        self.look()
        self._touched = self._clocks()
        return counted and not self._timer.isActive()
