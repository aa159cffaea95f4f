"""Height maps and mirror balls under lights of known direction: the truth that relief is told by.

A matt surface with a glossy lobe, lit from afar, with the shadows it casts on itself; exposed by
a sensor of 8 bits with noise. Written apart from what it checks.
"""

from __future__ import annotations

import cv2
import numpy as np


def lit(
    heights: np.ndarray,
    pixel_um: float,
    azimuth_deg: float,
    elevation_deg: float,
    gloss: float = 0.0,
    sharpness: float = 30.0,
    shadows: bool = True,
) -> np.ndarray:
    """Light that reaches the lens; 1 is a matt white surface facing the light. NaN is black."""
    known = np.isfinite(heights)
    solid = np.where(known, heights, np.nanmedian(heights)).astype(np.float32)
    down, across = np.gradient(solid, pixel_um)
    azimuth, elevation = np.radians([azimuth_deg, elevation_deg])
    towards = np.array([np.cos(azimuth), -np.sin(azimuth)]) * np.cos(elevation)
    towards = np.append(towards, np.sin(elevation))
    half = towards + np.array([0, 0, 1])
    half /= np.linalg.norm(half)
    length = np.sqrt(across**2 + down**2 + 1)
    facing = (towards[2] - towards[0] * across - towards[1] * down) / length
    shine = (half[2] - half[0] * across - half[1] * down) / length
    seen = np.maximum(facing, 0) + gloss * (facing > 0) * np.maximum(shine, 0) ** sharpness
    if shadows:
        seen[_shaded(solid, pixel_um, azimuth, elevation)] = 0
    seen[~known] = 0
    return seen.astype(np.float32)


def _shaded(solid: np.ndarray, pixel_um: float, azimuth: float, elevation: float) -> np.ndarray:
    """Where something towards the light stands higher than the ray."""
    rise = pixel_um * np.tan(elevation)
    found = np.zeros(solid.shape, bool)
    size = solid.shape[::-1]
    for step in range(1, int(min(np.ptp(solid) / rise, 40)) + 1):
        move = np.float32([[1, 0, -step * np.cos(azimuth)], [0, 1, step * np.sin(azimuth)]])
        found |= cv2.warpAffine(solid, move, size, borderMode=1) > solid + step * rise + 1e-3
    return found


def exposed(lights: list[np.ndarray], seed: int = 1, noise: float = 0.004) -> list[np.ndarray]:
    """The pictures of a set at one exposure: 8 bits, noise, 0.2 % saturated in the brightest."""
    rng = np.random.default_rng(seed)
    full = max(float(np.percentile(one, 99.8)) for one in lights)
    made = [one / full + rng.normal(0, noise, one.shape) for one in lights]
    return [(np.rint(np.clip(one, 0, 1) * 255) / 255).astype(np.float32) for one in made]


def around(count: int, first_deg: float = 10.0) -> list[float]:
    """Azimuths at even steps."""
    return [first_deg + k * 360.0 / count for k in range(count)]


def ball(
    azimuth_deg: float,
    elevation_deg: float,
    centre: tuple[float, float] = (212.3, 161.7),
    radius: float = 90.4,
    seed: int = 1,
    shape: tuple[int, int] = (320, 420),
) -> np.ndarray:
    """A mirror ball on a matt ground under one lamp of 3 degrees radius; grey, 0 to 1."""
    fine = 2
    y, x = (np.mgrid[: shape[0] * fine, : shape[1] * fine] + 0.5) / fine - 0.5
    across, down = (x - centre[0]) / radius, (y - centre[1]) / radius
    up = np.sqrt(np.clip(1 - across**2 - down**2, 0, 1))
    azimuth, elevation = np.radians([azimuth_deg, elevation_deg])
    towards = np.array(
        [
            np.cos(azimuth) * np.cos(elevation),
            -np.sin(azimuth) * np.cos(elevation),
            np.sin(elevation),
        ]
    )
    mirrored = np.stack([2 * up * across, 2 * up * down, 2 * up * up - 1], axis=-1)
    lamp = mirrored @ towards > np.cos(np.radians(3.0))
    room = 0.05 + 0.1 * np.clip(mirrored[..., 2], 0, 1)
    ground = 0.45 + 0.1 * ((x - 210) * np.cos(azimuth) - (y - 160) * np.sin(azimuth)) / 210
    aside = 0.7 * radius
    shade = np.hypot(
        x - centre[0] + aside * np.cos(azimuth), y - centre[1] - aside * np.sin(azimuth)
    )
    ground[shade < radius] *= 0.5
    seen = np.where(across**2 + down**2 < 1, room + 1.5 * lamp, ground).astype(np.float32)
    small = cv2.resize(seen, shape[::-1], interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), 1.0)
    small += np.random.default_rng(seed).normal(0, 0.01, shape).astype(np.float32)
    return np.clip(small, 0, 1)
