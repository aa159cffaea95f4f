"""What every group of operations stands on: the casebook, the searches, the broadcast."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any

from app.domain import Author, CaseheadError, Changes, ReadOnlyError, SearchState
from app.jobs import Job
from app.matching import UNFILTERED, Board, Matcher, Runner, SearchQueue
from app.store import Casebook
from app.workbench.reading import Reader
from app.workbench.sessions import Moment, Sessions

logger = logging.getLogger(__name__)

Listener = Callable[[Changes], None]
UNFINISHED = (SearchState.WAITING, SearchState.RUNNING)


def utc_now() -> datetime:
    """The clock of this computer."""
    return datetime.now(UTC)


class Base:
    """An open casebook with its background searches."""

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 2,
        automatic_search: bool = True,
        moment: Moment = utc_now,
    ) -> None:
        """Open ``folder``, making a new casebook where there is none.

        ``workers`` threads compare. ``moment`` is the clock people sign in by. With
        ``automatic_search`` every saved picture is searched by itself, and searches an earlier
        session left unfinished are taken up again.
        Raises CaseheadError when the casebook cannot be opened.
        """
        self._listeners: list[Listener] = []
        self._listening = Lock()
        self._casebook = Casebook.open(folder)
        self._sessions = Sessions(self._casebook, moment)
        self._automatic = automatic_search and not self._casebook.read_only
        self._reader = Reader(self._casebook)
        self._matcher = Matcher(self._casebook, workers, self._reader.read)
        self._board = Board()
        self._runner = Runner(self._casebook, self._matcher, self._board, self._publish)
        self._queue = SearchQueue(self._run_queued)
        if self._automatic:
            self._resume()

    @property
    def folder(self) -> Path:
        """Where the casebook is."""
        return self._casebook.folder

    @property
    def read_only(self) -> bool:
        """Whether nothing can be recorded; ``notice`` says why."""
        return self._casebook.read_only

    @property
    def notice(self) -> str:
        """A sentence to show at opening, or nothing."""
        return self._casebook.notice

    @property
    def author(self) -> Author | None:
        """Who makes the records; None until set at the first start, and with nobody signed in."""
        return self._sessions.author

    def set_author(self, author: Author) -> None:
        """Set who makes the records from now on. Raises CaseheadError for a blank name."""
        for what in ("agency", "station", "examiner"):
            if not getattr(author, what).strip():
                raise CaseheadError(f"The {what} is missing; it is kept with every record.")
        self._casebook.set_author(author)
        self._publish(Changes(settings=True))

    def setting(self, key: str, default: Any = None) -> Any:
        """What this station was told before, for example a pixel size; a JSON value."""
        return self._casebook.setting(key, default)

    def set_setting(self, key: str, value: Any) -> None:
        """Remember a JSON value for the next time; in a read-only casebook nothing is kept."""
        if not self.read_only:
            self._casebook.set_setting(key, value)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call ``listener`` with all Changes, on the thread that made them; returns the way out."""
        with self._listening:
            self._listeners.append(listener)

        def leave() -> None:
            with self._listening:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return leave

    def wait_idle(self, timeout: float) -> bool:
        """Wait until the background searches are finished; False after ``timeout`` seconds."""
        return self._queue.wait_idle(timeout)

    def close(self) -> None:
        """Stop searches (they go on at the next start), end all threads, close the casebook."""
        self._queue.stop()
        self._board.close()
        self._queue.close()
        self._matcher.close()
        self._casebook.close()

    def _publish(self, changes: Changes) -> None:
        with self._listening:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(changes)
            except Exception:
                logger.exception("a view failed to hear of %s", changes)

    def _need_writable(self) -> None:
        if self.read_only:
            raise ReadOnlyError(
                self.notice or "The casebook is open for reading only; nothing can be recorded."
            )

    def _resume(self) -> None:
        for search in reversed(self._casebook.searches_in(UNFINISHED)):
            self._queue.put(search.id)

    def _run_queued(self, search_id: str, job: Job) -> None:
        search = self._casebook.search(search_id)
        if search.state in UNFINISHED:
            with self._casebook.acting(self._casebook.begun_by(search_id)):
                self._runner.run(search, job, search.message.startswith(UNFILTERED))
