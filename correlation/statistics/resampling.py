"""Intervals by resampling firearms: pairs that share a firearm are not independent.

A bootstrap sample draws firearms with replacement. A pair of two firearms then counts as often
as the product of how often its firearms were drawn, a pair of one firearm as often as that one
was drawn (the vertex bootstrap of Snijders and Borgatti 1999, without pairs of a firearm with
its own copy).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike, NDArray

from correlation.errors import CorrelationError
from correlation.statistics.calibration import bits
from correlation.statistics.rates import Interval, Roc, roc


@dataclass(frozen=True, slots=True, eq=False)
class Sources:
    """The firearms of pairs: row i holds the two firearms of pair i as whole numbers."""

    same: NDArray[np.intp]
    different: NDArray[np.intp]
    count: int

    @classmethod
    def of(
        cls, same: Sequence[Hashable], different: Sequence[tuple[Hashable, Hashable]]
    ) -> Sources:
        """From names: of the one firearm of each same pair, of the two of each other."""
        names = {*same, *(name for pair in different for name in pair)}
        numbers = {name: i for i, name in enumerate(sorted(names, key=str))}
        first = np.array([numbers[name] for name in same], np.intp)
        second = np.array([[numbers[a], numbers[b]] for a, b in different], np.intp)
        return cls(first, second.reshape(-1, 2), len(numbers))


@dataclass(frozen=True, slots=True)
class SourceCounts:
    """How many independent sources stand behind the pairs."""

    firearms: int
    with_mates: int
    source_pairs: int


def source_counts(sources: Sources) -> SourceCounts:
    """Firearms, those with pairs of their own, and distinct pairs of two firearms."""
    pairs = np.unique(np.sort(sources.different, axis=1), axis=0)
    return SourceCounts(sources.count, int(np.unique(sources.same).size), len(pairs))


def bootstrap(
    same: ArrayLike,
    different: ArrayLike,
    sources: Sources,
    measures: Sequence[Callable[[Roc], float]],
    rounds: int = 1000,
    seed: int = 0,
) -> tuple[Interval, ...]:
    """95 % percentile intervals of figures of the ROC, by resampling firearms.

    Samples without pairs of both sorts are drawn again, up to ten times as many.
    Raises CorrelationError when hardly any sample has both, as with a single firearm.
    """
    first, second = np.asarray(same, np.float64), np.asarray(different, np.float64)
    found: list[list[float]] = []
    for own, other in islice(_samples(sources, 10 * rounds, seed), rounds):
        curve = roc(first, second, own, other)
        found.append([measure(curve) for measure in measures])
    return _intervals(found, rounds)


@dataclass(frozen=True, slots=True)
class RatioIntervals:
    """95 % intervals of Cllr and of the shares of ratios that speak for the wrong side."""

    cllr: Interval
    misleading_same: Interval
    misleading_different: Interval


def bootstrap_ratios(
    same: ArrayLike, different: ArrayLike, sources: Sources, rounds: int = 1000, seed: int = 0
) -> RatioIntervals:
    """Intervals of what log10 likelihood ratios cost and how often they mislead.

    Firearms are drawn as in ``bootstrap``, which also says what is raised. The ratios stay as
    they are: conditional on the models that gave them, so without the models' own uncertainty.
    """
    first, second = np.asarray(same, np.float64), np.asarray(different, np.float64)
    costs = np.column_stack([bits(-first), first < 0]), np.column_stack([bits(second), second > 0])
    found: list[list[float]] = []
    for own, other in islice(_samples(sources, 10 * rounds, seed), rounds):
        missed, false = own @ costs[0] / own.sum(), other @ costs[1] / other.sum()
        found.append([(missed[0] + false[0]) / 2, missed[1], false[1]])
    return RatioIntervals(*_intervals(found, rounds))


def _samples(
    sources: Sources, most: int, seed: int
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """How often each pair of one and of two firearms counts, where there are pairs of both."""
    random = np.random.default_rng(seed)
    for _ in range(most):
        drawn = random.integers(0, sources.count, sources.count)
        times = np.bincount(drawn, minlength=sources.count).astype(np.float64)
        own = times[sources.same]
        other = times[sources.different[:, 0]] * times[sources.different[:, 1]]
        if own.any() and other.any():
            yield own, other


def _intervals(found: Sequence[Sequence[float]], rounds: int) -> tuple[Interval, ...]:
    if len(found) < min(rounds, 20):
        raise CorrelationError("Too few firearms for an interval; add cases of other firearms.")
    bounds = np.percentile(found, [2.5, 97.5], axis=0)
    return tuple(Interval(float(low), float(high)) for low, high in bounds.T)
