"""Length standards under the bench's microscope: stage micrometers, dot grids, chessboards.

Everything is drawn from formulas at each pixel's own place, so that a line lies where it belongs
to a small fraction of a pixel whatever the magnification and rotation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.capture.bench.texture import stream
from app.capture.opencv import cv2
from correlation.late import special
from correlation.surface import Floats

Doubles = NDArray[np.float64]
_GROUND, _CHROME = 205.0, 32.0


@dataclass(frozen=True, slots=True)
class Look:
    """How a standard lies under the microscope and how its picture is spoiled.

    ``pixel_um`` is the size of a pixel across and down in the middle of the picture; ``size`` is
    width and height in pixels. The standard is turned by ``turn_deg`` (counter-clockwise as seen)
    and shifted right and down by ``shift_um``. With ``distortion`` k a place at r from the middle
    is seen at r (1 + k) where r is half the diagonal, growing with the third power of r.
    ``uneven`` is the fall of light over the picture (0 to 1), ``dirt`` how many specks lie on it,
    ``blur_um`` the standard deviation of the optics, ``noise`` that of a pixel in grey levels.
    """

    pixel_um: tuple[float, float] = (2.53, 2.53)
    size: tuple[int, int] = (1296, 972)
    turn_deg: float = 0.0
    shift_um: tuple[float, float] = (0.0, 0.0)
    distortion: float = 0.0
    uneven: float = 0.0
    dirt: int = 0
    blur_um: float = 1.5
    noise: float = 2.0
    inverted: bool = False
    seed: int = 1


def look(pixel_um: float, turn_deg: float = 0.0, **more: Any) -> Look:
    """A look with square pixels; see Look."""
    return Look((pixel_um, pixel_um), turn_deg=turn_deg, **more)


def ruling_of(
    seen: Look,
    step_um: float = 10.0,
    lines: int = 101,
    *,
    crossed: bool = False,
    length_um: float = 150.0,
    width_um: float = 2.5,
) -> NDArray[np.uint8]:
    """A stage micrometer: ``lines`` lines; every 5th is half as long again, every 10th twice.

    A ``crossed`` one has a second ruling across the first, with lines of equal length.
    """
    u, v = _places(seen)
    spread = _spread(seen)
    middle = (lines - 1) / 2
    index = np.clip(np.round(u / step_um + middle), 0, lines - 1)
    if crossed:
        across = np.clip(np.round(v / step_um + middle), 0, lines - 1)
        reach = middle * step_um + width_um
        ink = np.maximum(
            _bar(u - (index - middle) * step_um, width_um / 2, spread) * _bar(v, reach, spread),
            _bar(v - (across - middle) * step_um, width_um / 2, spread) * _bar(u, reach, spread),
        )
        return _pictured(ink, seen)
    ink = np.zeros_like(u)
    for near in (-1, 0, 1):  # the blurred flanks of the neighbours add up
        number = np.clip(index + near, 0, lines - 1)
        tall = np.where(number % 10 == 0, 2.0, np.where(number % 5 == 0, 1.5, 1.0))
        line = _bar(u - (number - middle) * step_um, width_um / 2, spread)
        inside = (index + near >= 0) & (index + near <= lines - 1)
        ink += line * _bar(v, tall * length_um / 2, spread) * inside
    return _pictured(ink, seen)


def dots_of(seen: Look, step_um: float = 250.0) -> NDArray[np.uint8]:
    """A grid of round dots without end, half as wide as they are apart."""
    u, v = _places(seen)
    away = np.hypot(u - step_um * np.round(u / step_um), v - step_um * np.round(v / step_um))
    return _pictured(_bar(away, step_um / 4, _spread(seen)), seen)


def chessboard_of(seen: Look, step_um: float = 250.0) -> NDArray[np.uint8]:
    """A chessboard without end; ``step_um`` is the side of a square."""
    u, v = _places(seen)
    waves = [
        special.erf(np.sin(np.pi * w / step_um) * step_um / (np.pi * _spread(seen))) for w in (u, v)
    ]
    return _pictured((1 + waves[0] * waves[1]) / 2, seen)


def _places(seen: Look) -> tuple[Doubles, Doubles]:
    """Where on the standard each pixel looks, micrometres from its middle."""
    width, height = seen.size
    x: Doubles = np.arange(width, dtype=np.float64)[None, :] - (width - 1) / 2
    y: Doubles = np.arange(height, dtype=np.float64)[:, None] - (height - 1) / 2
    if seen.distortion:
        x, y = _undistorted(x, y, seen)
    x_um = x * seen.pixel_um[0] - seen.shift_um[0]
    y_um = y * seen.pixel_um[1] - seen.shift_um[1]
    angle = np.radians(seen.turn_deg)
    return (
        x_um * np.cos(angle) - y_um * np.sin(angle),
        x_um * np.sin(angle) + y_um * np.cos(angle),
    )


def _undistorted(x: Doubles, y: Doubles, seen: Look) -> tuple[Doubles, Doubles]:
    """Turns seen radii back: r = s (1 + k (s / R)^2) solved for s by Newton's method."""
    corner = np.hypot(*seen.size) / 2
    radius = np.hypot(x, y) / corner
    true = radius.copy()
    for _ in range(6):
        error = true * (1 + seen.distortion * true**2) - radius
        true -= error / (1 + 3 * seen.distortion * true**2)
    factor = np.where(radius > 0, true / np.maximum(radius, 1e-12), 1.0)
    return x * factor, y * factor


