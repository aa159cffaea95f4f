"""Depth from focus: a focus measure for each frame and place, and where it is highest.

The measure is the squared Laplacian of a lightly blurred picture, averaged over a small window.
Depth is the vertex of the parabola through its logarithm around the sharpest frame (a Gaussian
focus curve, Nayar and Nakagawa 1994), fitted by weighted least squares.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.capture.opencv import cv2
from correlation.surface import Floats

REDUCED = 2
"""The measure is kept for every second pixel; its window is wider than that."""
_PRE_BLUR_PX = 0.9
_MOST_NEIGHBOURS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Peak:
    """Where focus is best: ``position`` in the frames' heights, ``confidence`` 0 to 1.

    ``number`` is the sharpest frame; at the first and the last nothing is known beyond, and the
    confidence is 0.
    """

    position: Floats
    confidence: Floats
    number: NDArray[np.intp]


def measure(image: Floats, window_px: float) -> Floats:
    """Mean squared Laplacian around every second pixel of grey from 0 to 1."""
    smooth = cv2.GaussianBlur(image, (0, 0), _PRE_BLUR_PX)
    fine = cv2.Laplacian(smooth, cv2.CV_32F, ksize=3)
    energy = cv2.resize(fine * fine, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.GaussianBlur(energy, (0, 0), window_px / REDUCED), np.float32)


def peak(stack: Floats, heights: Floats, noise: float) -> Peak:
    """The top of each place's focus curve; ``stack`` is (frames, rows, columns).

    ``heights`` are the frames' (ascending or descending); ``noise`` is the measure of noise alone.
    """
    count = len(stack)
    number = np.argmax(stack, axis=0)
    top = np.take_along_axis(stack, number[None], axis=0)[0]
    low = np.min(stack, axis=0)
    contrast = (top - low - _rise(stack, number)) / np.maximum(top, 1e-12)
    strength = np.maximum(top - noise, 0) / (np.maximum(top - noise, 0) + 2 * noise + 1e-12)
    reach = _reach(stack, top, contrast * strength)
    vertex, bend = _vertex(stack, heights, number, reach)
    good = bend > 0
    usual = float(np.median(bend[good])) if good.any() else 1.0
    contrast = np.maximum(contrast, 0) * np.minimum(bend / (0.5 * usual), 1)
    ends = (number == 0) | (number == count - 1)
    confidence = np.where(good & ~ends, contrast * strength, 0.0)
    position = np.where(good & ~ends, vertex, heights[number])
    return Peak(position.astype(np.float32), confidence.astype(np.float32), number)


def _rise(stack: Floats, number: NDArray[np.intp]) -> Floats:
    """How far the curve rises again away from its top: a second top there."""
    again = np.zeros(stack.shape[1:], np.float32)
    for order in (range(len(stack)), range(len(stack) - 1, -1, -1)):
        lowest = np.full(stack.shape[1:], np.inf, np.float32)
        for frame in order:
            beyond = frame >= number if order.step > 0 else frame <= number
            lowest = np.where(beyond, np.minimum(lowest, stack[frame]), lowest)
            again = np.maximum(again, np.where(beyond, stack[frame] - lowest, 0))
    return again


def noise_floor(stack: Floats) -> float:
    """The measure where nothing is sharp: the lowest twentieth of each place's least."""
    return float(np.percentile(stack.min(axis=0), 5))


def _reach(stack: Floats, top: Floats, sure: Floats) -> int:
    """Neighbours on either side that carry the curve's top: half of its width."""
    clear = sure > np.percentile(sure, 60)
    if not clear.any():
        return 1
    width = (stack[:, clear] > 0.5 * top[clear]).sum(axis=0)
    return int(np.clip(round(float(np.median(width)) / 2), 1, _MOST_NEIGHBOURS))


def _vertex(
    stack: Floats, heights: Floats, number: NDArray[np.intp], reach: int
) -> tuple[Floats, Floats]:
    """Vertex of the weighted parabola through 2 x ``reach`` + 1 logarithms, and its bend.

    The bend is 0 where there is no vertex near the top.
    """
    count = len(stack)
    centre = heights[number]
    step = float(np.median(np.abs(np.diff(heights)))) or 1.0
    top = np.maximum(stack.max(axis=0), 1e-12)
    sums = np.zeros((5, *number.shape), np.float64)
    right = np.zeros((3, *number.shape), np.float64)
    for offset in range(-reach, reach + 1):
        at = np.clip(number + offset, 0, count - 1)
        value = np.maximum(np.take_along_axis(stack, at[None], axis=0)[0], 1e-12)
        weight = np.where(at == number + offset, value, 0.0)
        weight = np.square(weight / top)
        z = (heights[at] - centre) / step
        power = weight
        for order in range(5):
            if order < 3:
                right[order] += power * np.log(value)
            sums[order] += power
            power = power * z
    s0, s1, s2, s3, s4 = sums
    d = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2)
    d = np.where(np.abs(d) < 1e-12, 1e-12, d)
    r0, r1, r2 = right
    bend = (s0 * (s2 * r2 - r1 * s3) - s1 * (s1 * r2 - s2 * r1) + r0 * (s1 * s3 - s2 * s2)) / d
    slope = (s0 * (r1 * s4 - s3 * r2) - r0 * (s1 * s4 - s2 * s3) + s2 * (s1 * r2 - s2 * r1)) / d
    good = bend < -1e-4
    place = np.where(good, -slope / np.where(good, 2 * bend, 1.0), 0.0)
    good &= np.abs(place) < 1.0
    vertex = centre + np.clip(place, -1, 1) * step
    return vertex.astype(np.float32), np.where(good, -bend, 0.0).astype(np.float32)
