"""What must hold for any marks: motions, symmetry, invariances, lost data, and peers' defects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from app.capture.bench import firearm_number, scan_of
from app.importing.decode import read_surface
from correlation import reference
from correlation.compare import PairScore, compare
from correlation.errors import CorrelationError
from correlation.method import SCAN
from correlation.prepare import Prepared, prepare
from correlation.register import Pose
from correlation.resample import area_average
from correlation.surface import Floats, Surface
from tests.correlation.surfaces import PIXEL_UM, SIZE, scan

REAL = Path(__file__).parents[3] / "shared" / "data"

guns = st.integers(1, 6)
turns = st.floats(-180, 180).map(lambda turn: round(turn, 2))
shifts = st.tuples(*[st.integers(-150, 150).map(float)] * 2)


def few(examples: int) -> Callable[[Any], Any]:
    """Few examples, always the same ones, none shrunk: each prepares and compares marks."""
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )


@cache
def known(gun: int) -> Prepared:
    return prepare(scan(gun, noise=0.5, noise_seed=1000 + gun))


def shot(
    gun: int, turn: float = 0.0, shift: tuple[float, float] = (0.0, 0.0), noise: float = 0.5
) -> Surface:
    """Another cartridge case by the same gun."""
    return scan(gun, turn, shift, noise=noise, noise_seed=gun)


def with_values(surface: Surface, values: Floats) -> Surface:
    return replace(surface, values=np.ascontiguousarray(values, np.float32))


def resampled(surface: Surface, pixel_um: float) -> Surface:
    rows = round(surface.values.shape[0] * surface.pixel_um / pixel_um)
    values, mask = area_average(
        surface.values, surface.pixel_um, pixel_um, (0.0, 0.0), (rows, rows)
    )
    return Surface(np.where(mask, values, np.nan).astype(np.float32), pixel_um, "scan")


def without_sectors(surface: Surface, start_deg: float, lost: float) -> Surface:
    """A share of the mark's area lost in one sector."""
    steps = np.arange(SIZE) - (SIZE - 1) / 2
    bearing = np.rad2deg(np.arctan2(steps[:, None], steps[None, :]))
    gone = (bearing - start_deg) % 360 < 360 * lost
    return with_values(surface, np.where(gone, np.nan, surface.values))


def apart(first_deg: float, second_deg: float) -> float:
    return abs((first_deg - second_deg + 180) % 360 - 180)


def share(result: PairScore) -> float:
    return result.congruent_cells / result.cells


def assert_unlike(result: PairScore) -> None:
    assert result.score < 0.3
    assert share(result) <= 0.25


# Motions


@few(2)
@given(guns, turns, shifts)
def test_a_mark_with_itself_scores_one_where_it_lies(
    gun: int, turn: float, shift: tuple[float, float]
) -> None:
    mark = prepare(shot(gun, turn, shift))
    result = compare(mark, mark)
    assert result.score == pytest.approx(1.0, abs=1e-4)
    assert result.ccf == pytest.approx(1.0, abs=1e-4)
    assert result.congruent_cells == result.cells
    assert result.rotation_deg == pytest.approx(0, abs=0.01)
    assert np.hypot(*result.shift_um) < 0.5
    for cell in result.cell_list:
        assert cell.left_um == pytest.approx(cell.right_um, abs=2.0)


@few(3)
@given(guns, turns, shifts)
def test_a_known_motion_is_found(gun: int, turn: float, shift: tuple[float, float]) -> None:
    result = compare(prepare(shot(gun, turn, shift)), known(gun))
    assert apart(result.rotation_deg, turn) < 0.5
    assert np.hypot(*np.subtract(result.shift_um, shift)) < 12
    assert share(result) >= 0.8
    assert result.score > 0.75


@pytest.mark.parametrize("turn", [179.9, -178.6])
def test_half_a_turn_costs_no_cell(turn: float) -> None:
    upright = compare(prepare(shot(5)), known(5))
    upside_down = compare(prepare(shot(5, turn)), known(5))
    assert upside_down.congruent_cells >= upright.congruent_cells - 1
    assert apart(upside_down.rotation_deg, turn) < 0.5
    for cell in upside_down.cell_list:
        if cell.congruent:
            assert apart(cell.rotation_deg, upside_down.rotation_deg) <= 9


