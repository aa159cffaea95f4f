"""The best alignment near a rough placement by hand, of the whole mark or of an outlined area.

Every shift within reach is tried at rotations a step apart, about the middle of what is aligned;
the highest places are climbed exactly and refined at the middle level, as ``register`` does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.late import fft
from correlation.method import Settings, settings_for
from correlation.motion import Point, turned_point, wrapped
from correlation.ncc import masked_ncc, spectra
from correlation.outline import Outline
from correlation.prepare import Level, Prepared
from correlation.register import Trial
from correlation.resample import turning, warped
from correlation.sweep import Pose, separated

REACH_DEG = 15.0
_SHARE_OF_SHIFT = 0.5
_OVERLAP = 0.5
_TRIED = 6
_WORTHY = 0.6
_FIRST_STEP_DEG = 0.5
_ROUNDS = 8
_SMALL_GAIN = 1e-3
_FEW_PIXELS = 600
"""Fewer of them at the coarse level, and the search starts at the middle one."""


@dataclass(frozen=True, slots=True)
class Nearby:
    """The best place found, told as in ``PairScore``.

    ``ccf`` is the areal correlation over ``overlap_um2`` (``overlap`` of the smaller of the two
    that were to be aligned: marks, or an area of the left one). ``rotation_sd_deg`` and
    ``shift_sd_um`` are the standard uncertainty, the latter at the middle of what was aligned;
    None where no top stands out. ``turned_deg`` and ``moved_um`` are how far that middle lies
    from where it lay at the start. ``at_edge`` says that the place lies where the search ended;
    ``rival`` how strong the next best separate place is, as a share of this one (0: there is
    none).
    """

    rotation_deg: float
    shift_um: Point
    ccf: float
    overlap: float
    overlap_um2: float
    rotation_sd_deg: float | None
    shift_sd_um: float | None
    turned_deg: float
    moved_um: Point
    at_edge: bool
    rival: float


def reach_um(settings: Settings) -> float:
    """How far from the start each way a place is looked for."""
    return _SHARE_OF_SHIFT * settings.shift_um


def align_near(
    left: Prepared,
    right: Prepared,
    rotation_deg: float,
    shift_um: Point,
    settings: Settings | None = None,
    area: Outline | None = None,
) -> Nearby:
    """The best alignment within 15 degrees and half the usual shift of the one given.

    ``area`` restricts what is compared to a part of the left picture. Raises CorrelationError
    with a sentence for marks that cannot be compared, for an area with too little data, and where
    the two hardly lie on each other at the start.
    """
    _need_alike(left, right)
    settings = settings or settings_for(left.kind, left.mark)
    fixed = _Fixed.of(left, area, settings)
    start = fixed.between(right, rotation_deg, shift_um)
    settings = _needing_overlap(fixed, right, start, settings)
    level, coarse = fixed.to_search(right)
    trial = Trial(level, coarse, settings)
    rough = [start, *_places(level, coarse, start, fixed.pivot_um, settings)]
    near = [trial.climbed(pose, settings.turn_step_deg / 2) for pose in _first(rough, trial)]
    near = separated(near, _TRIED)
    finest = Trial(fixed.middle, right.middle, settings)
    worthy = [pose for pose in near if pose.strength >= _WORTHY * near[0].strength] or near[:1]
    refined = [finest.refined(pose) for pose in worthy]
    found = separated([_polished(finest, pose, fixed) for pose in refined], _TRIED)
    return fixed.told(right, start, found, finest, settings)


def _need_alike(left: Prepared, right: Prepared) -> None:
    if (left.kind, left.mark) != (right.kind, right.mark):
        raise CorrelationError(
            "Only two images or two scans of the same kind of mark can be aligned automatically; "
            "align these by landmarks."
        )


def _first(rough: list[Pose], trial: Trial) -> list[Pose]:
    """The start and the strongest others, evaluated alike."""
    start, *rest = [trial.at(pose.rotation_deg, pose.dx_um, pose.dy_um) for pose in rough]
    return [start, *separated(rest, _TRIED)]


@dataclass(frozen=True, slots=True, eq=False)
class _Fixed:
    """The left mark or the part of it that is to be aligned, about the mark's own centre."""

    middle: Level
    coarse: Level
    centre_um: Point
    pivot_um: Point

    @classmethod
    def of(cls, left: Prepared, area: Outline | None, settings: Settings) -> _Fixed:
        levels = [left.middle, left.coarse]
        if area is not None:
            levels = [_within(level, area, left.centre_um) for level in levels]
            _refuse_too_little(levels[0], left, settings)
        return cls(levels[0], levels[1], left.centre_um, _middle_of(levels[0]))

    def between(self, right: Prepared, rotation_deg: float, shift_um: Point) -> Pose:
        """An alignment of the pictures as a pose of the marks' centres; not evaluated."""
        x, y = turned_point(right.centre_um, rotation_deg)
        dx = shift_um[0] + x - self.centre_um[0]
        dy = shift_um[1] + y - self.centre_um[1]
        return Pose(wrapped(rotation_deg), dx, dy, 0.0, 0.0)

    def to_search(self, right: Prepared) -> tuple[Level, Level]:
        """The levels to begin at: the coarse ones unless the area is small."""
        if np.count_nonzero(self.coarse.mask) < _FEW_PIXELS:
            return self.middle, right.middle
        return self.coarse, right.coarse

    def told(
        self, right: Prepared, start: Pose, found: list[Pose], trial: Trial, settings: Settings
    ) -> Nearby:
        best, *others = found
        turn_sd, shift_sd = trial.spread(best) or (None, None)
        x, y = turned_point(right.centre_um, best.rotation_deg)
        shift = (best.dx_um + self.centre_um[0] - x, best.dy_um + self.centre_um[1] - y)
        pixels = min(int(np.count_nonzero(level.mask)) for level in (self.middle, right.middle))
        rival = others[0].strength / best.strength if others and best.strength > 0 else 0.0
        turned = wrapped(best.rotation_deg - start.rotation_deg)
        kept = _about(start, best.rotation_deg, self.pivot_um)
        moved = (best.dx_um - kept[0], best.dy_um - kept[1])
        far = max(abs(moved[0]), abs(moved[1]))
        return Nearby(
            round(wrapped(best.rotation_deg), 4),
            (round(shift[0], 3), round(shift[1], 3)),
            round(best.ccf, 6),
            round(float(best.overlap), 4),
            round(float(best.overlap) * pixels * self.middle.pixel_um**2, 1),
            turn_sd,
            shift_sd,
            round(turned, 4),
            (round(moved[0], 3), round(moved[1], 3)),
            far >= reach_um(settings) - self.middle.pixel_um or abs(turned) >= REACH_DEG - 0.5,
            round(max(rival, 0.0), 3),
        )


