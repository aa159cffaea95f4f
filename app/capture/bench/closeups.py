"""Scans and images of single marks on the bench, as an examiner acquires them on their own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.capture.bench.firearm import VirtualFirearm
from app.capture.bench.tools import CLOSE_SIDE, CLOSE_UM, mark_heights_of
from app.capture.bench.views import render
from app.capture.opencv import cv2
from app.domain import Light, MarkKind
from correlation.surface import Floats

_FIELD_UM = 2000.0


def mark_turn_deg(firearm: VirtualFirearm, shot: int, mark: MarkKind) -> float:
    """How the specimen lay under the instrument, counter-clockwise as seen."""
    turn = firearm.stream("mark turn", str(mark), shot).uniform(-180, 180)
    return float(turn)


def mark_scan_of(
    firearm: VirtualFirearm, shot: int, mark: MarkKind, pixel_um: float = CLOSE_UM
) -> tuple[Floats, float]:
    """A close-up scan: float32 micrometres, NaN where walls are too steep, and the pixel size."""
    heights = _turned(firearm, shot, mark, pixel_um)
    rng = firearm.stream("mark scan", str(mark), shot)
    rows, columns = np.gradient(heights, pixel_um)
    steep = (np.hypot(rows, columns) > 1.0).astype(np.uint8)
    lost = cv2.dilate(steep, np.ones((3, 3), np.uint8)).astype(bool)
    lost |= rng.random(heights.shape) < 0.004
    axis = np.linspace(-1, 1, heights.shape[0], dtype=np.float32)
    tilt = rng.normal(0, 8, 2).astype(np.float32)
    scan = heights + tilt[0] * axis[None, :] + tilt[1] * axis[:, None]
    scan += 0.06 * rng.standard_normal(scan.shape, dtype=np.float32)
    return np.where(lost, np.float32(np.nan), scan).astype(np.float32), pixel_um


def mark_image_of(
    firearm: VirtualFirearm,
    shot: int,
    mark: MarkKind,
    light: Light = Light.RING,
    pixel_um: float = CLOSE_UM,
    azimuth_deg: float = 45.0,
) -> tuple[NDArray[np.uint8], float]:
    """A close-up image, focused on the mark, and its pixel size (micrometres)."""
    heights = _turned(firearm, shot, mark, pixel_um)
    side = heights.shape[0]
    middle = heights[side // 2 - 40 : side // 2 + 40, side // 2 - 40 : side // 2 + 40]
    seed = 1000 * firearm.seed + shot
    focus = float(np.median(middle))
    pixels = render(heights - focus, pixel_um, light, azimuth_deg=azimuth_deg, seed=seed)
    return pixels, pixel_um


def _turned(firearm: VirtualFirearm, shot: int, mark: MarkKind, pixel_um: float) -> Floats:
    """The heights as the specimen lies under the instrument, on its grid."""
    heights = mark_heights_of(firearm, shot, mark)
    side, scale = int(_FIELD_UM / pixel_um), pixel_um / CLOSE_UM
    angle = np.radians(mark_turn_deg(firearm, shot, mark))
    back = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    offset = np.full(2, (CLOSE_SIDE - 1) / 2) - back @ np.full(2, (side - 1) / 2)
    matrix = np.column_stack([back, offset])
    smooth = cv2.GaussianBlur(heights, (0, 0), max(0.4 * scale, 0.3))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(
        smooth, matrix, (side, side), flags=flags, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(turned, np.float32)
