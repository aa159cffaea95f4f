"""Fields put down side by side: each pixel from the field whose edge is farthest from it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.capture.combine.frames import rounded
from app.capture.frame import Pixels
from correlation.surface import Floats

BLENDED, NOTHING = -1, -2


def joined(
    fields: Sequence[Pixels], corners: NDArray[np.intp], seam_px: int
) -> tuple[Pixels, NDArray[np.int16]]:
    """The whole picture and the field each pixel came from, -1 where blended, -2 where none.

    ``corners`` are the fields' first pixels in the whole, (fields, 2), x and y. Fields blend
    where the distances to their edges differ by less than ``seam_px``.
    """
    shape = fields[0].shape
    depth = _depth(shape[0], shape[1])
    size = (int(corners[:, 1].max()) + shape[0], int(corners[:, 0].max()) + shape[1])
    deepest = np.zeros(size, np.float32)
    owner = np.full(size, NOTHING, np.int16)
    for number, corner in enumerate(corners):
        part = _part(corner, shape)
        first = depth > deepest[part]
        owner[part][first] = number
        deepest[part] = np.maximum(deepest[part], depth)
    total = np.zeros((*size, *shape[2:]), np.float32)
    weights = np.zeros(size, np.float32)
    for number, (field, corner) in enumerate(zip(fields, corners, strict=True)):
        part = _part(corner, shape)
        share = np.clip(1 - (deepest[part] - depth) / np.float32(max(seam_px, 1e-3)), 0, 1)
        total[part] += field * (share[..., None] if field.ndim == 3 else share)
        weights[part] += share
        owner[part][(share > 0) & (owner[part] != number)] = BLENDED
    divisor = np.maximum(weights, 1e-6)
    return rounded(
        total / (divisor[..., None] if total.ndim == 3 else divisor), fields[0].dtype
    ), owner


def _part(corner: NDArray[np.intp], shape: tuple[int, ...]) -> tuple[slice, slice]:
    x, y = int(corner[0]), int(corner[1])
    return slice(y, y + shape[0]), slice(x, x + shape[1])


def _depth(rows: int, columns: int) -> Floats:
    """Distance of each pixel of a field to its nearest edge, at least 1."""
    down = np.minimum(np.arange(rows), np.arange(rows)[::-1]) + 1
    across = np.minimum(np.arange(columns), np.arange(columns)[::-1]) + 1
    return np.asarray(np.minimum(down[:, None], across[None, :]), np.float32)
