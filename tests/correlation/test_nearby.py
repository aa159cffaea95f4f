"""From a rough placement to the best one near it: whole marks and outlined areas."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from app.importing.decode import read_surface
from correlation.compare import PairScore, compare
from correlation.errors import CorrelationError
from correlation.motion import Point, turned_point, wrapped
from correlation.nearby import Nearby, align_near
from correlation.outline import Outline
from correlation.placement import score_at
from correlation.prepare import Prepared, prepare
from tests.correlation.surfaces import PIXEL_UM, scan

REAL = Path(__file__).parents[3] / "shared" / "data"
TURN, SHIFT = 25.0, (60.0, -35.0)
PAIRS = {
    "scans": ("fadul3d/fadul-2-1.x3p", "fadul3d/fadul-2-2.x3p"),
    "images": ("nist2d/fadul-1-1-ring.png", "nist2d/fadul-1-2-ring.png"),
}


@cache
def made(turned: bool) -> Prepared:
    turn, shift = (TURN, SHIFT) if turned else (0.0, (0.0, 0.0))
    return prepare(scan(1, turn, shift, noise=0.5, noise_seed=11 + turned))


@cache
def real(kind: str) -> tuple[Prepared, Prepared, PairScore]:
    paths = [REAL / name for name in PAIRS[kind]]
    if not all(path.exists() for path in paths):
        pytest.skip("the real scans and images are not beside the checkout")
    pixel = 2.53 if kind == "images" else None
    left, right = (prepare(read_surface(path, pixel_um=pixel)) for path in paths)
    return left, right, compare(left, right)


def perturbed(
    turn: float, shift: Point, by_deg: float, by_um: Point, about: Point
) -> tuple[float, Point]:
    """The right mark turned a little more about a point of the left picture, then moved."""
    x, y = turned_point((shift[0] - about[0], shift[1] - about[1]), by_deg)
    return turn + by_deg, (about[0] + x + by_um[0], about[1] + y + by_um[1])


def apart_at(found: Nearby, turn: float, shift: Point, at: Point) -> float:
    """How far what lies at a point of the left picture in one pose lies from it in the other."""
    there = turned_point((at[0] - shift[0], at[1] - shift[1]), -turn)
    x, y = turned_point(there, found.rotation_deg)
    return float(np.hypot(x + found.shift_um[0] - at[0], y + found.shift_um[1] - at[1]))


@pytest.mark.parametrize(
    ("by_deg", "by_um"), [(8.0, (106.0, 106.0)), (-8.0, (-150.0, 0.0)), (13.0, (0.0, 250.0))]
)
def test_a_rough_placement_comes_back_to_the_known_one(by_deg: float, by_um: Point) -> None:
    left, right = made(True), made(False)
    start = perturbed(TURN, SHIFT, by_deg, by_um, left.centre_um)
    found = align_near(left, right, *start)
    assert found.rotation_sd_deg is not None and found.shift_sd_um is not None
    assert abs(wrapped(found.rotation_deg - TURN)) < 3 * found.rotation_sd_deg
    assert apart_at(found, TURN, SHIFT, left.centre_um) < 3 * found.shift_sd_um + 1
    assert not found.at_edge and found.ccf > 0.8 and found.overlap > 0.8
    assert found.turned_deg == pytest.approx(-by_deg, abs=0.5)
    assert np.hypot(*found.moved_um) == pytest.approx(np.hypot(*by_um), abs=40)


@pytest.mark.real_data
@pytest.mark.parametrize("kind", list(PAIRS))
@pytest.mark.parametrize("angle", [0.5, 3.6])
def test_a_real_pair_comes_back_from_8_degrees_and_150_um(kind: str, angle: float) -> None:
    left, right, best = real(kind)
    moved = (150 * float(np.cos(angle)), 150 * float(np.sin(angle)))
    start = perturbed(best.rotation_deg, best.shift_um, 8.0, moved, left.centre_um)
    found = align_near(left, right, *start)
    assert found.rotation_sd_deg is not None and found.shift_sd_um is not None
    assert abs(wrapped(found.rotation_deg - best.rotation_deg)) < 3 * found.rotation_sd_deg
    away = apart_at(found, best.rotation_deg, best.shift_um, left.centre_um)
    assert away < 3 * found.shift_sd_um
    assert found.ccf >= best.ccf - 1e-3


@pytest.mark.real_data
@pytest.mark.parametrize("kind", list(PAIRS))
def test_an_area_of_a_real_pair_is_laid_where_the_whole_is(kind: str) -> None:
    left, right, best = real(kind)
    at = (left.centre_um[0] + 1050.0, left.centre_um[1] + 300.0)
    start = perturbed(best.rotation_deg, best.shift_um, -6.0, (70.0, -60.0), at)
    found = align_near(left, right, *start, area=Outline.disc(at, 450.0))
    assert abs(wrapped(found.rotation_deg - best.rotation_deg)) < 2.0
    assert apart_at(found, best.rotation_deg, best.shift_um, at) < left.middle.pixel_um
    assert found.overlap_um2 <= Outline.disc(at, 450.0).area_um2 * 1.05
    # less area, less sure
    whole = align_near(left, right, *start)
    assert found.shift_sd_um is not None and whole.shift_sd_um is not None
    assert found.shift_sd_um > whole.shift_sd_um


def test_only_the_area_counts() -> None:
    """Half of the left mark is another gun's: an area in either half is laid by that half."""
    own, other = scan(1, noise=0.3), scan(2, noise=0.3)
    values = own.values.copy()
    values[:, values.shape[1] // 2 :] = other.values[:, values.shape[1] // 2 :]
    left = prepare(type(own)(values, PIXEL_UM, "scan"))
    right = made(False)
    good = align_near(left, right, 5.0, (60.0, 40.0), area=Outline.disc((-1200.0, 0.0), 420.0))
    bad = align_near(left, right, 5.0, (60.0, 40.0), area=Outline.disc((1200.0, 0.0), 420.0))
    assert good.ccf > 0.9 and abs(good.rotation_deg) < 1
    assert apart_at(good, 0.0, (0.0, 0.0), (-1200.0, 0.0)) < 10
    assert bad.ccf < 0.75


def test_a_place_at_the_end_of_the_search_is_told() -> None:
    left, right = made(True), made(False)
    start = perturbed(TURN, SHIFT, 17.0, (0.0, 0.0), left.centre_um)
    assert align_near(left, right, *start).at_edge


def test_what_cannot_be_aligned_is_refused_in_a_sentence() -> None:
    left, right = made(True), made(False)
    with pytest.raises(CorrelationError, match=r"outline at least 0\.071 mm²"):
        align_near(left, right, TURN, SHIFT, area=Outline.disc((1200.0, 0.0), 60.0))
    with pytest.raises(CorrelationError, match=r"outlined area holds 0\.000"):
        align_near(left, right, TURN, SHIFT, area=Outline.disc((9000.0, 0.0), 600.0))
    with pytest.raises(CorrelationError, match="hardly lies on"):
        align_near(left, right, 0.0, (5000.0, 0.0))
    pin = prepare(scan(4), mark="firing pin")
    with pytest.raises(CorrelationError, match="same kind of mark"):
        align_near(left, pin, 0.0, (0.0, 0.0))


def test_the_same_start_gives_the_same_place() -> None:
    left, right = made(True), made(False)
    first, second = (align_near(left, right, 30.0, (90.0, 0.0)) for _ in range(2))
    assert first == second


def test_an_outline_holds_the_pixels_whose_middle_is_inside() -> None:
    level, centre = made(False).middle, made(False).centre_um
    square = Outline(((-500.0, -250.0), (500.0, -250.0), (500.0, 250.0), (-500.0, 250.0)))
    held = square.inside(level, centre)
    rows, columns = np.nonzero(held)
    half = (level.values.shape[0] - 1) / 2
    x = (columns - half) * level.pixel_um + centre[0]
    y = (rows - half) * level.pixel_um + centre[1]
    assert np.abs(x).max() < 500 and np.abs(y).max() < 250
    assert len(x) * level.pixel_um**2 == pytest.approx(square.area_um2, rel=0.1)
    disc = Outline.disc((100.0, -50.0), 400.0)
    assert disc.area_um2 == pytest.approx(np.pi * 400**2, rel=0.01)
    with pytest.raises(CorrelationError, match="three points"):
        Outline(((0.0, 0.0), (1.0, 1.0)))


@pytest.mark.parametrize("turned", [False, True])
def test_the_score_of_a_place_is_that_of_the_comparison_which_found_it(turned: bool) -> None:
    left, right = (made(True), made(False)) if turned else (made(False), made(True))
    best = compare(left, right)
    here = score_at(left, right, best.rotation_deg, best.shift_um)
    assert (here.method, here.version, here.parameters) == (
        best.method, best.version, best.parameters,
    )  # fmt: skip
    assert here.score == pytest.approx(best.score, abs=0.02)
    assert here.ccf == pytest.approx(best.ccf, abs=0.01)
    assert (here.cells, here.congruent_cells) == (best.cells, best.congruent_cells)
    assert here.overlap == pytest.approx(best.overlap, abs=0.01)
    assert here.rotation_sd_deg == pytest.approx(best.rotation_sd_deg, rel=0.2)
    known = {cell.left_um: cell for cell in best.cell_list}
    for cell in here.cell_list:
        if cell.congruent and cell.left_um in known:
            assert cell.right_um == pytest.approx(known[cell.left_um].right_um, abs=5)


@pytest.mark.real_data
@pytest.mark.parametrize("kind", list(PAIRS))
def test_real_pairs_score_the_same_in_their_place(kind: str) -> None:
    left, right, best = real(kind)
    here = score_at(left, right, best.rotation_deg, best.shift_um)
    assert here.score == pytest.approx(best.score, abs=0.02)
    assert abs(here.congruent_cells - best.congruent_cells) <= 1 and here.congruent_cells > 10


def test_a_wrong_place_scores_low_and_a_place_apart_is_refused() -> None:
    left, right = made(True), made(False)
    assert score_at(left, right, TURN + 90, SHIFT).score < 0.2
    with pytest.raises(CorrelationError, match="hardly lie on each other"):
        score_at(left, right, 0.0, (6000.0, 0.0))
