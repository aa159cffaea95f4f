"""Small pictures for lists, and pictures as PNG files."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from app.domain import Alignment, CaseheadError
from app.picture.compose import render
from app.picture.side import Pixels, Side
from app.picture.view import ViewState
from app.picture.writing import write_whole


def thumbnail(pixels: Pixels, side_px: int) -> Pixels:
    """A small copy, uint8 RGB, whose longer side is ``side_px`` (never enlarged)."""
    rows, columns = pixels.shape[:2]
    factor = min(1.0, side_px / max(rows, columns))
    size = (max(1, round(columns * factor)), max(1, round(rows * factor)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA) if factor < 1.0 else pixels
    if small.ndim == 2:
        small = cv2.cvtColor(small, cv2.COLOR_GRAY2RGB)
    return np.ascontiguousarray(small, dtype=np.uint8)


def pair_thumbnail(left: Side, right: Side, alignment: Alignment, size: tuple[int, int]) -> Pixels:
    """The aligned pair cut at the dividing line, uint8 RGB (h, w, 3) for ``size`` (w, h)."""
    return render(left, right, alignment, ViewState(), size)


def png_bytes(picture: Pixels) -> bytes:
    """A lossless PNG of an RGB or grey array; the same picture gives the same bytes."""
    ordered = cv2.cvtColor(picture, cv2.COLOR_RGB2BGR) if picture.ndim == 3 else picture
    ok, data = cv2.imencode(".png", ordered, [cv2.IMWRITE_PNG_COMPRESSION, 4])
    if not ok:
        raise CaseheadError("The picture could not be turned into a PNG file.")
    return data.tobytes()


def write_png(path: Path, picture: Pixels) -> Path:
    """Write a PNG, whole or not at all. Raises CaseheadError when the place cannot be written."""
    return write_whole(path, png_bytes(picture), overwrite=True, what="picture")
