"""Likelihood ratios for the pairs of a run, each from a model that knows neither firearm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.validation.figures import Pairs
from app.validation.ledger import Pair, Row
from correlation.likelihood import Bounds, Logistic, Population, features
from correlation.statistics import cllr, cllr_min

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """Log10 likelihood ratios of all pairs, or the sentence why there are none.

    ``same`` and ``different`` are bounded; ``open_same`` and ``open_different`` are not.
    """

    sentence: str
    by_pair: dict[Pair, float] = field(default_factory=dict)
    same: Numbers = field(default_factory=lambda: np.zeros(0))
    different: Numbers = field(default_factory=lambda: np.zeros(0))
    open_same: Numbers = field(default_factory=lambda: np.zeros(0))
    open_different: Numbers = field(default_factory=lambda: np.zeros(0))
    bounds: Bounds | None = None
    model: Logistic | None = None

    @property
    def there(self) -> bool:
        """Whether the population carried them."""
        return not self.sentence

    def figures(self) -> dict[str, Any]:
        """For the summary."""
        if self.bounds is None or self.model is None:
            return {"sentence": self.sentence}
        least = cllr_min(self.open_same, self.open_different)
        cost = cllr(self.same, self.different)
        return {
            "sentence": "",
            "cllr": round(cost, 6),
            "cllr_min": round(least, 6),
            "cllr_cal": round(cost - least, 6),
            "cllr_without_bounds": round(cllr(self.open_same, self.open_different), 6),
            "lowest_log10": round(self.bounds.low, 4),
            "highest_log10": round(self.bounds.high, 4),
            "misleading_same": int(np.count_nonzero(self.same < 0)),
            "misleading_different": int(np.count_nonzero(self.different > 0)),
            "strongest_misleading_same": round(float(min(self.same.min(), 0.0)), 4),
            "strongest_misleading_different": round(float(max(self.different.max(), 0.0)), 4),
            "features": ["logit of (congruent_cells + 0.5) / (cells + 1)", "atanh of ccf"],
            "model": self.model.as_dict(),
        }


def ratios_of(pairs: Pairs) -> Ratios:
    """Held out by firearm; a firearm that is not known is in no model anyway."""
    counted = [*pairs.same, *pairs.different]
    if not pairs.judged:
        return Ratios("No likelihood ratios: there are no pairs whose truth is known.")
    guns = [_guns(pairs, row) for row in counted]
    population = Population.of(_features(counted), [(str(a), str(b)) for a, b in guns])
    if population.refusal():
        return Ratios(population.refusal())
    opened, hold = population.held_out(), population.bounds.hold
    numbers = {row.pair: float(v) for row, v in zip(counted, hold(opened), strict=True)}
    numbers |= _of_unknown(pairs, population)
    at = len(pairs.same)
    return Ratios(
        "",
        numbers,
        hold(opened[:at]),
        hold(opened[at:]),
        opened[:at],
        opened[at:],
        population.bounds,
        population.model(),
    )


def _of_unknown(pairs: Pairs, population: Population) -> dict[Pair, float]:
    """For pairs without truth: by the model without the one firearm that is known, if any."""
    names = sorted({g for row in [*pairs.same, *pairs.different] for g in _guns(pairs, row) if g})
    found: dict[Pair, float] = {}
    models: dict[frozenset[str], Logistic] = {}
    for row in pairs.unknown:
        known = frozenset(g for g in _guns(pairs, row) if g in names)
        if known not in models:
            models[known] = population.model(np.array([name in known for name in names]))
        ratio = models[known].log10_lr(_features([row]))
        found[row.pair] = float(population.bounds.hold(ratio)[0])
    return found


def _guns(pairs: Pairs, row: Row) -> tuple[str | None, str | None]:
    return pairs.truth.gun(row.file_a), pairs.truth.gun(row.file_b)


def _features(rows: Sequence[Row]) -> Numbers:
    return features(
        [row.congruent_cells for row in rows],
        [row.cells for row in rows],
        [row.ccf for row in rows],
    )
