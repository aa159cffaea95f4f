"""Finding a mark in a picture: the primer's face, the firing-pin impression, a patch of marks.

The primer's face is brighter (an image) or flatter (a scan) inside than the groove around it,
and the firing-pin impression the other way round; both are circles that win by votes.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from correlation.level import fitted_rim, level_rim
from correlation.patch import find_patch
from correlation.pin import find_pin
from correlation.place import PITCH_UM, Disc, Finding, Grid, whole
from correlation.rims import Rim, best_rim, gradients
from correlation.surface import Floats, Mark, Surface

__all__ = ["SURE", "Disc", "Finding", "find_region"]

SURE = 0.65
"""Confidence from which the breech face's outline may be believed without a look at it."""

_DOUBTED = 0.45
_OUTSIDE = 0.6
_IN_PICTURE = 0.8
_OUTSIDE_SENTENCE = (
    "A part of the breech face's edge is not in the picture, so where it lies is uncertain; "
    "look at the outline and correct it, or acquire the whole face."
)

_PROPOSED = "; the dashed circle is a proposal"
"""The firing-pin impression's edge is a slope, over which outlines drawn by eye differ by 5 % of
the radius themselves: no figure says where software is right to less, so it is never told as sure.
"""

FACE_RADII_UM = (1100.0, 2900.0)
_TRIMMED_UM = 2400.0
_BORDER_SHARE = 0.35
_CUT_SHARE = 0.1
_SLIVER = 0.05
_SPECK = 16
_TRIMMED = 0.9
_FULL = 0.55
_FULL_OUTLINE = 0.3
_TRIMMED_SENTENCE = (
    "All that was measured is taken as the breech face: the scan was trimmed before, and no edge "
    "of the primer is in it."
)
PIN_RADII_UM = (350.0, 1400.0)
CLOSE_UP_UM = 3000.0
_LOOK_UM = 300.0
_STEP_UM = 12.5
_FINE_UM = 12.5
_BRIGHT = (0.12, 0.3, 0.5)
_FAR_UM = 60.0
_SEEN_IMAGE = (0.45, 0.025)
_SEEN_SCAN = (0.58, 0.012)
_LARGER = 0.02
_RAW_SHARE = 0.25
_AGREEING = 0.65


def find_region(surface: Surface, mark: Mark = "breech face") -> Finding:
    """The region of the mark on ``surface``, correctable by hand.

    Raises CorrelationError when the picture holds too little to look at.
    """
    if mark == "breech face":
        return _find_face(surface)
    face = None if _is_close_up(surface) else _find_face(surface)
    if mark == "firing pin":
        return find_pin(surface, face)
    return find_patch(surface, face, mark)


def _is_close_up(surface: Surface) -> bool:
    """Whether the picture is smaller than a primer, so that one mark fills it."""
    return bool(min(surface.values.shape) * surface.pixel_um < CLOSE_UP_UM)


def _find_face(surface: Surface) -> Finding:
    grid = Grid.of(surface)
    field = gradients(grid.face_map(surface.kind), even=grid.outline is not None)
    face = best_rim(field, _pixels(FACE_RADII_UM), sign=-1.0, within=None)
    if face is None:
        return whole(surface, "no primer edge of a plausible size is in the picture")
    trimmed = _trimmed(grid, field, face) if surface.kind == "scan" else None
    if trimmed is not None:
        return Finding(grid.disc(trimmed), None, round(_TRIMMED * face.vote, 3), _TRIMMED_SENTENCE)
    pin = best_rim(field, _pixels(PIN_RADII_UM), sign=1.0, within=face)
    full = _FULL_OUTLINE if grid.outline is not None else _FULL
    confidence = float(np.clip(face.vote / full, 0, 1))
    disc = grid.disc(face)
    if grid.outline is None:
        disc, confidence = _looked_at_again(surface, grid, face, pin, confidence)
    inner = grid.disc(pin) if pin is not None and pin.vote > 0.12 else None
    if _in_picture(surface, disc) < _IN_PICTURE:
        confidence = round(min(confidence, _OUTSIDE), 3)
        return Finding(disc, inner, confidence, _OUTSIDE_SENTENCE)
    return Finding(disc, inner, round(confidence, 3), _sentence(confidence, inner))


def _in_picture(surface: Surface, disc: Disc) -> float:
    """The share of the rim that the picture's edges leave."""
    rows, columns = surface.values.shape
    angles = np.linspace(0, 2 * np.pi, 360, endpoint=False)
    x = (disc.x_um + disc.radius_um * np.cos(angles)) / surface.pixel_um
    y = (disc.y_um + disc.radius_um * np.sin(angles)) / surface.pixel_um
    return float(np.mean((x > 0) & (x < columns - 1) & (y > 0) & (y < rows - 1)))


