"""A mark in polar coordinates, where turning it is a shift along one axis."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.prepare import Level
from correlation.surface import Bools, Floats

RINGS = 56
ANGLES = 240
STEP_DEG = 360 / ANGLES
RADII = (np.arange(RINGS) + 0.5).astype(np.float32)
STEPS = 30.0
MISSING = -128
_HALF = 0.5
_ROWS = 1 << 14


def polar(
    level: Level, centres_px: NDArray[np.floating] | None = None, every: int = 1
) -> tuple[Floats, Bools]:
    """Values and mask about ``centres_px``, arrays of (centres, RINGS, ANGLES / every).

    Centres are (x, y) in pixels from the centre of the level's array, by default that centre
    alone. Ring i has a radius of i + 0.5 pixels, column j lies at j * every * STEP_DEG
    counter-clockwise as seen from the x axis. Bilinear with the mask as weight, values 0 outside.
    """
    centres = np.zeros((1, 2)) if centres_px is None else centres_px
    middle = (level.values.shape[0] - 1) / 2
    corner = (centres + middle).astype(np.float32)[:, :, None, None]
    angles = np.deg2rad(np.arange(0, ANGLES, every) * STEP_DEG)
    x = corner[:, 0] + (RADII[:, None] * np.cos(angles)).astype(np.float32)
    y = corner[:, 1] - (RADII[:, None] * np.sin(angles)).astype(np.float32)
    shape = x.shape
    maps = [a.reshape(-1, shape[2]) for a in (x, y)]
    values = _sampled(level.values * level.mask, *maps)
    weight = _sampled(level.mask.astype(np.float32), *maps)
    mask = weight >= _HALF
    np.copyto(weight, np.inf, where=~mask)
    values /= weight
    return values.reshape(shape), mask.reshape(shape)


def _sampled(array: Floats, x: Floats, y: Floats) -> Floats:
    """Bilinear, 0 outside; OpenCV takes only so many rows at once."""
    out = np.empty(x.shape, np.float32)
    for i in range(0, len(x), _ROWS):
        some = slice(i, i + _ROWS)
        cv2.remap(array, x[some], y[some], cv2.INTER_LINEAR, dst=out[some])
    return out


def packed(values: Floats, masks: Bools) -> NDArray[np.int8]:
    """One byte a sample: STEPS to one standard deviation, and a number for missing."""
    whole = np.clip(np.rint(values * np.float32(STEPS)), -127, 127)
    return np.where(masks, whole, MISSING).astype(np.int8)


def unpacked(stored: NDArray[np.int8]) -> tuple[Floats, Floats]:
    """Values (0 where missing) and masks (0 or 1) of ``packed``, float32."""
    values = stored.astype(np.float32)
    masks = np.greater(values, MISSING).astype(np.float32)
    values *= masks
    values *= np.float32(1 / STEPS)
    return values, masks
