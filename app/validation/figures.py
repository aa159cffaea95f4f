"""What the scores of a run amount to, for the files of one kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.validation.ledger import Pair, Row
from app.validation.truth import Truth
from correlation.errors import CorrelationError
from correlation.statistics import (
    Interval,
    Roc,
    Sources,
    bootstrap,
    roc,
    rule_of_three,
    source_counts,
    wilson,
)

Numbers = NDArray[np.float64]
MEASURES: Final = ("score", "ccf", "congruent_cells")
BASELINE: Final = "baseline"
RANKS: Final = 50
MANY_PAIRS: Final = 20_000
LONGEST_LIST: Final = 40
SEED: Final = 20_260_101


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """The pairs of one kind whose truth is known, split by it."""

    same: tuple[Row, ...]
    different: tuple[Row, ...]
    unknown: tuple[Row, ...]
    truth: Truth

    @classmethod
    def of(cls, rows: Mapping[Pair, Row], names: Sequence[str], truth: Truth) -> Pairs:
        """Of the files called ``names``."""
        held = set(names)
        own = [rows[pair] for pair in sorted(rows) if held.issuperset(pair)]
        split: dict[bool | None, list[Row]] = {True: [], False: [], None: []}
        for row in own:
            split[truth.same(*row.pair)].append(row)
        return cls(tuple(split[True]), tuple(split[False]), tuple(split[None]), truth)

    @property
    def sources(self) -> Sources:
        """The firearms behind the pairs."""
        gun = self.truth.guns
        return Sources.of(
            [str(gun[row.file_a]) for row in self.same],
            [(str(gun[row.file_a]), str(gun[row.file_b])) for row in self.different],
        )

    @property
    def judged(self) -> bool:
        """Whether there are pairs of both sorts, so that rates can be told."""
        return bool(self.same and self.different)


@dataclass(frozen=True, slots=True)
class Ranking:
    """Where the first mate stands among the different ones, for each mark that has a mate.

    A different mark with the score of the best mate stands before it.
    """

    ranks: Mapping[str, int]
    rivals: Mapping[str, str]

    @property
    def first(self) -> int:
        """Queries whose mate comes first."""
        return sum(rank == 1 for rank in self.ranks.values())

    def curve(self) -> list[float]:
        """Share of the queries with a mate within ranks 1, 2, 3, ..."""
        ranks = np.array(list(self.ranks.values()))
        last = min(RANKS, int(ranks.max())) if ranks.size else 0
        return [round(float(np.mean(ranks <= k)), 6) for k in range(1, last + 1)]


def values(rows: Sequence[Row], measure: str) -> Numbers:
    """One measure of each row."""
    return np.array([getattr(row, measure) for row in rows], np.float64)


def ranking(pairs: Pairs, measure: str) -> Ranking:
    """Every mark with a mate asked of all others whose truth is known."""
    mates: dict[str, float] = {}
    for row in pairs.same:
        for name in row.pair:
            mates[name] = max(mates.get(name, -np.inf), getattr(row, measure))
    ranks = dict.fromkeys(sorted(mates), 1)
    worst: dict[str, tuple[float, str]] = {}
    for row in pairs.different:
        value = getattr(row, measure)
        for name, other in (row.pair, row.pair[::-1]):
            if name in mates and value >= mates[name]:
                ranks[name] += 1
                worst[name] = max(worst.get(name, (-np.inf, "")), (value, other))
    return Ranking(ranks, {name: other for name, (_, other) in worst.items()})


def measure_figures(pairs: Pairs, measure: str) -> dict[str, Any]:
    """The figures of one measure, for the summary; only counts where nothing can be judged.

    Intervals are by resampling firearms. Where the two sorts do not overlap that gives nothing:
    the area has no interval then, and the equal error rate an upper bound from the number of
    independent sources (``separated_bound``).
    """
    same, different = values(pairs.same, measure), values(pairs.different, measure)
    found: dict[str, Any] = {"same": len(same), "different": len(different)}
    if not pairs.judged:
        return found
    curve = roc(same, different)
    intervals = _intervals(pairs, same, different)
    for name, figure in _RATES.items():
        found[name] = round(figure(curve), 6)
        found[f"{name}_interval"] = _pair(intervals.get(name))
    if same.min() > different.max():
        found["auc_interval"] = None
        found["eer_interval"] = [0.0, round(separated_bound(pairs), 6)]
    found |= {
        "lowest_same": float(same.min()),
        "highest_different": float(different.max()),
        "gap": round(float(same.min() - different.max()), 6),
        "false_positive_bound": round(rule_of_three(source_counts(pairs.sources).source_pairs), 6),
    }
    return found | ranking_figures(ranking(pairs, measure))


def rounds_for(count: int) -> int:
    """How many times so many pairs are resampled."""
    return 1000 if count <= MANY_PAIRS else 200


def separated_bound(pairs: Pairs) -> float:
    """How high the equal error rate may yet be (95 %) where none was seen.

    The rule of three for misses, on firearms with pairs of their own, and for false positives, on
    distinct pairs of two firearms, each at 97.5 % so that both hold at once; the larger counts.
    """
    found = source_counts(pairs.sources)
    return max(rule_of_three(n, 0.975) for n in (found.with_mates, found.source_pairs))


def ranking_figures(found: Ranking) -> dict[str, Any]:
    """The part that tells how searches would go."""
    queries = len(found.ranks)
    return {
        "queries": queries,
        "mate_first": found.first,
        "top1": round(found.first / queries, 6),
        "top1_interval": _pair(wilson(found.first, queries)),
        "match_curve": found.curve(),
    }


def counts(pairs: Pairs) -> dict[str, int]:
    """How many pairs and firearms there are."""
    found = source_counts(pairs.sources)
    return {
        "pairs": len(pairs.same) + len(pairs.different) + len(pairs.unknown),
        "same": len(pairs.same),
        "different": len(pairs.different),
        "not_counted": len(pairs.unknown),
        "firearms": found.firearms,
        "firearms_with_mates": found.with_mates,
        "source_pairs": found.source_pairs,
    }


def wrong_side(pairs: Pairs, measure: str) -> tuple[list[Row], list[Row]]:
    """The pairs of one firearm that are not above every pair of two, the lowest first, and those
    of two that are not below every pair of one, the highest first."""
    if not pairs.judged:
        return [], []
    same, different = values(pairs.same, measure), values(pairs.different, measure)
    low = [row for row in pairs.same if getattr(row, measure) <= different.max()]
    high = [row for row in pairs.different if getattr(row, measure) >= same.min()]
    low.sort(key=lambda row: getattr(row, measure))
    high.sort(key=lambda row: -getattr(row, measure))
    return low, high


def overlaps(pairs: Pairs, measure: str = "score") -> dict[str, Any]:
    """The pairs that stand on the wrong side: the honest list."""
    low, high = wrong_side(pairs, measure)
    ranked = ranking(pairs, measure)
    return {
        "same_not_above_different": [_told(row) for row in low[:LONGEST_LIST]],
        "same_not_above_different_count": len(low),
        "different_not_below_same": [_told(row) for row in high[:LONGEST_LIST]],
        "different_not_below_same_count": len(high),
        "not_first": [
            {"query": name, "mate_rank": rank, "first": ranked.rivals[name]}
            for name, rank in ranked.ranks.items()
            if rank > 1
        ],
    }


_RATES: Final[dict[str, Callable[[Roc], float]]] = {
    "auc": lambda curve: curve.auc,
    "eer": lambda curve: curve.eer,
    "tpr_at_fpr_1_percent": lambda curve: curve.tpr_at(0.01),
    "tpr_at_zero_false": lambda curve: curve.tpr_at(0.0),
}


def _intervals(pairs: Pairs, same: Numbers, different: Numbers) -> dict[str, Interval]:
    rounds = rounds_for(len(same) + len(different))
    try:
        found = bootstrap(same, different, pairs.sources, list(_RATES.values()), rounds, SEED)
    except CorrelationError:
        return {}
    return dict(zip(_RATES, found, strict=True))


def _pair(interval: Interval | None) -> list[float] | None:
    return None if interval is None else [round(interval.low, 6), round(interval.high, 6)]


def _told(row: Row) -> dict[str, Any]:
    return {
        "file_a": row.file_a,
        "file_b": row.file_b,
        "score": row.score,
        "congruent_cells": row.congruent_cells,
        "cells": row.cells,
        "ccf": row.ccf,
    }
