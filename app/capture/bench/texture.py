"""Random textures with a physical scale, the material everything on the bench is made of.

Every texture is periodic (it is made in the frequency domain), float32, and normalised to
mean 0 and root mean square 1, so that a caller's factor is its roughness in micrometres.
"""

from __future__ import annotations

import zlib

import numpy as np

from app.capture.opencv import cv2
from correlation.late import fft
from correlation.surface import Floats


def stream(*key: int | str) -> np.random.Generator:
    """A generator of its own for each key, the same on every machine."""
    words = [zlib.crc32(part.encode()) if isinstance(part, str) else part for part in key]
    return np.random.default_rng(np.random.SeedSequence(words))


def _gain(frequency: Floats, low_um: float, high_um: float, falloff: float) -> Floats:
    """Soft band from ``low_um`` to ``high_um`` wavelength, falling as frequency ** -falloff."""
    with np.errstate(divide="ignore", over="ignore"):
        rise = np.exp(-((1.0 / (high_um * np.maximum(frequency, 1e-9))) ** 4))
        fall = np.exp(-((frequency * low_um) ** 4))
        tilt = np.maximum(frequency * high_um, 0.25) ** -falloff
    return np.asarray(rise * fall * tilt, np.float32)


def _normalised(values: Floats) -> Floats:
    values = values - values.mean()
    return (values / max(float(values.std()), 1e-9)).astype(np.float32)


def surface_noise(
    rng: np.random.Generator,
    side: int,
    pixel_um: float,
    low_um: float,
    high_um: float,
    falloff: float = 1.0,
    stretch: float = 1.0,
    angle_deg: float = 0.0,
) -> Floats:
    """Square texture of wavelengths ``low_um`` to ``high_um``.

    ``stretch`` above 1 draws it out along ``angle_deg`` (counter-clockwise from x, as seen).
    """
    white = rng.standard_normal((side, side), dtype=np.float32)
    across = fft.rfftfreq(side, pixel_um).astype(np.float32)[None, :]
    down = fft.fftfreq(side, pixel_um).astype(np.float32)[:, None]
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    along = across * cos - down * sin
    aside = across * sin + down * cos
    frequency = np.hypot(along * stretch, aside).astype(np.float32)
    spectrum = fft.rfft2(white) * _gain(frequency, low_um, high_um, falloff)
    return _normalised(fft.irfft2(spectrum, s=(side, side)).astype(np.float32))


def patchy(rng: np.random.Generator, side: int, pixel_um: float, strength: float) -> Floats:
    """A positive factor about 1 that varies over a few tenths of a millimetre."""
    slow = surface_noise(rng, side // 4, pixel_um * 4, 190, 1600, 0.9)
    factor = np.exp(strength * cv2.resize(slow, (side, side), interpolation=cv2.INTER_CUBIC))
    return np.asarray(factor, np.float32)


def line_noise(
    rng: np.random.Generator,
    length: int,
    pixel_um: float,
    low_um: float,
    high_um: float,
    falloff: float = 1.0,
) -> Floats:
    """The same along one line: a roughness profile."""
    white = rng.standard_normal(length).astype(np.float32)
    frequency = fft.rfftfreq(length, pixel_um).astype(np.float32)
    spectrum = fft.rfft(white) * _gain(frequency, low_um, high_um, falloff)
    return _normalised(fft.irfft(spectrum, n=length).astype(np.float32))


def pits(
    rng: np.random.Generator,
    side: int,
    pixel_um: float,
    per_mm2: float,
    radius_um: tuple[float, float],
    depth_um: tuple[float, float],
) -> Floats:
    """Round pits (positive depth) scattered over a square."""
    count = int(rng.poisson(per_mm2 * (side * pixel_um / 1000.0) ** 2))
    out = np.zeros((side, side), np.float32)
    centres = rng.integers(0, side, (count, 2))
    radii = rng.uniform(*radius_um, count) / pixel_um
    depths = rng.uniform(*depth_um, count)
    for (x, y), radius, depth in zip(centres, radii, depths, strict=True):
        reach = int(np.ceil(2.5 * radius))
        left, top = max(x - reach, 0), max(y - reach, 0)
        patch = out[top : y + reach + 1, left : x + reach + 1]
        rows = np.arange(top, top + patch.shape[0], dtype=np.float32)[:, None] - y
        columns = np.arange(left, left + patch.shape[1], dtype=np.float32)[None, :] - x
        dent = depth * np.exp(-(((rows**2 + columns**2) / radius**2) ** 1.5))
        np.maximum(patch, dent, out=patch)
    return out


def scratches(
    rng: np.random.Generator,
    side: int,
    pixel_um: float,
    count: int,
    angles_deg: Floats,
    length_um: tuple[float, float],
    width_um: tuple[float, float],
    depth_um: tuple[float, float],
) -> Floats:
    """Slightly bent grooves (positive depth) with angles drawn from ``angles_deg``.

    Drawn in four groups of width: thin lines first, then blurred to their width.
    """
    out = np.zeros((side, side), np.float32)
    widths = np.geomspace(*width_um, 4)
    for width in widths:
        layer = np.zeros((side, side), np.float32)
        for _ in range(max(count // 4, 1)):
            path = _bent_line(rng, side, pixel_um, float(rng.choice(angles_deg)), length_um)
            cv2.polylines(layer, [path], False, float(rng.uniform(*depth_um)), 1, cv2.LINE_8, 4)
        sigma = max(float(width) / pixel_um / 2.35, 0.6)
        blurred = cv2.GaussianBlur(layer, (0, 0), sigma)
        out = np.maximum(out, blurred * (sigma * np.sqrt(2.0 * np.pi)))
    return out.astype(np.float32)


def _bent_line(
    rng: np.random.Generator,
    side: int,
    pixel_um: float,
    angle_deg: float,
    length_um: tuple[float, float],
) -> np.ndarray[tuple[int, ...], np.dtype[np.int32]]:
    """Three points of a scratch in 1/16 pixel."""
    length = rng.uniform(*length_um) / pixel_um
    centre = rng.uniform(0, side, 2)
    angle = np.radians(angle_deg)
    along = np.array([np.cos(angle), -np.sin(angle)])
    bend = np.array([along[1], -along[0]]) * rng.normal(0, 0.01) * length
    points = np.stack([centre - along * length / 2, centre + bend, centre + along * length / 2])
    return np.round(points * 16).astype(np.int32)
