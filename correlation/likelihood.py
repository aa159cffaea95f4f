"""From scores to a calibrated log likelihood ratio, no further than the data carry it.

Logistic regression on the logit of the share of congruent cells and the Fisher transform of the
areal correlation, both sorts of pairs weighing the same, with an L2 penalty; its log-odds are the
log likelihood ratio. The ratio is bounded by the number of independent sources behind it: 717
pairs of 10 slides are 45 pairs of sources and support a ratio of some tens. Published
comparisons: Baiker-Sorensen et al. 2023; Riva and Champod 2014.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from correlation.errors import CorrelationError
from correlation.statistics.resampling import SourceCounts, Sources, source_counts

Numbers = NDArray[np.float64]

LEAST_FIREARMS = 5
LEAST_SAME_PAIRS = 10
FOLDS = 20
PENALTY = 1.0
_LN10 = float(np.log(10.0))


def features(congruent_cells: ArrayLike, cells: ArrayLike, ccf: ArrayLike) -> Numbers:
    """What the regression looks at, shape (pairs, 2).

    The logit of (congruent + 1/2) / (cells + 1), and the Fisher transform of the correlation,
    which is held within 0.999.
    """
    share = (np.asarray(congruent_cells, np.float64) + 0.5) / (np.asarray(cells, np.float64) + 1.0)
    correlation = np.clip(np.asarray(ccf, np.float64), -0.999, 0.999)
    return np.column_stack([np.log(share / (1 - share)), np.arctanh(correlation)])


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the greatest log10 likelihood ratio that a population supports."""

    low: float
    high: float

    @classmethod
    def of(cls, counts: SourceCounts) -> Bounds:
        """By the rule of 1 / (n + 1): what n sources have not shown may still be that frequent.

        Upwards n is the number of distinct pairs of two firearms, downwards that of firearms with
        pairs of their own; how often each was compared adds nothing.
        """
        return cls(-log10(counts.with_mates + 1), log10(counts.source_pairs + 1))

    def hold(self, log10_lr: ArrayLike) -> Numbers:
        """The ratios, held within."""
        return np.clip(np.asarray(log10_lr, np.float64), self.low, self.high)


