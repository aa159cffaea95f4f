"""The similarity map over the evidence: where it lies, what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from app.domain import Alignment
from app.picture import Mode, Side, ViewState, comparison_picture, render
from app.picture.heat import draw_colour_bar, draw_similarity, similarity_sentence
from app.picture.view import panes
from correlation.similarity import SimilarityMap

SIZE = (640, 400)


def spot(value: float = 1.0, centre_um: tuple[float, float] = (0.0, 0.0)) -> SimilarityMap:
    """A map of 21 x 21 points of 20 um, of one value within a square of 11."""
    mask = np.zeros((21, 21), np.bool_)
    mask[5:16, 5:16] = True
    values = np.where(mask, value, 0).astype(np.float32)
    return SimilarityMap(values, values, mask, 20.0, centre_um, 100.0, value)


def grey(level: int = 100) -> Side:
    return Side(np.full((300, 400), level, np.uint8), 4.0, "A")


def view(mode: Mode = Mode.SPLIT, **changes: object) -> ViewState:
    return replace(ViewState(mode, um_per_px=2.0, seen_px=SIZE, similarity=True), **changes)


def coloured(picture: np.ndarray) -> np.ndarray:
    """Where colour is; the bar in the corner left out."""
    found = np.ptp(picture.astype(int), axis=2) > 8
    found[:80, -220:] = False
    return found


@pytest.mark.parametrize("mode", list(Mode))
def test_it_lies_where_the_marks_lie_in_every_pane(mode: Mode) -> None:
    shown = view(mode, blink_right=True, centre_um=(30.0, -10.0))
    found = coloured(render(grey(), grey(), Alignment(), shown, SIZE, (), spot(1.0, (80.0, 40.0))))
    for pane in panes(shown, SIZE):
        part = found[pane.y : pane.y + pane.height, pane.x : pane.x + pane.width]
        x = (80 - 30) / 2 + pane.middle[0] - pane.x
        y = (40 + 10) / 2 + pane.middle[1] - pane.y
        half = 11 * 20 / 2 / 2
        rows, columns = np.indices(part.shape)
        away = np.maximum(np.abs(rows - y), np.abs(columns - x))
        columns_in = (columns > 0) & (columns < pane.width - 1)  # the dividing line lies over it
        assert part[(away < half - 6) & columns_in].all()
        assert not part[away > half + 6].any()


def test_yellow_agrees_more_than_blue() -> None:
    middle = [
        render(grey(), grey(), Alignment(), view(), SIZE, (), spot(value))[200, 340].astype(int)
        for value in (-1.0, 0.0, 0.5, 1.0)
    ]
    assert (middle[0] == middle[1]).all()
    brightness = [m @ (0.3, 0.59, 0.11) for m in middle]
    assert brightness[1] < brightness[2] < brightness[3]
    blue, yellow = middle[1], middle[3]
    assert blue[2] > blue[0] and yellow[0] > yellow[2]


def test_the_evidence_shines_through_and_is_never_altered() -> None:
    left, right = grey(60), grey(160)
    before = left.pixels.copy(), right.pixels.copy()
    first = render(left, right, Alignment(), view(), SIZE, (), spot())
    assert first[200, 300].astype(int).sum() + 100 < first[200, 340].astype(int).sum()
    assert np.array_equal(left.pixels, before[0]) and np.array_equal(right.pixels, before[1])
    assert np.array_equal(first, render(left, right, Alignment(), view(), SIZE, (), spot()))


def test_without_asking_nothing_is_drawn() -> None:
    off = replace(view(), similarity=False)
    plain = render(grey(), grey(), Alignment(), off, SIZE)
    assert np.array_equal(plain, render(grey(), grey(), Alignment(), off, SIZE, (), spot()))
    assert np.array_equal(plain, render(grey(), grey(), Alignment(), view(), SIZE))


def test_a_map_off_the_screen_or_larger_than_it_does_no_harm() -> None:
    part = np.full((40, 50, 3), 100, np.uint8)
    draw_similarity(part, spot(), np.array([[1.0, 0, 9000], [0, 1, 0], [0, 0, 1]]))
    assert (part == 100).all()
    draw_similarity(part, spot(), np.array([[40.0, 0, 25], [0, 40, 20], [0, 0, 1]]))
    assert (part != 100).any(axis=2).all()
    draw_similarity(np.full((1, 1, 3), 100, np.uint8), spot(), np.eye(3))


def test_the_bar_stands_in_its_corner_and_gives_way() -> None:
    picture = np.full((400, 640, 3), 100, np.uint8)
    draw_colour_bar(picture)
    assert (picture[:, :400] == 100).all() and (picture[100:] == 100).all()
    assert (picture != 100).any()
    small = np.full((100, 100, 3), 100, np.uint8)
    draw_colour_bar(small)
    assert (small == 100).all()


def test_the_caption_says_what_the_colours_are() -> None:
    assert "Gaussian window of 100 µm" in similarity_sentence(spot())
    with_map = comparison_picture(grey(), grey(), Alignment(), view(), similarity=spot())
    without = comparison_picture(grey(), grey(), Alignment(), view())
    assert not np.array_equal(with_map[-150:], without[-150:])
