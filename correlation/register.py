"""Areal correlation over the full circle, coarse to fine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import fft

from correlation.method import Settings
from correlation.ncc import masked_ncc_and_count, pearson_of_sums, spectra
from correlation.prepare import Level, Prepared
from correlation.resample import turned
from correlation.surface import Floats

T = TypeVar("T")
R = TypeVar("R")


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


def register(
    left: Prepared, right: Prepared, settings: Settings, executor: Executor | None = None
) -> tuple[Pose, ...]:
    """The best poses, best first, at least 10 degrees apart, refined at 25 um.

    Every rotation is searched at 50 um; the highest peaks are refined, so that a narrow
    difference at the coarse level cannot lose the right one. A peak less than half as high as
    the highest is not.
    """
    coarse = _sweep(left.coarse, right.coarse, settings, executor)
    enough = 0.5 * coarse[0].strength
    worthy = [pose for pose in coarse if pose.strength >= enough] or coarse[:1]
    refined = _each(
        executor, lambda pose: _refined(left.middle, right.middle, pose, settings), worthy
    )
    return tuple(sorted(refined, key=lambda pose: -pose.strength))


def _each(executor: Executor | None, work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """Results in order, computed on ``executor`` where there is one."""
    return list(map(work, items) if executor is None else executor.map(work, items))


def _sweep(
    left: Level, right: Level, settings: Settings, executor: Executor | None = None
) -> list[Pose]:
    angles = np.arange(-180.0, 180.0, settings.turn_step_deg)
    reach = int(np.ceil(settings.shift_um / left.pixel_um))
    size = max(left.values.shape[0], right.values.shape[0])
    length = fft.next_fast_len(size + reach, real=True)
    shape = (length, length)
    fixed = spectra(*_centred(left, size), shape)
    area = int(min(np.count_nonzero(left.mask), np.count_nonzero(right.mask)))
    least = settings.overlap * area
    window = np.r_[0 : reach + 1, -reach:0]

    def peaks(some: NDArray[np.float64]) -> list[Pose]:
        pairs = [turned(right.values, right.mask, float(a), (size, size)) for a in some]
        moving = spectra(np.stack([p[0] for p in pairs]), np.stack([p[1] for p in pairs]), shape)
        scores, counts = masked_ncc_and_count(fixed, moving, shape, least, (window, window))
        return [
            _peak(score, count / area, float(angle), window, left.pixel_um)
            for score, count, angle in zip(scores, counts, some, strict=True)
        ]

    parts = _each(executor, peaks, np.array_split(angles, 8))
    return _separated([pose for part in parts for pose in part], settings.peaks)


def _centred(level: Level, size: int) -> tuple[Floats, np.ndarray]:
    """Values and mask in the middle of a larger square (sizes are odd)."""
    pad = (size - level.values.shape[0]) // 2
    return np.pad(level.values, pad), np.pad(level.mask, pad)


def _peak(
    ccf: Floats, overlap: Floats, angle: float, window: NDArray[np.intp], pixel_um: float
) -> Pose:
    strength = ccf * np.sqrt(np.maximum(overlap, 0))
    row, column = np.unravel_index(int(np.argmax(strength)), ccf.shape)
    dy, dx = int(window[row]) * pixel_um, int(window[column]) * pixel_um
    return Pose(angle, dx, dy, float(ccf[row, column]), float(overlap[row, column]))


def _separated(poses: list[Pose], count: int, apart_deg: float = 10.0) -> list[Pose]:
    kept: list[Pose] = []
    for pose in sorted(poses, key=lambda p: (-p.strength, p.rotation_deg)):
        if all(_apart(pose.rotation_deg, k.rotation_deg) >= apart_deg for k in kept):
            kept.append(pose)
        if len(kept) == count:
            break
    return kept


def _apart(first_deg: float, second_deg: float) -> float:
    return abs((first_deg - second_deg + 180) % 360 - 180)


def _refined(left: Level, right: Level, start: Pose, settings: Settings) -> Pose:
    """Best rotation and shift near ``start``: 1 degree and a pixel, then parts of them."""
    best = start
    trial = _Trial(left, right, settings)
    for step_deg, count, reach in ((1.0, 2, 2), (0.5, 1, 1), (0.25, 1, 1)):
        turns = [best.rotation_deg + i * step_deg for i in range(-count, count + 1)]
        best = max(
            (trial.best_shift(turn, best, reach) for turn in turns),
            key=lambda pose: pose.strength,
        )
    return trial.between_pixels(best)


class _Trial:
    """Evaluates poses of one pair at one level exactly (pairwise complete).

    Only the valid pixels of the left mark are visited.
    """

    def __init__(self, left: Level, right: Level, settings: Settings) -> None:
        self._right, self._pixel_um = right, left.pixel_um
        self._shape = left.values.shape
        self._rows, self._columns = np.nonzero(left.mask)
        inside = left.values[left.mask]
        self._terms = np.stack([np.ones_like(inside), inside, inside * inside], axis=1)
        self._area = min(len(inside), int(np.count_nonzero(right.mask)))
        self._least = settings.overlap * self._area

    def best_shift(self, rotation_deg: float, near: Pose, reach: int) -> Pose:
        """Best whole-pixel shift within ``reach`` pixels of ``near`` at one rotation."""
        pixel = self._pixel_um
        start = (near.dx_um / pixel, near.dy_um / pixel)
        scores, counts = self._window(rotation_deg, start, reach)
        strengths = scores * np.sqrt(counts)
        row, column = np.unravel_index(int(np.argmax(strengths)), scores.shape)
        dx, dy = start[0] + int(column) - reach, start[1] + int(row) - reach
        share = float(counts[row, column]) / max(self._area, 1)
        return Pose(rotation_deg, dx * pixel, dy * pixel, float(scores[row, column]), share)

    def _window(
        self, rotation_deg: float, start: tuple[float, float], reach: int
    ) -> tuple[Floats, Floats]:
        """Correlations and overlaps at the shifts around ``start`` (rows: y, columns: x)."""
        shape = (self._shape[0] + 2 * reach, self._shape[1] + 2 * reach)
        moved, mask = turned(self._right.values, self._right.mask, rotation_deg, shape, start)
        steps = 2 * reach - np.arange(2 * reach + 1)
        offsets = (steps[:, None] * shape[1] + steps[None, :]).ravel()
        index = (self._rows * shape[1] + self._columns)[None, :] + offsets[:, None]
        values = moved.ravel()[index]
        there = mask.astype(np.float32).ravel()[index]
        sums = np.empty((6, len(offsets)), np.float64)
        sums[[0, 1, 3]] = (there @ self._terms).T
        sums[[2, 5]] = (values @ self._terms[:, :2]).T
        sums[4] = np.einsum("ij,ij->i", values, values)
        side = 2 * reach + 1
        scores = pearson_of_sums(sums, self._least)
        return scores.reshape(side, side), sums[0].astype(np.float32).reshape(side, side)

    def between_pixels(self, pose: Pose) -> Pose:
        """The pose moved to the top of the parabola through its neighbours, re-evaluated."""
        pixel = self._pixel_um
        start = (pose.dx_um / pixel, pose.dy_um / pixel)
        around = self._window(pose.rotation_deg, start, 1)[0]
        best = self.at(pose.rotation_deg, pose.dx_um, pose.dy_um)
        if around.min() <= -1.0:
            return best
        dx = start[0] + _vertex(around[1, 0], around[1, 1], around[1, 2])
        dy = start[1] + _vertex(around[0, 1], around[1, 1], around[2, 1])
        moved = self.at(pose.rotation_deg, dx * pixel, dy * pixel)
        return moved if moved.strength >= best.strength else best

    def at(self, rotation_deg: float, dx_um: float, dy_um: float) -> Pose:
        """The pose with its correlation and overlap."""
        start = (dx_um / self._pixel_um, dy_um / self._pixel_um)
        scores, overlap = self._window(rotation_deg, start, 0)
        wrapped = (rotation_deg + 180) % 360 - 180
        share = float(overlap[0, 0]) / max(self._area, 1)
        return Pose(wrapped, float(dx_um), float(dy_um), float(scores[0, 0]), share)


def _vertex(before: float, middle: float, after: float) -> float:
    bend = before - 2 * middle + after
    if bend >= -1e-9:
        return 0.0
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))
