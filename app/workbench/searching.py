"""Searches and their candidates."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from app.domain import (
    SEARCHED_MARKS,
    Acquired,
    Agency,
    CaseheadError,
    Changes,
    Search,
    SearchState,
    now,
)
from app.jobs import Job
from app.matching import Running, asked_for
from app.workbench.base import UNFINISHED
from app.workbench.blinding import Blinding
from app.workbench.values import CandidateLine, SearchLine

NOT_SEARCHED = "The image is kept, but cannot be searched."
ENDED = (SearchState.DONE, SearchState.FAILED)


class Searching(Blinding):
    """Operations on searches."""

    def search(
        self,
        acquired_id: str,
        job: Job | None = None,
        everything: bool = False,
        beyond: str = "",
    ) -> Search:
        """Search now, on this thread and the workers; the finished search is returned.

        ``everything`` ignores class characteristics; ``beyond`` is the reason to search beyond
        the search area, and is kept in the journal. Raises CaseheadError when the picture cannot
        be searched and CancelledError when stopped; the search's record says so too.
        """
        message = asked_for(everything=everything, wide=bool(beyond.strip()))
        search = self._record_search(self._searchable(acquired_id), message, beyond)
        return self._runner.run(search, job or Job(), everything)

    def search_in_background(self, acquired_id: str, beyond: str = "") -> Search:
        """Put the picture in the queue of background searches, unless it waits there already.

        ``beyond`` as in ``search``.
        """
        acquired = self._searchable(acquired_id)
        found = self._casebook.search_of(acquired_id)
        wide = bool(beyond.strip())
        waits = found is not None and found.state is SearchState.WAITING and not found.message
        if found is not None and waits and not wide:
            return found
        search = self._record_search(acquired, asked_for(everything=False, wide=wide), beyond)
        self._queue.put(search.id)
        return search

    def cancel_search(self, search_id: str) -> None:
        """Stop a search that waits or runs; one that has ended stays as it is."""
        self._queue.remove(search_id)
        if self._board.cancel(search_id) or self._queue.cancel(search_id):
            return
        search = self._casebook.search(search_id)
        if search.state in UNFINISHED:
            stopped = replace(search, state=SearchState.CANCELLED, finished_at=now())
            self._casebook.update_search(stopped)
            self._publish(Changes(searches=frozenset({search_id})))

    def running(self) -> tuple[Running, ...]:
        """The searches going on now and how far they are."""
        return self._board.running()

    def searches(self) -> tuple[SearchLine, ...]:
        """All searches, newest first."""
        searches = self._casebook.searches()
        held = self._casebook.provenances_of(s.acquired_id for s in searches)
        return tuple(SearchLine(s, held[s.acquired_id], _unseen(s)) for s in searches)

    def unseen_count(self) -> int:
        """How many searches have ended and have not been looked at."""
        return self._casebook.unseen_count(ENDED)

    def mark_seen(self, search_id: str) -> Search:
        """Note that somebody looked at an ended search; another one stays as it is."""
        with self._casebook.transaction():
            search = self._casebook.search(search_id)
            if not _unseen(search) or self.read_only:
                return search
            search = replace(search, seen=True)
            self._casebook.update_search(search)
        self._publish(Changes(searches=frozenset({search_id})))
        return search

    def candidates(self, search_id: str) -> tuple[CandidateLine, ...]:
        """The candidates of a search, best first."""
        found = self._casebook.candidates(search_id)
        if found:
            found = self._unreviewed(self._casebook.search(search_id).acquired_id, found)
        held = self._casebook.provenances_of(c.acquired_id for c in found)
        guns = self._veil().shown_guns(
            self._casebook.known_guns(place.cartridge_case for place in held.values())
        )
        return tuple(
            CandidateLine(c, place, guns.get(place.cartridge_case.id, ""))
            for c in found
            for place in (held[c.acquired_id],)
        )

    def _searchable(self, acquired_id: str) -> Acquired:
        self._need_writable()
        acquired = self._casebook.acquired(acquired_id)
        if acquired.superseded_by is not None:
            raise CaseheadError("This picture has been superseded; search its newer record.")
        if acquired.pixel_um is None:
            why = next((w for w in acquired.warnings if w.startswith(NOT_SEARCHED)), "")
            raise CaseheadError(
                f"{acquired.file_name or 'The picture'} has no scale, so it cannot be searched; "
                "settle its pixel size (micrometres per pixel) first."
                + why.removeprefix(NOT_SEARCHED)
            )
        if acquired.held_back:
            raise CaseheadError(
                "The quality of this picture asks for another one; capture it again, or say in "
                "Acquire why it is used all the same."
            )
        kind = self._casebook.provenance(acquired_id).mark.kind
        if kind not in SEARCHED_MARKS:
            raise CaseheadError(
                f"This is a picture of the {kind}; marks of that kind are not searched. "
                "It can be viewed and compared by eye."
            )
        return acquired

    def search_area(self) -> tuple[Agency, ...] | None:
        """The agencies searched by default, the own one first; None: all there are."""
        area = self._casebook.search_area()
        if area is None:
            return None
        own = self._casebook.agency()
        known = (a for a in self._casebook.agencies() if a.id in area and a.id != own.id)
        return (own, *known)

    def set_search_area(self, neighbours: Iterable[str] | None, reason: str) -> None:
        """Search the own agency and these others (names or ids) by default from now on.

        None takes the limit away. Raises CaseheadError for an agency that is not known and
        without a reason; the journal tells it.
        """
        if not reason.strip():
            raise CaseheadError("Say why the search area changes; the journal keeps the reason.")
        found: list[str] = []
        known = self._casebook.agencies()
        for name in neighbours or ():
            one = next((a for a in known if name in (a.id, a.name, a.ori) and name), None)
            if one is None:
                there = ", ".join(a.name for a in known)
                raise CaseheadError(f"No agency '{name}' is known here; known are {there}.")
            found.append(one.id)
        self._casebook.set_search_area(None if neighbours is None else found, reason.strip())
        self._publish(Changes(settings=True))

    def _record_search(self, acquired: Acquired, message: str = "", beyond: str = "") -> Search:
        search = Search(acquired.id, message=message)
        with self._casebook.transaction():
            self._casebook.add_search(search)
            if beyond.strip():
                self._casebook.tell_widened(search.id, " ".join(beyond.split()))
        self._publish(Changes(searches=frozenset({search.id})))
        return search

    def _kept(self, acquired: Acquired) -> str | None:
        """Record, inside the caller's transaction, the search of a picture just saved."""
        if not self._automatic or not acquired.searchable:
            return None
        if self._casebook.provenance(acquired.id).mark.kind not in SEARCHED_MARKS:
            return None
        search = Search(acquired.id)
        self._casebook.add_search(search)
        return search.id

    def _begin(self, search_id: str | None) -> None:
        """Queue a recorded search, once its transaction is committed."""
        if search_id is not None:
            self._queue.put(search_id)


def _unseen(search: Search) -> bool:
    return search.state in ENDED and not search.seen