def _looked_at_again(
    surface: Surface, grid: Grid, face: Rim, pin: Rim | None, confidence: float
) -> tuple[Disc, float]:
    """The face's disc and how sure it is, after a second opinion of where its edge lies."""
    image = surface.kind == "image"
    if not image and _border_share(grid) < _RAW_SHARE:
        return grid.disc(face), confidence
    first = _within_glare(grid, face) if image else face
    second = level_rim(grid, surface.kind, first, pin)
    vote, share = _SEEN_IMAGE if image else _SEEN_SCAN
    if second is None or second.vote < vote:
        return grid.disc(first), confidence
    away = float(np.hypot(second.x - first.x, second.y - first.y)) / first.radius
    larger = abs(second.radius / first.radius - 1)
    if not image:
        differs = away > share or larger > _LARGER
        return grid.disc(second if differs else first), confidence
    if away <= share:
        return grid.disc(first), confidence
    fitted = _fitted(surface, grid.disc(second))
    if fitted is None:
        return grid.disc(first), min(confidence, _DOUBTED)
    return fitted[0], min(confidence, fitted[1])


def _fitted(surface: Surface, near: Disc) -> tuple[Disc, float] | None:
    """The circle through the edges near one, and the share of bearings that agree with it."""
    grid = Grid.of(surface, _FINE_UM)
    found = fitted_rim(grid, grid.rim(near))
    if found is None or found.vote < _AGREEING:
        return None
    return grid.disc(found), found.vote


def _trimmed(grid: Grid, field: tuple[Floats, Floats], face: Rim) -> Rim | None:
    """A circle around all that was measured, where that is a trimmed face the rim cuts into.

    The arc that is left of the face's edge places it, or else it is the smallest. Nearly nothing
    is measured at the border of such a picture, and what there is would fit a face. None when
    the rim holds it, or the picture is not of that kind.
    """
    mask = grid.mask
    if _border_share(grid) > _BORDER_SHARE:
        return None
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    sizes = stats[:, cv2.CC_STAT_AREA] * (np.arange(len(stats)) > 0)
    rows, columns = np.nonzero(sizes[labels] >= _SPECK)
    points = np.stack([columns, rows], axis=1).astype(np.float32)
    if len(points) == 0:
        return None
    (x, y), radius = cv2.minEnclosingCircle(points)
    low, high = _pixels((FACE_RADII_UM[0], _TRIMMED_UM))
    if _outside(points, face) <= _CUT_SHARE or not low <= radius <= high:
        return None
    arc = best_rim(field, (radius, min(1.35 * radius, high)), sign=-1.0, within=None)
    if arc is not None and _outside(points, arc) <= _SLIVER:
        return arc
    return replace(face, x=float(x), y=float(y), radius=float(radius))


def _border_share(grid: Grid) -> float:
    """How much of the picture's border is measured."""
    mask = grid.mask
    return float(np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]]).mean())


def _outside(points: Floats, rim: Rim) -> float:
    """The share of the points that lie outside."""
    far = np.hypot(points[:, 0] - rim.x, points[:, 1] - rim.y) > rim.radius + 1
    return float(far.mean())


def _within_glare(grid: Grid, face: Rim) -> Rim:
    """The rim moved in to the crest of a bright rounded edge, where the face has one.

    The steepest fall of brightness lies outside such an edge, which is no part of the face.
    """
    rows, columns = grid.values.shape
    y, x = np.ogrid[:rows, :columns]
    place = np.hypot(x - face.x, y - face.y)[grid.mask] - face.radius
    near = np.abs(place) < _LOOK_UM / grid.pitch_um
    bins = np.rint((place[near] * grid.pitch_um + _LOOK_UM) / _STEP_UM).astype(np.intp)
    counts = np.bincount(bins, minlength=round(2 * _LOOK_UM / _STEP_UM) + 1)
    if np.any(counts == 0):
        return face
    means = np.bincount(bins, grid.values[grid.mask][near]) / counts
    steps = np.arange(len(means)) * _STEP_UM - _LOOK_UM
    inside, outside = (float(np.median(means[part])) for part in (steps < -150, steps > 100))
    edge = np.flatnonzero(np.abs(steps) <= 110)
    crest = edge[int(np.argmax(means[edge]))]
    bright = (float(means[crest]) - inside) / max(inside - outside, 1e-6)
    inwards = min(float(steps[crest]), 0.0) * _share_of_crest(bright, float(steps[crest]))
    return replace(face, radius=face.radius + inwards / grid.pitch_um) if inwards else face


def _share_of_crest(bright: float, crest_um: float) -> float:
    """How far towards its crest an edge that bright lies; a faint wide crest is a blurred one."""
    faint, clear, glaring = _BRIGHT
    if crest_um <= -_FAR_UM and faint <= bright < glaring:
        return 0.5
    return 1.0 if bright >= clear else 0.0


def _pixels(radii_um: tuple[float, float]) -> tuple[float, float]:
    return radii_um[0] / PITCH_UM, radii_um[1] / PITCH_UM


def _sentence(confidence: float, inner: Disc | None) -> str:
    if confidence >= SURE:
        return f"The breech face was found{_PROPOSED if inner is not None else ''}."
    return "The breech face was found with low confidence; look at the outline and correct it."
