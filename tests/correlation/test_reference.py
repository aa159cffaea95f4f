"""The fast comparison against the exhaustive reference, and that against its definition."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from app.importing.decode import read_surface
from correlation import reference
from correlation.cells import congruent_cells
from correlation.compare import PairScore, compare
from correlation.errors import CorrelationError
from correlation.method import SCAN
from correlation.prepare import Prepared, prepare
from correlation.register import Pose, register
from correlation.surface import Surface
from tests.correlation.definition import pearson
from tests.correlation.surfaces import PIXEL_UM, scan

REAL = Path(__file__).parents[3] / "shared" / "data" / "fadul3d"

STILL = Pose(0.0, 0.0, 0.0, 0.0, 0.0)
EVERY_THIRD = tuple(float(angle) for angle in range(-180, 180, 3))


@cache
def made(gun: int, turn: float = 0.0, dx: float = 0.0, dy: float = 0.0, noise: float = 1.0):
    return prepare(scan(gun, turn, (dx, dy), noise=noise, noise_seed=gun + abs(round(turn))))


@cache
def real(name: str) -> Prepared:
    path = REAL / f"fadul-{name}.x3p"
    if not path.exists():
        pytest.skip("the real scans and images are not beside the checkout")
    return prepare(read_surface(path))


def in_order(first: Prepared, second: Prepared) -> tuple[Prepared, Prepared]:
    """As ``compare`` lays them, so that both implementations turn the same one."""
    return (first, second) if first.digest() < second.digest() else (second, first)


def apart(first_deg: float, second_deg: float) -> float:
    return abs((first_deg - second_deg + 180) % 360 - 180)


def near(rotation_deg: float, step_deg: float = 2.0) -> list[float]:
    return [rotation_deg + step_deg * i for i in range(-2, 3)]


# The reference itself


def test_every_place_equals_the_definition() -> None:
    rng = np.random.default_rng(3)
    larger, part = rng.standard_normal((14, 14)), rng.standard_normal((8, 8))
    larger_mask, part_mask = rng.random((14, 14)) > 0.3, rng.random((8, 8)) > 0.3
    got, count = reference.every_place(larger, larger_mask, part, part_mask)
    assert got.shape == (7, 7)
    for row in range(7):
        for column in range(7):
            here = np.s_[row : row + 8, column : column + 8]
            both = larger_mask[here] & part_mask
            expected = np.corrcoef(larger[here][both], part[both])[0, 1]
            assert count[row, column] == np.count_nonzero(both)
            assert got[row, column] == pytest.approx(expected, abs=1e-12)


def test_a_place_of_the_whole_mark_is_the_correlation_at_that_pose() -> None:
    left, right = made(1).middle, made(1, 20.0).middle
    whole = reference.Part(0.0, 0.0, left.values.astype(np.float64), left.mask)
    pose = Pose(-20.0, 10.0, -5.0, 0.0, 0.0)
    ccf, _ = whole.places(right, pose, 3, 1.0)
    for row, column in ((3, 3), (0, 5), (6, 1)):
        moved = Pose(-20.0, 10.0 + (3 - column) * 25.0, -5.0 + (3 - row) * 25.0, 0.0, 0.0)
        expected = reference.pearson_at(left, right, moved).ccf
        assert ccf[row, column] == pytest.approx(expected, abs=1e-9)


def test_points_turn_counter_clockwise_as_seen() -> None:
    x, y = reference.turned_point((10.0, 0.0), 90.0)
    assert (x, y) == pytest.approx((0.0, -10.0))


def test_an_inverse_pose_leads_back() -> None:
    pose = Pose(33.0, 120.0, -45.0, 0.5, 0.9)
    back = reference.inverse(reference.inverse(pose))
    assert (back.rotation_deg, back.dx_um, back.dy_um) == pytest.approx((33.0, 120.0, -45.0))
    forth = reference.pearson_at(made(1).middle, made(1, -33.0).middle, pose)
    other = reference.pearson_at(made(1, -33.0).middle, made(1).middle, reference.inverse(pose))
    assert forth.ccf == pytest.approx(other.ccf, abs=0.03)


def test_the_reference_refuses_an_image_with_a_scan() -> None:
    picture = scan(1)
    image = prepare(Surface((picture.values + 20) / 40, PIXEL_UM, "image"))
    with pytest.raises(CorrelationError, match="two of one kind"):
        reference.compare(made(1), image)


# The same peak


def assert_same_peak(fast: PairScore, slow: PairScore) -> None:
    assert apart(fast.rotation_deg, slow.rotation_deg) <= 1.0
    assert np.hypot(*np.subtract(fast.shift_um, slow.shift_um)) <= 25.0
    assert fast.ccf == pytest.approx(slow.ccf, abs=0.01)


def assert_not_missed(left: Prepared, right: Prepared, rotations: tuple[float, ...]) -> None:
    """No higher than the exhaustive search finds, and hardly lower."""
    fast = register(left, right, SCAN)[0]
    slow = reference.register(left, right, SCAN, rotations)
    assert slow.strength - 0.05 <= fast.strength <= slow.strength + 0.005


@cache
def full_circle() -> tuple[PairScore, PairScore]:
    """One pair of mates by both implementations."""
    left, right = in_order(made(1), made(1, 141.0, 60.0, -110.0))
    return compare(left, right), reference.compare(left, right, EVERY_THIRD)


def test_the_same_peak_over_the_full_circle() -> None:
    assert_same_peak(*full_circle())


@pytest.mark.parametrize("turn", [-8.5, 179.5])
def test_the_same_peak_of_noisy_mates(turn: float) -> None:
    left, right = in_order(made(2, noise=2.0), made(2, turn, -150.0, 40.0, noise=2.0))
    fast = compare(left, right)
    expected = -turn if left.digest() == made(2, noise=2.0).digest() else turn
    assert_same_peak(fast, reference.compare(left, right, near(expected)))


def test_no_peak_of_other_guns_is_missed() -> None:
    assert_not_missed(*in_order(made(1), made(3)), EVERY_THIRD)


@pytest.mark.real_data
@pytest.mark.parametrize(("first", "second"), [("1-1", "1-2"), ("2-1", "2-2")])
def test_the_same_peak_of_real_mates(first: str, second: str) -> None:
    left, right = in_order(real(first), real(second))
    fast = compare(left, right)
    coarse = [pose.rotation_deg for pose in register(left, right, SCAN)]
    rotations = [turn for rotation in coarse for turn in near(rotation)]
    assert_same_peak(fast, reference.compare(left, right, rotations))


@pytest.mark.real_data
@pytest.mark.parametrize(("first", "second"), [("1-1", "2-1")])
def test_no_peak_of_real_non_mates_is_missed(first: str, second: str) -> None:
    assert_not_missed(*in_order(real(first), real(second)), EVERY_THIRD)


# The same cells


def assert_cells_by_definition(left: Prepared, right: Prepared, pose: Pose) -> None:
    """Each cell's own correlation at its own place is what the definition gives there."""
    found = congruent_cells(left.fine, right.fine, pose, SCAN)
    parts = list(reference.cells_of(left.fine, SCAN))
    assert len(found) == len(parts) > 8
    pixel = right.fine.pixel_um
    for cell, part in zip(found, parts, strict=True):
        assert (cell.x_um, cell.y_um) == pytest.approx((part.x_um, part.y_um))
        if cell.ccf == -1.0:
            turned = replace(pose, rotation_deg=cell.rotation_deg)
            assert reference.cell_place(part, right.fine, turned, SCAN).ccf == -1.0
            continue
        steps = np.rint(np.subtract(cell.moved_um, (pose.dx_um, pose.dy_um)) / pixel)
        dx, dy = pose.dx_um + steps[0] * pixel, pose.dy_um + steps[1] * pixel
        there = Pose(cell.rotation_deg, float(dx), float(dy), 0.0, 0.0)
        x, y = reference.grid_um(part.values.shape[0], pixel)
        values, mask = reference.laid_over(right.fine, x + part.x_um, y + part.y_um, there)
        expected, _ = pearson(part.values, part.mask, values, mask)
        assert cell.ccf == pytest.approx(expected, abs=2e-3)


