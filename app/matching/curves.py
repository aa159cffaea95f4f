"""What scores are worth in a fused list, by the laboratory's own known pairs where it has them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import numpy as np

from app.matching.populations import known
from app.store.populations import ReferencePopulation
from correlation.errors import CorrelationError
from correlation.fusion import DEFAULTS, Curve, Curves, fit
from correlation.method import METHOD, VERSION
from correlation.surface import MARKS, Kind, Mark


def own_curves(populations: Iterable[ReferencePopulation]) -> Curves:
    """For every sort of mark, from the newest population of this method that carries one.

    ``populations`` come oldest first. Where there is none, or it has too few firearms, the
    default stands.
    """
    curves: dict[tuple[Kind, Mark], Curve] = dict(DEFAULTS)
    for population in populations:
        made = _curve(population)
        if made is not None:
            curves[population.kind, cast(Mark, str(population.mark))] = made
    return curves


def _curve(population: ReferencePopulation) -> Curve | None:
    of_this_method = (population.method, population.version) == (METHOD, VERSION)
    if not of_this_method or str(population.mark) not in MARKS or known(population).refusal():
        return None
    pairs = population.pairs
    left, right, scores = (np.asarray(v) for v in (pairs.left, pairs.right, pairs.score))
    same = left == right
    strangers = np.sort(np.column_stack([left, right])[~same], axis=1)
    try:
        return fit(
            scores[same],
            scores[~same],
            guns=len(np.unique(left[same])),
            gun_pairs=len(np.unique(strangers, axis=0)),
        )
    except CorrelationError:
        return None
