"""What the method says of two marks where an examiner has laid them: nothing is looked for.

The numbers are those of ``compare``, evaluated at one given alignment.
"""

from __future__ import annotations

from time import perf_counter

from correlation.agreement import inverse, score, share, smaller_um2, told
from correlation.cells import congruent_cells
from correlation.errors import CorrelationError
from correlation.method import METHOD, VERSION, settings_for
from correlation.motion import Point, turned_point, wrapped
from correlation.prepare import Prepared
from correlation.register import Trial
from correlation.result import PairScore
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
    other = congruent_cells(right.fine, left.fine, inverse(pose), settings)
    # the lesser direction counts; at a tie the one ``compare`` would have looked at first
    first = right.digest() >= left.digest()
    on_left = share(own) < share(other) or (share(own) == share(other) and first)
    found = own if on_left else other
    turn_sd, shift_sd = trial.spread(pose) or (None, None)
    here, there = (left, right) if on_left else (right, left)
    return PairScore(
        method=METHOD,
        version=VERSION,
        score=round(score(pose, found), 6),
        ccf=round(pose.ccf, 6),
        cells=len(found),
        congruent_cells=sum(cell.congruent for cell in found),
        rotation_deg=round(wrapped(rotation_deg), 4),
        shift_um=(round(float(shift_um[0]), 3), round(float(shift_um[1]), 3)),
        overlap=round(float(pose.overlap), 4),
        seconds=round(perf_counter() - started, 4),
        parameters=settings.as_dict(),
        cell_list=tuple(told(cell, here, there, settings, on_left) for cell in found),
        overlap_um2=round(float(pose.overlap) * smaller_um2(left, right), 1),
        rotation_sd_deg=turn_sd,
        shift_sd_um=shift_sd,
    )


def _between(left: Prepared, right: Prepared, rotation_deg: float, shift_um: Point) -> Pose:
    x, y = turned_point(right.centre_um, rotation_deg)
    dx = shift_um[0] + x - left.centre_um[0]
    dy = shift_um[1] + y - left.centre_um[1]
    return Pose(rotation_deg, dx, dy, 0.0, 0.0)
