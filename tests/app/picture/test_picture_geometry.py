"""A known turn and shift put a point where it must be, to a fraction of a pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.domain import Alignment, Cell, Circle
from app.picture import Mode, Side, ViewState, fit, render
from app.picture.geometry import at, cell_corners, inverse, moved, right_to_left, turned_about
from app.picture.view import pane_at, panes, panned, um_to_view, view_to_um, view_turned, zoomed

SIZE = (600, 400)


def spot(shape: tuple[int, int], x: float, y: float, sigma: float = 4.0) -> np.ndarray:
    """A soft bright spot at column x, row y on black."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    value = 250.0 * np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / (2 * sigma**2))
    return np.round(value).astype(np.uint8)


def centroid(picture: np.ndarray) -> tuple[float, float]:
    """Where the light is, in pixels (x, y)."""
    weight = np.clip(picture[..., 0].astype(float) - 30.0, 0, None)
    rows, columns = np.mgrid[: picture.shape[0], : picture.shape[1]]
    return (
        float((columns * weight).sum() / weight.sum()),
        float((rows * weight).sum() / weight.sum()),
    )


def side(pixels: np.ndarray, pixel_um: float) -> Side:
    return Side(pixels, pixel_um, "", "")


BLACK = side(np.zeros((300, 400), np.uint8), 2.0)


def seen_right(view: ViewState) -> ViewState:
    return replace(view, mode=Mode.BLINK, blink_right=True)


def without_bar(picture: np.ndarray) -> np.ndarray:
    clean = picture.copy()
    clean[-60:, :200] = 0
    return clean


def test_quarter_turn_is_counter_clockwise_as_seen() -> None:
    # a point to the right of the middle goes up on the screen
    assert at(right_to_left(Alignment(90.0)), (10.0, 0.0)) == pytest.approx((0.0, -10.0))


def test_shift_moves_right_and_down_after_the_turn() -> None:
    assert at(right_to_left(Alignment(180.0, (3.0, 4.0))), (1.0, 0.0)) == pytest.approx((2.0, 4.0))


@pytest.mark.parametrize("um_per_px", [0.7, 1.9, 3.0, 6.1, 13.0])
def test_a_point_of_the_right_picture_lands_where_the_alignment_says(um_per_px: float) -> None:
    pixel_um, shape = 3.0, (501, 640)
    column, row = 400.0, 210.0
    right = side(spot(shape, column, row, 4.0 * max(1.0, um_per_px / pixel_um)), pixel_um)
    alignment = Alignment(16.5, (120.0, -45.0))
    view = ViewState(mode=Mode.BLINK, blink_right=True, um_per_px=um_per_px)
    q = ((column - 319.5) * pixel_um, (row - 250.0) * pixel_um)
    angle = np.deg2rad(16.5)
    x = np.cos(angle) * q[0] + np.sin(angle) * q[1] + 120.0
    y = -np.sin(angle) * q[0] + np.cos(angle) * q[1] - 45.0
    view = replace(view, centre_um=(x - 31.0 * um_per_px, y + 17.0 * um_per_px))
    found = centroid(without_bar(render(BLACK, right, alignment, view, SIZE)))
    assert found == pytest.approx((299.5 + 31.0, 199.5 - 17.0), abs=0.15)


def test_a_point_of_the_left_picture_lands_where_the_view_says() -> None:
    left = side(spot((300, 400), 250.0, 100.0), 2.0)
    view = ViewState(mode=Mode.BLINK, centre_um=(30.0, -20.0), um_per_px=1.5, view_rotation_deg=25)
    x, y = (250.0 - 199.5) * 2.0 - 30.0, (100.0 - 149.5) * 2.0 + 20.0
    angle = np.deg2rad(25)
    expected = (
        299.5 + (np.cos(angle) * x + np.sin(angle) * y) / 1.5,
        199.5 + (-np.sin(angle) * x + np.cos(angle) * y) / 1.5,
    )
    found = centroid(without_bar(render(left, BLACK, Alignment(), view, SIZE)))
    assert found == pytest.approx(expected, abs=0.1)


