"""The scale and the lens from rendered dot grids and chessboards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from app.capture.bench import (
    Look,
    chessboard_of,
    dots_of,
    firearm_number,
    image_of,
    look,
    ruling_of,
)
from app.capture.scale import Asked, NotSure, find_grid, measure
from app.domain import CaseheadError

Kind = Literal["dot grid", "chessboard"]
DRAW: dict[Kind, Callable[[Look, float], NDArray[np.uint8]]] = {
    "dot grid": dots_of,
    "chessboard": chessboard_of,
}
SIZE = (1000, 760)


@pytest.mark.parametrize("kind", DRAW)
@pytest.mark.parametrize(
    ("turn_deg", "bend"), [(0.0, 0.0), (17.0, 0.004), (45.0, -0.01), (80.0, 0.02)]
)
@pytest.mark.parametrize("pixel", [(2.53, 2.53), (1.0, 1.02)])
def test_both_sizes_and_distortion(
    kind: Kind, turn_deg: float, bend: float, pixel: tuple[float, float]
) -> None:
    step_um = 80 * pixel[0]
    seen = Look(
        pixel, SIZE, turn_deg, (33.0, -51.0), bend, uneven=0.5, dirt=30, seed=int(turn_deg) + 2
    )
    found = find_grid(DRAW[kind](seen, step_um), step_um, kind)
    assert found.both_ways
    assert found.pixel_um_x == pytest.approx(pixel[0], rel=5e-4)
    assert found.pixel_um_y == pytest.approx(pixel[1], rel=5e-4)
    assert found.distortion_percent == pytest.approx(100 * bend, abs=0.06)
    corner_um = np.hypot(*SIZE) / 2 * np.sqrt(pixel[0] * pixel[1])
    assert found.distortion_um == pytest.approx(abs(bend) * corner_um, abs=0.0006 * corner_um)
    assert (found.angle_deg - turn_deg + 45) % 90 - 45 == pytest.approx(0, abs=0.05)
    assert "wider than high" in found.sentence


def test_a_grid_in_the_middle_only_tells_no_distortion() -> None:
    picture = np.full((760, 1000), 205, np.uint8)
    picture[230:530, 350:650] = dots_of(look(2.0, size=(300, 300), noise=1.0), 80.0)
    found = find_grid(picture, 80.0, "dot grid")
    assert found.pixel_um == pytest.approx(2.0, rel=2e-3)
    assert found.distortion_um is None and "too little" in found.sentence


@pytest.mark.parametrize("kind", DRAW)
def test_what_is_no_grid_is_refused(kind: Kind) -> None:
    rng = np.random.default_rng(1)
    pictures = [
        image_of(firearm_number(1), 1)[0],
        np.full((600, 800), 128, np.uint8),
        rng.integers(0, 256, (600, 800)).astype(np.uint8),
        ruling_of(look(1.0, 12.0, size=SIZE)),
    ]
    for picture in pictures:
        with pytest.raises(NotSure):
            find_grid(picture, 100.0, kind)


def test_whatever_standard_is_asked_for_is_measured() -> None:
    picture = chessboard_of(look(2.0, 5.0, size=SIZE), 160.0)
    found = measure(picture, Asked("chessboard", 160.0, standard_sd=0.002))
    assert found.pixel_um == pytest.approx(2.0, rel=1e-3)
    assert found.sd_um >= 0.004
    with pytest.raises(NotSure, match="expected"):
        measure(picture, Asked("chessboard", 160.0, expected_um=1.0))
    with pytest.raises(CaseheadError, match="ruling or grid"):
        measure(picture, Asked("typed", 160.0))
    with pytest.raises(CaseheadError, match="5 %"):
        measure(picture, Asked("ruling", 160.0, standard_sd=0.5))
