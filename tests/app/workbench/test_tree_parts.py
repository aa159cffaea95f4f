"""The tree of a large casebook: its newest cases first, what is asked for whole, found by words."""

from __future__ import annotations

import pytest

from app.workbench import Registration, Workbench
from app.workbench import tree as trees


@pytest.fixture
def book(empty_workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """Six cases, and a tree that takes three for many."""
    for number in range(6):
        wanted = Registration(f"2026-{number}", "1", f"{number}A", title=f"Pier {number}")
        empty_workbench.register(wanted)
    monkeypatch.setattr(trees, "LARGE", 3)
    return empty_workbench


def numbers(part: trees.TreePart) -> list[str]:
    """The cases of a part, as listed."""
    return [node.case.number for node in part.cases]


def test_a_small_casebook_is_read_whole(empty_workbench: Workbench) -> None:
    empty_workbench.register(Registration("1", "1", "1A"))
    part = empty_workbench.tree_part()
    assert not part.large and part.cases == empty_workbench.tree()


def test_newest_cases_come_first_and_only_the_first_is_read(book: Workbench) -> None:
    part = book.tree_part(most=4)
    assert part.large and part.count == 6
    assert numbers(part) == ["2026-5", "2026-4", "2026-3", "2026-2"]
    assert [node.read for node in part.cases] == [True, False, False, False]


def test_what_is_wanted_is_read_wherever_it_is(book: Workbench) -> None:
    whole = {node.case.number: node for node in book.tree()}
    mark = whole["2026-1"].exhibits[0].cartridge_cases[0].marks[0].mark
    part = book.tree_part(most=2, wanted=(mark.id, whole["2026-4"].case.id, "nothing"))
    assert numbers(part) == ["2026-5", "2026-4", "2026-1"]
    assert part.cases[1:] == (whole["2026-4"], whole["2026-1"])
    assert book.case_node(whole["2026-2"].case.id) == whole["2026-2"]
    assert book.case_node("nothing") is None


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2026-3", ["2026-3"]),
        ("PIER 4", ["2026-4"]),
        ("2A", ["2026-2"]),
        ("exhibit breech", ["2026-5", "2026-4", "2026-3", "2026-2", "2026-1", "2026-0"]),
        ("100%", []),
        ("pier 2026-9", []),
    ],
)
def test_words_find_cases_by_all_their_paths(book: Workbench, words: str, found: list[str]) -> None:
    assert numbers(book.tree_part(words)) == found


def test_newest_tree_is_in_the_order_of_addition(
    book: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trees, "FOUND", 2)
    oldest = book.tree()[0].case.id
    assert [n.case.number for n in book.newest_tree((oldest,))] == ["2026-0", "2026-4", "2026-5"]


def test_pictures_of_a_mark_are_its_own(book: Workbench) -> None:
    assert book.pictures_of(book.tree()[0].exhibits[0].cartridge_cases[0].marks[0].mark.id) == ()
