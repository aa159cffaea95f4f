"""A square lattice through points of a picture: which point is which, and pixel sizes by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from app.capture.scale.measured import Doubles, NotSure

if TYPE_CHECKING:
    from scipy.spatial import cKDTree

_LEAST = 12
_NEAR = 0.25
"""A neighbour is accepted within this share of a step from where it is expected."""


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """Points of a picture (n x 2, pixels) with their whole numbers on the lattice (n x 2)."""

    points: Doubles
    numbers: Doubles


@dataclass(frozen=True, slots=True, eq=False)
class LatticeFit:
    """Pixel sizes in the middle of the picture, and what the lens does.

    A place at r from the middle is seen at r (1 + ``bend`` (r / corner)^2). ``residual_um`` is the
    root mean square distance of the points from their places, ``relative_sd`` the standard
    uncertainty of the sizes from it, ``reach`` how near to a corner the outermost point lies.
    """

    across_um: float
    down_um: float
    angle_deg: float
    bend: float
    bend_sd: float
    residual_um: float
    relative_sd: float
    reach: float
    used: int


def lattice_of(points: Doubles) -> Lattice:
    """Number points (n x 2, pixels) from neighbour to neighbour, beginning in their middle.

    Works for any rotation, for partial grids and with points missing or too many. Raises NotSure
    when fewer than a dozen hang together.
    """
    if len(points) < _LEAST:
        raise NotSure(_few(len(points)))
    from scipy.spatial import cKDTree  # loads slowly: not at every start

    tree = cKDTree(points)
    away, nearest = (np.asarray(found) for found in tree.query(points, k=5))
    step = float(np.median(away[:, 1:3]))
    legs = (points[nearest[:, 1:]] - points[:, None, :]).reshape(-1, 2)
    legs = legs[np.abs(np.hypot(*legs.T) / step - 1) < 0.25]
    if len(legs) < _LEAST:
        raise NotSure(_few(len(legs)))
    angle = np.angle(np.mean(np.exp(4j * np.arctan2(legs[:, 1], legs[:, 0])))) / 4
    along = step * np.array([np.cos(angle), np.sin(angle)])
    best: dict[int, tuple[int, int]] = {}
    middle = points.mean(axis=0)
    for seed in np.argsort(np.hypot(*(points - middle).T))[:12]:
        numbered = _grown(points, tree, int(seed), along, step)
        best = max(best, numbered, key=len)
        if len(best) > 0.8 * len(points):
            break
    if len(best) < _LEAST:
        raise NotSure(_few(len(best)))
    order = sorted(best)
    return Lattice(points[order], np.array([best[i] for i in order], np.float64))


def _few(count: int) -> str:
    return (
        f"Only {count} points of an even grid were found, too few to be sure; focus, light it "
        "evenly, and let the grid fill the picture."
    )


def _grown(
    points: Doubles, tree: cKDTree, seed: int, along: Doubles, step: float
) -> dict[int, tuple[int, int]]:
    """Numbers by point, spreading from ``seed``; steps are those last taken, so they may bend."""
    across = np.array([-along[1], along[0]])
    numbers: dict[int, tuple[int, int]] = {seed: (0, 0)}
    taken = {(0, 0)}
    front = [(seed, (along, across))]
    while front:
        here, legs = front.pop(0)
        for axis, sign in ((0, 1), (0, -1), (1, 1), (1, -1)):
            place = list(numbers[here])
            place[axis] += sign
            there = (place[0], place[1])
            away, found = tree.query(points[here] + sign * legs[axis])
            if away > _NEAR * step or found in numbers or there in taken:
                continue
            leg = sign * (points[found] - points[here])
            bent = tuple(leg if a == axis else other for a, other in enumerate(legs))
            numbers[int(found)] = there
            taken.add(there)
            front.append((int(found), (bent[0], bent[1])))
    return numbers


def fit(lattice: Lattice, step_um: float, size: tuple[int, int]) -> LatticeFit:
    """Pixel sizes, rotation and radial distortion by least squares, strays left out.

    Raises NotSure when the points do not lie on a lattice of squares.
    """
    centre = (np.array(size, np.float64) - 1) / 2
    corner = float(np.hypot(*size)) / 2
    places = (lattice.points - centre) / corner
    numbers = lattice.numbers
    start = _start(places, numbers)
    good, slopes = np.ones(len(places), bool), np.empty((0, 0))
    off = np.zeros(len(places))
    for _ in range(3):
        start, slopes = _solved(start, places[good], numbers[good])
        off = np.hypot(*_off(start, places, numbers).T)
        good = off < max(4 * float(np.median(off[good])), 1e-6)
    used = int(good.sum())
    residual = float(np.sqrt(np.mean(off[good] ** 2)))
    if used < max(_LEAST, 0.7 * len(places)) or residual > 0.03:
        raise NotSure(
            "The points found do not lie on an even grid of squares; focus, wipe dirt off, and "
            "check that the standard lies flat."
        )
    return _told(start, slopes, residual, used, step_um, corner, places[good])


def _solved(start: Doubles, places: Doubles, numbers: Doubles) -> tuple[Doubles, Doubles]:
    """Parameters and derivatives there."""

    def off(p: Doubles) -> Doubles:
        return _off(p, places, numbers).ravel()

    from scipy.optimize import least_squares  # loads slowly: not at every start

    found = least_squares(off, start, method="lm")
    return np.asarray(found.x), np.asarray(found.jac)


def _start(places: Doubles, numbers: Doubles) -> Doubles:
    """Scale, rotation and offset of the best similarity, without distortion."""
    design = np.column_stack([places, np.ones(len(places))])
    solved, *_ = np.linalg.lstsq(design, numbers, rcond=None)
    linear = solved[:2].T
    if np.linalg.det(linear) < 0:  # numbered the other way round
        numbers[:, 1] *= -1
        return _start(places, numbers)
    angle = np.arctan2(linear[1, 0] - linear[0, 1], linear[0, 0] + linear[1, 1])
    return np.array([*np.hypot(linear[0], linear[1]), angle, *solved[2], 0.0])


def _off(p: Doubles, places: Doubles, numbers: Doubles) -> Doubles:
    """How far points lie from their places, in steps of the lattice (n x 2)."""
    sx, sy, angle, tx, ty, bend = p
    true = places.copy()
    for _ in range(4):
        true = places / (1 + bend * np.sum(true**2, axis=1))[:, None]
    x, y = sx * true[:, 0], sy * true[:, 1]
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack(
        [cos * x - sin * y + tx - numbers[:, 0], sin * x + cos * y + ty - numbers[:, 1]]
    )


def _told(
    p: Doubles,
    slopes: Doubles,
    residual: float,
    used: int,
    step_um: float,
    corner: float,
    places: Doubles,
) -> LatticeFit:
    variance = residual**2 / 2 * (2 * used / max(2 * used - len(p), 1))
    sds = np.sqrt(np.diag(np.linalg.pinv(slopes.T @ slopes)) * variance)
    return LatticeFit(
        across_um=abs(float(p[0])) * step_um / corner,
        down_um=abs(float(p[1])) * step_um / corner,
        angle_deg=float((np.degrees(p[2]) + 45) % 90 - 45),
        bend=float(p[5]),
        bend_sd=float(sds[5]),
        residual_um=residual * step_um,
        relative_sd=float(max(sds[0] / abs(p[0]), sds[1] / abs(p[1]))),
        reach=float(np.hypot(*places.T).max()),
        used=used,
    )
