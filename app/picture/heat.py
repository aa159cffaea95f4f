"""The similarity map over the evidence: a veil with its colour bar, drawn in place.

Cividis (Nunez et al. 2018) runs from dark blue to yellow and reads the same with every colour
vision; nothing in it looks like a verdict.
"""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.picture.colours import draw_bar
from app.picture.geometry import Matrix, centred_um, moved, scale, shift
from correlation.similarity import SimilarityMap

Pixels = NDArray[np.uint8]
STRENGTH = 0.5
_GREY = 120
_COARSER = 4  # the map is smooth: a quarter as many pixels a side, enlarged, look the same
_TO_COARSER = shift(-0.5, -0.5) @ scale(1 / _COARSER) @ shift(0.5, 0.5)
_TITLE = "local correlation"
_LEVELS = np.arange(256, dtype=np.uint8)
_COLOURS: Pixels = np.ascontiguousarray(
    cv2.applyColorMap(_LEVELS[None, :], cv2.COLORMAP_CIVIDIS)[:, :, ::-1], np.uint8
)


def similarity_sentence(found: SimilarityMap) -> str:
    """What the colours are, for the caption."""
    return (
        f"similarity map: {_TITLE}, Gaussian window of {found.sigma_um:.0f} µm, from 0 or less "
        "(dark blue) to 1 (yellow)"
    )


def draw_similarity(part: Pixels, found: SimilarityMap, um_to_part: Matrix) -> None:
    """Lay the map over a pane, uint8 RGB of shape (rows, columns, 3).

    ``um_to_part`` takes micrometres about the left picture's centre to pixels of the pane.
    """
    own = shift(*found.centre_um) @ centred_um(found.values.shape, found.pitch_um)
    box = _box(um_to_part @ own, found, part)
    if box is None:
        return
    x, y, width, height = box
    small = -(-width // _COARSER), -(-height // _COARSER)
    into = (_TO_COARSER @ shift(-x, -y) @ um_to_part @ own)[:2]
    levels, inside = (cv2.warpAffine(one, into, small) for one in _levels(found))
    veil = _enlarged(cv2.applyColorMap(levels, _COLOURS.reshape(256, 1, 3)))[:height, :width]
    there = _enlarged(inside)[:height, :width]
    under = part[y : y + height, x : x + width]
    mixed = cv2.addWeighted(under, 1 - STRENGTH, veil, STRENGTH, 0.0)
    cv2.copyTo(mixed, cv2.threshold(there, 127, 255, cv2.THRESH_BINARY)[1], under)


def _enlarged(small: Any) -> Pixels:
    size = (small.shape[1] * _COARSER, small.shape[0] * _COARSER)
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_LINEAR), np.uint8)


def draw_colour_bar(picture: Pixels) -> None:
    """What the colours of the veil stand for, on a dark plate in the upper right corner."""
    grey = np.full_like(_COLOURS, _GREY)
    seen = cv2.addWeighted(_COLOURS, STRENGTH, grey, 1 - STRENGTH, 0.0)
    ticks = (("≤ 0", 0.0), ("0.5", 0.5), ("1", 1.0))
    draw_bar(picture, _TITLE, np.asarray(seen[0], np.uint8), ticks)


def _levels(found: SimilarityMap) -> tuple[Pixels, Pixels]:
    """The map as 0 to 255, carried on past its edge, and 255 where it holds."""
    inside = found.mask.astype(np.float32)
    spread = cv2.blur(inside, (3, 3))
    around = cv2.blur(found.values * inside, (3, 3)) / np.maximum(spread, np.float32(1e-3))
    values = np.where(found.mask, found.values, around)
    levels = np.rint(255 * np.clip(values, 0, 1)).astype(np.uint8)
    return levels, np.asarray(255 * inside, np.uint8)


def _box(own: Matrix, found: SimilarityMap, part: Pixels) -> tuple[int, int, int, int] | None:
    """The part of the pane that the map can touch: x, y, width, height."""
    rows, columns = found.values.shape
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float64) - 0.5
    limit = np.array([part.shape[1], part.shape[0]])
    seen = moved(own, corners)
    low = np.clip(np.floor(seen.min(axis=0)), 0, limit).astype(int)
    high = np.clip(np.ceil(seen.max(axis=0)) + 1, 0, limit).astype(int)
    if (high <= low).any():
        return None
    return int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1])
