"""Profiles of two aligned specimens along one line: heights of scans, grey values of images.

The line is drawn on the left specimen; the alignment carries every sample of it to the right one,
so that equal places of the two curves are equal places of the specimens.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from io import StringIO
from math import hypot, nan
from typing import Any, Literal, TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import Alignment, CaseheadError
from app.picture.geometry import Points, inverse, moved, right_to_left
from app.picture.relief import Relief
from app.picture.side import Side
from correlation.surface import Bools

Curve: TypeAlias = NDArray[np.float64]
Point: TypeAlias = tuple[float, float]
Unit = Literal["µm", "grey"]
_MOST_SAMPLES = 20_000
_MOST_ROWS = 400
_FEWEST_COMMON = 8
_HALF_BAND = 0.5
Form: TypeAlias = "tuple[float, float, float, float, float, float]"


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """What can be sampled: heights in µm or grey values from 0 to 255, NaN where missing.

    ``form`` is the specimen's smooth shape: a quadratic in micrometres from the centre, as
    (1, x, y, x x, x y, y y); see Relief.
    """

    values: NDArray[np.float32] | NDArray[np.uint8]
    pixel_um: float
    unit: Unit
    form: Form = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    def at(self, points_um: Points, *, level: bool = False) -> Curve:
        """Values at points (..., 2), micrometres from the picture's centre; bilinear.

        NaN outside the picture and where a pixel needed is missing; less the form if ``level``.
        """
        rows, columns = self.values.shape
        x = points_um[..., 0] / self.pixel_um + (columns - 1) / 2
        y = points_um[..., 1] / self.pixel_um + (rows - 1) / 2
        found = _bilinear(self.values, x, y)
        return found - self.form_at(points_um) if level else found

    def form_at(self, points_um: Points) -> Curve:
        """The smooth shape at points (..., 2)."""
        x, y = points_um[..., 0], points_um[..., 1]
        c = self.form
        return np.asarray(c[0] + c[1] * x + c[2] * y + c[3] * x * x + c[4] * x * y + c[5] * y * y)


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Two curves over one line; each (n,), NaN where its specimen has no data there.

    ``at_um`` is the way along the line from its beginning. ``start_um`` and ``end_um`` are points
    of the left specimen. ``units`` and ``levelled`` (form removed) are those of left and right.
    """

    at_um: Curve
    left: Curve
    right: Curve
    start_um: Point
    end_um: Point
    width_um: float
    units: tuple[Unit, Unit]
    levelled: bool
    shift_um: float = 0.0

    @property
    def step_um(self) -> float:
        """From one sample to the next."""
        return float(self.at_um[1] - self.at_um[0])

    @property
    def correlation(self) -> float:
        """Of the two curves as they lie now, -1 to 1; NaN where they have too little in common."""
        return correlation(self.left, self.right_shifted)

    @property
    def right_shifted(self) -> Curve:
        """The right curve pushed along the line by ``shift_um``."""
        if self.shift_um == 0.0:
            return self.right
        return _interpolated(self.at_um, self.right, self.at_um - self.shift_um)

    def shifted(self, shift_um: float) -> Profile:
        """The right curve pushed by so much in all (positive: towards the line's end)."""
        return replace(self, shift_um=shift_um)

    def best_shift(self, reach_um: float) -> float:
        """The push, in whole steps up to ``reach_um``, with the highest correlation; 0 if none.

        At least half of what the curves share unpushed must be shared still.
        """
        steps = min(int(reach_um / self.step_um), len(self.at_um) - 2)
        pushes = np.arange(-steps, steps + 1)
        least = max(_FEWEST_COMMON, _common(self.left, self.right) // 2)
        scores = [_at_push(self.left, self.right, int(push), least) for push in pushes]
        if not np.isfinite(scores).any():
            return 0.0
        return float(pushes[int(np.nanargmax(scores))]) * self.step_um

    def place_um(self, along_um: float) -> Point:
        """The left specimen's point so far along the line."""
        (x0, y0), (x1, y1) = self.start_um, self.end_um
        share = along_um / hypot(x1 - x0, y1 - y0)
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)


def field_of_side(side: Side) -> Field:
    """What can be sampled of a specimen in hand."""
    if side.relief is None:
        return field_of_pixels(side.pixels, side.pixel_um, side.missing)
    return field_of_relief(side.relief)


def field_of_relief(relief: Relief) -> Field:
    """Heights as measured, with the form they lie on."""
    rows, columns = relief.heights.shape
    x = max(columns - 1, 1) / 2 * relief.pixel_um
    y = max(rows - 1, 1) / 2 * relief.pixel_um
    c = relief.form / np.array([1.0, x, y, x * x, x * y, y * y])
    form = float(c[0]), float(c[1]), float(c[2]), float(c[3]), float(c[4]), float(c[5])
    return Field(relief.measured(True), relief.pixel_um, "µm", form)


def field_of_pixels(
    pixels: NDArray[np.uint8], pixel_um: float, missing: Bools | None = None
) -> Field:
    """What can be sampled of a picture of 8 bits, grey or RGB, without a copy where it is grey."""
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    if missing is not None and missing.any():
        return Field(np.where(missing, np.float32(nan), grey), pixel_um, "grey")
    return Field(np.asarray(grey, np.uint8), pixel_um, "grey")


