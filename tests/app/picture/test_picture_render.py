"""The view modes show what they promise, and always the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.domain import Alignment, Cell
from app.picture import Mode, Side, ViewState, fit, make_side, render
from app.picture.drawing import ACCENT
from app.picture.layer import BACKGROUND
from app.picture.view import divider_px
from correlation.surface import Surface

SIZE = (600, 400)
LEFT = Side(np.full((300, 400), 100, np.uint8), 2.0, "A", "evidence")
RIGHT = Side(np.full((300, 400), 200, np.uint8), 2.0, "B", "test fire")
FIELD = slice(0, 340)  # above the scale bar


def texture(seed: int, shape: tuple[int, int] = (300, 400)) -> np.ndarray:
    rng = np.random.default_rng(seed)
    coarse = rng.normal(128, 40, (shape[0] // 4, shape[1] // 4))
    return np.clip(np.kron(coarse, np.ones((4, 4))), 0, 255).astype(np.uint8)


def view(mode: Mode, **changes: object) -> ViewState:
    return replace(ViewState(mode=mode, um_per_px=1.0), **changes)  # type: ignore[arg-type]


def test_split_field_cuts_at_the_dividing_line() -> None:
    picture = render(LEFT, RIGHT, Alignment(), view(Mode.SPLIT, divider_at=0.25), SIZE)
    assert picture.shape == (400, 600, 3) and picture.dtype == np.uint8
    assert (picture[FIELD, :149] == 100).all()
    assert (picture[FIELD, 151:] == 200).all()


def test_horizontal_line_puts_the_left_specimen_above() -> None:
    picture = render(
        LEFT, RIGHT, Alignment(), view(Mode.SPLIT, divider="horizontal", divider_at=0.5), SIZE
    )
    assert (picture[:199] == 100).all() and (picture[201:340] == 200).all()


def test_split_field_is_one_continuous_field() -> None:
    picture = Side(texture(1), 2.0)
    whole = render(picture, picture, Alignment(), view(Mode.BLINK), SIZE)
    split = render(picture, picture, Alignment(), view(Mode.SPLIT), SIZE)
    different = np.flatnonzero((whole != split).any(axis=(0, 2)))
    assert set(different) <= {299, 300}


@pytest.mark.parametrize("at", [-0.2, 0.0, 1.0, 1.7])
def test_dividing_line_may_stand_at_the_edge(at: float) -> None:
    picture = render(LEFT, RIGHT, Alignment(), view(Mode.SPLIT, divider_at=at), SIZE)
    assert (picture[100, 300] == (200 if at <= 0 else 100)).all()


def test_side_by_side_shows_the_same_point_in_both_panes() -> None:
    spotted = texture(2)
    one = Side(spotted, 2.0)
    picture = render(one, one, Alignment(), view(Mode.SIDE), SIZE)
    assert np.array_equal(picture[FIELD, 20:298], picture[FIELD, 320:598])
    assert divider_px(view(Mode.SIDE, divider_at=0.9), SIZE) == 300


@pytest.mark.parametrize(("opacity", "grey"), [(0.0, 100), (0.5, 150), (1.0, 200)])
def test_overlay_mixes_by_opacity(opacity: float, grey: int) -> None:
    picture = render(LEFT, RIGHT, Alignment(), view(Mode.OVERLAY, opacity=opacity), SIZE)
    assert (picture[FIELD] == grey).all()


def test_overlay_shows_a_specimen_alone_where_the_other_is_not() -> None:
    shifted = Alignment(0.0, (300.0, 0.0))
    picture = render(LEFT, RIGHT, shifted, view(Mode.OVERLAY, um_per_px=3.0), SIZE)
    row = picture[200, :, 0]
    assert set(np.unique(row)) >= {BACKGROUND, 100, 150, 200}
    assert row[5] == BACKGROUND and row[180] == 100 and row[350] == 150 and row[500] == 200


def test_blink_shows_one_at_a_time() -> None:
    for right, grey in ((False, 100), (True, 200)):
        picture = render(LEFT, RIGHT, Alignment(), view(Mode.BLINK, blink_right=right), SIZE)
        assert (picture[FIELD] == grey).all()


def test_difference_of_equal_marks_is_mid_grey_whatever_the_light() -> None:
    left = Side(texture(3), 2.0)
    darker = Side((texture(3) * 0.6).astype(np.uint8), 2.0)
    same = render(left, darker, Alignment(), view(Mode.DIFFERENCE), SIZE)[FIELD]
    other = render(left, Side(texture(4), 2.0), Alignment(), view(Mode.DIFFERENCE), SIZE)[FIELD]
    assert abs(float(same.mean()) - 128) < 1.5
    assert float(same.std()) < 5 < 20 < float(other.std())


def test_difference_of_what_only_one_has_is_background() -> None:
    far = Alignment(0.0, (5000.0, 0.0))
    picture = render(LEFT, RIGHT, far, view(Mode.DIFFERENCE), SIZE)
    assert (picture[FIELD] == BACKGROUND).all()


def test_exchange_swaps_the_places_and_keeps_the_alignment() -> None:
    picture = render(LEFT, RIGHT, Alignment(), view(Mode.SPLIT, exchanged=True), SIZE)
    assert (picture[100, 100] == 200).all() and (picture[100, 500] == 100).all()
    mixed = view(Mode.OVERLAY, exchanged=True, opacity=0.25)
    assert (render(LEFT, RIGHT, Alignment(), mixed, SIZE)[100, 300] == 175).all()


@pytest.mark.parametrize("mode", list(Mode))
def test_same_arguments_give_the_same_bytes(mode: Mode) -> None:
    alignment = Alignment(16.5, (40.0, -12.0))
    cell = Cell((0.0, 0.0), (5.0, 5.0), 80.0, 16.5, 0.5, True)
    shown = view(mode, cells=True)
    first = render(Side(texture(5), 2.0), Side(texture(6), 3.0), alignment, shown, SIZE, (cell,))
    again = render(Side(texture(5), 2.0), Side(texture(6), 3.0), alignment, shown, SIZE, (cell,))
    assert first.tobytes() == again.tobytes()


def test_colour_stays_and_meets_grey() -> None:
    colour = Side(np.full((300, 400, 3), (180, 120, 40), np.uint8), 2.0)
    picture = render(colour, RIGHT, Alignment(), view(Mode.SPLIT), SIZE)
    assert tuple(picture[100, 100]) == (180, 120, 40)
    assert tuple(picture[100, 500]) == (200, 200, 200)
    for mode in Mode:
        assert render(colour, RIGHT, Alignment(), view(mode), SIZE).shape == (400, 600, 3)


def accent_pixels(picture: np.ndarray) -> np.ndarray:
    return np.argwhere((picture == np.array(ACCENT, np.uint8)).all(axis=2))


def test_cells_are_drawn_only_on_demand_and_only_congruent_ones_in_the_accent() -> None:
    yes = Cell((0.0, 0.0), (0.0, 0.0), 100.0, 0.0, 0.5, True)
    no = replace(yes, congruent=False)
    for cell, drawn, wanted in ((yes, True, True), (no, True, False), (yes, False, False)):
        picture = render(LEFT, RIGHT, Alignment(), view(Mode.BLINK, cells=drawn), SIZE, (cell,))
        assert (len(accent_pixels(picture)) > 200) is wanted
    plain = render(LEFT, RIGHT, Alignment(), view(Mode.BLINK), SIZE)
    thin = render(LEFT, RIGHT, Alignment(), view(Mode.BLINK, cells=True), SIZE, (no,))
    assert (plain != thin).any()


def test_a_cell_stands_where_its_centre_is_on_each_picture() -> None:
    cell = Cell((60.0, -40.0), (-30.0, 20.0), 60.0, 0.0, 0.5, True)
    for right, centre in ((False, (60.0, -40.0)), (True, (-30.0 + 15.0, 20.0))):
        shown = view(Mode.BLINK, cells=True, blink_right=right)
        picture = render(LEFT, RIGHT, Alignment(0.0, (15.0, 0.0)), shown, SIZE, (cell,))
        found = accent_pixels(picture)
        middle = (found.min(axis=0) + found.max(axis=0)) / 2
        assert middle == pytest.approx((199.5 + centre[1], 299.5 + centre[0]), abs=1.0)


def test_cells_of_each_specimen_stay_on_its_own_part() -> None:
    cell = Cell((120.0, 0.0), (-120.0, 0.0), 60.0, 0.0, 0.5, True)
    picture = render(LEFT, RIGHT, Alignment(), view(Mode.SPLIT, cells=True), SIZE, (cell,))
    assert len(accent_pixels(picture)) == 0
    both = render(LEFT, RIGHT, Alignment(), view(Mode.SIDE, cells=True), SIZE, (cell,))
    assert len(accent_pixels(both)) > 200


def test_scale_bar_has_the_length_it_says() -> None:
    picture = render(LEFT, RIGHT, Alignment(), view(Mode.BLINK, um_per_px=1.6), SIZE)
    longest = max(np.count_nonzero(picture[y, :, 0] == 240) for y in range(340, 400))
    assert longest == round(100 / 1.6)  # 100 um is the longest round length in 16 % of the width


def test_zoomed_out_pictures_are_averaged_not_skipped() -> None:
    stripes = np.zeros((1024, 1024), np.uint8)
    stripes[:, ::2] = 255
    picture = render(
        Side(stripes, 1.0), LEFT, Alignment(), view(Mode.BLINK, um_per_px=8.0), (200, 200)
    )
    assert np.abs(picture[80:120, 80:120].astype(int) - 128).max() <= 2


def bump(sign: float = 1.0) -> Surface:
    y, x = np.mgrid[-100:101, -100:101].astype(np.float32)
    heights = sign * 20 * np.exp(-(x**2 + y**2) / 800) + 0.4 * x + 0.1 * y
    heights[:20] = np.nan
    return Surface(heights.astype(np.float32), 2.0, "scan")


def test_a_scan_is_lit_from_the_upper_left() -> None:
    hill, pit = make_side(bump()).pixels.astype(int), make_side(bump(-1.0)).pixels.astype(int)
    assert hill[85, 85] > hill[115, 115] + 30
    assert pit[85, 85] < pit[115, 115] - 30


def test_the_light_stays_when_the_specimen_is_turned() -> None:
    hill = make_side(bump())
    turned = render(hill, hill, Alignment(180.0), view(Mode.BLINK, blink_right=True), (400, 400))
    assert int(turned[170, 170, 0]) > int(turned[230, 230, 0]) + 30


def test_missing_points_are_dark_and_no_part_of_a_difference() -> None:
    scan = make_side(bump())
    assert (scan.pixels[:20] == 52).all() and (scan.pixels[25:] > 0).all()
    flat = make_side(Surface(np.zeros((201, 201), np.float32), 2.0, "scan"))
    picture = render(scan, flat, Alignment(), view(Mode.DIFFERENCE, um_per_px=2.0), (201, 201))
    assert (picture[2:17, 5:195] == BACKGROUND).all()
    assert (picture[25:140, 5:195] != BACKGROUND).all()


def test_an_all_missing_scan_is_drawn_not_refused() -> None:
    nothing = make_side(Surface(np.full((50, 60), np.nan, np.float32), 2.0, "scan"))
    assert (nothing.pixels == 52).all()
    render(nothing, nothing, Alignment(), fit(nothing, nothing, Alignment(), SIZE), SIZE)


def test_images_keep_their_contrast() -> None:
    values = np.array([[0.0, 0.25, 100 / 255], [1.0, 0.5, np.nan]], np.float32)
    pixels = make_side(Surface(values, 2.0, "image")).pixels
    assert pixels.tolist() == [[0, 64, 100], [255, 128, 52]]
