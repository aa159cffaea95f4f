"""What a picture shows whatever the light: the direction of its edges, doubled.

A scratch lit from one side and from the other is bright and dark, dark and bright; its edges keep
their places and their direction but for the sign, which doubling the angle removes. Pictures of
edge directions are two numbers per pixel (a complex one), levelled so that strong highlights do
not decide alone, and are compared by their complex correlation (after Fitch et al. 2002).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.capture.combine.motion import Interpolation, Motion, inside, moved
from app.capture.opencv import cv2
from correlation.late import fft
from correlation.surface import Bools, Floats

Complex = NDArray[np.complex64]
_LEVEL_PX = 8.0
_SLOPE_PX = 1.2


def directions(image: Floats, good: Bools | None = None) -> Floats:
    """Edge directions of grey, float32 (rows, columns, 2): cosine and sine of the double angle.

    Each pixel's length is the root of its edge's strength over that around it, at most about 1.
    """
    smooth = cv2.GaussianBlur(np.log(image + np.float32(0.02)), (0, 0), _SLOPE_PX)
    kernel = np.array([-0.5, 0, 0.5], np.float32)
    one = np.ones(1, np.float32)
    right = np.asarray(cv2.sepFilter2D(smooth, cv2.CV_32F, kernel, one))
    down = np.asarray(cv2.sepFilter2D(smooth, cv2.CV_32F, one, kernel))
    power = right * right + down * down
    around = cv2.GaussianBlur(power, (0, 0), _LEVEL_PX) + 0.05 * float(power.mean()) + 1e-12
    length = np.sqrt(np.minimum(power / around, 4.0)) / np.maximum(power, 1e-12)
    both = np.dstack([(right * right - down * down) * length, 2 * right * down * length])
    if good is not None:
        both[~cv2.erode(good.astype(np.uint8), np.ones((7, 7), np.uint8)).astype(bool)] = 0
    return np.asarray(both, np.float32)


def turned(field: Floats, motion: Motion, kernel: Interpolation = "linear") -> Floats:
    """Directions brought along by a motion: moved, and their angle turned by twice its turn."""
    seen = moved(field, motion, kernel)
    # The picture's y points down, so its counter-clockwise turn lowers the angle.
    angle = np.radians(-2 * motion.turn_deg)
    cos, sin = np.float32(np.cos(angle)), np.float32(np.sin(angle))
    first, second = seen[..., 0], seen[..., 1]
    return np.dstack([first * cos - second * sin, first * sin + second * cos])


def agreement(fixed: Floats, moving: Floats, motion: Motion, part: Bools | None = None) -> float:
    """How far the directions agree once moved: 1 the same everywhere, about 0 by chance."""
    seen = turned(moving, motion)
    mask = inside(fixed.shape, motion, 3)
    if part is not None:
        mask &= part
    both, left, right = (
        float(np.sum(np.einsum("ijk,ijk->ij", one, two), where=mask))
        for one, two in ((fixed, seen), (fixed, fixed), (seen, seen))
    )
    power = float(np.sqrt(left * right))
    return both / power if power > 0 else 0.0


def searched(
    fixed: Floats, moving: Floats, turns_deg: NDArray[np.float64], reach_px: float
) -> Motion:
    """The best of some rotations and of all whole-pixel shifts up to ``reach_px``."""
    padded = tuple(fft.next_fast_len(2 * n) for n in fixed.shape[:2])
    steady = fft.fft2(_complex(fixed), padded)
    allowed = _within(padded, reach_px)
    best, height = Motion(), -np.inf
    for turn in turns_deg:
        seen = fft.fft2(_complex(turned(moving, Motion(turn_deg=float(turn)))), padded)
        surface = np.where(allowed, fft.ifft2(steady * np.conj(seen)).real, -np.inf)
        at = np.unravel_index(int(np.argmax(surface)), surface.shape)
        if float(surface[at]) > height:
            height = float(surface[at])
            row, column = (_signed(int(n), size) for n, size in zip(at, padded, strict=True))
            best = Motion(float(column), float(row), float(turn))
    return best


def _complex(field: Floats) -> Complex:
    return np.asarray(field[..., 0] + 1j * field[..., 1], np.complex64)


def _within(padded: tuple[int, ...], reach_px: float) -> Bools:
    rows, columns = (
        np.array([_signed(n, size) for n in range(size)], np.float64) for size in padded
    )
    return np.asarray(np.hypot(rows[:, None], columns[None, :]) <= max(reach_px, 8.0), np.bool_)


def _signed(number: int, size: int) -> int:
    return number - size if number > size // 2 else number
