"""Free dividing line, checkerboard, edges, red and cyan."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from app.domain import Alignment
from app.picture import Mode, Side, ViewState, comparison_picture, mode_words, render
from app.picture.layer import BACKGROUND
from app.picture.modes import EDGE_COLOUR, LEFT_TINT, RIGHT_TINT
from app.picture.view import (
    divider_at_point,
    divider_distance,
    divider_ends,
    divider_px,
    pane_at,
    panes,
)

SIZE = (600, 400)
FIELD = slice(0, 340)  # above the scale bar
LEFT = Side(np.full((300, 400), 100, np.uint8), 2.0, "A")
RIGHT = Side(np.full((300, 400), 200, np.uint8), 2.0, "B")


def view(mode: Mode = Mode.SPLIT, **changes: object) -> ViewState:
    return replace(ViewState(mode=mode, um_per_px=1.0), **changes)  # type: ignore[arg-type]


def drawn(shown: ViewState, left: Side = LEFT, right: Side = RIGHT) -> np.ndarray:
    return render(left, right, Alignment(), shown, SIZE)


@pytest.mark.parametrize("divider", ["vertical", "horizontal"])
@pytest.mark.parametrize("degrees", [-60.0, 15.0, 45.0, 90.0, 130.0])
@pytest.mark.parametrize("at", [0.2, 0.5, 0.9])
def test_each_side_of_a_slanted_line_shows_its_specimen(
    divider: str, degrees: float, at: float
) -> None:
    shown = view(divider=divider, divider_deg=degrees, divider_at=at)
    picture = drawn(shown)
    rows, columns = np.mgrid[3:340:7, 2:600:7]
    for x, y in zip(columns.flat, rows.flat, strict=True):
        point = (float(x), float(y))
        distance = divider_distance(shown, SIZE, point)
        if abs(distance) < 3:
            continue
        assert (picture[y, x] == (200 if distance > 0 else 100)).all()
        assert pane_at(shown, SIZE, point).shows == ("second" if distance > 0 else "first")


def test_the_line_turns_counter_clockwise_and_runs_through_its_place() -> None:
    shown = view(divider_deg=30.0)
    (x0, y0), (x1, y1) = sorted(divider_ends(shown, SIZE), key=lambda p: p[1])
    assert x0 < x1 or y0 == y1  # the upper end has gone to the left
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((299.5, 199.5))
    assert np.degrees(np.arctan2(x1 - x0, y1 - y0)) == pytest.approx(30.0)


@pytest.mark.parametrize("degrees", [0.0, 25.0, -70.0, 180.0])
def test_the_line_is_brought_under_the_pointer(degrees: float) -> None:
    shown = view(divider_deg=degrees)
    at = divider_at_point(shown, SIZE, (210.0, 120.0))
    there = replace(shown, divider_at=at)
    assert divider_distance(there, SIZE, (210.0, 120.0)) == pytest.approx(0.0, abs=1e-6)


def test_a_line_that_is_not_turned_is_the_old_one() -> None:
    for divider in ("vertical", "horizontal"):
        shown = view(divider=divider, divider_at=0.3)
        (x0, y0), (x1, y1) = divider_ends(shown, SIZE)
        along = (x0, x1) if divider == "vertical" else (y0, y1)
        assert along[0] == along[1] == pytest.approx(divider_px(shown, SIZE) - 0.5)


def test_panes_of_a_slanted_line_leave_nothing_out() -> None:
    shown = view(divider_deg=33.0, divider_at=0.4)
    for x in range(0, 600, 13):
        for y in range(0, 400, 13):
            assert sum(p.holds((x + 0.3, y + 0.1)) for p in panes(shown, SIZE)) == 1


def test_squares_alternate_and_stay_on_the_left_specimen() -> None:
    shown = view(Mode.CHECKER, checker_um=50.0)
    row = drawn(shown)[10, :, 0]
    assert set(np.unique(row)) == {100, 200}
    changes = np.flatnonzero(np.diff(row.astype(int)))
    assert set(np.diff(changes)) == {50}
    moved = drawn(replace(shown, centre_um=(20.0, 0.0)))[10, :, 0]
    assert np.array_equal(moved[:570], row[20:590])


def test_squares_turn_with_the_specimens() -> None:
    shown = view(Mode.CHECKER, checker_um=60.0)
    plain = drawn(shown)[..., 0]
    turned = drawn(replace(shown, view_rotation_deg=90.0))[..., 0]
    part = np.rot90(plain[100:300, 200:400])
    assert np.mean(turned[100:300, 200:400] == part) > 0.97


def test_edges_of_one_are_drawn_over_the_other() -> None:
    pixels = np.full((300, 400), 60, np.uint8)
    pixels[:, 200:] = 190  # one upright edge in the middle
    stepped = Side(pixels, 2.0, "C")
    for edges_of, left, right in (("right", LEFT, stepped), ("left", stepped, LEFT)):
        picture = drawn(view(Mode.EDGES, edges_of=edges_of), left, right)[FIELD]
        inked = (picture == EDGE_COLOUR).all(axis=2)
        columns = np.flatnonzero(inked.any(axis=0))
        assert 1 <= len(columns) <= 3 and abs(float(columns.mean()) - 299.5) <= 1
        assert inked[:, columns].any(axis=1).mean() > 0.95
        assert (picture[~inked] == 100).all()
    none = drawn(view(Mode.EDGES), stepped, LEFT)
    assert not (none == EDGE_COLOUR).all(axis=2).any()


def test_a_picture_has_no_edge_where_it_ends() -> None:
    small = Side(np.full((100, 100), 200, np.uint8), 2.0)
    assert not (drawn(view(Mode.EDGES), LEFT, small) == EDGE_COLOUR).all(axis=2).any()


def test_alike_is_grey_and_each_alone_has_its_colour() -> None:
    assert np.add(LEFT_TINT, RIGHT_TINT) == pytest.approx((1.0, 1.0, 1.0))
    same = drawn(view(Mode.RED_CYAN), LEFT, LEFT)[FIELD]
    assert (same == 100).all()
    far = Alignment(0.0, (400.0, 0.0))
    shown = view(Mode.RED_CYAN, um_per_px=3.0)
    for exchanged in (False, True):
        picture = render(LEFT, RIGHT, far, replace(shown, exchanged=exchanged), SIZE)
        red, cyan = picture[200, 180].astype(int), picture[200, 540].astype(int)
        assert red[0] == 100 and red[1] < 60 and red[2] == 0
        assert cyan[0] == 0 and cyan[1] > 100 and cyan[2] == 200
        assert (picture[5, 5] == BACKGROUND).all()


def test_red_and_cyan_differ_for_every_colour_vision() -> None:
    # Machado, Oliveira and Fernandes 2009, severity 1: protanopia, deuteranopia, tritanopia
    visions = (
        ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
        ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
        ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
    )
    for vision in visions:
        red, cyan = (np.clip(np.array(vision) @ tint, 0, 1) for tint in (LEFT_TINT, RIGHT_TINT))
        assert np.abs(red - cyan).max() > 0.5


@pytest.mark.parametrize("mode", list(Mode))
def test_an_export_of_the_same_size_is_the_screen_s_picture(mode: Mode) -> None:
    rng = np.random.default_rng(3)
    left, right = (Side(rng.integers(0, 255, (300, 400), np.uint8), 2.0) for _ in "ab")
    shown = view(mode, um_per_px=0.8, divider_deg=10.0, seen_px=(700, 500))
    export = comparison_picture(left, right, Alignment(7.0), shown, size=(700, 600))
    rows = next(r for r in range(600, 0, -1) if (export[r - 1] != 30).any(axis=1).sum() > 600)
    threads = cv2.getNumThreads()
    try:
        for number in (1, 2):
            cv2.setNumThreads(number)
            screen = render(
                left, right, Alignment(7.0), replace(shown, seen_px=(0, 0)), (700, rows)
            )
            seen = replace(shown, seen_px=(700, rows))
            again = comparison_picture(left, right, Alignment(7.0), seen, size=(700, 600))
            assert np.array_equal(screen, again[:rows])
    finally:
        cv2.setNumThreads(threads)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (view(divider_deg=20.0), "split field, dividing line turned 20°"),
        (view(Mode.CHECKER, checker_um=250.0), "checkerboard of 250 µm"),
        (view(Mode.EDGES, edges_of="left"), "edges of the left specimen over the right one"),
        (view(Mode.RED_CYAN), "red and cyan, left red and right cyan"),
    ],
)
def test_the_caption_names_what_the_mode_depends_on(shown: ViewState, words: str) -> None:
    assert mode_words(shown) == words
