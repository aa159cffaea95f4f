"""The list of verifications goes on as long as there are any."""

from __future__ import annotations

import pytest

from app.workbench import Draft, Workbench
from tests.linked_book import FIRST, LEADS, SECOND, linked_book
from widgets.casework import verify_lines
from widgets.casework.verify_lines import Tasks, load

UNSURE = Draft("inconclusive-a", "Some striae agree, too few.", examined_physically=False)


def test_what_is_done_is_listed_behind_however_much_that_waits(
    empty_workbench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = linked_book(empty_workbench)
    empty_workbench.set_author(FIRST)
    for left, right in LEADS:
        made = empty_workbench.open_comparison(book.pictures[left], book.pictures[right])
        comparison = empty_workbench.save_comparison(made)
        empty_workbench.conclude(comparison.id, UNSURE)
        empty_workbench.ask_verification(comparison.id, "open", SECOND.examiner)
    monkeypatch.setattr(verify_lines, "PAGE", 1)
    monkeypatch.setattr(verify_lines, "_EACH", 1)  # both that wait are read first
    found: list[str] = []
    page = Tasks(complete=False)
    while not page.complete:
        page = load(empty_workbench, "done", len(found))
        assert page.rows
        found += [row.id for row in page.rows]
    done = [one.task.id for one in empty_workbench.verification_tasks(False) if not one.waiting]
    assert len(done) == 2 and sorted(found) == sorted(done)
