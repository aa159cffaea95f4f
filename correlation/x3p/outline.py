"""The drawing some x3p files carry (bindata/mask.png), read as an outline.

Its colours: the background is the colour that Record3/Mask/Background states; black and fully
transparent points mean nothing too. Every other colour is outlined. A drawing in white on black
(Cadre TopMatch) thus outlines the white breech face; one with several colours outlines all of
them together, with a warning. A drawing that outlines nothing or everything is left out.
"""

from __future__ import annotations

import re
import struct

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.x3p.container import Container
from correlation.x3p.model import Bools

PNG = b"\x89PNG\r\n\x1a\n"
MAX_BYTES = 256 * 1024**2
UNUSABLE = "The drawing inside the file (mask.png) was left aside: {}."


def read_outline(
    container: Container, background: str, shape: tuple[int, int], warnings: list[str]
) -> Bools | None:
    """True where the drawing outlines something, or None; a bad drawing is only a warning."""
    name = container.find("bindata/mask.png")
    if name is None:
        return None
    try:
        data = container.read(name, MAX_BYTES)
    except CorrelationError:
        warnings.append(UNUSABLE.format("it is damaged"))
        return None
    stated = struct.unpack(">II", data[16:24]) if len(data) >= 24 else (0, 0)
    if not data.startswith(PNG) or stated != (shape[1], shape[0]):
        warnings.append(UNUSABLE.format("it does not have the size of the scan"))
        return None
    drawing = _decoded(data)
    if drawing is None:
        warnings.append(UNUSABLE.format("it is damaged"))
        return None
    return _outlined(drawing, background, warnings)


def _decoded(data: bytes) -> NDArray[np.uint8] | None:
    """Blue, green, red, opacity; shape (rows, columns, 4)."""
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    if image is None or image.dtype != np.uint8:
        return None
    if image.ndim == 2:
        return cv2.cvtColor(image, cv2.COLOR_GRAY2BGRA).astype(np.uint8)
    if image.shape[2] == 3:
        return cv2.cvtColor(image, cv2.COLOR_BGR2BGRA).astype(np.uint8)
    return image.astype(np.uint8) if image.shape[2] == 4 else None


def _outlined(drawing: NDArray[np.uint8], background: str, warnings: list[str]) -> Bools | None:
    blue, green, red, opacity = (drawing[..., i].astype(np.uint32) for i in range(4))
    colour = (red << 16) | (green << 8) | blue
    outlined: Bools = (opacity > 0) & (colour != 0)
    if re.fullmatch("#[0-9a-fA-F]{6}", background):
        outlined &= colour != int(background[1:], 16)
    if outlined.all() or not outlined.any():
        return None
    colours = len(np.unique(colour[outlined]))
    if colours > 1:
        warnings.append(
            f"The drawing inside the file uses {colours} colours; all of them were taken together "
            "as the outline."
        )
    return outlined
