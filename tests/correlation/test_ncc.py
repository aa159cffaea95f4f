"""The masked correlation against its definition, and resampling against geometry."""

import numpy as np
import pytest

from correlation.ncc import masked_ncc, spectra
from correlation.resample import area_average, block_mean, turned
from tests.correlation.definition import pearson


def test_masked_ncc_equals_its_definition_at_every_shift() -> None:
    rng = np.random.default_rng(5)
    size, reach, shape = 18, 6, (24, 24)
    arrays, masks = [], []
    for _ in range(2):
        mask = rng.random((size, size)) > 0.3
        masks.append(mask)
        arrays.append(np.where(mask, rng.standard_normal((size, size)), 0).astype(np.float32))
    got = masked_ncc(
        spectra(arrays[0], masks[0], shape), spectra(arrays[1], masks[1], shape), shape, 40.0
    )
    for dy in range(-reach, reach + 1):
        for dx in range(-reach, reach + 1):
            here = np.s_[max(0, dy) : size + min(0, dy), max(0, dx) : size + min(0, dx)]
            there = np.s_[max(0, -dy) : size + min(0, -dy), max(0, -dx) : size + min(0, -dx)]
            expected, count = pearson(
                arrays[0][here], masks[0][here], arrays[1][there], masks[1][there]
            )
            assert count >= 40
            assert got[dy, dx] == pytest.approx(expected, abs=1e-5)


def test_a_window_of_shifts_holds_the_same_values() -> None:
    rng = np.random.default_rng(6)
    arrays = rng.standard_normal((2, 20, 20)).astype(np.float32)
    mask, shape = np.ones((20, 20), bool), (30, 30)
    first, second = (spectra(array, mask, shape) for array in arrays)
    window = np.r_[0:6, -5:0]
    whole = masked_ncc(first, second, shape, 30.0)
    part = masked_ncc(first, second, shape, 30.0, (window, window))
    np.testing.assert_allclose(part, whole[window[:, None], window[None, :]], atol=1e-6)


def test_too_little_overlap_gives_no_value() -> None:
    values = np.random.default_rng(1).standard_normal((8, 8)).astype(np.float32)
    mask = np.ones((8, 8), bool)
    spectrum = spectra(values, mask, (16, 16))
    assert masked_ncc(spectrum, spectrum, (16, 16), 60.0)[5, 5] == -1


def test_turned_is_counter_clockwise_as_seen() -> None:
    values = np.zeros((21, 21), np.float32)
    values[10, 18] = 1  # right of the centre
    moved, _ = turned(values, np.ones(values.shape, bool), 90.0)
    assert np.unravel_index(moved.argmax(), moved.shape) == (2, 10)  # now above it


def test_turned_moves_right_and_down() -> None:
    values = np.zeros((21, 21), np.float32)
    values[10, 10] = 1
    moved, _ = turned(values, np.ones(values.shape, bool), 0.0, shift_px=(3, 2))
    assert np.unravel_index(moved.argmax(), moved.shape) == (12, 13)


@pytest.mark.parametrize("ratio", [0.6, 1.0, 1.7, 4.0])
def test_area_average_keeps_a_slope_exactly(ratio: float) -> None:
    y, x = np.mgrid[:121, :141].astype(np.float32)
    values, mask = area_average((2 * x - y) * 3, 3.0, 3.0 * ratio, (6.0, -9.0), (11, 13))
    columns = 70 + 2 + (np.arange(13) - 6) * ratio
    rows = 60 - 3 + (np.arange(11) - 5) * ratio
    assert mask.all()
    np.testing.assert_allclose(values, (2 * columns[None] - rows[:, None]) * 3, atol=2e-3)


def test_area_average_needs_half_of_the_area() -> None:
    values = np.ones((40, 40), np.float32)
    values[:, :22] = np.nan
    _, mask = area_average(values, 1.0, 4.0, (0.0, 0.0), (9, 9))
    assert mask[4].tolist() == [False] * 5 + [True] * 4


def test_block_mean_stays_centred() -> None:
    values = np.zeros((41, 41), np.float32)
    values[20, 20] = 1
    small, _ = block_mean(values, np.ones(values.shape, bool), 4)
    assert small.shape[0] % 2 == 1
    assert np.unravel_index(small.argmax(), small.shape) == (small.shape[0] // 2,) * 2
