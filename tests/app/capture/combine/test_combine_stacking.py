"""Focus stacking against truth: depth in micrometres, the frames' motions, the sharp picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from combine_parts import NOISE, PIXEL_UM, inner, picture, relief, rms

from app.capture.bench.sequences import SHARPEST_PX, focus_series, placed
from app.capture.combine import Stacking, stack
from app.domain import CaseheadError

BOX = np.s_[380:780, 620:1100]
FOCUS = tuple(float(z) for z in range(-50, 51, 10))
BREATHING = 4e-5
DRIFT = [(0.12 * n - 0.5, 0.3 * np.sin(n)) for n in range(len(FOCUS))]


def sloped() -> np.ndarray:
    """The breech face's relief on a slope of 60 µm, as a case that lies askew."""
    heights = relief()[BOX]
    rough = np.clip(heights - cv2.GaussianBlur(heights, (0, 0), 40), -12, 12)
    return (rough + np.linspace(-30, 30, heights.shape[1])[None, :]).astype(np.float32)


HEIGHTS = sloped()
SHARP = picture()[BOX]
MIDDLE = len(FOCUS) // 2


@pytest.fixture(scope="module")
def moving() -> list[np.ndarray]:
    return focus_series(
        SHARP, HEIGHTS, PIXEL_UM, FOCUS, breathing_per_um=BREATHING, drift_px=DRIFT, noise=NOISE
    )


def test_depth_is_right_to_two_micrometres_from_steps_of_ten(moving: list[np.ndarray]) -> None:
    made = stack(moving, Stacking(PIXEL_UM, FOCUS))
    truth = placed(HEIGHTS, DRIFT[MIDDLE])
    sure = inner(made.confidence >= 0.5)
    off = inner(made.depth - truth)
    assert made.depth_unit == "um" and sure.mean() > 0.8
    assert abs(float(off[sure].mean())) < 0.5
    assert rms(off[sure]) < 2.0  # measured: 1.6
    assert float(np.median(np.abs(off[sure]))) < 0.8  # measured: 0.6
    assert rms(off) < 3.5  # with what was filled in; measured: 2.4


def test_breathing_and_drift_are_found(moving: list[np.ndarray]) -> None:
    made = stack(moving, Stacking(PIXEL_UM, FOCUS))
    assert made.recipe.figures["registration_residual_um"] < 0.05
    for number, source in enumerate(made.recipe.sources):
        grown = (1 + BREATHING * FOCUS[MIDDLE]) / (1 + BREATHING * FOCUS[number])
        true = (np.array(DRIFT[MIDDLE]) - np.array(DRIFT[number]) * grown) * PIXEL_UM
        assert np.abs(np.array(source.values["shift_um"]) - true).max() < 0.1  # measured: 0.03
        # at the picture's edge, 240 pixels out
        assert abs(source.values["scale"] - grown) * 240 * PIXEL_UM < 0.1  # measured: 0.03


def test_the_picture_is_sharp_everywhere(moving: list[np.ndarray]) -> None:
    made = stack(moving, Stacking(PIXEL_UM, FOCUS))
    truth = placed(cv2.GaussianBlur(SHARP, (0, 0), SHARPEST_PX), DRIFT[MIDDLE])
    error = rms(inner(made.pixels - truth))
    single = min(rms(inner(frame - truth)) for frame in moving)
    noise = rms(np.sqrt(np.square(NOISE.deviation(SHARP)) + 1 / 12))
    assert error < 1.15 * noise and error < 0.75 * single
    assert made.pixels.dtype == moving[0].dtype


def test_without_heights_depth_counts_in_steps(moving: list[np.ndarray]) -> None:
    known = stack(moving, Stacking(PIXEL_UM, FOCUS))
    steps = stack(moving, Stacking(PIXEL_UM))
    assert steps.depth_unit == "steps"
    assert rms(steps.depth * 10.0 - 50.0 - known.depth) < 0.2


def test_from_above_or_below_is_the_same(moving: list[np.ndarray]) -> None:
    up = stack(moving, Stacking(PIXEL_UM, FOCUS))
    down = stack(moving[::-1], Stacking(PIXEL_UM, FOCUS[::-1]))
    assert rms(up.depth - down.depth) < 0.3


def test_a_stack_that_ends_too_early_says_so(moving: list[np.ndarray]) -> None:
    made = stack(moving[:6], Stacking(PIXEL_UM, FOCUS[:6]))
    assert any("last frame" in note and "too early" in note for note in made.recipe.notes)
    high = placed(HEIGHTS, DRIFT[MIDDLE]) > 8.0
    assert float(np.median(made.confidence[high])) < 0.25


@pytest.mark.parametrize(
    ("focus", "said"),
    [
        ((0.0, 1.0), "give one for each"),
        ((0.0, 10.0, 5.0), "do not go one way"),
        ((0.0, float("nan"), 5.0), "do not go one way"),
    ],
)
def test_heights_that_cannot_be_are_refused(
    moving: list[np.ndarray], focus: tuple[float, ...], said: str
) -> None:
    with pytest.raises(CaseheadError, match=said):
        stack(moving[:3], Stacking(PIXEL_UM, focus))


def test_two_frames_and_another_view_are_refused(moving: list[np.ndarray]) -> None:
    with pytest.raises(CaseheadError, match="at least 3"):
        stack(moving[:2], Stacking(PIXEL_UM))
    other = picture(gun=9)[900:1300, 200:680]
    with pytest.raises(CaseheadError, match="Frame 3 does not show"):
        stack([*moving[4:6], np.asarray(other, np.uint8)], Stacking(PIXEL_UM))
