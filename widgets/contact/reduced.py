"""Pictures made as small as a tile needs them, so that many can be held."""

from __future__ import annotations

from dataclasses import replace
from math import floor, log2

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import Acquired, CaseheadError, Circle
from app.picture import Side

LARGEST_FACTOR = 16
_SPARE = 1.5


def factor_for(acquired: Acquired, um_per_px: float) -> int:
    """How many pixels of an image may be averaged to one for tiles of this scale: 1, 2, 4, ...

    Scans stay as they are: their shading needs the relief.
    Raises CaseheadError when the picture has no scale.
    """
    if acquired.pixel_um is None:
        raise CaseheadError("This picture has no scale; settle its pixel size in the casebook.")
    if acquired.kind == "scan":
        return 1
    coarser = um_per_px / (acquired.pixel_um * _SPARE)
    return int(min(2 ** max(floor(log2(max(coarser, 1.0))), 0), LARGEST_FACTOR))


def reduced(side: Side, factor: int) -> Side:
    """An image of averages of ``factor`` x ``factor`` pixels; its centre stays its centre."""
    if factor == 1:
        return side
    rows, columns = side.pixels.shape[:2]
    top, left = (-rows % factor) // 2, (-columns % factor) // 2
    edges = top, -rows % factor - top, left, -columns % factor - left
    pixels = _averaged(side.pixels, edges, factor).astype(np.uint8)
    missing = None
    if side.missing is not None:
        missing = _averaged(side.missing.astype(np.float32), edges, factor) > 0.5
    focus = _moved(side.focus, side.pixel_um, left, top, factor)
    pixel_um = side.pixel_um * factor
    return replace(side, pixels=pixels, pixel_um=pixel_um, missing=missing, focus=focus)


def _averaged(
    values: NDArray[np.uint8] | NDArray[np.float32], edges: tuple[int, int, int, int], factor: int
) -> NDArray[np.float32]:
    wide = cv2.copyMakeBorder(values, *edges, cv2.BORDER_REPLICATE)
    size = wide.shape[1] // factor, wide.shape[0] // factor
    averages = cv2.resize(wide, size, interpolation=cv2.INTER_AREA)
    return averages.astype(np.float32, copy=False)


def _moved(
    focus: Circle | None, pixel_um: float, left: int, top: int, factor: int
) -> Circle | None:
    if focus is None:
        return None
    first = (factor - 1) / 2
    x, y = (left - first) * pixel_um, (top - first) * pixel_um
    return Circle(focus.x_um + x, focus.y_um + y, focus.radius_um)
