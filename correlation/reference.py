"""The reference implementation: exhaustive, slow, and plain enough to be read as the definition.

Nothing here is clever and nothing here serves an examiner. The tests hold the fast comparison
against it: same peak, same cells. It shares the values of ``correlation.prepare`` and the
settings of ``correlation.method`` with the fast comparison, but none of its code: it has its own
interpolation, its own sums in double precision, and looks everywhere instead of coarse to fine.

Definitions. The correlation of two arrays at one shift is Pearson's over the pixels valid in
both (pairwise complete). Areal correlation: the largest over all rotations and all shifts at
25 um (Weller et al. 2012). Cells: each cell of one mark with every place of the other within
reach (Song 2013); the translation that most cells agree on decides which are congruent, after
Chen et al. 2017.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from correlation.cells import Found
from correlation.errors import CorrelationError
from correlation.method import METHOD, VERSION, Settings, settings_for
from correlation.motion import Point
from correlation.prepare import Level, Prepared
from correlation.result import CellScore, PairScore
from correlation.surface import Bools
from correlation.sweep import Pose

Doubles = NDArray[np.float64]

FULL_CIRCLE = tuple(float(angle) for angle in range(-180, 180))
_PEAKS = 4
_APART_DEG = 5.0
_FINEST_DEG = 0.5
_FINEST_PX = 0.25
_NO_RELIEF = 1e-3


def sampled(level: Level, x_um: Doubles, y_um: Doubles) -> tuple[Doubles, Bools]:
    """The mark's values at points (micrometres from its centre, any shape), bilinear.

    Missing pixels have no weight; a point is valid where the weight of its four neighbours'
    valid ones reaches a half. Values are 0 where invalid.
    """
    rows, columns = level.values.shape
    x = x_um / level.pixel_um + (columns - 1) / 2
    y = y_um / level.pixel_um + (rows - 1) / 2
    left, top = np.floor(x).astype(int), np.floor(y).astype(int)
    total, weight = np.zeros(x.shape), np.zeros(x.shape)
    for row, column in ((top, left), (top, left + 1), (top + 1, left), (top + 1, left + 1)):
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        at = (np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1))
        share = (1 - np.abs(y - row)) * (1 - np.abs(x - column)) * (inside & level.mask[at])
        total += share * level.values[at]
        weight += share
    valid = np.asarray(weight >= 0.5, np.bool_)
    return np.where(valid, total / np.maximum(weight, 1e-12), 0.0), valid


def turned_points(x_um: Doubles, y_um: Doubles, rotation_deg: float) -> tuple[Doubles, Doubles]:
    """Points turned counter-clockwise as seen (x right, y down) about the origin."""
    cos, sin = np.cos(np.deg2rad(rotation_deg)), np.sin(np.deg2rad(rotation_deg))
    return cos * x_um + sin * y_um, -sin * x_um + cos * y_um


def turned_point(point: Point, rotation_deg: float) -> Point:
    """One point turned as ``turned_points`` does."""
    x, y = turned_points(np.array([point[0]]), np.array([point[1]]), rotation_deg)
    return float(x[0]), float(y[0])


def laid_over(right: Level, x_um: Doubles, y_um: Doubles, pose: Pose) -> tuple[Doubles, Bools]:
    """The right mark, turned and then moved by ``pose``, seen at points of the left one."""
    back = turned_points(x_um - pose.dx_um, y_um - pose.dy_um, -pose.rotation_deg)
    return sampled(right, *back)


def grid_um(side: int, pixel_um: float) -> tuple[Doubles, Doubles]:
    """Centres (x, y) of the pixels of a square array, from its centre."""
    steps = (np.arange(side) - (side - 1) / 2) * pixel_um
    x, y = np.meshgrid(steps, steps)
    return x, y


def pearson_at(left: Level, right: Level, pose: Pose) -> Pose:
    """``pose`` with its correlation (-1: none) and overlap: the definition at one place."""
    x, y = grid_um(left.values.shape[0], left.pixel_um)
    values, valid = laid_over(right, x[left.mask], y[left.mask], pose)
    first, second = left.values[left.mask][valid].astype(np.float64), values[valid]
    smaller = min(np.count_nonzero(left.mask), np.count_nonzero(right.mask))
    overlap = len(first) / max(int(smaller), 1)
    flat = len(first) < 2 or min(first.var(), second.var()) <= _NO_RELIEF
    ccf = -1.0 if flat else float(np.corrcoef(first, second)[0, 1])
    return replace(pose, ccf=ccf, overlap=overlap)


def every_place(
    larger: Doubles, larger_mask: Bools, part: Doubles, part_mask: Bools
) -> tuple[Doubles, Doubles]:
    """Pearson's correlation of ``part`` with every place of ``larger`` that holds it whole.

    Element (row, column) has the part's first pixel there. Returned with the number of pixels
    valid in both; -1 where there is none or no relief.
    """
    a, b = np.where(larger_mask, larger, 0.0), np.where(part_mask, part, 0.0)
    m, n = larger_mask.astype(np.float64), part_mask.astype(np.float64)

    def total(one: Doubles, other: Doubles) -> Doubles:
        return np.asarray(correlate(one, other, "valid", "fft"), np.float64)

    count = np.rint(total(m, n))
    safe = np.maximum(count, 1)
    mean_a, mean_b = total(a, n) / safe, total(m, b) / safe
    variance_a = total(a * a, n) / safe - mean_a**2
    variance_b = total(m, b * b) / safe - mean_b**2
    covariance = total(a, b) / safe - mean_a * mean_b
    good = (count >= 2) & (variance_a > _NO_RELIEF) & (variance_b > _NO_RELIEF)
    power = np.sqrt(np.where(good, variance_a * variance_b, 1.0))
    return np.where(good, covariance / power, -1.0), count


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A square of a mark (or all of it): its centre on the mark, its pixels, and which exist."""

    x_um: float
    y_um: float
    values: Doubles
    mask: Bools

    def places(
        self, other: Level, pose: Pose, reach_px: int, least: float
    ) -> tuple[Doubles, Doubles]:
        """Correlations and overlaps of this part with ``other`` at and around ``pose``.

        The results have 2 x reach + 1 rows and columns. At the middle the other mark lies as
        ``pose`` says; a column further to the left it is moved a pixel further to the right, a
        row further up a pixel further down. An overlap below ``least`` pixels gives -1.
        """
        x, y = grid_um(self.values.shape[0] + 2 * reach_px, other.pixel_um)
        values, mask = laid_over(other, x + self.x_um, y + self.y_um, pose)
        ccf, count = every_place(values, mask, self.values, self.mask)
        return np.where(count >= least, ccf, -1.0), count

    def best_place(self, other: Level, pose: Pose, reach_px: int, least: float) -> Found:
        """The highest of ``places``; ``congruent`` says here that it is not on their border."""
        ccf, _ = self.places(other, pose, reach_px, least)
        row, column = (int(i) for i in np.unravel_index(int(ccf.argmax()), ccf.shape))
        dx, dy = (reach_px - column) * other.pixel_um, (reach_px - row) * other.pixel_um
        inside = 0 < row < 2 * reach_px and 0 < column < 2 * reach_px
        moved = (pose.dx_um + dx, pose.dy_um + dy)
        return Found(self.x_um, self.y_um, pose.rotation_deg, moved, float(ccf.max()), inside)


