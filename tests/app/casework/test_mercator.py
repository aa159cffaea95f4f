"""Coordinates on a plane, as the usual tiles lie."""

from __future__ import annotations

import pytest

from app.casework.mercator import (
    degrees_words,
    graticule,
    graticule_step,
    place,
    plane,
    scale_bar,
    tile_zoom,
    tiles,
)


@pytest.mark.parametrize("at", [(0.0, 0.0), (40.7128, -74.006), (-33.9, 151.2), (71.0, 179.9)])
def test_there_and_back(at: tuple[float, float]) -> None:
    assert place(*plane(*at)) == pytest.approx(at, abs=1e-9)


def test_a_known_tile() -> None:
    """Zoom 12 over the Brandenburg Gate: published as tile 2200 / 1343."""
    x, y = plane(52.5163, 13.3777)
    assert (int(x * 2**12), int(y * 2**12)) == (2200, 1343)
    assert (2200, 1343) in tiles(x - 1e-6, y - 1e-6, x + 1e-6, y + 1e-6, 12)


def test_the_zoom_fits_and_is_no_deeper_than_there_are_tiles() -> None:
    assert tile_zoom(256) == 0
    assert tile_zoom(256 * 2**9) == 9
    assert tile_zoom(256 * 2**9, deepest=5) == 5


def test_lines_stand_at_round_degrees() -> None:
    assert graticule_step(0.5) == 0.1
    assert graticule(40.66, 40.94, 0.1) == [40.7, 40.8, 40.9]
    assert degrees_words(-73.98, "EW") == "73.98° W"


def test_the_scale_bar_is_shorter_on_the_ground_far_north() -> None:
    wide = 256 * 2.0**12
    at_equator, words = scale_bar(wide, 0.0, 150)
    assert words == "5 km" and 0 < at_equator <= 150
    assert at_equator == pytest.approx(5000 / (40_075_016.686 / wide))
    assert scale_bar(wide, 60.0, 150)[1] == "2 km"
