"""The searches going on now: who they are, how far they are, how they are stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from threading import Condition

from app.domain import CancelledError
from app.jobs import Job


@dataclass(frozen=True, slots=True)
class Running:
    """A search going on: ``done`` of ``total`` references; total 0 means not known yet."""

    search_id: str
    name: str
    done: int = 0
    total: int = 0


class Board:
    """What is running; safe from any thread."""

    def __init__(self) -> None:
        self._changed = Condition()
        self._running: dict[str, tuple[Running, Job]] = {}
        self._stopped_by_user: set[str] = set()
        self._closing = False

    @contextmanager
    def entered(self, search_id: str, name: str, job: Job) -> Iterator[None]:
        """On the board for as long as the search runs. Raises CancelledError once closing."""
        with self._changed:
            if self._closing:
                raise CancelledError("Casehead is closing; the search goes on at the next start.")
            self._running[search_id] = (Running(search_id, name), job)
        try:
            yield
        finally:
            with self._changed:
                del self._running[search_id]
                self._stopped_by_user.discard(search_id)
                self._changed.notify_all()

    def progress(self, search_id: str, done: int, total: int) -> None:
        """Note how far a search has come."""
        with self._changed:
            running, job = self._running[search_id]
            self._running[search_id] = (replace(running, done=done, total=total), job)

    def running(self) -> tuple[Running, ...]:
        """What runs now, in the order of beginning."""
        with self._changed:
            return tuple(running for running, _ in self._running.values())

    def cancel(self, search_id: str) -> bool:
        """Ask a running search to stop; False when it does not run."""
        with self._changed:
            if search_id not in self._running:
                return False
            self._stopped_by_user.add(search_id)
            self._running[search_id][1].cancel()
            return True

    def to_resume(self, search_id: str) -> bool:
        """Whether a search that was stopped was stopped by closing and not by the user."""
        with self._changed:
            return self._closing and search_id not in self._stopped_by_user

    def close(self) -> None:
        """Ask everything to stop and wait until it has."""
        with self._changed:
            running = list(self._running.items())
            for search_id, (_, job) in running:
                if job.cancelled:
                    self._stopped_by_user.add(search_id)
                job.cancel()
            self._closing = True
            self._changed.wait_for(lambda: not self._running)
