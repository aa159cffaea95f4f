"""The figures of a picture: what can be measured of it without any other picture."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import pi
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.capture.quality.place import Circles
from correlation.filters import SIGMA_PER_CUTOFF
from correlation.surface import Bools, Floats

FINE_UM, COARSE_UM = (20.0, 40.0), (80.0, 226.0)
"""Wavelengths that a sharp picture shows as strongly as the longer ones."""
PITCH_UM = 5.6
TILE_UM = 120.0
MARGIN_UM = 120.0
SMALLEST_UM = 600.0
ASSUMED_UM = 5000.0
"""Height taken for a picture without scale."""
BLACK = 0.015
_REDUCE = 4
_SPOILT = 0.1
_LEAST_TILES = 8
_MAD = 1.4826
_FAINT, _EVEN = 0.012, 0.85
_ROUNDS = 3
_GRAIN = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)
_GRAIN_GAIN = 6.0
_GRAIN_TILE = 64
_GRAIN_TILES = 5


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture at steps of 20 um or its own, with what is spoilt there.

    ``grey`` float32 from 0 to 1, ``clipped`` and ``black`` shares of each step's pixels,
    ``mark`` where the mark is. ``fine`` is the picture at ``pitch_um``.
    """

    fine: Floats
    pitch_um: float
    grey: Floats
    clipped: Floats
    black: Floats
    mark: Bools
    step_um: float


def grey_of(pixels: Pixels) -> Pixels:
    """One grey value a pixel, of the picture's own type."""
    if pixels.ndim == 2:
        return pixels
    return cast(Pixels, cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY))


def full_scale(pixels: Pixels) -> int:
    """The largest value a pixel can have."""
    return 65535 if pixels.dtype == np.uint16 else 255


def reduced(pixels: Pixels, pixel_um: float) -> tuple[Floats, float]:
    """Grey from 0 to 1 at whole multiples of the pixel up to PITCH_UM, and that pitch."""
    grey = grey_of(pixels)
    factor = max(int(PITCH_UM / pixel_um + 1e-6), 1)
    small = _area(grey, factor).astype(np.float32)
    small *= np.float32(1 / full_scale(pixels))
    return small, pixel_um * factor


