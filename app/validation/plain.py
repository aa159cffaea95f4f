"""A plain masked correlation: what a comparison must better to be worth its while.

It shares nothing with the engine but the values it reads, so that a fault there cannot flatter
both: a least-squares plane, a Gaussian band by normalised convolution, and the masked normalised
correlation of Padfield 2012 at every shift: for turns all around on a grid twice as coarse, and
finer in steps about the best of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.late import fft
from correlation.surface import Bools, Floats, Kind, Surface

SHORT_UM: Final = 25.0
LONG_UM: Final = 250.0
PITCH_UM: Final = 25.0
STEP_DEG: Final = 3.0
FINE_STEP_DEG: Final = 1.0
KEPT: Final = 5
OVERLAP: Final = 0.4
NAME: Final = "plain masked correlation"
VERSION: Final = "1"
WORDS: Final = (
    f"The baseline is a plain masked correlation that shares no code with the engine: a "
    f"least-squares plane, a Gaussian band from {SHORT_UM:g} to {LONG_UM:g} um, all turns of the "
    f"full circle in steps of {STEP_DEG:g} degrees on a grid of {2 * PITCH_UM:g} um, about the "
    f"best {KEPT} of them steps of {FINE_STEP_DEG:g} degree on a grid of {PITCH_UM:g} um, all "
    f"shifts with at least {OVERLAP:.0%} of the smaller area in common; the highest correlation "
    "counts."
)
_SIGMA: Final = float(np.sqrt(np.log(2) / 2) / np.pi)
_LEAST_POINTS: Final = 50
_LARGEST_SIDE: Final = 1024
Spectra = NDArray[np.complex64]


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A square array that holds every turn of the mark: 0 outside ``mask``."""

    values: Floats
    mask: Bools


@dataclass(frozen=True, slots=True, eq=False)
class Plain:
    """A mark ready for plain correlation, at ``PITCH_UM`` and at twice that."""

    kind: Kind
    fine: Grid
    coarse: Grid


@dataclass(frozen=True, slots=True)
class Found:
    """The highest correlation, and how far the second mark was turned for it."""

    ccf: float
    rotation_deg: float


def settings() -> dict[str, Any]:
    """What the numbers depend on, for the record."""
    return {
        "short_um": SHORT_UM,
        "long_um": LONG_UM,
        "pitch_um": PITCH_UM,
        "step_deg": STEP_DEG,
        "fine_step_deg": FINE_STEP_DEG,
        "kept": KEPT,
        "overlap": OVERLAP,
    }


def plain_mark(surface: Surface) -> Plain:
    """Everything that was measured, levelled and filtered. Raises CorrelationError."""
    values, mask = _on_grid(surface)
    if np.count_nonzero(mask) < _LEAST_POINTS:
        raise CorrelationError("Too little was measured for a plain correlation.")
    level = np.where(mask, values - _plane(values, mask), 0).astype(np.float32)
    band = level - _smooth(level, mask, LONG_UM / PITCH_UM)
    spread = float(band[mask].std())
    if spread < 1e-6:
        raise CorrelationError("Nothing is left for a plain correlation after filtering.")
    band = np.where(mask, (band - band[mask].mean()) / spread, 0).astype(np.float32)
    return Plain(surface.kind, _squared(band, mask), _squared(*_halved(band, mask)))


def plain_compare(first: Plain, second: Plain) -> Found:
    """The best of all turns and shifts; -1 where no shift has enough in common."""
    around = np.arange(0, 360, STEP_DEG)
    rough = np.array(list(_correlations(first.coarse, second.coarse, around)))
    near = np.arange(-STEP_DEG + FINE_STEP_DEG, STEP_DEG, FINE_STEP_DEG)
    best = around[_peaks(rough)][:, None] + near[None, :]
    angles = np.unique(np.round(best % 360, 6))
    found = np.array(list(_correlations(first.fine, second.fine, angles)))
    at = int(found.argmax())
    return Found(float(found[at]), float(-((180 - angles[at]) % 360 - 180)))


def _peaks(around: NDArray[np.float64]) -> NDArray[np.intp]:
    """The highest that are not below their neighbours in the circle."""
    peak = (around >= np.roll(around, 1)) & (around >= np.roll(around, -1))
    order = np.argsort(-np.where(peak, around, -2.0), kind="stable")
    return order[:KEPT]


def _on_grid(surface: Surface) -> tuple[Floats, Bools]:
    """Low-passed, and averaged over the pixels of the grid; kept where half was measured."""
    valid = np.isfinite(surface.values)
    if surface.mask is not None:
        valid &= surface.mask
    fx = surface.pixel_um / PITCH_UM
    if not valid.any() or max(surface.values.shape) * fx > _LARGEST_SIDE:
        raise CorrelationError("The picture has no size a plain correlation can be made of.")
    centred = surface.values - np.float32(surface.values[valid].mean())
    values = np.where(valid, centred, 0).astype(np.float32)
    values = np.where(valid, _smooth(values, valid, SHORT_UM / surface.pixel_um), 0)
    weight = _resized(valid.astype(np.float32), fx)
    total = _resized(values.astype(np.float32), fx)
    mask = weight >= 0.5
    return np.where(mask, total / np.maximum(weight, 1e-6), 0).astype(np.float32), mask


def _resized(values: Floats, fx: float) -> Floats:
    how = cv2.INTER_AREA if fx < 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(values, None, fx=fx, fy=fx, interpolation=how), np.float32)


