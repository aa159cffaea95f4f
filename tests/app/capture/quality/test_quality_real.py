"""On real pictures: none that is fit is to be taken again, and real blur is seen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from time import thread_time

import cv2
import numpy as np
import pytest
from quality_parts import judged

from app.domain import Light
from app.importing.decode import decode, read_bytes

DATA = Path(__file__).parents[5] / "shared" / "data"
IMAGES = sorted((DATA / "nist2d").glob("*.png"))
PHOTOGRAPHS = sorted((DATA / "primers-colour").glob("*.jpg"))
PIXEL_UM = 2.53

pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not IMAGES, reason="the real images are not beside the checkout"),
]


def pixels_of(path: Path) -> np.ndarray:
    return decode(path, read_bytes(path), path.name).array


@pytest.mark.parametrize("path", IMAGES, ids=lambda path: path.stem)
def test_a_fit_picture_is_not_to_be_taken_again(path: Path) -> None:
    sharp = pixels_of(path)
    quality = judged(sharp, Light.RING, PIXEL_UM)
    assert quality.verdict in ("good", "usable"), quality.reasons
    assert quality.focus is not None and quality.focus > 0.45
    assert quality.found is not None and quality.found > 0.7 and quality.inside == 1.0
    found = [quality.focus]
    for sigma_um in (4, 8, 12):
        blurred = judged(cv2.GaussianBlur(sharp, (0, 0), sigma_um / PIXEL_UM), Light.RING, PIXEL_UM)
        found.append(blurred.focus or 0.0)
    assert all(a > b for a, b in pairwise(found))
    assert blurred.verdict == "redo" and "out of focus" in blurred.reasons[0]


def test_photographs_are_refused_only_for_what_is_at_full_scale() -> None:
    for path in PHOTOGRAPHS[::5]:
        quality = judged(pixels_of(path), Light.UNKNOWN, None)
        assert quality.saturated > 0.2, "each of them is overexposed"
        assert quality.verdict == "redo" and "full scale" in quality.reasons[0], path.name


def test_five_megapixels_cost_little_more_than_a_pass_over_them() -> None:
    sharp, plain = pixels_of(IMAGES[0]), np.ones((1944, 2592, 3), np.float32)

    def seconds(work: Callable[[], object]) -> float:
        began = thread_time()
        work()
        return thread_time() - began

    rounds = [
        (
            seconds(lambda: judged(sharp, Light.RING, PIXEL_UM)),
            seconds(lambda: np.hypot(plain, plain)),
        )
        for _ in range(5)
    ]
    assert min(mine / simple for mine, simple in rounds) < 2, rounds
