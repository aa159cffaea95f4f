"""The charts of a validation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from app.validation.charts import (
    DIFFERENT_LINE,
    NEUTRAL_LINE,
    SAME_LINE,
    Chart,
    Ink,
    nice_ticks,
)
from app.validation.figures import MEASURES, Pairs, ranking, values
from app.validation.ratios import Ratios
from correlation.statistics import ece_curve, roc, tippett

INKS: Final = {
    "score": SAME_LINE,
    "ccf": Ink(SAME_LINE.colour, (1, 1), 1.2),
    "congruent_cells": Ink(NEUTRAL_LINE.colour, (1, 1), 1.2),
    "baseline": DIFFERENT_LINE,
}
NAMES: Final = {
    "score": "score",
    "ccf": "ccf",
    "congruent_cells": "congruent cells",
    "baseline": "plain baseline",
}
Numbers = NDArray[np.float64]


def population_charts(pairs: Pairs, baseline: Pairs | None = None) -> list[Any]:
    """Where the scores lie, how they tell apart and how searches go; with the plain baseline."""
    sets = {measure: (pairs, measure) for measure in MEASURES}
    if baseline is not None and baseline.judged:
        sets["baseline"] = (baseline, "ccf")
    return [
        _histogram(pairs, "score", "Score", 40),
        _histogram(pairs, "ccf", "Areal correlation (ccf)", 40),
        _cells(pairs),
        _roc(sets),
        _match_curve(sets),
    ]


def ratio_charts(ratios: Ratios) -> list[Any]:
    """What likelihood ratios say and cost."""
    return [_tippett(ratios), _ece(ratios)] if ratios.there else []


def degradation_charts(rows: Sequence[Mapping[str, Any]]) -> list[Any]:
    """What is lost, for the score and for the baseline."""
    told = [row for row in rows if "casehead" in row]
    return [
        _harms(told, "auc", "Area under the ROC curve"),
        _harms(told, "top1", "Searches with the mate first"),
    ]


def _histogram(pairs: Pairs, measure: str, title: str, bins: int) -> Any:
    same, different = values(pairs.same, measure), values(pairs.different, measure)
    both = np.concatenate([same, different])
    edges = np.linspace(min(0.0, both.min()), max(1.0, both.max()), bins + 1)
    return _shares(title, title.lower(), edges, same, different)


def _cells(pairs: Pairs) -> Any:
    same, different = (values(rows, "congruent_cells") for rows in (pairs.same, pairs.different))
    most = int(max(same.max(), different.max()))
    edges = np.arange(-0.5, max(most, 5) + 1)
    return _shares("Congruent cells", "congruent cells", edges, same, different, whole=True)


def _shares(
    title: str,
    name: str,
    edges: Numbers,
    same: Numbers,
    different: Numbers,
    whole: bool = False,
) -> Any:
    """Two histograms, each as shares of its own pairs."""
    first, second = (np.histogram(v, edges)[0] / v.size for v in (same, different))
    tallest = 1.15 * float(max(first.max(), second.max()))
    chart = Chart(
        f"{title}: one firearm, two firearms",
        (name, float(edges[0]), float(edges[-1])),
        ("share of the pairs", 0, tallest),
    )
    chart.bars(edges, second, DIFFERENT_LINE, f"two firearms ({different.size})", 0.55)
    chart.bars(edges, first, SAME_LINE, f"one firearm ({same.size})", 0.55)
    ticks = nice_ticks(float(edges[0]), float(edges[-1]), 8)
    chart.ticks_x([t for t in ticks if not whole or t == int(t)])
    return chart.drawing


def _roc(sets: Mapping[str, tuple[Pairs, str]]) -> Any:
    chart = Chart(
        "Receiver operating characteristic",
        ("false-positive rate", 0, 1),
        ("true-positive rate", 0, 1.02),
    )
    for offset, (name, (pairs, measure)) in enumerate(sets.items()):
        curve = roc(values(pairs.same, measure), values(pairs.different, measure))
        chart.lines(curve.fpr, curve.tpr, INKS[name])
        _legend_low(chart, offset, NAMES[name], INKS[name])
    chart.ticks_x(nice_ticks(0, 1))
    return chart.drawing


def _legend_low(chart: Chart, offset: int, name: str, ink: Ink) -> None:
    """A key in the lower right, where the curves of rates seldom are."""
    chart.key_at(0.98, 0.06 + 0.09 * offset, name, ink)


def _match_curve(sets: Mapping[str, tuple[Pairs, str]]) -> Any:
    curves = {name: ranking(*one).curve() for name, one in sets.items()}
    last = max(2, *(len(curve) for curve in curves.values()))
    low = floor_of(min(curve[0] for curve in curves.values()))
    chart = Chart(
        "Cumulative match curve",
        ("the mate is within the first ... ranks", 1, last),
        ("share of the searches", low, 1 + 0.02 * (1 - low)),
    )
    for offset, (measure, curve) in enumerate(curves.items()):
        full = [*curve, *[curve[-1]] * (last - len(curve))]
        chart.lines(np.arange(1, last + 1), full, INKS[measure])
        _legend_low(chart, offset, NAMES[measure], INKS[measure])
    chart.ticks_x([t for t in nice_ticks(1, last, 8) if t == int(t) and t >= 1])
    return chart.drawing


def _tippett(ratios: Ratios) -> Any:
    reach = 1.15 * max(abs(v) for v in (*ratios.same, *ratios.different, 0.1))
    chart = Chart(
        "Tippett: pairs with at least this likelihood ratio",
        ("log10 likelihood ratio", -reach, reach),
        ("share of the pairs", 0, 1.02),
    )
    chart.upright(0, NEUTRAL_LINE)
    sorts = (
        (ratios.different, DIFFERENT_LINE, "two firearms"),
        (ratios.same, SAME_LINE, "one firearm"),
    )
    for log10_lrs, ink, name in sorts:
        curve = tippett(log10_lrs)
        x, y = np.array([-reach, *curve.x, reach]), np.array([1.0, *curve.y, 0.0])
        chart.steps(x, y, ink)
        chart.key_at(0.47, 0.55 if ink is SAME_LINE else 0.46, name, ink)
    chart.ticks_x(nice_ticks(-reach, reach))
    return chart.drawing


def _ece(ratios: Ratios) -> Any:
    given, best, neutral = ece_curve(ratios.same, ratios.different)
    tallest = 1.2 * float(max(neutral.y.max(), min(given.y.max(), 2.0)))
    chart = Chart(
        "Empirical cross-entropy",
        ("prior log10 odds", float(given.x[0]), float(given.x[-1])),
        ("bits", 0, tallest),
    )
    chart.lines(neutral.x, neutral.y, NEUTRAL_LINE, "ratio of 1")
    chart.lines(best.x, best.y, DIFFERENT_LINE, "after best calibration")
    chart.lines(given.x, given.y, SAME_LINE, "as given")
    chart.ticks_x(nice_ticks(-2.5, 2.5))
    return chart.drawing


def _harms(rows: Sequence[Mapping[str, Any]], figure: str, title: str) -> Any:
    """A bar or a pair of bars for each condition: Casehead, and the baseline where it is there."""
    sides = [
        one
        for one in (
            ("casehead", SAME_LINE, -0.36, 0.84, "Casehead"),
            ("baseline", DIFFERENT_LINE, 0.0, 0.98, "plain baseline"),
        )
        if all(one[0] in row for row in rows)
    ]
    low = floor_of(min(row[side][figure] for row in rows for side, *_ in sides))
    chart = Chart(
        f"{title}, by condition (the axis begins at {low:g})",
        ("", -0.6, len(rows) - 0.4),
        ("", low, 1 + 0.22 * (1 - low)),
        (500, 150),
    )
    for side, ink, at, key, name in sides:
        for number, row in enumerate(rows):
            edges = [number + at, number + at + 0.36]
            chart.bars(edges, [row[side][figure]], ink, "", 0.75)
        chart.key_at(key, 0.93, name, ink)
    chart.ticks_x(range(len(rows)), lambda i: str(rows[int(i)]["condition"]))
    return chart.drawing


def floor_of(value: float) -> float:
    """A round number a good way below, so that small losses can be seen: 0, .5, .8 or .9."""
    return next((low for low in (0.9, 0.8, 0.5) if value >= low + 0.02), 0.0)
