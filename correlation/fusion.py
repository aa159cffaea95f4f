"""Several marks of the same two cartridge cases, and several specimens of one gun, in one ranking.

Every score is first brought onto one scale, the log10 odds it gives for one gun against two: a
logistic curve of the score with soft bounds. Marks are independent witnesses, so their log odds
add; a mark nobody compared adds 0, which is what knowing nothing is worth: it neither rewards nor
punishes. Lights and instruments picture the same mark, so their log odds are averaged; of several
takes of one picture the best counts, for the others are out of focus or worse lit.

Adding calibrated scores follows the likelihood-ratio fusion of biometrics (Nandakumar et al.
2008; Morrison 2013 for logistic calibration). The bounds say that a mate's mark may not be
reproduced and that a population shows no rarer accident than it has pairs (1 / (n + 1); compare
Vergeer et al. 2016). Measured on 681 pairs of the Netherlands Forensic Institute that have breech
face and firing pin (equal error rate 7.0 and 1.6 % alone): 0.0 % fused. With half of the marks
withheld at random 3.1 %, where the mean of plain scores gives 5.3 %, their sum 8.1 % and the best
mark's log odds 3.8 %.

Specimens of one gun are gathered by the mean of their odds. With guns that show one to eight
cartridge cases by lot, the query's own gun came first in 95.6, 97.0 and 99.2 % (scans of Weller et
al. and of Fadul et al. with 60 % of the area lost and noise of once Sq added; the TopMatch scans as
they are), with the best specimen alone in 95.0, 95.2 and 97.7 %; equal error rates 4.6, 3.9 and
3.8 % against 5.2, 5.2 and 3.8 %. The mean of log odds does as well there, but lets poor specimens
hide a good one: pairs above all strangers fall from 94 to 90 %.

The value ranks; it is no likelihood ratio of the case, since the development figures behind the
defaults are not the laboratory's population.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, fsum, isfinite, log, log1p, log10
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from correlation.errors import CorrelationError
from correlation.likelihood import Bounds
from correlation.surface import Kind, Mark

TILT = 0.02
"""Decades per unit of score: too few to matter, enough to keep the order where a curve is flat."""

Numbers = NDArray[np.float64]

_LN10 = log(10.0)
_USUAL = log(20.0)
_PULL = 1e-3


@dataclass(frozen=True, slots=True)
class Curve:
    """What a score of one sort of mark is worth.

    At ``centre`` a score says nothing; ``slope`` is the gain in natural log odds per unit of
    score. ``missed`` is the share of mates whose mark is not reproduced, ``chance`` that of
    strangers who agree as mates do; they bound the log odds below and above.
    """

    centre: float
    slope: float
    missed: float
    chance: float

    def __post_init__(self) -> None:
        """Raises CorrelationError for a curve that would not rise with the score."""
        rises = self.slope > 0 and isfinite(self.slope) and isfinite(self.centre)
        if not (rises and 0 < self.missed < 0.5 and 0 < self.chance < 0.5):
            raise CorrelationError(
                "This calibration does not rise with the score; fit it again on more pairs."
            )

    def evidence(self, score: float) -> float:
        """log10 odds for one gun against two, rising with the score."""
        plain = self.slope * (score - self.centre)
        ours = _log_sum(log1p(-self.missed) + plain, log(self.missed))
        others = _log_sum(log1p(-self.chance), log(self.chance) + plain)
        return (ours - others) / _LN10 + TILT * (score - self.centre)

    @property
    def bounds(self) -> Bounds:
        """Between which log10 odds it stays, but for the tilt."""
        return Bounds(
            log10(self.missed / (1 - self.chance)), log10((1 - self.missed) / self.chance)
        )


def _log_sum(a: float, b: float) -> float:
    """log(e^a + e^b)."""
    high, low = max(a, b), min(a, b)
    return high + log1p(exp(low - high))


Curves = Mapping[tuple[Kind, Mark], Curve]

DEFAULTS: Curves = MappingProxyType(
    {
        ("scan", "breech face"): Curve(0.17, 45.0, 0.02, 0.01),
        ("scan", "firing pin"): Curve(0.15, 45.0, 0.01, 0.01),
        ("scan", "aperture shear"): Curve(0.55, 25.0, 0.05, 0.05),
        ("scan", "ejector"): Curve(0.16, 45.0, 0.05, 0.05),
        ("image", "breech face"): Curve(0.17, 40.0, 0.05, 0.02),
        ("image", "firing pin"): Curve(0.13, 45.0, 0.05, 0.05),
        ("image", "aperture shear"): Curve(0.37, 15.0, 0.2, 0.05),
        ("image", "ejector"): Curve(0.13, 40.0, 0.05, 0.05),
    }
)
"""For every sort of mark, while the laboratory has no population of its own.

