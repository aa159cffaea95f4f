"""The bench camera's sensor: shot noise, read noise, a trembling stage, eight bits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.capture.bench.texture import stream
from app.capture.opencv import cv2
from app.domain import Light
from correlation.surface import Floats

SENSOR_GAIN = {Light.RING: 330.0, Light.SIDE: 95.0, Light.UNKNOWN: 330.0}
"""Grey levels for unit light: where the automatic exposure of each light settles."""
_MARGIN = 64


class Sensor:
    """Turns light into eight-bit frames of ``size`` (width, height), each with noise of its own."""

    def __init__(self, seed: int, shot: int, size: tuple[int, int]) -> None:
        self._rng = stream(seed, shot, "sensor")
        self._key = (seed, shot)
        self._size = size
        self.exposure = float(self._rng.normal(1.0, 0.06))
        shape = (size[1] + _MARGIN, size[0] + _MARGIN)
        self._noise: Floats = self._rng.standard_normal(shape, dtype=np.float32)

    def noise_level(self, view: Floats) -> Floats:
        """Standard deviation in grey levels: read noise and shot noise."""
        return np.asarray(cv2.sqrt(1.4 + 0.035 * view), np.float32)

    def expose(self, view: Floats, level: Floats, number: int) -> NDArray[np.uint8]:
        """Frame ``number`` of what falls on the sensor."""
        width, height = self._size
        rng = stream(*self._key, "frame", number)
        tremor = rng.normal(0, 0.12, 2)
        drift = 0.8 * np.array([np.sin(number / 37.0), np.cos(number / 53.0)])
        matrix = np.column_stack([np.eye(2), tremor + drift])
        moved = cv2.warpAffine(view, matrix, self._size, borderMode=cv2.BORDER_REPLICATE)
        left, top = rng.integers(0, _MARGIN, 2)
        noise = self._noise[top : top + height, left : left + width]
        cv2.scaleAdd(cv2.multiply(level, noise), float(rng.choice((-1.0, 1.0))), moved, moved)
        return np.asarray(cv2.convertScaleAbs(np.maximum(moved, -3.0), beta=3.0), np.uint8)
