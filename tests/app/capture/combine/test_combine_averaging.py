"""Averaging against truth: noise, shifts, and frames that must not count."""

from __future__ import annotations

import numpy as np
import pytest
from combine_parts import NOISE, PIXEL_UM, inner, picture, rms

from app.capture.bench.sequences import exposed, placed
from app.capture.combine import Averaging, average
from app.domain import CaseheadError

SCENE = picture()[500:1000, 500:1100]
TREMOR = [(0.0, 0.0), (0.31, -0.22), (-0.47, 0.05), (0.12, 0.44), (0.6, 0.1), (-0.2, -0.5)]


def frames(shifts: list[tuple[float, float]] = TREMOR) -> list[np.ndarray]:
    return [exposed(placed(SCENE, s), NOISE, n) for n, s in enumerate(shifts)]


def test_the_average_has_less_noise_by_the_root_of_the_frames_and_says_how_much() -> None:
    result = average(frames([(0.0, 0.0)] * 9), Averaging(PIXEL_UM))
    truth = rms(np.sqrt(np.square(NOISE.deviation(SCENE)) + 1 / 12))
    told = result.recipe.figures
    assert told["noise_grey"] == pytest.approx(truth, rel=0.03)
    error = rms(inner(result.pixels / 257.0 - SCENE))
    assert error == pytest.approx(truth / 3, rel=0.1)
    assert told["noise_of_average_grey"] == pytest.approx(error, rel=0.1)
    assert result.pixels.dtype == np.uint16


def test_tremor_is_found_to_a_fiftieth_of_a_micrometre_and_taken_back() -> None:
    result = average(frames(), Averaging(PIXEL_UM))
    shifts = np.array([one.values["shift_um"] for one in result.recipe.sources])
    reference = int(np.argmin(np.hypot(*shifts.T)))
    true = (np.array(TREMOR[reference]) - np.array(TREMOR)) * PIXEL_UM
    assert np.abs(shifts - true).max() < 0.02  # measured: 0.006
    rest = rms(inner(result.pixels / 257.0 - placed(SCENE, TREMOR[reference])))
    assert rest < 0.62 * result.recipe.figures["noise_grey"]


def test_a_frame_that_moved_a_smeared_one_and_another_light_are_left_out_with_reasons() -> None:
    taken = frames()
    taken.append(exposed(placed(SCENE, (7.0, -3.0)), NOISE, 90))
    smeared = np.mean([placed(SCENE, (step, 0.0)) for step in np.arange(-3, 3.1, 0.5)], axis=0)
    taken.append(exposed(smeared.astype(np.float32), NOISE, 91))
    taken.append(exposed(SCENE * 1.2, NOISE, 92))
    taken.append(exposed(picture("left")[500:1000, 500:1100], NOISE, 93))
    result = average(taken, Averaging(PIXEL_UM))
    used = [source.used for source in result.recipe.sources]
    assert used == [True] * 6 + [False] * 4
    reasons = [source.reason for source in result.recipe.sources[6:]]
    assert "µm" in reasons[0] and "sharp" in reasons[1] and "brightness" in reasons[2]
    assert np.array_equal(result.pixels, average(taken[:6], Averaging(PIXEL_UM)).pixels)


def test_colour_and_sixteen_bits_stay_what_they_are() -> None:
    taken = [np.dstack([f, f // 2, f // 3]) for f in frames()[:3]]
    assert average(taken).pixels.shape == (*SCENE.shape, 3)
    deep = [f.astype(np.uint16) * 257 for f in frames()[:3]]
    both = average(deep).pixels.astype(np.float64) - average(frames()[:3]).pixels
    assert rms(both) < 1.0


@pytest.mark.parametrize(
    ("taken", "said"),
    [
        ([], "no frame"),
        ([np.full((64, 64), 9, np.uint8)], "one frame"),
        ([np.full((64, 64), 9, np.uint8), np.full((64, 65), 9, np.uint8)], "alike"),
        ([np.full((64, 64), 9, np.uint8), np.full((64, 64), 9, np.uint16)], "16 bits"),
        ([np.full((64, 64), 255, np.uint8)] * 2, "saturated"),
        ([np.zeros((64, 64), np.uint8)] * 2, "black"),
        ([np.ones((64, 64), np.float32)] * 2, "no picture"),  # type: ignore[list-item]
    ],
)
def test_what_cannot_be_averaged_is_refused_in_a_sentence(
    taken: list[np.ndarray], said: str
) -> None:
    with pytest.raises(CaseheadError, match=said) as refused:
        average(taken)
    assert str(refused.value).endswith(".")


def test_frames_of_which_none_agree_are_refused() -> None:
    taken = [exposed(placed(SCENE, (15.0 * n, 0.0)), NOISE, n) for n in range(3)]
    with pytest.raises(CaseheadError, match="at rest"):
        average(taken, Averaging(PIXEL_UM))
