"""Measurements of the live picture, off the GUI thread and of the newest frame only."""

from __future__ import annotations

import time
from collections.abc import Callable

from app.capture import Frame
from app.capture.measures import Measured, measure
from widgets.acquire.newest import Newest, Turns

LEAST_S = 0.2
"""Not more often: figures that change faster cannot be read."""
_SHARE = 4.0
"""Of the time it takes to measure, so much passes between two: a quarter of a processor at most."""


class Measuring:
    """``show`` is called on the GUI thread with what was measured; ``failed`` hears of faults."""

    def __init__(
        self, show: Callable[[Measured], None], failed: Callable[[BaseException], object]
    ) -> None:
        self._worker: Newest[tuple[Frame, float], Measured] = Newest(
            self._measure, show, failed, "measuring"
        )
        self._turns = Turns(LEAST_S, _SHARE)

    def offer(self, frame: Frame, frames_per_second: float) -> None:
        """Measure this one, if it is time again."""
        if self._turns.due:
            self._worker.give_if_idle((frame, frames_per_second))

    def forget(self) -> None:
        """What is under way is not shown."""
        self._worker.forget()

    def close(self) -> None:
        """End the thread; safe from any other."""
        self._worker.close()

    def _measure(self, given: tuple[Frame, float]) -> Measured:
        began = time.monotonic()
        made = measure(given[0], frames_per_second=given[1])
        self._turns.took(began)
        return made
