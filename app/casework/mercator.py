"""Plain coordinates on a plane: the web's Mercator projection, tiles, graticule, scale bar.

The plane is 1 wide and 1 high, x to the east, y to the south, as the usual z/x/y tiles lie.
"""

from __future__ import annotations

from math import asinh, atan, ceil, cos, degrees, floor, log10, pi, radians, sinh, tan

Point = tuple[float, float]
LIMIT_DEG = 85.05112878
EQUATOR_M = 40_075_016.686
TILE_PX = 256
_STEPS_DEG = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30)


def plane(latitude: float, longitude: float) -> Point:
    """Where a place lies; beyond 85 degrees north or south at the edge."""
    held = max(-LIMIT_DEG, min(LIMIT_DEG, latitude))
    return (longitude + 180) / 360, (1 - asinh(tan(radians(held))) / pi) / 2


def place(x: float, y: float) -> Point:
    """Latitude and longitude of a point of the plane."""
    return degrees(atan(sinh(pi * (1 - 2 * y)))), x * 360 - 180


def tile_zoom(pixels: float, deepest: int = 19) -> int:
    """The zoom whose tiles are nearest to their own size where the plane is ``pixels`` wide."""
    return max(0, min(deepest, round(log10(max(pixels, 1) / TILE_PX) / log10(2))))


def tiles(left: float, top: float, right: float, bottom: float, zoom: int) -> list[tuple[int, int]]:
    """The tiles (x, y) over a part of the plane."""
    count = 2**zoom
    columns = range(max(floor(left * count), 0), min(ceil(right * count), count))
    rows = range(max(floor(top * count), 0), min(ceil(bottom * count), count))
    return [(x, y) for y in rows for x in columns]


def graticule_step(span_deg: float, lines: int = 6) -> float:
    """Degrees between lines, so that about so many cross a span."""
    return next((step for step in _STEPS_DEG if span_deg / step <= lines), 30.0)


def graticule(low: float, high: float, step: float) -> list[float]:
    """The multiples of ``step`` from ``low`` to ``high``."""
    first = ceil(low / step)
    return [round(n * step, 6) for n in range(first, floor(high / step) + 1)]


def scale_bar(pixels: float, latitude: float, most_px: float) -> tuple[float, str]:
    """Length in pixels and words of a round distance no longer than ``most_px``.

    ``pixels`` is how wide the plane is seen; a pixel is smaller on the ground far from the equator.
    """
    metres = EQUATOR_M * cos(radians(latitude)) / pixels * most_px
    size = 10.0 ** floor(log10(metres))
    told = next(n * size for n in (5, 2, 1) if n * size <= metres)
    words = f"{told / 1000:g} km" if told >= 1000 else f"{told:g} m"
    return told / metres * most_px, words


def degrees_words(value: float, signs: str) -> str:
    """For example 40.7° N; ``signs`` is "NS" or "EW"."""
    return f"{abs(value):g}° {signs[0] if value >= 0 else signs[1]}"
