"""Areal correlation over the full circle and all shifts at the coarse level.

Pearson's correlation over the valid pixels of both takes six sums (Padfield 2012). Five of them
have a mask in them and change slowly with the shift; they are taken at twice the pitch. The
best places are evaluated exactly afterwards.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from correlation.method import Settings
from correlation.ncc import pearson_of_sums
from correlation.prepare import Level
from correlation.resample import turning, warped
from correlation.surface import Floats

T = TypeVar("T")
R = TypeVar("R")
Spectrum = NDArray[np.complex64]
_QUARTERS = 4
_APART_DEG = 10.0
_APART_UM = 100.0


@dataclass(frozen=True, slots=True)
class Pose:
    """How the right mark lies on the left one, centre on centre.

    The right mark turned counter-clockwise by ``rotation_deg`` about its centre, then moved by
    ``dx_um`` and ``dy_um``; ``ccf`` is the areal correlation there over ``overlap`` (the share
    of the smaller mark).
    """

    rotation_deg: float
    dx_um: float
    dy_um: float
    ccf: float
    overlap: float

    @property
    def strength(self) -> float:
        """What poses are ranked by: a high correlation over little overlap comes by chance.

        The standard error of a correlation falls with the root of the area it is taken over.
        """
        return self.ccf * float(np.sqrt(self.overlap))


def each(executor: Executor | None, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Results in order, computed on ``executor`` where there is one."""
    return list(map(work, items) if executor is None else executor.map(work, items))


def full_circle(
    left: Level, right: Level, settings: Settings, executor: Executor | None = None
) -> list[Pose]:
    """The best shift of each rotation, the highest of them as separate peaks, best first.

    A quarter turn of the grid is exact, so the right mark is turned through one quarter of the
    circle only and the left one back by the four quarters.
    """
    reach = 2 * int(np.ceil(settings.shift_um / left.pixel_um / 2))
    size = max(left.values.shape[0], right.values.shape[0])
    area = int(min(np.count_nonzero(left.mask), np.count_nonzero(right.mask)))
    back = [np.rot90(_stacked(left, size), -q, (1, 2)) for q in range(_QUARTERS)]
    fixed = _Spectra.of(np.stack(back), reach)

    def peaks(turns_deg: NDArray[np.float64]) -> list[Pose]:
        moving = _Spectra.of(_turned(right, turns_deg, size), reach)
        sums = fixed.products(moving)
        ccf = pearson_of_sums(sums, settings.overlap * area)
        overlap = sums[0] / area
        strength = ccf * np.sqrt(np.maximum(overlap, 0))
        return [
            pose
            for q in range(_QUARTERS)
            for pose in _peaks(strength[q], overlap[q], turns_deg + 90.0 * q, q, left.pixel_um)
        ]

    turns = np.arange(0.0, 90.0, settings.turn_step_deg)
    parts = each(executor, peaks, np.array_split(turns, 4))
    return separated([pose for part in parts for pose in part], settings.peaks)


