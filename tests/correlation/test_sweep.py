"""The full circle at the coarse level, the climb from there, and how sure the alignment is."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from correlation import reference
from correlation.compare import compare
from correlation.cut import cut
from correlation.errors import CorrelationError
from correlation.method import SCAN
from correlation.prepare import Level, Prepared, prepare
from correlation.register import Trial, register
from correlation.sweep import Pose, apart, full_circle, separated
from tests.correlation.surfaces import scan


@cache
def made(gun: int, turn: float = 0.0, dx: float = 0.0, dy: float = 0.0, noise: float = 1.0):
    return prepare(scan(gun, turn, (dx, dy), noise=noise, noise_seed=gun + abs(round(turn))))


def halves(mark: Prepared, keep_left: bool) -> Level:
    """The coarse level with half of its area gone."""
    level = mark.coarse
    mask = level.mask.copy()
    middle = mask.shape[1] // 2
    mask[:, middle:] &= not keep_left
    mask[:, :middle] &= keep_left
    return Level(level.values * mask, mask, level.pixel_um)


@pytest.mark.parametrize("turn", [-177.0, -93.0, -45.0, 0.0, 33.0, 90.0, 135.0])
def test_each_quarter_of_the_circle_is_searched(turn: float) -> None:
    left, right = made(1), made(1, -turn)
    best = full_circle(left.coarse, right.coarse, SCAN)[0]
    assert apart(best.rotation_deg, turn) <= SCAN.turn_step_deg
    assert np.hypot(best.dx_um, best.dy_um) <= 75


def test_its_correlations_are_nearly_those_of_the_definition() -> None:
    left, right = halves(made(1), keep_left=True), made(1, 60.0, 100.0).coarse
    found = full_circle(left, right, SCAN)
    assert len(found) == SCAN.peaks
    for pose in found:
        exact = reference.pearson_at(left, right, pose)
        assert pose.overlap == pytest.approx(exact.overlap, abs=0.03)
        assert pose.ccf == pytest.approx(exact.ccf, abs=0.1)


def test_threads_change_nothing() -> None:
    left, right = made(1).coarse, made(3, 20.0).coarse
    with ThreadPoolExecutor(2) as pool:
        assert full_circle(left, right, SCAN, pool) == full_circle(left, right, SCAN)


def test_two_places_at_one_rotation_are_two_peaks() -> None:
    first = Pose(-6.0, 0.0, 0.0, 0.5, 0.5)
    second = Pose(-3.0, 400.0, 0.0, 0.6, 0.5)
    beside = Pose(-3.0, 0.0, 50.0, 0.4, 0.5)
    assert separated([first, second, beside], 5) == [second, first]
    assert separated([first, second, beside], 1) == [second]


def test_a_climb_ends_where_no_neighbour_is_higher() -> None:
    left, right = made(1), made(1, 141.0)
    trial = Trial(left.middle, right.middle, SCAN)
    start = Pose(-138.0, 50.0, -25.0, 0.0, 0.0)
    top = trial.climbed(start, 0.5)
    assert apart(top.rotation_deg, -141.0) <= 1.0
    for turn in (-0.5, 0.0, 0.5):
        for dx in (-25.0, 0.0, 25.0):
            near = trial.at(top.rotation_deg + turn, top.dx_um + dx, top.dy_um)
            assert near.strength <= top.strength + 1e-6


def test_a_trial_gives_what_the_definition_gives() -> None:
    left, right = made(1).middle, made(1, 141.0).middle
    pose = Trial(left, right, SCAN).at(-140.0, 30.0, -12.0)
    exact = reference.pearson_at(left, right, pose)
    assert pose.ccf == pytest.approx(exact.ccf, abs=1e-3)
    assert pose.overlap == pytest.approx(exact.overlap, abs=1e-3)


def test_no_peak_is_told_twice() -> None:
    poses = register(made(1), made(1, 25.0), SCAN)
    for n, pose in enumerate(poses):
        for other in poses[:n]:
            far = np.hypot(pose.dx_um - other.dx_um, pose.dy_um - other.dy_um)
            assert apart(pose.rotation_deg, other.rotation_deg) >= 10 or far >= 100


def test_the_uncertainty_is_that_of_repeated_scans() -> None:
    base = prepare(scan(1, noise=3.0, noise_seed=100))
    shifts, turns = [], []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        turn, shift = float(rng.uniform(-170, 170)), rng.uniform(-80, 80, 2)
        moved = prepare(scan(1, turn, (float(shift[0]), float(shift[1])), 3.0, seed))
        result = compare(moved, base)
        assert result.rotation_sd_deg is not None
        assert result.shift_sd_um is not None
        off = np.subtract(result.shift_um, shift) / result.shift_sd_um
        shifts.append(np.hypot(*off) / np.sqrt(2))
        turns.append(((result.rotation_deg - turn + 180) % 360 - 180) / result.rotation_sd_deg)
    assert 0.25 < np.sqrt(np.mean(np.square(shifts))) < 2.5
    assert 0.1 < np.sqrt(np.mean(np.square(turns))) < 2.5


def test_a_noisier_pair_is_less_sure() -> None:
    quiet, noisy = (
        compare(
            prepare(scan(1, noise=n, noise_seed=1)), prepare(scan(1, 30.0, noise=n, noise_seed=2))
        )
        for n in (0.5, 6.0)
    )
    assert quiet.shift_sd_um is not None
    assert noisy.shift_sd_um is not None
    assert quiet.shift_sd_um < noisy.shift_sd_um


def test_the_overlap_is_told_as_an_area() -> None:
    mark = made(1)
    result = compare(mark, made(1, 25.0))
    smaller = min(np.count_nonzero(m.middle.mask) for m in (mark, made(1, 25.0)))
    assert result.overlap_um2 == pytest.approx(result.overlap * smaller * 25.0**2, rel=1e-3)


def test_marks_of_two_kinds_are_refused() -> None:
    mark = made(1)
    with pytest.raises(CorrelationError, match="breech face mark and a firing pin mark"):
        compare(mark, replace(mark, mark="firing pin"))


def test_cells_at_twice_the_pitch_are_means_of_two_by_two() -> None:
    cells = cut(made(1).fine, SCAN)
    values, masks = cells.halved()
    assert values.shape == (cells.count, cells.side // 2, cells.side // 2)
    square, there = cells.values[0, :2, :2], cells.masks[0, :2, :2]
    assert masks[0, 0, 0] == (np.count_nonzero(there) >= 2)
    whole = cells.masks.all(axis=(1, 2))
    assert whole.any()
    expected = cells.values[whole][:, :2, :2].mean(axis=(1, 2))
    np.testing.assert_allclose(values[whole][:, 0, 0], expected, atol=1e-5)
    assert square.shape == (2, 2)


def test_cells_tile_the_mark() -> None:
    level = made(1).fine
    cells = cut(level, SCAN)
    parts = list(reference.cells_of(level, SCAN))
    assert cells.count == len(parts)
    for k, part in enumerate(parts):
        np.testing.assert_array_equal(cells.masks[k], part.mask)
        np.testing.assert_allclose(cells.values[k], part.values, atol=1e-4)
