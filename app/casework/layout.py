"""Where the nodes of a chart stand: the same places for the same chart, components apart.

Each component begins as a tree around its most linked node and is brought to where distances on
the sheet are those along the chart, as Kamada and Kawai (1989) wanted them, by majorizing the
stress (Gansner, Koren and North 2004); then what overlaps is pushed apart and the components are
set in rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import pi, sqrt

import numpy as np
from numpy.typing import NDArray

from app.casework.graph import Chart

NODE_W, NODE_H = 168.0, 44.0
GAP = 26.0
_ROUNDS = 60
_STILL = 2e-3
_PUSHES = 60
_ROW_TARGET = 2.4

Place = tuple[float, float]
Spots = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Laid:
    """The middle of each node by its id, x right, y down, and the size of it all."""

    places: Mapping[str, Place]
    width: float
    height: float


def laid(chart: Chart) -> Laid:
    """Places for the nodes of a chart, all positive."""
    groups: dict[int, list[str]] = {}
    at: dict[str, tuple[int, int]] = {}
    for node in chart.nodes:
        ids = groups.setdefault(node.component, [])
        at[node.id] = (node.component, len(ids))
        ids.append(node.id)
    ends: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for edge in chart.edges:
        (component, a), (_, b) = at[edge.a], at[edge.b]
        ends[component].add((min(a, b), max(a, b)))
    blocks = [(ids, _block(len(ids), tuple(sorted(ends[c])))) for c, ids in groups.items()]
    return _in_rows(blocks)


@lru_cache(maxsize=256)
def _block(count: int, ends: tuple[tuple[int, int], ...]) -> Spots:
    """Middles of the nodes of one component, float64 (n, 2), from its own top left corner.

    It is known by how many nodes there are and which of them are tied, so that what looks alike
    is worked out once.
    """
    tied: list[list[int]] = [[] for _ in range(count)]
    for a, b in ends:
        tied[a].append(b)
        tied[b].append(a)
    spots = _relaxed(_tree(tied), _steps(tied))
    spots = _apart(_lying(spots) * _stretch(spots))
    spots -= spots.min(axis=0) - (NODE_W / 2, NODE_H / 2)
    return np.asarray(np.round(spots, 1), float)


def _steps(tied: Sequence[Sequence[int]]) -> Spots:
    """How many ties lie between each two nodes, float64 (n, n); what is not tied at all is one
    further than anything that is."""
    near = np.zeros((len(tied), len(tied)))
    for one, others in enumerate(tied):
        near[one, list(others)] = 1.0
    found = np.where(near + np.eye(len(tied)) > 0, near, np.inf)
    reached, steps = near + np.eye(len(tied)) > 0, 1.0
    while True:
        further = (reached @ near > 0) & ~reached
        if not further.any():
            found[~reached] = steps + 1
            return found
        steps += 1
        found[further] = steps
        reached |= further


def _tree(tied: Sequence[Sequence[int]]) -> Spots:
    """Where the nodes begin: the most tied in the middle, the others in rings by their steps from
    it, each with a share of its ring as large as what hangs on it."""
    order, above = _breadth_first(tied)
    below: defaultdict[int, list[int]] = defaultdict(list)
    for one in order[1:]:
        below[above[one]].append(one)
    weight = [1.0] * len(tied)
    for one in reversed(order[1:]):
        weight[above[one]] += weight[one]
    spots = np.zeros((len(tied), 2))
    slices = {order[0]: (0.0, 2 * pi, 0)}
    for one in order:
        begins, wide, ring = slices[one]
        middle = begins + wide / 2
        spots[one] = (ring * np.cos(middle), ring * np.sin(middle))
        whole = sum(weight[each] for each in below[one])
        for other in below[one]:
            share = wide * weight[other] / whole
            slices[other] = (begins, share, ring + 1)
            begins += share
    return spots


def _breadth_first(tied: Sequence[Sequence[int]]) -> tuple[list[int], list[int]]:
    """The nodes from the most tied on, and by which each is reached, -1 none; what is not tied
    to it follows as if it were."""
    start = max(range(len(tied)), key=lambda one: (len(tied[one]), -one))
    above = [-2] * len(tied)
    above[start] = -1
    order = [start]
    for one in order:
        for other in tied[one]:
            if above[other] == -2:
                above[other] = one
                order.append(other)
    apart = [one for one, by in enumerate(above) if by == -2]
    return order + apart, [start if by == -2 else by for by in above]


def _relaxed(spots: Spots, steps: Spots) -> Spots:
    """Moved until no node is moved any more: each to where its distances, weighed by how near
    the other is meant to be, are met best."""
    if len(spots) < 3:
        return spots
    weights = 1 / np.square(steps + np.eye(len(steps))) * (1 - np.eye(len(steps)))
    laplacian = np.diag(weights.sum(axis=1)) - weights
    back = np.linalg.inv(laplacian + 1 / len(spots))  # moves of all together cost nothing
    wanted = -weights * steps
    for _ in range(_ROUNDS):
        x, y = spots.T
        far = np.hypot(np.subtract.outer(x, x), np.subtract.outer(y, y))
        pull = wanted / np.maximum(far, 1e-9)
        np.fill_diagonal(pull, 0.0)
        np.fill_diagonal(pull, -pull.sum(axis=1))
        moved = back @ (pull @ spots)
        shift = float(np.abs(moved - spots).max())
        spots = moved
        if shift < _STILL:
            break
    return spots


def _lying(spots: Spots) -> Spots:
    """Turned so that the long way is across, as sheets and screens are; the first node left; from
    -1 to 1."""
    middle: Spots = spots - spots.mean(axis=0)
    if len(spots) < 2:
        return middle
    middle /= np.abs(middle).max()
    _, ways = np.linalg.eigh(middle.T @ middle)
    turned = middle @ ways[:, ::-1]
    return np.asarray(turned * np.where(turned[0] > 0, -1.0, 1.0), float)


def _stretch(spots: Spots) -> Spots:
    """How far a unit of the layout is, so that neighbours have room; wider than high."""
    room = sqrt(len(spots)) * NODE_W
    return np.array([0.95, 0.62]) * room


def _apart(spots: Spots) -> Spots:
    """Push boxes that overlap apart, along the way that is shorter."""
    box = np.array([NODE_W + GAP, NODE_H + GAP])
    for _ in range(_PUSHES):
        away = spots[:, None, :] - spots[None, :, :]
        over = box - np.abs(away)
        hit = (over > 0.5).all(axis=2) & ~np.eye(len(spots), dtype=bool)
        if not hit.any():
            break
        across = over[..., 0] / box[0] < over[..., 1] / box[1]
        tie = np.sign(np.arange(len(spots))[:, None] - np.arange(len(spots))[None, :])
        for axis, wanted in ((0, across), (1, ~across)):
            side = np.where(away[..., axis] == 0, tie, np.sign(away[..., axis]))
            push = np.where(hit & wanted, over[..., axis] * side, 0.0).sum(axis=1)
            spots[:, axis] += np.clip(push * 0.35, -box[axis], box[axis])
    return spots


def _in_rows(blocks: Sequence[tuple[Sequence[str], Spots]]) -> Laid:
    """Blocks side by side in rows, one under the other where a row has room for that."""
    edge = np.array([NODE_W / 2, NODE_H / 2])
    sizes = [spots.max(axis=0) + edge for _, spots in blocks]
    area = sum(float(w + GAP) * float(h + GAP) for w, h in sizes)
    room = max([sqrt(area * _ROW_TARGET), *(float(w) for w, _ in sizes)], default=0.0)
    corners = _corners([(float(w), float(h)) for w, h in sizes], room)
    places: dict[str, Place] = {}
    for (ids, spots), (x, y) in zip(blocks, corners, strict=True):
        for node_id, (left, top) in zip(ids, spots, strict=True):
            places[node_id] = (float(left) + x, float(top) + y)
    ends = [(x + w, y + h) for (x, y), (w, h) in zip(corners, sizes, strict=True)]
    width, height = (max((end[axis] for end in ends), default=0.0) for axis in (0, 1))
    return Laid(places, float(width), float(height))


def _corners(sizes: Sequence[Place], room: float) -> list[Place]:
    """The top left corner of each box: under an earlier one where its row has room, else beside
    the last, else in a new row. What stands under a box is no wider than it.
    """
    found: list[Place] = []
    columns: list[list[float]] = []  # left, top, width, height used, number of its row
    rows: list[list[float]] = []  # top, height
    for w, h in sizes:
        under = next(
            (c for c in columns if w <= c[2] and c[3] + 2 * GAP + h <= rows[int(c[4])][1]), None
        )
        if under is not None:
            found.append((under[0], under[1] + under[3] + 2 * GAP))
            under[3] += 2 * GAP + h
            continue
        left = columns[-1][0] + columns[-1][2] + 2 * GAP if columns else 0.0
        if not rows or left + w > room:
            left = 0.0
            rows.append([rows[-1][0] + rows[-1][1] + 2 * GAP if rows else 0.0, 0.0])
        row = rows[-1]
        row[1] = max(row[1], h)
        columns.append([left, row[0], w, h, len(rows) - 1])
        found.append((left, row[0]))
    return found
