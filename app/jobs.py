"""Long work: how it tells its progress and how it is asked to stop."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from app.domain import CancelledError

Listener = Callable[[int, int, str], None]


class Job:
    """Handed to long work: it reports through it and stops at its next step when cancelled.

    ``listener`` hears (done, total, what) on the thread that works; total 0 means not known yet.
    """

    def __init__(self, listener: Listener | None = None) -> None:
        self._listener = listener
        self._cancelled = Event()

    def report(self, done: int, total: int, what: str = "") -> None:
        """Tell how far the work is. Raises CancelledError when the user asked to stop."""
        self.check()
        if self._listener is not None:
            self._listener(done, total, what)

    def cancel(self) -> None:
        """Ask the work to stop; safe from any thread."""
        self._cancelled.set()

    @property
    def cancelled(self) -> bool:
        """Whether a stop was asked for."""
        return self._cancelled.is_set()

    def check(self) -> None:
        """Raises CancelledError when a stop was asked for."""
        if self.cancelled:
            raise CancelledError("Stopped as asked; what was finished before is kept.")
