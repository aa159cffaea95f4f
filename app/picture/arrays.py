"""What OpenCV gives back, as the arrays it is: its own type hints leave the kind open."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from correlation.surface import Floats

Pixels = NDArray[np.uint8]


def u8(values: Any) -> Pixels:
    """An array of uint8; no copy is made of one that is."""
    return np.asarray(values, np.uint8)


def f32(values: Any) -> Floats:
    """An array of float32; no copy is made of one that is."""
    return np.asarray(values, np.float32)
