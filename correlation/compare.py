"""One call from two prepared marks to a score, its alignment and the cells that explain it."""

from __future__ import annotations

from concurrent.futures import Executor
from dataclasses import dataclass, replace
from time import perf_counter

from correlation.agreement import inverse, score, share, smaller_um2, told
from correlation.cells import Found, congruent_cells
from correlation.errors import CorrelationError
from correlation.method import METHOD, VERSION, Settings, settings_for
from correlation.motion import Point, turned_point, wrapped
from correlation.prepare import Level, Prepared
from correlation.register import register, spread
from correlation.result import CellScore, PairScore
from correlation.shear import compare_profiles
from correlation.sweep import Pose, each

__all__ = ["CellScore", "PairScore", "Point", "compare"]

_NEAR = 0.8


def compare(left: Prepared, right: Prepared, executor: Executor | None = None) -> PairScore:
    """Compare two marks over the full circle; exchanging them gives the same score.

    One pair is computed on the calling thread; with an ``executor`` of threads its parts are
    spread over them (not from within one of its own tasks). The result is the same.

    Striated marks are compared by their profiles. Raises CorrelationError when one is an image
    and the other a scan, or when they are marks of different kinds.
    """
    started = perf_counter()
    _need_alike(left, right)
    if left.mark == "aperture shear":
        return compare_profiles(left, right)
    swapped = right.digest() < left.digest()
    first, second = (right, left) if swapped else (left, right)
    settings = settings_for(left.kind, left.mark)
    result = _ordered(first, second, settings, executor)
    if swapped:
        result = _exchanged(result)
    return replace(result, seconds=round(perf_counter() - started, 4))


def _need_alike(left: Prepared, right: Prepared) -> None:
    if left.kind != right.kind:
        raise CorrelationError(
            "An image and a scan cannot be compared with each other; choose two of one kind."
        )
    if left.mark != right.mark:
        raise CorrelationError(
            f"A {left.mark} mark and a {right.mark} mark cannot be compared with each other; "
            "choose two of one kind."
        )


def _ordered(
    left: Prepared, right: Prepared, settings: Settings, executor: Executor | None
) -> PairScore:
    poses = _worth_cells(register(left, right, settings, executor))
    tried = _tried(left, right, poses, settings, executor)
    best = max(tried, key=lambda cells: (cells.score, cells.pose.strength))
    rotation, shift = _on_pictures(best.pose, left, right)
    turn_sd, shift_sd = spread(left.middle, right.middle, best.pose, settings) or (None, None)
    return PairScore(
        method=METHOD,
        version=VERSION,
        score=round(best.score, 6),
        ccf=round(best.pose.ccf, 6),
        cells=best.total,
        congruent_cells=best.congruent,
        rotation_deg=round(rotation, 4),
        shift_um=(round(shift[0], 3), round(shift[1], 3)),
        overlap=round(float(best.pose.overlap), 4),
        seconds=0.0,
        parameters=settings.as_dict(),
        cell_list=best.listed(left, right, settings),
        overlap_um2=round(float(best.pose.overlap) * smaller_um2(left, right), 1),
        rotation_sd_deg=turn_sd,
        shift_sd_um=shift_sd,
    )


def _worth_cells(poses: tuple[Pose, ...]) -> tuple[Pose, ...]:
    """The best pose, and the runner-up when it comes close."""
    return tuple(p for p in poses[:2] if p.strength >= _NEAR * poses[0].strength) or poses[:1]


def _tried(
    left: Prepared,
    right: Prepared,
    poses: tuple[Pose, ...],
    settings: Settings,
    executor: Executor | None,
) -> list[_Cells]:
    def one(way: tuple[Level, Level, Pose]) -> tuple[Found, ...]:
        return congruent_cells(*way, settings)

    ways = [(left.fine, right.fine, pose) for pose in poses]
    returns = [(right.fine, left.fine, inverse(pose)) for pose in poses]
    if executor is not None:
        found = each(executor, one, ways + returns)
        pairs = zip(poses, found[: len(poses)], found[len(poses) :], strict=True)
        return [_Cells(*three) for three in pairs]
    tried = []
    for pose, way, back in zip(poses, ways, returns, strict=True):
        forth = one(way)
        # the lesser direction counts: where nothing agrees there is no need to look back
        tried.append(_Cells(pose, forth, one(back) if share(forth) > 0 else ()))
    return tried


@dataclass(frozen=True, slots=True)
class _Cells:
    pose: Pose
    forth: tuple[Found, ...]
    back: tuple[Found, ...]

    @property
    def _lesser(self) -> tuple[Found, ...]:
        return min(self.forth, self.back, key=share) if self.back else self.forth

    @property
    def congruent(self) -> int:
        return sum(cell.congruent for cell in self._lesser)

    @property
    def total(self) -> int:
        return len(self._lesser)

    @property
    def score(self) -> float:
        return score(self.pose, self._lesser)

    def listed(self, left: Prepared, right: Prepared, settings: Settings) -> tuple[CellScore, ...]:
        """The counted direction's cells, told on both pictures."""
        told_left = self._lesser is self.forth
        here, there = (left, right) if told_left else (right, left)
        return tuple(told(cell, here, there, settings, told_left) for cell in self._lesser)


def _on_pictures(pose: Pose, left: Prepared, right: Prepared) -> tuple[float, Point]:
    """The pose between the marks' centres as one between the pictures' array centres."""
    centre = turned_point(right.centre_um, pose.rotation_deg)
    shift = (
        pose.dx_um + left.centre_um[0] - centre[0],
        pose.dy_um + left.centre_um[1] - centre[1],
    )
    return pose.rotation_deg, shift


def _exchanged(result: PairScore) -> PairScore:
    """The same result told with left and right exchanged."""
    back = turned_point(result.shift_um, -result.rotation_deg)
    cells = tuple(
        replace(
            cell,
            left_um=cell.right_um,
            right_um=cell.left_um,
            rotation_deg=round(wrapped(-cell.rotation_deg), 3),
        )
        for cell in result.cell_list
    )
    return replace(
        result,
        rotation_deg=round(wrapped(-result.rotation_deg), 4),
        shift_um=(round(-back[0], 3), round(-back[1], 3)),
        cell_list=cells,
    )
