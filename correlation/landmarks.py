"""The motion that brings points of the right mark onto the same points of the left one.

Turn and shift only: the scale is that of the pixel sizes, and evidence is never stretched or
sheared. Least squares after Kabsch 1976 and Umeyama 1991, without Umeyama's scale; that scale is
told as a check of the calibration instead.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.motion import Point, turned_point

FEWEST = 2
LEAST_APART_UM = 20.0
"""Points closer than this tell no rotation: a tenth of it is what a hand places a point to."""

CALIBRATION_SHARE = 0.02
_LINE = 1e-9


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What pairs of points say of the alignment.

    A point of the right picture, from its array's centre, turned counter-clockwise as seen by
    ``rotation_deg`` and moved by ``shift_um`` (x right, y down), lies on the left picture.
    ``residuals_um`` are how far each right point then lies from its left one, ``rms_um`` their
    root mean square. ``distance_ratio`` is how much farther apart the left points lie than the
    right ones (1 where both pixel sizes are right), over all of them.
    """

    rotation_deg: float
    shift_um: Point
    residuals_um: tuple[float, ...]
    rms_um: float
    distance_ratio: float

    @property
    def differs(self) -> bool:
        """Whether the distances differ by more than pixel sizes that are right allow."""
        return abs(self.distance_ratio - 1) > CALIBRATION_SHARE


def rigid_motion(left: Sequence[Point], right: Sequence[Point]) -> Landmarks:
    """Turn and shift of least squares from two or more pairs of points, micrometres.

    ``left[i]`` and ``right[i]`` are the same specimen point, each from its array's centre.
    Raises CorrelationError with a sentence for fewer than two pairs, for points that lie on each
    other, and for points that are each other's mirror image.
    """
    here, there = _checked(left, right)
    middle, centre = here.mean(axis=0), there.mean(axis=0)
    first, second = here - middle, there - centre
    spreads = float(np.sum(first * first)), float(np.sum(second * second))
    if min(spreads) < LEAST_APART_UM**2 / 2:
        raise CorrelationError(
            "The points of one side lie on each other; set them as far apart as the marks allow."
        )
    along = float(np.sum(first * second))
    # y points down: this is positive for a counter-clockwise turn as seen
    across = float(np.sum(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]))
    if np.hypot(along, across) < _LINE * spreads[0] ** 0.5 * spreads[1] ** 0.5:
        raise CorrelationError(
            "No turn brings these points onto each other; check which belongs to which."
        )
    rotation = float(np.rad2deg(np.arctan2(across, along)))
    x, y = turned_point((float(centre[0]), float(centre[1])), rotation)
    shift = (float(middle[0]) - x, float(middle[1]) - y)
    residuals = _residuals(here, there, rotation, shift)
    return Landmarks(
        rotation,
        shift,
        tuple(residuals),
        float(np.sqrt(np.mean(np.square(residuals)))),
        (spreads[0] / spreads[1]) ** 0.5,
    )


def _checked(
    left: Sequence[Point], right: Sequence[Point]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if len(left) != len(right) or len(left) < FEWEST:
        raise CorrelationError(
            f"An alignment by landmarks needs the same {FEWEST} or more points on both sides; "
            f"there are {len(left)} on the left and {len(right)} on the right."
        )
    here, there = np.asarray(left, np.float64), np.asarray(right, np.float64)
    if not (np.isfinite(here).all() and np.isfinite(there).all()):
        raise CorrelationError("A landmark has no place; set it again.")
    return here, there


def _residuals(
    here: NDArray[np.float64], there: NDArray[np.float64], rotation_deg: float, shift: Point
) -> list[float]:
    away = []
    for own, other in zip(here.tolist(), there.tolist(), strict=True):
        x, y = turned_point((other[0], other[1]), rotation_deg)
        away.append(float(np.hypot(x + shift[0] - own[0], y + shift[1] - own[1])))
    return away


def calibration_sentence(found: Landmarks) -> str:
    """That the pixel sizes do not agree with the points; "" where they do."""
    if not found.differs:
        return ""
    percent = abs(found.distance_ratio - 1) * 100
    way = "farther apart" if found.distance_ratio > 1 else "closer together"
    return (
        f"The left points lie {percent:.1f} % {way} than the right ones: check the points, "
        "and the pixel size of both pictures."
    )
