"""Moving pictures with missing data to another pixel size or orientation, without bias."""

from __future__ import annotations

import math
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.surface import Bools, Floats

_HALF = 0.5


@lru_cache(maxsize=64)
def _weights(
    count: int, size: int, pixel_um: float, to_um: float, centre: float
) -> tuple[int, int, Floats]:
    """Share of each of ``count`` source pixels in ``size`` target pixels, rows summing to 1.

    The mean over a target pixel of the source interpolated linearly, so that a slope stays one.
    ``centre`` is the target grid's centre in source pixels. Returned with the first and last
    source pixel touched, so that the product runs over those only.
    """
    ratio = to_um / pixel_um
    targets = centre + (np.arange(size) - (size - 1) / 2) * ratio
    away = np.asarray(np.subtract.outer(targets, np.arange(count)), np.float64)
    weights = (_hat_below(away + ratio / 2) - _hat_below(away - ratio / 2)) / ratio
    used = np.flatnonzero(weights.any(axis=0))
    if used.size == 0:
        return 0, 0, np.zeros((size, 0), np.float32)
    first, last = int(used[0]), int(used[-1]) + 1
    return first, last, weights[:, first:last].astype(np.float32)


def _hat_below(x: NDArray[np.float64]) -> NDArray[np.float64]:
    """Integral up to ``x`` of the triangle that linear interpolation weighs with."""
    inside = np.clip(x, -1, 1)
    return np.where(inside < 0, (inside + 1) ** 2 / 2, 1 - (1 - inside) ** 2 / 2)


def area_average(
    values: Floats,
    pixel_um: float,
    to_um: float,
    centre_um: tuple[float, float],
    shape: tuple[int, int],
) -> tuple[Floats, Bools]:
    """Average ``values`` (rows, columns; NaN missing) over the pixels of another grid.

    The grid has ``shape`` and pixels of ``to_um``; its centre lies at ``centre_um`` (x, y)
    from the centre of the source array. A pixel is valid where at least half of its area is.
    Returns heights (0 where invalid) and the validity mask.
    """
    rows, columns = values.shape
    down = _weights(
        rows, shape[0], pixel_um, to_um, round(centre_um[1] / pixel_um + (rows - 1) / 2, 6)
    )
    across = _weights(
        columns, shape[1], pixel_um, to_um, round(centre_um[0] / pixel_um + (columns - 1) / 2, 6)
    )
    part = values[down[0] : down[1], across[0] : across[1]]
    valid = np.isfinite(part)
    total = down[2] @ np.where(valid, part, 0) @ across[2].T
    weight = down[2] @ valid.astype(np.float32) @ across[2].T
    mask = weight >= _HALF - 1e-4
    return np.where(mask, total / np.maximum(weight, 1e-6), 0).astype(np.float32), mask


def block_mean(values: Floats, mask: Bools, factor: int) -> tuple[Floats, Bools]:
    """Mean over ``factor`` x ``factor`` blocks centred like the whole (odd sizes stay odd)."""
    size = values.shape[0]
    target = max(1, 2 * ((size - 1) // (2 * factor)) + 1)
    weight, total = (
        _blocks(array, factor, target) for array in (mask.astype(np.float32), values * mask)
    )
    kept = weight >= _HALF - 1e-4
    return np.where(kept, total / np.maximum(weight, 1e-6), 0).astype(np.float32), kept


def _blocks(array: Floats, factor: int, target: int) -> Floats:
    size = array.shape[0]
    _, _, weights = _full_weights(size, factor, target)
    return np.asarray(weights @ array @ weights.T, np.float32)


@lru_cache(maxsize=64)
def _full_weights(size: int, factor: int, target: int) -> tuple[int, int, Floats]:
    first, last, weights = _weights(size, target, 1.0, float(factor), (size - 1) / 2)
    full = np.zeros((target, size), np.float32)
    full[:, first:last] = weights
    return 0, size, full


def turning(
    rotation_deg: float,
    from_shape: tuple[int, int],
    to_shape: tuple[int, int],
    shift_px: tuple[float, float] = (0.0, 0.0),
) -> NDArray[np.float64]:
    """The 2x3 matrix that takes a target pixel to its source pixel.

    The source is turned counter-clockwise as seen about its array centre, then moved by
    ``shift_px`` (x, y).
    """
    cos, sin = _cos_sin(rotation_deg)
    x = (to_shape[1] - 1) / 2 + shift_px[0]
    y = (to_shape[0] - 1) / 2 + shift_px[1]
    from_x, from_y = (from_shape[1] - 1) / 2, (from_shape[0] - 1) / 2
    return np.array(
        [
            [cos, -sin, from_x - cos * x + sin * y],
            [sin, cos, from_y - sin * x - cos * y],
        ]
    )


def _cos_sin(rotation_deg: float) -> tuple[float, float]:
    angle = math.radians(rotation_deg)
    return math.cos(angle), math.sin(angle)


def turned(
    values: Floats,
    mask: Bools,
    rotation_deg: float,
    shape: tuple[int, int] | None = None,
    shift_px: tuple[float, float] = (0.0, 0.0),
) -> tuple[Floats, Bools]:
    """Values and mask turned counter-clockwise and moved; bilinear with the mask as weight."""
    to_shape = shape or values.shape
    matrix = turning(rotation_deg, values.shape, to_shape, shift_px)
    weight = mask.astype(np.float32)
    moved, kept = warped(values * weight, weight, matrix, to_shape)
    return moved, kept > 0


def warped(
    values: Floats, weight: Floats, matrix: NDArray[np.float64], shape: tuple[int, int]
) -> tuple[Floats, Floats]:
    """``values`` (0 where ``weight`` is 0) seen through ``matrix``, and 1 where there are any."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    size = (shape[1], shape[0])
    there = cv2.warpAffine(weight, matrix, size, flags=flags)
    total = cv2.warpAffine(values, matrix, size, flags=flags)
    kept = (there >= _HALF).astype(np.float32)
    return np.asarray(total * kept / np.maximum(there, _HALF), np.float32), kept
