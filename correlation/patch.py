"""Finding marks without a round edge: the ejector's dent and the sheared strip.

Such a mark is the largest connected part of the picture that differs from the picture's border:
in level, in the strength of its texture or in the direction of it. Where nothing differs, the
mark is taken to fill the picture.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.filters import band_pass, form, gaussian_mean, robust_sigma
from correlation.place import Disc, Finding, Grid, whole
from correlation.surface import Bools, Floats, Kind, Surface

_PITCH_UM = 12.5
_BAND_UM = (25.0, 120.0)
_AROUND_UM = 250.0
_LEAST_UM2 = 0.06e6
_FURTHEST = 6.0
_APART = 2.5


def find_patch(surface: Surface, face: Finding | None, name: str) -> Finding:
    """The mark called ``name``: a disc about the part that differs from its surroundings.

    ``face`` is the breech face's finding where the picture shows a whole primer; the mark is
    then not told from all else there, and the whole picture is taken.
    Raises CorrelationError when the picture holds too little to look at.
    """
    grid = Grid.of(surface, _PITCH_UM)
    if face is not None:
        return whole(surface, f"outline the {name} by hand, it is looked for in close-ups only")
    return _found(surface, grid, differing(grid, surface.kind), name)


def differing(grid: Grid, kind: Kind) -> Bools:
    """Where the picture differs from its border, as the largest connected part; may be empty."""
    border = _border(grid.mask)
    if np.count_nonzero(border) < 50:
        return np.zeros_like(grid.mask)
    away = np.zeros(grid.mask.shape, np.float32)
    for feature in _features(grid, kind, border):
        known = feature[border]
        spread = max(robust_sigma(known), 1e-6)
        score = np.clip(np.abs(feature - np.median(known)) / spread, 0, _FURTHEST)
        away += np.asarray(score * score, np.float32)
    return _largest((np.sqrt(away) > _threshold(np.sqrt(away), grid.mask)) & grid.mask)


def _border(mask: Bools) -> Bools:
    rows, columns = mask.shape
    width = max(3, round(0.1 * min(rows, columns)))
    border = mask.copy()
    border[width:-width, width:-width] = False
    return border


def _features(grid: Grid, kind: Kind, border: Bools) -> tuple[Floats, ...]:
    """Level, strength of texture and its two components of direction."""
    values = np.where(grid.mask, grid.values, 0).astype(np.float32)
    if kind == "scan":
        fitted, _ = form(values, border, degree=1)
        values = np.where(grid.mask, values - fitted, 0).astype(np.float32)
    level = gaussian_mean(values, grid.mask, _BAND_UM[1], _PITCH_UM)
    band = band_pass(values, grid.mask, _PITCH_UM, *_BAND_UM)
    down, right = (np.asarray(slope, np.float32) for slope in np.gradient(band))

    def around(power: Floats) -> Floats:
        return gaussian_mean(power.astype(np.float32), grid.mask, _AROUND_UM, _PITCH_UM)

    energy = around(right * right + down * down)
    floor = 0.01 * float(np.median(energy[grid.mask])) + 1e-12
    strength = np.log(energy + floor)
    straight = around(right * right - down * down) / (energy + floor)
    slanted = around(2 * right * down) / (energy + floor)
    return level, strength, straight, slanted


def _threshold(away: Floats, mask: Bools) -> float:
    """Between the border's and the mark's distances (Otsu), no less than a clear difference."""
    scaled = np.clip(away[mask] / (2 * _FURTHEST) * 255, 0, 255).astype(np.uint8)
    split, _ = cv2.threshold(scaled.reshape(1, -1), 0, 255, cv2.THRESH_OTSU)
    return max(float(split) / 255 * 2 * _FURTHEST, _APART)


def _largest(where: Bools) -> Bools:
    """The largest connected part without threads and bays, as its convex hull."""
    close, open_ = (_disc(width) for width in (75.0, 150.0))
    closed = cv2.morphologyEx(where.astype(np.uint8), cv2.MORPH_CLOSE, close)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, open_)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(opened)
    hull = np.zeros(where.shape, np.uint8)
    if len(stats) > 1:
        part = labels == 1 + int(np.argmax(stats[1:, cv2.CC_STAT_AREA]))
        rows, columns = np.nonzero(part)
        points = np.stack([columns, rows], axis=1).astype(np.int32)
        cv2.fillConvexPoly(hull, cv2.convexHull(points), 1)
    return hull.astype(np.bool_)


def _disc(width_um: float) -> NDArray[np.uint8]:
    size = 2 * round(width_um / _PITCH_UM / 2) + 1
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)), np.uint8)


def _found(surface: Surface, grid: Grid, part: Bools, name: str) -> Finding:
    area = float(np.count_nonzero(part)) * _PITCH_UM**2
    share = area / (part.size * _PITCH_UM**2)
    if area < _LEAST_UM2 or share > 0.8:
        return whole(surface, f"no part that differs from the rest shows an {name}")
    rows, columns = np.nonzero(part)
    points = np.stack([columns, rows], axis=1).astype(np.float32)
    (x, y), radius = cv2.minEnclosingCircle(points)
    confidence = round(float(np.clip(1.5 * area / (np.pi * (radius * _PITCH_UM) ** 2), 0, 1)), 3)
    disc = Disc(
        float(x) * _PITCH_UM + grid.offset_um[0],
        float(y) * _PITCH_UM + grid.offset_um[1],
        float(radius) * _PITCH_UM,
    )
    return Finding(disc, None, confidence, f"An area that may be the {name} was found.")
