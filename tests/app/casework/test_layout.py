"""Where a chart's nodes stand: what is tied is near, nothing is tangled that need not be."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations
from random import Random

import numpy as np
import pytest

from app.casework import layout
from app.casework.layout import NODE_H, NODE_W, Place

Ends = tuple[tuple[int, int], ...]


def grown_tree(count: int, seed: int) -> Ends:
    """Each node tied to one before it."""
    random = Random(seed)
    return tuple(sorted((random.randrange(one), one) for one in range(1, count)))


def crosses(a: Place, b: Place, c: Place, d: Place) -> bool:
    """Whether the line from a to b crosses that from c to d."""

    def side(p: Place, q: Place, r: Place) -> bool:
        return bool((q[0] - p[0]) * (r[1] - p[1]) > (q[1] - p[1]) * (r[0] - p[0]))

    return side(a, b, c) != side(a, b, d) and side(c, d, a) != side(c, d, b)


@pytest.mark.parametrize("seed", range(5))
def test_lines_of_a_tree_hardly_cross(seed: int) -> None:
    ends = grown_tree(30, seed)
    spots = layout._block(30, ends)
    apart = [(one, other) for one, other in combinations(ends, 2) if not {*one} & {*other}]
    crossed = [(one, other) for one, other in apart if crosses(*(spots[n] for n in (*one, *other)))]
    assert len(crossed) <= 4
    assert len(apart) > 300


def test_a_chain_stands_in_a_row() -> None:
    spots = layout._block(6, tuple((one, one + 1) for one in range(5)))
    assert list(np.argsort(spots[:, 0])) in ([0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0])
    assert float(np.ptp(spots[:, 1])) < NODE_H


@pytest.mark.parametrize(
    ("count", "ends"),
    [
        (1, ()),
        (2, ((0, 1),)),
        (4, ((0, 1),)),
        (5, tuple(combinations(range(5), 2))),
        (150, grown_tree(150, 3)),
    ],
)
def test_nothing_lies_over_another_however_it_is_tied(count: int, ends: Ends) -> None:
    spots = layout._block(count, ends)
    assert spots.shape == (count, 2) and np.isfinite(spots).all()
    for a, b in combinations(spots, 2):
        assert abs(a[0] - b[0]) > NODE_W * 0.9 or abs(a[1] - b[1]) > NODE_H * 0.9


def test_a_chart_is_laid_with_nothing_that_loads_slowly() -> None:
    """The first chart is not to wait for libraries of graphs and of optimization."""
    asked = (
        "import sys; from app.casework import layout; layout._block(3, ((0, 1), (1, 2))); "
        "print(*sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert not {"networkx", "scipy"} & {name.split(".")[0] for name in told.stdout.split()}
