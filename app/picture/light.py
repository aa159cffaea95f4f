"""Scans under a virtual light, and pictures as grey values for the screen."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.surface import Bools, Floats, Surface

Grey = NDArray[np.uint8]

MISSING_GREY = 52
_SAMPLES = 8_000
_STRIP = 64


@dataclass(frozen=True, slots=True)
class VirtualLight:
    """A distant light: azimuth counter-clockwise as seen from "right", elevation over the plane."""

    azimuth_deg: float = 135.0
    elevation_deg: float = 45.0
    shine: float = 0.35


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """Slopes of a scan, exaggerated for the eye, float32 (rows, columns); ``missing`` likewise.

    ``slope_y`` is positive where the surface rises downwards on the screen.
    """

    slope_x: Floats
    slope_y: Floats
    missing: Bools


def displayable(surface: Surface, light: VirtualLight | None = None) -> Grey:
    """The picture in grey values, uint8 of the surface's shape; missing is a neutral dark grey.

    Images keep their contrast (0..1 becomes 0..255); scans are lit by ``light``.
    """
    if surface.kind == "scan":
        return lit(relief_of(surface), light or VirtualLight())
    missing = np.isnan(surface.values)
    grey = np.clip(np.nan_to_num(surface.values) * np.float32(255.0) + np.float32(0.5), 0, 255)
    pixels: Grey = grey.astype(np.uint8)
    np.copyto(pixels, MISSING_GREY, where=missing)
    return pixels


def relief_of(surface: Surface) -> Relief:
    """Slopes of a scan after taking off its robust quadratic form, smoothed over one pixel."""
    missing = ~np.isfinite(surface.values)
    heights = _levelled(surface.values, missing)
    smooth = _smoothed(heights, missing)
    across = _slope(smooth, 1, 0, surface.pixel_um)
    down = _slope(smooth, 0, 1, surface.pixel_um)
    factor = _exaggeration(across, down, missing)
    across *= factor
    down *= factor
    return Relief(across, down, missing)


def _slope(heights: Floats, dx: int, dy: int, pixel_um: float) -> Floats:
    slope = cv2.Scharr(heights, cv2.CV_32F, dx, dy, scale=1.0 / (32.0 * pixel_um))
    return slope.astype(np.float32, copy=False)


def lit(relief: Relief, light: VirtualLight) -> Grey:
    """Shading of a relief: Lambert's law with a soft highlight, uint8."""
    pixels: Grey = np.empty(relief.missing.shape, np.uint8)
    for first in range(0, len(pixels), _STRIP):  # strips stay in the processor's cache
        strip = slice(first, first + _STRIP)
        pixels[strip] = _shade(relief.slope_x[strip], relief.slope_y[strip], light)
    np.copyto(pixels, MISSING_GREY, where=relief.missing)
    return pixels


def _shade(across: Floats, down: Floats, light: VirtualLight) -> Floats:
    azimuth, elevation = np.deg2rad(light.azimuth_deg), np.deg2rad(light.elevation_deg)
    x = np.float32(np.cos(elevation) * np.cos(azimuth))
    y = np.float32(-np.cos(elevation) * np.sin(azimuth))
    z = np.float32(np.sin(elevation))
    length = np.sqrt(across * across + down * down + np.float32(1.0))
    facing = z - x * across - y * down
    matt = np.maximum(facing / length, 0)
    half = np.sqrt(np.float32(2.0) + np.float32(2.0) * z)
    shine = np.maximum((facing + np.float32(1.0)) / (length * half), 0)
    for _ in range(4):
        shine *= shine
    shade = matt * np.float32(190.0) + shine * np.float32(90.0 * light.shine) + np.float32(8.0)
    return np.asarray(np.minimum(shade, np.float32(255.0)), dtype=np.float32)


def _levelled(values: Floats, missing: Bools) -> Floats:
    """Heights less a quadratic form fitted to what is neither missing nor far off it."""
    rows, columns = values.shape
    x = np.linspace(-1, 1, columns, dtype=np.float32)
    y = np.linspace(-1, 1, rows, dtype=np.float32)
    stride = max(1, int(np.sqrt(values.size / _SAMPLES)))
    grid = values[::stride, ::stride]
    good = ~missing[::stride, ::stride]
    if np.count_nonzero(good) < 12:
        return np.where(missing, np.float32(0), values)
    gx, gy = np.meshgrid(x[::stride], y[::stride])
    c = _quadratic(gx[good], gy[good], grid[good])
    down = np.stack([np.ones_like(y), c[2] * y + c[5] * y * y, c[4] * y], axis=1)
    across = np.stack([c[0] + c[1] * x + c[3] * x * x, np.ones_like(x), x])
    heights = down.astype(np.float32) @ across.astype(np.float32)
    np.subtract(values, heights, out=heights)
    np.copyto(heights, 0, where=missing)
    return heights


def _quadratic(x: Floats, y: Floats, z: Floats) -> Floats:
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
    return coefficients.astype(np.float32)


def _smoothed(heights: Floats, missing: Bools) -> Floats:
    """Gaussian over one pixel that takes nothing from missing points and reaches over edges."""
    if not missing.any():
        return cv2.GaussianBlur(heights, (0, 0), 1.0).astype(np.float32, copy=False)
    present = (~missing).astype(np.float32)
    weight = np.maximum(cv2.GaussianBlur(present, (7, 7), 1.0), 1e-6)
    total = cv2.GaussianBlur(heights, (7, 7), 1.0)
    np.divide(total, weight, out=total)
    return total.astype(np.float32, copy=False)


def _exaggeration(across: Floats, down: Floats, missing: Bools) -> np.float32:
    """A factor that gives the middling slope a good shade, whatever the relief's depth."""
    stride = max(1, int(np.sqrt(across.size / _SAMPLES)))
    part = (slice(None, None, stride),) * 2
    steep = np.hypot(across[part], down[part])[~missing[part]]
    middling = float(np.median(steep)) if steep.size else 0.0
    return np.float32(np.clip(0.32 / middling, 0.2, 400.0) if middling > 0 else 1.0)
