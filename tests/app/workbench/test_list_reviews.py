"""A list gets a recorded review: who, when, how deep, what came of it (R5)."""

from __future__ import annotations

import pytest
from casework_parts import FIRST, SECOND, acquired, as_person, review_all
from stand_in import StandIn
from workbench_parts import AUTHOR, Heard

from app.domain import CaseheadError, Review, Search, SearchState
from app.workbench import Workbench

pytestmark = pytest.mark.usefixtures("library")


@pytest.fixture
def search(workbench: Workbench) -> Search:
    """A list of three, best first."""
    query = acquired(workbench, "2026-1", 100)
    for number, level in enumerate((98, 90, 60)):
        acquired(workbench, f"2026-{number + 2}", level)
    return workbench.search(query)


def say(workbench: Workbench, search: Search, *reviews: Review) -> None:
    lines = workbench.candidates(search.id)
    for line, review in zip(lines, reviews, strict=False):
        workbench.review(line.candidate.id, review)


def test_a_review_says_who_when_how_deep_and_that_there_is_no_lead(
    workbench: Workbench, search: Search
) -> None:
    say(workbench, search, Review.KEPT, Review.DISMISSED)
    heard = Heard(workbench)
    review = workbench.record_review(search.id, " Looked again at 1. ")
    assert (review.deepest_rank, review.looked_at) == (2, 2)
    assert (review.kept, review.dismissed, review.later) == (1, 1, 0)
    assert (review.outcome, review.note) == ("no lead", "Looked again at 1.")
    assert review.author == AUTHOR and review.reviewed_at
    assert workbench.search_reviews(search.id) == (review,)
    assert heard.all.casework and search.id in heard.all.searches
    line = workbench._casebook.journal(1)[0]
    assert (line.action, line.subject) == ("search review added", review.id)
    assert line.detail["outcome"] == "no lead" and line.detail["deepest_rank"] == 2
    assert workbench.check() == ()


def test_candidates_still_new_above_the_depth_are_refused(
    workbench: Workbench, search: Search
) -> None:
    lines = workbench.candidates(search.id)
    workbench.review(lines[2].candidate.id, Review.LATER)
    with pytest.raises(CaseheadError, match="Down to rank 3 2 candidates are still new, the first"):
        workbench.record_review(search.id)
    workbench.review(lines[0].candidate.id, Review.DISMISSED)
    assert workbench.reviewed_depth(search.id) == 1
    with pytest.raises(CaseheadError, match="a candidate is still new, the first at rank 2"):
        workbench.record_review(search.id, depth=2)
    assert workbench.search_reviews(search.id) == ()
    assert workbench.record_review(search.id, depth=1).looked_at == 1


@pytest.mark.parametrize(
    ("depth", "words"),
    [(None, "Nothing was said"), (0, "Nothing was said"), (9, "ends with rank 3")],
)
def test_a_list_nobody_began_or_that_is_shorter_is_refused(
    workbench: Workbench, search: Search, depth: int | None, words: str
) -> None:
    with pytest.raises(CaseheadError, match=words):
        workbench.record_review(search.id, depth=depth)


def test_a_search_that_goes_on_is_refused(workbench: Workbench) -> None:
    query = acquired(workbench, "2026-1", 100)
    waiting = workbench._casebook.add_search(Search(query))
    with pytest.raises(CaseheadError, match="The search is waiting"):
        workbench.record_review(waiting.id)


def test_an_empty_list_is_reviewed_too(workbench: Workbench) -> None:
    search = workbench.search(acquired(workbench, "2026-1", 100))
    assert search.state is SearchState.DONE
    review = workbench.record_review(search.id, "Nothing of this calibre yet.")
    assert (review.deepest_rank, review.looked_at, review.outcome) == (0, 0, "no lead")


def test_a_later_review_supersedes_and_the_earlier_one_stays(
    workbench: Workbench, search: Search
) -> None:
    say(workbench, search, Review.DISMISSED)
    first = workbench.record_review(search.id)
    as_person(workbench, SECOND)
    review_all(workbench, search.id)
    second = workbench.record_review(search.id)
    assert workbench.search_reviews(search.id) == (first, second)
    assert (first.deepest_rank, second.deepest_rank) == (1, 3)
    assert second.author is not None and second.author.examiner == SECOND


def test_the_outcome_follows_from_the_leads_proposed_of_the_list(
    workbench: Workbench, search: Search, library: StandIn
) -> None:
    review_all(workbench, search.id)
    best = workbench.candidates(search.id)[0]
    assert workbench.record_review(search.id).outcome == "no lead"
    lead = workbench.propose_lead(
        search.acquired_id, best.provenance.acquired.id, "Striae agree.", best.candidate.id
    )
    *_, superseding = workbench.search_reviews(search.id)
    assert (superseding.outcome, superseding.deepest_rank) == ("lead", 3)
    assert superseding.kept == 1 and "rank 1" in superseding.note
    as_person(workbench, SECOND)
    workbench.decline_lead(lead.id, "Class characteristics differ.")
    as_person(workbench, FIRST)
    assert workbench.record_review(search.id).outcome == "no lead"
