"""The scale from rendered stage micrometers whose truth is known, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from app.capture.bench import Look, firearm_number, image_of, look, ruling_of
from app.capture.scale import Measured, NotSure, find_ruling
from app.domain import CaseheadError, Light

Picture = NDArray[np.uint8]
JUDGED = 0.002
"""What the issue allows."""
OURS = 0.0002
"""What is reached, with room."""
SIZE = (1000, 760)


@pytest.mark.parametrize("pixel_um", [2.53, 1.265, 0.506])
@pytest.mark.parametrize("turn_deg", [0.0, 7.3, 31.0, 45.0, 88.8])
def test_three_magnifications_and_five_rotations(pixel_um: float, turn_deg: float) -> None:
    seen = look(pixel_um, turn_deg, size=SIZE, uneven=0.5, dirt=40, shift_um=(60.0, -40.0), seed=7)
    found = find_ruling(ruling_of(seen), 10.0)
    assert abs(found.pixel_um / pixel_um - 1) < OURS < JUDGED
    assert found.method == "ruling" and not found.both_ways
    assert (found.angle_deg - turn_deg + 90) % 180 - 90 == pytest.approx(0, abs=0.05)
    assert abs(found.pixel_um - pixel_um) < 2 * found.sd_um
    assert 0.0004 < found.sd_um / pixel_um < 0.002


@pytest.mark.parametrize("turn_deg", [0.0, 20.0, 45.0])
def test_a_crossed_ruling_tells_both_directions(turn_deg: float) -> None:
    seen = Look((2.0, 2.04), SIZE, turn_deg, dirt=30, uneven=0.4)
    found = find_ruling(ruling_of(seen, 20.0, crossed=True), 20.0)
    assert found.both_ways
    assert found.pixel_um_x == pytest.approx(2.0, rel=5e-4)
    assert found.pixel_um_y == pytest.approx(2.04, rel=5e-4)
    assert found.oblong_percent == pytest.approx(100 * (2.0 / 2.04 - 1), abs=0.05)
    assert found.sd_um > 0.004 * found.pixel_um  # one size for both is that uncertain


@pytest.mark.parametrize(
    "more",
    [
        {"shift_um": (450.0, 0.0)},
        {"blur_um": 4.0},
        {"inverted": True},
        {"noise": 12.0},
        {"uneven": 0.8, "dirt": 120},
    ],
    ids=str,
)
def test_what_a_picture_may_suffer(more: dict[str, object]) -> None:
    found = find_ruling(ruling_of(look(1.0, 12.0, size=SIZE, **more)), 10.0)
    assert found.pixel_um == pytest.approx(1.0, rel=JUDGED / 2)


def test_depth_and_colour_do_not_matter() -> None:
    grey = ruling_of(look(1.0, 12.0, size=SIZE))
    deep = np.repeat(grey[..., None].astype(np.uint16) * 257, 3, axis=2)
    assert find_ruling(deep).pixel_um == pytest.approx(find_ruling(grey).pixel_um, rel=1e-5)


@pytest.mark.parametrize("bend", [-0.01, 0.005])
def test_distortion_is_told_and_taken_out(bend: float) -> None:
    seen = look(2.0, 12.0, size=SIZE, distortion=bend)
    found = find_ruling(ruling_of(seen, 20.0, length_um=300.0), 20.0)
    assert found.pixel_um == pytest.approx(2.0, rel=5e-4)
    assert found.distortion_percent == pytest.approx(100 * bend, abs=0.15)
    corner_um = np.hypot(*SIZE)
    assert found.distortion_um == pytest.approx(abs(bend) * corner_um, rel=0.3)


def test_the_lines_drawn_over_the_picture_lie_on_its_lines() -> None:
    picture = ruling_of(look(1.0, 12.0, size=SIZE, noise=1.0))
    found = find_ruling(picture)
    assert len(found.marks) > 80
    greys = []
    for x, y, end_x, end_y in found.marks[5:-5]:
        column, row = round((x + end_x) / 2), round((y + end_y) / 2)
        if 0 <= column < SIZE[0] and 0 <= row < SIZE[1]:
            greys.append(int(picture[row, column]))
    assert len(greys) > 70 and np.mean(np.array(greys) < 120) > 0.95


@pytest.mark.parametrize(("gun", "light"), [(1, Light.SIDE), (2, Light.RING), (4, Light.SIDE)])
def test_tool_marks_are_no_ruling(gun: int, light: Light) -> None:
    with pytest.raises(NotSure, match="No ruling"):
        find_ruling(image_of(firearm_number(gun), 1, light)[0])


@pytest.mark.parametrize(
    "picture",
    [
        np.full((600, 800), 128, np.uint8),
        np.random.default_rng(0).integers(0, 256, (600, 800)).astype(np.uint8),
        np.tile(np.linspace(0, 255, 800), (600, 1)).astype(np.uint8),
    ],
    ids=["blank", "noise", "ramp"],
)
def test_nothing_is_no_ruling(picture: Picture) -> None:
    with pytest.raises(NotSure, match="No ruling"):
        find_ruling(picture)


@pytest.mark.parametrize("turn_deg", [0.0, 12.0, 40.0])
def test_three_lines_are_too_few(turn_deg: float) -> None:
    with pytest.raises(NotSure):
        find_ruling(ruling_of(look(0.3, turn_deg, size=SIZE), 100.0, 11, length_um=500.0), 100.0)


@pytest.mark.parametrize("seen", [look(5.06, 12.0, size=SIZE), look(1.0, 30.0, blur_um=6.0)])
def test_only_the_longer_lines_seen_is_not_taken_for_the_ruling(seen: Look) -> None:
    with pytest.raises(NotSure, match="finer ruling"):
        find_ruling(ruling_of(seen))


def test_a_size_far_from_what_is_expected_is_refused() -> None:
    picture = ruling_of(look(1.0, 12.0, size=SIZE))
    assert find_ruling(picture, 10.0, expected_um=1.1).pixel_um == pytest.approx(1.0, rel=1e-3)
    with pytest.raises(NotSure, match="about 1 µm is expected"):
        find_ruling(picture, 100.0, expected_um=1.0)


@pytest.mark.parametrize("step_um", [0.0, -10.0, float("nan"), 1e9])
def test_an_implausible_distance_is_refused(step_um: float) -> None:
    with pytest.raises(CaseheadError, match="plausible"):
        find_ruling(np.zeros((600, 800), np.uint8), step_um)


def test_a_small_picture_is_refused() -> None:
    with pytest.raises(NotSure, match="too small"):
        find_ruling(np.zeros((40, 400), np.uint8))


def test_measured_again_it_is_the_same() -> None:
    picture = ruling_of(look(1.0, 12.0, size=SIZE, dirt=20))
    first, second = find_ruling(picture), find_ruling(picture)
    assert isinstance(first, Measured) and first == second