@dataclass(frozen=True, slots=True, eq=False)
class _Spectra:
    """Transforms of the values, and of mask, values and squares at twice the pitch."""

    values: Spectrum
    smooth: Spectrum
    lengths: tuple[int, int]
    reach: int

    @classmethod
    def of(cls, stack: Floats, reach: int) -> _Spectra:
        """Of values and mask, (pictures, 2, size, size)."""
        size = stack.shape[-1]
        full = fft.next_fast_len(size + reach, real=True)
        half = fft.next_fast_len(size // 2 + 1 + reach // 2, real=True)
        values, mask = stack[:, 0], stack[:, 1]
        three = np.stack([mask, values, values * values], axis=1)
        return cls(
            np.asarray(fft.rfft2(values, (full, full)), np.complex64),
            np.asarray(fft.rfft2(_block_sums(three), (half, half)), np.complex64),
            (full, half),
            reach,
        )

    def products(self, moving: _Spectra) -> Floats:
        """The six sums of ``pearson_of_sums``: (6, these, those, shifts, shifts).

        The sums that have a mask in them change slowly with the shift: they are computed at
        twice the pitch and interpolated.
        """
        product = self.values[:, None] * np.conj(moving.values)[None]
        full, half = self.lengths
        turned = np.conj(moving.smooth)
        pairs = ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2))
        slow = np.stack([self.smooth[:, None, i] * turned[None, :, j] for i, j in pairs])
        few = _around_zero(slow, half, self.reach // 2) / 4
        finer = _between(self.reach)
        sums = np.empty((6, *product.shape[:2], len(finer), len(finer)), np.float32)
        np.matmul(finer @ few, finer.T, out=sums[:5])
        sums[5] = _around_zero(product, full, self.reach)
        return sums


def _around_zero(product: Spectrum, length: int, reach: int) -> Floats:
    """The inverse transform at the shifts up to ``reach``, the middle one being 0."""
    window = np.r_[length - reach : length, 0 : reach + 1]
    partly = fft.ifft(product, axis=-2, overwrite_x=True)[..., window, :]
    return np.asarray(fft.irfft(partly, length, axis=-1)[..., window], np.float32)


def _block_sums(stack: Floats) -> Floats:
    """Sums over two by two pixels (a row and a column of zeros are added)."""
    even = np.pad(stack, ((0, 0), (0, 0), (0, 1), (0, 1)))
    return np.asarray(
        even[..., ::2, ::2] + even[..., 1::2, ::2] + even[..., ::2, 1::2] + even[..., 1::2, 1::2],
        np.float32,
    )


@lru_cache(maxsize=8)
def _between(reach: int) -> Floats:
    """Linear interpolation from every second shift to every shift: (2 reach + 1, reach + 1)."""
    finer = np.zeros((2 * reach + 1, reach + 1), np.float32)
    finer[::2] = np.eye(reach + 1)
    finer[1::2] = (finer[:-1:2] + finer[2::2]) / 2
    return finer


def _stacked(level: Level, size: int) -> Floats:
    """Values and mask, padded to ``size`` (sizes are odd)."""
    pad = (size - level.values.shape[0]) // 2
    weight = level.mask.astype(np.float32)
    return np.stack([np.pad(level.values * weight, pad), np.pad(weight, pad)])


def _turned(level: Level, turns_deg: NDArray[np.float64], size: int) -> Floats:
    """Values and mask at each rotation: (rotations, 2, size, size)."""
    values, weight = _stacked(level, size)
    result = np.empty((len(turns_deg), 2, size, size), np.float32)
    for turn, target in zip(turns_deg, result, strict=True):
        matrix = turning(float(turn), (size, size), (size, size))
        target[0], target[1] = warped(values, weight, matrix, (size, size))
    return result


def _peaks(
    strength: Floats, overlap: Floats, turns_deg: NDArray[np.float64], quarter: int, pixel_um: float
) -> Iterator[Pose]:
    """The strongest shift of each rotation, from maps that are ``quarter`` quarter turns back."""
    number, side = strength.shape[0], strength.shape[-1]
    index = np.arange(number)
    rows, columns = np.unravel_index(strength.reshape(number, -1).argmax(axis=1), (side, side))
    share = np.maximum(overlap[index, rows, columns], 1e-9)
    ccf = strength[index, rows, columns] / np.sqrt(share)
    for _ in range(quarter):
        rows, columns = side - 1 - columns, rows
    dy, dx = (rows - side // 2) * pixel_um, (columns - side // 2) * pixel_um
    wrapped = (turns_deg + 180.0) % 360.0 - 180.0
    for one in zip(wrapped, dx, dy, ccf, share, strict=True):
        yield Pose(*map(float, one))


def separated(poses: list[Pose], most: int) -> list[Pose]:
    """The highest of each peak, best first, ``most`` of them."""
    kept: list[Pose] = []
    for pose in sorted(poses, key=lambda p: (-p.strength, p.rotation_deg)):
        if not any(_same_peak(pose, other) for other in kept):
            kept.append(pose)
        if len(kept) == most:
            break
    return kept


def _same_peak(first: Pose, second: Pose) -> bool:
    if apart(first.rotation_deg, second.rotation_deg) >= _APART_DEG:
        return False
    return math.hypot(first.dx_um - second.dx_um, first.dy_um - second.dy_um) < _APART_UM


def apart(first_deg: float, second_deg: float) -> float:
    """Smallest angle between two rotations."""
    return abs((first_deg - second_deg + 180) % 360 - 180)