def test_specimens_of_different_pixel_sizes_meet() -> None:
    fine = side(spot((600, 800), 399.5 + 100, 299.5 + 50, 8.0), 1.0)
    coarse = side(spot((150, 200), 99.5 + 25, 74.5 + 12.5, 2.0), 4.0)
    view = ViewState(mode=Mode.BLINK, um_per_px=1.3)
    one = centroid(without_bar(render(fine, coarse, Alignment(), view, SIZE)))
    other = centroid(without_bar(render(fine, coarse, Alignment(), seen_right(view), SIZE)))
    assert one == pytest.approx(other, abs=0.15)


def test_inverse_brings_the_left_picture_onto_the_right() -> None:
    alignment = Alignment(33.0, (120.0, -70.0))
    there = at(right_to_left(alignment), (41.0, 12.0))
    assert at(right_to_left(inverse(alignment)), there) == pytest.approx((41.0, 12.0))


def test_turning_about_a_point_leaves_it_in_place() -> None:
    alignment, pivot = Alignment(10.0, (50.0, 20.0)), (200.0, -300.0)
    held = at(np.linalg.inv(right_to_left(alignment)), pivot)
    turned = turned_about(alignment, 7.5, pivot)
    assert turned.rotation_deg == pytest.approx(17.5)
    assert at(right_to_left(turned), held) == pytest.approx(pivot)


def test_cells_of_an_aligned_pair_coincide_in_the_view() -> None:
    alignment = Alignment(30.0, (80.0, 10.0))
    left_um = (150.0, -60.0)
    right_um = at(np.linalg.inv(right_to_left(alignment)), left_um)
    cell = Cell(left_um, right_um, 100.0, 30.0, 0.6, True)
    on_left = cell_corners(cell, right=False)
    on_right = moved(right_to_left(alignment), cell_corners(cell, right=True))
    assert on_right == pytest.approx(on_left, abs=1e-9)


@pytest.mark.parametrize("mode", list(Mode))
def test_zoom_keeps_what_is_under_the_pointer(mode: Mode) -> None:
    view = ViewState(mode=mode, centre_um=(12.0, -40.0), um_per_px=2.0, view_rotation_deg=20.0)
    point = (110.0, 333.0)
    before = at(view_to_um(view, pane_at(view, SIZE, point)), point)
    closer = zoomed(view, 1.7, SIZE, point)
    assert closer.um_per_px == pytest.approx(2.0 / 1.7)
    assert at(view_to_um(closer, pane_at(closer, SIZE, point)), point) == pytest.approx(before)


def test_zoom_has_ends() -> None:
    view = ViewState(um_per_px=1.0)
    assert zoomed(view, 1e9, SIZE, (0, 0)).um_per_px == pytest.approx(0.02)
    assert zoomed(view, 1e-9, SIZE, (0, 0)).um_per_px == pytest.approx(200.0)


def test_panning_carries_the_point_under_the_hand() -> None:
    view = ViewState(um_per_px=2.5, view_rotation_deg=-50.0)
    grabbed = at(view_to_um(view, panes(view, SIZE)[0]), (200.0, 100.0))
    dragged = panned(view, 30.0, -12.0)
    assert at(um_to_view(dragged, panes(dragged, SIZE)[0]), grabbed) == pytest.approx((230.0, 88.0))


def test_view_rotation_stays_in_range() -> None:
    assert view_turned(ViewState(view_rotation_deg=175.0), 10.0).view_rotation_deg == -175.0


def test_fit_shows_the_whole_left_picture_and_no_more() -> None:
    view = fit(BLACK, BLACK, Alignment(), SIZE)
    assert view.um_per_px == pytest.approx(max(400 * 2.0 / 600, 300 * 2.0 / 400))
    assert view.centre_um == pytest.approx((0.0, 0.0))


def test_fit_turns_to_the_outlined_mark() -> None:
    marked = Side(BLACK.pixels, 2.0, focus=Circle(199.5 * 2 + 50, 149.5 * 2 - 30, 100.0))
    view = fit(marked, BLACK, Alignment(), SIZE)
    assert view.centre_um == pytest.approx((50.0, -30.0), abs=0.2)
    assert view.um_per_px == pytest.approx(1.1 * 200 / 400)
