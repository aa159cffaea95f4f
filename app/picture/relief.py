"""Scans as relief: heights apart from the form they lie on, and slopes made ready for the light.

A slope is kept as a code, a step of g / sqrt(1 + g**2), the sine of its angle: even steps over
all slopes there are, so that a small table of codes holds the shade of every one of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.surface import Bools, Floats, Surface

Codes = NDArray[np.int16]

CODES = 512
"""Codes run from 1 to 511; 256 is level."""
LEVEL_CODE = CODES // 2
_SAMPLES = 8_000
_MIDDLING = 0.32


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """A scan taken apart.

    ``heights`` (micrometres, float32, rows x columns, 0 where ``missing``) are those over the
    robust quadratic form, whose six coefficients are ``form`` (1, x, y, x*x, x*y, y*y; x and y
    run from -1 to 1). ``exaggeration`` makes the middling slope good to see.
    """

    heights: Floats
    form: NDArray[np.float64]
    missing: Bools
    pixel_um: float
    exaggeration: float

    def slopes(self, form: float = 0.0, detail: float = 1.0) -> tuple[Floats, Floats]:
        """Slopes to the right and downwards (micrometres per micrometre), smoothed over a pixel:
        those of ``heights`` by ``detail`` and those of the form by ``form``."""
        shape = self.heights.shape
        if detail:
            smooth = _smoothed(self.heights, self.missing)
            across, down = (_slope(smooth, *way, self.pixel_um) for way in ((1, 0), (0, 1)))
            across *= np.float32(detail)
            down *= np.float32(detail)
        else:
            across, down = np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        if form:
            slope_x, slope_y = _form_slopes(self.form, shape, self.pixel_um)
            across += np.float32(form) * slope_x
            down += np.float32(form) * slope_y
        return across, down

    def codes(self, form: float = 0.0, detail: float = 1.0) -> Codes:
        """The exaggerated slopes as codes, int16 (rows, columns, 2): those to the right, those
        downwards; level where missing."""
        across, down = (self._coded(slope) for slope in self.slopes(form, detail))
        return np.asarray(cv2.merge([across, down]), np.int16)

    def _coded(self, slope: Floats) -> Codes:
        slope *= np.float32(self.exaggeration)
        length = cv2.sqrt(cv2.multiply(slope, slope) + np.float32(1.0))
        code = cv2.divide(slope, length, scale=LEVEL_CODE - 1) + np.float32(LEVEL_CODE + 0.5)
        coded: Codes = code.astype(np.int16)
        np.copyto(coded, np.int16(LEVEL_CODE), where=self.missing)
        return coded

    def measured(self, form: bool) -> Floats:
        """Heights in micrometres, NaN where missing: with the form as measured, or without."""
        heights = self.heights.copy()
        if form:
            heights += _form_heights(self.form, heights.shape)
        heights[self.missing] = np.nan
        return heights


def slope_of_code(codes: NDArray[np.floating]) -> Floats:
    """The exaggerated slopes that codes, whole or between, stand for."""
    sine = np.clip((codes - LEVEL_CODE) / (LEVEL_CODE - 1), -0.9985, 0.9985)
    return (sine / np.sqrt(1.0 - sine * sine)).astype(np.float32)


def relief_of(surface: Surface) -> Relief:
    """A scan with its robust quadratic form taken off."""
    missing = ~np.isfinite(surface.values)
    heights, form = _levelled(surface.values, missing)
    relief = Relief(heights, form, missing, surface.pixel_um, 1.0)
    return Relief(heights, form, missing, surface.pixel_um, _exaggeration(relief))


def _slope(heights: Floats, dx: int, dy: int, pixel_um: float) -> Floats:
    slope = cv2.Scharr(heights, cv2.CV_32F, dx, dy, scale=1.0 / (32.0 * pixel_um))
    return slope.astype(np.float32, copy=False)


def _axes(shape: tuple[int, ...]) -> tuple[Floats, Floats]:
    rows, columns = shape
    return np.linspace(-1, 1, columns, dtype=np.float32), np.linspace(-1, 1, rows, dtype=np.float32)


def _form_heights(form: NDArray[np.float64], shape: tuple[int, ...]) -> Floats:
    x, y = _axes(shape)
    c = form.astype(np.float32)
    down = np.stack([np.ones_like(y), c[2] * y + c[5] * y * y, c[4] * y], axis=1)
    across = np.stack([c[0] + c[1] * x + c[3] * x * x, np.ones_like(x), x])
    return np.asarray(down @ across, np.float32)


def _form_slopes(
    form: NDArray[np.float64], shape: tuple[int, ...], pixel_um: float
) -> tuple[Floats, Floats]:
    """The gradient of the form: a plane in each direction."""
    x, y = _axes(shape)
    c = form.astype(np.float32)
    per_x = np.float32(2.0 / (max(shape[1] - 1, 1) * pixel_um))
    per_y = np.float32(2.0 / (max(shape[0] - 1, 1) * pixel_um))
    across = (c[1] + 2 * c[3] * x)[None, :] + (c[4] * y)[:, None]
    down = (c[4] * x)[None, :] + (c[2] + 2 * c[5] * y)[:, None]
    return np.asarray(across * per_x, np.float32), np.asarray(down * per_y, np.float32)


def _levelled(values: Floats, missing: Bools) -> tuple[Floats, NDArray[np.float64]]:
    """Heights less a quadratic form fitted to what is neither missing nor far off it."""
    stride = max(1, int(np.sqrt(values.size / _SAMPLES)))
    grid = values[::stride, ::stride]
    good = ~missing[::stride, ::stride]
    if np.count_nonzero(good) < 12:
        return np.where(missing, np.float32(0), values), np.zeros(6)
    x, y = _axes(values.shape)
    gx, gy = np.meshgrid(x[::stride], y[::stride])
    form = _quadratic(gx[good], gy[good], grid[good])
    heights = _form_heights(form, values.shape)
    np.subtract(values, heights, out=heights)
    np.copyto(heights, 0, where=missing)
    return heights, form


def _quadratic(x: Floats, y: Floats, z: Floats) -> NDArray[np.float64]:
    terms = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1).astype(np.float64)
    keep = np.ones(z.shape, dtype=bool)
    coefficients = np.zeros(6)
    for _ in range(4):
        kept = terms[keep]
        # six well-scaled terms: the normal equations are good enough and much quicker
        normal = kept.T @ kept + 1e-9 * len(kept) * np.eye(6)
        right = kept.T @ z[keep].astype(np.float64)
        coefficients = np.linalg.solve(normal, right).astype(np.float64, copy=False)
        off = np.abs(z - terms @ coefficients)
        keep = off <= 3.0 * max(float(np.median(off)), 1e-9)
    return coefficients


def _smoothed(heights: Floats, missing: Bools) -> Floats:
    """Gaussian over one pixel that takes nothing from missing points and reaches over edges."""
    if not missing.any():
        return cv2.GaussianBlur(heights, (0, 0), 1.0).astype(np.float32, copy=False)
    present = (~missing).astype(np.float32)
    weight = np.maximum(cv2.GaussianBlur(present, (7, 7), 1.0), 1e-6)
    total = cv2.GaussianBlur(heights, (7, 7), 1.0)
    np.divide(total, weight, out=total)
    return total.astype(np.float32, copy=False)


def _exaggeration(relief: Relief) -> float:
    """A factor that gives the middling slope a good shade, whatever the relief's depth."""
    across, down = relief.slopes()
    stride = max(1, int(np.sqrt(across.size / _SAMPLES)))
    part = (slice(None, None, stride),) * 2
    steep = np.hypot(across[part], down[part])[~relief.missing[part]]
    middling = float(np.median(steep)) if steep.size else 0.0
    return float(np.clip(_MIDDLING / middling, 0.2, 400.0)) if middling > 0 else 1.0
