"""Likelihood ratios for the pairs of a run, each from a model that knows neither firearm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.validation.figures import SEED, Pairs, rounds_for
from app.validation.ledger import Pair, Row
from correlation.errors import CorrelationError
from correlation.likelihood import Bounds, Logistic, Population, features
from correlation.statistics import (
    Interval,
    RatioIntervals,
    Sources,
    bootstrap_ratios,
    cllr,
    cllr_min,
    rule_of_three,
    source_counts,
)

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """Log10 likelihood ratios of all pairs, or the sentence why there are none.

    ``same`` and ``different`` are bounded; ``open_same`` and ``open_different`` are not.
    ``sources`` are the firearms behind both, in their order.
    """

    sentence: str
    by_pair: dict[Pair, float] = field(default_factory=dict)
    same: Numbers = field(default_factory=lambda: np.zeros(0))
    different: Numbers = field(default_factory=lambda: np.zeros(0))
    open_same: Numbers = field(default_factory=lambda: np.zeros(0))
    open_different: Numbers = field(default_factory=lambda: np.zeros(0))
    bounds: Bounds | None = None
    model: Logistic | None = None
    sources: Sources | None = None

    @property
    def there(self) -> bool:
        """Whether the population carried them."""
        return not self.sentence

    def figures(self) -> dict[str, Any]:
        """For the summary."""
        if self.bounds is None or self.model is None:
            return {"sentence": self.sentence}
        least = cllr_min(self.same, self.different)
        cost = cllr(self.same, self.different)
        return {
            "sentence": "",
            "cllr": round(cost, 6),
            "cllr_min": round(least, 6),
            "cllr_cal": round(max(cost - least, 0.0), 6),
            "cllr_without_bounds": round(cllr(self.open_same, self.open_different), 6),
            "lowest_log10": round(self.bounds.low, 4),
            "highest_log10": round(self.bounds.high, 4),
            "misleading_same": int(np.count_nonzero(self.same < 0)),
            "misleading_different": int(np.count_nonzero(self.different > 0)),
            "misleading_same_rate": round(float(np.mean(self.same < 0)), 6),
            "misleading_different_rate": round(float(np.mean(self.different > 0)), 6),
            **self._intervals(),
            "strongest_misleading_same": round(float(min(self.same.min(), 0.0)), 4),
            "strongest_misleading_different": round(float(max(self.different.max(), 0.0)), 4),
            "features": ["logit of (congruent_cells + 0.5) / (cells + 1)", "atanh of ccf"],
            "model": self.model.as_dict(),
        }

    def _intervals(self) -> dict[str, Any]:
        """95 %, conditional on the held-out models; where nothing misleads, an upper bound."""
        if self.sources is None:
            return {}
        found, counts = self._resampled(), source_counts(self.sources)
        same = None if found is None else found.misleading_same
        different = None if found is None else found.misleading_different
        if not (self.same < 0).any():
            same = Interval(0.0, rule_of_three(counts.with_mates))
        if not (self.different > 0).any():
            different = Interval(0.0, rule_of_three(counts.source_pairs))
        return {
            "cllr_interval": _told(None if found is None else found.cllr),
            "misleading_same_rate_interval": _told(same),
            "misleading_different_rate_interval": _told(different),
        }

    def _resampled(self) -> RatioIntervals | None:
        if self.sources is None:
            return None
        rounds = rounds_for(self.same.size + self.different.size)
        try:
            return bootstrap_ratios(self.same, self.different, self.sources, rounds, SEED)
        except CorrelationError:
            return None


def ratios_of(pairs: Pairs) -> Ratios:
    """Held out by firearm; a firearm that is not known is in no model anyway."""
    counted = [*pairs.same, *pairs.different]
    if not pairs.judged:
        return Ratios("No likelihood ratios: there are no pairs whose truth is known.")
    guns = [_guns(pairs, row) for row in counted]
    population = Population.of(_features(counted), [(str(a), str(b)) for a, b in guns])
    if population.refusal():
        return Ratios(population.refusal())
    opened = population.held_out()
    bounds = population.supported(opened)
    hold = bounds.hold
    numbers = {row.pair: float(v) for row, v in zip(counted, hold(opened), strict=True)}
    numbers |= _of_unknown(pairs, population, bounds)
    at = len(pairs.same)
    return Ratios(
        "",
        numbers,
        hold(opened[:at]),
        hold(opened[at:]),
        opened[:at],
        opened[at:],
        bounds,
        population.model(),
        pairs.sources,
    )


def _of_unknown(pairs: Pairs, population: Population, bounds: Bounds) -> dict[Pair, float]:
    """For pairs without truth: by the model without the one firearm that is known, if any."""
    names = sorted({g for row in [*pairs.same, *pairs.different] for g in _guns(pairs, row) if g})
    found: dict[Pair, float] = {}
    models: dict[frozenset[str], Logistic] = {}
    for row in pairs.unknown:
        known = frozenset(g for g in _guns(pairs, row) if g in names)
        if known not in models:
            models[known] = population.model(np.array([name in known for name in names]))
        ratio = models[known].log10_lr(_features([row]))
        found[row.pair] = float(bounds.hold(ratio)[0])
    return found


def _told(interval: Interval | None) -> list[float] | None:
    """None where every sample gives the same, which is no interval."""
    if interval is None:
        return None
    low, high = round(interval.low, 6), round(interval.high, 6)
    return [low, high] if low < high else None


def _guns(pairs: Pairs, row: Row) -> tuple[str | None, str | None]:
    return pairs.truth.gun(row.file_a), pairs.truth.gun(row.file_b)


def _features(rows: Sequence[Row]) -> Numbers:
    return features(
        [row.congruent_cells for row in rows],
        [row.cells for row in rows],
        [row.ccf for row in rows],
    )
