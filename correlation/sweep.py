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
from itertools import starmap
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from correlation.late import fft
from correlation.method import Settings
from correlation.prepare import Level
from correlation.sampling import sampled, source, turnings
from correlation.shifts import Spectra, block_sums, strongest
from correlation.shifts import sums as shifted_sums
from correlation.surface import Floats

T = TypeVar("T")
R = TypeVar("R")
_QUARTERS = 4
_FAST = ((0, 0),)
_SLOW = ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2))
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
    still = _stacked(left, size)
    back = [np.rot90(still, -q, (1, 2)) for q in range(_QUARTERS)]
    fixed = _Spectra.of(np.stack(back), reach)
    seen = source(right.values, right.mask)

    def peaks(turns_deg: NDArray[np.float64]) -> list[Pose]:
        views = turnings(turns_deg, right.values.shape, size, np.zeros(2))
        moving = _Spectra.of(sampled(seen, views, size), reach)
        place, ccf, share = strongest(*fixed.sums(moving), settings.overlap * area, area)
        return list(_poses(place, ccf, share, turns_deg, reach, left.pixel_um))

    turns = np.arange(0.0, 90.0, settings.turn_step_deg)
    parts = each(executor, peaks, np.array_split(turns, 4))
    return separated([pose for part in parts for pose in part], settings.peaks)


@dataclass(frozen=True, slots=True, eq=False)
class _Spectra:
    """Transforms of the values, and of mask, values and squares at twice the pitch."""

    values: Spectra
    smooth: Spectra
    lengths: tuple[int, int]
    reach: int

    @classmethod
    def of(cls, stack: Floats, reach: int) -> _Spectra:
        """Of values and mask, (pictures, 2, size, size)."""
        size = stack.shape[-1]
        full = fft.next_fast_len(size + reach, real=True)
        half = fft.next_fast_len(size // 2 + 1 + reach // 2, real=True)
        return cls(
            np.asarray(fft.rfft2(stack[:, :1], (full, full)), np.complex64),
            np.asarray(fft.rfft2(block_sums(stack), (half, half)), np.complex64),
            (full, half),
            reach,
        )

    def sums(self, moving: _Spectra) -> tuple[Floats, Floats]:
        """What ``strongest`` wants of these with those.

        The sums that have a mask in them change slowly with the shift: they are computed at
        twice the pitch.
        """
        full, half = self.lengths
        fast = shifted_sums(self.values, moving.values, _FAST, full, self.reach)
        slow = shifted_sums(self.smooth, moving.smooth, _SLOW, half, self.reach // 2)
        slow *= np.float32(0.25)
        return fast[:, 0], slow


def _stacked(level: Level, size: int) -> Floats:
    """Values and mask, padded to ``size`` (sizes are odd)."""
    pad = (size - level.values.shape[0]) // 2
    weight = level.mask.astype(np.float32)
    return np.stack([np.pad(level.values * weight, pad), np.pad(weight, pad)])


def _poses(
    place: NDArray[np.intp],
    ccf: Floats,
    share: Floats,
    turns_deg: NDArray[np.float64],
    reach: int,
    pixel_um: float,
) -> Iterator[Pose]:
    """The strongest shift of each rotation; places lie quarter turns back."""
    side = 2 * reach + 1
    rows, columns = np.divmod(place.reshape(_QUARTERS, -1), side)
    overlaps = np.maximum(share.reshape(rows.shape), 1e-9)
    for quarter in range(_QUARTERS):
        down, across = rows[quarter], columns[quarter]
        for _ in range(quarter):
            down, across = side - 1 - across, down
        turned = (turns_deg + 90.0 * quarter + 180.0) % 360.0 - 180.0
        dx, dy = (across - reach) * pixel_um, (down - reach) * pixel_um
        height = ccf.reshape(rows.shape)[quarter]
        found = (turned, dx, dy, height, overlaps[quarter])
        yield from starmap(Pose, zip(*(column.tolist() for column in found), strict=True))


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
