"""Heights summed up from slopes: exact where they are known, told apart where they are not."""

from __future__ import annotations

import numpy as np
import pytest

from correlation.errors import CorrelationError
from correlation.integrate import integrate, without_form

PIXEL_UM = 4.0


def waves(rows: int = 150, columns: int = 201) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Heights that are not periodic, and their slopes, as exact as their sampling."""
    y, x = np.mgrid[:rows, :columns] * PIXEL_UM
    heights = 3 * np.sin(x / 60) * np.cos(y / 45) + 0.02 * x - 0.01 * y + 1e-5 * x * y
    across = 0.05 * np.cos(x / 60) * np.cos(y / 45) + 0.02 + 1e-5 * y
    down = -3 / 45 * np.sin(x / 60) * np.sin(y / 45) - 0.01 + 1e-5 * x
    return heights, across.astype(np.float32), down.astype(np.float32)


def test_a_full_picture_is_exact_to_its_edges() -> None:
    truth, across, down = waves()
    found = integrate(across, down, np.ones(truth.shape, bool), PIXEL_UM)
    assert found.dtype == np.float32
    assert np.abs(found - (truth - truth.mean())).max() < 0.01  # of 12 um, corners included


def test_holes_are_gone_round_and_stay_missing() -> None:
    truth, across, down = waves()
    y, x = np.mgrid[: truth.shape[0], : truth.shape[1]]
    valid = (np.hypot(x - 90, y - 70) > 35) & (np.hypot(x - 90, y - 70) < 72)
    across[~valid], down[~valid] = np.nan, 50.0
    found = integrate(across, down, valid, PIXEL_UM)
    assert np.isnan(found[~valid]).all()
    off = (found - truth)[valid]
    assert (off - off.mean()).std() < 0.02


def test_noise_adds_up_to_little_and_does_not_wrap_around() -> None:
    truth, across, down = waves()
    rng = np.random.default_rng(0)
    noisy = [(s + rng.normal(0, 0.01, s.shape)).astype(np.float32) for s in (across, down)]
    off = integrate(*noisy, np.ones(truth.shape, bool), PIXEL_UM) - truth
    assert off.std() < 0.12


def test_form_is_taken_out_and_fine_relief_stays() -> None:
    y, x = np.mgrid[:300, :320] * PIXEL_UM
    fine = np.sin(2 * np.pi * x / 80)
    form = 30 * np.sin(2 * np.pi * y / 5000)
    valid = np.ones(x.shape, bool)
    valid[100:140, 100:160] = False
    left = without_form((fine + form).astype(np.float32), valid, PIXEL_UM, 600.0)
    assert np.isnan(left[~valid]).all()
    inner = valid.copy()
    inner[:40] = inner[-40:] = False
    inner[:, :40] = inner[:, -40:] = False
    assert (left - fine)[inner].std() < 0.35  # of 14 um of form
    same = without_form(fine.astype(np.float32), valid, PIXEL_UM, 600.0)
    assert (same - fine)[inner].std() < 0.03


def test_nothing_known_gives_no_relief() -> None:
    none = np.zeros((30, 30), np.float32)
    with pytest.raises(CorrelationError, match="Hardly a pixel"):
        integrate(none, none, np.zeros((30, 30), bool), PIXEL_UM)
