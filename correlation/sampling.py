"""Many views of one picture, turned and moved: bilinear, with the mask as weight."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.kernels import loops
from correlation.prepare import Level
from correlation.resample import block_mean, warped
from correlation.surface import Bools, Floats

Source = NDArray[np.complex64]
"""A picture with its mask: values (0 outside) real, weights imaginary; a border of nothing."""


def source(values: Floats, mask: Bools | Floats) -> Source:
    """``values`` and ``mask`` with one row and column of nothing before them and two after."""
    rows, columns = values.shape
    padded = np.zeros((rows + 3, columns + 3), np.complex64)
    inner = padded[1:-2, 1:-2]
    inner.real = values * mask
    inner.imag = mask
    return padded


def halved(level: Level) -> Source:
    """A level at twice the pitch."""
    values, mask = level.values, level.mask
    compiled = loops()
    size = values.shape[0]
    if compiled is None or size % 2 == 0:
        return source(*block_mean(values, mask, 2))
    target = 2 * ((size - 1) // 4) + 1
    out, kept = np.empty((2, target, target), np.float32)
    compiled.halve(np.ascontiguousarray(values), np.ascontiguousarray(mask), out, kept)
    return source(out, kept)


def turnings(
    turns_deg: NDArray[np.float64],
    shape: tuple[int, int],
    size: int,
    shifts_px: NDArray[np.float64],
) -> NDArray[np.float64]:
    """``resample.turning`` of a picture of ``shape`` to (size, size), n times: (n, 2, 3).

    ``shifts_px`` (x, y) is (n, 2) or (2,).
    """
    cos, sin = np.cos(np.deg2rad(turns_deg)), np.sin(np.deg2rad(turns_deg))
    x, y = np.moveaxis((size - 1) / 2 + shifts_px, -1, 0)
    matrices = np.empty((len(turns_deg), 2, 3))
    matrices[:, 0, 0] = matrices[:, 1, 1] = cos
    matrices[:, 1, 0] = sin
    matrices[:, 0, 1] = -sin
    matrices[:, 0, 2] = (shape[1] - 1) / 2 - cos * x + sin * y
    matrices[:, 1, 2] = (shape[0] - 1) / 2 - sin * x - cos * y
    return matrices


def sampled(seen: Source, matrices: NDArray[np.float64], size: int) -> Floats:
    """Values and mask through each matrix, (n, 2, size, size), as ``resample.warped``."""
    out = np.empty((len(matrices), 2, size, size), np.float32)
    compiled = loops()
    if compiled is None:
        values, weight = plain(seen)
        for matrix, (moved, kept) in zip(matrices, out, strict=True):
            moved[:], kept[:] = warped(values, weight, matrix, (size, size))
    else:
        compiled.sample(seen, matrices, out)
    return out


def plain(seen: Source) -> tuple[Floats, Floats]:
    """Values and mask of a source."""
    inner = seen[1:-2, 1:-2]
    return np.ascontiguousarray(inner.real), np.ascontiguousarray(inner.imag)