def _within(level: Level, area: Outline, centre_um: Point) -> Level:
    mask = level.mask & area.inside(level, centre_um)
    return Level(np.where(mask, level.values, 0).astype(np.float32), mask, level.pixel_um)


def _refuse_too_little(level: Level, left: Prepared, settings: Settings) -> None:
    held = float(np.count_nonzero(level.mask)) * level.pixel_um**2
    least = settings.cell_occupancy * settings.cell_um**2  # the least that registers as a cell
    if held < least:
        raise CorrelationError(
            f"The outlined area holds {held / 1e6:.3f} mm² of the {left.mark} on the left; "
            f"outline at least {least / 1e6:.3f} mm² of it."
        )


def _middle_of(level: Level) -> Point:
    """The centroid of what takes part, from the level's middle (micrometres)."""
    rows, columns = np.nonzero(level.mask)
    half = (level.values.shape[0] - 1) / 2
    x, y = float(columns.mean()) - half, float(rows.mean()) - half
    return x * level.pixel_um, y * level.pixel_um


def _needing_overlap(fixed: _Fixed, right: Prepared, start: Pose, settings: Settings) -> Settings:
    """Settings under which a place needs half the overlap of the start, or more."""
    trial = Trial(fixed.middle, right.middle, replace(settings, overlap=0.0))
    overlap = trial.at(start.rotation_deg, start.dx_um, start.dy_um).overlap
    if overlap < settings.overlap:
        raise CorrelationError(
            "The right mark hardly lies on what is to be aligned; move it there first, "
            "or align automatically."
        )
    return replace(settings, overlap=_OVERLAP * overlap)


