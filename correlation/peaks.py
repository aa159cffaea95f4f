"""Where the cells of one mark may lie on another: every place within reach, at twice the pitch."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from correlation.cut import Cells
from correlation.kernels import loops
from correlation.late import fft
from correlation.ncc import masked_ncc, spectra
from correlation.prepare import Level
from correlation.sampling import halved, sampled, turnings
from correlation.surface import Bools, Floats
from correlation.sweep import Pose

Corners = tuple[NDArray[np.intp], NDArray[np.intp]]
_PEAKS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Peaks:
    """The highest places of each cell at each rotation: arrays (peaks, rotations, cells).

    ``dx``, ``dy`` in pixels of the full pitch from the start.
    """

    ccf: Floats
    dx: Floats
    dy: Floats
    inside: Bools


def cell_peaks(
    cells: Cells, other: Level, pose: Pose, turns_deg: NDArray[np.float64], reach_um: float
) -> Peaks:
    """The two highest peaks of every cell within ``reach_um`` of ``pose``, at every rotation."""
    pixel_um = 2 * cells.pixel_um
    reach = round(reach_um / pixel_um)
    own, masks = cells.halved()
    size = cells.grid * own.shape[1] + 2 * reach
    seen = halved(other)
    shift = np.array([pose.dx_um, pose.dy_um]) / pixel_um - cells.offset / 2
    matrices = turnings(turns_deg, (seen.shape[0] - 3, seen.shape[1] - 3), size, shift)
    return highest_places(sampled(seen, matrices, size), own, masks, cells.corners(), reach)


def highest_places(
    pictures: Floats, own: Floats, masks: Bools, corners: Corners, reach: int
) -> Peaks:
    """The highest places of cells on pictures of the whole grid at twice the pitch.

    ``pictures`` are values and mask (n, 2, size, size); ``own`` (cells, side, side) 0 outside
    ``masks``; ``corners`` the first row and column within reach of each cell.
    """
    least = 0.5 * masks.sum(axis=(1, 2)).astype(np.float32)
    compiled = loops()
    if compiled is None:
        found = regions(pictures, corners, own.shape[1] + 2 * reach)
        return _highest(_correlations(found, (own, masks), least, reach), reach)
    peaks = np.empty((3, _PEAKS, len(pictures), len(own)), np.float32)
    inside = np.empty(peaks.shape[1:], np.bool_)
    weights = masks.astype(np.float32)
    compiled.cell_peaks(pictures, own, weights, *corners, reach, least, peaks, inside)
    return Peaks(peaks[0], 2 * peaks[1], 2 * peaks[2], inside)


def regions(pictures: Floats, corners: Corners, window: int) -> tuple[Floats, Floats]:
    """What of pictures lies within reach of each cell: (n, cells, window, window) each."""
    parts = [
        pictures[:, :, row : row + window, column : column + window]
        for row, column in zip(*(corner.tolist() for corner in corners), strict=True)
    ]
    values, masks = np.moveaxis(np.stack(parts), (2, 1), (0, 1))
    return values, masks


def _correlations(
    found: tuple[Floats, Floats], moving: tuple[Floats, Bools], least: Floats, reach: int
) -> Floats:
    """At every shift within reach: (rotations, cells, shifts, shifts)."""
    length = fft.next_fast_len(found[0].shape[-1], real=True)
    shape, wanted = (length, length), slice(0, 2 * reach + 1)
    return masked_ncc(
        spectra(*found, shape), spectra(*moving, shape), shape, least[:, None, None],
        (wanted, wanted),
    )  # fmt: skip


def _highest(scores: Floats, reach: int) -> Peaks:
    """The highest peaks of each map (rotations, cells, shifts, shifts) and where they are."""
    side = scores.shape[-1]
    maps = scores.reshape(-1, side, side)
    left = maps.copy()
    index = np.arange(len(maps))
    parts: list[tuple[Floats, Floats, Floats, Bools]] = []
    for _ in range(_PEAKS):
        rows, columns = np.unravel_index(left.reshape(len(maps), -1).argmax(axis=1), (side, side))
        safe_r, safe_c = np.clip(rows, 1, side - 2), np.clip(columns, 1, side - 2)
        inside = (rows == safe_r) & (columns == safe_c)
        middle = maps[index, safe_r, safe_c]
        above, below = maps[index, safe_r - 1, safe_c], maps[index, safe_r + 1, safe_c]
        before, after = maps[index, safe_r, safe_c - 1], maps[index, safe_r, safe_c + 1]
        dy = rows + top(above, middle, below) * inside - reach
        dx = columns + top(before, middle, after) * inside - reach
        parts.append((left[index, rows, columns], 2 * dx, 2 * dy, inside))
        for down in (-1, 0, 1):
            for across in (-1, 0, 1):
                left[index, safe_r + down, safe_c + across] = -1.0
        left[index, rows, columns] = -1.0
    shape = (_PEAKS, *scores.shape[:2])
    ccf, x, y, there = (np.stack(part).reshape(shape) for part in zip(*parts, strict=True))
    return Peaks(ccf, x.astype(np.float32), y.astype(np.float32), there)


def top(before: Floats, middle: Floats, after: Floats) -> NDArray[np.float64]:
    """Where the parabola through three neighbours is highest, in pixels from the middle one."""
    bend = before.astype(np.float64) - 2 * middle + after
    return np.clip(0.5 * (before - after) / np.where(bend < -1e-9, bend, -1e9), -0.5, 0.5)
