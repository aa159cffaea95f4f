"""A scan lit from eight directions looks as Lambert's law says, worked out here from its heights
with plain numpy; and the light stays where it is when the specimen is turned."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.domain import Alignment
from app.picture import Light, Mode, Side, ViewState, make_side, render
from correlation.surface import Surface
from correlation.x3p import read_x3p

REAL = Path(__file__).parents[3] / "shared" / "data" / "raw3d" / "fadul-1-1-raw.x3p"
DIRECTIONS = range(0, 360, 45)


def bumps(seed: int = 1, side: int = 360) -> Surface:
    """A tilted, bowed face of round bumps with a hole, 3 um a point."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side].astype(np.float64)
    heights = 0.02 * x - 0.01 * y + 3e-4 * (x - side / 2) ** 2
    for cx, cy, tall in zip(*rng.uniform(0, side, (2, 60)), rng.uniform(-2, 2, 60), strict=True):
        heights += tall * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / 200.0)
    heights[(x - 90) ** 2 + (y - 200) ** 2 < 900] = np.nan
    return Surface(heights.astype(np.float32), 3.0, "scan")


def real() -> Surface:
    if not REAL.exists():
        pytest.skip("the real scans are not beside the checkout")
    scan = read_x3p(REAL.read_bytes())
    return Surface(scan.heights_um, scan.pixel_um, "scan")


def levelled(z: np.ndarray) -> np.ndarray:
    """Less a quadratic form, fitted four times to what is not far off it."""
    rows, columns = np.indices(z.shape)
    x, y = columns / z.shape[1] * 2 - 1, rows / z.shape[0] * 2 - 1
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=-1)
    step = max(1, int(np.sqrt(z.size / 8000)))
    good = np.isfinite(z[::step, ::step])
    t, h = terms[::step, ::step][good], z[::step, ::step][good].astype(np.float64)
    keep = np.ones(len(h), bool)
    for _ in range(4):
        c = np.linalg.lstsq(t[keep], h[keep], rcond=None)[0]
        off = np.abs(h - t @ c)
        keep = off <= 3 * np.median(off)
    return z - terms @ c


def smoothed(z: np.ndarray, here: np.ndarray) -> np.ndarray:
    """A Gaussian over one pixel (seven taps) that takes nothing from missing points."""
    taps = np.exp(-(np.arange(-3.0, 4.0) ** 2) / 2)

    def blurred(values: np.ndarray) -> np.ndarray:
        for way in ((3, 0), (0, 3)):
            wide = np.pad(values, [(n, n) for n in way])
            rows, columns = values.shape
            parts = [
                tap * wide[n * (way[0] > 0) :, n * (way[1] > 0) :][:rows, :columns]
                for n, tap in enumerate(taps / taps.sum())
            ]
            values = np.sum(parts, axis=0)
        return values

    return blurred(np.where(here, z, 0)) / np.maximum(blurred(here.astype(float)), 1e-6)


def slopes(surface: Surface) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Right, down (exaggerated to a median of 0.32), and where both can be told."""
    here = np.isfinite(surface.values)
    z = smoothed(levelled(surface.values.astype(np.float64)), here)
    right, down = np.zeros_like(z), np.zeros_like(z)
    step = 32.0 * surface.pixel_um
    a, b = z[:, 2:] - z[:, :-2], z[2:] - z[:-2]
    right[1:-1, 1:-1] = (3 * a[:-2] + 10 * a[1:-1] + 3 * a[2:]) / step
    down[1:-1, 1:-1] = (3 * b[:, :-2] + 10 * b[:, 1:-1] + 3 * b[:, 2:]) / step
    factor = 0.32 / np.median(np.hypot(right, down)[here])
    inner = np.zeros_like(here)
    inner[6:-6, 6:-6] = here[6:-6, 6:-6]
    return right * factor, down * factor, inner


def lambert(right: np.ndarray, down: np.ndarray, azimuth_deg: float) -> np.ndarray:
    """The cosine of the angle between a surface and a light at 45 degrees."""
    azimuth, up = np.deg2rad(azimuth_deg), np.sqrt(0.5)
    light = up * np.cos(azimuth), -up * np.sin(azimuth), up  # rows run down
    length = np.sqrt(right**2 + down**2 + 1)
    return np.maximum((-right * light[0] - down * light[1] + light[2]) / length, 0)


def seen(side: Side, light: Light, **changes: object) -> np.ndarray:
    """One point of the scan a pixel."""
    rows, columns = side.pixels.shape
    view = ViewState(Mode.BLINK, um_per_px=side.pixel_um, lights=(light, light))
    picture = render(side, side, Alignment(), replace(view, **changes), (columns, rows))
    assert np.ptp(picture.astype(int), axis=2).max() == 0
    grey = picture[..., 0].astype(float)
    grey[-60:, :150] = np.nan  # the scale bar
    return grey


@pytest.mark.parametrize("make", [bumps, pytest.param(real, marks=pytest.mark.real_data)])
def test_eight_directions_agree_with_the_reference(make: object) -> None:
    surface: Surface = make()  # type: ignore[operator]
    side = make_side(surface)
    right, down, inner = slopes(surface)
    inner[-60:, :] = False
    for azimuth in DIRECTIONS:
        found = seen(side, Light(azimuth, 45.0, shine=0.0))
        expected = 8 + 190 * lambert(right, down, azimuth)
        off = np.abs(found - expected)[inner]
        assert off.mean() < 1.0, azimuth
        assert np.percentile(off, 99.5) < 4.0, azimuth
        opposite = 8 + 190 * lambert(right, down, azimuth + 180)
        assert np.abs(found - opposite)[inner].mean() > 15, azimuth


@pytest.mark.parametrize("turned", [90.0, 180.0, 270.0])
def test_the_light_stays_when_the_specimen_turns(turned: float) -> None:
    side = make_side(bumps())
    light = Light(70.0, 35.0, shine=0.0)
    still = seen(side, Light(70.0 - turned, 35.0, shine=0.0))
    round_ = seen(side, light, view_rotation_deg=turned)
    expected = np.rot90(still, round(turned / 90))
    inner = (slice(8, -8), slice(8, -8))
    assert np.nanmean(np.abs(round_ - expected)[inner]) < 0.6
    unturned_light = np.rot90(seen(side, light), round(turned / 90))
    assert np.nanmean(np.abs(round_ - unturned_light)[inner]) > 8


def test_turning_in_small_steps_changes_the_shade_in_small_steps() -> None:
    side = make_side(bumps())
    pictures = [
        seen(side, Light(), view_rotation_deg=t)[100:260, 100:260] for t in (10.0, 10.5, 11.0)
    ]
    steps = [np.abs(a - b).mean() for a, b in pairwise(pictures)]
    assert 0 < max(steps) < 1.7 * min(steps)


def test_detail_is_exaggerated_apart_from_form() -> None:
    side = make_side(bumps())
    flat = seen(side, Light(shine=0.0, detail=0.0))
    assert np.ptp(flat[20:280, 130:340]) == 0
    form = seen(side, Light(shine=0.0, detail=0.0, form=1.0))[20:280, 130:340]
    across = form.mean(axis=0)
    assert np.ptp(across) > 30 and np.ptp(form.mean(axis=1)) < 12
    assert np.abs(np.diff(across)).max() < 3  # the bow alone, no bumps
    soft, plain, strong = (
        seen(side, Light(shine=0.0, detail=d))[20:280, 130:340].std() for d in (0.4, 1.0, 2.5)
    )
    assert soft < 0.8 * plain < plain < 0.95 * strong
