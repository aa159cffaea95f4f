"""What is asked of few records is found without looking at all of them: counted, not timed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from clock_parts import make_large, name

from app.domain import CartridgeCase, Case, Exhibit, Mark, Role, SearchState
from app.store import Casebook, journal_list, tree_list
from app.store.journal_list import JournalFilter
from tests.app.store.store_parts import JANE, plant

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
EXHIBITS = 1500


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """Five hundred cases, ten of their exhibits not entered in time at least."""
    folder: Path = tmp_path_factory.mktemp("large") / "casebook"
    with Casebook.open(folder) as casebook:
        casebook.set_author(JANE)
        make_large(casebook, EXHIBITS, NOW)
        casebook.bring_clock_up_to_date()
        yield casebook


def steps(casebook: Casebook, work: Callable[[], object]) -> int:
    """How many instructions SQLite's machine carries out, in hundreds."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    raw = casebook._connection._raw
    raw.set_progress_handler(count, 100)
    try:
        work()
    finally:
        raw.set_progress_handler(None, 0)
    return counted[0]


def test_what_is_overdue_of_an_exhibit_is_found_by_the_exhibit(large: Casebook) -> None:
    at = (NOW + timedelta(days=400)).isoformat()
    everyone = [name(2, number) for number in range(EXHIBITS)]
    late = large.clock_overdue(everyone, at)
    assert len(late) > 10
    one = next(iter(late))
    assert large.clock_overdue([one], at) == {one: late[one]}
    of_one = steps(large, lambda: large.clock_overdue([one], at))
    of_all = steps(large, lambda: large.clock_overdue(everyone, at))
    assert of_one * 20 < of_all


def test_a_word_that_many_cases_have_is_found_in_the_newest(
    large: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tree_list, "_NEAR", 20)
    few = steps(large, lambda: large.cases_with_words(["mm"], 5))
    more = steps(large, lambda: large.cases_with_words(["mm"], 30))
    everywhere = steps(large, lambda: large.cases_with_words(["2025-000000"], 5))
    assert large.cases_with_words(["2025-000000"], 5) == (name(1, 0),)
    assert few * 10 < everywhere and more * 3 < everywhere
    assert large.cases_with_words(["mm"], 30) == large.cases_with_words(["mm"], 100)[:30]


def test_what_is_below_a_case_is_found_by_the_case(large: Casebook) -> None:
    everything = tuple(case.id for case in large.cases())
    one = everything[7]
    below = large.below_cases((one,))
    assert all(below), "exhibits, cartridge cases, marks and pictures"
    of_one = steps(large, lambda: large.below_cases((one,)))
    of_all = steps(large, lambda: large.below_cases(everything))
    assert of_one * 50 < of_all


def test_how_searches_stand_is_asked_of_the_database(large: Casebook) -> None:
    ended = (SearchState.DONE, SearchState.FAILED)
    searches = large.searches()
    done = tuple(one for one in searches if one.state is SearchState.DONE)
    assert done and large.searches_in((SearchState.DONE,)) == done
    assert large.searches_in((SearchState.RUNNING,)) == ()
    unseen = sum(one.state in ended and not one.seen for one in searches)
    assert large.unseen_count(ended) == unseen > 0 == large.unseen_count(())


def test_lines_of_the_journal_are_found_by_the_filter_that_few_fit(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal_list, "_FEW", 20)
    for number in range(400):
        with casebook.transaction():
            casebook.tell_export("seldom" if number == 7 else "often", str(number), {})
    (seldom,) = casebook.journal_seqs(JournalFilter(action="seldom"))
    line = casebook.journal_page((seldom,))[0]
    asked = JournalFilter(who=JANE.examiner, action="seldom")
    assert casebook.journal_seqs(asked) == (seldom,)
    few = steps(casebook, lambda: casebook.journal_seqs(asked))
    everything = steps(casebook, lambda: casebook.journal_seqs(JournalFilter(text="nothing")))
    assert few * 3 < everything
    later = replace(asked, action="often", since=line.at, until=f"{line.at[:4]}-12-31T23:59:60")
    assert seldom not in casebook.journal_seqs(later, limit=1000)
    assert len(casebook.journal_seqs(later, limit=1000)) >= 392


@pytest.mark.parametrize("limit", [0, 3, 100_000])
def test_whichever_way_lines_are_found_they_are_the_same(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(journal_list, "_FEW", limit)
    monkeypatch.setattr(journal_list, "_SHORT", limit)
    plant(casebook)
    lines = casebook.journal_page(range(1, casebook.journal_last() + 1))
    day = f"{lines[0].at[:10]}T24"
    for who in ("", JANE.examiner, "Nobody"):
        for action in ("", "case added", "nothing added"):
            for since, until in (("", ""), ("2020", day), ("", "2020"), (day, ""), ("2020", "")):
                asked = JournalFilter(who, action, "", since, until)
                fitting = [
                    line.seq
                    for line in lines
                    if who in ("", line.author.examiner) and action in ("", line.action)
                    if since <= line.at < (until or "9")
                ]
                assert casebook.journal_seqs(asked) == tuple(fitting), asked


@pytest.mark.parametrize("near", [0, 2, 1500])
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ([], ""),
        (["MM"], "ba"),
        (["pier", "1b"], "b"),
        (["fire"], "b"),
        (["evid"], "a"),
        (["EXHIB", "7"], "a"),
        (["breech"], "ba"),
        (["100%"], "a"),
        (["1_0"], ""),
        (["o'hara"], "b"),
        (["~"], ""),
        (["9"] * 2000, "ba"),
    ],
)
def test_cases_are_found_by_what_the_tree_says_of_them(
    casebook: Casebook, monkeypatch: pytest.MonkeyPatch, near: int, words: list[str], found: str
) -> None:
    monkeypatch.setattr(tree_list, "_NEAR", near)
    cases = {
        "a": _case(casebook, "100%", "Harbour", "7", ("1A", "evidence")),
        "b": _case(casebook, "2026-2", "Pier, O'Hara", "8", ("1B", "test fire")),
    }
    listed = casebook.cases_with_words(words, 10)
    assert [next(k for k, case in cases.items() if case == one) for one in listed] == [*found]


def _case(casebook: Casebook, number: str, title: str, exhibit: str, own: tuple[str, str]) -> str:
    case = casebook.add_case(Case(number, title=title))
    inside = casebook.add_exhibit(Exhibit(case.id, exhibit))
    made = CartridgeCase(inside.id, own[0], Role(own[1]), "9 mm")
    casebook.add_mark(Mark(casebook.add_cartridge_case(made).id))
    return case.id
