"""Merging exposures against truth: the light itself, in grey levels per second."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from combine_parts import NOISE, PIXEL_UM, picture

from app.capture.bench.sequences import bracket, exposed, placed
from app.capture.combine import Bracketing, fuse_for_display, merge_exposures
from app.domain import CaseheadError

TIMES = (0.01, 0.04, 0.16, 0.64)
LIGHT = np.maximum(picture()[500:1000, 500:1100], 0.3) * np.float32(80.0)
BLACK = 3.0
PLAN = Bracketing(TIMES, BLACK, pixel_um=PIXEL_UM)


def test_the_light_is_right_over_six_more_stops_than_one_frame_has() -> None:
    taken = bracket(LIGHT, TIMES, NOISE, BLACK)
    merged = merge_exposures(taken, PLAN)
    off = merged.light / LIGHT - 1
    for low, high in ((30, 100), (100, 1000), (1000, 20000)):
        there = ~merged.unsure & (low <= LIGHT) & (high > LIGHT)
        assert there.sum() > 500
        assert abs(float(off[there].mean())) < 0.005  # measured: 0.002
        assert float(off[there].std()) < {30: 0.14, 100: 0.06, 1000: 0.035}[low]
    shifts = [one.values["shift_um"] for one in merged.recipe.sources]
    assert np.abs(shifts).max() < 0.15  # nothing moved; micrometres


def test_the_kept_picture_is_the_light_times_a_scale_and_white_where_the_shortest_is() -> None:
    merged = merge_exposures(bracket(LIGHT, TIMES, NOISE, BLACK), PLAN)
    assert merged.pixels.dtype == np.uint16
    scale = 65535 / ((255 - BLACK) / TIMES[0])
    assert merged.scale == pytest.approx(scale)
    assert np.abs(merged.pixels - np.clip(merged.light * scale, 0, 65535)).max() <= 0.51


def test_saturated_and_black_pixels_do_not_count() -> None:
    light = np.full((80, 80), 1000.0, np.float32)
    light[:, :30], light[:, 50:] = 20000.0, 20.0
    merged = merge_exposures(
        bracket(light, TIMES, None, BLACK), Bracketing(TIMES, BLACK, register=False)
    )
    for part, true in ((np.s_[:, 3:27], 20000), (np.s_[:, 33:47], 1000), (np.s_[:, 53:77], 20)):
        assert merged.light[part].mean() == pytest.approx(true, rel=0.02)
    assert not merged.unsure[:, 3:27].any()


def test_a_shift_between_exposures_is_taken_back() -> None:
    moves = [(0.0, 0.0), (0.4, -0.3), (0.9, 0.2), (1.3, 0.6)]
    taken = [
        exposed(placed(LIGHT, move) * np.float32(time) + BLACK, NOISE, n)
        for n, (move, time) in enumerate(zip(moves, TIMES, strict=True))
    ]
    merged = merge_exposures(taken, PLAN)
    shifts = np.array([one.values["shift_um"] for one in merged.recipe.sources])
    best = int(np.argmin(np.hypot(*shifts.T)))
    true = (np.array(moves[best]) - np.array(moves)) * PIXEL_UM
    assert np.abs(shifts - true).max() < 0.25  # micrometres; measured: 0.14


def test_the_picture_to_look_at_shows_dark_and_bright_parts_at_once() -> None:
    texture = 1 + 0.6 * (picture()[500:700, 500:900] / 120 - 1)
    light = np.clip(texture, 0.2, 2.5) * np.where(np.arange(400) < 200, 150.0, 6000.0)
    taken = bracket(light.astype(np.float32), TIMES, NOISE, BLACK)
    shown = fuse_for_display(taken)
    assert shown.dtype == np.uint8 and shown.shape == light.shape

    def shows(frame: np.ndarray) -> float:
        """Likeness to the texture's detail in the half where it is worse."""
        fine, true = (
            one - cv2.GaussianBlur(one, (0, 0), 6) for one in (frame.astype(np.float64), texture)
        )
        halves = (np.s_[16:-16, 16:180], np.s_[16:-16, 220:-16])
        clear = (np.corrcoef(fine[half].ravel(), true[half].ravel()) for half in halves)
        return min(float(np.nan_to_num(one[0, 1])) for one in clear)

    with np.errstate(invalid="ignore"):
        found = [shows(shown), *map(shows, taken)]
    assert found[0] > 0.9 and found[0] > max(found[1:]) + 0.02, found


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Bracketing((0.01, 0.04)), "give one for each"),
        (Bracketing((0.01, 0.04, 0.16, 0.0)), "not positive"),
        (Bracketing((0.02, 0.02, 0.02, 0.02)), "same exposure time"),
        (Bracketing((0.01, 0.02, 0.04, 0.08), BLACK), "automatic exposure and gamma"),
    ],
)
def test_times_that_cannot_be_are_refused(plan: Bracketing, said: str) -> None:
    with pytest.raises(CaseheadError, match=said):
        merge_exposures(bracket(LIGHT, TIMES, NOISE, BLACK), plan)


def test_a_response_that_is_not_linear_is_refused() -> None:
    linear = bracket(LIGHT, TIMES, None, 0.0)
    curved = [np.rint(255 * (frame / 255.0) ** 0.45).astype(np.uint8) for frame in linear]
    with pytest.raises(CaseheadError, match="gamma"):
        merge_exposures(curved, Bracketing(TIMES))


def test_all_saturated_and_a_moved_view_are_refused() -> None:
    white = [np.full((64, 64), 255, np.uint8)] * 2
    with pytest.raises(CaseheadError, match="saturated"):
        merge_exposures(white, Bracketing((0.1, 0.2)))
    taken = [
        exposed(placed(LIGHT, (6.0 * n, 0)) * np.float32(t) + BLACK, NOISE, n)
        for n, t in enumerate(TIMES)
    ]
    with pytest.raises(CaseheadError, match="keep the stage still"):
        merge_exposures(taken, PLAN)
