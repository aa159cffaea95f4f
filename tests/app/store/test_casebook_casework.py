"""Reviews, leads, verifications and notices: nothing is changed, and links are read quickly."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from time import thread_time

import pytest

from app.casework.links import derive_links
from app.casework.reviews import Notice, NoticeReceipt, SearchReview, WarmLink
from app.casework.wording import casework_words
from app.domain import CaseheadError, Search, new_id, now
from app.store import Casebook
from app.store.casebook import FILE_NAME
from app.store.schema_casework import TABLES
from tests.app.store.linked_parts import hit_between, lead_between, pictured
from tests.app.store.store_parts import JANE


def links_of(casebook: Casebook) -> list[tuple[str, bool]]:
    facts = casebook.link_facts(casework_words())
    links = derive_links(facts.confirmations, facts.leads, facts.warm)
    return [(link.state, link.counted) for link in links]


@pytest.fixture
def filled(casebook: Casebook) -> Casebook:
    """A record in every table."""
    one, other = pictured(casebook, "1"), pictured(casebook, "2")
    search = casebook.add_search(Search(one[1]))
    casebook.add_search_review(SearchReview(search.id, 0, 0, 0, 0, 0, "no lead", "", JANE, now()))
    lead = lead_between(casebook, one, other)
    _, verified = hit_between(casebook, one, other)
    notice = Notice("lead", lead.id, "Det. Marsh", "South", "letter", "", "", JANE, now())
    casebook.add_notice(notice)
    casebook.add_notice_receipt(NoticeReceipt(notice.id, now(), "Det. Marsh", JANE, now()))
    casebook.add_warm_link(WarmLink(one[0], other[0], "Known.", JANE, verified.verified_at))
    return casebook


def test_all_of_it_is_vouched_for_and_read_back(
    filled: Casebook, reopened: Callable[[], Casebook]
) -> None:
    said = filled.journal()
    actions = {line.action.removesuffix(" added").replace(" ", "_") for line in said}
    assert set(TABLES) <= actions
    assert filled.check() == ()
    (lead,) = filled.leads()
    with reopened() as again:
        assert again.leads() == (lead,) and again.check() == ()
        (line,) = again.notices()
        assert line.receipt is not None and line.notice.agency == "South"
        assert links_of(again) == [("hit", False)], "within one second, the warm link goes first"


@pytest.mark.parametrize("table", TABLES)
def test_nothing_is_changed_or_deleted(filled: Casebook, folder: Path, table: str) -> None:
    filled.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as other:
        with pytest.raises(sqlite3.IntegrityError, match="never changed"):
            other.execute(f"UPDATE {table} SET examiner = 'X'")
        with pytest.raises(sqlite3.IntegrityError, match="never deleted"):
            other.execute(f"DELETE FROM {table}")


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("lead", "reason", "other"),
        ("lead_step", "kind", "closed"),
        ("verification", "value", "elimination"),
        ("verification_task", "mode", "open"),
        ("search_review", "outcome", "lead"),
        ("notice", "recipient", "other"),
        ("notice_receipt", "by", "other"),
        ("warm_link", "basis", "other"),
    ],
)
def test_a_change_by_another_program_is_found(
    filled: Casebook, folder: Path, table: str, column: str, value: str
) -> None:
    filled.close()
    with closing(sqlite3.connect(folder / FILE_NAME)) as other:
        other.execute(f"DROP TRIGGER {table}_never_changed")
        other.execute(f'UPDATE {table} SET "{column}" = ?', (value,))
        other.commit()
    with Casebook.open(folder, read_only=True) as again:
        (sentence,) = again.check()
    assert table.replace("_", " ") in sentence and "not what the journal says" in sentence


def test_a_second_answer_to_one_task_is_refused(filled: Casebook) -> None:
    (task,) = filled.verification_tasks()
    (verification,) = filled.verifications(task.comparison_id)
    with pytest.raises(CaseheadError, match="entered already"):
        filled.add_verification(replace(verification, id=new_id()))


def test_links_follow_what_is_added_and_forget_what_was_undone(casebook: Casebook) -> None:
    cases = [pictured(casebook, str(number)) for number in range(3)]
    hit_between(casebook, cases[0], cases[1])
    assert links_of(casebook) == [("hit", True)]
    with pytest.raises(ZeroDivisionError), casebook.transaction():
        hit_between(casebook, cases[1], cases[2])
        assert links_of(casebook) == [("hit", True)] * 2, "inside, as it would be"
        raise ZeroDivisionError
    assert links_of(casebook) == [("hit", True)]
    lead_between(casebook, cases[0], cases[2])
    assert sorted(links_of(casebook)) == [("hit", True), ("lead", False)]


def test_ten_thousand_links_would_take_a_fifth_of_a_second(casebook: Casebook) -> None:
    """Measured against a plain loop of Python on this machine, so that a busy one does no harm."""
    count = 300
    with casebook.transaction():
        cases = [pictured(casebook, str(number)) for number in range(count + 1)]
        for one, other in pairwise(cases):
            hit_between(casebook, one, other)
    assert links_of(casebook) == [("hit", True)] * count
    hit_between(casebook, cases[0], cases[2])
    rounds = [(_seconds(lambda: links_of(casebook)), _seconds(_loop)) for _ in range(5)]
    # the loop takes 10 to 20 ms where 10,000 links take 100 to 200
    ratio = min(mine / simple for mine, simple in rounds) / count * 10_000
    assert ratio < 20, rounds


def _loop() -> None:
    found = [(number, str(number)) for number in range(100_000)]
    assert len(found) == 100_000


def _seconds(work: Callable[[], object]) -> float:
    begun = thread_time()
    work()
    return thread_time() - begun
