"""The casebook as a tree, read in one query a level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import TypeVar

from app.store import Casebook
from app.workbench.values import CartridgeCaseNode, CaseNode, ExhibitNode, MarkNode

T = TypeVar("T")


def tree_of(casebook: Casebook) -> tuple[CaseNode, ...]:
    """All cases of all agencies down to their current pictures, in the order of addition."""
    pictures = _grouped(casebook.all_acquired(), lambda a: a.mark_id)
    marks = _grouped(
        (MarkNode(m, pictures[m.id]) for m in casebook.marks()),
        lambda node: node.mark.cartridge_case_id,
    )
    cartridge_cases = _grouped(
        (CartridgeCaseNode(c, marks[c.id]) for c in casebook.cartridge_cases()),
        lambda node: node.cartridge_case.exhibit_id,
    )
    exhibits = _grouped(
        (ExhibitNode(x, cartridge_cases[x.id]) for x in casebook.exhibits()),
        lambda node: node.exhibit.case_id,
    )
    return tuple(CaseNode(case, exhibits[case.id]) for case in casebook.cases())


def _grouped(values: Iterable[T], key: Callable[[T], str]) -> defaultdict[str, tuple[T, ...]]:
    lists: defaultdict[str, list[T]] = defaultdict(list)
    for value in values:
        lists[key(value)].append(value)
    groups: defaultdict[str, tuple[T, ...]] = defaultdict(tuple)
    groups.update((name, tuple(group)) for name, group in lists.items())
    return groups
