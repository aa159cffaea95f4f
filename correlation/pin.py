"""Finding the firing-pin impression: the floor inside its steep wall.

In a picture of the whole primer it is looked for inside the disc the breech face leaves out; a
picture smaller than a primer is taken as one of the impression alone. The floor is bright (an
image) or measured and gently sloped (a scan), its wall dark, or steep and often missing.
"""

from __future__ import annotations

import cv2
import numpy as np

from correlation.errors import CorrelationError
from correlation.filters import gaussian_mean
from correlation.place import Disc, Finding, Grid, whole
from correlation.rims import Rim, best_rim, gradients
from correlation.surface import Floats, Kind, Surface

RADII_UM = (250.0, 1400.0)
STEEP = 0.7
_PITCH_UM = 12.5
_MEASURED = 0.5


def find_pin(surface: Surface, face: Finding | None) -> Finding:
    """The impression in a close-up, or (with the breech face's finding) in a whole primer.

    Raises CorrelationError where the scan has no heights inside the impression.
    """
    if face is None or face.confidence < 0.3:
        return _in(surface, None)
    if face.inner is None:
        raise CorrelationError(
            "No firing-pin impression was found on the primer; outline it by hand, "
            "or acquire a picture of the impression alone."
        )
    return _in(surface, face.inner)


def _in(surface: Surface, hole: Disc | None) -> Finding:
    window = None if hole is None else Disc(hole.x_um, hole.y_um, 1.2 * hole.radius_um)
    try:
        grid = Grid.of(surface, _PITCH_UM, window)
    except CorrelationError:
        if hole is None:
            raise
        raise _unmeasured() from None
    rim = _floor(gradients(floor_map(grid, surface.kind)), hole)
    if rim is None:
        found = _fallback(surface, hole)
    else:
        confidence = round(float(np.clip(rim.vote / 0.5, 0, 1)), 3)
        found = Finding(grid.disc(rim), None, confidence, _sentence(confidence))
    if hole is not None and surface.kind == "scan":
        _need_floor(grid, found.outer)
    return found


def floor_map(grid: Grid, kind: Kind) -> Floats:
    """Bright where the floor may be: grey for images, measured and gently sloped for scans."""
    if kind == "image":
        return grid.evened()
    smooth = gaussian_mean(np.where(grid.mask, grid.values, 0), grid.mask, 60.0, grid.pitch_um)
    down, right = np.gradient(smooth, grid.pitch_um)
    gentle = np.clip(2 - np.hypot(down, right) / STEEP, 0, 1) * grid.mask
    return np.asarray(cv2.GaussianBlur(gentle.astype(np.float32), (0, 0), 1.2), np.float32)


def _floor(field: tuple[Floats, Floats], hole: Disc | None) -> Rim | None:
    largest = RADII_UM[1] if hole is None else min(RADII_UM[1], 1.1 * hole.radius_um)
    smallest = RADII_UM[0] if hole is None else max(RADII_UM[0], 0.4 * hole.radius_um)
    radii = (smallest / _PITCH_UM, largest / _PITCH_UM)
    best = best_rim(field, radii, sign=-1.0, within=None)
    return best if best is not None and best.vote > 0.1 else None


def _fallback(surface: Surface, hole: Disc | None) -> Finding:
    if hole is None:
        return whole(surface, "no edge of a firing-pin impression is in the picture")
    return Finding(hole, None, 0.2, _sentence(0.2))


def _need_floor(grid: Grid, disc: Disc) -> None:
    rows, columns = grid.values.shape
    y = np.arange(rows)[:, None] * grid.pitch_um + grid.offset_um[1] - disc.y_um
    x = np.arange(columns)[None, :] * grid.pitch_um + grid.offset_um[0] - disc.x_um
    inside = np.hypot(x, y) < disc.radius_um
    if np.count_nonzero(grid.mask & inside) < _MEASURED * np.count_nonzero(inside):
        raise _unmeasured()


def _unmeasured() -> CorrelationError:
    return CorrelationError(
        "The scan holds no heights inside the firing-pin impression; "
        "acquire a scan of the impression alone."
    )


def _sentence(confidence: float) -> str:
    if confidence >= 0.4:
        return "The firing-pin impression was found."
    return (
        "The firing-pin impression was found with low confidence; "
        "look at the outline and correct it."
    )
