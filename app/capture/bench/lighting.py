"""How the bench's microscope sees heights: ring light or side light, optics and sensor.

The ring is integrated over its azimuths once (Lambert and a Blinn-Phong lobe, Fourier series of
the ring's own unevenness up to the first order), giving brightness as a function of slope, so
a ring-lit picture hardly depends on how the specimen is turned, as on the real instrument.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from app.capture.opencv import cv2
from app.domain import Light
from correlation.surface import Bools, Floats

RING_ELEVATION_DEG = 52.0
SIDE_ELEVATION_DEG = 22.0
_DIFFUSE = 0.06
_SPECULAR = 4.6
_SHARPNESS = 76.0
_STEPS = 2048
_STEEPEST = 4.0


def _shade(slope: Floats, azimuth: Floats, elevation_deg: float) -> Floats:
    """Brightness of a surface rising by ``slope`` along x, lit from ``azimuth`` (radians)."""
    elevation = np.radians(elevation_deg)
    norm = np.sqrt(1 + slope * slope)
    lit = (-slope * np.cos(elevation) * np.cos(azimuth) + np.sin(elevation)) / norm
    half = np.sqrt(2 + 2 * np.sin(elevation))
    gloss = (-slope * np.cos(elevation) * np.cos(azimuth) + np.sin(elevation) + 1.0) / (norm * half)
    shade = (
        _DIFFUSE * np.maximum(lit, 0) + _SPECULAR * (lit > 0) * np.maximum(gloss, 0) ** _SHARPNESS
    )
    # A wall too steep sends its light past the lens.
    return np.asarray(shade * np.exp(-(np.maximum(slope - 0.9, 0) ** 2) / 0.18), np.float32)


@lru_cache(maxsize=2)
def _ring_table() -> tuple[Floats, Floats]:
    """Mean brightness and its first harmonic by slope, from 96 lamps."""
    slope = np.linspace(0, _STEEPEST, _STEPS, dtype=np.float32)[:, None]
    azimuth = np.linspace(0, 2 * np.pi, 96, endpoint=False, dtype=np.float32)[None, :]
    shade = _shade(slope, azimuth, RING_ELEVATION_DEG)
    return shade.mean(axis=1), (2 * shade * np.cos(azimuth)).mean(axis=1)


def _slopes(heights: Floats, pixel_um: float) -> tuple[Floats, Floats]:
    """Rise to the right and downwards, per micrometre."""
    kernel = np.array([-0.5, 0, 0.5], np.float32) / np.float32(pixel_um)
    one = np.ones(1, np.float32)
    right = cv2.sepFilter2D(heights, cv2.CV_32F, kernel, one)
    down = cv2.sepFilter2D(heights, cv2.CV_32F, one, kernel)
    return np.asarray(right, np.float32), np.asarray(down, np.float32)


def _openness(heights: Floats, pixel_um: float) -> Floats:
    """How much of a low light reaches each place: narrow deep places stay dark, 0 to 1."""
    scale = 4
    small = cv2.resize(heights, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    around = cv2.GaussianBlur(small, (0, 0), 260.0 / (pixel_um * scale))
    share = np.clip(1.0 - np.maximum(around - small - 12.0, 0) / 130.0, 0.06, 1).astype(np.float32)
    share = cv2.resize(share, (heights.shape[1], heights.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(share, np.float32)


def _filled(heights: Floats) -> tuple[Floats, Bools]:
    missing = np.isnan(heights)
    return (
        (np.where(missing, np.float32(-400), heights), missing)
        if missing.any()
        else (
            heights,
            missing,
        )
    )


def lit(
    heights: Floats,
    pixel_um: float,
    light: Light = Light.RING,
    azimuth_deg: float = 45.0,
    uneven: float = 0.12,
) -> Floats:
    """Light that reaches an ideal, everywhere sharp picture; about 1 is full scale.

    ``azimuth_deg`` says where the side light stands (counter-clockwise from the right), or
    where a ring brighter by ``uneven`` is brightest. Missing heights are black.
    """
    solid, missing = _filled(heights)
    right, down = _slopes(solid, pixel_um)
    azimuth = np.radians(azimuth_deg)
    towards = np.cos(azimuth) * right - np.sin(azimuth) * down
    if light is Light.SIDE:
        picture = _side_lit(right, down, towards)
    else:
        picture = _ring_lit(right, down, towards, uneven)
    picture *= _openness(solid, pixel_um)
    picture[missing] = 0
    return picture


def _ring_lit(right: Floats, down: Floats, towards: Floats, uneven: float) -> Floats:
    even, first = _ring_table()
    slope = cv2.magnitude(right, down)
    index = np.minimum(slope * ((_STEPS - 1) / _STEEPEST), _STEPS - 1).astype(np.int32)
    # The harmonic's table is for a rise along x, so it counts with the light's bearing.
    return np.asarray(even[index] + uneven * first[index] * towards / (slope + 1e-6), np.float32)


def _side_lit(right: Floats, down: Floats, towards: Floats) -> Floats:
    elevation = np.radians(SIDE_ELEVATION_DEG)
    squared = right * right + down * down
    norm = np.sqrt(1 + squared)
    direct = np.cos(elevation) * -towards + np.sin(elevation)
    gloss = np.maximum((direct + 1.0) / (norm * np.sqrt(2 + 2 * np.sin(elevation))), 0)
    power = gloss * gloss
    power = power * power
    shade = 2.0 * _DIFFUSE * np.maximum(direct / norm, 0) + 0.75 * _SPECULAR * (direct > 0) * (
        power * power
    )
    return np.asarray(
        shade * np.exp(-(np.maximum(np.sqrt(squared) - 0.9, 0) ** 2) / 0.18), np.float32
    )


def through_lens(
    picture: Floats, heights: Floats, pixel_um: float, focus_um: float = 0.0
) -> Floats:
    """Blur by distance from the plane of focus (aperture 0.09), in steps of three blurs."""
    depth = cv2.GaussianBlur(np.nan_to_num(heights, nan=-400.0), (0, 0), 4.0)
    spread = np.abs(depth - np.float32(focus_um)) * np.float32(0.09 / pixel_um)
    out = cv2.GaussianBlur(picture, (0, 0), 0.55)
    for sigma, before in ((2.0, 0.5), (5.0, 2.0), (11.0, 5.0)):
        share = np.clip((spread - before) / (sigma - before), 0, 1)
        if float(share.max()) > 0:
            out += share * (cv2.GaussianBlur(picture, (0, 0), sigma) - out)
    return np.asarray(out, np.float32)


def vignette(width: int, height: int, strength: float = 0.22) -> Floats:
    """Fall of brightness towards the corners, 1 in the middle."""
    x = np.linspace(-1, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(-1, 1, height, dtype=np.float32)[:, None] * np.float32(height / width)
    return np.asarray(1 - strength * (x * x + y * y), np.float32)