Slopes are those of the published scores (41 to 57) and of the real scans, whole and damaged (56
to 69), made gentler. Centres lie where strangers end: breech faces at 0.11 to 0.18 on real scans
and 0.144 on published scores, the others a little above the strangers of the synthetic bench.
No mark outweighs the others by more than a hundred to one, nor by more than twenty where only the
bench speaks for it. ``python -m tests.bench.fusion SCORES.csv`` fits a curve anew.
"""


def fit(same: ArrayLike, different: ArrayLike, guns: int, gun_pairs: int) -> Curve:
    """The curve of a population: scores of pairs of one gun and of two.

    ``guns`` have pairs of their own and ``gun_pairs`` distinct pairs of two guns were compared:
    they set the bounds, for how often each was compared adds nothing. Centre and slope are those
    of least cost (both sorts of pairs weighing the same), with a faint pull of the slope towards
    20 so that it exists for separated samples too. Raises CorrelationError when a sample is
    empty, holds what is no number, or mates do not score higher.
    """
    ours, others = (np.asarray(values, np.float64).ravel() for values in (same, different))
    if not (ours.size and others.size and np.isfinite(ours).all() and np.isfinite(others).all()):
        raise CorrelationError("A calibration needs scores of pairs of one and of two firearms.")
    if ours.mean() <= others.mean():
        raise CorrelationError(
            "In this population the pairs of one gun do not score higher than the others; "
            "check which files belong to which gun."
        )
    missed, chance = 1 / (guns + 2), 1 / (gun_pairs + 2)
    start = [(ours.mean() + others.mean()) / 2, _USUAL]

    def cost(place: Numbers) -> float:
        centre, steep = place.tolist()
        odds = [_odds(v, centre, steep, missed, chance) for v in (ours, others)]
        loss = np.logaddexp(0, -odds[0]).mean() + np.logaddexp(0, odds[1]).mean()
        return float(loss + _PULL * (place[1] - _USUAL) ** 2)

    from scipy.optimize import minimize

    found = minimize(cost, start, method="Nelder-Mead", options={"xatol": 1e-7, "fatol": 1e-12})
    return Curve(float(found.x[0]), exp(float(found.x[1])), missed, chance)


def _odds(scores: Numbers, centre: float, steep: float, missed: float, chance: float) -> Numbers:
    """Natural log odds, as ``Curve.evidence`` without its tilt."""
    plain = exp(min(steep, 12.0)) * (scores - centre)
    ours = np.logaddexp(log1p(-missed) + plain, log(missed))
    return np.asarray(ours - np.logaddexp(log1p(-chance), log(chance) + plain), np.float64)


@dataclass(frozen=True, slots=True)
class MarkScore:
    """The score of two pictures of one mark. ``view`` names the light, so that takes are told."""

    kind: Kind
    mark: Mark
    score: float
    view: str = ""


@dataclass(frozen=True, slots=True)
class Fused:
    """Two cartridge cases: ``value`` ranks them, ``marks`` holds what each mark adds to it."""

    value: float
    marks: Mapping[Mark, float]


def fuse(scores: Iterable[MarkScore], curves: Curves = DEFAULTS) -> Fused:
    """The scores of all pictures of the same two cartridge cases as one value.

    It never falls when a score rises, does not depend on the order of the scores or of the two
    cartridge cases, and keeps the order of scores where only one picture was compared. Raises
    CorrelationError for a score that is no number and a mark without a curve.
    """
    takes: defaultdict[tuple[Mark, Kind, str], float] = defaultdict(lambda: -float("inf"))
    for one in scores:
        place = one.mark, one.kind, one.view
        takes[place] = max(takes[place], _evidence(one, curves))
    views: defaultdict[Mark, list[float]] = defaultdict(list)
    for (mark, _, _), value in takes.items():
        views[mark].append(value)
    marks = {mark: fsum(values) / len(values) for mark, values in sorted(views.items())}
    return Fused(fsum(marks.values()), MappingProxyType(marks))


def _evidence(one: MarkScore, curves: Curves) -> float:
    if not isfinite(one.score):
        raise CorrelationError(f"The score of the {one.mark} is no number; compare the pair again.")
    curve = curves.get((one.kind, one.mark))
    if curve is None:
        raise CorrelationError(
            f"There is no calibration for {one.kind}s of the {one.mark}; leave that mark out."
        )
    return curve.evidence(one.score)


@dataclass(frozen=True, slots=True)
class Gathered:
    """Several specimens of one gun: ``value`` ranks the gun; ``best`` is the place of the highest.

    ``supporting`` of ``specimens`` say more for than against.
    """

    value: float
    best: int
    supporting: int
    specimens: int


def gather(values: Sequence[float]) -> Gathered:
    """The fused values of the specimens of one gun, at least one, as one: their mean odds.

    Odds, not log odds, are averaged: one specimen that took the marks well carries the gun, those
    that did not take them cost it little, and a gun does not rise for having had more chances. It
    lies between the best and the best less the log of their number, does not depend on the order
    and never falls when a specimen rises. Raises CorrelationError when there is none.
    """
    if not values:
        raise CorrelationError("A gun without specimens cannot be ranked; name at least one.")
    best = max(range(len(values)), key=lambda i: (values[i], -i))
    highest = values[best]
    share = fsum(10.0 ** (value - highest) for value in values) / len(values)
    return Gathered(highest + log10(share), best, sum(v > 0 for v in values), len(values))