def register(
    left: Prepared,
    right: Prepared,
    settings: Settings,
    rotations_deg: Iterable[float] = FULL_CIRCLE,
) -> Pose:
    """The best pose of all: every rotation given, every shift at 25 um within reach.

    The highest peaks are then looked at in steps of half a degree and a quarter of a pixel,
    every one of them, for the highest may change. ``rotations_deg`` may be fewer for a quicker
    check; their step should not pass 3 degrees.
    """
    poses = [_best_shift(left.middle, right.middle, turn, settings) for turn in rotations_deg]
    peaks: list[Pose] = []
    for pose in sorted(poses, key=lambda p: -p.strength):
        if all(_apart(pose.rotation_deg, peak.rotation_deg) >= _APART_DEG for peak in peaks):
            peaks.append(pose)
    finest = (_around(left.middle, right.middle, peak, settings) for peak in peaks[:_PEAKS])
    return max(finest, key=lambda pose: pose.strength)


def _apart(first_deg: float, second_deg: float) -> float:
    return abs((first_deg - second_deg + 180) % 360 - 180)


def _best_shift(left: Level, right: Level, rotation_deg: float, settings: Settings) -> Pose:
    whole = Part(0.0, 0.0, left.values.astype(np.float64), left.mask)
    reach = int(np.ceil(settings.shift_um / left.pixel_um))
    area = int(min(np.count_nonzero(left.mask), np.count_nonzero(right.mask)))
    start = Pose(rotation_deg, 0.0, 0.0, -1.0, 0.0)
    ccf, count = whole.places(right, start, reach, settings.overlap * area)
    strength = ccf * np.sqrt(count)
    row, column = (int(i) for i in np.unravel_index(int(strength.argmax()), ccf.shape))
    dx, dy = (reach - column) * right.pixel_um, (reach - row) * right.pixel_um
    return Pose(rotation_deg, dx, dy, float(ccf[row, column]), float(count[row, column]) / area)


