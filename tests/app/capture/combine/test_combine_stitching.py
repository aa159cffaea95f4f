"""Stitching against truth: the fields' places in micrometres, and pixels left as they were."""

from __future__ import annotations

import numpy as np
import pytest
from combine_parts import NOISE, PIXEL_UM, picture

from app.capture.bench.lighting import vignette
from app.capture.bench.sequences import fields
from app.capture.combine import Stitched, Stitching, stitch
from app.capture.combine.network import Link, connected, residuals, solved
from app.domain import CaseheadError

SIZE = (320, 260)


def corners(overlap: float) -> list[tuple[float, float]]:
    """A grid of two by three, each a little off, at fractions of pixels."""
    off = np.random.default_rng(3).normal(0, 4, (6, 2))
    steps = [(i % 3 * SIZE[0], i // 3 * SIZE[1]) for i in range(6)]
    return [
        (300 + x * (1 - overlap) + dx, 420 + y * (1 - overlap) + dy)
        for (x, y), (dx, dy) in zip(steps, off, strict=True)
    ]


def error_um(made: Stitched, true: list[tuple[float, float]]) -> np.ndarray:
    want = np.array(true) * PIXEL_UM
    got = made.places_um - made.places_um[0]
    return np.hypot(*(got - (want - want[0])).T)


@pytest.mark.parametrize("overlap", [0.25, 0.15])
def test_fields_are_placed_to_a_tenth_of_a_micrometre(overlap: float) -> None:
    true = corners(overlap)
    made = stitch(fields(picture(), true, SIZE, NOISE), Stitching(PIXEL_UM))
    assert error_um(made, true).max() < 0.1  # measured: 0.03 and 0.07
    told = made.recipe.figures
    assert told["redundant_pairs"] >= 2 and told["residual_rms_um"] < 0.5
    assert len(made.residuals_um) == len(told["pairs"])
    assert told["placed_off_largest_um"] <= PIXEL_UM * 0.71


def test_away_from_the_seams_every_pixel_is_a_fields_own() -> None:
    tiles = fields(picture(), corners(0.25), SIZE, NOISE)
    made = stitch(tiles, Stitching(PIXEL_UM))
    assert (made.owner >= 0).sum() > 0.85 * made.covered.sum()
    for number, tile in enumerate(tiles):
        x, y = made.recipe.sources[number].values["corner_px"]
        part = np.s_[y : y + SIZE[1], x : x + SIZE[0]]
        own = made.owner[part] == number
        assert own.sum() > 0.4 * own.size
        assert np.array_equal(made.pixels[part][own], tile[own])
    assert not made.pixels[~made.covered].any()


def test_places_of_the_stage_help_but_need_not_be_right() -> None:
    true = corners(0.2)
    off = np.random.default_rng(5).normal(0, 30, (6, 2))
    told = tuple(
        (x * PIXEL_UM + a, y * PIXEL_UM + b) for (x, y), (a, b) in zip(true, off, strict=True)
    )
    tiles = fields(picture(), true, SIZE, NOISE)
    made = stitch(tiles, Stitching(PIXEL_UM, told, place_sd_um=40.0))
    assert error_um(made, true).max() < 0.2


def test_a_lens_that_darkens_the_corners_hardly_matters() -> None:
    true = corners(0.25)
    shade = vignette(*SIZE, 0.35)
    tiles = [np.rint(t * shade).astype(np.uint8) for t in fields(picture(), true, SIZE, NOISE)]
    assert error_um(stitch(tiles, Stitching(PIXEL_UM)), true).max() < 0.3


def test_colour_fields_are_joined() -> None:
    tiles = [np.dstack([t, t, t // 2]) for t in fields(picture(), corners(0.25)[:2], SIZE, NOISE)]
    made = stitch(tiles, Stitching(PIXEL_UM))
    assert made.pixels.shape[2] == 3 and any("one pair only" in n for n in made.recipe.notes)


def test_fields_without_a_common_part_are_refused() -> None:
    tiles = fields(picture(), [(200, 300), (540, 300), (200, 900)], SIZE, NOISE)
    with pytest.raises(CaseheadError, match="No two of the fields"):
        stitch([tiles[0], tiles[2]], Stitching(PIXEL_UM))
    with pytest.raises(CaseheadError, match="one frame"):
        stitch(tiles[:1], Stitching(PIXEL_UM))
    near = fields(picture(), [(200, 300), (440, 310)], SIZE, NOISE)
    with pytest.raises(CaseheadError, match="Field 3 cannot be joined"):
        stitch([*near, tiles[2]], Stitching(PIXEL_UM))
    with pytest.raises(CaseheadError, match="give one for each"):
        stitch(near, Stitching(PIXEL_UM, ((0.0, 0.0),)))


def test_the_network_weighs_its_links_and_tells_what_is_left() -> None:
    links = [Link(0, 1, (10.0, 0.0), 4.0), Link(1, 2, (0.0, 10.0)), Link(0, 2, (10.4, 10.0))]
    places = solved(3, links)
    assert places[0].tolist() == [0.0, 0.0]
    left = residuals(places, links)
    # the misfit of 0.4 is shared by the inverse weights 1/4 : 1 : 1
    assert np.allclose(np.abs(left[:, 0]), np.array([1, 4, 4]) * 0.4 / 9)
    assert connected(4, links) == [{0, 1, 2}, {3}]
