"""One picture brought onto another: the motion between them, and pixels moved by it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.capture.opencv import cv2
from correlation.late import sparse
from correlation.surface import Bools, Floats

Matrix = NDArray[np.float64]
Interpolation = Literal["sinc", "cubic", "linear"]
_FLAGS = {"sinc": cv2.INTER_LANCZOS4, "cubic": cv2.INTER_CUBIC, "linear": cv2.INTER_LINEAR}
_LOBES, _KAISER = 6, 5.5
"""The window of the sinc: narrower ones move slow changes by some hundredths of a pixel less."""
_STILL_PX = 0.01
"""Pictures moved by less than this are left as they are."""


@dataclass(frozen=True, slots=True)
class Motion:
    """Brings a moving picture onto a fixed one of the same size, as an Alignment does.

    A point of the moving picture, from the array's centre, is enlarged by ``scale``, turned
    counter-clockwise (as seen) and moved (x right, y down). ``agreement`` is the correlation
    there; ``sd_px`` and ``sd_deg`` the standard uncertainty from noise alone.
    """

    dx_px: float = 0.0
    dy_px: float = 0.0
    turn_deg: float = 0.0
    scale: float = 1.0
    agreement: float = 0.0
    sd_px: float = float("inf")
    sd_deg: float = float("inf")

    @property
    def shift_px(self) -> float:
        """Length of the shift."""
        return float(np.hypot(self.dx_px, self.dy_px))

    @property
    def plain(self) -> bool:
        """Whether it is a shift and nothing else."""
        return self.turn_deg == 0.0 and self.scale == 1.0

    def matrix(self, shape: tuple[int, ...]) -> Matrix:
        """3 x 3, from pixels of the moving picture to pixels of the fixed one (x, y)."""
        angle = np.radians(self.turn_deg)
        cos, sin = self.scale * np.cos(angle), self.scale * np.sin(angle)
        turn = np.array([[cos, sin], [-sin, cos]])
        centre = np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2])
        out = np.eye(3)
        out[:2, :2] = turn
        out[:2, 2] = centre + np.array([self.dx_px, self.dy_px]) - turn @ centre
        return out


def motion_of(
    matrix: Matrix, shape: tuple[int, ...], agreement: float, sd_px: float, sd_deg: float
) -> Motion:
    """The motion of a 3 x 3 matrix as ``Motion.matrix`` gives it."""
    centre = np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2])
    shift = matrix[:2, :2] @ centre + matrix[:2, 2] - centre
    scale = float(np.hypot(matrix[0, 0], matrix[0, 1]))
    turn = float(np.degrees(np.arctan2(matrix[0, 1], matrix[0, 0])))
    return Motion(float(shift[0]), float(shift[1]), turn, scale, agreement, sd_px, sd_deg)


def moved(values: Floats, motion: Motion, kernel: Interpolation = "sinc") -> Floats:
    """Pixels (rows, columns[, 3]) brought onto the fixed picture, float32; edges are repeated.

    A shift and a scale are exact to the float (windowed sinc); ``inside`` says what is covered.
    ``kernel`` is what a turn interpolates with; it goes by 32nds of a pixel, as OpenCV does.
    """
    if motion.plain:
        return _shifted(values, motion.dx_px, motion.dy_px)
    if motion.turn_deg == 0.0:
        return _scaled(values, motion)
    size = (values.shape[1], values.shape[0])
    matrix = motion.matrix(values.shape)[:2]
    flags, border = _FLAGS[kernel], cv2.BORDER_REPLICATE
    return np.asarray(cv2.warpAffine(values, matrix, size, flags=flags, borderMode=border))


def inside(shape: tuple[int, ...], motion: Motion, margin_px: float = 0.0) -> Bools:
    """Where the moved picture has pixels of its own, (rows, columns)."""
    back = np.linalg.inv(motion.matrix(shape))
    x = np.arange(shape[1], dtype=np.float64)[None, :]
    y = np.arange(shape[0], dtype=np.float64)[:, None]
    found = np.ones(shape[:2], np.bool_)
    for row, length in ((back[0], shape[1]), (back[1], shape[0])):
        at = row[0] * x + row[1] * y + row[2]
        found &= (at >= margin_px - 1e-6) & (at <= length - 1 - margin_px + 1e-6)
    return found


def noise_gain(motion: Motion) -> float:
    """What a shift's interpolation leaves of the variance of white noise, 0 to 1."""
    if not motion.plain or motion.shift_px < _STILL_PX:
        return 1.0
    parts = [np.square(_kernel(d - np.floor(d))).sum() for d in (motion.dx_px, motion.dy_px)]
    return float(parts[0] * parts[1])


def _shifted(values: Floats, dx: float, dy: float) -> Floats:
    if np.hypot(dx, dy) < _STILL_PX:
        return values
    whole_x, whole_y = int(np.floor(dx)), int(np.floor(dy))
    rolled = _rolled(values, whole_x, whole_y)
    across, down = _kernel(dx - whole_x), _kernel(dy - whole_y)
    border = cv2.BORDER_REPLICATE
    out = cv2.sepFilter2D(rolled, cv2.CV_32F, across, down, borderType=border)
    return np.asarray(out, np.float32)


def _scaled(values: Floats, motion: Motion) -> Floats:
    rows, columns = values.shape[:2]
    down = _resampling(rows, motion.scale, motion.dy_px)
    across = _resampling(columns, motion.scale, motion.dx_px)
    tall = (down @ values.reshape(rows, -1)).reshape(values.shape)
    turned = np.ascontiguousarray(np.swapaxes(tall, 0, 1))
    wide = (across @ turned.reshape(columns, -1)).reshape(turned.shape)
    return np.ascontiguousarray(np.swapaxes(wide, 0, 1), np.float32)


def _resampling(size: int, scale: float, shift: float) -> sparse.csr_array:
    """The matrix that resamples one axis; beyond the edge its last pixel is repeated."""
    centre = (size - 1) / 2
    at = (np.arange(size, dtype=np.float64) - centre - shift) / scale + centre
    base = np.floor(at).astype(np.intp)
    offsets = np.arange(1 - _LOBES, _LOBES + 1)
    weights = _window(offsets[None, :] - (at - base)[:, None])
    weights /= weights.sum(axis=1, keepdims=True)
    columns = np.clip(base[:, None] + offsets[None, :], 0, size - 1)
    starts = np.arange(size + 1) * len(offsets)
    parts = (weights.astype(np.float32).ravel(), columns.ravel(), starts)
    return sparse.csr_array(parts, shape=(size, size))


def _rolled(values: Floats, dx: int, dy: int) -> Floats:
    """Shifted by whole pixels, the edges repeated."""
    if dx == 0 and dy == 0:
        return values
    rows = np.clip(np.arange(values.shape[0]) - dy, 0, values.shape[0] - 1)
    columns = np.clip(np.arange(values.shape[1]) - dx, 0, values.shape[1] - 1)
    return np.ascontiguousarray(values[rows][:, columns])


@lru_cache(maxsize=256)
def _kernel(fraction: float) -> Floats:
    """Weights of the neighbours of a point ``fraction`` of a pixel before the middle one."""
    weights = _window(np.arange(-_LOBES, _LOBES + 1) + fraction)
    return np.asarray(weights / weights.sum(), np.float32)


def _window(at: NDArray[np.floating]) -> NDArray[np.float64]:
    """The windowed sinc at distances in pixels."""
    inner = np.sqrt(np.maximum(1 - np.square(at / _LOBES), 0))
    return np.asarray(np.sinc(at) * np.i0(_KAISER * inner) * (np.abs(at) < _LOBES), np.float64)
