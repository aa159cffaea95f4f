"""Profiles along a line through both specimens, against surfaces whose heights are formulas."""

from __future__ import annotations

import csv
from io import StringIO

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from app.domain import Alignment, CaseheadError
from app.picture.geometry import moved, right_to_left
from app.picture.profile import (
    Field,
    correlation,
    csv_text,
    field_of_pixels,
    field_of_side,
    profile,
    profile_words,
)
from app.picture.side import make_side
from correlation.surface import Surface

ALIGNMENT = Alignment(27.0, (85.0, -140.0))


def field_of(surface: Surface) -> Field:
    return field_of_side(make_side(surface))


def relief(points: np.ndarray) -> np.ndarray:
    """Heights as a formula of the left specimen's micrometres."""
    x, y = points[..., 0], points[..., 1]
    return 3 * np.sin(x / 90) + 2 * np.cos(y / 70) + 0.5 * np.sin((x + y) / 40)


def surface(shape: tuple[int, int], pixel_um: float, *, right: bool = False) -> Surface:
    """The relief as a scan sees it; the right one lies under ``ALIGNMENT``."""
    y, x = np.mgrid[: shape[0], : shape[1]].astype(np.float64)
    own = np.stack([x - (shape[1] - 1) / 2, y - (shape[0] - 1) / 2], axis=-1) * pixel_um
    if right:
        own = moved(right_to_left(ALIGNMENT), own.reshape(-1, 2)).reshape(own.shape)
    return Surface(relief(own).astype(np.float32), pixel_um, "scan")


@pytest.fixture(scope="module")
def pair() -> tuple[Field, Field]:
    left, right = surface((401, 501), 3.0), surface((460, 390), 4.0, right=True)
    return field_of(left), field_of(right)


def test_both_curves_are_the_relief_under_the_line(pair: tuple[Field, Field]) -> None:
    start, end = (-300.0, -120.0), (240.0, 200.0)
    found = profile(*pair, ALIGNMENT, start, end)
    truth = relief(np.array([found.place_um(at) for at in found.at_um]))
    assert found.step_um == pytest.approx(3.0)
    assert found.at_um[-1] == pytest.approx(np.hypot(540, 320), abs=3.0)
    assert np.nanmax(np.abs(found.left - truth)) < 0.01
    assert np.nanmax(np.abs(found.right - truth)) < 0.01
    assert found.correlation > 0.9999


def test_the_wrong_alignment_shows(pair: tuple[Field, Field]) -> None:
    found = profile(*pair, Alignment(), (-300.0, -120.0), (240.0, 200.0))
    assert found.correlation < 0.8


def test_a_shift_brings_a_curve_back(pair: tuple[Field, Field]) -> None:
    left = pair[0]
    off = profile(left, left, Alignment(0.0, (45.0, 0.0)), (-400.0, 10.0), (400.0, 10.0))
    assert off.correlation < 0.95
    best = off.best_shift(120.0)
    assert best == pytest.approx(-45.0, abs=off.step_um)
    assert off.shifted(-45.0).correlation == pytest.approx(1.0, abs=1e-6)
    assert "shifted -45.0 µm" in profile_words(off.shifted(-45.0))


def test_a_band_takes_the_mean_square_to_the_line() -> None:
    y, x = np.mgrid[:101, :101].astype(np.float32)
    tilted = Field(x + 100 * (y - 50) ** 2, 2.0, "µm")
    line = (-60.0, 0.0), (60.0, 0.0)
    narrow = profile(tilted, tilted, Alignment(), *line)
    wide = profile(tilted, tilted, Alignment(), *line, width_um=8.0)
    assert narrow.left == pytest.approx(np.arange(20, 81))
    assert wide.left - narrow.left == pytest.approx(np.full(61, 100 * (4 + 1 + 0 + 1 + 4) / 5))


