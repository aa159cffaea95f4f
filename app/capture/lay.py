"""The direction of parallel marks, by which a case can be turned like the one before it.

The mean of the edges' directions, doubled (a structure tensor; Bigun and Granlund 1987), each edge
levelled by those around it, so that a few bright ones do not decide.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import Circle

PLAIN = 0.15
"""Strength from which marks count as parallel. On the bench milled faces have 0.26 and more under
ring light, all others 0.08 and less; side light draws lines of its own and is not used."""
_THIN_UM, _FINE_UM, _LEVEL_UM = 10.0, 20.0, 150.0
_INSIDE, _BESIDE = 0.92, 1.3
"""Shares of the radii: inside the outer circle's edge, beside the inner one's."""
_FEWEST = 500


@dataclass(frozen=True, slots=True)
class Lay:
    """``deg``, 0 to 180, counter-clockwise from the right as seen; ``strength`` 0 (none) to 1."""

    deg: float
    strength: float

    @property
    def plain(self) -> bool:
        """Whether there are parallel marks to speak of."""
        return self.strength >= PLAIN


def lay_of(pixels: Pixels, pixel_um: float, outer: Circle, inner: Circle | None = None) -> Lay:
    """The direction of the marks inside ``outer`` and outside ``inner`` (micrometres)."""
    grey, um = _thinned(pixels, pixel_um)
    smooth = cv2.GaussianBlur(np.log(grey + np.float32(0.03)), (0, 0), max(_FINE_UM / um, 0.8))
    right = cv2.Sobel(smooth, cv2.CV_32F, 1, 0, ksize=3)
    up = -cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3)
    power = right * right + up * up
    around = cv2.GaussianBlur(power, (0, 0), _LEVEL_UM / um) + np.float32(1e-12)
    level = np.sqrt(np.minimum(power / around, 4.0)) / np.maximum(power, np.float32(1e-12))
    marked = _marked(grey.shape[:2], um, outer, inner) & (power > 0)
    if np.count_nonzero(marked) < _FEWEST:
        return Lay(0.0, 0.0)
    cosine = float(((right * right - up * up) * level)[marked].mean())
    sine = float((2 * right * up * level)[marked].mean())
    length = float((power * level)[marked].mean())
    deg = float(np.degrees(np.arctan2(sine, cosine))) / 2 + 90.0  # marks run across their edges
    return Lay(deg % 180.0, float(np.hypot(cosine, sine)) / max(length, 1e-12))


def _thinned(
    pixels: Pixels, pixel_um: float
) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float32]], float]:
    """Grey from 0 to 1, averaged to about _THIN_UM."""
    full = float(np.iinfo(pixels.dtype).max)
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    times = int(_THIN_UM / pixel_um)
    if times >= 2:
        rows, columns = grey.shape[0] // times, grey.shape[1] // times
        whole = grey[: rows * times, : columns * times]
        grey = cv2.resize(whole, (columns, rows), interpolation=cv2.INTER_AREA)
        pixel_um *= times
    return np.asarray(grey, np.float32) / np.float32(full), pixel_um


def _marked(
    shape: tuple[int, ...], um: float, outer: Circle, inner: Circle | None
) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
    y = np.arange(shape[0], dtype=np.float32)[:, None] * um
    x = np.arange(shape[1], dtype=np.float32)[None, :] * um
    marked = np.hypot(x - outer.x_um, y - outer.y_um) < _INSIDE * outer.radius_um
    if inner is not None:
        marked &= np.hypot(x - inner.x_um, y - inner.y_um) > _BESIDE * inner.radius_um
    return np.asarray(marked, np.bool_)
