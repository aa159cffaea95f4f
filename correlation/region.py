"""Finding a mark in a picture: the primer's face, the firing-pin impression, a patch of marks.

The primer's face is brighter (an image) or flatter (a scan) inside than the groove around it,
and the firing-pin impression the other way round; both are circles that win by votes.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from correlation.patch import find_patch
from correlation.pin import find_pin
from correlation.place import PITCH_UM, Disc, Finding, Grid, whole
from correlation.rims import Rim, best_rim, gradients
from correlation.surface import Floats, Mark, Surface

__all__ = ["Disc", "Finding", "find_region"]

FACE_RADII_UM = (1100.0, 2900.0)
_TRIMMED_UM = 2400.0
_BORDER_SHARE = 0.35
_CUT_SHARE = 0.1
_SLIVER = 0.05
_SPECK = 16
_TRIMMED = 0.9
_TRIMMED_SENTENCE = (
    "All that was measured is taken as the breech face: the scan was trimmed before, and no edge "
    "of the primer is in it."
)
PIN_RADII_UM = (350.0, 1400.0)
CLOSE_UP_UM = 3000.0
_LOOK_UM = 300.0
_STEP_UM = 12.5


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
    field = gradients(grid.face_map(surface.kind))
    face = best_rim(field, _pixels(FACE_RADII_UM), sign=-1.0, within=None)
    if face is None:
        return whole(surface, "no primer edge of a plausible size is in the picture")
    trimmed = _trimmed(grid, field, face) if surface.kind == "scan" else None
    if trimmed is not None:
        return Finding(grid.disc(trimmed), None, round(_TRIMMED * face.vote, 3), _TRIMMED_SENTENCE)
    pin = best_rim(field, _pixels(PIN_RADII_UM), sign=1.0, within=face)
    if surface.kind == "image" and grid.outline is None:
        face = _within_glare(grid, face)
    confidence = round(float(np.clip(face.vote / 0.55, 0, 1)), 3)
    return Finding(
        grid.disc(face),
        grid.disc(pin) if pin is not None and pin.vote > 0.12 else None,
        confidence,
        _sentence(confidence),
    )


def _trimmed(grid: Grid, field: tuple[Floats, Floats], face: Rim) -> Rim | None:
    """A circle around all that was measured, where that is a trimmed face the rim cuts into.

    The arc that is left of the face's edge places it, or else it is the smallest. Nearly nothing
    is measured at the border of such a picture, and what there is would fit a face. None when
    the rim holds it, or the picture is not of that kind.
    """
    mask = grid.mask
    border = np.concatenate([mask[0], mask[-1], mask[:, 0], mask[:, -1]])
    if border.mean() > _BORDER_SHARE:
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
    if means[crest] < inside + 0.3 * (inside - outside) or steps[crest] >= 0:
        return face
    return replace(face, radius=face.radius + float(steps[crest]) / grid.pitch_um)


def _pixels(radii_um: tuple[float, float]) -> tuple[float, float]:
    return radii_um[0] / PITCH_UM, radii_um[1] / PITCH_UM


def _sentence(confidence: float) -> str:
    if confidence >= 0.5:
        return "The breech face was found."
    return "The breech face was found with low confidence; look at the outline and correct it."
