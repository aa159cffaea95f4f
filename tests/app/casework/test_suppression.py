"""Withheld counts cannot be worked out from those that are published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from app.casework.suppression import ALL, Cell, with_totals, withheld


def _bounds(counts: Mapping[Cell, int], hidden: frozenset[Cell]) -> dict[Cell, tuple[float, float]]:
    """What somebody who knows all that is published can say of each withheld count."""
    table = with_totals(counts)
    cells = sorted(table)
    at = {cell: number for number, cell in enumerate(cells)}
    rows, right = [], []
    for cell in cells:  # published counts are known; counts are above 0 where a line is given
        if cell not in hidden:
            rows.append(np.eye(len(cells))[at[cell]])
            right.append(table[cell])
    for axis in (0, 1):
        for name in {cell[axis] for cell in cells}:
            line = np.zeros(len(cells))
            for cell in cells:
                if cell[axis] == name:
                    line[at[cell]] = -1.0 if cell[1 - axis] == ALL else 1.0
            rows.append(line)
            right.append(0)
    known = {"A_eq": np.array(rows), "b_eq": np.array(right), "bounds": (0, None)}
    found = {}
    for cell in hidden:
        aim = np.eye(len(cells))[at[cell]]
        low = linprog(aim, **known)
        high = linprog(-aim, **known)
        assert low.status in (0, 3) and high.status in (0, 3)
        found[cell] = (low.fun, np.inf if high.status == 3 else -high.fun)
    return found


TABLES = st.dictionaries(
    st.tuples(st.sampled_from("NESW"), st.sampled_from(("01", "02", "03", "04"))),
    st.integers(0, 12),
    max_size=16,
)


@settings(max_examples=25, deadline=None)
@given(TABLES, st.integers(2, 6))
def test_no_withheld_count_has_one_possible_value(counts: dict[Cell, int], threshold: int) -> None:
    hidden = withheld(counts, threshold)
    small = {c for c, n in with_totals(counts).items() if n < threshold}
    assert small <= hidden
    for low, high in _bounds(counts, hidden).values():
        assert high - low > 0.5


def test_one_small_count_takes_three_more_with_it() -> None:
    counts = {("N", "01"): 2, ("N", "02"): 30, ("S", "01"): 9, ("S", "02"): 40}
    assert withheld(counts, 5) == {("N", "01"), ("N", "02"), ("S", "01"), ("S", "02")}


def test_what_is_withheld_of_a_line_is_never_small_together() -> None:
    counts = {("N", "01"): 1, ("N", "02"): 1, ("N", "03"): 7, ("S", "01"): 9, ("S", "02"): 9}
    hidden = withheld(counts, 5)
    assert ("N", "03") in hidden or ("N", ALL) in hidden


@pytest.mark.parametrize("counts", [{}, {("N", "01"): 0}, {("N", "01"): 20, ("S", "01"): 30}])
def test_nothing_is_withheld_without_need(counts: dict[Cell, int]) -> None:
    assert withheld(counts, 5) == frozenset()
