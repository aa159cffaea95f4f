"""The alignment of two marks: every rotation at 50 um, the best places exactly down to 25 um."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import replace

import numpy as np

from correlation.around import Fixed
from correlation.method import Settings
from correlation.prepare import Level, Prepared
from correlation.sampling import source
from correlation.surface import Floats
from correlation.sweep import Pose, each, full_circle, separated

__all__ = ["Pose", "register"]

_WORTHY_ROUGH = 0.5
_WORTHY = 0.6
_TRIED = 4
_LIMIT = 8
_SPREAD_DEG = 1.0
_STEPS_DEG = (1.0, 0.5, 0.25)
_FINEST_DEG = 0.25 / 12**0.5
_FINEST_PX = 0.04
"""What the steps of the search add to the uncertainty; that of the shift was measured."""


def register(
    left: Prepared, right: Prepared, settings: Settings, executor: Executor | None = None
) -> tuple[Pose, ...]:
    """The best poses, best first, at least 10 degrees apart, refined at 25 um.

    Every rotation is searched at 50 um and the highest peaks are climbed there exactly; those
    that come near the highest are climbed on at 25 um, so that a narrow difference at the
    coarse level cannot lose the right one.
    """
    rough = full_circle(left.coarse, right.coarse, settings, executor)
    coarse = Trial(left.coarse, right.coarse, settings)
    middle = Trial(left.middle, right.middle, settings)
    step = settings.turn_step_deg / 2
    near = [coarse.climbed(pose, step) for pose in _worthy(rough, _WORTHY_ROUGH)]
    near = separated(near, _TRIED)
    refined = each(executor, middle.refined, _worthy(near, _WORTHY))
    return tuple(separated(refined, _TRIED))


def _worthy(poses: list[Pose], share: float) -> list[Pose]:
    """Those not much weaker than the first."""
    return [p for p in poses if p.strength >= share * poses[0].strength] or poses[:1]


def spread(left: Level, right: Level, pose: Pose, settings: Settings) -> tuple[float, float] | None:
    """Standard uncertainty of an alignment's rotation (degrees) and shift (micrometres).

    From how sharply the correlation falls around its top and how many independent spots of
    relief the overlap holds, as for the delay between two noisy signals (Cramer-Rao), and from
    the steps of the search. None where there is no top.
    """
    return Trial(left, right, settings).spread(pose)


class Trial:
    """Evaluates poses of one pair at one level exactly (pairwise complete)."""

    def __init__(self, left: Level, right: Level, settings: Settings) -> None:
        self._pixel_um = left.pixel_um
        self._seen = source(right.values, right.mask)
        self._left = Fixed(left.values[None], left.mask[None])
        pixels = min(int(self._left.areas[0]), int(np.count_nonzero(right.mask)))
        self._area = max(1, pixels)
        self._least = settings.overlap * self._area

    def refined(self, pose: Pose) -> Pose:
        """The top near ``pose``: whole degrees, then halves and quarters, then between pixels."""
        for step in _STEPS_DEG:
            pose = self.climbed(pose, step)
        return self._between(pose)

    def climbed(self, pose: Pose, step_deg: float) -> Pose:
        """The pose moved uphill by steps of rotation and whole pixels until it is the highest."""
        start = (pose.rotation_deg, pose.dx_um / self._pixel_um, pose.dy_um / self._pixel_um)
        place, ccf, shared = self._left.climbed(self._seen, start, step_deg, self._least, _LIMIT)
        turn, dx, dy = place
        return Pose(turn, dx * self._pixel_um, dy * self._pixel_um, ccf, shared / self._area)

    def _windows(
        self, turns_deg: Sequence[float], start: tuple[float, float]
    ) -> tuple[Floats, Floats]:
        """Correlations and overlaps: (rotations, shifts in y, shifts in x) around ``start``."""
        return self._left.next_to(self._seen, turns_deg, start, self._least)

    def _between(self, pose: Pose) -> Pose:
        """The pose moved to the top of the parabola through its neighbours, re-evaluated."""
        start = (pose.dx_um / self._pixel_um, pose.dy_um / self._pixel_um)
        around = self._windows((pose.rotation_deg,), start)[0][0]
        pose = replace(pose, rotation_deg=(pose.rotation_deg + 180) % 360 - 180)
        if around.min() <= -1.0:
            return pose
        dx = start[0] + _vertex(around[1, 0], around[1, 1], around[1, 2])
        dy = start[1] + _vertex(around[0, 1], around[1, 1], around[2, 1])
        moved = self.at(pose.rotation_deg, dx * self._pixel_um, dy * self._pixel_um)
        return moved if moved.strength >= pose.strength else pose

    def spread(self, pose: Pose) -> tuple[float, float] | None:
        """See the function of this name."""
        start = (pose.dx_um / self._pixel_um, pose.dy_um / self._pixel_um)
        turns = [pose.rotation_deg + step for step in (-_SPREAD_DEG, 0.0, _SPREAD_DEG)]
        ccf, counts = self._windows(turns, start)
        top = float(ccf[1, 1, 1])
        across, down, turning_ = (
            2 * top - float(first) - float(second)
            for first, second in (
                (ccf[1, 1, 0], ccf[1, 1, 2]),
                (ccf[1, 0, 1], ccf[1, 2, 1]),
                (ccf[0, 1, 1], ccf[2, 1, 1]),
            )
        )
        if ccf.min() <= -1 or min(top, across, down, turning_) <= 1e-6:
            return None
        spots = float(counts[1, 1, 1]) * float(np.sqrt(across * down)) / (np.pi * top)
        noise = max(1 - top * top, 0.0) / (max(spots, 1.0) * top)
        shift = np.hypot(np.sqrt(noise * (1 / across + 1 / down) / 2), _FINEST_PX) * self._pixel_um
        turn = np.hypot(np.sqrt(noise / turning_) * _SPREAD_DEG, _FINEST_DEG)
        return round(float(turn), 4), round(float(shift), 3)

    def at(self, rotation_deg: float, dx_um: float, dy_um: float) -> Pose:
        """The pose with its correlation and overlap."""
        start = (dx_um / self._pixel_um, dy_um / self._pixel_um)
        scores, counts = self._windows((rotation_deg,), start)
        share = float(counts[0, 1, 1]) / self._area
        return Pose(rotation_deg, float(dx_um), float(dy_um), float(scores[0, 1, 1]), share)


def _vertex(before: float, middle: float, after: float) -> float:
    bend = before - 2 * middle + after
    if bend >= -1e-9:
        return 0.0
    return float(np.clip(0.5 * (before - after) / bend, -0.5, 0.5))
