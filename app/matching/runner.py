"""One search from its first record to its candidates, every state stored."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from time import monotonic

from app.domain import CancelledError, CaseheadError, Changes, Search, SearchState, now
from app.jobs import Job
from app.matching.area import WIDENED
from app.matching.board import Board
from app.matching.matcher import UNFILTERED, Finished, Matcher, SoFar, asked_for
from app.store import Casebook
from correlation.errors import CorrelationError

TELL_EVERY_S = 0.25
STORE_EVERY_S = 0.5


class Runner:
    """Runs searches; views hear of each state and, a few times a second, of the progress.

    The candidates so far are stored while a search runs, with how far it has come, so that a
    stop leaves an honest record.
    """

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
            message = asked_for(everything=everything, wide=WIDENED in search.message)
            begun = replace(search, state=SearchState.RUNNING, started_at=now(), message=message)
            begun = self._record(replace(begun, planned=0, surveyed=0, compared=0, refused=0))
            going = _Going(begun, self._casebook, self._board, self._publish)
            try:
                return going.end(self._matcher.run(begun, job, going.hear, everything))
            except CancelledError:
                self._stopped(going)
                raise
            except (CaseheadError, CorrelationError) as error:
                self._failed(going, str(error))
                raise CaseheadError(str(error)) from error
            except Exception as error:
                self._failed(
                    going, f"Stopped by a fault in the program, please report it: {error!r}"
                )
                raise

    def _stopped(self, going: _Going) -> None:
        with suppress(CaseheadError):
            going.store()
        search = going.search
        if self._board.to_resume(search.id):
            said = search.message
            asked = asked_for(everything=said.startswith(UNFILTERED), wide=WIDENED in said)
            self._record(replace(search, state=SearchState.WAITING, message=asked))
            return
        said = search.message
        if search.planned:
            part = f"Stopped after {search.surveyed} of {search.planned} references."
            said = f"{said} {part}".strip()
        self._record(replace(search, state=SearchState.CANCELLED, finished_at=now(), message=said))

    def _failed(self, going: _Going, message: str) -> None:
        with suppress(CaseheadError):
            going.store()
        search = going.search
        self._record(replace(search, state=SearchState.FAILED, finished_at=now(), message=message))

    def _record(self, search: Search) -> Search:
        self._casebook.update_search(search)
        self._publish(Changes(searches=frozenset({search.id})))
        return search


class _Going:
    """A search that runs: what was told of it, and what was stored."""

    def __init__(
        self,
        search: Search,
        casebook: Casebook,
        board: Board,
        publish: Callable[[Changes], None],
    ) -> None:
        self.search = search
        self._casebook, self._board, self._publish = casebook, board, publish
        self._so_far: SoFar | None = None
        self._told = self._tried = monotonic()
        self._listed = 0

    def hear(self, so_far: SoFar) -> None:
        """Tell the board; now and then the views, and the casebook when the list has grown."""
        self._so_far = so_far
        self._board.progress(self.search.id, so_far.surveyed, so_far.planned)
        candidates: frozenset[str] = frozenset()
        if monotonic() - self._tried >= STORE_EVERY_S:
            candidates = self.store()
            self._tried = monotonic()
        if candidates or monotonic() - self._told >= TELL_EVERY_S:
            self._told = monotonic()
            self._publish(Changes(searches=frozenset({self.search.id}), candidates=candidates))

    def store(self) -> frozenset[str]:
        """Store how far it has come; the candidates listed anew."""
        if self._so_far is None:
            return frozenset()
        finished = self._so_far.told()
        self.search = finished.search
        with self._casebook.transaction():
            self._casebook.update_search(self.search)
            if len(finished.candidates) == self._listed:
                return frozenset()
            self._listed = len(finished.candidates)
            listed = self._casebook.replace_candidates(
                self.search.id, finished.candidates, final=False
            )
        return frozenset(candidate.id for candidate in listed)

    def end(self, finished: Finished) -> Search:
        """Store the end; the search as stored."""
        done = replace(finished.search, state=SearchState.DONE, finished_at=now())
        with self._casebook.transaction():
            listed = self._casebook.replace_candidates(done.id, finished.candidates)
            self._casebook.update_search(done)
        ids = frozenset(candidate.id for candidate in listed)
        self._publish(Changes(searches=frozenset({done.id}), candidates=ids))
        return done
