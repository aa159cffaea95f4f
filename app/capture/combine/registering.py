"""The motion between two frames of one light: phase correlation first, then least squares.

The refinement is Gauss and Newton's on the differences of grey with a free gain and offset,
using the mean of both pictures' gradients, which converges from about a pixel at each level.
Its uncertainty is that of the linear fit, widened by how far the residuals are correlated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.capture.combine.frames import detail
from app.capture.combine.motion import Matrix, Motion, inside, motion_of, moved
from app.capture.opencv import cv2
from correlation.surface import Bools, Floats

Freedom = Literal["shift", "turn", "scale"]
_ROUGH_PX = 384
_FINEST_PIXELS = 600_000
_LEVEL_SIDE = 96
_BLUR_PX = 1.2
_ITERATIONS = 12
_CLOSE_PX = 0.001
_WIDEST_PX, _LEAST_WIDE_PX = 16.0, 6.0
"""What is wider (at full size, and at least at a reduction) does not count."""


class Layers:
    """A picture (grey, float32) and its reductions, kept, as pairs of pictures need them.

    ``good`` marks the pixels that count, all by itself. Changes slower than ``widest_px`` do not
    count, nor do edges as wide.
    """

    def __init__(
        self, image: Floats, good: Bools | None = None, widest_px: float = _WIDEST_PX
    ) -> None:
        self.image = image
        self._widest_px = widest_px
        self.shape = image.shape
        self._good = good
        self._made: dict[int, Floats] = {}
        self._masks: dict[int, Bools] = {}
        self._small: Floats | None = None

    @property
    def finest(self) -> int:
        """The reduction at which registration ends: about 0.6 megapixels."""
        return max(1, int(np.ceil(np.sqrt(self.image.size / _FINEST_PIXELS))))

    def at(self, factor: int) -> Floats:
        """The picture reduced by ``factor``, a little blurred, without its slow changes."""
        if factor not in self._made:
            before = self.image if factor == 1 else _anti_aliased(self.image, factor)
            small = cv2.GaussianBlur(_reduced(before, factor), (0, 0), _BLUR_PX)
            self._made[factor] = detail(np.asarray(small, np.float32), self.wide(factor))
        return self._made[factor]

    def wide(self, factor: int) -> float:
        """What is wider than this does not count at that reduction, pixels there."""
        return max(self._widest_px / factor, _LEAST_WIDE_PX)

    def good(self, factor: int) -> Bools | None:
        """What counts there, without the neighbours of what does not."""
        if self._good is not None and factor not in self._masks:
            self._masks[factor] = _all_good(self._good, factor)
        return self._masks.get(factor)

    def small(self) -> tuple[Floats, int]:
        """A small copy for a first look, and its reduction."""
        factor = max(1, round(max(self.shape) / _ROUGH_PX))
        if self._small is None:
            self._small = detail(_reduced(self.image, factor), 12.0)
        return self._small, factor


def rough_shift(fixed: Layers, moving: Layers) -> Motion:
    """The shift by phase correlation of small copies; ``agreement`` is the peak's share."""
    (first, factor), (second, _) = fixed.small(), moving.small()
    # OpenCV 5 puts the window onto what it is given.
    window = cv2.createHanningWindow(first.shape[::-1], cv2.CV_32F)
    (dx, dy), peak = cv2.phaseCorrelate(first.copy(), second.copy(), window)
    return Motion(-dx * factor, -dy * factor, agreement=float(np.clip(peak, 0, 1)))


def refined(
    fixed: Layers,
    moving: Layers,
    start: Motion,
    freedom: Freedom = "shift",
    levels: int = 4,
    finest: int | None = None,
) -> Motion:
    """The motion that brings ``moving`` onto ``fixed``, from ``start``, coarse to fine.

    "turn" frees the rotation besides the shift, "scale" the scale. The pictures have one size.
    ``levels`` are gone through at most, the last at a reduction of ``finest``.
    """
    motion = start
    factors = [finest or fixed.finest]
    while min(fixed.shape) / (2 * factors[-1]) > _LEVEL_SIDE and len(factors) < levels:
        factors.append(2 * factors[-1])
    for factor in reversed(factors):
        motion = _Level(fixed, moving, factor, freedom).climbed(motion)
    return motion


