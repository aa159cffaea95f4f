"""Turn and shift from points: exact, never a stretch, and honest about pixel sizes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.errors import CorrelationError
from correlation.landmarks import calibration_sentence, rigid_motion
from correlation.motion import Point, turned_point, wrapped

RIGHT: tuple[Point, ...] = ((-900.0, 200.0), (700.0, -650.0), (150.0, 1200.0), (-30.0, -400.0))


def laid(points: tuple[Point, ...], turn: float, shift: Point, scale: float = 1.0) -> list[Point]:
    turned = (turned_point(point, turn) for point in points)
    return [(x * scale + shift[0], y * scale + shift[1]) for x, y in turned]


@given(st.floats(-180, 180), st.floats(-5e3, 5e3), st.floats(-5e3, 5e3), st.integers(2, len(RIGHT)))
def test_a_motion_is_found_exactly(turn: float, dx: float, dy: float, count: int) -> None:
    found = rigid_motion(laid(RIGHT[:count], turn, (dx, dy)), RIGHT[:count])
    assert abs(wrapped(found.rotation_deg - turn)) < 1e-6
    assert found.shift_um == pytest.approx((dx, dy), abs=1e-6)
    assert found.rms_um < 1e-6 and found.distance_ratio == pytest.approx(1)
    assert not found.differs and calibration_sentence(found) == ""


def test_a_quarter_turn_counter_clockwise_takes_right_to_up() -> None:
    found = rigid_motion([(0, 0), (0, -100)], [(0, 0), (100, 0)])
    assert found.rotation_deg == pytest.approx(90)


@pytest.mark.parametrize("scale", [0.9, 1.019, 1.05])
def test_another_scale_is_told_and_not_applied(scale: float) -> None:
    left = laid(RIGHT, 31.0, (40.0, -25.0), scale)
    found = rigid_motion(left, RIGHT)
    assert found.rotation_deg == pytest.approx(31.0)
    assert found.distance_ratio == pytest.approx(scale)
    assert found.differs == (abs(scale - 1) > 0.02)
    sentence = calibration_sentence(found)
    if found.differs:
        assert ("farther apart" in sentence) == (scale > 1) and "pixel size" in sentence
    else:
        assert sentence == ""
    # what lies apart stays apart as it is on the specimen
    ends = laid(RIGHT[:2], found.rotation_deg, found.shift_um)
    assert np.hypot(*np.subtract(*ends)) == pytest.approx(np.hypot(*np.subtract(*RIGHT[:2])))


def test_residuals_are_how_far_the_points_lie_from_each_other_and_the_least_there_are() -> None:
    rng = np.random.default_rng(3)
    left = [tuple(map(float, p + rng.normal(0, 8, 2))) for p in laid(RIGHT, -12.0, (5.0, 9.0))]
    found = rigid_motion(left, RIGHT)  # type: ignore[arg-type]
    back = laid(RIGHT, found.rotation_deg, found.shift_um)
    away = [float(np.hypot(*np.subtract(a, b))) for a, b in zip(left, back, strict=True)]
    assert found.residuals_um == pytest.approx(away)
    assert found.rms_um == pytest.approx(float(np.sqrt(np.mean(np.square(away)))))
    for turn, dx, dy in ((0.01, 0, 0), (-0.01, 0, 0), (0, 0.5, 0), (0, 0, -0.5)):
        other = laid(
            RIGHT,
            found.rotation_deg + turn,
            (found.shift_um[0] + dx, found.shift_um[1] + dy),
        )
        assert sum(np.sum(np.subtract(a, b) ** 2) for a, b in zip(left, other, strict=True)) > sum(
            r * r for r in found.residuals_um
        )


@pytest.mark.parametrize(
    ("left", "right", "words"),
    [
        ([(0, 0)], [(0, 0)], "needs the same 2 or more points"),
        ([(0, 0), (9, 9)], [(0, 0)], "2 on the left and 1 on the right"),
        ([(5, 5), (6, 5)], [(0, 0), (900, 0)], "lie on each other"),
        ([(0, 0), (900, 0)], [(5, 5), (5, 5)], "lie on each other"),
        ([(0, float("nan")), (9, 9)], [(0, 0), (900, 0)], "has no place"),
        (
            [(100, 0), (-100, 0), (0, 100), (0, -100)],
            [(100, 0), (-100, 0), (0, -100), (0, 100)],
            "No turn brings",
        ),
    ],
)
def test_points_that_tell_nothing_are_refused(
    left: list[Point], right: list[Point], words: str
) -> None:
    with pytest.raises(CorrelationError, match=words):
        rigid_motion(left, right)
