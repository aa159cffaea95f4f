"""Colour scales and their bars: perceptually even and read the same with every colour vision."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.picture.drawing import PALE, WHITE, draw_text, text_width

Pixels = NDArray[np.uint8]
Tick = tuple[str, float]

_OF_OPENCV = {
    "cividis": cv2.COLORMAP_CIVIDIS,
    "viridis": cv2.COLORMAP_VIRIDIS,
    "magma": cv2.COLORMAP_MAGMA,
}
_LEVELS = np.arange(256, dtype=np.uint8)


@cache
def colours(name: str) -> Pixels:
    """A scale from dark to light: uint8 RGB of shape (256, 3). One of FALSE_COLOURS."""
    bgr = cv2.applyColorMap(_LEVELS[None, :], _OF_OPENCV[name])[0]
    found = np.ascontiguousarray(bgr[:, ::-1], np.uint8)
    found.setflags(write=False)
    return found


def draw_bar(
    picture: Pixels, title: str, ramp: Pixels, ticks: tuple[Tick, ...], place: int = 0
) -> None:
    """What colours stand for, on a dark plate in the upper right corner, uint8 RGB.

    ``ramp`` (n, 3) runs from left to right, ``ticks`` are texts and where they stand, 0 to 1.
    ``place`` counts downwards; a picture too small for it stays without.
    """
    height, width = picture.shape[:2]
    size = int(np.clip(height / 48, 13, 26))
    bar, margin, tall = 10 * size, size // 2, round(3.9 * size)
    x, y = width - bar - 3 * margin, margin + place * (tall + margin)
    if width < 320 or height < 160 or y + tall > height:
        return
    plate = picture[y : y + tall, x - margin : x + bar + margin]
    plate[...] = plate // 4 + 9
    draw_text(picture, title, (x, y + round(1.1 * size)), size, WHITE, 500)
    top = y + round(1.5 * size)
    row = cv2.resize(ramp[None, :, :], (bar, 1), interpolation=cv2.INTER_LINEAR)
    picture[top : top + size, x : x + bar] = row
    base, small = top + round(2.05 * size), round(0.9 * size)
    for text, share in ticks:
        start = x + round(share * bar - share * text_width(text, small))
        draw_text(picture, text, (start, base), small, PALE)
