"""Where in a frame it is sharp: a coarse map for the live view."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.capture.frame import Frame
from app.capture.opencv import cv2

CELLS = 48
"""Of the longer side of a picture that is large enough; a cell has at least _LEAST_PX pixels."""
_LEAST_CELLS = 4
_LEAST_PX = 16
_DARK = 30.0**2
"""Squared grey (of 255) below which darkness makes nothing sharper: there is only noise."""
_LARGE = 2_000_000
"""Pixels from which on the map is made of the picture at half its size: it is coarse anyway."""


def focus_map(frame: Frame) -> NDArray[np.float32] | None:
    """Local sharpness, float32 rows x columns of cells; None for a frame smaller than 4 x 4 cells.

    Mean squared Laplacian of each cell over its squared mean grey, after a light blur, as
    ``focus_measure`` of the middle: comparable within one view, not between specimens.
    """
    grey = _grey(frame)
    rows, columns = grey.shape
    cell = max(_LEAST_PX, round(max(rows, columns) / CELLS))
    size = columns // cell, rows // cell
    if min(size) < _LEAST_CELLS:
        return None
    smooth = cv2.GaussianBlur(grey, (3, 3), 0.8)
    detail = cv2.Laplacian(smooth, cv2.CV_16S)
    energy = cv2.multiply(detail, detail, dtype=cv2.CV_32F)
    mean = cv2.resize(smooth, size, interpolation=cv2.INTER_AREA).astype(np.float32)
    local = cv2.resize(energy, size, interpolation=cv2.INTER_AREA)
    return np.asarray(local / np.maximum(mean * mean, _DARK), np.float32)


def _grey(frame: Frame) -> NDArray[np.uint8]:
    pixels = frame.pixels
    rows, columns = pixels.shape[:2]
    if rows * columns > _LARGE:
        half = columns // 2, rows // 2
        even = pixels[: half[1] * 2, : half[0] * 2]
        pixels = cv2.resize(even, half, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    if pixels.dtype == np.uint16:
        pixels = cv2.convertScaleAbs(pixels, alpha=1 / 257)  # type: ignore[assignment]
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)  # type: ignore[assignment]
    return np.asarray(pixels, np.uint8)
