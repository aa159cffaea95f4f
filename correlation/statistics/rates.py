"""Rates of a score that tells two populations apart, and intervals of counted proportions."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from correlation.errors import CorrelationError

Numbers = NDArray[np.float64]
_Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Interval:
    """Bounds of a 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Roc:
    """True-positive against false-positive rate, from (0, 0) to (1, 1).

    Point i > 0 accepts every score at or above ``thresholds[i]``; the first accepts none
    (threshold +inf). Pairs of equal score are one point.
    """

    fpr: Numbers
    tpr: Numbers
    thresholds: Numbers

    @property
    def auc(self) -> float:
        """Area under the curve; ties count half."""
        return float(np.sum(np.diff(self.fpr) * (self.tpr[1:] + self.tpr[:-1]) / 2))

    @property
    def eer(self) -> float:
        """The rate at which misses and false positives are equal, on straight lines between."""
        gap = (1 - self.tpr) - self.fpr
        after = int(np.argmax(gap <= 0))
        if after == 0 or gap[after] == gap[after - 1]:
            return float(self.fpr[after])
        part = gap[after - 1] / (gap[after - 1] - gap[after])
        return float(self.fpr[after - 1] + part * (self.fpr[after] - self.fpr[after - 1]))

    def tpr_at(self, fpr: float) -> float:
        """The best true-positive rate of a threshold whose false-positive rate is within."""
        return float(self.tpr[self.fpr <= fpr + 1e-12].max())


def roc(
    same: ArrayLike,
    different: ArrayLike,
    same_weights: ArrayLike | None = None,
    different_weights: ArrayLike | None = None,
) -> Roc:
    """The receiver operating characteristic of two samples of scores, weighted or not.

    Raises CorrelationError when one is empty, has no weight, or holds scores that are no numbers.
    """
    first, second = _scores(same), _scores(different)
    weights = np.concatenate(
        [_weights(same_weights, first.size), _weights(different_weights, second.size)]
    )
    values = np.concatenate([first, second])
    is_same = np.arange(values.size) < first.size
    order = np.argsort(-values, kind="stable")
    values, weights, is_same = values[order], weights[order], is_same[order]
    ends = np.append(np.flatnonzero(np.diff(values)), values.size - 1)
    hits = np.cumsum(np.where(is_same, weights, 0.0))[ends]
    false = np.cumsum(np.where(is_same, 0.0, weights))[ends]
    if hits[-1] <= 0 or false[-1] <= 0:
        raise CorrelationError("Rates need pairs of one firearm and pairs of two firearms.")
    return Roc(
        np.append(0.0, false / false[-1]),
        np.append(0.0, hits / hits[-1]),
        np.append(np.inf, values[ends]),
    )


def auc(same: ArrayLike, different: ArrayLike) -> float:
    """Probability that a pair of one firearm scores above one of two; ties count half."""
    return roc(same, different).auc


def eer(same: ArrayLike, different: ArrayLike) -> float:
    """Equal error rate; see ``Roc.eer``."""
    return roc(same, different).eer


def tpr_at_fpr(same: ArrayLike, different: ArrayLike, fpr: float) -> float:
    """True-positive rate at a threshold with at most this false-positive rate."""
    return roc(same, different).tpr_at(fpr)


def tpr_without_false(same: ArrayLike, different: ArrayLike) -> float:
    """Share of pairs of one firearm that score above every pair of two."""
    return roc(same, different).tpr_at(0.0)


def wilson(successes: int, trials: int, z: float = _Z95) -> Interval:
    """Wilson's score interval of a proportion (Wilson 1927); 0 to 1 without trials.

    Raises CorrelationError for counts that cannot be.
    """
    if not 0 <= successes <= trials:
        raise CorrelationError(f"{successes} of {trials} is no proportion.")
    if trials == 0:
        return Interval(0.0, 1.0)
    share = successes / trials
    scale = 1 + z * z / trials
    middle = (share + z * z / (2 * trials)) / scale
    half = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials)) / scale
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    return Interval(low, 1.0 if successes == trials else min(1.0, middle + half))


def rule_of_three(trials: int, confidence: float = 0.95) -> float:
    """Upper bound of a rate of which none was seen in independent trials; about 3 / trials."""
    return 1.0 if trials <= 0 else float(1 - (1 - confidence) ** (1 / trials))


def _scores(values: ArrayLike) -> Numbers:
    found = np.asarray(values, np.float64).ravel()
    if found.size == 0:
        raise CorrelationError("Rates need pairs of one firearm and pairs of two firearms.")
    if np.isnan(found).any():
        raise CorrelationError("A score that is no number cannot be counted.")
    return found


def _weights(weights: ArrayLike | None, size: int) -> Numbers:
    if weights is None:
        return np.ones(size)
    return np.asarray(weights, np.float64).ravel()
