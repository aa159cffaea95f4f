"""How finely the picture is drawn while it moves, so that the hand is followed at once.

When draws follow each other quickly and a full one takes too long, they are drawn with fewer
pixels and enlarged; as soon as nothing moves the picture is drawn in full again.
"""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

QUICK_S = 0.08
REST_MS = 120
_WANTED_S = 0.006
_COARSEST = 0.4
_FINE_ENOUGH = 0.95
_SEVERAL = 2


class Pace:
    """Asked before every draw for the share of pixels a side; told afterwards what it took."""

    def __init__(self, clock: Callable[[], float] = perf_counter) -> None:
        self._clock = clock
        self._ended = float("-inf")
        self._quick = 0
        self._full_s = 0.0

    def share(self) -> float:
        """1 at rest, down to ``_COARSEST`` while moving."""
        quick = self._clock() - self._ended < QUICK_S
        self._quick = self._quick + 1 if quick else 0
        if self._quick < _SEVERAL or self._full_s <= _WANTED_S:
            return 1.0
        share = max(float((_WANTED_S / self._full_s) ** 0.5), _COARSEST)
        return 1.0 if share > _FINE_ENOUGH else share

    def took(self, seconds: float, share: float) -> None:
        """A draw has ended; the estimate for a full one follows slowly."""
        full = seconds / share**2
        self._full_s = full if self._full_s == 0 else 0.7 * self._full_s + 0.3 * full
        self._ended = self._clock()

    def rest(self) -> None:
        """Nothing moves any more: the next draw is a full one."""
        self._ended, self._quick = float("-inf"), 0
