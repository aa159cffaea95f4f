"""Figures of a frame and the lossless original."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from app.capture import Frame, encode_png, focus_measure, histogram, saturation
from app.domain import CaseheadError

SHAPES = st.one_of(
    st.tuples(st.integers(1, 9), st.integers(1, 9)),
    st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(3)),
)


def frame_of(pixels: NDArray[Any]) -> Frame:
    return Frame(pixels, 1, "", 0.0)


@given(st.sampled_from((np.uint8, np.uint16)).flatmap(lambda kind: arrays(kind, SHAPES)))
def test_png_gives_back_every_pixel(pixels: NDArray[Any]) -> None:
    data = encode_png(pixels)
    back = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    back = cv2.cvtColor(back, cv2.COLOR_BGR2RGB) if pixels.ndim == 3 else back
    assert back.dtype == pixels.dtype
    assert np.array_equal(back, pixels)


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((2, 2), np.float32), np.zeros((2, 2, 4), np.uint8), np.zeros((0, 2), np.uint8)],
)
def test_png_refuses_what_is_no_picture(pixels: NDArray[Any]) -> None:
    with pytest.raises(CaseheadError, match="cannot be kept"):
        encode_png(pixels)


def test_sharp_measures_higher_than_blurred_at_any_brightness() -> None:
    rng = np.random.default_rng(5)
    texture = cv2.GaussianBlur(rng.uniform(0, 200, (400, 500)).astype(np.float32), (0, 0), 1.5)
    measured = [
        focus_measure(frame_of(np.asarray(cv2.GaussianBlur(texture, (0, 0), s), np.uint8)))
        for s in (0.5, 2.0, 4.0)
    ]
    assert measured[0] > 3 * measured[1] > 9 * measured[2]
    half = focus_measure(frame_of(np.asarray(cv2.GaussianBlur(texture, (0, 0), 0.5) / 2, np.uint8)))
    assert half == pytest.approx(measured[0], rel=0.15)


def test_saturation_is_the_share_of_clipped_pixels() -> None:
    grey = np.zeros((100, 100), np.uint8)
    grey[:25] = 255
    assert saturation(frame_of(grey)) == pytest.approx(0.25)
    colour = np.zeros((100, 100, 3), np.uint16)
    colour[:10, :, 1] = 65535
    assert saturation(frame_of(colour)) == pytest.approx(0.10)


def test_histogram_shares_sum_to_one_and_fall_where_they_should() -> None:
    pixels = np.zeros((64, 64), np.uint16)
    pixels[:32] = 65535
    shares = histogram(frame_of(pixels), 16)
    assert shares.sum() == pytest.approx(1)
    assert shares[0] == shares[-1] == pytest.approx(0.5)


def test_figures_of_a_five_megapixel_frame_cost_little_more_than_looking_at_it() -> None:
    frame = frame_of(np.zeros((1944, 2592, 3), np.uint8))

    plain = np.ones((1944, 2592, 3), np.float32)

    def figures() -> None:
        focus_measure(frame)
        saturation(frame)
        histogram(frame)

    rounds = [(_seconds(figures), _seconds(lambda: np.hypot(plain, plain))) for _ in range(3)]
    assert min(mine / simple for mine, simple in rounds) < 2, rounds


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
