"""How much longer exposures were than one another, told by the frames where the camera does not."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from app.capture.combine.frames import check_frames, full_scale, grey
from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError
from correlation.surface import Bools, Floats

_LOW, _HIGH = 0.04, 0.9
_LEAST_PIXELS = 500
_BENT = 0.1
_BLACKEST = 0.05


def exposure_ratios(frames: Sequence[Pixels]) -> tuple[float, ...]:
    """Exposures relative to the darkest frame (1), from the pixels neighbours both show well.

    Brighter and darker pixels must say the same ratio, or the camera is not linear. Raises
    CaseheadError for that, for frames alike in exposure, and for two that share no pixels.
    """
    check_frames(frames, "to merge")
    levels = [grey(frame) for frame in frames]
    order = [int(number) for number in np.argsort([float(one.mean()) for one in levels])]
    found = {order[0]: 1.0}
    for short, long in pairwise(order):
        found[long] = found[short] * _ratio(levels[short], levels[long], short, long)
    if found[order[-1]] < 1.05:
        raise CaseheadError(
            "All frames have the same exposure; change it between them, or average them."
        )
    return tuple(found[number] for number in range(len(frames)))


def black_level(frames: Sequence[Pixels], exposures: Sequence[float]) -> float:
    """The grey level without light, in grey levels of the frames, from two known exposures.

    What both show well lies on a line whose slope tells nothing of it, but whose offset does. 0
    where no pair shares enough, or what is found can be no camera's.
    """
    order = [int(number) for number in np.argsort(exposures)]
    for short, long in pairwise(order):
        found = _line(grey(frames[short]), grey(frames[long]))
        if found is not None and found[0] > 1.2:
            level = found[1] / (1 - found[0])
            return level * full_scale(frames[0]) if 0 < level < _BLACKEST else 0.0
    return 0.0


def _line(dark: Floats, bright: Floats) -> tuple[float, float] | None:
    """Slope and offset of bright over dark where both show the picture well."""
    first, second = (cv2.GaussianBlur(one, (0, 0), 1.5) for one in (dark, bright))
    both = (first > _LOW) & (second < _HIGH) & ~_near_white(bright)
    if np.count_nonzero(both) < _LEAST_PIXELS:
        return None
    slope, offset = np.polyfit(first[both].astype(np.float64), second[both], 1)
    return float(slope), float(offset)


def _near_white(image: Floats) -> Bools:
    """Where blurring would mix saturated pixels in."""
    white = (image > 0.98).astype(np.uint8)
    return np.asarray(cv2.dilate(white, np.ones((9, 9), np.uint8)) > 0, np.bool_)


def _ratio(dark: Floats, bright: Floats, short: int, long: int) -> float:
    first, second = (cv2.GaussianBlur(one, (0, 0), 1.5) for one in (dark, bright))
    both = (first > _LOW) & (second < _HIGH) & ~_near_white(bright)
    if np.count_nonzero(both) < _LEAST_PIXELS:
        raise CaseheadError(
            f"Frames {short + 1} and {long + 1} are too far apart in exposure: no part of the "
            "picture is well exposed in both; take one in between."
        )
    a, b = first[both], second[both]
    ratio = float(b.sum() / a.sum())
    split = float(np.median(b))
    halves = [float(b[part].sum() / a[part].sum()) for part in (b > split, b <= split)]
    if ratio > 1.05 and abs(halves[0] / halves[1] - 1) > _BENT:
        raise CaseheadError(
            f"Between frames {short + 1} and {long + 1} dark and bright places differ by other "
            "factors; switch off the camera's gamma and automatic exposure."
        )
    return ratio
