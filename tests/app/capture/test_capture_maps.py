"""The focus map: sharp where it is sharp, in light and dark alike."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from app.capture import Frame
from app.capture.maps import CELLS, focus_map
from app.capture.measures import darkness, measure


def frame(pixels: np.ndarray) -> Frame:
    return Frame(pixels, 1, "2026-11-22T08:00:00+00:00", 0.0)


def half_sharp(shape: tuple[int, int]) -> np.ndarray:
    """Noise as detail, blurred in the right half."""
    rng = np.random.default_rng(3)
    sharp = cv2.GaussianBlur(rng.integers(0, 255, shape).astype(np.float32), (0, 0), 1.0)
    blurred = cv2.GaussianBlur(sharp, (0, 0), 6.0)
    sharp[:, shape[1] // 2 :] = blurred[:, shape[1] // 2 :]
    return sharp.astype(np.uint8)


@pytest.mark.parametrize("shape", [(300, 400), (1944, 2592)])
def test_the_sharp_half_stands_out(shape: tuple[int, int]) -> None:
    found = focus_map(frame(half_sharp(shape)))
    assert found is not None and found.dtype == np.float32
    middle = found.shape[1] // 2
    assert found[:, : middle - 1].min() > 5 * found[:, middle + 1 :].max()


def test_a_large_picture_has_about_so_many_cells_in_its_proportions() -> None:
    found = focus_map(frame(half_sharp((1944, 2592))))
    assert found is not None and found.shape == (36, CELLS)


def test_depth_and_colour_change_nothing() -> None:
    grey = half_sharp((300, 400))
    first = focus_map(frame(grey))
    for other in (grey.astype(np.uint16) * 257, np.repeat(grey[..., None], 3, axis=2)):
        again = focus_map(frame(other))
        assert again is not None and np.allclose(first, again, rtol=0.05)


def test_darkness_with_noise_is_not_sharp() -> None:
    dark = np.random.default_rng(2).integers(0, 4, (300, 400)).astype(np.uint8)
    dark[100:200, 100:200] = half_sharp((100, 200))[:, :100]
    found = focus_map(frame(dark))
    assert found is not None and found[0, 0] < 0.05 * found.max()


def test_a_picture_too_small_has_no_map() -> None:
    assert focus_map(frame(np.zeros((40, 400), np.uint8))) is None


def test_all_figures_of_a_frame() -> None:
    pixels = half_sharp((300, 400))
    pixels[:30], pixels[30:60] = 0, 255
    found = measure(frame(pixels), frames_per_second=30.0)
    assert found.black == pytest.approx(0.1, abs=0.01)
    assert found.clipped == pytest.approx(0.1, abs=0.01)
    assert found.histogram.sum() == pytest.approx(1) and found.focus > 0
    assert found.focus_map is not None and found.frames_per_second == 30.0


def test_black_counts_only_where_no_channel_has_light() -> None:
    pixels = np.zeros((20, 20, 3), np.uint8)
    pixels[:10, :, 1] = 9
    assert darkness(frame(pixels)) == 0.5