@few(2)
@given(guns, turns)
def test_mirror_images_do_not_agree(gun: int, turn: float) -> None:
    picture = shot(gun, turn)
    assert_unlike(compare(prepare(with_values(picture, picture.values[:, ::-1])), known(gun)))


@few(2)
@given(guns, turns)
def test_hills_do_not_agree_with_valleys(gun: int, turn: float) -> None:
    """Everywhere correlated negatively; a rule without a threshold would call all congruent."""
    picture = shot(gun, turn)
    result = compare(prepare(with_values(picture, -picture.values)), known(gun))
    assert_unlike(result)


@few(3)
@given(guns, guns, turns)
def test_a_congruent_cell_reaches_the_threshold(first: int, second: int, turn: float) -> None:
    result = compare(prepare(shot(first, turn, noise=3.0)), known(second))
    assert all(cell.ccf >= SCAN.cell_ccf for cell in result.cell_list if cell.congruent)
    assert result.congruent_cells == sum(cell.congruent for cell in result.cell_list)
    assert result.cells == len(result.cell_list)


@few(3)
@given(guns, guns, turns)
def test_the_correlation_told_is_that_of_the_alignment_told(
    first: int, second: int, turn: float
) -> None:
    """Whether or not any cell is congruent."""
    left, right = prepare(shot(first, turn)), known(second)
    swapped = right.digest() < left.digest()
    result = compare(right, left) if swapped else compare(left, right)
    here, there = (right, left) if swapped else (left, right)
    centre = reference.turned_point(there.centre_um, result.rotation_deg)
    dx, dy = np.subtract(np.add(result.shift_um, centre), here.centre_um)
    pose = Pose(result.rotation_deg, float(dx), float(dy), 0.0, 0.0)
    by_definition = reference.pearson_at(here.middle, there.middle, pose)
    assert result.ccf == pytest.approx(by_definition.ccf, abs=2e-3)
    assert result.overlap == pytest.approx(by_definition.overlap, abs=0.01)


# Symmetry


@few(3)
@given(guns, guns, turns, shifts)
def test_exchanging_the_marks_exchanges_the_result(
    first: int, second: int, turn: float, shift: tuple[float, float]
) -> None:
    left, right = prepare(shot(first, turn, shift, noise=1.5)), known(second)
    forth, back = compare(left, right), compare(right, left)
    for name in ("score", "ccf", "cells", "congruent_cells", "overlap", "parameters", "version"):
        assert getattr(forth, name) == getattr(back, name), name
    assert apart(forth.rotation_deg, -back.rotation_deg) < 1e-3
    over = reference.turned_point(forth.shift_um, -forth.rotation_deg)
    assert back.shift_um == pytest.approx((-over[0], -over[1]), abs=0.01)
    told = [(c.left_um, c.right_um, c.ccf, c.congruent) for c in forth.cell_list]
    assert told == [(c.right_um, c.left_um, c.ccf, c.congruent) for c in back.cell_list]
    turned = zip(forth.cell_list, back.cell_list, strict=True)
    assert all(apart(a.rotation_deg, -b.rotation_deg) < 1e-2 for a, b in turned)


# Invariances


@few(3)
@given(guns, st.floats(-1000, 1000), st.floats(-1, 1.3).map(lambda power: 10**power))
def test_height_offset_and_scale_do_not_matter(gun: int, offset: float, scale: float) -> None:
    picture = scan(gun, noise=0.5, noise_seed=1000 + gun)
    other = prepare(with_values(picture, picture.values * scale + offset))
    assert compare(other, known(gun)).score == pytest.approx(1.0, abs=2e-3)


@few(2)
@given(guns, st.floats(0.3, 0.9), st.floats(0.0, 0.1))
def test_brightness_and_contrast_of_an_image_do_not_matter(
    gun: int, gain: float, offset: float
) -> None:
    picture = shot(gun)
    grey = np.clip((picture.values + 20) / 40, 0, 1)
    first, second = (
        prepare(Surface(values.astype(np.float32), PIXEL_UM, "image"))
        for values in (grey, grey * gain + offset)
    )
    assert compare(first, second).score == pytest.approx(1.0, abs=5e-3)


