"""Slopes and reflectance of a surface from pictures under lights of known direction.

Photometric stereo after Woodham (1980): a matt surface sends to the lens, from a distant light
along the unit vector l, its albedo times n.l, so three lights tell albedo and normal of every
pixel and further ones tell what does not fit: a highlight is brighter than the rest foretell, a
cast shadow darker. Here each pixel is fitted by weighted least squares over its lights, begun
with the brightest and the darkest of them distrusted and repeated with Geman and McClure's
weights while the tolerance shrinks (graduated non-convexity: Blake and Zisserman 1987).

What is left out: lights are taken as distant and even over the field (no near-light falloff),
light that comes off the specimen itself is not told apart, and metal is not matt: its broad
gloss makes slopes too steep or too flat by a factor that the residual does not show.

Coordinates: x to the right, y downwards, z towards the lens; azimuths are counter-clockwise as
seen from "right", elevations are measured from the plane of the picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.surface import Bools, Floats
from correlation.sweep import each

Directions = NDArray[np.float64]

LEAST_LIGHTS: Final = 3
LEAST_SPREAD: Final = 0.12
"""Of the directions: the least singular value over the root of their number."""
WIDEST_GAP_DEG: Final = 185.0
_OVERHEAD: Final = 0.17
_DARK: Final = 0.012
_SATURATED: Final = 0.995
_SHADOW: Final = 0.04
_STEEPEST: Final = 4.0
_WEAK: Final = 0.02
_NOISE: Final = 0.006
_TOLERANCES: Final = (0.5, 0.3, 0.18, 0.1, 0.06, 0.045, 0.045)
_BLOCK: Final = 1 << 14


@dataclass(frozen=True, slots=True, eq=False)
class Slopes:
    """What the lights tell of each pixel; arrays (rows, columns).

    ``across`` and ``down`` (float32) are the rise of the height to the right and downwards,
    micrometre per micrometre; ``albedo`` the reflectance in the pictures' grey for a light
    straight above, ``residual`` the weighted root mean square of what the lights disagree by, as a
    share of the albedo (NaN with three lights, which cannot disagree), ``used`` (uint8) how many
    lights were believed. All are NaN (``used`` 0) where not ``valid``: fewer than three lights
    to be believed, lights that lie too close together, or a slope beyond 76 degrees.
    """

    across: Floats
    down: Floats
    albedo: Floats
    residual: Floats
    used: NDArray[np.uint8]
    valid: Bools

    def normals(self) -> Floats:
        """Unit normals (rows, columns, 3) in x, y, z; NaN where not valid."""
        length = np.sqrt(self.across**2 + self.down**2 + np.float32(1.0))
        up = np.float32(1.0) / length
        return np.stack([-self.across * up, -self.down * up, up], axis=-1)


def direction(azimuth_deg: float, elevation_deg: float) -> Directions:
    """The unit vector (x, y, z) towards a light."""
    azimuth, elevation = np.radians([azimuth_deg, elevation_deg])
    flat = np.cos(elevation)
    return np.array([flat * np.cos(azimuth), -flat * np.sin(azimuth), np.sin(elevation)])


def angles(towards: Directions) -> tuple[float, float]:
    """Azimuth (0 to 360) and elevation in degrees of a vector towards a light."""
    x, y, z = (float(v) for v in towards)
    azimuth = float(np.degrees(np.arctan2(-y, x))) % 360.0
    return azimuth, float(np.degrees(np.arctan2(z, np.hypot(x, y))))


def check_directions(directions: Directions) -> None:
    """Raises CorrelationError unless lights, unit vectors (n, 3), tell slopes of every bearing."""
    if len(directions) < LEAST_LIGHTS:
        raise CorrelationError(
            f"Relief needs at least three lights of known direction, not {len(directions)}; "
            "take the mark under further lights, four or more from all around."
        )
    if not np.isfinite(directions).all() or (directions[:, 2] <= 0).any():
        raise CorrelationError(
            "A light of the set is said to stand at or below the specimen's plane; its elevation "
            "must be above 0 degrees."
        )
    spread = float(np.linalg.svd(directions, compute_uv=False)[-1]) / np.sqrt(len(directions))
    if _widest_gap(directions) > WIDEST_GAP_DEG or spread < LEAST_SPREAD:
        raise CorrelationError(
            "The lights all stand on one side or nearly in one line, so slopes away from them "
            "cannot be told; add a light from the other side."
        )


def _widest_gap(directions: Directions) -> float:
    """Between neighbouring azimuths, degrees; lights nearly overhead have none."""
    aside = directions[np.hypot(directions[:, 0], directions[:, 1]) > _OVERHEAD]
    if not len(aside):
        return 360.0
    bearings = np.sort(np.degrees(np.arctan2(aside[:, 1], aside[:, 0])))
    return float(np.max(np.diff(bearings, append=bearings[0] + 360.0)))


def level_strengths(pictures: Sequence[Floats], directions: Directions) -> NDArray[np.float64]:
    """How strong each light is, were the specimen level on the whole; their mean is 1.

    The median of a level matt surface is the sine of the elevation times the strength. What
    tilt there is goes into the strengths, and the relief comes out level on the whole.
    """
    found = np.empty(len(pictures))
    for k, picture in enumerate(pictures):
        some = picture[::3, ::3]
        known = some[np.isfinite(some) & (some > _DARK)]
        found[k] = np.median(known) / directions[k, 2] if known.size else 1.0
    relative: NDArray[np.float64] = found / found.mean()
    return relative


def slopes_from_lights(
    pictures: Sequence[Floats],
    directions: Directions,
    strengths: NDArray[np.float64] | None = None,
    executor: Executor | None = None,
) -> Slopes:
    """Slopes and albedo from registered pictures, float32 (rows, columns), grey 0 to 1 of full
    scale and linear, NaN missing; ``directions`` (n, 3) are unit vectors towards their lights.

    ``strengths`` are relative; None takes the specimen as level (``level_strengths``). Saturated
    and black pixels are not believed. Raises CorrelationError for fewer than three lights,
    lights on one side, or pictures that differ in size. With an ``executor`` of threads the rows
    are spread over it; the result is the same.
    """
    check_directions(directions)
    _check_pictures(pictures, len(directions))
    if strengths is None:
        strengths = level_strengths(pictures, directions)
    fit = _Fit(np.asarray(directions, np.float32), (1.0 / strengths).astype(np.float32))
    rows, columns = pictures[0].shape
    out = np.full((4, rows, columns), np.nan, np.float32)
    used = np.zeros((rows, columns), np.uint8)

    def work(part: slice) -> None:
        seen = np.stack([p[part].reshape(-1) for p in pictures])
        values, count = fit.solve(np.asarray(seen, np.float32))
        out[:, part] = values.reshape(4, -1, columns)
        used[part] = count.reshape(-1, columns)

    step = max(1, _BLOCK // columns)
    parts = [slice(start, min(start + step, rows)) for start in range(0, rows, step)]
    if executor is None:
        for part in parts:
            work(part)
    else:
        each(executor, work, parts)
    if len(pictures) == LEAST_LIGHTS:
        out[3] = np.nan
    return Slopes(out[0], out[1], out[2], out[3], used, used > 0)


def _check_pictures(pictures: Sequence[Floats], lights: int) -> None:
    if len(pictures) != lights:
        raise CorrelationError(
            f"There are {len(pictures)} pictures and {lights} lights; each picture needs the "
            "direction of its own light."
        )
    if any(p.ndim != 2 or p.shape != pictures[0].shape for p in pictures) or not pictures[0].size:
        raise CorrelationError(
            "The pictures of the set differ in size; acquire the set again without changing the "
            "camera's settings."
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Weighted least squares of many pixels at once; arrays are (lights, pixels)."""

    lights: Floats
    gains: Floats

    def solve(self, seen: Floats) -> tuple[Floats, NDArray[np.uint8]]:
        """(across, down, albedo, residual) as (4, pixels), and the lights believed."""
        usable = np.isfinite(seen) & (seen > _DARK) & (seen < _SATURATED)
        light = np.where(usable, seen, 0) * self.gains[:, None]
        usable &= light > np.float32(_SHADOW) * light.max(axis=0)
        weight = usable * self._first(light)
        found, spread = self._least_squares(light, weight)
        if len(self.lights) > LEAST_LIGHTS:
            for tolerance in _TOLERANCES:
                weight = usable * self._trust(light, found, tolerance)
                found, spread = self._least_squares(light, weight)
        else:
            weight = usable.astype(np.float32)
        return self._told(light, weight, found, spread)

    def _first(self, light: Floats) -> Floats:
        """The brightest and the darkest lights of a pixel count less to begin with."""
        weight = np.ones_like(light)
        if len(light) > LEAST_LIGHTS:
            np.put_along_axis(weight, light.argmax(axis=0)[None], np.float32(0.2), axis=0)
            np.put_along_axis(weight, light.argmin(axis=0)[None], np.float32(0.5), axis=0)
        return weight

    def _trust(self, light: Floats, found: Floats, tolerance: float) -> Floats:
        """Geman and McClure's weights; a light from behind the fitted surface has none."""
        foretold = self.lights @ found
        size = np.sqrt((found * found).sum(axis=0))
        scale = np.maximum(np.float32(tolerance) * size, np.float32(_NOISE))
        off = (light - foretold) / scale
        weight: Floats = np.float32(1.0) / (np.float32(1.0) + off * off)
        weight *= weight
        weight[foretold <= 0] = 0
        return weight

    def _least_squares(self, light: Floats, weight: Floats) -> tuple[Floats, Floats]:
        """Albedo times normal (3, pixels), and how well the lights part the slopes, 0 to 1/3."""
        x, y, z = self.lights.T
        products = np.stack([x * x, x * y, x * z, y * y, y * z, z * z])
        xx, xy, xz, yy, yz, zz = products @ weight
        b = self.lights.T @ (weight * light)
        cofactors = (
            *(yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy),
            *(xx * zz - xz * xz, xy * xz - xx * yz, xx * yy - xy * xy),
        )
        determinant = xx * cofactors[0] + xy * cofactors[1] + xz * cofactors[2]
        inverse = np.float32(1.0) / np.maximum(determinant, np.float32(1e-9))
        c = [part * inverse for part in cofactors]
        found = np.stack(
            [
                c[0] * b[0] + c[1] * b[1] + c[2] * b[2],
                c[1] * b[0] + c[3] * b[1] + c[4] * b[2],
                c[2] * b[0] + c[4] * b[1] + c[5] * b[2],
            ]
        )
        total = np.maximum(weight.sum(axis=0), np.float32(1e-6))
        # about the least eigenvalue: the determinant over the square of half the trace
        trace = xx + yy + zz
        return found, 4 * determinant / np.maximum(trace * trace * total, np.float32(1e-9))

    def _told(
        self, light: Floats, weight: Floats, found: Floats, spread: Floats
    ) -> tuple[Floats, NDArray[np.uint8]]:
        believed = (weight > 0.25).sum(axis=0).astype(np.uint8)
        size = np.sqrt((found * found).sum(axis=0))
        flat = np.hypot(found[0], found[1])
        good = (believed >= LEAST_LIGHTS) & (spread > _WEAK) & (flat < _STEEPEST * found[2])
        up = np.float32(-1.0) / np.where(good, found[2], 1)
        off = light - self.lights @ found
        total = np.maximum(weight.sum(axis=0), np.float32(1e-6))
        misfit = np.sqrt((weight * off * off).sum(axis=0) / total) / np.maximum(size, 1e-6)
        values = np.stack([found[0] * up, found[1] * up, size, misfit]).astype(np.float32)
        values[:, ~good] = np.nan
        believed[~good] = 0
        return values, believed