def registered(fixed: Layers, moving: Layers, freedom: Freedom = "shift") -> Motion:
    """Rough and refined together; from rest too, where the rough shift misleads."""
    rough = rough_shift(fixed, moving)
    best = refined(fixed, moving, rough, freedom)
    if rough.shift_px > 2.0 and best.agreement < 0.8:
        still = refined(fixed, moving, Motion(), freedom)
        best = max(best, still, key=lambda motion: motion.agreement)
    return best


@dataclass(frozen=True, slots=True)
class _Fit:
    step: NDArray[np.float64]
    covariance: NDArray[np.float64]
    agreement: float


class _Level:
    """Both pictures at one reduction."""

    def __init__(self, fixed: Layers, moving: Layers, factor: int, freedom: Freedom) -> None:
        self._whole = fixed.shape
        self._factor = factor
        self._freedom = freedom
        self._edge = round(fixed.wide(factor))
        self._fixed, self._moving = fixed.at(factor), moving.at(factor)
        self._good = (fixed.good(factor), moving.good(factor))
        shape = self._fixed.shape
        self._centre = ((shape[1] - 1) / 2, (shape[0] - 1) / 2)
        half = (factor - 1) / 2
        self._lift = np.array([[factor, 0, half], [0, factor, half], [0, 0, 1.0]])

    def climbed(self, motion: Motion) -> Motion:
        """The motion where the differences are least, from a near one."""
        matrix = np.linalg.inv(self._lift) @ motion.matrix(self._whole) @ self._lift
        fit = None
        for _ in range(_ITERATIONS):
            fit = self._fit(matrix)
            if fit is None:
                return replace(motion, agreement=0.0)
            matrix = self._stepped(matrix, fit.step)
            if np.abs(fit.step).max() * max(1.0, self._factor / 4) < _CLOSE_PX:
                break
        assert fit is not None
        whole = self._lift @ matrix @ np.linalg.inv(self._lift)
        spread = np.sqrt(np.maximum(np.diag(fit.covariance), 0.0))
        reach = max(self._centre)
        sd_px = float(np.hypot(spread[0], spread[1]) / np.sqrt(2)) * self._factor
        sd_deg = float(np.degrees(spread[2] / reach)) if self._freedom == "turn" else 0.0
        found = motion_of(whole, self._whole, fit.agreement, sd_px, sd_deg)
        return _limited(found, self._freedom)

    def _fit(self, matrix: Matrix) -> _Fit | None:
        shape = self._fixed.shape
        motion = _limited(motion_of(matrix, shape, 0, 0, 0), self._freedom)
        seen = moved(self._moving, motion, kernel="cubic")
        edge = self._edge
        mask = inside(shape, motion, edge)
        mask[:edge] = mask[-edge:] = False
        mask[:, :edge] = mask[:, -edge:] = False
        if self._good[0] is not None:
            mask &= self._good[0]
        if self._good[1] is not None:
            mask &= moved(self._good[1].astype(np.float32), motion, kernel="cubic") > 0.99
        if np.count_nonzero(mask) < 400:
            return None
        return self._solved(seen, mask)

    def _solved(self, seen: Floats, mask: Bools) -> _Fit | None:
        fixed, seen_in = self._fixed[mask], seen[mask]
        agreement, gain = _line(fixed, seen_in)
        if not np.isfinite(agreement) or abs(gain) < 1e-6:
            return None
        both = (self._fixed + np.float32(gain) * seen) * np.float32(0.5)
        columns = [-one[mask] for one in self._slopes(both)]
        columns += [seen_in, np.ones_like(seen_in)]
        system = np.stack(columns)
        normal = (system @ system.T).astype(np.float64)
        try:
            inverse = np.linalg.inv(normal)
        except np.linalg.LinAlgError:
            return None
        residual = fixed - np.float32(gain) * seen_in
        solution = inverse @ (system @ residual).astype(np.float64)
        left = residual - solution.astype(np.float32) @ system
        spread = float(np.mean(np.square(left))) * self._memory(left, mask)
        count = len(columns) - 2
        covariance = np.asarray(inverse[:count, :count] * spread, np.float64)
        return _Fit(np.asarray(solution[:count], np.float64), covariance, agreement)

    def _slopes(self, image: Floats) -> list[Floats]:
        """How grey changes with each free parameter, per pixel (at the edge for turn, scale)."""
        kernel = np.array([-0.5, 0, 0.5], np.float32)
        one = np.ones(1, np.float32)
        right = np.asarray(cv2.sepFilter2D(image, cv2.CV_32F, kernel, one), np.float32)
        down = np.asarray(cv2.sepFilter2D(image, cv2.CV_32F, one, kernel), np.float32)
        if self._freedom == "shift":
            return [right, down]
        reach = np.float32(1 / max(self._centre))
        x = (np.arange(image.shape[1], dtype=np.float32) - np.float32(self._centre[0])) * reach
        y = (np.arange(image.shape[0], dtype=np.float32) - np.float32(self._centre[1])) * reach
        if self._freedom == "turn":
            return [right, down, right * y[:, None] - down * x[None, :]]
        return [right, down, right * x[None, :] + down * y[:, None]]

    def _stepped(self, matrix: Matrix, step: NDArray[np.float64]) -> Matrix:
        extra = float(step[2]) / max(self._centre) if len(step) > 2 else 0.0
        turn = np.degrees(extra) if self._freedom == "turn" else 0.0
        scale = 1.0 + extra if self._freedom == "scale" else 1.0
        small = Motion(float(step[0]), float(step[1]), float(turn), scale)
        return small.matrix(self._fixed.shape) @ matrix

    def _memory(self, left: Floats, mask: Bools) -> float:
        """Pixels whose residuals go together: what widens the uncertainty."""
        image = np.zeros(mask.shape, np.float32)
        image[mask] = left
        power = float(np.mean(np.square(image))) + 1e-20
        beside = (
            float(np.mean(image[:, 1:] * image[:, :-1])) / power,
            float(np.mean(image[1:] * image[:-1])) / power,
        )
        wide = [(1 + r) / (1 - r) for r in np.clip(beside, 0.0, 0.95)]
        return float(wide[0] * wide[1])


