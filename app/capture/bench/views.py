"""Still pictures and scans of the bench's specimens, for demonstrations and tests."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.capture.bench.firearm import VirtualFirearm
from app.capture.bench.lighting import lit, through_lens, vignette
from app.capture.bench.primer import PRIMER_RADIUS_UM, heights_of, shot_of
from app.capture.bench.sensor import SENSOR_GAIN, Sensor
from app.capture.bench.source import BenchSource
from app.capture.opencv import cv2
from app.domain import Light
from correlation.surface import Floats


def image_of(
    firearm: VirtualFirearm, shot: int, light: Light = Light.RING, pixel_um: float = 5.06
) -> tuple[NDArray[np.uint8], float]:
    """One picture as the bench's camera takes it, and its pixel size (micrometres).

    The specimen lies as it was put on the stage: turned anyhow, a little off the middle.
    """
    source = BenchSource(firearm, shot, light, rate=0, pixel_um=pixel_um)
    source.open()
    frame = source.read()
    source.close()
    return np.asarray(frame.pixels, np.uint8), pixel_um


def render(
    heights: Floats,
    pixel_um: float,
    light: Light = Light.RING,
    *,
    azimuth_deg: float = 45.0,
    focus_um: float = 0.0,
    exposure: float = 1.0,
    seed: int = 0,
) -> NDArray[np.uint8]:
    """A height map (micrometres, NaN missing) as the microscope would picture it, same grid."""
    seen = through_lens(lit(heights, pixel_um, light, azimuth_deg), heights, pixel_um, focus_um)
    size = (heights.shape[1], heights.shape[0])
    seen = (seen * vignette(*size) * np.float32(SENSOR_GAIN[light] * exposure)).astype(np.float32)
    sensor = Sensor(seed, 0, size)
    return sensor.expose(seen, sensor.noise_level(seen), 0)


def scan_of(firearm: VirtualFirearm, shot: int, pixel_um: float = 6.25) -> tuple[Floats, float]:
    """A 3D scan of the primer: float32 heights in micrometres, NaN missing, and the pixel size.

    As from a confocal microscope: walls too steep and the bottom of the crater are missing, some
    points drop out, a tilt and a little instrument noise remain. Turned as on the stage.
    """
    heights, bench_um = heights_of(firearm, shot)
    rng = firearm.stream("scan", shot)
    side = int(2 * (PRIMER_RADIUS_UM + 60) / pixel_um)
    turned = _turned(heights, bench_um, pixel_um, side, shot_of(firearm, shot).turn_deg)
    rows, columns = np.gradient(np.nan_to_num(turned, nan=-999.0), pixel_um)
    steep = np.hypot(rows, columns) > 1.1
    lost = cv2.dilate(steep.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    lost |= (turned < -150) | (rng.random(turned.shape) < 0.004)
    axis = np.linspace(-1, 1, side, dtype=np.float32)
    tilt = rng.normal(0, 12, 2)
    scan = turned + np.float32(tilt[0]) * axis[None, :] + np.float32(tilt[1]) * axis[:, None]
    scan += 0.06 * rng.standard_normal(scan.shape, dtype=np.float32)
    return np.where(lost, np.float32(np.nan), scan).astype(np.float32), pixel_um


def _turned(
    heights: Floats, bench_um: float, pixel_um: float, side: int, turn_deg: float
) -> Floats:
    scale, angle = pixel_um / bench_um, np.radians(turn_deg)
    back = scale * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middle = np.full(2, (side - 1) / 2)
    offset = (np.array(heights.shape) - 1) / 2 - back @ middle
    matrix = np.column_stack([back, offset])
    smooth = cv2.GaussianBlur(np.nan_to_num(heights, nan=-999.0), (0, 0), max(0.4 * scale, 0.3))
    flags = cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(smooth, matrix, (side, side), flags=flags), np.float32)
