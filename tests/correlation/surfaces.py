"""Marks made for the tests of the correlation library."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.surface import Floats, Surface

PIXEL_UM = 10.0
SIZE = 380


def texture(seed: int, size: int = 2 * SIZE) -> Floats:
    """Isotropic relief of about 2 um with wavelengths between 60 and 300 um."""
    noise = np.random.default_rng(seed).standard_normal((size, size)).astype(np.float32)
    fine = cv2.GaussianBlur(noise, (0, 0), 1.5)
    rough = cv2.GaussianBlur(noise, (0, 0), 5.0)
    return np.asarray(2 * (fine / fine.std() + 0.5 * rough / rough.std()), np.float32)


def annulus(size: int = SIZE, outer: float = 1700.0, inner: float = 700.0) -> NDArray[np.bool_]:
    """A breech face around a firing-pin hole a little off its centre."""
    steps = (np.arange(size) - (size - 1) / 2) * PIXEL_UM
    distance = np.hypot(steps[None, :], steps[:, None])
    hole = np.hypot(steps[None, :] - 120, steps[:, None] + 60)
    return np.asarray((distance < outer) & (hole > inner), np.bool_)


def scan(
    seed: int,
    rotation_deg: float = 0.0,
    shift_um: tuple[float, float] = (0.0, 0.0),
    noise: float = 0.0,
    noise_seed: int = 99,
) -> Surface:
    """One gun's mark (``seed``) on a case turned counter-clockwise and then moved."""
    source = texture(seed)
    values = cv2.warpAffine(
        source,
        _placing(rotation_deg, shift_um, source.shape[0]),
        (SIZE, SIZE),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
    )
    mask = cv2.warpAffine(
        annulus(2 * SIZE).astype(np.float32),
        _placing(rotation_deg, shift_um, 2 * SIZE),
        (SIZE, SIZE),
        flags=cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP,
    )
    extra = np.random.default_rng(noise_seed).standard_normal((SIZE, SIZE)) * noise
    heights = np.where(mask > 0.5, values + extra, np.nan)
    return Surface(heights.astype(np.float32), PIXEL_UM, "scan")


def _placing(rotation_deg: float, shift_um: tuple[float, float], size: int) -> NDArray[np.float64]:
    angle = np.deg2rad(rotation_deg)
    linear = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    target = np.array([(SIZE - 1) / 2, (SIZE - 1) / 2]) + np.asarray(shift_um) / PIXEL_UM
    return np.column_stack([linear, (size - 1) / 2 - linear @ target])
