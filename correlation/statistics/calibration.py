"""How far log likelihood ratios say what they mean.

Cllr: Bruemmer and du Preez 2006. Its least value is reached by the isotonic map of the pool
adjacent violators (PAV). Empirical cross-entropy (ECE): Ramos and Gonzalez-Rodriguez 2013.
Empirical lower and upper bounds (ELUB): Vergeer et al. 2016.
Likelihood ratios are given as their logarithms to base 10 throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from correlation.errors import CorrelationError

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Points of a curve, same length."""

    x: Numbers
    y: Numbers


def cllr(same: ArrayLike, different: ArrayLike) -> float:
    """Cost of log likelihood ratios in bits: 0 is perfect, 1 says nothing.

    Raises CorrelationError when one sample is empty.
    """
    first, second = _log10_lrs(same), _log10_lrs(different)
    return float((bits(-first).mean() + bits(second).mean()) / 2)


def cllr_min(same: ArrayLike, different: ArrayLike) -> float:
    """The Cllr that the best monotone recalibration of these very scores would reach."""
    return cllr(*pav_log10_lr(same, different))


def pav(values: ArrayLike, weights: ArrayLike | None = None) -> Numbers:
    """The non-decreasing sequence nearest to ``values`` in weighted least squares."""
    target = np.asarray(values, np.float64)
    weight = np.ones(target.size) if weights is None else np.asarray(weights, np.float64)
    blocks: list[tuple[float, float, int]] = []
    for value, mass in zip(target.tolist(), weight.tolist(), strict=True):
        block = (value, mass, 1)
        while blocks and blocks[-1][0] >= block[0]:
            block = _pooled(blocks.pop(), block)
        blocks.append(block)
    return np.repeat([value for value, _, _ in blocks], [size for _, _, size in blocks])


def _pooled(
    left: tuple[float, float, int], right: tuple[float, float, int]
) -> tuple[float, float, int]:
    mass = left[1] + right[1]
    value = (left[0] * left[1] + right[0] * right[1]) / mass if mass else left[0]
    return value, mass, left[2] + right[2]


def pav_log10_lr(same: ArrayLike, different: ArrayLike) -> tuple[Numbers, Numbers]:
    """Log10 likelihood ratios of two samples of scores by PAV; may be infinite.

    Raises CorrelationError when one sample is empty.
    """
    first, second = _log10_lrs(same), _log10_lrs(different)
    scores = np.concatenate([first, second])
    levels, where = np.unique(scores, return_inverse=True)
    hits = np.bincount(where[: first.size], minlength=levels.size) / first.size
    false = np.bincount(where[first.size :], minlength=levels.size) / second.size
    share = pav(hits / (hits + false), hits + false)
    with np.errstate(divide="ignore"):
        ratio = np.log10(share) - np.log10(1 - share)
    return ratio[where[: first.size]], ratio[where[first.size :]]


def ece(same: ArrayLike, different: ArrayLike, prior_log10_odds: ArrayLike) -> Numbers:
    """Empirical cross-entropy in bits at each prior; at even odds it is Cllr."""
    first, second = _log10_lrs(same), _log10_lrs(different)
    odds = np.asarray(prior_log10_odds, np.float64).ravel()
    prior = 1 / (1 + 10.0**-odds)
    hit = np.array([bits(-(first + o)).mean() for o in odds])
    false = np.array([bits(second + o).mean() for o in odds])
    return np.asarray(prior * hit + (1 - prior) * false, np.float64)


def ece_curve(
    same: ArrayLike, different: ArrayLike, reach: float = 2.5, points: int = 101
) -> tuple[Curve, Curve, Curve]:
    """ECE over prior log10 odds within ``reach``: as given, after PAV, and of LR = 1."""
    odds = np.linspace(-reach, reach, points)
    zero = np.zeros(1)
    return (
        Curve(odds, ece(same, different, odds)),
        Curve(odds, ece(*pav_log10_lr(same, different), odds)),
        Curve(odds, ece(zero, zero, odds)),
    )


def elub(same: ArrayLike, different: ArrayLike) -> tuple[float, float]:
    """How far log10 ratios may go before deciding by them does worse than without them.

    With one more misleading ratio on each side, as strong as can be: the greatest value up to
    which every threshold above 1 still pays, and below 1 likewise. Raises CorrelationError when
    one sample is empty.
    """
    first, second = _log10_lrs(same), _log10_lrs(different)
    return 0.0 - _upper_bound(-second, -first), _upper_bound(first, second)


def _upper_bound(same: Numbers, different: Numbers) -> float:
    """Exact: between two ratios the counts stay, so only the threshold itself makes it worse."""
    steps = np.unique(np.concatenate([same, different, np.zeros(1)]))
    start = steps[(steps >= 0) & np.isfinite(steps)]
    hits = same.size - np.searchsorted(np.sort(same), start, side="right")
    false = different.size - np.searchsorted(np.sort(different), start, side="right")
    with np.errstate(divide="ignore"):
        limit = np.log10(hits / (same.size + 1) * (different.size + 1) / (false + 1))
    worse = limit < np.append(start[1:], np.inf)
    first = int(np.argmax(worse))
    return float(max(start[first], limit[first]))


def tippett(log10_lrs: ArrayLike) -> Curve:
    """Share of ratios at or above each value: a step curve, x rising, drawn to the left."""
    values, counts = np.unique(_log10_lrs(log10_lrs), return_counts=True)
    above = np.cumsum(counts[::-1])[::-1] / counts.sum()
    return Curve(values, above)


def bits(exponent: Numbers) -> Numbers:
    """log2(1 + 10**exponent), without overflow."""
    return np.asarray(np.logaddexp2(0.0, exponent * np.log2(10.0)), np.float64)


def _log10_lrs(values: ArrayLike) -> Numbers:
    found = np.asarray(values, np.float64).ravel()
    if found.size == 0:
        raise CorrelationError("Calibration needs pairs of one firearm and pairs of two firearms.")
    if np.isnan(found).any():
        raise CorrelationError("A likelihood ratio that is no number cannot be counted.")
    return found
