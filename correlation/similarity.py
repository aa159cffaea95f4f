"""The local similarity map: where two aligned marks agree, and how strongly.

The product of the two standardised, aligned surfaces, smoothed (its mean is the areal
correlation; Ott, Thompson and Song 2017), divided by the relief there is on both sides, so that
shallow and deep parts are told on one scale.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from correlation.errors import CorrelationError
from correlation.method import settings_for
from correlation.motion import Point
from correlation.prepare import Prepared
from correlation.resample import turned
from correlation.surface import Bools, Floats

_SIGMA_PER_CELL = 0.25
_LEAST_SHARE = 0.2
_LEAST_RELIEF = 0.1
_LEAST_PIXELS = 30


@dataclass(frozen=True, slots=True, eq=False)
class SimilarityMap:
    """Local correlation on a grid over the left picture.

    ``values`` (rows, columns) are from -1 to 1, 0 outside ``mask``. ``relief`` is how strong the
    relief is there on both sides, 1 on average at most: the mean of ``values * relief`` over
    the mask is ``ccf``, the areal correlation, but for what the window spreads over the edge.
    Pixels are ``pitch_um`` apart; the grid's centre lies at ``centre_um`` (x right, y down) from
    the centre of the left picture's array. ``sigma_um`` is that of the Gaussian window.
    """

    values: Floats
    relief: Floats
    mask: Bools
    pitch_um: float
    centre_um: Point
    sigma_um: float
    ccf: float


def similarity_map(
    left: Prepared, right: Prepared, rotation_deg: float, shift_um: Point
) -> SimilarityMap:
    """The map of two marks in a pose, which is told as in ``PairScore``.

    Only points valid in both count. A place where either side has hardly any relief, or where
    hardly anything of the window is valid, tends to 0. Raises CorrelationError when the two are
    of different kinds or do not lie on each other.
    """
    if (left.kind, left.mark) != (right.kind, right.mark):
        raise CorrelationError("A similarity map needs two images or two scans of the same mark.")
    first, both, second = _laid(left, right, rotation_deg, shift_um)
    if np.count_nonzero(both) < _LEAST_PIXELS:
        raise CorrelationError(
            "The two marks do not lie on each other, so there is no similarity map; "
            "align them first."
        )
    one, two = _standardised(first, both), _standardised(second, both)
    sigma_um = _SIGMA_PER_CELL * settings_for(left.kind, left.mark).cell_um
    product, own, other, share = _smoothed(one, two, both, sigma_um / left.middle.pixel_um)
    relief = np.sqrt(own * other)
    values = np.clip(product / np.maximum(relief, _LEAST_RELIEF), -1, 1)
    return SimilarityMap(
        np.where(both, values * np.minimum(share / _LEAST_SHARE, 1), 0).astype(np.float32),
        np.where(both, relief, 0).astype(np.float32),
        both,
        left.middle.pixel_um,
        left.centre_um,
        sigma_um,
        float(np.mean((one * two)[both])),
    )


def _laid(
    left: Prepared, right: Prepared, rotation_deg: float, shift_um: Point
) -> tuple[Floats, Bools, Floats]:
    """The left mark, where both are valid, and the right one laid on the left one's grid."""
    fixed, moving = left.middle, right.middle
    angle = np.deg2rad(rotation_deg)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    x, y = right.centre_um
    dx = shift_um[0] + x * cos + y * sin - left.centre_um[0]
    dy = shift_um[1] - x * sin + y * cos - left.centre_um[1]
    pixel = fixed.pixel_um
    moved, mask = turned(
        moving.values, moving.mask, rotation_deg, fixed.values.shape, (dx / pixel, dy / pixel)
    )
    return fixed.values, np.asarray(fixed.mask & mask, np.bool_), moved


def _standardised(values: Floats, mask: Bools) -> Floats:
    """Mean 0 and standard deviation 1 over the mask, 0 outside."""
    inside = values[mask].astype(np.float64)
    spread = max(float(inside.std()), 1e-9)
    return np.where(mask, (values - float(inside.mean())) / spread, 0).astype(np.float32)


def _smoothed(
    one: Floats, two: Floats, mask: Bools, sigma: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Gaussian means over the valid points of product and squares, and the valid share."""
    stack = cv2.merge([one * two, one * one, two * two, mask.astype(np.float32)])
    blurred = cv2.GaussianBlur(stack, (0, 0), sigma, borderType=cv2.BORDER_CONSTANT)
    *totals, share = (np.asarray(part, np.float32) for part in cv2.split(blurred))
    weight = np.maximum(share, np.float32(1e-6))
    product, own, other = (np.asarray(total / weight, np.float32) for total in totals)
    return product, own, other, share
