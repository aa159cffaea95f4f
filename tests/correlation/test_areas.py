"""Best areas of agreement: found where the agreement was put, nowhere else, and apart."""

from __future__ import annotations

import numpy as np
import pytest

from correlation.areas import Area, best_areas
from correlation.similarity import SimilarityMap

PITCH = 25.0


def a_map(*spots: tuple[float, float, float], sigma_um: float = 110.0) -> SimilarityMap:
    """Agreement in discs at (x, y) um from the grid's centre, of a strength each."""
    size = 141
    at = (np.arange(size) - size // 2) * PITCH
    x, y = np.meshgrid(at, at)
    mask = np.hypot(x, y) < 1700
    values = np.zeros((size, size))
    for cx, cy, strength in spots:
        values += strength * np.exp(-(((x - cx) ** 2 + (y - cy) ** 2) / (2 * 250.0**2)))
    values = np.where(mask, np.clip(values, -1, 1), 0).astype(np.float32)
    relief = mask.astype(np.float32)
    return SimilarityMap(values, relief, mask, PITCH, (100.0, -50.0), sigma_um, 0.5)


def test_the_strongest_comes_first_and_lies_where_it_was_put() -> None:
    areas = best_areas(a_map((500, 300, 0.7), (-600, -200, 0.95)))
    first, second = areas[:2]
    assert first.centre_um == pytest.approx((-500, -250), abs=PITCH)
    assert second.centre_um == pytest.approx((600, 250), abs=PITCH)
    assert first.ccf > second.ccf > 0.4


def test_areas_keep_apart() -> None:
    areas = best_areas(a_map((0, 0, 0.9), (300, 0, 0.9), (0, 400, 0.8)))
    for i, one in enumerate(areas):
        for other in areas[i + 1 :]:
            away = np.hypot(*np.subtract(one.centre_um, other.centre_um))
            assert away >= 1.6 * one.radius_um - PITCH


def test_what_disagrees_or_is_weak_is_no_area() -> None:
    assert best_areas(a_map()) == ()
    assert best_areas(a_map((0, 0, -0.9))) == ()
    assert best_areas(a_map((0, 0, 0.25))) == ()


def test_without_relief_on_both_sides_there_is_no_area() -> None:
    found = a_map((0, 0, 0.9))
    flat = SimilarityMap(
        found.values, found.relief * 0.1, found.mask, PITCH, (0, 0), found.sigma_um, 0.0
    )
    assert best_areas(flat) == ()


def test_no_more_than_asked_for() -> None:
    many = [(x, y, 0.9) for x in (-900, 0, 900) for y in (-900, 0, 900)]
    assert len(best_areas(a_map(*many), most=4)) == 4


def test_the_figure_is_the_mean_over_the_disc() -> None:
    found = a_map((0, 0, 0.9))
    area: Area = best_areas(found)[0]
    at = (np.arange(141) - 70) * PITCH
    x, y = np.meshgrid(at + 100.0, at - 50.0)
    inside = np.hypot(x - area.centre_um[0], y - area.centre_um[1]) <= area.radius_um
    assert area.ccf == pytest.approx(float(found.values[inside].mean()), abs=2e-3)
