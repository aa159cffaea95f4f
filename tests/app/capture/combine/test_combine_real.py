"""Once on real pictures: fields cut from an image, blur and lights made from a real scan."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
from combine_parts import NOISE, inner, rms

from app.capture.bench.lighting import lit
from app.capture.bench.sequences import exposed, focus_series, placed
from app.capture.combine import (
    Lighting,
    Stacking,
    Stitching,
    register_lights,
    stack,
    stitch,
)
from app.domain import Light
from correlation.surface import Floats
from correlation.x3p import read_x3p

DATA = Path(__file__).parents[5] / "shared" / "data"
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not beside the checkout"),
]


def image(name: str) -> np.ndarray:
    found = cv2.imread(str(DATA / "nist2d" / name), cv2.IMREAD_GRAYSCALE)
    assert found is not None and found.shape == (1944, 2592)
    return np.asarray(found)


def scan() -> tuple[Floats, float]:
    found = read_x3p((DATA / "raw3d" / "fadul-1-1-raw.x3p").read_bytes())
    return np.asarray(found.heights_um, np.float32), found.pixel_um


@pytest.mark.parametrize("name", ["fadul-1-1-ring.png", "colt-04-ring.png"])
def test_fields_cut_from_a_real_image_come_back_where_they_were(name: str) -> None:
    whole = image(name)
    cut = [(0, 0), (803, 11), (1611, 4), (5, 860), (810, 871), (1600, 855)]
    rng = np.random.default_rng(1)
    tiles = [
        np.clip(np.rint(whole[y : y + 1070, x : x + 980] + rng.normal(0, 2, (1070, 980))), 0, 255)
        for x, y in cut
    ]
    made = stitch([tile.astype(np.uint8) for tile in tiles], Stitching(2.53))
    got = made.places_um - made.places_um[0]
    off = np.hypot(*(got - np.array(cut) * 2.53).T)
    assert off.max() < 0.1  # micrometres; measured: 0.04
    assert made.recipe.figures["residual_rms_um"] < 0.2


def test_the_depth_of_a_real_breech_face_from_frames_blurred_by_its_height() -> None:
    heights, pixel_um = scan()
    part = heights[330:650, 60:420]
    solid = np.where(np.isfinite(part), part, np.nanmedian(part)).astype(np.float32)
    sharp = np.clip(lit(solid, pixel_um, Light.RING) * 300, 0, 230)
    low, high = np.percentile(solid, (1, 99))
    focus = tuple(float(z) for z in np.arange(low - 16, high + 17, 8))
    frames = focus_series(sharp, solid, pixel_um, focus, breathing_per_um=2e-5, noise=NOISE)
    made = stack(frames, Stacking(pixel_um, focus))
    off = inner(made.depth - placed(solid, (0, 0), scale=1 + 2e-5 * focus[len(focus) // 2]))
    near = np.ones((13, 13), np.uint8)
    gentle = cv2.dilate(solid, near) - cv2.erode(solid, near) < 10.0
    sure = inner((made.confidence >= 0.5) & np.isfinite(part))
    assert sure.mean() > 0.3
    assert abs(float(np.median(off[sure]))) < 1.0  # micrometres, everywhere
    # where 41 µm of the face rise by less than 10 µm; at walls the window sees two depths
    assert rms(off[sure & inner(gentle)]) < 1.5  # measured: 1.0


def test_lights_of_a_real_scan_are_laid_on_each_other() -> None:
    heights, pixel_um = scan()
    laid = {"ring": (0.0, 0.0, 0.0), "left": (4.3, -2.6, 0.3), "top": (-7.2, 1.1, -0.45)}
    azimuths = {"ring": 45.0, "left": 180.0, "top": 90.0}
    frames = []
    for name, (x, y, turn) in laid.items():
        seen = lit(heights, pixel_um, Light.RING if name == "ring" else Light.SIDE, azimuths[name])
        grey = np.clip(seen * np.float32(110 / seen.mean()), 0, 400)
        frames.append(exposed(placed(grey, (x, y), turn)[60:-60, 60:-60], NOISE, name))
    made = register_lights(frames, Lighting(pixel_um, tuple(laid)))
    for place, (x, y, turn) in zip(made.placed, laid.values(), strict=True):
        angle = np.radians(turn)
        turned = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        true = -np.linalg.inv(turned) @ (x, y) * pixel_um
        assert np.hypot(*(np.array(place.shift_um) - true)) < 0.6  # measured: 0.2
        assert abs(place.rotation_deg + turn) < 0.02
