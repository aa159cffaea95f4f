"""Work on the newest thing only, on a thread of its own; what comes of it is shown on the GUI's."""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Condition, Thread
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

T = TypeVar("T")
R = TypeVar("R")


class _Wake(QObject):
    """Carries a call from the thread to the GUI's."""

    made = Signal()

    def __init__(self, take: Callable[[], None]) -> None:
        super().__init__()
        self._then = take
        self.made.connect(self._take, Qt.ConnectionType.QueuedConnection)

    def _take(self) -> None:
        self._then()


class Turns:
    """When work is due again: after ``least_s``, and ``share`` times as long as it took."""

    def __init__(self, least_s: float, share: float) -> None:
        self._least_s, self._share = least_s, share
        self._due = 0.0

    @property
    def due(self) -> bool:
        """Whether it is time."""
        return time.monotonic() >= self._due

    def took(self, began: float) -> None:
        """Work that began at that reading of the monotonic clock has ended now."""
        self._due = began + max(self._least_s, self._share * (time.monotonic() - began))

    def begin_anew(self) -> None:
        """It is time at once."""
        self._due = 0.0


class Newest(Generic[T, R]):
    """``work`` runs on the thread for the newest thing given; ``show`` on the GUI thread after.

    What was given and not begun when something newer comes is left out, and so is what was made
    and not shown. ``failed`` hears of an exception of ``work``, on the thread. The thread begins
    with the first thing given and ends with ``close``.
    """

    def __init__(
        self,
        work: Callable[[T], R],
        show: Callable[[R], None],
        failed: Callable[[BaseException], object],
        name: str,
    ) -> None:
        self._work, self._show, self._failed, self._name = work, show, failed, name
        self._changed = Condition()
        self._given: list[T] = []
        self._made: list[R] = []
        self._busy = self._closed = False
        self._thread: Thread | None = None
        self._forgotten = 0
        self._wake = _Wake(self._take)

    def give(self, thing: T) -> None:
        """Work on this next, instead of what waits; safe from any thread."""
        with self._changed:
            self._begin(thing)

    def give_if_idle(self, thing: T) -> bool:
        """Work on this if nothing else is given, worked on or waits to be shown."""
        with self._changed:
            idle = not (self._given or self._made or self._busy)
            if idle:
                self._begin(thing)
            return idle

    def forget(self) -> None:
        """Leave out all that was given so far."""
        with self._changed:
            self._given, self._made = [], []
            self._forgotten += 1

    def close(self) -> None:
        """End the thread and wait for it (up to 5 s); safe from any other thread."""
        with self._changed:
            self._closed = True
            self._given, self._made = [], []
            thread = self._thread
            self._changed.notify()
        if thread is not None:
            thread.join(5)

    def _begin(self, thing: T) -> None:
        if self._closed:
            return
        self._given = [thing]
        if self._thread is None:
            self._thread = Thread(target=self._go, name=self._name, daemon=True)
            self._thread.start()
        self._changed.notify()

    def _go(self) -> None:
        while True:
            with self._changed:
                self._busy = False
                self._changed.wait_for(lambda: self._given or self._closed)
                if self._closed:
                    return
                thing, of = self._given.pop(), self._forgotten
                self._busy = True
            try:
                made = self._work(thing)
            except Exception as error:
                self._failed(error)
            else:
                self._hand_over(made, of)

    def _hand_over(self, made: R, of: int) -> None:
        with self._changed:
            if self._closed or of != self._forgotten:
                return
            waits, self._made = bool(self._made), [made]
        if not waits and isValid(self._wake):
            self._wake.made.emit()

    def _take(self) -> None:
        with self._changed:
            made, self._made = self._made, []
        for one in made:
            self._show(one)
