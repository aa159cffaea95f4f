"""The light that circles slowly while a key is held."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from widgets.compare.desk.lighting import SWEEP_DEG_PER_S, has_scan, set_light, turned
from widgets.compare.work.switching import step_light

if TYPE_CHECKING:
    from widgets.compare.desk import Desk

_STEP_MS = 25
_SWITCH_MS = 600
_GESTURE = "sweep light"


class Sweep(QObject):
    """Follows the desk: turns while ``desk.sweeping``, at the same pace on every machine.

    Where only images with several lights are seen, it goes through the set.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._desk: Desk | None = None
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._tick)

    def follow(self, desk: Desk | None) -> None:
        """Start or stop as the desk says."""
        self._desk = desk
        sweeping = desk is not None and desk.sweeping
        if not sweeping:
            self._timer.stop()
        elif not self._timer.isActive() and desk is not None:
            desk.end_gesture()
            self._clock.start()
            self._timer.start(_STEP_MS if has_scan(desk) else _SWITCH_MS)

    def _tick(self) -> None:
        desk = self._desk
        if desk is None:
            return
        passed = self._clock.restart() / 1000.0
        if has_scan(desk):
            step = -SWEEP_DEG_PER_S * min(passed, 0.25)
            set_light(desk, lambda light: turned(light, step), gesture=_GESTURE)
        else:
            step_light(desk, 1)