def test_missing_stays_missing_and_takes_nothing_with_it() -> None:
    values = np.tile(np.arange(60, dtype=np.float32), (60, 1))
    values[:, 20:25] = np.nan
    holed = field_of(Surface(values, 1.0, "scan"))
    whole = field_of(Surface(np.nan_to_num(values) + 1, 1.0, "scan"))
    found = profile(holed, whole, Alignment(), (-29.5, 0.5), (29.5, 0.5))
    assert np.flatnonzero(np.isnan(found.left)).tolist() == [20, 21, 22, 23, 24]
    assert np.isfinite(found.right).all()
    assert np.isfinite(found.correlation)


def test_outside_the_picture_there_is_nothing(pair: tuple[Field, Field]) -> None:
    found = profile(*pair, ALIGNMENT, (600.0, 0.0), (900.0, 0.0))
    assert np.isfinite(found.left[:40]).all()
    assert np.isnan(found.left[52:]).all()


def test_form_is_taken_off_scans_only() -> None:
    y, x = np.mgrid[:200, :200].astype(np.float64)
    form = 40 + 0.1 * x - 0.05 * y + 0.002 * (x - 90) ** 2 + 0.001 * x * y
    fine = np.sin(x / 5).astype(np.float32)
    fine[40:60, 40:60] += 300  # a burr: the form must not follow it
    scan = field_of(Surface((form + fine).astype(np.float32), 2.0, "scan"))
    image = field_of_pixels(np.full((200, 200), 77, np.uint8), 2.0)
    line = (-180.0, 61.0), (180.0, 61.0)
    raw = profile(scan, image, Alignment(), *line)
    level = profile(scan, image, Alignment(), *line, level=True)
    assert np.ptp(raw.left) > 20
    x_of = level.at_um / 2 + 9.5
    assert level.left == pytest.approx(np.sin(x_of / 5), abs=0.3)
    assert (level.right == 77).all()
    assert level.units == ("µm", "grey")
    assert "form removed" in profile_words(level)


def test_images_give_grey_values() -> None:
    rng = np.random.default_rng(3)
    grey = rng.integers(0, 255, (50, 70), dtype=np.uint8)
    one = field_of_pixels(grey, 2.53)
    two = field_of(Surface((grey / 255).astype(np.float32), 2.53, "image"))
    found = profile(one, two, Alignment(), (-60.0, -20.0), (70.0, 40.0), width_um=12.0)
    assert found.left == pytest.approx(found.right, abs=1e-3)
    assert found.units == ("grey", "grey")
    holed = field_of_pixels(grey, 2.53, np.ones_like(grey, dtype=bool))
    assert np.isnan(profile(holed, one, Alignment(), (-60, 0), (60, 0)).left).all()


def test_a_line_needs_some_length(pair: tuple[Field, Field]) -> None:
    with pytest.raises(CaseheadError, match="two pixels"):
        profile(*pair, ALIGNMENT, (0.0, 0.0), (5.0, 0.0))


def test_no_correlation_without_relief_or_common_ground() -> None:
    ramp = np.arange(20.0)
    assert correlation(ramp, -ramp) == pytest.approx(-1.0)
    assert np.isnan(correlation(ramp, np.ones(20)))
    apart = np.where(ramp < 7, ramp, np.nan)
    assert np.isnan(correlation(ramp, apart))


def test_the_csv_file_is_an_independent_sampling(pair: tuple[Field, Field]) -> None:
    found = profile(*pair, ALIGNMENT, (-300.0, -120.0), (900.0, 400.0))
    rows = list(csv.reader(StringIO(csv_text(found, ("2026-0412", "2025-1107")))))
    heads = ["distance (µm)", "2026-0412 (µm)", "2025-1107 (µm)", "x on left (µm)"]
    assert rows[0] == [*heads, "y on left (µm)"]
    table = np.array([[float(v or "nan") for v in row] for row in rows[1:]])
    left = pair[0]
    at = table[:, 3:] / left.pixel_um + (np.array(left.values.shape[::-1]) - 1) / 2
    heights = np.asarray(left.values, np.float64)
    wanted = map_coordinates(heights, at.T[::-1], order=1, cval=np.nan)
    assert np.isnan(wanted).any()
    np.testing.assert_allclose(table[:, 1], wanted, atol=2e-4)
