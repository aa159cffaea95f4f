"""Form removal and band-pass of pictures with missing data.

Gaussian filters follow ISO 16610-61: 50 % transmission at the cut-off wavelength; missing data
are handled exactly by regression of order 0 (weights of the valid points only).
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.surface import Bools, Floats

# sigma = cut-off * sqrt(ln 2 / pi) / sqrt(2 pi): half the amplitude passes at the cut-off.
SIGMA_PER_CUTOFF = float(np.sqrt(np.log(2) / np.pi) / np.sqrt(2 * np.pi))
_MAD_TO_SIGMA = 1.4826


def gaussian_mean(values: Floats, mask: Bools, cutoff_um: float, pixel_um: float) -> Floats:
    """Weighted local mean (long waves) at every point; weights are zero where ``mask`` is."""
    sigma = SIGMA_PER_CUTOFF * cutoff_um / pixel_um
    weight = mask.astype(np.float32)
    total = _blur(values * weight, sigma)
    return np.asarray(total / np.maximum(_blur(weight, sigma), 1e-6), np.float32)


def _blur(values: Floats, sigma: float) -> Floats:
    blurred = cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(blurred, np.float32)


def band_pass(
    values: Floats, mask: Bools, pixel_um: float, short_um: float, long_um: float
) -> Floats:
    """What lies between the cut-offs ``short_um`` and ``long_um``; 0 outside ``mask``.

    A short cut-off below two pixels is left to the pixels themselves.
    """
    high = values - gaussian_mean(values, mask, long_um, pixel_um)
    if short_um > 2 * pixel_um:
        high = gaussian_mean(np.where(mask, high, 0), mask, short_um, pixel_um)
    return np.where(mask, high, 0).astype(np.float32)


def robust_sigma(values: NDArray[np.floating]) -> float:
    """Standard deviation estimated from the median absolute deviation."""
    if values.size == 0:
        return 0.0
    return float(_MAD_TO_SIGMA * np.median(np.abs(values - np.median(values))))


def form(values: Floats, mask: Bools, degree: int, rounds: int = 4) -> tuple[Floats, Bools]:
    """Robust polynomial form (degree 1 or 2) by reweighted least squares, and its inliers.

    Points further than 4 robust sigma from the form lose their say in the next round.
    Returns the form over the whole array and the mask of points that followed it.
    """
    rows, columns = values.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    terms = [np.ones_like(x), x, y] + ([x * x, x * y, y * y] if degree == 2 else [])
    basis = np.stack(terms, axis=-1)
    inside = mask.copy()
    fitted = np.zeros_like(values)
    for _ in range(rounds):
        if np.count_nonzero(inside) < len(terms) * 4:
            break
        factors, *_ = np.linalg.lstsq(
            basis[inside].astype(np.float64), values[inside].astype(np.float64), rcond=None
        )
        fitted = (basis @ factors.astype(np.float32)).astype(np.float32)
        residue = values - fitted
        spread = max(robust_sigma(residue[inside]), 1e-6)
        inside = mask & (np.abs(residue - np.median(residue[inside])) < 4 * spread)
    return fitted, inside


def winsorised(values: Floats, mask: Bools, limit: float) -> Floats:
    """Values with mean 0 and robust spread 1 over the mask, held within ``limit`` spreads."""
    inside = values[mask]
    if inside.size == 0:
        return np.zeros_like(values)
    spread = robust_sigma(inside)
    if spread <= 0:
        spread = float(inside.std())
    if spread <= 0:
        return np.zeros_like(values)
    scaled = np.clip((values - np.median(inside)) / spread, -limit, limit)
    scaled = scaled - scaled[mask].mean()
    deviation = float(scaled[mask].std())
    return np.where(mask, scaled / max(deviation, 1e-6), 0).astype(np.float32)


def local_contrast(values: Floats, mask: Bools, pixel_um: float, window_um: float) -> Floats:
    """Values divided by their local standard deviation over about ``window_um``."""
    power = gaussian_mean(values * values, mask, window_um, pixel_um)
    floor = 0.1 * float(np.median(power[mask])) if mask.any() else 1.0
    return np.where(mask, values / np.sqrt(np.maximum(power, max(floor, 1e-12))), 0).astype(
        np.float32
    )


def eroded(mask: Bools, width_um: float, pixel_um: float) -> Bools:
    """The mask without its rim of ``width_um`` (roll-off at edges otherwise correlates).

    Holes smaller than a disc of that radius have no rim: scattered missing points would
    otherwise grow and eat the mark.
    """
    radius = round(width_um / pixel_um)
    if radius < 1:
        return mask
    return np.asarray(_eroded(_without_specks(mask, radius), radius) & mask, np.bool_)


def _without_specks(mask: Bools, radius: int) -> Bools:
    _, labels, stats, _ = cv2.connectedComponentsWithStats((~mask).astype(np.uint8))
    small = stats[:, cv2.CC_STAT_AREA] <= np.pi * radius * radius
    small[0] = False  # the mask itself
    return np.asarray(mask | small[labels], np.bool_)


def _eroded(mask: Bools, radius: int) -> Bools:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    padded = cv2.copyMakeBorder(
        mask.astype(np.uint8), radius, radius, radius, radius, cv2.BORDER_CONSTANT, value=0
    )
    inner = cv2.erode(padded, kernel)[radius:-radius, radius:-radius]
    return np.asarray(inner, np.uint8).astype(np.bool_)