def _around(left: Level, right: Level, near: Pose, settings: Settings) -> Pose:
    """The best of all poses within 1.5 degrees and a pixel of ``near``, by the definition."""
    turns = near.rotation_deg + np.arange(-1.5, 1.5 + _FINEST_DEG / 2, _FINEST_DEG)
    parts = np.arange(-1, 1 + _FINEST_PX / 2, _FINEST_PX) * left.pixel_um
    tried = (
        pearson_at(left, right, Pose(float(turn), near.dx_um + dx, near.dy_um + dy, 0.0, 0.0))
        for turn in turns
        for dx in parts
        for dy in parts
    )
    enough = (pose for pose in tried if pose.overlap >= settings.overlap)
    best = max(enough, key=lambda pose: pose.strength, default=near)
    return replace(best, rotation_deg=(best.rotation_deg + 180) % 360 - 180)


def cells_of(level: Level, settings: Settings) -> Iterator[Part]:
    """Squares side by side over the whole mark, those with enough valid pixels, their mean 0."""
    side, size = 2 * round(settings.cell_um / level.pixel_um / 2), level.values.shape[0]
    number = int(np.ceil(size / side))
    start = (size - number * side) // 2
    middle = (side - size) / 2
    for top in range(start, start + number * side, side):
        for left in range(start, start + number * side, side):
            values, mask = _cut(level, top, left, side)
            if np.count_nonzero(mask) >= settings.cell_occupancy * side * side:
                x, y = (left + middle) * level.pixel_um, (top + middle) * level.pixel_um
                yield Part(x, y, np.where(mask, values - values[mask].mean(), 0.0), mask)


def _cut(level: Level, top: int, left: int, side: int) -> tuple[Doubles, Bools]:
    values, mask = np.zeros((side, side)), np.zeros((side, side), np.bool_)
    size = level.values.shape[0]
    for row in range(max(top, 0), min(top + side, size)):
        for column in range(max(left, 0), min(left + side, size)):
            values[row - top, column - left] = level.values[row, column]
            mask[row - top, column - left] = level.mask[row, column]
    return values, mask


def congruent_cells(
    reference: Level, other: Level, pose: Pose, settings: Settings
) -> tuple[Found, ...]:
    """Every eligible cell of ``reference`` at its best place on ``other``, and which agree."""
    cells = list(cells_of(reference, settings))
    turns = [pose.rotation_deg + turn for turn in settings.cell_turns_deg]
    table = [
        [cell_place(cell, other, replace(pose, rotation_deg=turn), settings) for cell in cells]
        for turn in turns
    ]
    agreeing = [_agreeing(row, settings) for row in table]
    support = [sum(row[k].ccf for k in some) for row, some in zip(table, agreeing, strict=True)]
    centre = turns[int(np.argmax(support))]
    near = [i for i, turn in enumerate(turns) if abs(turn - centre) <= settings.cell_turn_deg]
    found = []
    for k in range(len(cells)):
        places = [table[i][k] for i in near if k in agreeing[i]]
        best = max(places or [row[k] for row in table], key=lambda place: place.ccf)
        found.append(replace(best, congruent=bool(places)))
    return tuple(found)


