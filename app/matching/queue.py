"""Searches in the background: one after the other, on a thread of their own."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Condition, Thread

from app.domain import CaseheadError
from app.jobs import Job

logger = logging.getLogger(__name__)


class SearchQueue:
    """Works through search identifiers with ``run``, in the order they came.

    Errors a user must be told have been recorded by ``run``; others are logged. The thread begins
    with the first search and ends with ``close``.
    """

    def __init__(self, run: Callable[[str, Job], object]) -> None:
        self._run = run
        self._waiting: deque[str] = deque()
        self._current = ""
        self._job = Job()
        self._holds = 0
        self._closing = False
        self._changed = Condition()
        self._thread: Thread | None = None

    def put(self, search_id: str) -> None:
        """Queue a search; once closing, it is left for the next start."""
        with self._changed:
            if self._closing:
                return
            self._waiting.append(search_id)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="search-queue", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def remove(self, search_id: str) -> bool:
        """Take a search out before it begins; False when it is not waiting."""
        with self._changed:
            if search_id not in self._waiting:
                return False
            self._waiting.remove(search_id)
            self._changed.notify_all()
            return True

    def cancel(self, search_id: str) -> bool:
        """Ask the search to stop if it is the one at work."""
        with self._changed:
            if search_id == self._current:
                self._job.cancel()
            return search_id == self._current

    @contextmanager
    def held(self) -> Iterator[None]:
        """While inside, no further search begins."""
        with self._changed:
            self._holds += 1
        try:
            yield
        finally:
            with self._changed:
                self._holds -= 1
                self._changed.notify_all()

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing runs or waits; False when ``timeout`` seconds passed first."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and not self._current, timeout)

    def stop(self) -> None:
        """Let nothing further begin."""
        with self._changed:
            self._closing = True
            self._waiting.clear()
            self._changed.notify_all()

    def close(self) -> None:
        """Stop, and wait for the thread to end (what runs must have been asked to stop)."""
        self.stop()
        if self._thread is not None:
            self._thread.join()

    def _work(self) -> None:
        while self._next():
            try:
                self._run(self._current, self._job)
            except CaseheadError as error:
                logger.info("search %s: %s", self._current, error)
            except Exception:
                logger.exception("search %s", self._current)

    def _next(self) -> bool:
        with self._changed:
            self._current = ""
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._closing or (self._waiting and not self._holds))
            if self._closing:
                return False
            self._current, self._job = self._waiting.popleft(), Job()
            return True
