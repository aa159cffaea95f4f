"""Local contrast evened out: the local mean brought to 128, the local spread to one measure.

"Local" is a box of about 60 um applied twice. Mean and spread change slowly, so they are worked
out once on a sample of the picture and laid under it when it is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

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
class Known:
    """Which samples of a picture have data, and how many do around each: the same in any light.

    ``here`` is uint8, 255 or 0, (rows, columns); ``share`` float32, 1 where all of them have.
    """

    here: Pixels
    share: Floats

    @classmethod
    def of(cls, here: Pixels, sample_um: float) -> Known:
        """Those that are over 127 in ``here``."""
        here = u8(cv2.threshold(here, 127, 255, cv2.THRESH_BINARY)[1])
        share = _boxes(here.astype(np.float32), reach(sample_um))
        share *= np.float32(1 / 255)
        return cls(here, np.maximum(share, np.float32(1e-3), out=share))


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
    def of(cls, samples: Pixels, known: Known | None, sample_um: float, to_full: Matrix) -> Locals:
        """Of samples of a picture, uint8 (rows, columns), ``sample_um`` apart; only those
        ``known`` take part. ``to_full`` takes them to its pixels."""
        values = f32(u8(samples if known is None else cv2.bitwise_and(samples, known.here)))
        spread = _boxes(values * values, reach(sample_um))
        mean = _boxes(values, reach(sample_um))
        if known is not None:
            mean /= known.share
            spread /= known.share
        spread -= mean * mean
        np.sqrt(np.maximum(spread, np.float32(0), out=spread), out=spread)
        spread += np.float32(_FLAT)
        gain = np.divide(np.float32(_SPREAD), spread, out=spread)
        rims = (
            f32(cv2.copyMakeBorder(one, _RIM, _RIM, _RIM, _RIM, cv2.BORDER_REPLICATE))
            for one in (mean, gain)
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


def reach(sample_um: float) -> int:
    """Samples across the box, an odd number."""
    return 2 * max(1, round(LOCAL_UM / sample_um / 2)) + 1


def _boxes(values: Floats, across: int) -> Floats:
    """The mean of a box about each sample, twice over; ``values`` are written over."""
    for _ in range(2):
        values = f32(cv2.blur(values, (across, across), dst=values, borderType=cv2.BORDER_REFLECT))
    return values


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
