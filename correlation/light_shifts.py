"""Whether pictures of a multi-light set lie on each other.

Pictures under different lights look different, so each is laid not on another picture but on
what the others foretell of it: the matt surface that fits them, lit by its light. What is left
between the two is a shift, found by phase correlation.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from correlation.photometric import Directions
from correlation.surface import Floats

_LARGEST_PX: Final = 1024
_FINE_PX: Final = 12.0
_LIMIT: Final = 3.0
_FEW: Final = 4
_SURE: Final = 0.05


def light_shifts(pictures: Sequence[Floats], directions: Directions) -> list[tuple[float, float]]:
    """How far (x right, y down, pixels) each picture lies off the others of its set.

    ``pictures`` are float32 (rows, columns) of one size, ``directions`` (n, 3) unit vectors
    towards their lights. With three or four lights the others foretell too little of one, so the
    steepness of the pictures is laid on each other instead. (0, 0) where nothing stands out.
    """
    middle = [_middle(picture) for picture in pictures]
    if len(pictures) > _FEW:
        shown, foretold = middle, _foretold(middle, directions)
    else:
        shown = [_steepness(picture) for picture in middle]
        foretold = [_mean_but(shown, k) for k in range(len(shown))]
    size = (middle[0].shape[1], middle[0].shape[0])
    window = np.asarray(cv2.createHanningWindow(size, cv2.CV_32F), np.float32)
    return [_shift(a, b, window) for a, b in zip(foretold, shown, strict=True)]


def _mean_but(pictures: Sequence[Floats], but: int) -> Floats:
    """The mean of all pictures but one."""
    rest = [picture for k, picture in enumerate(pictures) if k != but]
    return np.asarray(np.mean(rest, axis=0), np.float32)


def _foretold(pictures: Sequence[Floats], directions: Directions) -> list[Floats]:
    stack = np.stack(pictures)
    made = []
    for k in range(len(pictures)):
        rest = np.delete(np.arange(len(pictures)), k)
        weights = (directions[k] @ np.linalg.pinv(directions[rest])).astype(np.float32)
        made.append(np.asarray(np.tensordot(weights, stack[rest], axes=1), np.float32))
    return made


def _middle(picture: Floats) -> Floats:
    """The middle of a picture, black where missing, over its mean."""
    rows, columns = (min(n, _LARGEST_PX) for n in picture.shape)
    top, left = (picture.shape[0] - rows) // 2, (picture.shape[1] - columns) // 2
    part = np.nan_to_num(picture[top : top + rows, left : left + columns])
    return np.asarray(part / max(float(part.mean()), 1e-6), np.float32)


def _steepness(picture: Floats) -> Floats:
    smooth = cv2.GaussianBlur(picture, (0, 0), 1.5)
    across, down = cv2.Sobel(smooth, cv2.CV_32F, 1, 0), cv2.Sobel(smooth, cv2.CV_32F, 0, 1)
    return np.asarray(np.sqrt(cv2.magnitude(across, down)), np.float32)


def _fine(picture: Floats) -> Floats:
    """What is finer than a dozen pixels, highlights limited."""
    fine = picture - cv2.GaussianBlur(picture, (0, 0), _FINE_PX)
    limit = _LIMIT * float(np.abs(fine).mean())
    return np.asarray(cv2.GaussianBlur(np.clip(fine, -limit, limit), (0, 0), 1.0), np.float32)


def _shift(still: Floats, moved: Floats, window: Floats) -> tuple[float, float]:
    (x, y), response = cv2.phaseCorrelate(_fine(still), _fine(moved), window)
    return (float(x), float(y)) if response > _SURE else (0.0, 0.0)
