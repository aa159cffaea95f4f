"""What a pose and its cells amount to, and how cells of one mark are told on both pictures."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from correlation.cells import Found
from correlation.method import Settings
from correlation.motion import Point, turned_point, wrapped
from correlation.prepare import Prepared
from correlation.result import CellScore
from correlation.sweep import Pose


def share(cells: tuple[Found, ...]) -> float:
    """How many of the cells agree, 0 to 1."""
    return sum(cell.congruent for cell in cells) / len(cells) if cells else 0.0


def score(pose: Pose, cells: tuple[Found, ...]) -> float:
    """As ``PairScore`` defines it."""
    seen = float(min(pose.overlap, 1.0)) ** 0.25
    return float(seen * (max(pose.ccf, 0.0) + share(cells)) / 2)


def inverse(pose: Pose) -> Pose:
    """How the left mark lies on the right one."""
    x, y = turned_point((pose.dx_um, pose.dy_um), -pose.rotation_deg)
    return replace(pose, rotation_deg=-pose.rotation_deg, dx_um=-x, dy_um=-y)


def smaller_um2(left: Prepared, right: Prepared) -> float:
    """The area of the smaller mark."""
    pixels = min(int(np.count_nonzero(mark.middle.mask)) for mark in (left, right))
    return pixels * left.middle.pixel_um**2


def told(
    cell: Found, here: Prepared, there: Prepared, settings: Settings, told_left: bool
) -> CellScore:
    """A cell of the mark ``here``, the left one if ``told_left``, on both pictures."""
    own = (cell.x_um + here.centre_um[0], cell.y_um + here.centre_um[1])
    moved = (cell.x_um - cell.moved_um[0], cell.y_um - cell.moved_um[1])
    x, y = turned_point(moved, -cell.rotation_deg)
    other = (x + there.centre_um[0], y + there.centre_um[1])
    left, right = (own, other) if told_left else (other, own)
    rotation = cell.rotation_deg if told_left else -cell.rotation_deg
    return CellScore(
        _rounded(left),
        _rounded(right),
        settings.cell_um,
        round(wrapped(rotation), 3),
        round(cell.ccf, 4),
        cell.congruent,
    )


def _rounded(point: Point) -> Point:
    return round(float(point[0]), 2), round(float(point[1]), 2)
