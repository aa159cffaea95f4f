"""Delivering frames at a rate without sleeping."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event


class Pace:
    """Waits until the next frame of a steady rate is due; ``end`` wakes whoever waits.

    ``rate`` in frames per second, 0 for no waiting.
    """

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate = rate
        self._clock = clock
        self._ended = Event()
        self._due = 0.0

    def begin(self) -> None:
        """The first frame is due now."""
        self._ended.clear()
        self._due = self._clock()

    def end(self) -> None:
        """No more waiting until ``begin``; safe from any thread."""
        self._ended.set()

    def wait(self) -> bool:
        """Until the next frame is due; False when ended."""
        if self.rate > 0:
            self._ended.wait(max(self._due - self._clock(), 0.0))
            self._due = max(self._due + 1.0 / self.rate, self._clock())
        return not self._ended.is_set()