def assert_same_cells(left: Prepared, right: Prepared, pose: Pose) -> None:
    """Those that agree at the same place; the best place of another may be a little lower."""
    fast = congruent_cells(left.fine, right.fine, pose, SCAN)
    slow = reference.congruent_cells(left.fine, right.fine, pose, SCAN)
    for cell, plain in zip(fast, slow, strict=True):
        assert (cell.x_um, cell.y_um, cell.congruent) == (plain.x_um, plain.y_um, plain.congruent)
        assert plain.ccf - 0.1 <= cell.ccf <= plain.ccf + 2e-3
        if cell.congruent:
            assert cell.ccf == pytest.approx(plain.ccf, abs=2e-3)
            assert cell.rotation_deg == pytest.approx(plain.rotation_deg)
            assert np.hypot(*np.subtract(cell.moved_um, plain.moved_um)) <= right.fine.pixel_um


@pytest.mark.parametrize("check", [assert_cells_by_definition, assert_same_cells])
@pytest.mark.parametrize("gun", [1, 3])
def test_cells_of_made_marks(check, gun: int) -> None:
    left, right = made(1), made(gun, 141.0, 60.0, -110.0)
    check(left, right, register(left, right, SCAN)[0])


@pytest.mark.real_data
@pytest.mark.parametrize("check", [assert_cells_by_definition, assert_same_cells])
@pytest.mark.parametrize(("first", "second"), [("1-1", "1-2"), ("1-2", "3-1")])
def test_cells_of_real_marks(check, first: str, second: str) -> None:
    left, right = real(first), real(second)
    check(left, right, register(left, right, SCAN)[0])


def test_the_whole_reference_agrees_with_the_whole_comparison() -> None:
    fast, slow = full_circle()
    assert (fast.cells, fast.congruent_cells) == (slow.cells, slow.congruent_cells)
    assert fast.score == pytest.approx(slow.score, abs=0.01)
    for cell, plain in zip(fast.cell_list, slow.cell_list, strict=True):
        assert cell.left_um == pytest.approx(plain.left_um, abs=40)
        assert cell.right_um == pytest.approx(plain.right_um, abs=40)
