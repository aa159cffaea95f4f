"""Two points set by hand, and light made even for the eye."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.bench import firearm_number, image_of
from app.capture.bench.lighting import vignette
from app.capture.scale import (
    RECIPE,
    FlatField,
    NotSure,
    check_dark,
    check_flat,
    corrected,
    from_two_points,
    mean_of,
    recipe_of,
)
from app.domain import CaseheadError

SIZE = (800, 600)


def test_two_points_tell_the_size_and_how_sure_it_is() -> None:
    found = from_two_points((100.0, 100.0), (400.0, 500.0), 1000.0, SIZE, pointing_px=1.0)
    assert found.pixel_um == pytest.approx(2.0)
    expected = 2.0 * np.hypot(np.sqrt(2) / 500, 0.0005)
    assert found.sd_um == pytest.approx(expected)
    assert found.marks == ((100.0, 100.0, 400.0, 500.0),)
    assert found.method == "two points" and not found.both_ways


@pytest.mark.parametrize("second", [(100.0, 100.0), (110.0, 100.0), (140.0, 100.0)])
def test_points_too_near_are_refused(second: tuple[float, float]) -> None:
    with pytest.raises(NotSure, match="far apart"):
        from_two_points((100.0, 100.0), second, 1000.0, SIZE)


@pytest.mark.parametrize("distance", [0.0, -5.0, float("nan")])
def test_an_implausible_distance_is_refused(distance: float) -> None:
    with pytest.raises(CaseheadError, match="plausible"):
        from_two_points((0.0, 0.0), (500.0, 0.0), distance, SIZE)


def test_uneven_light_is_taken_out_of_what_is_shown_only() -> None:
    rng = np.random.default_rng(2)
    truth = image_of(firearm_number(1), 1, pixel_um=12.0)[0].astype(np.float32) * 0.6 + 20
    rows, columns = truth.shape
    light = vignette(columns, rows, 0.5)
    offset = 6.0
    seen = np.clip(truth * light + offset, 0, 255).astype(np.uint8)
    flats = [
        np.clip(180 * light + offset + rng.normal(0, 2, truth.shape), 0, 255).astype(np.uint8)
        for _ in range(16)
    ]
    flat, dark = mean_of(flats), mean_of([np.full_like(seen, 6)])
    check_flat(flat)
    check_dark(dark)
    before = seen.copy()
    shown = corrected(seen, flat, dark)
    assert shown.shape == seen.shape and shown.dtype == seen.dtype
    assert np.array_equal(seen, before)
    gain = float(light.mean())
    assert np.abs(shown - truth * gain).mean() < 1.5
    assert np.abs(seen.astype(float) - offset - truth * gain).mean() > 5
    colour = corrected(np.repeat(seen[..., None], 3, axis=2), flat, dark)
    assert np.array_equal(colour[..., 1], shown)


def test_a_flat_picture_that_is_none_is_refused() -> None:
    def flat(values: float | np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> object:
        plane = np.broadcast_to(np.asarray(values, np.float64), (200, 300))
        return check_flat(np.asarray(np.clip(plane, 0, 1) * 65535, np.uint16))

    flat(0.6)
    with pytest.raises(CaseheadError, match="overexposed"):
        flat(1.0)
    with pytest.raises(CaseheadError, match="black"):
        flat(0.0)
    with pytest.raises(CaseheadError, match="sharp view"):
        flat(0.5 + 0.2 * (np.indices((200, 300)).sum(axis=0) % 2))
    with pytest.raises(CaseheadError, match="bright"):
        check_dark(np.full((200, 300), 40000, np.uint16))


def test_pictures_of_another_size_are_refused() -> None:
    picture = np.full((200, 300), 100, np.uint8)
    with pytest.raises(CaseheadError, match="another size"):
        corrected(picture, np.full((100, 300), 30000, np.uint16))
    with pytest.raises(CaseheadError, match="one setting"):
        mean_of([picture, picture[:100]])
    with pytest.raises(CaseheadError, match="one setting"):
        mean_of([])


def test_the_recipe_is_kept_with_the_capture() -> None:
    recipe = FlatField("a" * 64, "b" * 64)
    assert recipe_of({RECIPE: recipe.as_settings()}) == recipe
    assert recipe_of({}) is None
    assert recipe_of({RECIPE: "nonsense"}) is None
