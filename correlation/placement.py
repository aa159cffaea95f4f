"""What the method says of two marks where an examiner has laid them: nothing is looked for.

The numbers are those of ``compare``, evaluated at one given alignment.
"""

from __future__ import annotations

from dataclasses import replace
from time import perf_counter

import numpy as np

from correlation.cells import Found, congruent_cells
from correlation.errors import CorrelationError
from correlation.method import METHOD, VERSION, Settings, settings_for
from correlation.motion import Point, turned_point, wrapped
from correlation.prepare import Prepared
from correlation.register import Trial
from correlation.result import CellScore, PairScore
from correlation.sweep import Pose


def score_at(left: Prepared, right: Prepared, rotation_deg: float, shift_um: Point) -> PairScore:
    """The score, areal correlation and cells of two marks in a pose told as in ``PairScore``.

    Raises CorrelationError for marks that cannot be compared in this way (striated ones are
    compared by their profiles), and where the two hardly lie on each other.
    """
    started = perf_counter()
    if (left.kind, left.mark) != (right.kind, right.mark) or left.mark == "aperture shear":
        raise CorrelationError(
            "Cells need two images or two scans of the same kind of mark, and not of a sheared "
            "strip, which is compared by its profile."
        )
    settings = settings_for(left.kind, left.mark)
    pose = _between(left, right, rotation_deg, shift_um)
    trial = Trial(left.middle, right.middle, settings)
    pose = trial.at(pose.rotation_deg, pose.dx_um, pose.dy_um)
    if pose.ccf <= -1.0:
        raise CorrelationError(
            "The two marks hardly lie on each other here, so nothing can be said of this place; "
            "move the right one onto the left one."
        )
    own = congruent_cells(left.fine, right.fine, pose, settings)
    other = congruent_cells(right.fine, left.fine, _inverse(pose), settings)
    # the lesser direction counts; at a tie the one ``compare`` would have looked at first
    first = right.digest() >= left.digest()
    on_left = _share(own) < _share(other) or (_share(own) == _share(other) and first)
    found = own if on_left else other
    turn_sd, shift_sd = trial.spread(pose) or (None, None)
    pixels = min(int(np.count_nonzero(mark.middle.mask)) for mark in (left, right))
    return PairScore(
        method=METHOD,
        version=VERSION,
        score=round(_score(pose, found), 6),
        ccf=round(pose.ccf, 6),
        cells=len(found),
        congruent_cells=sum(cell.congruent for cell in found),
        rotation_deg=round(wrapped(rotation_deg), 4),
        shift_um=(round(float(shift_um[0]), 3), round(float(shift_um[1]), 3)),
        overlap=round(float(pose.overlap), 4),
        seconds=round(perf_counter() - started, 4),
        parameters=settings.as_dict(),
        cell_list=tuple(_told(cell, left, right, settings, on_left) for cell in found),
        overlap_um2=round(float(pose.overlap) * pixels * left.middle.pixel_um**2, 1),
        rotation_sd_deg=turn_sd,
        shift_sd_um=shift_sd,
    )


def _share(cells: tuple[Found, ...]) -> float:
    """How many of the cells agree, 0 to 1."""
    return sum(cell.congruent for cell in cells) / len(cells) if cells else 0.0


def _score(pose: Pose, cells: tuple[Found, ...]) -> float:
    """As ``PairScore`` defines it."""
    seen = float(min(pose.overlap, 1.0)) ** 0.25
    return float(seen * (max(pose.ccf, 0.0) + _share(cells)) / 2)


def _between(left: Prepared, right: Prepared, rotation_deg: float, shift_um: Point) -> Pose:
    x, y = turned_point(right.centre_um, rotation_deg)
    dx = shift_um[0] + x - left.centre_um[0]
    dy = shift_um[1] + y - left.centre_um[1]
    return Pose(rotation_deg, dx, dy, 0.0, 0.0)


def _inverse(pose: Pose) -> Pose:
    x, y = turned_point((pose.dx_um, pose.dy_um), -pose.rotation_deg)
    return replace(pose, rotation_deg=-pose.rotation_deg, dx_um=-x, dy_um=-y)


def _told(
    cell: Found, left: Prepared, right: Prepared, settings: Settings, on_left: bool
) -> CellScore:
    """A cell of one mark on both pictures."""
    here, there = (left, right) if on_left else (right, left)
    own = (cell.x_um + here.centre_um[0], cell.y_um + here.centre_um[1])
    moved = (cell.x_um - cell.moved_um[0], cell.y_um - cell.moved_um[1])
    x, y = turned_point(moved, -cell.rotation_deg)
    other = (x + there.centre_um[0], y + there.centre_um[1])
    first, second = (own, other) if on_left else (other, own)
    turn = cell.rotation_deg if on_left else -cell.rotation_deg
    return CellScore(
        _rounded(first),
        _rounded(second),
        settings.cell_um,
        round(wrapped(turn), 3),
        round(cell.ccf, 4),
        cell.congruent,
    )


def _rounded(point: Point) -> Point:
    return round(float(point[0]), 2), round(float(point[1]), 2)
