"""The ledger shows who was told of a hit and has to hear that it holds no more."""

from __future__ import annotations

from app.workbench import Draft, Workbench
from tests.linked_book import FIRST, SECOND, linked_book
from widgets.casework.ledger_lines import Loaded, Wanted, load, look, still_known

UNSURE = Draft("inconclusive-a", "Some striae agree, too few.", examined_physically=False)


def hits(workbench: Workbench) -> Loaded:
    return load(workbench, Wanted("hits"))


def test_who_was_told_of_a_hit_that_ended_needs_somebody_until_told(
    empty_workbench: Workbench,
) -> None:
    linked_book(empty_workbench)
    link = empty_workbench.hits()[0]
    (subject,) = link.comparisons
    empty_workbench.set_author(FIRST)
    empty_workbench.send_notice("hit", subject, "Det. Marsh", "South Lab", "letter")
    empty_workbench.conclude(subject, UNSURE)
    (row,) = [one for one in hits(empty_workbench).rows if one.subject_id == subject]
    assert row.state == "lead again" and "South Lab was told of a hit" in row.attention
    seen, detail = look(empty_workbench, row)
    assert seen is not None and seen.agencies == ("South Lab",) and "notice" in detail.actions

    task = empty_workbench.ask_verification(subject, "open")
    empty_workbench.set_author(SECOND)
    empty_workbench.verify(task.id, UNSURE)
    assert empty_workbench.link_between(*link.pair) is None
    (row,) = [one for one in hits(empty_workbench).rows if one.subject_id == subject]
    assert row.state == "no hit any more" and "South Lab was told of a hit" in row.attention
    seen, detail = look(empty_workbench, row)
    assert seen is not None and seen.pair is not None and detail.actions >= {"open", "notice"}
    empty_workbench.send_notice("hit", subject, "Det. Marsh", "South Lab", "telephone")
    assert not [one for one in hits(empty_workbench).rows if one.subject_id == subject]


def test_a_row_listed_again_keeps_the_notices_shown_beside_it(empty_workbench: Workbench) -> None:
    linked_book(empty_workbench)
    (subject,) = empty_workbench.hits()[0].comparisons
    empty_workbench.set_author(FIRST)
    empty_workbench.send_notice("hit", subject, "Det. Marsh", "South Lab", "letter")
    first, other = hits(empty_workbench).rows[:2]
    seen, _ = look(empty_workbench, first)
    assert seen is not None and seen.unreceived, "T can note who received it"
    again = hits(empty_workbench).rows[0]
    assert not again.unreceived
    assert still_known(again, seen) == seen
    assert still_known(other, seen) == other
