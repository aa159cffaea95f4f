"""What the capture tests share."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Event

NO_PAUSE = (0.001,)


def until(holds: Callable[[], bool], timeout: float = 30.0) -> bool:
    """Wait, without sleeping blindly, until something another thread does holds."""
    tick, end = Event(), time.monotonic() + timeout
    while not holds() and time.monotonic() < end:
        tick.wait(0.002)
    return holds()