def _area(values: NDArray[Any], factor: int) -> Floats:
    """Mean over squares of ``factor`` pixels; what is left over at the edges is dropped."""
    if factor == 1:
        return np.asarray(values)
    rows, columns = (max(side // factor, 1) for side in values.shape[:2])
    whole = values[: rows * factor, : columns * factor]
    return np.asarray(cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA))


def _spoilt(pixels: Pixels, factor: int) -> tuple[Floats, Floats]:
    """Shares of each square's pixels at full scale in any channel, and of black ones."""
    if factor >= 2 * _REDUCE and factor % 2 == 0:  # every fourth pixel is enough for a share
        pixels, factor = cast(Pixels, np.ascontiguousarray(pixels[::2, ::2])), factor // 2
    full = full_scale(pixels)
    black = cv2.inRange(grey_of(pixels), 0, int(BLACK * full))
    if pixels.ndim == 2:
        clipped = cv2.inRange(pixels, full, full)
    else:
        clipped = cv2.bitwise_not(cv2.inRange(pixels, (0, 0, 0), (full - 1,) * 3))
    high, low = (_area(bad, factor).astype(np.float32) for bad in (clipped, black))
    return high / np.float32(255), low / np.float32(255)


def see(pixels: Pixels, pixel_um: float, fine: Floats, pitch_um: float) -> Seen:
    """The picture as the figures are taken from it; the mark is all of it until ``within``."""
    grey = _area(fine, _REDUCE)
    clipped, black = _spoilt(pixels, round(pitch_um / pixel_um) * _REDUCE)
    rows, columns = np.minimum(grey.shape, clipped.shape)
    grey, clipped, black = (part[:rows, :columns] for part in (grey, clipped, black))
    mark = np.ones((rows, columns), np.bool_)
    return Seen(fine, pitch_um, grey, clipped, black, mark, pitch_um * _REDUCE)


def within(seen: Seen, place: Circles | None, margin_um: float = 0.0) -> Bools:
    """Which steps lie in the mark, its rims of ``margin_um`` left out; all without a place."""
    if place is None:
        return seen.mark
    rows, columns = seen.grey.shape
    y = ((np.arange(rows) + 0.5) * seen.step_um)[:, None]
    x = ((np.arange(columns) + 0.5) * seen.step_um)[None, :]
    reach = place.outer.radius_um - margin_um
    inside = np.hypot(x - place.outer.x_um, y - place.outer.y_um) < reach
    if place.inner is not None:
        far = np.hypot(x - place.inner.x_um, y - place.inner.y_um)
        inside &= far > place.inner.radius_um + margin_um
    return np.asarray(inside, np.bool_)


def inside_share(place: Circles, width_um: float, height_um: float) -> float:
    """The share of the mark's area that lies in a picture of that size."""
    outer, inner = place.outer, place.inner
    y, x = np.mgrid[-1:1:101j, -1:1:101j] * outer.radius_um
    mark = np.hypot(x, y) <= outer.radius_um
    x, y = x + outer.x_um, y + outer.y_um
    if inner is not None:
        mark &= np.hypot(x - inner.x_um, y - inner.y_um) > inner.radius_um
    here = (x >= 0) & (x <= width_um) & (y >= 0) & (y <= height_um)
    return float((mark & here).sum() / max(mark.sum(), 1))


@dataclass(frozen=True, slots=True)
class Sharpness:
    """``focus`` as in Quality, and the share of the places that were judged ``below`` a limit."""

    focus: float | None
    blurred: float


def sharpness(seen: Seen, mark: Bools, noise: float, pixel_um: float, limit: float) -> Sharpness:
    """Fine over coarse waves at the median place of the mark; ``limit`` tells blurred places.

    Only the square about the mark is looked at. ``noise`` is that of one pixel, per full scale.
    """
    good = mark & (seen.clipped < _SPOILT) & (seen.black < _SPOILT)
    rows, columns = (_reach(np.any(good, axis=axis)) for axis in (1, 0))
    good = good[rows, columns]
    tile = max(round(TILE_UM / seen.step_um), 2)
    weight = _area(good.astype(np.float32), tile) if min(good.shape) >= tile else good
    judged = weight > 0.5
    if np.count_nonzero(judged) < _LEAST_TILES:
        return Sharpness(None, 0.0)
    fine_um, coarse_um = bands(pixel_um, seen.pitch_um)
    fine = _fine(seen.fine[_finer(rows), _finer(columns)], seen.pitch_um, fine_um)
    power = _area(cv2.multiply(fine, fine), _REDUCE)
    slow = _coarse(seen.grey[rows, columns], seen.step_um, coarse_um)
    grain_power = (noise * pixel_um / seen.pitch_um) ** 2 * _gain(seen.pitch_um, fine_um)
    high = _tiles(power, good, tile)[judged] / weight[judged]
    low = _tiles(slow * slow, good, tile)[judged] / weight[judged]
    high = high - _noise_power(high, low, grain_power)
    ratio = np.sqrt(np.maximum(high, 0) / np.maximum(low, 1e-9))
    weights = np.minimum(low, 2 * np.median(low)) + 1e-9
    blurred = float(weights[ratio < limit].sum() / weights.sum())
    return Sharpness(_weighted_median(ratio, weights), blurred)


def _noise_power(high: NDArray[Any], low: NDArray[Any], grain_power: float) -> float:
    """What of the fine power is noise: at least that of the pixels' grain.

    Compression takes the finest grain away, by which noise is told, and leaves what is coarser;
    then a picture far out of focus would pass for sharp. Noise is as strong where the marks are
    faint as where they are strong: where that holds of nearly all fine power, and it is faint,
    all of it is taken for noise. (Evenly rough marks are as even, but never that faint.)
    """
    middle = float(np.median(high))
    if np.sqrt(middle) >= _FAINT:
        return grain_power
    kept = np.ones(len(high), np.bool_)
    for _ in range(_ROUNDS):
        slope, even = np.polynomial.polynomial.polyfit(low[kept], high[kept], 1)[::-1]
        away = np.abs(high - even - slope * low)
        kept = away <= 3 * _MAD * float(np.median(away[kept])) + 1e-12
    even = min(max(float(even), 0.0), middle)
    return max(even, grain_power) if even > _EVEN * middle else grain_power


def _reach(some: NDArray[Any]) -> slice:
    """From the first to the last that holds."""
    found = np.flatnonzero(some)
    return slice(int(found[0]), int(found[-1]) + 1) if len(found) else slice(0, 0)


def _finer(steps: slice) -> slice:
    return slice(steps.start * _REDUCE, steps.stop * _REDUCE)


def _tiles(values: Floats, where: Bools, tile: int) -> Floats:
    return _area(np.where(where, values, 0).astype(np.float32), tile)


def bands(pixel_um: float, pitch_um: float) -> tuple[tuple[float, float], tuple[float, float]]:
    """The fine and the coarse band; longer waves where the pixels do not carry the fine ones."""
    stretch = max(1.0, 2.0 * max(pixel_um, pitch_um) / FINE_UM[0])
    fine = (FINE_UM[0] * stretch, FINE_UM[1] * stretch)
    return fine, (COARSE_UM[0] * stretch, COARSE_UM[1] * stretch)


def _fine(values: Floats, pitch_um: float, band_um: tuple[float, float]) -> Floats:
    """The long waves are taken off twice, or the strong ones among them would pass for sharp."""
    short, long = (SIGMA_PER_CUTOFF * cut / pitch_um for cut in band_um)
    left = cv2.GaussianBlur(values, (0, 0), short)
    for _ in range(2):
        left = cv2.subtract(left, cv2.GaussianBlur(left, (0, 0), long))
    return np.asarray(left, np.float32)


def _coarse(values: Floats, pitch_um: float, band_um: tuple[float, float]) -> Floats:
    short, long = (SIGMA_PER_CUTOFF * cut / pitch_um for cut in band_um)
    upper = cv2.GaussianBlur(values, (0, 0), short)
    return np.asarray(upper - cv2.GaussianBlur(values, (0, 0), long), np.float32)


@lru_cache(maxsize=16)
def _gain(pitch_um: float, band_um: tuple[float, float]) -> float:
    """Power that white noise of power 1 leaves in the band."""
    point = np.zeros((65, 65), np.float32)
    point[32, 32] = 1
    return float(np.square(_fine(point, pitch_um, band_um)).sum())


def _weighted_median(values: NDArray[Any], weights: NDArray[Any]) -> float:
    order = np.argsort(values)
    passed = np.cumsum(weights[order])
    return float(values[order][int(np.searchsorted(passed, passed[-1] / 2))])


def grain(pixels: Pixels) -> float:
    """Robust standard deviation of pixel noise per full scale, from the calmest places.

    A kernel blind to planes and edges along the axes (after Immerkaer 1996) on squares spread
    over the picture; the lower quartile of the squares, so that fine marks hardly count.
    """
    rows, columns = pixels.shape[:2]
    side = min(_GRAIN_TILE, rows, columns)
    found = []
    for top in np.linspace(0, rows - side, _GRAIN_TILES).astype(int):
        for left in np.linspace(0, columns - side, _GRAIN_TILES).astype(int):
            value = _grain_of(grey_of(pixels[top : top + side, left : left + side]))
            if value is not None:
                found.append(value)
    if not found:
        return 0.0
    return float(np.quantile(found, 0.25)) / full_scale(pixels)


def _grain_of(tile: Pixels) -> float | None:
    """None where the square is black or clipped and so shows no noise."""
    middle = float(np.median(tile))
    if not 2 * BLACK * full_scale(tile) < middle < 0.97 * full_scale(tile):
        return None
    response = cv2.filter2D(tile.astype(np.float32), cv2.CV_32F, _GRAIN)[1:-1, 1:-1]
    # mean of magnitudes: finer than the median, which steps with whole grey levels
    spread = np.abs(response)
    limit = 6 * max(float(np.median(spread)), 1.0)
    return float(spread[spread < limit].mean()) * float(np.sqrt(pi / 2)) / _GRAIN_GAIN


def spread(seen: Seen, mark: Bools) -> tuple[float, float]:
    """Contrast (5th to 95th percentile) and median of the mark's grey, per full scale."""
    if not mark.any():
        return 0.0, 0.0
    low, middle, high = np.quantile(seen.grey[mark], (0.05, 0.5, 0.95))
    return float(high - low), float(middle)
