"""What the screen shows of a frame: the right part, stretched, flashed; the frame is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from app.capture import Frame
from app.capture.white import Gains
from widgets.acquire.rendering import ALL, BLACK, SATURATED, Wanted, render, scaled, stretched
from widgets.acquire.viewport import LARGEST, Viewport

ROOM = QSizeF(800, 600)


def frame(pixels: np.ndarray) -> Frame:
    return Frame(pixels, 1, "2026-11-22T08:00:00+00:00", 0.0)


def ramp(rows: int, columns: int) -> np.ndarray:
    return np.tile(np.linspace(20, 220, columns).astype(np.uint8), (rows, 1))


def bgr(rendered: np.ndarray, row: int, column: int) -> tuple[int, ...]:
    return tuple(int(v) for v in rendered[row, column, :3])


@pytest.mark.parametrize("kind", ["grey", "colour", "deep"])
def test_the_whole_picture_in_its_place(kind: str) -> None:
    pixels = ramp(400, 600)
    if kind == "colour":
        pixels = np.stack((pixels, pixels // 2, pixels // 4), axis=2)
    if kind == "deep":
        pixels = pixels.astype(np.uint16) * 257
    before = pixels.copy()
    made = render(frame(pixels), Wanted((50.0, 0.0, 300.0, 200.0), (400, 200)))
    assert made.pixels.shape == (200, 300, 4) and (made.at.x(), made.at.y()) == (50, 0)
    assert made.part == QRectF(0, 0, 600, 400)
    red = (
        pixels[0, 300, 0] if kind == "colour" else before[0, 300] // (257 if kind == "deep" else 1)
    )
    assert abs(int(made.pixels[100, 150, 2]) - int(red)) <= 2
    if kind == "colour":
        assert bgr(made.pixels, 100, 150)[0] < bgr(made.pixels, 100, 150)[2]
    assert np.array_equal(pixels, before)


def test_only_what_is_seen_is_scaled() -> None:
    pixels = ramp(2000, 3000)
    made = render(frame(pixels), Wanted((-1000.0, -500.0, 3000.0, 2000.0), (400, 300)))
    assert made.pixels.shape[:2] == (300, 400) and (made.at.x(), made.at.y()) == (0, 0)
    assert made.part == QRectF(1000, 500, 400, 300)
    assert np.array_equal(made.pixels[..., 1], pixels[500:800, 1000:1400])


def test_the_limits_are_black_and_white_of_the_display() -> None:
    pixels = np.array([[0, 51, 102, 153, 204, 255]], np.uint8)
    assert stretched(pixels, ALL) is not None and np.array_equal(stretched(pixels, ALL), pixels)
    shown = stretched(pixels, (0.2, 0.6))
    assert shown[0, 1] == 0 and shown[0, 3] == 255 and abs(int(shown[0, 2]) - 127) <= 1
    deep = stretched(pixels.astype(np.uint16) * 257, (0.2, 0.6))
    assert np.abs(deep.astype(int) - shown).max() <= 1


@pytest.mark.parametrize("factor", [1, 257])
def test_gains_balance_the_display(factor: int) -> None:
    kind = np.uint8 if factor == 1 else np.uint16
    pixels = np.full((2, 2, 3), (100 * factor, 50 * factor, 25 * factor), kind)
    shown = stretched(pixels, ALL, Gains(0.5, 1.0, 2.0))
    assert np.abs(shown.astype(int) - 50).max() <= 1


def test_a_single_clipped_or_black_pixel_is_flashed_though_averaged_away() -> None:
    pixels = np.full((1200, 1600), 128, np.uint8)
    pixels[100, 200], pixels[900, 1200] = 255, 0
    still = Wanted((0.0, 0.0, 400.0, 300.0), (400, 300))
    quiet = render(frame(pixels), still).pixels
    lit = render(frame(pixels), Wanted(still.rect, still.size, flash=True)).pixels
    assert bgr(lit, 25, 50) == SATURATED[::-1] and bgr(lit, 225, 300) == BLACK[::-1]
    changed = (quiet != lit).any(axis=2)
    assert 2 <= changed.sum() <= 18


def test_of_a_large_frame_what_is_two_rows_high_is_flashed_wherever_it_lies() -> None:
    still = Wanted((0.0, 0.0, 640.0, 480.0), (640, 480), flash=True)
    for row in (1000, 1001):
        pixels = np.full((1920, 2560, 3), 128, np.uint8)
        pixels[row : row + 2, 1200] = 255
        pixels[row + 400 : row + 402, 1200] = 0
        lit = render(frame(pixels), still).pixels
        assert bgr(lit, 250, 300) == SATURATED[::-1] and bgr(lit, 350, 300) == BLACK[::-1]


def test_one_clipped_channel_flashes_and_one_dark_channel_does_not() -> None:
    pixels = np.full((40, 40, 3), 90, np.uint8)
    pixels[:10, :, 0] = 255
    pixels[30:, :, 0] = 0
    lit = render(frame(pixels), Wanted((0.0, 0.0, 40.0, 40.0), (40, 40), flash=True)).pixels
    assert bgr(lit, 5, 5) == SATURATED[::-1] and bgr(lit, 35, 5) == (90, 90, 0)


def test_the_two_flashes_are_told_apart_by_eyes_that_see_no_red_or_green() -> None:
    apart = np.abs(np.array(SATURATED) - BLACK)
    assert apart[2] > 120
    light = [np.dot(c, (0.2126, 0.7152, 0.0722)) for c in (SATURATED, BLACK)]
    assert abs(light[0] - light[1]) > 60


def test_scaling_averages_and_enlarging_much_keeps_squares() -> None:
    checks = np.indices((400, 400)).sum(axis=0).astype(np.uint8) % 2 * 200
    small = scaled(checks, (100, 100))
    assert small.min() >= 98 and small.max() <= 102
    large = scaled(np.array([[0, 200]], np.uint8), (20, 10))
    assert set(np.unique(large)) == {0, 200}


def test_the_point_under_the_pointer_stays_while_zooming() -> None:
    view, at = Viewport(), QPointF(300, 200)
    for factor in (3.0, 2.0, 0.7):
        before = view.rect(2592, 1944, ROOM)
        spot = (at - before.topLeft()) / before.width()
        view = view.zoomed(factor, at, 2592, 1944, ROOM)
        after = view.rect(2592, 1944, ROOM)
        again = (at - after.topLeft()) / after.width()
        assert (spot - again).manhattanLength() < 1e-6


def test_zooming_out_ends_with_the_whole_and_in_at_the_largest() -> None:
    view = Viewport().zoomed(1000, QPointF(9, 9), 2592, 1944, ROOM)
    assert view.zoom == LARGEST
    assert view.zoomed(1e-6, QPointF(9, 9), 2592, 1944, ROOM) == Viewport()


def test_the_picture_cannot_be_dragged_off_the_screen() -> None:
    view = Viewport().zoomed(8, QPointF(400, 300), 2592, 1944, ROOM)
    for by in (QPointF(1e5, 1e5), QPointF(-1e5, -1e5)):
        moved = view.moved(by, 2592, 1944, ROOM).rect(2592, 1944, ROOM)
        assert moved.contains(QRectF(0, 0, 800, 600).adjusted(1, 1, -1, -1))
    assert Viewport().moved(QPointF(50, 0), 2592, 1944, ROOM) == Viewport()