@few(3)
@given(guns, st.floats(3.2, 20.0), turns)
def test_pixel_sizes_do_not_matter(gun: int, pixel_um: float, turn: float) -> None:
    picture = shot(gun, turn)
    same = compare(prepare(picture), known(gun))
    other = compare(prepare(resampled(picture, pixel_um)), known(gun))
    assert apart(other.rotation_deg, turn) < 0.6
    assert abs(other.congruent_cells - same.congruent_cells) <= 2
    assert other.ccf == pytest.approx(same.ccf, abs=0.05)


def test_pixel_sizes_that_differ_in_the_eighth_digit_compare() -> None:
    picture = shot(7)
    other = replace(picture, pixel_um=PIXEL_UM * (1 + 3e-8))
    assert compare(prepare(picture), prepare(other)).score == pytest.approx(1.0, abs=1e-3)


# A whole primer as an instrument measures it: tilt


def tilted(surface: Surface, x_deg: float, y_deg: float) -> Surface:
    rows, columns = surface.values.shape
    x = np.arange(columns, dtype=np.float32) * surface.pixel_um * np.tan(np.deg2rad(x_deg))
    y = np.arange(rows, dtype=np.float32) * surface.pixel_um * np.tan(np.deg2rad(y_deg))
    return with_values(surface, surface.values + x[None, :] + y[:, None])


@cache
def raw(gun: int, shot: int) -> Surface:
    heights, pixel_um = scan_of(firearm_number(gun), shot)
    return Surface(np.asarray(heights, np.float32), pixel_um, "scan")


@cache
def prepared_raw(gun: int, shot: int) -> Prepared:
    return prepare(raw(gun, shot))


@pytest.mark.parametrize(("x_deg", "y_deg"), [(3.0, 0.0), (-2.0, -2.2), (0.5, -3.0)])
def test_a_tilted_stage_hardly_changes_the_score(x_deg: float, y_deg: float) -> None:
    level = compare(prepared_raw(1, 1), prepared_raw(1, 2))
    assert level.score > 0.5
    other = compare(prepare(tilted(raw(1, 1), x_deg, y_deg)), prepared_raw(1, 2))
    assert other.score == pytest.approx(level.score, abs=0.02)


@pytest.mark.real_data
@pytest.mark.parametrize(("x_deg", "y_deg"), [(3.0, 0.0), (-2.0, 2.2)])
def test_a_tilted_stage_hardly_changes_the_score_of_real_scans(x_deg: float, y_deg: float) -> None:
    paths = [REAL / "raw3d" / f"fadul-1-{shot}-raw.x3p" for shot in (1, 2)]
    if not all(path.exists() for path in paths):
        pytest.skip("the real scans and images are not beside the checkout")
    first, second = (read_surface(path) for path in paths)
    mate = prepare(second)
    level = compare(prepare(first), mate)
    other = compare(prepare(tilted(first, x_deg, y_deg)), mate)
    assert other.ccf == pytest.approx(level.ccf, abs=0.01)
    assert other.cells == level.cells
    assert abs(other.congruent_cells - level.congruent_cells) <= 1


# Lost data


@few(3)
@given(guns, st.floats(0, 360), st.sampled_from([0.3, 0.5]), turns)
def test_lost_sectors_keep_a_mate_above_other_guns(
    gun: int, start: float, lost: float, turn: float
) -> None:
    query = prepare(without_sectors(shot(gun, turn, noise=1.0), start, lost))
    mate = compare(query, known(gun))
    others = [compare(query, known(gun + more)).score for more in (1, 2)]
    assert mate.score > max(others) + 0.2
    assert apart(mate.rotation_deg, turn) < 1.0


