"""Form removal and band-pass: transmissions and missing data."""

import numpy as np
import pytest

from correlation.filters import (
    band_pass,
    eroded,
    form,
    gaussian_mean,
    gaussian_quadric,
    toned,
    winsorised,
    without_circles,
)


def wave(wavelength_um: float, pixel_um: float = 5.0, size: int = 600) -> np.ndarray:
    x = np.arange(size) * pixel_um
    return np.tile(np.sin(2 * np.pi * x / wavelength_um), (size, 1)).astype(np.float32)


@pytest.mark.parametrize("cutoff_um", [100.0, 250.0])
def test_half_the_amplitude_passes_at_the_cut_off(cutoff_um: float) -> None:
    values = wave(cutoff_um)
    smooth = gaussian_mean(values, np.ones(values.shape, bool), cutoff_um, 5.0)
    inside = np.s_[200:400, 200:400]
    assert smooth[inside].std() / values[inside].std() == pytest.approx(0.5, abs=0.01)


def test_band_keeps_the_middle_and_drops_both_ends() -> None:
    mask = np.ones((600, 600), bool)
    inside = np.s_[200:400, 200:400]
    kept = [
        float(band_pass(wave(w), mask, 5.0, 40.0, 400.0)[inside].std() / wave(w)[inside].std())
        for w in (12.0, 130.0, 2000.0)
    ]
    assert kept[0] < 0.05
    assert kept[1] > 0.8
    assert kept[2] < 0.1


def test_missing_data_do_not_ring() -> None:
    values = np.full((200, 200), 7.0, np.float32)
    mask = np.ones(values.shape, bool)
    mask[80:120, 60:140] = False
    values[~mask] = 0
    assert np.abs(band_pass(values, mask, 5.0, 0.0, 250.0)).max() < 1e-3


def test_form_ignores_a_ring_that_does_not_follow_it() -> None:
    y, x = np.mgrid[-1:1:150j, -1:1:150j].astype(np.float32)
    plane = 30 * x - 12 * y + 4 * x * x
    values = plane.copy()
    ring = (np.hypot(x, y) > 0.3) & (np.hypot(x, y) < 0.45)
    values[ring] += 40
    noise = np.random.default_rng(1).normal(0, 0.5, values.shape).astype(np.float32)
    fitted, inliers = form(values + noise, np.ones(values.shape, bool), degree=2, rounds=8)
    assert np.abs(fitted - plane).max() < 0.5
    assert np.count_nonzero(inliers & ring) < 0.01 * np.count_nonzero(ring)


def test_winsorised_has_mean_0_and_spread_1_over_the_mask() -> None:
    values = np.random.default_rng(2).normal(50, 9, (80, 80)).astype(np.float32)
    values[3, 3] = 1e6
    mask = np.ones(values.shape, bool)
    mask[:10] = False
    done = winsorised(values, mask, 4.0)
    assert done[mask].mean() == pytest.approx(0, abs=1e-4)
    assert done[mask].std() == pytest.approx(1, abs=1e-4)
    assert np.abs(done).max() < 4.5
    assert not done[~mask].any()


def test_erosion_takes_the_rim_off_at_the_border_too() -> None:
    assert np.count_nonzero(eroded(np.ones((20, 20), bool), 20.0, 10.0)) == 16 * 16


def test_the_quadric_passes_half_the_amplitude_at_its_cut_off() -> None:
    values = wave(250.0, size=300)
    smooth = gaussian_quadric(values, np.ones(values.shape, bool), 250.0, 5.0)
    inside = np.s_[100:200, 100:200]
    assert smooth[inside].std() / values[inside].std() == pytest.approx(0.5, abs=0.02)


def test_the_quadric_follows_a_cup_up_to_the_edge_where_the_mean_does_not() -> None:
    y, x = np.mgrid[-1:1:121j, -1:1:121j].astype(np.float32)
    cup = 80 * (x * x + y * y) + 15 * x
    mask = (np.hypot(x, y) < 0.9) & ~((np.abs(x - 0.3) < 0.1) & (np.abs(y) < 0.2))
    left = band_pass(np.where(mask, cup, 0), mask, 6.25, 0.0, 100.0, order=2)
    plain = band_pass(np.where(mask, cup, 0), mask, 6.25, 0.0, 100.0)
    assert np.abs(left).max() < 0.02
    assert np.abs(plain).max() > 1.0


@pytest.mark.parametrize("centre_um", [(0.0, 0.0), (60.0, -110.0)])
def test_circles_go_and_what_crosses_them_stays(centre_um: tuple[float, float]) -> None:
    axis = (np.arange(201) - 100) * 6.25
    x, y = axis[None, :] - centre_um[0], axis[:, None] - centre_um[1]
    rings = np.sin(2 * np.pi * np.hypot(x, y) / 150.0).astype(np.float32)
    own = np.random.default_rng(5).standard_normal(rings.shape).astype(np.float32)
    mask = np.hypot(x, y) < 550
    done = without_circles(rings + own, mask, 6.25, 15.0, centre_um)
    assert np.corrcoef(done[mask], rings[mask])[0, 1] < 0.05
    assert np.corrcoef(done[mask], own[mask])[0, 1] > 0.97
    assert not done[~mask].any()


def test_exposure_only_adds_to_the_tones() -> None:
    grey = np.random.default_rng(6).random((50, 50)).astype(np.float32)
    mask = grey > 0.01
    np.testing.assert_allclose(toned(3 * grey, mask), toned(grey, mask), atol=1e-5)
