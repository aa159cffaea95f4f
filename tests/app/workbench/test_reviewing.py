"""Reviews taken back, several at once, the place in a list, candidates of one gun as one row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.domain import CaseheadError, Review
from app.store import Casebook
from app.workbench import (
    CandidateLine,
    Wanted,
    Workbench,
    candidate_rows,
    counts,
    group_name,
    left_words,
)
from tests.app.matching.several_marks import AUTHOR, BREECH, PIN, Story, add_search, build

KEPT, DISMISSED, LATER, NEW = Review.KEPT, Review.DISMISSED, Review.LATER, Review.NEW


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return build(tmp_path / "casebook")


def opened(story: Story) -> Workbench:
    return Workbench(story.folder, automatic_search=False)


def lines(workbench: Workbench, story: Story) -> tuple[CandidateLine, ...]:
    return workbench.candidates(story.searches[BREECH])


def reviews(workbench: Workbench, story: Story) -> list[Review]:
    return [line.candidate.review for line in lines(workbench, story)]


def test_reviews_are_taken_back_one_step_after_the_other(story: Story) -> None:
    workbench = opened(story)
    first, second, third, *_ = (line.candidate.id for line in lines(workbench, story))
    workbench.review(first, LATER)
    workbench.review_all((first, second, third), DISMISSED)
    workbench.review(second, DISMISSED)  # says nothing new: no step of its own
    undone = workbench.undo_review()
    assert [(c.id, c.review) for c in undone] == [(first, LATER), (second, NEW), (third, NEW)]
    assert reviews(workbench, story)[:3] == [LATER, NEW, NEW]
    assert [c.review for c in workbench.undo_review()] == [NEW]
    assert workbench.undo_review() == ()
    told = [x for x in workbench._casebook.journal() if x.action == "candidate reviewed"]
    assert [x.detail["review"] for x in told[-4:]] == ["later", "new", "new", "new"]
    workbench.close()


def test_what_was_said_again_since_or_by_somebody_else_stays(story: Story) -> None:
    workbench = opened(story)
    first, second, *_ = (line.candidate.id for line in lines(workbench, story))
    workbench.review_all((first, second), KEPT)
    workbench._casebook.review_candidate(first, LATER)  # by another way
    assert [c.id for c in workbench.undo_review()] == [second]
    assert reviews(workbench, story)[:2] == [LATER, NEW]
    workbench.review(first, KEPT)
    workbench.set_author(replace(AUTHOR, examiner="A. Lind"))
    assert workbench.undo_review() == ()
    assert reviews(workbench, story)[0] is KEPT
    workbench.close()


def test_nothing_is_taken_back_when_one_of_several_is_not_there(story: Story) -> None:
    workbench = opened(story)
    first = lines(workbench, story)[0].candidate.id
    with pytest.raises(CaseheadError):
        workbench.review_all((first, "nobody"), KEPT)
    assert reviews(workbench, story)[0] is NEW
    assert workbench.undo_review() == ()
    workbench.close()


def test_the_place_in_every_list_is_kept_over_a_restart(story: Story) -> None:
    with Casebook.open(story.folder) as casebook:
        other = add_search(casebook, story, PIN, {"2026-0440/T1": 0.5})
    workbench = opened(story)
    breech, pin = story.searches[BREECH], other
    there = lines(workbench, story)[2].candidate.id
    workbench.stand_at(there)
    workbench.stand_at(workbench.candidates(pin)[0].candidate.id)
    workbench.stand_at("nobody")
    workbench.close()
    again = opened(story)
    assert again.place_in((breech,)) == there
    assert again.place_in((breech, pin)) == again.candidates(pin)[0].candidate.id
    assert again.place_in(("elsewhere",)) == ""
    again.close()


def test_specimens_of_one_gun_are_one_row_until_it_is_opened(story: Story) -> None:
    workbench = opened(story)
    found = lines(workbench, story)
    names = [story.name_of(line.candidate.acquired_id) for line in found]
    assert names == ["2026-0412/1A", "2026-0440/T1", "2026-0451/1A", "2026-0440/T2", "2026-0460/1A"]
    rows = [row for group in candidate_rows(found) for row in group]
    assert [row.line.candidate.rank for row in rows] == [1, 2, 3, 5]
    gun = rows[1]
    assert gun.folded is True
    assert gun.others == "1 of 2 specimens of this gun"
    assert gun.candidate_ids == (found[1].candidate.id, found[3].candidate.id)
    opened_rows = candidate_rows(found, frozenset({group_name(gun.line)}))
    assert [[row.depth for row in group] for group in opened_rows] == [[0], [0, 1], [0], [0]]
    assert opened_rows[1][0].candidate_ids == (found[1].candidate.id,)
    workbench.review(found[1].candidate.id, KEPT)
    (folded,) = candidate_rows(lines(workbench, story))[1]
    assert (folded.review, folded.state) == (KEPT, "kept\n1 of 2")
    (rest,) = candidate_rows(lines(workbench, story), wanted=Wanted.NEW)[2]
    assert rest.line.candidate.rank == 4 and rest.folded is None
    workbench.close()


def test_a_walk_tells_what_a_review_holds_for_besides(story: Story) -> None:
    workbench = opened(story)
    ids = [line.candidate.id for line in lines(workbench, story)]
    walk = workbench.listed((ids[0], ids[1], "nobody", ids[4]))
    assert [one.candidate.id for one in walk] == [ids[0], ids[1], ids[4]]
    assert [one.also for one in walk] == [(), (ids[3],), ()]
    assert all(one.also == () for one in workbench.listed(ids))
    workbench.review(ids[3], DISMISSED)
    assert workbench.listed((ids[1],))[0].also == ()
    workbench.close()


def test_what_is_left_in_words() -> None:
    assert left_words(counts([])) == ""
    assert left_words(counts([NEW, NEW, KEPT])) == "2 of 3 left"
    assert left_words(counts([NEW, LATER, KEPT])) == "1 of 3 left, 1 for later"
    assert left_words(counts([KEPT, DISMISSED])) == "All 2 reviewed"