def _smooth(values: Floats, mask: Bools, cutoff_px: float) -> Floats:
    """Gaussian mean over what is measured; 50 % transmission at ``cutoff_px``."""
    sigma = _SIGMA * cutoff_px
    if sigma < 0.2:
        return values
    weight = cv2.GaussianBlur(mask.astype(np.float32), (0, 0), sigma)
    total = cv2.GaussianBlur(np.where(mask, values, 0).astype(np.float32), (0, 0), sigma)
    return np.asarray(total / np.maximum(weight, 1e-6), np.float32)


def _plane(values: Floats, mask: Bools) -> Floats:
    y, x = np.nonzero(mask)
    design = np.column_stack([np.ones(x.size), x, y])
    offset, across, down = np.linalg.lstsq(design, values[mask].astype(np.float64), rcond=None)[0]
    rows, columns = values.shape
    plane = offset + across * np.arange(columns)[None, :] + down * np.arange(rows)[:, None]
    return np.asarray(plane, np.float32)


def _halved(values: Floats, mask: Bools) -> tuple[Floats, Bools]:
    """Means of 2 x 2 pixels, kept where half of them are."""
    rows, columns = (size + size % 2 for size in mask.shape)
    fours = np.zeros((2, rows, columns), np.float32)
    fours[0, : mask.shape[0], : mask.shape[1]] = values * mask
    fours[1, : mask.shape[0], : mask.shape[1]] = mask
    total, count = fours.reshape(2, rows // 2, 2, columns // 2, 2).sum(axis=(2, 4))
    kept = np.asarray(count >= 2, np.bool_)
    return np.where(kept, total / np.maximum(count, 1), 0).astype(np.float32), kept


def _squared(values: Floats, mask: Bools) -> Grid:
    """Cut to what is measured and set in the middle of a square that holds every turn of it."""
    y, x = np.nonzero(mask)
    low, high = (int(y.min()), int(x.min())), (int(y.max()), int(x.max()))
    half = int(np.ceil(np.hypot(y - (low[0] + high[0]) / 2, x - (low[1] + high[1]) / 2).max())) + 1
    square = Grid(
        np.zeros((2 * half + 1,) * 2, np.float32), np.zeros((2 * half + 1,) * 2, np.bool_)
    )
    part = np.s_[low[0] : high[0] + 1, low[1] : high[1] + 1]
    rows, columns = mask[part].shape
    top, left = half - (rows - 1) // 2, half - (columns - 1) // 2
    square.values[top : top + rows, left : left + columns] = values[part]
    square.mask[top : top + rows, left : left + columns] = mask[part]
    return square


def _correlations(first: Grid, second: Grid, angles: NDArray[np.float64]) -> Iterator[float]:
    """The highest correlation over all shifts, for each turn of the second."""
    smaller = min(np.count_nonzero(first.mask), np.count_nonzero(second.mask))
    least = max(int(np.ceil(OVERLAP * smaller)), 1)
    possible = _possible(first, second, least)
    fixed = _spectra(first, possible.shape)
    side = second.values.shape[0]
    weight = second.mask.astype(np.float32)
    for angle in angles:
        turn = cv2.getRotationMatrix2D(((side - 1) / 2, (side - 1) / 2), float(angle), 1.0)
        kept = cv2.warpAffine(weight, turn, (side, side))
        values = cv2.warpAffine(second.values, turn, (side, side))
        mask = np.asarray(kept >= 0.5, np.bool_)
        filled = np.where(mask, values / np.maximum(kept, 0.5), 0).astype(np.float32)
        yield _highest(fixed, _spectra(Grid(filled, mask), possible.shape), possible, least)


def _possible(first: Grid, second: Grid, least: int) -> Bools:
    """The shifts of a circular transform that may have ``least`` points in common.

    Its size is such that no shift with anything in common wraps onto one of these.
    """
    own, other = first.mask.shape[0], second.mask.shape[0]
    lines = []
    for axis in (1, 0):
        mass = np.cumsum(np.sort(first.mask.sum(axis=axis))[::-1])
        fewest = min(int(np.searchsorted(mass, least)) + 1, own, other)
        size = int(fft.next_fast_len(own + other - fewest, real=True))
        line = np.zeros(size, np.bool_)
        line[np.arange(fewest - other, own - fewest + 1) % size] = True
        lines.append(line)
    return np.asarray(lines[0][:, None] & lines[1][None, :], np.bool_)


def _spectra(grid: Grid, shape: tuple[int, ...]) -> Spectra:
    """Of the mask, the values and their squares."""
    stack = np.stack([grid.mask.astype(np.float32), grid.values, grid.values * grid.values])
    return np.asarray(fft.rfft2(stack, shape), np.complex64)


def _highest(fixed: Spectra, moving: Spectra, possible: Bools, least: int) -> float:
    """The highest masked normalised correlation over all shifts with ``least`` in common."""
    m1, z1, q1 = fixed
    m2, z2, q2 = np.conj(moving)
    products = np.stack([m1 * m2, z1 * m2, m1 * z2, q1 * m2, m1 * q2, z1 * z2])
    sums = fft.irfft2(products, possible.shape, overwrite_x=True)
    enough = possible & (sums[0] >= least - 0.5)
    if not enough.any():
        return -1.0
    n, s1, s2, s11, s22, s12 = sums[:, enough]
    n = np.rint(n)
    spread = (s11 - s1 * s1 / n) * (s22 - s2 * s2 / n)
    floor = (1e-3 * n) ** 2
    ccf = np.where(spread > floor, (s12 - s1 * s2 / n) / np.sqrt(np.maximum(spread, floor)), -1.0)
    return float(np.clip(ccf.max(), -1.0, 1.0))
