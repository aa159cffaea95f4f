"""Searches and their candidates."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from app.domain import Author, Candidate, CaseheadError, Review, Search, SearchState, now
from app.store.codecs import CANDIDATE, SEARCH
from app.store.records import Records

_NEWEST_FIRST = " ORDER BY seq DESC"
_BY_RANK = ' ORDER BY "rank"'


class Searches(Records):
    """Searches are kept for ever; the candidates of one are replaced while it gets on."""

    def add_search(self, search: Search) -> Search:
        """Add a search of an image or scan."""
        self._add(SEARCH, search, {"acquired_id": search.acquired_id, "state": str(search.state)})
        return search

    def update_search(self, search: Search) -> Search:
        """Store how far a search has come.

        The journal gets a line when its state or ``seen`` changed.
        Raises CaseheadError when it is not there.
        """
        with self._change():
            before = self.search(search.id)
            self._update(SEARCH, SEARCH.row(search))
            if (before.state, before.seen) != (search.state, search.seen):
                self._tell("search updated", search.id, _facts(search))
        return search

    def search(self, search_id: str) -> Search:
        """One search. Raises CaseheadError when there is none of that id."""
        return self._by_id(SEARCH, search_id)

    def searches(self) -> tuple[Search, ...]:
        """All searches, newest first."""
        return self._all(SEARCH, "1", order=_NEWEST_FIRST)

    def searches_in(self, states: Iterable[SearchState]) -> tuple[Search, ...]:
        """The searches that stand like that, newest first."""
        told = json.dumps(sorted(states))
        where = "state IN (SELECT value FROM json_each(?))"
        return self._all(SEARCH, where, (told,), _NEWEST_FIRST)

    def unseen_count(self, states: Iterable[SearchState]) -> int:
        """How many of the searches that stand like that have not been looked at."""
        told = "(SELECT value FROM json_each(?))"
        sql = f"SELECT count(*) FROM search WHERE NOT seen AND state IN {told}"
        row = self._connection.row(sql, (json.dumps(sorted(states)),))
        return int(row[0]) if row else 0

    def search_of(self, acquired_id: str) -> Search | None:
        """The newest search of an image or scan."""
        return self._first(SEARCH, "acquired_id = ?", (acquired_id,), _NEWEST_FIRST)

    def replace_candidates(
        self, search_id: str, candidates: Iterable[Candidate], final: bool = True
    ) -> tuple[Candidate, ...]:
        """Store the list of a search in place of an earlier one, and return it as stored.

        A picture that was in the list before keeps its candidate's id and, unless the new one
        is reviewed, its review. One that was reviewed or compared stays even when the new list
        lacks it, after the others. The journal is told of a ``final`` list, not of those while
        the search gets on. Raises CaseheadError when a picture is listed twice.
        """
        fresh = tuple(candidates)
        if len({c.acquired_id for c in fresh}) != len(fresh):
            raise CaseheadError("A picture is listed twice among the candidates; search again.")
        with self._change() as author:
            self.search(search_id)
            listed = _merged(search_id, fresh, self._reviews(search_id))
            kept = self._set_aside(search_id, {c.acquired_id for c in listed}, len(listed))
            self._write(listed, author)
            if final:
                best = listed[0].score.score if listed else None
                facts = {"count": len(listed), "kept": kept, "best": best}
                self._tell("candidates listed", search_id, facts)
            return listed

    def candidates(self, search_id: str, limit: int | None = None) -> tuple[Candidate, ...]:
        """The candidates of a search by rank, the first ``limit`` of them."""
        order = f"{_BY_RANK} LIMIT {-1 if limit is None else int(limit)}"
        return self._all(CANDIDATE, "search_id = ?", (search_id,), order)

    def candidate(self, candidate_id: str) -> Candidate:
        """One candidate. Raises CaseheadError when there is none of that id."""
        return self._by_id(CANDIDATE, candidate_id)

    def review_candidate(self, candidate_id: str, review: Review) -> Candidate:
        """Store what the examiner says of a candidate."""
        with self._change():
            before = self.candidate(candidate_id)
            if before.review != review:
                sql = "UPDATE candidate SET review = ? WHERE id = ?"
                self._connection.run(sql, (str(review), candidate_id))
                facts = {
                    "search_id": before.search_id,
                    "acquired_id": before.acquired_id,
                    "before": str(before.review),
                    "review": str(review),
                }
                self._tell("candidate reviewed", candidate_id, facts)
            return replace(before, review=review)

    def _reviews(self, search_id: str) -> dict[str, tuple[str, Review]]:
        sql = "SELECT acquired_id, id, review FROM candidate WHERE search_id = ?"
        rows = self._connection.rows(sql, (search_id,))
        return {acquired: (candidate, Review(review)) for acquired, candidate, review in rows}

    def _set_aside(self, search_id: str, listed: set[str], count: int) -> int:
        """Drop what the new list lacks, but for what an examiner has touched; count those."""
        sql = (
            "SELECT id, acquired_id, review <> 'new' OR EXISTS (SELECT 1 FROM comparison k "
            "WHERE k.candidate_id = candidate.id) FROM candidate WHERE search_id = ?" + _BY_RANK
        )
        rows = [row for row in self._connection.rows(sql, (search_id,)) if row[1] not in listed]
        touched = [row[0] for row in rows if row[2]]
        self._connection.run_many(
            "DELETE FROM candidate WHERE id = ?", [(row[0],) for row in rows if not row[2]]
        )
        self._connection.run_many(
            'UPDATE candidate SET "rank" = ? WHERE id = ?',
            [(count + place, one) for place, one in enumerate(touched, start=1)],
        )
        return len(touched)

    def _write(self, listed: Sequence[Candidate], author: Author) -> None:
        made = (now(), author.examiner, author.station, author.agency)
        columns = (*CANDIDATE.columns, "created_at", "examiner", "station", "agency")
        names = ", ".join(f'"{name}"' for name in columns)
        changing = [name for name in columns if name not in ("id", "search_id", "acquired_id")]
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in changing)
        sql = (
            f"INSERT INTO candidate ({names}) VALUES ({', '.join('?' * len(columns))}) "
            f"ON CONFLICT (id) DO UPDATE SET {changes}"
        )
        self._connection.run_many(sql, ((*CANDIDATE.row(c).values(), *made) for c in listed))


def _merged(
    search_id: str, fresh: tuple[Candidate, ...], before: dict[str, tuple[str, Review]]
) -> tuple[Candidate, ...]:
    listed = []
    for candidate in fresh:
        known, review = before.get(candidate.acquired_id, (candidate.id, candidate.review))
        if candidate.review != Review.NEW:
            review = candidate.review
        listed.append(replace(candidate, search_id=search_id, id=known, review=review))
    return tuple(listed)


def _facts(search: Search) -> dict[str, Any]:
    return {
        "state": str(search.state),
        "method": search.method,
        "version": search.version,
        "surveyed": search.surveyed,
        "compared": search.compared,
        "left_out": search.left_out,
        "refused": search.refused,
        "seen": search.seen,
    }
