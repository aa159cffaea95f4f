"""Form removal and band-pass of pictures with missing data.

Gaussian filters follow ISO 16610-61: 50 % transmission at the cut-off wavelength; missing data
are handled exactly by regression (weights of the valid points only) of order 0, or of order 2
where a strong form would otherwise bend at the edges of what was measured.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.surface import Bools, Floats

# sigma = cut-off * sqrt(ln 2 / pi) / sqrt(2 pi): half the amplitude passes at the cut-off.
SIGMA_PER_CUTOFF = float(np.sqrt(np.log(2) / np.pi) / np.sqrt(2 * np.pi))
# the same for regression of order 2: its weight is alpha / sqrt(2 pi) with alpha = 0.7309
SIGMA_PER_CUTOFF_2 = float(0.7309 / np.sqrt(2 * np.pi))
_QUADRIC = ((0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (0, 2))
_MAD_TO_SIGMA = 1.4826
_SHADOW = 0.05


def gaussian_mean(values: Floats, mask: Bools, cutoff_um: float, pixel_um: float) -> Floats:
    """Weighted local mean (long waves) at every point; weights are zero where ``mask`` is."""
    sigma = SIGMA_PER_CUTOFF * cutoff_um / pixel_um
    weight = mask.astype(np.float32)
    total = _blur(values * weight, sigma)
    return np.asarray(total / np.maximum(_blur(weight, sigma), 1e-6), np.float32)


def _blur(values: Floats, sigma: float) -> Floats:
    blurred = cv2.GaussianBlur(values, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(blurred, np.float32)


def gaussian_quadric(values: Floats, mask: Bools, cutoff_um: float, pixel_um: float) -> Floats:
    """Long waves by Gaussian regression of order 2: a quadric fitted about every point.

    It follows slopes and curvature up to the edge of ``mask``; 50 % transmission at the cut-off.
    Where too few points are near, the mean takes its place.
    """
    sigma = SIGMA_PER_CUTOFF_2 * cutoff_um / pixel_um
    weight = mask.astype(np.float32)
    known = np.where(mask, values, 0).astype(np.float32)
    kernels = _moment_kernels(sigma)
    need = sorted({(a + c, b + d) for a, b in _QUADRIC for c, d in _QUADRIC})
    moments = {powers: _moment(weight, kernels, powers)[mask] for powers in need}
    right = np.stack([_moment(known, kernels, powers)[mask] for powers in _QUADRIC], axis=-1)
    left = np.stack(
        [np.stack([moments[a + c, b + d] for c, d in _QUADRIC], axis=-1) for a, b in _QUADRIC],
        axis=-2,
    ).astype(np.float64)
    left += 1e-6 * np.eye(len(_QUADRIC))
    factors = np.linalg.solve(left, right[..., None].astype(np.float64))
    out = np.zeros_like(known)
    out[mask] = factors[:, 0, 0]
    return out


def _moment_kernels(sigma: float) -> tuple[Floats, ...]:
    """Gaussian times powers 0 to 4 of the distance in sigmas."""
    reach = int(np.ceil(3.5 * sigma))
    steps = np.arange(-reach, reach + 1) / sigma
    bell = np.exp(-(steps**2) / 2)
    bell /= bell.sum()
    return tuple((bell * steps**power).astype(np.float32) for power in range(5))


def _moment(values: Floats, kernels: tuple[Floats, ...], powers: tuple[int, int]) -> Floats:
    across, down = kernels[powers[0]], kernels[powers[1]]
    moment = cv2.sepFilter2D(values, cv2.CV_32F, across, down, borderType=cv2.BORDER_CONSTANT)
    return np.asarray(moment, np.float32)


def band_pass(
    values: Floats,
    mask: Bools,
    pixel_um: float,
    short_um: float,
    long_um: float,
    order: int = 0,
) -> Floats:
    """What lies between the cut-offs ``short_um`` and ``long_um``; 0 outside ``mask``.

    A short cut-off below two pixels is left to the pixels themselves. ``order`` is that of the
    regression (0 or 2) that gives the long waves.
    """
    long_waves = gaussian_quadric if order == 2 else gaussian_mean
    high = values - long_waves(values, mask, long_um, pixel_um)
    if short_um > 2 * pixel_um:
        high = gaussian_mean(np.where(mask, high, 0), mask, short_um, pixel_um)
    return np.where(mask, high, 0).astype(np.float32)


def robust_sigma(values: NDArray[np.floating]) -> float:
    """Standard deviation estimated from the median absolute deviation."""
    if values.size == 0:
        return 0.0
    return float(_MAD_TO_SIGMA * np.median(np.abs(values - np.median(values))))


def form(values: Floats, mask: Bools, degree: int, rounds: int = 4) -> tuple[Floats, Bools]:
    """Robust polynomial form of a degree by reweighted least squares, and its inliers.

    Points further than 4 robust sigma from the form lose their say in the next round.
    Returns the form over the whole array and the mask of points that followed it.
    """
    rows, columns = values.shape
    y, x = np.mgrid[-1 : 1 : rows * 1j, -1 : 1 : columns * 1j].astype(np.float32)
    terms = [x ** (n - k) * y**k for n in range(degree + 1) for k in range(n + 1)]
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


def toned(grey: Floats, mask: Bools) -> Floats:
    """Logarithm of grey over its median, with a floor in the shadows.

    Exposure and the lamp's fall-off become addends, which the band-pass takes away.
    """
    known = np.where(mask, np.maximum(grey, 0), 0)
    middle = float(np.median(known[mask])) if mask.any() else 1.0
    return np.log(known / max(middle, 1e-6) + _SHADOW).astype(np.float32)


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


def without_circles(
    values: Floats,
    mask: Bools,
    pixel_um: float,
    smooth_um: float,
    centre_um: tuple[float, float] = (0.0, 0.0),
) -> Floats:
    """Values less their mean along circles about a centre, smoothed over the radius.

    ``centre_um`` (x, y) is measured from the array's centre; ``smooth_um`` is the cut-off of the
    Gaussian along the radius. It takes the marks of a lathe away, and with them class character.
    """
    rows, columns = values.shape
    x = (np.arange(columns) - (columns - 1) / 2) * pixel_um - centre_um[0]
    y = (np.arange(rows) - (rows - 1) / 2) * pixel_um - centre_um[1]
    place = np.hypot(x[None, :], y[:, None]) / pixel_um
    ring = np.minimum(place.astype(np.intp), place.max().astype(np.intp))
    count = np.bincount(ring[mask], minlength=int(ring.max()) + 2).astype(np.float32)
    total = np.bincount(ring[mask], values[mask], len(count)).astype(np.float32)
    # a few rings at the centre hold hardly any points: the smoothing lends them their neighbours'
    sigma = max(SIGMA_PER_CUTOFF * smooth_um / pixel_um, 0.5)
    smooth = [
        cv2.GaussianBlur(line.reshape(1, -1), (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)[0]
        for line in (total, count)
    ]
    mean = smooth[0] / np.maximum(smooth[1], 1e-6)
    along = np.interp(place, np.arange(len(mean)) + 0.5, mean)
    return np.where(mask, values - along, 0).astype(np.float32)
