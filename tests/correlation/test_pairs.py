"""Comparing marks: known motions, symmetry, mirrors, invariances, refusals."""

from dataclasses import replace

import numpy as np
import pytest

from correlation.compare import PairScore, compare
from correlation.errors import CorrelationError
from correlation.prepare import Prepared, prepare
from correlation.surface import Surface
from tests.correlation.surfaces import PIXEL_UM, scan


@pytest.fixture(scope="module")
def first() -> Prepared:
    return prepare(scan(1, noise=0.5, noise_seed=11))


def without_time(result: PairScore) -> PairScore:
    return replace(result, seconds=0.0)


def test_a_mark_with_itself_scores_one_and_does_not_move(first: Prepared) -> None:
    result = compare(first, first)
    assert result.score == pytest.approx(1.0, abs=1e-4)
    assert result.congruent_cells == result.cells > 8
    assert result.rotation_deg == pytest.approx(0, abs=0.01)
    assert np.hypot(*result.shift_um) < 0.5


@pytest.mark.parametrize(
    ("turn", "shift"),
    [(0.0, (60.0, -35.0)), (37.3, (0.0, 0.0)), (-121.0, (-80.0, 45.0)), (179.6, (40.0, 90.0))],
)
def test_a_known_motion_is_found(first: Prepared, turn: float, shift: tuple[float, float]) -> None:
    moved = prepare(scan(1, turn, shift, noise=0.5, noise_seed=12))
    result = compare(moved, first)
    assert abs((result.rotation_deg - turn + 180) % 360 - 180) < 0.5
    assert result.shift_um == pytest.approx(shift, abs=12)
    assert result.congruent_cells >= 0.8 * result.cells
    assert result.score > 0.8


def test_cells_lie_on_the_same_specimen_point_of_both_pictures(first: Prepared) -> None:
    result = compare(prepare(scan(1, 25.0, (50.0, 20.0))), first)
    angle = np.deg2rad(25.0)
    for cell in result.cell_list:
        if not cell.congruent:
            continue
        x, y = cell.right_um
        there = (
            x * np.cos(angle) + y * np.sin(angle) + 50,
            -x * np.sin(angle) + y * np.cos(angle) + 20,
        )
        assert np.hypot(there[0] - cell.left_um[0], there[1] - cell.left_um[1]) < 75


def test_exchanging_the_marks_changes_nothing_but_the_direction(first: Prepared) -> None:
    other = prepare(scan(1, 64.0, (30.0, -70.0), noise=1.5))
    forth, back = compare(other, first), compare(first, other)
    assert (forth.score, forth.ccf, forth.cells, forth.congruent_cells) == (
        back.score, back.ccf, back.cells, back.congruent_cells,
    )  # fmt: skip
    assert forth.rotation_deg == pytest.approx(-back.rotation_deg, abs=1e-3)
    angle = np.deg2rad(forth.rotation_deg)
    x, y = back.shift_um
    expected = (-(x * np.cos(angle) + y * np.sin(angle)), x * np.sin(angle) - y * np.cos(angle))
    assert forth.shift_um == pytest.approx(expected, abs=0.02)


def test_the_same_inputs_give_the_same_result_bit_for_bit(first: Prepared) -> None:
    other = prepare(scan(1, 64.0, noise=1.5))
    assert without_time(compare(first, other)) == without_time(compare(first, other))


def test_other_guns_and_mirror_images_stay_low(first: Prepared) -> None:
    picture = scan(1)
    mirrored = Surface(np.ascontiguousarray(picture.values[:, ::-1]), PIXEL_UM, "scan")
    for other in (prepare(scan(2)), prepare(scan(3, 90.0)), prepare(mirrored)):
        result = compare(first, other)
        assert result.score < 0.3
        assert result.congruent_cells <= 0.25 * result.cells


def test_height_offset_and_scale_do_not_matter(first: Prepared) -> None:
    picture = scan(1, noise=0.5, noise_seed=11)
    other = prepare(Surface(picture.values * 3 + 40, PIXEL_UM, "scan"))
    assert compare(first, other).score == pytest.approx(1.0, abs=2e-3)


def test_other_pixel_sizes_compare(first: Prepared) -> None:
    picture = scan(1)
    coarse = Surface(np.ascontiguousarray(picture.values[::2, ::2]), 2 * PIXEL_UM, "scan")
    result = compare(first, prepare(coarse))
    assert result.score > 0.7
    assert abs(result.rotation_deg) < 0.5


def test_prepared_marks_survive_their_bytes(first: Prepared) -> None:
    again = Prepared.from_bytes(first.to_bytes())
    assert again.digest() == first.digest()
    assert again.finding == first.finding
    with pytest.raises(CorrelationError, match="prepare it anew"):
        Prepared.from_bytes(b"not a mark")


def test_an_image_and_a_scan_are_refused(first: Prepared) -> None:
    picture = scan(1)
    image = prepare(Surface((picture.values + 20) / 40, PIXEL_UM, "image"))
    with pytest.raises(CorrelationError, match="two of one kind"):
        compare(first, image)


@pytest.mark.parametrize(
    ("values", "pixel_um", "says"),
    [
        (np.full((300, 300), np.nan), 10.0, "Too little"),
        (np.full((400, 400), 3.0), 10.0, "no relief"),
        (np.zeros((3, 3)), 10.0, "Too little"),
        (np.ones((5000, 5000)), 100.0, "pixel size cannot be right"),
    ],
)
def test_hopeless_input_gets_a_sentence(values: np.ndarray, pixel_um: float, says: str) -> None:
    with pytest.raises(CorrelationError, match=says):
        prepare(Surface(values.astype(np.float32), pixel_um, "scan"))


@pytest.mark.parametrize("pixel_um", [0.0, -2.0, float("nan"), 1e6])
def test_an_impossible_scale_is_refused(pixel_um: float) -> None:
    with pytest.raises(CorrelationError, match="not plausible"):
        Surface(np.ones((9, 9), np.float32), pixel_um, "scan")


def test_no_pixels_are_refused() -> None:
    with pytest.raises(CorrelationError, match="no pixels"):
        Surface(np.ones((0, 9), np.float32), 1.0, "scan")