def cell_place(cell: Part, other: Level, pose: Pose, settings: Settings) -> Found:
    """The best place of a cell within reach of ``pose``, at least half of it overlapped."""
    reach = round(settings.cell_reach_um / other.pixel_um)
    return cell.best_place(other, pose, reach, 0.5 * float(np.count_nonzero(cell.mask)))


def _agreeing(places: list[Found], settings: Settings) -> set[int]:
    """The cells near the median of the largest group of good cells; one alone is none."""
    good = [k for k, p in enumerate(places) if p.congruent and p.ccf >= settings.cell_ccf]

    def near(k: int, point: Point) -> bool:
        dx, dy = places[k].moved_um[0] - point[0], places[k].moved_um[1] - point[1]
        return float(np.hypot(dx, dy)) <= settings.cell_shift_um

    groups = [[k for k in good if near(k, places[seed].moved_um)] for seed in good]
    if not groups:
        return set()
    largest = max(groups, key=len)
    median = np.median([places[k].moved_um for k in largest], axis=0)
    agrees = {k for k in good if near(k, (float(median[0]), float(median[1])))}
    return agrees if len(agrees) > 1 else set()


def compare(
    left: Prepared, right: Prepared, rotations_deg: Iterable[float] = FULL_CIRCLE
) -> PairScore:
    """The exhaustive comparison, told as ``correlation.compare.compare`` tells its own.

    The left mark stays where it is; every rotation given is tried on the right one. Raises
    CorrelationError when one is an image and the other a scan.
    """
    started = perf_counter()
    if (left.kind, left.mark) != (right.kind, right.mark):
        raise CorrelationError(
            "An image and a scan cannot be compared with each other; choose two of one kind."
        )
    settings = settings_for(left.kind, left.mark)
    pose = register(left, right, settings, rotations_deg)
    forth = congruent_cells(left.fine, right.fine, pose, settings)
    back = congruent_cells(right.fine, left.fine, inverse(pose), settings)
    told_left = _share(forth) <= _share(back)
    cells = forth if told_left else back
    on_pictures = turned_point(right.centre_um, pose.rotation_deg)
    return PairScore(
        method=f"{METHOD}, exhaustive reference",
        version=VERSION,
        score=float(pose.overlap) ** 0.25 * (max(pose.ccf, 0.0) + _share(cells)) / 2,
        ccf=pose.ccf,
        cells=len(cells),
        congruent_cells=sum(cell.congruent for cell in cells),
        rotation_deg=pose.rotation_deg,
        shift_um=(
            pose.dx_um + left.centre_um[0] - on_pictures[0],
            pose.dy_um + left.centre_um[1] - on_pictures[1],
        ),
        overlap=pose.overlap,
        seconds=perf_counter() - started,
        parameters=settings.as_dict(),
        cell_list=tuple(_told(cell, left, right, settings, told_left) for cell in cells),
    )


def inverse(pose: Pose) -> Pose:
    """How the left mark lies on the right one when the right lies on the left as ``pose`` says."""
    x, y = turned_point((pose.dx_um, pose.dy_um), -pose.rotation_deg)
    return replace(pose, rotation_deg=-pose.rotation_deg, dx_um=-x, dy_um=-y)


def _share(cells: tuple[Found, ...]) -> float:
    return sum(cell.congruent for cell in cells) / len(cells) if cells else 0.0


def _told(
    cell: Found, left: Prepared, right: Prepared, settings: Settings, on_left: bool
) -> CellScore:
    here, there = (left, right) if on_left else (right, left)
    from_shift = (cell.x_um - cell.moved_um[0], cell.y_um - cell.moved_um[1])
    x, y = turned_point(from_shift, -cell.rotation_deg)
    own = (cell.x_um + here.centre_um[0], cell.y_um + here.centre_um[1])
    other = (x + there.centre_um[0], y + there.centre_um[1])
    return CellScore(
        left_um=own if on_left else other,
        right_um=other if on_left else own,
        side_um=settings.cell_um,
        rotation_deg=cell.rotation_deg if on_left else -cell.rotation_deg,
        ccf=cell.ccf,
        congruent=cell.congruent,
    )
