"""Scores seen from the other side."""

from __future__ import annotations

from math import cos, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import Alignment, Cell, Score
from app.matching import reversed_alignment, reversed_score
from app.matching.scores import score_of
from correlation.result import PairScore

Point = tuple[float, float]


def placed(point: Point, alignment: Alignment) -> Point:
    """Where a point of the right picture comes to lie (y down, counter-clockwise as seen)."""
    turn = radians(alignment.rotation_deg)
    x, y = point
    return (
        x * cos(turn) + y * sin(turn) + alignment.shift_um[0],
        -x * sin(turn) + y * cos(turn) + alignment.shift_um[1],
    )


def test_a_quarter_turn_counter_clockwise_takes_right_to_up() -> None:
    assert placed((1, 0), Alignment(90)) == pytest.approx((0, -1))


numbers = st.floats(-2000, 2000)


@given(st.floats(-180, 180), numbers, numbers, numbers, numbers)
def test_there_and_back_is_where_it_began(
    turn: float, dx: float, dy: float, x: float, y: float
) -> None:
    there = Alignment(turn, (dx, dy))
    back = reversed_alignment(there)
    assert placed(placed((x, y), there), back) == pytest.approx((x, y), abs=1e-6)


def test_the_uncertainty_of_the_alignment_is_carried_over() -> None:
    facts = ("m", "1", 0.5, 0.4, 9, 4, 5.0, (1.0, 2.0), 0.8, 0.1, {}, ())
    score = score_of(PairScore(*facts, 4.1e6, 0.2, 3.0))
    assert (score.overlap_um2, score.rotation_sd_deg, score.shift_sd_um) == (4.1e6, 0.2, 3.0)
    assert reversed_score(score).shift_sd_um == 3.0
    unclear = score_of(PairScore(*facts, overlap_um2=4.1e6))
    assert (unclear.rotation_sd_deg, unclear.shift_sd_um) == (None, None)


def test_cells_change_sides() -> None:
    cell = Cell((10, 20), (30, 40), 100, 5, 0.7, True)
    score = Score("m", "1", 3, 0.5, 1, 1, Alignment(5, (1, 2)), 0.8, 0.1, cell_list=(cell,))
    turned = reversed_score(score)
    assert turned.cell_list == (Cell((30, 40), (10, 20), 100, -5, 0.7, True),)
    assert (turned.score, turned.ccf) == (score.score, score.ccf)
    again = reversed_score(turned)
    assert again.alignment.shift_um == pytest.approx(score.alignment.shift_um)
