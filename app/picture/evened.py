"""Local contrast evened out: the local mean brought to 128, the local spread to one measure.

"Local" is a box of about 60 um applied twice. Mean and spread change slowly, so they are worked
out once on a sample of the picture and laid under it when it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from app.picture.arrays import Pixels, f32, u8
from app.picture.geometry import Matrix, scale, shift
from correlation.surface import Floats

LOCAL_UM = 60.0
_SPREAD = 64.0  # grey values of one local standard deviation
_FLAT = 4.0  # grey values of noise that is not blown up
_SAMPLES = 6  # to the box
_RIM = 2


def sampling(pixel_um: float) -> int:
    """Every how many pixels a picture is sampled for its local mean and spread."""
    return max(1, round(LOCAL_UM / pixel_um / _SAMPLES))


@dataclass(frozen=True, slots=True, eq=False)
class Locals:
    """Local mean and gain of a grey picture, float32, with a rim of two samples all round.

    ``to_full`` takes places in them to pixels of the full-size picture, ``sample_um`` apart.
    """

    mean: Floats
    gain: Floats
    to_full: Matrix
    sample_um: float

    @classmethod
    def of(cls, samples: Pixels, here: Pixels | None, sample_um: float, to_full: Matrix) -> Locals:
        """Of samples of a picture, uint8 (rows, columns), ``sample_um`` apart; only those take
        part that are over 127 in ``here``, if given. ``to_full`` takes them to its pixels."""
        reach = 2 * max(1, round(LOCAL_UM / sample_um / 2)) + 1
        weight: Floats = np.ones((1, 1), np.float32)
        if here is not None:
            here = u8(cv2.threshold(here, 127, 255, cv2.THRESH_BINARY)[1])
            weight = np.maximum(_boxes(here, reach) / np.float32(255), np.float32(1e-3))
            samples = u8(cv2.bitwise_and(samples, here))
        values = samples.astype(np.float32)
        mean = _boxes(values, reach) / weight
        spread = np.sqrt(np.maximum(_boxes(values * values, reach) / weight - mean * mean, 0))
        gain = np.float32(_SPREAD) / (spread + np.float32(_FLAT))
        rims = (
            f32(cv2.copyMakeBorder(one, _RIM, _RIM, _RIM, _RIM, cv2.BORDER_REPLICATE))
            for one in (f32(mean), f32(gain))
        )
        return cls(next(rims), next(rims), to_full @ shift(-_RIM, -_RIM), sample_um)

    def evened(self, shown: Pixels, into: Matrix, um_per_px: float, share: float = 1.0) -> Pixels:
        """A part of the picture, drawn through ``into`` (from full-size pixels), evened out.

        With ``share`` under 1 only that much of the way.
        """
        less = 4 if 12 * um_per_px <= LOCAL_UM else 2 if 6 * um_per_px <= LOCAL_UM else 1
        mean, gain = (
            _laid(grid, into @ self.to_full, shown.shape, less) for grid in (self.mean, self.gain)
        )
        offset = np.float32(128.0) - mean * gain
        gain, offset = (_enlarged(one, shown.shape, less) for one in (gain, offset))
        scaled = cv2.multiply(shown, gain, dtype=cv2.CV_32F)
        even = u8(cv2.add(scaled, offset, dtype=cv2.CV_8U))
        return even if share >= 1.0 else u8(cv2.addWeighted(shown, 1.0 - share, even, share, 0.0))


def _boxes(values: Any, reach: int) -> Floats:
    boxes = f32(values)
    for _ in range(2):
        boxes = f32(cv2.blur(boxes, (reach, reach), borderType=cv2.BORDER_REFLECT))
    return boxes


def _laid(grid: Floats, into: Matrix, shape: tuple[int, ...], less: int) -> Floats:
    """A grid drawn through ``into``, ``less`` times smaller: it is that smooth."""
    size = (-(-shape[1] // less), -(-shape[0] // less))
    to_less = shift(-0.5, -0.5) @ scale(1 / less) @ shift(0.5, 0.5)
    return f32(cv2.warpAffine(grid, (to_less @ into)[:2], size))


def _enlarged(small: Floats, shape: tuple[int, ...], less: int) -> Floats:
    if less == 1:
        return small
    size = (small.shape[1] * less, small.shape[0] * less)
    large = cv2.resize(small, size, interpolation=cv2.INTER_LINEAR)
    return f32(large[: shape[0], : shape[1]])