@pytest.mark.parametrize(
    ("pixel_um", "lost"),
    [
        (3.125, 0.01),
        (3.125, 0.03),
        (6.25, 0.03),
        (7.37, 0.03),
        (10.0, 0.01),
        (10.0, 0.03),
        (12.5, 0.03),
        (15.0, 0.03),
    ],
)
def test_scattered_missing_points_do_not_shrink_the_area(pixel_um: float, lost: float) -> None:
    whole = resampled(shot(4), pixel_um)
    gone = np.random.default_rng(8).random(whole.values.shape) < lost
    holed = prepare(with_values(whole, np.where(gone, np.nan, whole.values)))
    entire = prepare(whole)
    assert holed.area_um2 >= (1 - lost - 0.01) * entire.area_um2
    before, after = compare(entire, known(4)), compare(holed, known(4))
    share = before.congruent_cells / before.cells
    assert after.congruent_cells >= (share - 0.05) * after.cells
    assert after.score > before.score - 0.05


def test_infinite_heights_are_missing_heights() -> None:
    picture = shot(6)
    gone = np.random.default_rng(8).random(picture.values.shape) < 0.02
    first, second = (
        prepare(with_values(picture, np.where(gone, fill, picture.values)))
        for fill in (np.nan, np.inf)
    )
    assert first.digest() == second.digest()


# Input nothing can be done with


SENTENCE = r"^[A-Z].*[a-z].*\.$"
HOPELESS = {
    "all missing": np.full((400, 400), np.nan),
    "infinite": np.full((400, 400), np.inf),
    "negatively infinite": np.full((400, 400), -np.inf),
    "constant": np.full((400, 400), 0.7),
    "one pixel": np.ones((1, 1)),
    "one row": np.random.default_rng(1).random((1, 4000)),
    "tiny": np.random.default_rng(1).random((5, 5)),
}


@pytest.mark.parametrize("name", HOPELESS)
@pytest.mark.parametrize("kind", ["scan", "image"])
def test_hopeless_input_gets_a_sentence(name: str, kind: Any) -> None:
    with pytest.raises(CorrelationError, match=SENTENCE):
        prepare(Surface(HOPELESS[name].astype(np.float32), PIXEL_UM, kind))


@pytest.mark.parametrize(("kind", "rise"), [("scan", 3.0), ("image", 1 / 1200)])
def test_a_plane_has_no_relief(kind: Any, rise: float) -> None:
    plane = np.add.outer(np.arange(400.0), 2 * np.arange(400.0)) * rise
    with pytest.raises(CorrelationError, match=SENTENCE):
        prepare(Surface(plane.astype(np.float32), PIXEL_UM, kind))


@pytest.mark.parametrize(
    "scale",
    [1e-30, 1e-9, 1e9, 1e19, 1e36],
)
def test_tiny_and_enormous_heights_get_a_sentence_or_the_right_number(scale: float) -> None:
    picture = shot(3)
    try:
        other = prepare(with_values(picture, picture.values * np.float32(scale)))
    except CorrelationError as error:
        assert str(error).endswith(".")
        return
    assert compare(other, known(3)).score > 0.75


@pytest.mark.parametrize("shape", [(40, 300), (100, 400), (400, 100)])
def test_a_narrow_picture_is_refused_or_prepared(shape: tuple[int, int]) -> None:
    narrow = np.random.default_rng(1).random(shape).astype(np.float32)
    try:
        assert prepare(Surface(narrow, PIXEL_UM, "scan")).area_um2 > 0
    except CorrelationError as error:
        assert str(error).endswith(".")


@few(12)
@given(
    arrays(
        np.float32,
        st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(n, n + n // 6))),
        elements=st.floats(-1e6, 1e6, width=32) | st.sampled_from([np.nan, np.inf, -np.inf]),
        fill=st.sampled_from([np.float32("nan"), np.float32(0), np.float32(1e5)]),
    ),
    st.sampled_from([0.01, 10.0, 60.0, 100.0, 200.0, 400.0, 1000.0]),
    st.sampled_from(["scan", "image"]),
)
def test_garbage_is_refused_or_compared_but_never_breaks(
    values: Floats, pixel_um: float, kind: Any
) -> None:
    try:
        mark = prepare(Surface(values, pixel_um, kind))
    except CorrelationError as error:
        assert str(error).endswith(".")
        return
    result = compare(mark, mark)
    assert 0 <= result.score <= 1
    assert -1 <= result.ccf <= 1
