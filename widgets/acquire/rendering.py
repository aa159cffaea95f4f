"""From a frame to what the screen shows of it, off the GUI thread; the frame is never changed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage

from app.capture import Frame, Pixels
from app.capture.white import Gains

Limits = tuple[float, float]
"""Black and white of the display as shares of full scale."""
ALL: Limits = (0.0, 1.0)
SATURATED = (232, 163, 61)
BLACK = (38, 110, 214)
"""Flashed over what is at full scale and at zero: amber and blue are told apart by every eye."""

_LARGE = 3_000_000
"""Pixels from which on every second row is looked at for flashing: twice as quick, and what is
clipped for an eye is more than a row high."""
_NEUTRAL = Gains()
_Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Wanted:
    """``rect`` is where the whole picture lies, in device pixels of a screen of ``size``."""

    rect: tuple[float, float, float, float]
    size: tuple[int, int]
    limits: Limits = ALL
    flash: bool = False
    gains: Gains = _NEUTRAL


@dataclass(frozen=True, slots=True, eq=False)
class Rendered:
    """``image``, over ``pixels``, belongs at ``at`` (device pixels); ``part`` is of the frame."""

    frame: Frame
    wanted: Wanted
    pixels: _Bytes
    image: QImage
    at: QPointF
    part: QRectF


def render(frame: Frame, wanted: Wanted) -> Rendered:
    """The visible part of a frame, scaled, stretched and with its clipped pixels flashed."""
    rows, columns = frame.pixels.shape[:2]
    left, top, width, height = wanted.rect
    scale = width / columns
    x, end_x = _visible(left, wanted.size[0], scale, columns)
    y, end_y = _visible(top, wanted.size[1], height / rows, rows)
    part = frame.pixels[y:end_y, x:end_x]
    size = max(round((end_x - x) * scale), 1), max(round((end_y - y) * height / rows), 1)
    pixels = shown(part, size, wanted)
    at = QPointF(round(left + x * scale), round(top + y * height / rows))
    return Rendered(frame, wanted, pixels, as_image(pixels), at, QRectF(x, y, end_x - x, end_y - y))


def _visible(start: float, room: int, scale: float, length: int) -> tuple[int, int]:
    """First and last pixel of one direction on the screen."""
    first = min(max(int(-start / scale), 0), length - 1)
    last = min(max(int(np.ceil((room - start) / scale)), first + 1), length)
    return first, last


def shown(part: Pixels, size: tuple[int, int], wanted: Wanted) -> _Bytes:
    """``part`` in that size (width, height) as BGRA bytes, rows x columns x 4."""
    small = scaled(part, size)
    eight = stretched(small, wanted.limits, wanted.gains)
    out = np.empty((*eight.shape[:2], 4), np.uint8)
    cv2.cvtColor(eight, cv2.COLOR_RGB2BGRA if eight.ndim == 3 else cv2.COLOR_GRAY2BGRA, out)
    if wanted.flash:
        looked = part[::2] if part.shape[0] * part.shape[1] > _LARGE else part
        _paint(out, _clipped(looked, size), SATURATED)
        _paint(out, _dark(looked, size), BLACK)
    return out


def as_image(pixels: _Bytes) -> QImage:
    """BGRA bytes as an image of the screen's own format, whose memory it shares: keep the bytes."""
    rows, columns = pixels.shape[:2]
    return QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)


def scaled(part: Pixels, size: tuple[int, int]) -> Pixels:
    """Averaged where it gets smaller, in its squares where it gets much larger.

    Halved as often as goes, which is quick, and then brought to size.
    """
    while part.shape[1] >= 2 * size[0] and part.shape[0] >= 2 * size[1]:
        half = part.shape[1] // 2, part.shape[0] // 2
        even = part[: half[1] * 2, : half[0] * 2]
        part = cv2.resize(even, half, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    if part.shape[1::-1] == size:
        return part
    how = cv2.INTER_NEAREST if size[0] >= 3 * part.shape[1] else cv2.INTER_LINEAR
    return cv2.resize(part, size, interpolation=how)  # type: ignore[return-value]


def stretched(pixels: Pixels, limits: Limits, gains: Gains = _NEUTRAL) -> _Bytes:
    """Eight bits for the screen, with ``limits`` as black and white and colours balanced."""
    full = 65535 if pixels.dtype == np.uint16 else 255
    low, high = limits[0] * full, max(limits[1], limits[0] + 1e-3) * full
    grey = pixels.ndim == 2 or gains.neutral
    if pixels.dtype == np.uint8 and limits == ALL and grey:
        return np.asarray(pixels, np.uint8)
    factors = (1.0,) if grey else (gains.red, gains.green, gains.blue)
    factor = np.array(factors, np.float32)
    scale = np.float32(255.0 / (high - low))
    if pixels.dtype == np.uint8:
        steps = np.arange(256, dtype=np.float32)[:, None] * factor
        table = np.clip((steps - np.float32(low)) * scale, 0, 255).astype(np.uint8)
        return np.asarray(cv2.LUT(pixels, table[None]), np.uint8)
    wide = (
        pixels.astype(np.float32) * (factor if pixels.ndim == 3 else 1) - np.float32(low)
    ) * scale
    return np.asarray(np.clip(wide, 0, 255), np.uint8)


def _paint(out: _Bytes, where: _Bytes, colour: tuple[int, int, int]) -> None:
    if cv2.countNonZero(where):
        red, green, blue = colour
        whole = np.array((blue, green, red, 255), np.uint8).view(np.uint32)[0]
        solid = np.full(out.shape[:2], whole, np.uint32).view(np.uint8).reshape(out.shape)
        cv2.copyTo(solid, where, out)


def _clipped(part: Pixels, size: tuple[int, int]) -> _Bytes:
    """Not nought where any pixel behind one of the screen is at full scale in any channel."""
    full = 65535 if part.dtype == np.uint16 else 255
    return _any(np.bitwise_not(_between(part, 0, full - 1)), size)


def _dark(part: Pixels, size: tuple[int, int]) -> _Bytes:
    """Not nought where any pixel behind one of the screen is at zero in all channels."""
    return _any(_between(part, 0, 0), size)


def _between(part: Pixels, low: int, high: int) -> _Bytes:
    channels = 1 if part.ndim == 2 else part.shape[2]
    found = cv2.inRange(part, (low,) * channels, (high,) * channels)
    return np.asarray(found, np.uint8)


def _any(found: _Bytes, size: tuple[int, int]) -> _Bytes:
    """A mask in the size of the screen; one pixel lost in the average stays as a trace of it."""
    return np.asarray(scaled(found, size), np.uint8)
