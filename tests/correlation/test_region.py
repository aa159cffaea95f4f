"""Finding the breech face: circles on made and on real pictures."""

import hashlib
from pathlib import Path

import numpy as np
import pytest

from app.capture.bench import BenchSource, VirtualFirearm, shot_of
from app.importing.decode import read_surface
from app.validation.degrading import degrade
from correlation.region import Disc, find_region
from correlation.surface import Surface

REAL = Path(__file__).parents[3] / "shared" / "data"
PIXEL_UM = 10.0


def face(outer: tuple[float, float, float], inner: tuple[float, float, float]) -> Surface:
    """A bright face in a dark groove with a dark impression, grey brass around, and noise."""
    y, x = (np.mgrid[:500, :640] * PIXEL_UM).astype(np.float32)
    away = np.hypot(x - outer[0], y - outer[1])
    grey = np.where(away < outer[2], 0.5, np.where(away < outer[2] * 1.4, 0.05, 0.3))
    grey = np.where(np.hypot(x - inner[0], y - inner[1]) < inner[2], 0.06, grey)
    noise = np.random.default_rng(4).normal(0, 0.08, grey.shape)
    return Surface(np.clip(grey + noise, 0, 1).astype(np.float32), PIXEL_UM, "image")


def near(disc: Disc | None, truth: tuple[float, float, float], within_um: float) -> bool:
    if disc is None:
        return False
    off = np.hypot(disc.x_um - truth[0], disc.y_um - truth[1])
    return bool(off < within_um and abs(disc.radius_um - truth[2]) < within_um)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ((3200, 2500, 1750), (3300, 2600, 800)),
        ((2900, 2300, 2100), (2600, 2100, 1150)),
        ((3500, 2700, 1500), (3500, 2700, 600)),
    ],
)
def test_circles_are_found_within_two_pixels_of_the_grid(
    outer: tuple[float, float, float], inner: tuple[float, float, float]
) -> None:
    finding = find_region(face(outer, inner))
    assert near(finding.outer, outer, 50)
    assert near(finding.inner, inner, 50)
    assert finding.confidence > 0.5


def test_noise_alone_has_low_confidence_and_says_so() -> None:
    grey = np.random.default_rng(3).random((500, 640)).astype(np.float32)
    finding = find_region(Surface(grey, PIXEL_UM, "image"))
    assert finding.confidence < 0.3
    assert "correct" in finding.sentence or "whole picture" in finding.sentence


@pytest.mark.parametrize("gun", [1, 4])
def test_a_bright_rounded_edge_is_outside_the_face(gun: int) -> None:
    source = BenchSource(VirtualFirearm(gun), 1, rate=0)
    source.open()
    pixels = source.read().pixels.astype(np.float32) / 255
    source.close()
    finding = find_region(Surface(pixels, source.pixel_um, "image"))
    beyond = finding.outer.radius_um - shot_of(VirtualFirearm(gun), 1).flat_um
    assert -45 < beyond < 10


HAND_MADE = {
    "nist2d/fadul-1-1-ring.png": ((3350, 2480, 1780), (3015, 2620, 780)),
    "nist2d/fadul-1-2-ring.png": ((3200, 2440, 1780), (2890, 2445, 800)),
    "nist2d/colt-01-ring.png": ((3240, 2490, 2050), (3610, 2520, 1250)),
    "nist2d/colt-05-ring.png": ((3290, 2515, 1680), (2940, 2790, 810)),
    "nist2d/cary-wong-0001-ring.png": ((3310, 2495, 1750), (3415, 2520, 880)),
    "nist2d/lightstone-40-ring.png": ((3310, 2370, 1875), (3540, 2470, 810)),
    "raw3d/fadul-1-1-raw.x3p": ((1920, 1895, 1780), (1620, 1850, 1270)),
    "raw3d/fadul-2-1-raw.x3p": ((1870, 1895, 1780), (1770, 1795, 1250)),
}


@pytest.mark.real_data
@pytest.mark.parametrize("name", HAND_MADE)
def test_real_pictures_agree_with_outlines_made_by_eye(name: str) -> None:
    path = REAL / name
    if not path.exists():
        pytest.skip("the real scans and images are not beside the checkout")
    surface = read_surface(path, pixel_um=2.53 if path.suffix == ".png" else None)
    finding = find_region(surface)
    outer, inner = HAND_MADE[name]
    assert near(finding.outer, outer, 75)
    assert near(finding.inner, inner, 90)
    assert finding.confidence > 0.5


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["fadul-1-1.x3p", "fadul-f.x3p"])
def test_half_of_a_trimmed_scan_is_still_placed_by_its_arc(name: str) -> None:
    path = REAL / "fadul3d" / name
    if not path.exists():
        pytest.skip("the real scans and images are not beside the checkout")
    scan = read_surface(path)
    whole = find_region(scan).outer
    half = find_region(degrade(scan, "crop", hashlib.sha256(path.read_bytes()).hexdigest())).outer
    assert np.hypot(half.x_um - whole.x_um, half.y_um - whole.y_um) < 250
    assert half.radius_um == pytest.approx(whole.radius_um, rel=0.12)
