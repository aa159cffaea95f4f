"""The similarity map: against its plain definition, and what it must tell of known marks."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from surfaces import PIXEL_UM, SIZE, scan

from app.importing.decode import read_surface
from correlation.compare import compare
from correlation.errors import CorrelationError
from correlation.method import settings_for
from correlation.prepare import Prepared, prepare
from correlation.similarity import SimilarityMap, similarity_map
from correlation.surface import Surface

FADUL = Path(__file__).parents[3] / "shared" / "data" / "fadul3d"


@cache
def mark(seed: int, rotation_deg: float = 0.0, shift_um: tuple[float, float] = (0, 0)) -> Prepared:
    return prepare(scan(seed, rotation_deg, shift_um, noise=0.3))


def half_strange() -> Surface:
    """The mark of gun 1 whose right half is that of another."""
    values = scan(1).values.copy()
    values[:, SIZE // 2 :] = scan(2).values[:, SIZE // 2 :]
    return Surface(values, PIXEL_UM, "scan")


def plain(left: Prepared, right: Prepared, sigma_px: float) -> np.ndarray:
    """By the definition, for marks that lie on each other as they are: a sum a point."""
    one, two = left.middle.values, right.middle.values
    both = left.middle.mask & right.middle.mask
    first, second = (np.where(both, (v - v[both].mean()) / v[both].std(), 0) for v in (one, two))
    rows, columns = np.indices(both.shape)
    found = np.zeros(both.shape)
    for row, column in np.argwhere(both & (rows % 4 == 0) & (columns % 4 == 1)):
        away = (rows - row) ** 2 + (columns - column) ** 2
        weight = np.exp(-away / (2 * sigma_px**2)) * both
        top = (weight * first * second).sum()
        bottom = np.sqrt((weight * first**2).sum() * (weight * second**2).sum())
        found[row, column] = top / max(bottom, 0.1 * weight.sum())
    return found


def test_it_is_what_the_definition_says() -> None:
    left, right = prepare(scan(1)), prepare(half_strange())
    found = similarity_map(left, right, 0.0, shift_between(left, right))
    expected = plain(left, right, found.sigma_um / found.pitch_um)
    looked_at = expected != 0
    assert np.count_nonzero(looked_at) > 200
    difference = np.abs(found.values - expected)[looked_at]
    assert np.percentile(difference, 99) < 0.02 and difference.max() < 0.1


def shift_between(left: Prepared, right: Prepared) -> tuple[float, float]:
    """That lays one grid exactly on the other."""
    return left.centre_um[0] - right.centre_um[0], left.centre_um[1] - right.centre_um[1]


def test_its_mean_by_relief_is_the_areal_correlation() -> None:
    for left, right in ((mark(1), mark(1, 40.0, (120, -60))), (mark(1), mark(2))):
        score = compare(left, right)
        found = similarity_map(left, right, score.rotation_deg, score.shift_um)
        assert found.ccf == pytest.approx(score.ccf, abs=0.02)
        mean = float((found.values * found.relief)[found.mask].mean())
        assert mean == pytest.approx(found.ccf, abs=0.03)


def test_a_mark_with_itself_is_one_everywhere() -> None:
    own = mark(1)
    found = similarity_map(own, own, 0.0, (0.0, 0.0))
    assert found.ccf == pytest.approx(1)
    assert np.array_equal(found.mask, own.middle.mask)
    strong = found.mask & (found.relief > 0.1)
    assert np.percentile(found.values[strong], 1) > 0.99
    assert not found.values[~found.mask].any()


def test_it_tells_the_half_that_agrees() -> None:
    left, right = mark(1), prepare(half_strange())
    found = similarity_map(left, right, 0.0, (0.0, 0.0))
    columns = np.arange(found.mask.shape[1]) - found.mask.shape[1] // 2
    x_um = np.broadcast_to(columns * found.pitch_um + found.centre_um[0], found.mask.shape)
    agreeing = found.values[found.mask & (x_um < -250)]
    strange = found.values[found.mask & (x_um > 250)]
    assert agreeing.mean() > 0.8 and abs(strange.mean()) < 0.15


def test_it_lies_on_the_left_picture() -> None:
    """A mark off the centre of its picture: the map's centre goes with it."""
    left = mark(1, 0.0, (300, -150))
    found = similarity_map(left, left, 0.0, (0.0, 0.0))
    rows, columns = np.nonzero(found.mask)
    middle = ((np.array(found.mask.shape) - 1) / 2)[::-1]
    x, y = ((np.array([columns.mean(), rows.mean()]) - middle) * found.pitch_um) + found.centre_um
    height, width = scan(1, 0.0, (300, -150)).values.shape
    there = np.argwhere(np.isfinite(scan(1, 0.0, (300, -150)).values))
    expected = (there.mean(axis=0) - [(height - 1) / 2, (width - 1) / 2]) * PIXEL_UM
    assert (y, x) == pytest.approx(tuple(expected), abs=25)


def test_exchanged_marks_agree_as_much() -> None:
    left, right = mark(1), mark(1, 40.0, (120, -60))
    there, back = compare(left, right), compare(right, left)
    first = similarity_map(left, right, there.rotation_deg, there.shift_um)
    second = similarity_map(right, left, back.rotation_deg, back.shift_um)
    assert first.ccf == pytest.approx(second.ccf, abs=0.01)
    assert first.values[first.mask].mean() == pytest.approx(
        second.values[second.mask].mean(), abs=0.01
    )


def test_what_cannot_be_laid_on_each_other_is_refused() -> None:
    own = mark(1)
    with pytest.raises(CorrelationError, match="do not lie on each other"):
        similarity_map(own, own, 0.0, (90_000.0, 0.0))
    for other in (replace(own, kind="image"), replace(own, mark="firing pin")):
        with pytest.raises(CorrelationError, match="same mark"):
            similarity_map(own, other, 0.0, (0.0, 0.0))


def test_flat_places_tell_nothing() -> None:
    own = mark(1)
    columns = np.arange(own.middle.mask.shape[1]) - own.middle.mask.shape[1] // 2
    right_half = np.broadcast_to(columns > 0, own.middle.mask.shape)
    values = np.where(right_half, own.middle.values * np.float32(1e-3), own.middle.values)
    flat = replace(own, middle=replace(own.middle, values=values))
    found = similarity_map(flat, flat, 0.0, (0.0, 0.0))
    far = found.mask & np.broadcast_to(columns * found.pitch_um > 400, found.mask.shape)
    assert found.mask[far].all() and np.abs(found.values[far]).max() < 0.05
    near = found.mask & np.broadcast_to(columns * found.pitch_um < -400, found.mask.shape)
    assert found.values[near].mean() > 0.9


@pytest.mark.real_data
def test_a_real_pair_is_quick_and_agrees_with_its_score() -> None:
    paths = [FADUL / "fadul-1-1.x3p", FADUL / "fadul-1-2.x3p"]
    if not all(path.is_file() for path in paths):
        pytest.skip("the Fadul scans are not beside the checkout")
    left, right = (prepare(read_surface(path)) for path in paths)
    compare(left, right)  # loads the loops
    begun = perf_counter()
    score = compare(left, right)
    comparison = perf_counter() - begun
    took = []
    for _ in range(7):
        begun = perf_counter()
        found: SimilarityMap = similarity_map(left, right, score.rotation_deg, score.shift_um)
        took.append(perf_counter() - begun)
    assert found.ccf == pytest.approx(score.ccf, abs=0.03)
    assert found.sigma_um == settings_for("scan").cell_um / 4
    assert min(took) < comparison
