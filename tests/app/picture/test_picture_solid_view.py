"""Both scans seen in 3D in one picture: the same every time, to scale, and said to be."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain import Alignment
from app.picture import Side, ViewState
from app.picture.side import make_side
from app.picture.solid import SOLID_BACKGROUND, Camera
from app.picture.solid_view import (
    KEY,
    SolidView,
    draw_solids,
    plan_solid,
    solid_lines,
    solid_of,
)
from correlation.surface import Surface

SEEN = SolidView(Camera(20.0, 40.0, 4.0, (10.0, -5.0), 3.0), False, (800, 300))
LAID = Alignment(15.0, (20.0, 10.0))


def scan(seed: int) -> Side:
    heights = np.random.default_rng(seed).normal(size=(120, 120)).astype(np.float32).cumsum(axis=0)
    return make_side(Surface(heights, 2.0, "scan"), f"scan {seed}", "evidence")


def image() -> Side:
    pixels = np.full((120, 120), 90, np.float32)
    return make_side(Surface(pixels, 2.0, "image"), "image", "known")


def panes(picture: NDArray[np.uint8]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    middle = picture.shape[1] // 2
    return picture[:, : middle - 1], picture[:, middle + 1 :]


def test_it_is_a_pure_function_of_what_it_shows() -> None:
    sides = scan(1), scan(2)
    first = draw_solids(sides, LAID, ViewState(), SEEN)
    assert first.shape == (300, 800, 3) and first.dtype == np.uint8
    assert np.array_equal(first, draw_solids((scan(1), scan(2)), LAID, ViewState(), SEEN))
    turned = replace(SEEN, camera=SEEN.camera.turned(5.0, 0.0))
    moved = Alignment(16.0, (20.0, 10.0))
    for other in (
        draw_solids(sides, LAID, ViewState(), turned),
        draw_solids(sides, moved, ViewState(), SEEN),
        draw_solids(sides, LAID, ViewState(), replace(SEEN, form=True)),
    ):
        assert not np.array_equal(first, other)


def test_exchanged_sides_change_places() -> None:
    sides = scan(1), scan(2)
    usual = draw_solids(sides, LAID, ViewState(), SEEN)
    swapped = draw_solids(sides, LAID, ViewState(exchanged=True), SEEN)
    assert np.array_equal(usual[:, 1:399], swapped[:, 401:799])
    assert not np.array_equal(usual, swapped)


def test_an_image_beside_a_scan_is_said_to_have_no_relief() -> None:
    _, right = panes(draw_solids((scan(1), image()), LAID, ViewState(), SEEN))
    shown = right[..., 0] != SOLID_BACKGROUND
    assert shown.any() and shown[:100].sum() == shown[200:].sum() == 0, "words in the middle"


def test_the_scale_bar_is_as_long_as_it_says() -> None:
    from_above = replace(SEEN, camera=Camera(0.0, 90.0, 2.0), seen_px=(1200, 500))
    left, _ = panes(draw_solids((scan(1), scan(2)), Alignment(), ViewState(), from_above))
    rows = np.flatnonzero((left[..., 0] == 240).sum(axis=1) > 40)
    lengths = {int((left[row, :, 0] == 240).sum()) for row in rows}
    assert 50 in lengths or 100 in lengths, "100 or 200 µm at 2 µm a pixel"


def test_an_export_has_the_evidences_pixels_and_the_same_field() -> None:
    plan, sentence = plan_solid(scan(1), scan(2), SEEN)
    assert plan.camera.um_per_px == pytest.approx(2.0) and "finer evidence picture" in sentence
    assert plan.seen_px == (1600, 600)
    coarse, told = plan_solid(scan(1), scan(2), replace(SEEN, seen_px=(40_000, 4000)))
    assert coarse.seen_px[0] * coarse.seen_px[1] <= 16_100_000 and "coarser" in told
    assert (coarse.form, coarse.camera.turn_deg) == (SEEN.form, SEEN.camera.turn_deg)


def test_a_window_of_another_size_shows_the_same_field() -> None:
    smaller = SEEN.sized((400, 150))
    assert smaller.camera.um_per_px == pytest.approx(8.0) and smaller.seen_px == (400, 150)
    assert SolidView().sized((400, 150)).seen_px == (400, 150)


def test_it_is_stored_as_plain_values_and_nonsense_is_none() -> None:
    stored = json.loads(json.dumps({KEY: SEEN.to_dict()}))
    assert solid_of(stored) == SEEN
    for nonsense in ({}, {KEY: 1}, {KEY: {"camera": []}}):
        assert solid_of(nonsense) is None
    odd = solid_of({KEY: {"camera": {"tilt_deg": 400, "um_per_px": "x"}, "form": 2}})
    assert odd is not None and odd.camera.tilt_deg == 90.0 and odd.form is True


def test_the_words_say_what_is_exaggerated_and_what_is_to_scale() -> None:
    text = "\n".join(solid_lines(SEEN))
    for words in ("turned 20°", "40° over the plane", "×3;", "form taken off", "4 µm", "64%"):
        assert words in text, words