def _spread(seen: Look) -> float:
    """Blur of the optics and of a pixel together, as erf takes it."""
    pixel = max(seen.pixel_um) / np.sqrt(12)
    return float(np.sqrt(2) * np.hypot(seen.blur_um, pixel))


def _bar(away: Doubles, half_um: float | Doubles, spread: float) -> Doubles:
    """1 within ``half_um`` of the middle, 0 outside, with blurred edges."""
    edges = special.erf((half_um - away) / spread) + special.erf((half_um + away) / spread)
    return np.asarray(edges / 2, np.float64)


def _pictured(ink: Doubles, seen: Look) -> NDArray[np.uint8]:
    """Ink (0 to 1) under this light, with dirt and noise."""
    rng = stream(seen.seed, "standard")
    ground, chrome = (_CHROME, _GROUND) if seen.inverted else (_GROUND, _CHROME)
    picture = ground + (chrome - ground) * np.clip(ink, 0, 1)
    picture *= _dirt(seen, rng) * _light(seen)
    picture += rng.normal(0, seen.noise, picture.shape)
    return np.asarray(np.clip(np.round(picture), 0, 255), np.uint8)


def _light(seen: Look) -> Doubles:
    width, height = seen.size
    x = np.linspace(-1, 1, width)[None, :]
    y = np.linspace(-1, 1, height)[:, None]
    ramp = 0.5 * (x * 0.8 + y * 0.6 + 1)
    return np.asarray(1 - seen.uneven * (0.6 * ramp + 0.2 * (x**2 + y**2)), np.float64)


def _dirt(seen: Look, rng: np.random.Generator) -> Floats:
    """A factor: specks and fibres that darken, softly."""
    width, height = seen.size
    layer = np.ones((height, width), np.float32)
    for number in range(seen.dirt):
        x, y = int(rng.integers(0, width)), int(rng.integers(0, height))
        shade = float(rng.uniform(0.15, 0.7))
        if number % 4 == 3:
            turn, length = rng.uniform(0, np.pi), rng.uniform(20, 120)
            end = (int(x + length * np.cos(turn)), int(y + length * np.sin(turn)))
            cv2.line(layer, (x, y), end, shade, 2, cv2.LINE_AA)
        else:
            axes = (int(rng.integers(2, 12)), int(rng.integers(2, 12)))
            cv2.ellipse(layer, (x, y), axes, float(rng.uniform(0, 180)), 0, 360, shade, -1)
    return np.asarray(cv2.GaussianBlur(layer, (0, 0), 1.0), np.float32)
