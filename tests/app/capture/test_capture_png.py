"""The lossless original: every kind of picture comes back as it was, the same bytes each time."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np

from app.capture import encode_png
from app.domain import CaseheadError


def decoded(data: bytes) -> np.ndarray:
    found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert found is not None
    return found[..., ::-1] if found.ndim == 3 else found


@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (63, 7), (300, 41), (400, 33, 3), (2, 1, 3)])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_what_went_in_comes_out(shape: tuple[int, ...], dtype: type) -> None:
    rng = np.random.default_rng(4)
    pixels = rng.integers(0, np.iinfo(dtype).max, shape, dtype, endpoint=True)
    again = decoded(encode_png(pixels))
    assert again.dtype == dtype and np.array_equal(again, pixels)


@given(st_np.arrays(np.uint16, st_np.array_shapes(min_dims=2, max_dims=2, max_side=300)))
def test_any_picture(pixels: np.ndarray) -> None:
    assert np.array_equal(decoded(encode_png(pixels)), pixels)


@given(st.integers(0, 3), st.integers(0, 255))
def test_a_part_of_a_picture_that_is_not_in_one_piece(step: int, value: int) -> None:
    whole = np.full((40, 40, 3), value, np.uint8)
    part = whole[step::2, ::-1]
    assert np.array_equal(decoded(encode_png(part)), part)


def test_the_same_picture_is_the_same_file() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (600, 80), np.uint8)
    assert encode_png(pixels) == encode_png(pixels.copy())


@pytest.mark.parametrize(
    "pixels",
    [np.zeros((4, 4), np.float32), np.zeros((4, 4, 4), np.uint8), np.zeros((0, 4), np.uint8)],
)
def test_what_is_no_picture_is_refused(pixels: np.ndarray) -> None:
    with pytest.raises(CaseheadError, match="cannot be kept"):
        encode_png(pixels)
