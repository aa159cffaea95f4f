"""From scores to a calibrated log likelihood ratio, no further than the data carry it.

Logistic regression on the logit of the share of congruent cells and the Fisher transform of the
areal correlation, both sorts of pairs weighing the same, with an L2 penalty; its log-odds are the
log likelihood ratio. The ratio is bounded by the number of independent sources behind it: 717
pairs of 10 slides are 45 pairs of sources and support a ratio of some tens; and by how far
decisions taken by held-out ratios still pay (Vergeer et al. 2016). Published comparisons:
Baiker-Sorensen et al. 2023; Riva and Champod 2014.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import log10
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from correlation.errors import CorrelationError
from correlation.statistics.calibration import elub
from correlation.statistics.resampling import SourceCounts, Sources, source_counts

Numbers = NDArray[np.float64]

LEAST_FIREARMS = 5
LEAST_SAME_PAIRS = 10
FOLDS = 20
PENALTY = 1.0
RESAMPLES = 200
RATIO_VERSION = "1"
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

    def within(self, low: float, high: float) -> Bounds:
        """The narrower of these and the given ones on either side."""
        return Bounds(max(self.low, low), min(self.high, high))

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

    def plain(self) -> Numbers:
        """Intercept and slopes on features as they are, shape (1 + features,)."""
        slopes = np.array(self.weights) / np.array(self.scale)
        return np.append(self.intercept - slopes @ np.array(self.centre), slopes)

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


def fit(
    same: Numbers,
    different: Numbers,
    penalty: float = PENALTY,
    rounds: int = 100,
    often: tuple[Numbers, Numbers] | None = None,
) -> Logistic:
    """Fit by iteratively reweighted least squares; both samples have the same weight in total.

    ``penalty`` is the L2 penalty on the weights of standardised features (not on the intercept),
    against a total weight of one a pair of the smaller sample; with it the fit exists for
    separated samples too. ``often`` says how many times each pair counts (once by default).
    Raises CorrelationError when a sample is empty.
    """
    counts = often or (np.ones(len(same)), np.ones(len(different)))
    sizes = [float(count.sum()) for count in counts]
    if min(sizes) == 0:
        raise CorrelationError("A likelihood ratio needs pairs of one and of two firearms.")
    rows, weight = np.concatenate([same, different]), np.concatenate(counts)
    centre = (counts[0] @ same / sizes[0] + counts[1] @ different / sizes[1]) / 2
    spread = rows - weight @ rows / weight.sum()
    scale = np.sqrt(weight @ (spread * spread) / weight.sum())
    scale = np.where(scale > 1e-9, scale, 1.0)
    design = np.vstack([np.ones(len(rows)), ((rows - centre) / scale).T])
    target = np.repeat([1.0, 0.0], [len(same), len(different)])
    least = min(sizes)
    mass = np.concatenate([least / sizes[0] * counts[0], least / sizes[1] * counts[1]])
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
    """Minimise the penalised deviance; a step that does not lower it is halved.

    ``design`` has a row a feature and a column a pair.
    """
    ridge = np.diag([1e-9] + [penalty] * (len(design) - 1))
    weights = np.zeros(len(design))
    cost, chance = _deviance(design, target, mass, ridge, weights)
    for _ in range(rounds):
        gradient = design @ (mass * (chance - target)) + ridge @ weights
        curvature = (design * (mass * chance * (1 - chance))) @ design.T + ridge
        step = np.linalg.solve(curvature, gradient)
        length, trial = 1.0, weights - step
        new, chance = _deviance(design, target, mass, ridge, trial)
        while new > cost and length > 1e-6:
            length /= 2
            trial = weights - length * step
            new, chance = _deviance(design, target, mass, ridge, trial)
        weights, cost = trial, new
        if length * np.abs(step).max() < 1e-10:
            break
    return np.asarray(weights, np.float64)


def _deviance(
    design: Numbers, target: Numbers, mass: Numbers, ridge: Numbers, weights: Numbers
) -> tuple[float, Numbers]:
    """The penalised deviance and each pair's chance to be of one firearm, by one exponential."""
    logit = weights @ design
    small = np.exp(-np.abs(logit))
    chance = np.where(logit > 0, 1.0, small) / (1 + small)
    losses = np.log(1 + small) + np.maximum(logit, 0) - target * logit
    return float(mass @ losses + weights @ ridge @ weights / 2), chance


@dataclass(frozen=True, slots=True)
class Ratio:
    """Log10 likelihood ratio with its 95 % interval, all held within ``bounds``.

    ``held`` says that without the bounds it would go further.
    """

    log10_lr: float
    low: float
    high: float
    bounds: Bounds
    held: bool


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """A population ready to be asked: what takes long is done, an answer takes microseconds.

    ``resampled`` holds intercept and slopes on plain features, shape (resamples, 1 + features),
    of the models of as many resamples of the firearms.
    """

    model: Logistic
    resampled: Numbers
    bounds: Bounds

    def ratio(self, rows: Numbers) -> Ratio:
        """For one pair's feature row."""
        row = np.asarray(rows, np.float64).ravel()
        values = self.resampled[:, 0] + self.resampled[:, 1:] @ row
        point = float(self.model.log10_lr(row)[0])
        ends = np.percentile(values, [2.5, 97.5])
        low, value, high = self.bounds.hold([ends[0], point, ends[1]]).tolist()
        return Ratio(value, min(low, value), max(value, high), self.bounds, value != point)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, to be kept."""
        return {
            "model": self.model.as_dict(),
            "resampled": self.resampled.tolist(),
            "bounds": [self.bounds.low, self.bounds.high],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Calibration:
        """What ``as_dict`` gave."""
        low, high = map(float, stored["bounds"])
        resampled = np.array(stored["resampled"], np.float64)
        return cls(Logistic.from_dict(stored["model"]), resampled, Bounds(low, high))


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
        values = np.array([model.log10_lr(rows) for model in self._resampled(rounds, seed)])
        low, high = np.percentile(values, [2.5, 97.5], axis=0)
        hold = self.bounds.hold
        return hold(self.model().log10_lr(rows)), hold(low), hold(high)

    def supported(self, held_out: Numbers) -> Bounds:
        """Bounds by independent sources and by what decisions with ``held_out`` ratios pay."""
        same = self.same
        return self.bounds.within(*elub(held_out[same], held_out[~same]))

    def calibration(self, rounds: int = RESAMPLES, seed: int = 0) -> Calibration:
        """All that later answers need; about a second for some ten thousand pairs.

        Raises CorrelationError with the refusal where there is one.
        """
        bounds = self.supported(self.held_out())
        models = self._resampled(rounds, seed)
        return Calibration(self.model(), np.array([m.plain() for m in models]), bounds)

    def _resampled(self, rounds: int, seed: int) -> list[Logistic]:
        random, count = np.random.default_rng(seed), int(self.firearms.max()) + 1
        drawn = (self._redrawn(random.integers(0, count, count), count) for _ in range(rounds))
        return [model for model in drawn if model is not None]

    def _redrawn(self, drawn: NDArray[np.int64], count: int) -> Logistic | None:
        times = np.bincount(drawn, minlength=count).astype(np.float64)
        same = self.same
        own = times[self.firearms[same, 0]]
        other = times[self.firearms[~same]].prod(axis=1)
        if not (own.any() and other.any()):
            return None
        one, two = own > 0, other > 0
        kept = self.rows[same][one], self.rows[~same][two]
        return fit(*kept, often=(own[one], other[two]))
