"""A second opinion on the breech face: where the picture keeps to the level of its face.

Light from one side makes the primer's rounded edge bright towards the lamp and dark away from
it, so the face is neither the bright part nor the dark one but what is like its own middle. The
same holds of a scan: the face is what lies on the plane of its middle.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from correlation.filters import form, robust_sigma
from correlation.place import Grid
from correlation.rims import Rim, best_rim, gradients
from correlation.surface import Bools, Floats, Kind

_CORE = (0.45, 0.85)
_RADII = (0.85, 1.1)
_FEWEST = 200
_ROUNDS = 8
_GREYS = 3.0
_HEIGHTS = 4.0
_LEAST_UM = 1.5
_SECTORS = 48
_PER_SECTOR = 7
_WINDOW = (-0.09, 0.11)
_STEEP = 0.5
_KEPT = 0.025


def level_rim(grid: Grid, kind: Kind, face: Rim, pin: Rim | None) -> Rim | None:
    """The edge of what is like the middle of ``face``; None where there is too little of it."""
    core = _core(grid, face, pin)
    if np.count_nonzero(core) < _FEWEST:
        return None
    like = _alike_grey(grid, core) if kind == "image" else _alike_height(grid, core)
    field = gradients(np.asarray(cv2.GaussianBlur(like, (0, 0), 1.2), np.float32))
    smallest, largest = (share * face.radius for share in _RADII)
    around = Rim(face.x, face.y, 1.3 * face.radius, 0.0)
    return best_rim(field, (smallest, largest), sign=-1.0, within=around)


def _core(grid: Grid, face: Rim, pin: Rim | None) -> Bools:
    rows, columns = grid.values.shape
    y, x = np.ogrid[:rows, :columns]
    share = np.hypot(x - face.x, y - face.y) / face.radius
    core = (share > _CORE[0]) & (share < _CORE[1]) & grid.mask
    if pin is not None:
        core &= np.hypot(x - pin.x, y - pin.y) > 1.25 * pin.radius
    return np.asarray(core, np.bool_)


def _alike_grey(grid: Grid, core: Bools) -> Floats:
    smooth = _smooth(grid)
    middle = float(np.median(smooth[core]))
    spread = max(robust_sigma(smooth[core]), 0.03 * middle, 0.005)
    away = (smooth - middle) / np.float32(_GREYS * spread)
    return np.asarray(np.exp(-away * away) * grid.mask, np.float32)


def _alike_height(grid: Grid, core: Bools) -> Floats:
    fitted, _ = form(grid.values, core, degree=1, rounds=_ROUNDS)
    residue = np.where(grid.mask, grid.values - fitted, 0).astype(np.float32)
    spread = max(robust_sigma(residue[core]), _LEAST_UM)
    away = residue / np.float32(_HEIGHTS * spread)
    return np.asarray(np.exp(-away * away) * grid.mask, np.float32)


def _smooth(grid: Grid) -> Floats:
    known = np.where(grid.mask, grid.values, 0).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(known, (0, 0), 2.0), np.float32)


def fitted_rim(grid: Grid, rim: Rim) -> Rim | None:
    """The circle through the first steep change of grey on each bearing, brighter or darker.

    Its vote is the share of bearings that agree with it within 2.5 % of the radius; None where
    no circle is left.
    """
    shares, found = _edges(grid, rim)
    angles = (np.arange(_SECTORS) + 0.5) * (2 * np.pi / _SECTORS)
    x, y = rim.radius * shares * np.cos(angles), rim.radius * shares * np.sin(angles)
    kept = found
    circle = (0.0, 0.0, rim.radius)
    for _ in range(_ROUNDS):
        if np.count_nonzero(kept) < _SECTORS // 3:
            return None
        circle = _circle(x[kept], y[kept])
        off = np.abs(np.hypot(x - circle[0], y - circle[1]) - circle[2])
        kept = found & (off < _KEPT * rim.radius)
    share = float(np.count_nonzero(kept)) / _SECTORS
    return Rim(rim.x + circle[0], rim.y + circle[1], circle[2], share)


def _edges(grid: Grid, rim: Rim) -> tuple[NDArray[np.float64], Bools]:
    """Of each bearing: where the edge lies (shares of the radius), and whether there is one."""
    count = _SECTORS * _PER_SECTOR
    angles = (np.arange(count) + 0.5) * (2 * np.pi / count)
    steps = np.arange(rim.radius * (1 + _WINDOW[0]), rim.radius * (1 + _WINDOW[1]), 0.5)
    x = (rim.x + steps[:, None] * np.cos(angles)).astype(np.float32)
    y = (rim.y + steps[:, None] * np.sin(angles)).astype(np.float32)
    values = np.where(grid.mask, grid.values, 0).astype(np.float32)
    seen = cv2.remap(values, x, y, cv2.INTER_LINEAR, borderValue=np.nan)
    rows = np.asarray(seen.reshape(len(steps), _SECTORS, _PER_SECTOR).mean(axis=2))
    inside = np.isfinite(rows).all(axis=0)
    smooth = cv2.GaussianBlur(np.nan_to_num(rows), (1, 0), sigmaX=1e-6, sigmaY=2.0)
    change = np.abs(np.diff(smooth, axis=0))
    steep = change >= _STEEP * change.max(axis=0)
    peak = np.zeros_like(steep)
    peak[1:-1] = (change[1:-1] >= change[:-2]) & (change[1:-1] >= change[2:])
    first = np.argmax(steep & peak, axis=0)
    return (steps[first] + 0.25) / rim.radius, np.asarray(inside & (steep & peak).any(axis=0))


def _circle(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float, float]:
    """Least squares."""
    matrix = np.stack([2 * x, 2 * y, np.ones_like(x)], axis=1)
    a, b, c = np.linalg.lstsq(matrix, x * x + y * y, rcond=None)[0]
    return float(a), float(b), float(np.sqrt(max(c + a * a + b * b, 0.0)))