def profile(
    left: Field,
    right: Field,
    alignment: Alignment,
    start_um: Point,
    end_um: Point,
    *,
    step_um: float | None = None,
    width_um: float = 0.0,
    level: bool = False,
) -> Profile:
    """Both curves along a line between two points of the left specimen, in a common step.

    The step is the finer pixel's unless given. ``width_um`` averages over a band about the line;
    a place counts where at least half of the band has data. ``level`` takes the form off scans.
    Raises CaseheadError for a line shorter than two pixels.
    """
    finest, coarsest = sorted((left.pixel_um, right.pixel_um))
    length = hypot(end_um[0] - start_um[0], end_um[1] - start_um[1])
    if length < 2 * coarsest:
        raise CaseheadError("The line is shorter than two pixels; draw a longer one.")
    step = step_um or finest
    count = min(int(length / step + 1e-9) + 1, _MOST_SAMPLES)
    spacing = step if count < _MOST_SAMPLES else length / (count - 1)
    at_um = np.arange(count, dtype=np.float64) * spacing
    points = _band(start_um, end_um, at_um, width_um, finest)
    carried = moved(right_to_left(inverse(alignment)), points.reshape(-1, 2)).reshape(points.shape)
    return Profile(
        at_um,
        _across(left.at(points, level=level)),
        _across(right.at(carried, level=level)),
        start_um,
        end_um,
        width_um,
        (left.unit, right.unit),
        level,
    )


def correlation(first: Curve, second: Curve) -> float:
    """Pearson's, over the places where both have data; NaN for fewer than eight, or no relief."""
    both = np.isfinite(first) & np.isfinite(second)
    if np.count_nonzero(both) < _FEWEST_COMMON:
        return nan
    a, b = first[both] - first[both].mean(), second[both] - second[both].mean()
    size = float(np.sqrt(np.dot(a, a) * np.dot(b, b)))
    return float(np.dot(a, b)) / size if size > 0 else nan


def csv_text(found: Profile, names: tuple[str, str]) -> str:
    """One line a sample: the way, both values, and the point on the left specimen.

    Values have their units in the heads; the right curve is pushed by ``shift_um``.
    What is missing is an empty field.
    """
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = (
        f"{name} ({unit})" for name, unit in zip(names, map(unit_words, found.units), strict=True)
    )
    writer.writerow(["distance (µm)", *heads, "x on left (µm)", "y on left (µm)"])
    for at, left, right in zip(found.at_um, found.left, found.right_shifted, strict=True):
        x, y = found.place_um(float(at))
        writer.writerow(
            [f"{at:.4f}", _field_text(left), _field_text(right), f"{x:.4f}", f"{y:.4f}"]
        )
    return out.getvalue()


def profile_words(found: Profile) -> str:
    """How the profile was made, and how its curves correlate; an aid, never a conclusion."""
    length = float(found.at_um[-1])
    parts = [f"{length:.1f} µm in steps of {found.step_um:.2f} µm"]
    if found.width_um > 0:
        parts.append(f"mean over {found.width_um:g} µm")
    if found.levelled and "µm" in found.units:
        parts.append("form removed")
    if found.shift_um:
        parts.append(f"right curve shifted {found.shift_um:+.1f} µm")
    value = found.correlation
    told = "too little in common to correlate" if np.isnan(value) else f"correlation {value:.2f}"
    return f"{told}; {', '.join(parts)}"


def unit_words(unit: Unit) -> str:
    """For axes and heads of columns."""
    return "µm" if unit == "µm" else "grey 0-255"


def _bilinear(values: NDArray[Any], x: Curve, y: Curve) -> Curve:
    """NaN outside; a pixel without weight is not needed, so its absence does no harm."""
    rows, columns = values.shape
    inside = (x >= 0) & (x <= columns - 1) & (y >= 0) & (y <= rows - 1)
    x, y = np.where(inside, x, 0.0), np.where(inside, y, 0.0)
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    found = np.zeros(x.shape)
    for dy in (0, 1):
        for dx in (0, 1):
            weight = np.abs(1 - dx - (x - left)) * np.abs(1 - dy - (y - top))
            at = np.minimum(top + dy, rows - 1), np.minimum(left + dx, columns - 1)
            found += np.where(weight > 1e-9, weight * values[at], 0.0)
    return np.where(inside, found, nan)


def _band(start: Point, end: Point, at_um: Curve, width_um: float, pixel_um: float) -> Points:
    """Sample points (n, rows of the band, 2), square to the line about it."""
    along = np.subtract(end, start) / hypot(end[0] - start[0], end[1] - start[1])
    rows = min(2 * round(width_um / pixel_um / 2) + 1, _MOST_ROWS + 1)
    off = np.linspace(-width_um / 2, width_um / 2, rows) if rows > 1 else np.zeros(1)
    square = np.array([-along[1], along[0]])
    return np.asarray(
        np.asarray(start) + at_um[:, None, None] * along + off[None, :, None] * square
    )


def _across(values: Curve) -> Curve:
    """Mean over the band (n, rows), NaN where less than half of it has data."""
    good = np.isfinite(values)
    count = good.sum(axis=1)
    total = np.where(good, values, 0.0).sum(axis=1)
    enough = count >= max(1.0, _HALF_BAND * values.shape[1])
    return np.where(enough, total / np.maximum(count, 1), nan)


def _interpolated(at: Curve, values: Curve, wanted: Curve) -> Curve:
    """Linear between neighbours that are both there."""
    return _bilinear(values[None, :], wanted / (at[1] - at[0]), 0.0 * wanted)


def _at_push(left: Curve, right: Curve, push: int, least: int) -> float:
    n = len(left)
    a = left[max(push, 0) : n + min(push, 0)]
    b = right[max(-push, 0) : n - max(push, 0)]
    return correlation(a, b) if _common(a, b) >= least else nan


def _common(first: Curve, second: Curve) -> int:
    return int(np.count_nonzero(np.isfinite(first) & np.isfinite(second)))


def _field_text(value: float) -> str:
    return f"{value:.6f}" if np.isfinite(value) else ""
