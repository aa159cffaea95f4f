"""The casebook as a tree, read in one query a level; a large one in parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from app.domain import Acquired, CartridgeCase, Case, Exhibit, Mark
from app.store import Casebook
from app.workbench.values import (
    CartridgeCaseNode,
    CaseNode,
    ExhibitNode,
    MarkNode,
    TreePart,
)

T = TypeVar("T")
Below = tuple[
    tuple[Exhibit, ...], tuple[CartridgeCase, ...], tuple[Mark, ...], tuple[Acquired, ...]
]
LARGE = 2000
"""Up to so many cases and exhibits the tree is read whole."""
FIRST, FOUND = 300, 200
"""How many cases of a large casebook are listed at first, and found by words."""


def tree_of(casebook: Casebook) -> tuple[CaseNode, ...]:
    """All cases of all agencies down to their current pictures, in the order of addition."""
    below = (
        casebook.exhibits(),
        casebook.cartridge_cases(),
        casebook.marks(),
        casebook.all_acquired(),
    )
    return _nodes(casebook, casebook.cases(), below)


def part_of(
    casebook: Casebook, words: str = "", most: int = FIRST, wanted: Iterable[str] = ()
) -> TreePart:
    """All of a small casebook; of a large one its newest cases, ``most`` of them, without what is
    below, and whole those that ``wanted`` records are in. With ``words``, those that have them.
    """
    count, exhibits = casebook.tree_size()
    if max(count, exhibits) <= LARGE:
        return TreePart(tree_of(casebook), count)
    if words.split():
        several = len(words.split()) > 1
        found = casebook.cases_with_words(words.split(), FOUND * (3 if several else 1))
        return TreePart(whole_cases(casebook, found), count, large=True)
    newest = casebook.newest_cases(most)
    needed = casebook.cases_holding([*wanted, *(case.id for case in newest[:1])])
    read = {node.case.id: node for node in whole_cases(casebook, needed)}
    listed = {case.id for case in newest}
    older = [node for key, node in read.items() if key not in listed]
    nodes = (read.get(case.id) or CaseNode(case, (), read=False) for case in newest)
    return TreePart((*nodes, *older), count, large=True)


def newest_of(casebook: Casebook, wanted: Iterable[str] = ()) -> tuple[CaseNode, ...]:
    """All of a small casebook; of a large one the newest cases, and those that ``wanted`` records
    are in, whole, in the order of addition."""
    if max(casebook.tree_size()) <= LARGE:
        return tree_of(casebook)
    newest = [case.id for case in casebook.newest_cases(FOUND)]
    return whole_cases(casebook, {*newest, *casebook.cases_holding(wanted)})[::-1]


def whole_cases(casebook: Casebook, case_ids: Iterable[str]) -> tuple[CaseNode, ...]:
    """Cases with everything below them, the newest first."""
    wanted = tuple(case_ids)
    return _nodes(casebook, casebook.cases_by_id(wanted), casebook.below_cases(wanted))


def _nodes(casebook: Casebook, cases: Iterable[Case], below: Below) -> tuple[CaseNode, ...]:
    exhibits, cartridge_cases, marks, acquired = below
    pictures = _grouped(acquired, lambda a: a.mark_id)
    of_cases = _grouped(
        (MarkNode(m, pictures[m.id]) for m in marks), lambda node: node.mark.cartridge_case_id
    )
    guns = {
        case_id: mark.words
        for case_id, mark in casebook.gun_marks(c.id for c in cartridge_cases).items()
    }
    of_exhibits = _grouped(
        (CartridgeCaseNode(c, of_cases[c.id], guns.get(c.id, "")) for c in cartridge_cases),
        lambda node: node.cartridge_case.exhibit_id,
    )
    found = _grouped(
        (ExhibitNode(x, of_exhibits[x.id]) for x in exhibits), lambda node: node.exhibit.case_id
    )
    return tuple(CaseNode(case, found[case.id]) for case in cases)


def _grouped(values: Iterable[T], key: Callable[[T], str]) -> defaultdict[str, tuple[T, ...]]:
    lists: defaultdict[str, list[T]] = defaultdict(list)
    for value in values:
        lists[key(value)].append(value)
    groups: defaultdict[str, tuple[T, ...]] = defaultdict(tuple)
    groups.update((name, tuple(group)) for name, group in lists.items())
    return groups
