"""A piece of a bench specimen whose heights and light are known, for combining frames of it."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.capture.bench import VirtualFirearm, heights_of
from app.capture.bench.lighting import lit
from app.capture.bench.sequences import Noise
from app.domain import Light
from correlation.surface import Floats

NOISE = Noise()
PIXEL_UM = 5.06
SIDES = {"left": 180.0, "top": 90.0, "right": 0.0, "bottom": 270.0}


@lru_cache(maxsize=4)
def relief(gun: int = 1) -> Floats:
    """Heights of a whole specimen, micrometres, what is missing far below."""
    heights, pixel_um = heights_of(VirtualFirearm(gun, "milled"), 1)
    assert pixel_um == PIXEL_UM
    return np.nan_to_num(heights, nan=-300.0)


@lru_cache(maxsize=8)
def picture(light: str = "ring", gun: int = 1) -> Floats:
    """Grey levels of 255 of that specimen as the lens gives them, float32, at most 230."""
    kind = Light.RING if light == "ring" else Light.SIDE
    seen = lit(relief(gun), PIXEL_UM, kind, SIDES.get(light, 45.0))
    grey = seen * np.float32(90.0 / float(seen.mean()))
    return np.clip(cv2.GaussianBlur(grey, (0, 0), 0.8), 0, 230).astype(np.float32)


def inner(image: NDArray[np.generic], edge: int = 16) -> NDArray[np.generic]:
    """Without its edges."""
    return image[edge:-edge, edge:-edge]


def rms(values: NDArray[np.floating]) -> float:
    """Root mean square."""
    return float(np.sqrt(np.mean(np.square(values, dtype=np.float64))))
