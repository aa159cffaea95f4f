"""The direction of parallel marks, against bench firearms whose marks are known."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.bench import VirtualFirearm, image_of, shot_of
from app.capture.frame import Pixels
from app.capture.lay import lay_of
from app.domain import Circle

PIXEL_UM = 10.12
FACE = Circle(3270.0, 2450.0, 1850.0)
PIN = Circle(3270.0, 2450.0, 800.0)


def lined(deg: float, noise: float = 10.0) -> Pixels:
    """Lines in a direction, with noise."""
    y, x = np.mgrid[:480, :640].astype(np.float32)
    across = x * np.sin(np.radians(deg)) + y * np.cos(np.radians(deg))
    grey = 120 + 40 * np.sin(across * 2 * np.pi / 12)
    noisy = grey + np.random.default_rng(5).normal(0, noise, grey.shape)
    return np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("deg", [0.0, 20.0, 45.0, 90.0, 135.0, 170.0])
def test_lines_are_told_to_a_degree(deg: float) -> None:
    found = lay_of(lined(deg), PIXEL_UM, FACE, PIN)
    assert found.plain
    assert (found.deg - deg + 90) % 180 - 90 == pytest.approx(0, abs=1)


def test_sixteen_bits_and_colour_are_the_same() -> None:
    grey = lined(30.0)
    deep = (grey.astype(np.uint16) * 257).astype(np.uint16)
    colour = np.repeat(grey[..., None], 3, axis=2)
    found = lay_of(grey, PIXEL_UM, FACE)
    for other in (deep, colour):
        assert lay_of(other, PIXEL_UM, FACE).deg == pytest.approx(found.deg, abs=0.2)


@pytest.mark.parametrize(("seed", "shot"), [(1, 1), (4, 2), (7, 1)])
def test_milled_faces_have_a_direction(seed: int, shot: int) -> None:
    firearm = VirtualFirearm(seed, "milled")
    pixels, um = image_of(firearm, shot, pixel_um=PIXEL_UM)
    found = lay_of(pixels, um, FACE, PIN)
    true = (90 + shot_of(firearm, shot).turn_deg) % 180  # the cutter's own angle is 4 degrees wide
    assert found.plain
    assert (found.deg - true + 90) % 180 - 90 == pytest.approx(0, abs=6)


@pytest.mark.parametrize("machining", ["cast", "turned", "filed"])
def test_others_have_none(machining: str) -> None:
    firearm = VirtualFirearm(3, machining)  # type: ignore[arg-type]
    pixels, um = image_of(firearm, 1, pixel_um=PIXEL_UM)
    assert not lay_of(pixels, um, FACE, PIN).plain


def test_nothing_to_look_at_is_no_direction() -> None:
    flat = np.full((480, 640), 90, np.uint8)
    assert not lay_of(flat, PIXEL_UM, FACE).plain
    assert not lay_of(lined(10.0), PIXEL_UM, Circle(-9000.0, 0.0, 100.0)).plain
