"""One search from its first record to its candidates, every state stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from time import monotonic

from app.domain import CancelledError, CaseheadError, Changes, Search, SearchState, now
from app.jobs import Job
from app.matching.board import Board
from app.matching.matcher import UNFILTERED, Matcher
from app.store import Casebook
from correlation.errors import CorrelationError

TELL_EVERY_S = 0.25


class Runner:
    """Runs searches; views hear of each state and, a few times a second, of the progress."""

    def __init__(
        self,
        casebook: Casebook,
        matcher: Matcher,
        board: Board,
        publish: Callable[[Changes], None],
    ) -> None:
        self._casebook = casebook
        self._matcher = matcher
        self._board = board
        self._publish = publish

    def run(self, search: Search, job: Job, everything: bool = False) -> Search:
        """Run a recorded search to its end, on this thread and the matcher's.

        Raises CancelledError when it was stopped (by closing: it waits for the next start) and
        CaseheadError when the query cannot be searched; both are recorded first.
        """
        name = self._casebook.provenance(search.acquired_id).name
        with self._board.entered(search.id, name, job):
            message = UNFILTERED if everything else ""
            search = self._record(
                replace(search, state=SearchState.RUNNING, started_at=now(), message=message)
            )
            try:
                return self._run(search, job, everything)
            except CancelledError:
                self._stopped(search)
                raise
            except (CaseheadError, CorrelationError) as error:
                self._failed(search, str(error))
                raise CaseheadError(str(error)) from error
            except Exception as error:
                self._failed(
                    search, f"Stopped by a fault in the program, please report it: {error!r}"
                )
                raise

    def _run(self, search: Search, job: Job, everything: bool) -> Search:
        told = monotonic()

        def on_progress(done: int, total: int) -> None:
            nonlocal told
            self._board.progress(search.id, done, total)
            if monotonic() - told >= TELL_EVERY_S:
                told = monotonic()
                self._publish(Changes(searches=frozenset({search.id})))

        finished = self._matcher.run(search, job, on_progress, everything)
        done = replace(finished.search, state=SearchState.DONE, finished_at=now())
        with self._casebook.transaction():
            listed = self._casebook.replace_candidates(search.id, finished.candidates)
            self._casebook.update_search(done)
        ids = frozenset(candidate.id for candidate in listed)
        self._publish(Changes(searches=frozenset({search.id}), candidates=ids))
        return done

    def _stopped(self, search: Search) -> None:
        if self._board.to_resume(search.id):
            self._record(replace(search, state=SearchState.WAITING))
        else:
            self._record(replace(search, state=SearchState.CANCELLED, finished_at=now()))

    def _failed(self, search: Search, message: str) -> None:
        self._record(replace(search, state=SearchState.FAILED, finished_at=now(), message=message))

    def _record(self, search: Search) -> Search:
        self._casebook.update_search(search)
        self._publish(Changes(searches=frozenset({search.id})))
        return search
