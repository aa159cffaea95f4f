"""Searches, candidates, comparisons, conclusions and the queue of the exchange."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from app.domain import (
    Acquired,
    Alignment,
    Author,
    CaseheadError,
    Comparison,
    Conclusion,
    Review,
    Search,
    SearchState,
    new_id,
)
from app.store import Casebook
from tests.app.store.store_parts import JANE, Planted, candidate, save


@dataclass(frozen=True)
class Searched:
    """A query, what it was compared with, and its search."""

    query: Acquired
    others: tuple[Acquired, ...]
    search: Search


@pytest.fixture
def searched(casebook: Casebook, planted: Planted) -> Searched:
    query, *others = (save(casebook, planted.mark.id, bytes([n])) for n in range(5))
    return Searched(query, tuple(others), casebook.add_search(Search(query.id, planned=4)))


def reviewed(casebook: Casebook, search_id: str) -> list[tuple[str, int, Review]]:
    """What a list says of its pictures."""
    return [(c.acquired_id, c.rank, c.review) for c in casebook.candidates(search_id)]


def test_a_search_and_its_list_are_there_after_a_restart(
    casebook: Casebook, searched: Searched, reopened: Callable[[], Casebook]
) -> None:
    listed = [candidate(searched.search.id, o.id, n) for n, o in enumerate(searched.others, 1)]
    assert casebook.replace_candidates(searched.search.id, reversed(listed))[-1] == listed[0]
    done = replace(searched.search, state=SearchState.DONE, compared=4, seen=True, message="Done.")
    casebook.update_search(done)
    later = casebook.add_search(Search(searched.query.id))
    with reopened() as again:
        assert again.search(done.id) == done
        assert again.searches() == (later, done)
        assert again.search_of(searched.query.id) == later
        assert again.search_of(searched.others[0].id) is None
        assert again.candidates(done.id) == tuple(listed)
        assert again.candidates(done.id, limit=2) == tuple(listed[:2])
        assert again.candidate(listed[1].id) == listed[1]


def test_an_alignment_without_a_clear_top_is_kept_as_such(
    casebook: Casebook, searched: Searched
) -> None:
    told = candidate(searched.search.id, searched.others[0].id, 1)
    flat = replace(told.score, overlap_um2=0.0, rotation_sd_deg=None, shift_sd_um=None)
    casebook.replace_candidates(searched.search.id, [replace(told, score=flat)])
    assert casebook.candidates(searched.search.id)[0].score == flat
    row = casebook._connection.row("SELECT overlap_um2, rotation_sd_deg FROM candidate")
    assert row == (None, None)


def test_a_new_list_keeps_reviews_and_ids(casebook: Casebook, searched: Searched) -> None:
    search_id, (a, b, c, d) = searched.search.id, searched.others
    first = casebook.replace_candidates(
        search_id, [candidate(search_id, o.id, n) for n, o in enumerate((a, b, c), 1)]
    )
    assert casebook.review_candidate(first[0].id, Review.KEPT).review == Review.KEPT
    casebook.review_candidate(first[1].id, Review.DISMISSED)
    second = casebook.replace_candidates(
        search_id, [candidate(search_id, d.id, 1, 0.9), candidate(search_id, a.id, 2)]
    )
    assert second[1].id == first[0].id
    assert reviewed(casebook, search_id) == [
        (d.id, 1, Review.NEW),
        (a.id, 2, Review.KEPT),
        (b.id, 3, Review.DISMISSED),
    ]


def test_a_candidate_that_was_compared_stays(casebook: Casebook, searched: Searched) -> None:
    search_id, other = searched.search.id, searched.others[0]
    (listed,) = casebook.replace_candidates(search_id, [candidate(search_id, other.id, 1)])
    casebook.add_comparison(
        Comparison(searched.query.id, other.id, Alignment(), candidate_id=listed.id)
    )
    assert casebook.replace_candidates(search_id, []) == ()
    assert casebook.candidates(search_id) == (listed,)


def test_a_list_that_cannot_be_stored_leaves_the_earlier_one(
    casebook: Casebook, searched: Searched
) -> None:
    search_id, other = searched.search.id, searched.others[0]
    listed = casebook.replace_candidates(search_id, [candidate(search_id, other.id, 1)])
    with pytest.raises(CaseheadError, match="listed twice"):
        casebook.replace_candidates(
            search_id, [candidate(search_id, searched.query.id, n) for n in (1, 2)]
        )
    with pytest.raises(CaseheadError, match="does not hold"):
        casebook.replace_candidates(search_id, [candidate(search_id, new_id(), 1)])
    assert casebook.candidates(search_id) == listed


def test_only_changes_of_state_and_reviews_are_journalled(
    casebook: Casebook, searched: Searched
) -> None:
    before = len(casebook.journal())
    running = casebook.update_search(replace(searched.search, state=SearchState.RUNNING))
    for compared in range(1, 4):
        casebook.update_search(replace(running, compared=compared))
    assert casebook.search(running.id).compared == 3
    (listed,) = casebook.replace_candidates(
        running.id, [candidate(running.id, searched.others[0].id, 1)]
    )
    for _ in range(2):
        casebook.review_candidate(listed.id, Review.LATER)
    lines = casebook.journal()[before:]
    assert [line.action for line in lines] == [
        "search updated",
        "candidates listed",
        "candidate reviewed",
    ]
    assert lines[-1].detail["review"] == "later"


def test_a_comparison_keeps_its_history_in_the_journal(
    casebook: Casebook, searched: Searched, reopened: Callable[[], Casebook]
) -> None:
    left, right = searched.query.id, searched.others[0].id
    first = Comparison(left, right, Alignment(10.0, (1.0, 2.0)), {"mode": "split", "at": (1, 2)})
    assert casebook.find_comparison(left, right) is None
    casebook.add_comparison(first)
    casebook.add_comparison(first)
    nudged = replace(first, alignment=first.alignment.nudged(1.0, turn_deg=0.5))
    casebook.update_comparison(nudged)
    casebook.update_comparison(nudged)
    with pytest.raises(CaseheadError, match="keeps its two pictures"):
        casebook.update_comparison(replace(nudged, right_id=left))
    with pytest.raises(CaseheadError, match="no comparison"):
        casebook.update_comparison(Comparison(left, right, Alignment()))
    with reopened() as again:
        stored = again.comparison(first.id)
        assert stored.alignment == nudged.alignment
        assert stored.view == {"mode": "split", "at": [1, 2]}
        assert again.find_comparison(left, right) == stored
        assert again.find_comparison(right, left) is None
        assert again.comparisons() == (stored,)
        told = [line for line in again.journal() if line.subject == first.id]
        assert [line.detail["rotation_deg"] for line in told] == [10.0, 10.5]
        assert again.check() == ()


def test_conclusions_add_up_and_name_their_author(casebook: Casebook, searched: Searched) -> None:
    pair = Comparison(searched.query.id, searched.others[0].id, Alignment())
    casebook.add_comparison(pair)
    first = casebook.add_conclusion(Conclusion(pair.id, "afte", "inconclusive-a", "Little area."))
    assert first.author == JANE
    assert first.recorded_at > "2020"
    other = Author("Lab South", "Bench 2", "John Roe", "OR0020000")
    second = casebook.add_conclusion(
        Conclusion(pair.id, "afte", "identification", "", other, "2026-01-05T10:00:00+00:00")
    )
    assert second.author == other
    assert casebook.conclusions(pair.id) == (first, second)
    with pytest.raises(CaseheadError, match="Choose a conclusion"):
        casebook.add_conclusion(Conclusion(pair.id, "afte", " "))
    with pytest.raises(CaseheadError, match="does not hold"):
        casebook.add_conclusion(Conclusion(new_id(), "afte", "identification"))
    assert len(casebook.conclusions(pair.id)) == 2


def test_the_queue_survives_restarts_and_failures(
    casebook: Casebook, planted: Planted, reopened: Callable[[], Casebook]
) -> None:
    line_id = casebook.queue_entry(planted.exhibit.id, "share")
    assert casebook.queue_entry(planted.exhibit.id, "share") == line_id
    other = casebook.queue_entry(planted.exhibit.id, "elsewhere")
    casebook.entry_failed(line_id, "The folder is not there.")
    casebook.entry_failed(line_id, "Still not there.")
    casebook.entry_sent(other)
    casebook.entry_sent(other)
    with pytest.raises(CaseheadError, match="no exhibit"):
        casebook.queue_entry(new_id(), "share")
    with pytest.raises(CaseheadError, match="no entry"):
        casebook.entry_sent(new_id())
    with reopened() as again:
        (waiting,) = again.outbox(only_waiting=True)
        assert (waiting.id, waiting.subject, waiting.folder) == (
            line_id,
            planted.exhibit.id,
            "share",
        )
        assert (waiting.state, waiting.tries, waiting.message) == ("waiting", 2, "Still not there.")
        assert [(line.id, line.state) for line in again.outbox()] == [
            (line_id, "waiting"),
            (other, "sent"),
        ]
        assert [line.action for line in again.journal(3)] == [
            "entry queued",
            "entry queued",
            "entry sent",
        ]


def test_what_was_sent_can_be_queued_again(casebook: Casebook, planted: Planted) -> None:
    first = casebook.queue_entry(planted.exhibit.id, "share")
    casebook.entry_sent(first)
    assert casebook.queue_entry(planted.exhibit.id, "share") != first
