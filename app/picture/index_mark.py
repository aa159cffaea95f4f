"""The index mark of a specimen: a border round it, and the place on it that is up.

From there the hours of a clock run round the specimen, with ticks at three, six and nine.
"""

from __future__ import annotations

from math import cos, pi, sin

import cv2
import numpy as np
from numpy.typing import NDArray

from app.picture.arrays import Pixels
from app.picture.drawing import DARK, Colour
from app.picture.geometry import Points

RING_POINTS = 240
_SHIFT = 4
_FAR = 1e6


def ring(centre: Points, rim: Points) -> Points:
    """The border's points, (RING_POINTS, 2), clockwise as seen from ``rim`` on."""
    turns = np.linspace(0, 2 * np.pi, RING_POINTS, endpoint=False)
    dx, dy = rim - centre
    around = np.stack(
        [np.cos(turns) * dx - np.sin(turns) * dy, np.sin(turns) * dx + np.cos(turns) * dy], axis=1
    )
    return np.asarray(centre + around, dtype=np.float64)


def draw_index(picture: Pixels, points: Points, unit: int, colour: Colour) -> None:
    """The border through ``points`` (those of ``ring``, in pixels), its wedge and its ticks."""
    width = max(3, round(unit / 3.2))
    centre, rim = points.mean(axis=0), points[0]
    border = _fixed(points)
    ticks = [_fixed(_tick(centre, rim, hour, 0.75 * unit)) for hour in (3, 6, 9)]
    for ink, wider in ((DARK, 2), (colour, 0)):
        cv2.polylines(picture, [border], True, ink, width + wider, cv2.LINE_AA, _SHIFT)
        cv2.polylines(picture, ticks, False, ink, max(2, width // 2) + wider, cv2.LINE_AA, _SHIFT)
    wedge = _fixed(_wedge(centre, rim, 1.5 * unit))
    cv2.polylines(picture, [wedge], True, DARK, 3, cv2.LINE_AA, _SHIFT)
    cv2.fillPoly(picture, [wedge], colour, cv2.LINE_AA, _SHIFT)


def _inward(centre: Points, rim: Points) -> tuple[Points, float]:
    """The direction from the rim to the middle, and how far that is."""
    along = centre - rim
    length = float(np.linalg.norm(along))
    return np.asarray(along / max(length, 1e-9)), length


def _wedge(centre: Points, rim: Points, size: float) -> Points:
    """A triangle on the border that points to the middle."""
    inward, length = _inward(centre, rim)
    across = np.array([-inward[1], inward[0]])
    size = min(size, 0.6 * length)
    return np.stack([rim + inward * size, rim + across * size * 0.45, rim - across * size * 0.45])


def _tick(centre: Points, rim: Points, hour: int, size: float) -> Points:
    """A stroke inward from the border at an hour."""
    turn = hour * pi / 6
    dx, dy = rim - centre
    at = centre + np.array([cos(turn) * dx - sin(turn) * dy, sin(turn) * dx + cos(turn) * dy])
    inward, length = _inward(centre, at)
    return np.stack([at, at + inward * min(size, 0.3 * length)])


def _fixed(points: Points) -> NDArray[np.int32]:
    fixed: NDArray[np.int32] = np.rint(np.clip(points, -_FAR, _FAR) * 2**_SHIFT).astype(np.int32)
    return fixed
