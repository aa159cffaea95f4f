"""A scan seen from an angle: its relief as a solid under a virtual light, drawn without OpenGL.

The camera is parallel (lengths across the view are true). Rows of the turned height map are
pushed up the screen by their heights; what a column shows at a line of the screen is the first
row, from the front, that reaches it. Places without data are holes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import Alignment
from app.picture.geometry import Matrix, at, centred_um, moved, right_to_left, scale, shift, turn
from app.picture.light import Light
from correlation.surface import Bools, Floats

Pixels: TypeAlias = NDArray[np.uint8]
Size = tuple[int, int]

TILT_RANGE = (8.0, 90.0)
EXAGGERATION_RANGE = (0.5, 500.0)
UM_PER_PX_RANGE = (0.05, 100.0)
SOLID_BACKGROUND = 18
_SEEN_HEIGHT = 0.03
_SMALLEST = 48
_FURTHEST = 2.0
_DEEPEST = np.int16(32_000)


@dataclass(frozen=True, slots=True)
class Camera:
    """Where the solids are looked at from: turned counter-clockwise by ``turn_deg``, from
    ``tilt_deg`` over the plane (90: from above). ``centre_um`` is the point of the left
    specimen's plane in the middle. Heights are drawn ``exaggeration`` times too high.
    """

    turn_deg: float = 0.0
    tilt_deg: float = 50.0
    um_per_px: float = 5.0
    centre_um: tuple[float, float] = (0.0, 0.0)
    exaggeration: float = 1.0

    def turned(self, turn_deg: float, tilt_deg: float) -> Camera:
        """Further round and up."""
        tilt = min(max(self.tilt_deg + tilt_deg, TILT_RANGE[0]), TILT_RANGE[1])
        return replace(self, turn_deg=(self.turn_deg + turn_deg) % 360.0, tilt_deg=tilt)

    def zoomed(self, factor: float) -> Camera:
        """Enlarged about the middle."""
        low, high = UM_PER_PX_RANGE
        return replace(self, um_per_px=min(max(self.um_per_px / factor, low), high))

    def panned(self, dx_px: float, dy_px: float) -> Camera:
        """The solids carried along by a drag."""
        foreshortened = float(np.sin(np.deg2rad(self.tilt_deg)))
        step = (dx_px * self.um_per_px, dy_px * self.um_per_px / foreshortened)
        dx, dy = at(turn(-self.turn_deg), step)
        return replace(self, centre_um=(self.centre_um[0] - dx, self.centre_um[1] - dy))

    def with_exaggeration(self, factor: float) -> Camera:
        """Heights drawn so many times too high."""
        low, high = EXAGGERATION_RANGE
        return replace(self, exaggeration=min(max(factor, low), high))


@dataclass(frozen=True, slots=True, eq=False)
class Solid:
    """A levelled height map and its halves, quarters, ...; heights in micrometres, float32, 0
    where missing; ``present`` are 0 or 255. ``reach_um`` is how far heights spread (1 to 99 %)."""

    heights: tuple[Floats, ...]
    present: tuple[Pixels, ...]
    pixel_um: float
    reach_um: float

    def to_um(self) -> Matrix:
        """From its pixels to micrometres about its centre."""
        return centred_um(self.heights[0].shape, self.pixel_um)

    @property
    def width_um(self) -> float:
        """Length of the longer side."""
        return float(max(self.heights[0].shape) * self.pixel_um)


def make_solid(heights_um: Floats, pixel_um: float) -> Solid:
    """Heights (micrometres, NaN where missing) made ready to be seen from an angle.

    Their tilt is taken off. Points further off than the spread of all others are drawn no
    higher than that, so that a stray one does not stand as a tower.
    """
    missing = ~np.isfinite(heights_um)
    heights = _untilted(heights_um, missing)
    seen = heights[~missing]
    low, high = np.percentile(seen, (1.0, 99.0)) if seen.size else (0.0, 0.0)
    np.clip(heights, low - (high - low), high + (high - low), out=heights)
    levels, present = [heights], [np.where(missing, 0, 255).astype(np.uint8)]
    while min(levels[-1].shape) >= 2 * _SMALLEST:
        smaller, weight = _halved(levels[-1], present[-1])
        levels.append(smaller)
        present.append(weight)
    for level in range(len(levels) - 1, 0, -1):
        _fill(levels[level - 1], present[level - 1], levels[level])
    return Solid(tuple(levels), tuple(present), pixel_um, float(high - low))


def first_camera(left: Solid, right: Solid, size: Size, centre_um: tuple[float, float]) -> Camera:
    """Both solids in full, their relief brought out so that it can be seen."""
    width = max(left.width_um, right.width_um)
    um_per_px = width * 1.08 / max(min(size), 1)
    reach = max(left.reach_um, right.reach_um, 1e-3)
    camera = Camera(um_per_px=um_per_px, centre_um=centre_um)
    return camera.with_exaggeration(_rounded(_SEEN_HEIGHT * width / reach))


def placed_left() -> Matrix:
    """Where the left specimen lies."""
    return np.eye(3)


def placed_right(alignment: Alignment) -> Matrix:
    """Where the right specimen lies on the left one."""
    return right_to_left(alignment)


def solid_picture(solid: Solid, placed: Matrix, camera: Camera, light: Light, size: Size) -> Pixels:
    """The solid from the camera under a light that stays where it is on the screen.

    uint8 grey of shape (height, width) for ``size`` (w, h); holes and surroundings are dark.
    """
    width, height = size
    picture = np.full((height, width), SOLID_BACKGROUND, np.uint8)
    rise = camera.exaggeration * float(np.cos(np.deg2rad(camera.tilt_deg))) / camera.um_per_px
    ground = _ground(placed, camera, size)
    box = _box(solid, ground, rise, size)
    if box is None:
        return picture
    x, y, columns, rows = box
    heights, present = _laid(solid, shift(-x, -y) @ ground, (columns, rows))
    line = np.arange(y, y + rows, dtype=np.float32)[:, None] - heights * np.float32(rise)
    seen = _seen_rows(line, present, height)
    place = (seen * np.int32(columns) + np.arange(columns, dtype=np.int32)).astype(np.intp)
    ends = _ends(line, present).take(place)
    there = (np.arange(height, dtype=np.int16)[:, None] <= ends) & (seen >= 0)
    part = picture[:, x : x + columns]
    np.copyto(part, _shaded(heights, camera, light).take(place), where=there)
    return picture


def _ground(placed: Matrix, camera: Camera, size: Size) -> Matrix:
    """From specimen micrometres at height 0 to pixels of the view."""
    foreshortened = np.diag([1.0, np.sin(np.deg2rad(camera.tilt_deg)), 1.0])
    x, y = camera.centre_um
    middle = shift((size[0] - 1) / 2, (size[1] - 1) / 2)
    seen = middle @ scale(1.0 / camera.um_per_px) @ foreshortened @ turn(camera.turn_deg)
    return (seen @ shift(-x, -y) @ placed).astype(np.float64, copy=False)


def _box(solid: Solid, ground: Matrix, rise: float, size: Size) -> tuple[int, int, int, int] | None:
    """Columns of the view and rows of the plane that can be seen: x, y, width, height."""
    rows, columns = solid.heights[0].shape
    edge = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float64) - 0.5
    corners = moved(ground @ solid.to_um(), edge)
    spread = min(3.0 * solid.reach_um * rise + 2, _FURTHEST * size[1])
    low = np.maximum(np.floor(corners.min(axis=0)), (0, -spread)).astype(int)
    high = np.minimum(np.ceil(corners.max(axis=0)), (size[0] - 1, size[1] + spread)).astype(int)
    if (high - low < 2).any():
        return None
    return int(low[0]), int(low[1]), int(high[0] - low[0] + 1), int(high[1] - low[1] + 1)


def _laid(solid: Solid, ground: Matrix, size: Size) -> tuple[Floats, Bools]:
    """Heights and presence on the plane as seen, from the level nearest in size."""
    into = ground @ solid.to_um()
    across = float(np.hypot(into[0, 0], into[1, 0])), float(np.hypot(into[0, 1], into[1, 1]))
    reduction = 1.0 / max(*across, 1e-9)
    level = min(max(round(np.log2(max(reduction, 1.0))), 0), len(solid.heights) - 1)
    factor = 2.0**level
    matrix = (into @ shift((factor - 1) / 2, (factor - 1) / 2) @ scale(factor))[:2]
    heights = cv2.warpAffine(
        solid.heights[level], matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    weight = cv2.warpAffine(solid.present[level], matrix, size, flags=cv2.INTER_LINEAR)
    return heights.astype(np.float32, copy=False), weight > 127


def _shaded(heights: Floats, camera: Camera, light: Light) -> Pixels:
    """Lambert's law on the exaggerated relief, in the view's frame."""
    steeper = camera.exaggeration / (32.0 * camera.um_per_px)
    lying = steeper * float(np.sin(np.deg2rad(camera.tilt_deg)))
    across = cv2.Scharr(heights, cv2.CV_32F, 1, 0, scale=steeper)
    down = cv2.Scharr(heights, cv2.CV_32F, 0, 1, scale=lying)
    azimuth, elevation = np.deg2rad(light.azimuth_deg), np.deg2rad(light.elevation_deg)
    x, y = np.cos(elevation) * np.cos(azimuth), -np.cos(elevation) * np.sin(azimuth)
    facing = cv2.addWeighted(across, -float(x), down, -float(y), float(np.sin(elevation)))
    length = cv2.sqrt(cv2.accumulateSquare(down, cv2.multiply(across, across)) + np.float32(1.0))
    matt = cv2.divide(facing, length)
    shade = np.clip(matt * np.float32(225.0) + np.float32(22.0), 22, 255)
    return shade.astype(np.uint8)  # type: ignore[no-any-return]


def _seen_rows(line: Floats, present: Bools, height: int) -> NDArray[np.int32]:
    """Which row of ``line`` (its place on the screen) every pixel shows; -1: none."""
    rows, columns = line.shape
    at_line = np.clip(np.ceil(line), 0, height).astype(np.int16)
    at_line[~present] = height
    reached = np.minimum.accumulate(at_line[::-1], axis=0)
    flat = reached.astype(np.int64) * columns + np.arange(columns)
    counts = np.bincount(flat.ravel(), minlength=columns * (height + 1))
    # a row whose horizon lies under a pixel has not reached it: the next one is what is seen
    counts = counts.reshape(height + 1, columns)
    passed = np.cumsum(counts[:0:-1], axis=0, dtype=np.int32)[::-1]
    seen: NDArray[np.int32] = np.int32(rows - 1) - passed
    return seen


def _ends(line: Floats, present: Bools) -> NDArray[np.int16]:
    """Down to where on the screen the surface goes from each row: no further than the row itself
    where nothing is present in front of it, else as far as it is seen."""
    in_front = np.zeros_like(present)
    in_front[:-1] = present[1:]
    ends: NDArray[np.int16] = np.clip(line + np.float32(1.0), -1, _DEEPEST).astype(np.int16)
    ends[in_front] = _DEEPEST
    ends[~present] = -1
    return ends


def _untilted(values: Floats, missing: Bools) -> Floats:
    """Heights less a plane fitted to all that is present, 0 at their median."""
    rows, columns = values.shape
    step = max(1, int(np.sqrt(values.size / 20_000)))
    good = ~missing[::step, ::step]
    y, x = (axis[good] for axis in np.mgrid[0:rows:step, 0:columns:step].astype(np.float64))
    z = values[::step, ::step][good].astype(np.float64)
    if z.size < 3:
        return np.where(missing, np.float32(0), values)
    terms = np.stack([np.ones_like(x), x / columns, y / rows], axis=1)
    found = np.linalg.lstsq(terms, z, rcond=None)[0]
    off = np.abs(z - terms @ found)
    kept = off <= 3.0 * max(float(np.median(off)), 1e-9)
    a, b, c = np.linalg.lstsq(terms[kept], z[kept], rcond=None)[0]
    plane = (
        np.float32(a)
        + np.float32(b / columns) * np.arange(columns, dtype=np.float32)[None, :]
        + np.float32(c / rows) * np.arange(rows, dtype=np.float32)[:, None]
    )
    heights = np.where(missing, np.float32(0), values - plane)
    return heights.astype(np.float32, copy=False)


def _halved(heights: Floats, present: Pixels) -> tuple[Floats, Pixels]:
    size = (max(heights.shape[1] // 2, 1), max(heights.shape[0] // 2, 1))
    even = (slice(0, size[1] * 2), slice(0, size[0] * 2))
    weight = present[even].astype(np.float32) / np.float32(255.0)
    total = cv2.resize(heights[even] * weight, size, interpolation=cv2.INTER_AREA)
    share = cv2.resize(weight, size, interpolation=cv2.INTER_AREA)
    smaller = total / np.maximum(share, np.float32(1e-6))
    return smaller.astype(np.float32), (share * 255.0 + 0.5).astype(np.uint8)


def _fill(heights: Floats, present: Pixels, smaller: Floats) -> None:
    """Put what the next level says where nothing is known, so that edges do not fall away."""
    size = (heights.shape[1], heights.shape[0])
    larger = cv2.resize(smaller, size, interpolation=cv2.INTER_LINEAR)
    np.copyto(heights, larger, where=present == 0)


def _rounded(value: float) -> float:
    """To one of 1, 2, 5, 10, ..."""
    power = 10.0 ** np.floor(np.log10(max(value, 1e-3)))
    return float(power * min((1, 2, 5, 10), key=lambda f: abs(np.log(value / power / f))))
