"""A small description of a mark that does not change when it is moved and turns as it turns.

The logarithm of the spectrum's magnitude in polar coordinates (Reddy and Chatterji 1996 for the
rotation; the scale is known from calibration). Kept in a few KiB, it orders many thousand marks
in milliseconds. It is a hint only: what is ranked is never decided by it.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.late import fft
from correlation.prepare import Level
from correlation.surface import Floats

RINGS = 24
ANGLES = 96
DESCRIPTOR_BYTES = RINGS * ANGLES
_CANVAS = 192
_LONG_PX, _SHORT_PX = 16.0, 4.0
_BLUR = 0.6
_SLOWEST = 3
_STEPS = 40.0
_NORM = _STEPS * float(np.sqrt(DESCRIPTOR_BYTES))


def descriptor(level: Level) -> NDArray[np.int8]:
    """(RINGS, ANGLES) of a mark at its middle pitch; the angles go over half a circle.

    The slowest harmonics along a ring are left out: they tell the direction of striae and of the
    light, which a whole class of guns shares.
    """
    log = np.log(np.abs(fft.fftshift(fft.fft2(_centred(level)))) + 1)
    radii = np.linspace(_CANVAS / _LONG_PX, _CANVAS / _SHORT_PX, RINGS)[:, None]
    angles = np.pi * np.arange(ANGLES) / ANGLES
    x = (_CANVAS // 2 + radii * np.cos(angles)).astype(np.float32)
    y = (_CANVAS // 2 - radii * np.sin(angles)).astype(np.float32)
    smooth = cv2.GaussianBlur(log.astype(np.float32), (0, 0), _BLUR)
    harmonics = fft.rfft(cv2.remap(smooth, x, y, cv2.INTER_LINEAR), axis=1)
    harmonics[:, :_SLOWEST] = 0
    rings = fft.irfft(harmonics, ANGLES, axis=1)
    scaled = _STEPS * rings / max(float(rings.std()), 1e-6)
    return np.clip(np.rint(scaled), -127, 127).astype(np.int8)


def _centred(level: Level) -> Floats:
    """The mark in the middle of the canvas, as far as it finds room; its spread does not count."""
    canvas = np.zeros((_CANVAS, _CANVAS), np.float32)
    size = level.values.shape[0]
    room = min(size, _CANVAS)
    start, cut = (_CANVAS - room) // 2, (size - room) // 2
    part = level.values[cut : cut + room, cut : cut + room]
    canvas[start : start + room, start : start + room] = part
    area = max(int(np.count_nonzero(level.mask)), 1)
    return np.asarray(canvas / np.float32(np.sqrt(area)), np.float32)


def turns(query: NDArray[np.int8]) -> Floats:
    """The description at every rotation, (DESCRIPTOR_BYTES, ANGLES), for ``scores``."""
    rolled = [np.roll(query, shift, axis=1).ravel() for shift in range(ANGLES)]
    return np.stack(rolled, axis=1).astype(np.float32) / np.float32(_NORM**2)


def scores(table: Floats, descriptors: NDArray[np.int8]) -> Floats:
    """The highest correlation over all rotations of each of (n, DESCRIPTOR_BYTES)."""
    return np.asarray((descriptors.astype(np.float32) @ table).max(axis=1))