@dataclass(frozen=True, slots=True)
class Logistic:
    """log10 LR = intercept + weights . (features - centre) / scale, before bounds."""

    intercept: float
    weights: tuple[float, ...]
    centre: tuple[float, ...]
    scale: tuple[float, ...]

    def log10_lr(self, rows: Numbers) -> Numbers:
        """For feature rows, shape (pairs, features)."""
        standard = (np.atleast_2d(rows) - np.array(self.centre)) / np.array(self.scale)
        return np.asarray(self.intercept + standard @ np.array(self.weights), np.float64)

    def as_dict(self) -> dict[str, Any]:
        """For the record."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Logistic:
        """What ``as_dict`` gave."""
        return cls(
            float(stored["intercept"]),
            *(tuple(map(float, stored[name])) for name in ("weights", "centre", "scale")),
        )


def fit(same: Numbers, different: Numbers, penalty: float = PENALTY, rounds: int = 100) -> Logistic:
    """Fit by iteratively reweighted least squares; both samples have the same weight in total.

    ``penalty`` is the L2 penalty on the weights of standardised features (not on the intercept),
    against a total weight of one a pair of the smaller sample; with it the fit exists for
    separated samples too. Raises CorrelationError when a sample is empty.
    """
    if len(same) == 0 or len(different) == 0:
        raise CorrelationError("A likelihood ratio needs pairs of one and of two firearms.")
    rows = np.concatenate([same, different])
    centre = (same.mean(axis=0) + different.mean(axis=0)) / 2
    scale = rows.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    design = np.column_stack([np.ones(len(rows)), (rows - centre) / scale])
    target = np.repeat([1.0, 0.0], [len(same), len(different)])
    total = min(len(same), len(different))
    mass = np.repeat([total / len(same), total / len(different)], [len(same), len(different)])
    found = _newton(design, target, mass, penalty, rounds) / _LN10
    return Logistic(
        float(found[0]),
        tuple(found[1:].tolist()),
        tuple(centre.tolist()),
        tuple(scale.tolist()),
    )


def _newton(
    design: Numbers, target: Numbers, mass: Numbers, penalty: float, rounds: int
) -> Numbers:
    """Minimise the penalised deviance; a step that does not lower it is halved."""
    ridge = np.diag([1e-9] + [penalty] * (design.shape[1] - 1))
    weights = np.zeros(design.shape[1])
    cost = _cost(design, target, mass, ridge, weights)
    for _ in range(rounds):
        chance = _chance(design @ weights)
        gradient = design.T @ (mass * (chance - target)) + ridge @ weights
        curvature = (design * (mass * chance * (1 - chance))[:, None]).T @ design + ridge
        step = np.linalg.solve(curvature, gradient)
        length, new = 1.0, _cost(design, target, mass, ridge, weights - step)
        while new > cost and length > 1e-6:
            length /= 2
            new = _cost(design, target, mass, ridge, weights - length * step)
        weights, moved, cost = weights - length * step, length * np.abs(step).max(), new
        if moved < 1e-10:
            break
    return np.asarray(weights, np.float64)


def _chance(logit: Numbers) -> Numbers:
    return np.asarray(0.5 * (1 + np.tanh(logit / 2)), np.float64)


def _cost(design: Numbers, target: Numbers, mass: Numbers, ridge: Numbers, w: Numbers) -> float:
    logit = design @ w
    losses = np.logaddexp(0.0, np.where(target > 0, -logit, logit))
    return float(mass @ losses + w @ ridge @ w / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Population:
    """Pairs of known origin: feature rows and the firearms of each pair (two columns, by number).

    A pair whose two firearms are the same number is a same pair.
    """

    rows: Numbers
    firearms: NDArray[np.intp]

    @classmethod
    def of(cls, rows: Numbers, pairs: Sequence[tuple[str, str]]) -> Population:
        """From the names of firearms."""
        names = sorted({name for pair in pairs for name in pair})
        numbers = {name: i for i, name in enumerate(names)}
        found = np.array([[numbers[a], numbers[b]] for a, b in pairs], np.intp)
        return cls(np.asarray(rows, np.float64).reshape(-1, 2), found.reshape(-1, 2))

    @property
    def same(self) -> NDArray[np.bool_]:
        """Which pairs are of one firearm."""
        return np.asarray(self.firearms[:, 0] == self.firearms[:, 1], np.bool_)

    @property
    def counts(self) -> SourceCounts:
        """The independent sources behind the pairs."""
        same = self.same
        count = int(self.firearms.max()) + 1 if self.firearms.size else 0
        return source_counts(Sources(self.firearms[same, 0], self.firearms[~same], count))

    @property
    def bounds(self) -> Bounds:
        """How far a ratio may go."""
        return Bounds.of(self.counts)

    def refusal(self) -> str:
        """Why this population carries no likelihood ratio, in a sentence; "" when it does."""
        counts, same = self.counts, int(self.same.sum())
        if counts.with_mates < LEAST_FIREARMS or same < LEAST_SAME_PAIRS:
            return (
                f"No likelihood ratios: the population has {same} pairs of one firearm, from "
                f"{counts.with_mates} firearms; at least {LEAST_SAME_PAIRS} pairs from "
                f"{LEAST_FIREARMS} firearms are needed."
            )
        return ""

    def model(self, without: NDArray[np.bool_] | None = None) -> Logistic:
        """Fitted to all pairs, or to those that have no firearm marked in ``without``."""
        gone = np.zeros(len(self.rows), np.bool_)
        if without is not None:
            gone |= without[self.firearms].any(axis=1)
        keep, same = ~gone, self.same
        return fit(self.rows[keep & same], self.rows[keep & ~same])

    def held_out(self, folds: int = FOLDS) -> Numbers:
        """Log10 LR of every pair by a model that has seen neither of its two firearms; unbounded.

        Up to ``folds`` firearms each is left out by itself (with the other one of the pair);
        beyond, in that many groups. Raises CorrelationError with the refusal where there is one.
        """
        sentence = self.refusal()
        if sentence:
            raise CorrelationError(sentence)
        count = int(self.firearms.max()) + 1
        group = np.arange(count) % folds
        keys = np.sort(group[self.firearms], axis=1)
        found = np.full(len(self.rows), np.nan)
        for first, second in np.unique(keys, axis=0):
            here = (keys == (first, second)).all(axis=1)
            model = self.model((group == first) | (group == second))
            found[here] = model.log10_lr(self.rows[here])
        return found

    def interval(
        self, rows: Numbers, rounds: int = 200, seed: int = 0
    ) -> tuple[Numbers, Numbers, Numbers]:
        """Log10 LR of new pairs with its 95 % interval by resampling firearms, all bounded.

        Raises CorrelationError with the refusal where there is one.
        """
        sentence = self.refusal()
        if sentence:
            raise CorrelationError(sentence)
        random, count = np.random.default_rng(seed), int(self.firearms.max()) + 1
        drawn = [self._redrawn(random.integers(0, count, count), count) for _ in range(rounds)]
        values = np.array([model.log10_lr(rows) for model in drawn if model is not None])
        low, high = np.percentile(values, [2.5, 97.5], axis=0)
        hold = self.bounds.hold
        return hold(self.model().log10_lr(rows)), hold(low), hold(high)

    def _redrawn(self, drawn: NDArray[np.int64], count: int) -> Logistic | None:
        times = np.bincount(drawn, minlength=count)
        same = self.same
        often = np.where(same, times[self.firearms[:, 0]], times[self.firearms].prod(axis=1))
        own, other = np.repeat(self.rows, often * same, 0), np.repeat(self.rows, often * ~same, 0)
        return fit(own, other) if len(own) and len(other) else None