def _limited(motion: Motion, freedom: Freedom) -> Motion:
    """Without the traces rounding leaves in what is not free."""
    turn = motion.turn_deg if freedom == "turn" else 0.0
    return replace(motion, turn_deg=turn, scale=motion.scale if freedom == "scale" else 1.0)


def _line(fixed: Floats, seen: Floats) -> tuple[float, float]:
    """Correlation, and the gain that brings ``seen`` to ``fixed``."""
    first, second = fixed - fixed.mean(), seen - seen.mean()
    own, other = float(first @ first), float(second @ second)
    if min(own, other) <= 0:
        return float("nan"), 0.0
    both = float(first @ second)
    return both / float(np.sqrt(own * other)), both / other


def _anti_aliased(image: Floats, factor: int) -> Floats:
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 0.5 * factor), np.float32)


def _reduced(image: Floats, factor: int) -> Floats:
    if factor == 1:
        return image
    rows, columns = (n // factor for n in image.shape)
    part = image[: rows * factor, : columns * factor]
    return np.asarray(cv2.resize(part, (columns, rows), interpolation=cv2.INTER_AREA), np.float32)


def _all_good(mask: Bools, factor: int) -> Bools:
    near = int(np.ceil(3 * _BLUR_PX)) * 2 + 1
    small = _reduced(mask.astype(np.float32), factor) > 0.999
    return cv2.erode(small.astype(np.uint8), np.ones((near, near), np.uint8)) > 0
