"""The baseline: a masked correlation as anyone would write it with scipy."""

from __future__ import annotations

import numpy as np
from scipy.ndimage import rotate
from scipy.signal import fftconvolve

from correlation.prepare import Level


def masked_correlation(
    left: Level, right: Level, step_deg: float = 3.0, overlap: float = 0.4
) -> tuple[float, float]:
    """The best Pearson correlation over all rotations and shifts, and its rotation (degrees).

    Every rotation of the full circle at ``step_deg``, every shift, at the pitch of the levels;
    at least ``overlap`` of the smaller mark shared.
    """
    least = overlap * min(left.mask.sum(), right.mask.sum())
    best = (-1.0, 0.0)
    for angle in np.arange(-180.0, 180.0, step_deg):
        mask = rotate(right.mask.astype(np.float32), angle, order=1)
        values = rotate(right.values, angle, order=1) / np.maximum(mask, 0.5)
        scores = _every_shift(left.values, left.mask, values * (mask > 0.5), mask > 0.5, least)
        best = max(best, (float(scores.max()), float(angle)))
    return best


def _every_shift(
    a: np.ndarray, m: np.ndarray, b: np.ndarray, n: np.ndarray, least: float
) -> np.ndarray:
    m, n = m.astype(np.float32), n.astype(np.float32)

    def sums(first: np.ndarray, second: np.ndarray) -> np.ndarray:
        return fftconvolve(first, second[::-1, ::-1])

    count = np.maximum(sums(m, n), 1)
    sum_a, sum_b = sums(a, n), sums(m, b)
    covariance = sums(a, b) - sum_a * sum_b / count
    power = (sums(a * a, n) - sum_a**2 / count) * (sums(m, b * b) - sum_b**2 / count)
    good = (count >= least) & (power > 1e-3 * count**2)
    return np.where(good, covariance / np.sqrt(np.where(good, power, 1)), -1)