def _about(start: Pose, rotation_deg: float, pivot_um: Point) -> Point:
    """The shift that keeps under the pivot what the start has there, at another rotation."""
    away = (pivot_um[0] - start.dx_um, pivot_um[1] - start.dy_um)
    x, y = turned_point(away, rotation_deg - start.rotation_deg)
    return pivot_um[0] - x, pivot_um[1] - y


def _polished(trial: Trial, pose: Pose, fixed: _Fixed) -> Pose:
    """The top near a pose, with parts of degrees and pixels, turning about the pivot.

    About the mark's centre a turn moves an area, so that the highest place is on a slanting ridge
    that steps of turn and of shift alone do not follow.
    """
    steps = np.array([_FIRST_STEP_DEG, fixed.middle.pixel_um / 2, fixed.middle.pixel_um / 2])
    best = trial.at(pose.rotation_deg, pose.dx_um, pose.dy_um)
    for _ in range(_ROUNDS):
        before = best.strength
        for axis in range(len(steps)):
            best = _up(trial, best, steps * (np.arange(len(steps)) == axis), fixed.pivot_um)
        if best.strength - before < _SMALL_GAIN:
            steps = steps / 2
    return best


def _up(trial: Trial, pose: Pose, step: NDArray[np.float64], pivot_um: Point) -> Pose:
    """The highest of a pose, its neighbours a step away and the parabola's vertex."""

    def moved(by: float) -> Pose:
        turn, dx, dy = (float(value) for value in by * step)
        kept = _about(pose, pose.rotation_deg + turn, pivot_um)
        return trial.at(pose.rotation_deg + turn, kept[0] + dx, kept[1] + dy)

    before, after = moved(-1.0), moved(1.0)
    bend = before.strength - 2 * pose.strength + after.strength
    tried = [pose, before, after]
    if bend < 0:
        tried.append(moved(float(np.clip(0.5 * (before.strength - after.strength) / bend, -1, 1))))
    return max(tried, key=lambda one: one.strength)


def _places(
    left: Level, right: Level, start: Pose, pivot_um: Point, settings: Settings
) -> list[Pose]:
    """The shift that correlates best at each rotation; every whole pixel within reach is tried."""
    pixel = left.pixel_um
    reach = round(reach_um(settings) / pixel)
    side = left.values.shape[0]
    canvas = side + 2 * reach
    length = fft.next_fast_len(canvas, real=True)
    shape = (length, length)
    moving = spectra(left.values * left.mask, left.mask, shape)
    weight = right.mask.astype(np.float32)
    values = right.values * weight
    area = min(int(np.count_nonzero(left.mask)), int(np.count_nonzero(right.mask)))
    wanted = slice(0, 2 * reach + 1)
    poses = []
    for turn in _turns(start.rotation_deg, settings.turn_step_deg):
        kept = _about(start, turn, pivot_um)
        shift = (kept[0] / pixel, kept[1] / pixel)
        matrix = turning(turn, values.shape, (canvas, canvas), shift)
        fixed = spectra(*warped(values, weight, matrix, (canvas, canvas)), shape)
        ccf = masked_ncc(fixed, moving, shape, settings.overlap * area, (wanted, wanted))
        row, column = np.unravel_index(int(np.argmax(ccf)), ccf.shape)
        dx, dy = kept[0] - (int(column) - reach) * pixel, kept[1] - (int(row) - reach) * pixel
        poses.append(Pose(turn, dx, dy, float(ccf[row, column]), 1.0))
    return poses


def _turns(about_deg: float, step_deg: float) -> list[float]:
    number = int(REACH_DEG // step_deg)
    return [about_deg + step * step_deg for step in range(-number, number + 1)]
