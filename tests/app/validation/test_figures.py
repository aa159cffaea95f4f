"""From rows to figures, likelihood ratios and pages."""

from __future__ import annotations

import numpy as np
import pytest

from app.validation.figures import Pairs, measure_figures, overlaps, ranking
from app.validation.ledger import Row
from app.validation.plots import degradation_charts, floor_of, population_charts, ratio_charts
from app.validation.ratios import ratios_of
from app.validation.truth import Truth
from correlation.likelihood import Population, features
from tests.app.validation.validation_parts import made_up

NAMES = ("congruent_cells", "cells", "ccf")


def pairs(firearms: int = 7, each: int = 3, apart: float = 6.0, seed: int = 0) -> Pairs:
    rows, truth = made_up(firearms, each, apart, seed)
    return Pairs.of(rows, list(truth.guns), truth)


def test_pairs_are_split_by_truth() -> None:
    rows, truth = made_up(3, 2)
    guns = dict(truth.guns) | {"g00-0.x3p": None}
    split = Pairs.of(rows, sorted(guns), Truth(guns))
    assert (len(split.same), len(split.different), len(split.unknown)) == (2, 8, 5)
    only = Pairs.of(rows, ["g00-0.x3p", "g00-1.x3p", "g01-0.x3p"], truth)
    assert (len(only.same), len(only.different)) == (1, 2)


def test_separated_scores() -> None:
    found = measure_figures(pairs(apart=30), "score")
    assert (found["auc"], found["eer"], found["tpr_at_zero_false"], found["top1"]) == (1, 0, 1, 1)
    assert found["gap"] > 0 and found["queries"] == 21 and found["match_curve"] == [1.0]
    assert found["false_positive_bound"] == pytest.approx(1 - 0.05 ** (1 / 21), abs=1e-6)


def test_overlapping_scores_have_intervals() -> None:
    found = measure_figures(pairs(apart=2, firearms=10), "ccf")
    for name in ("auc", "eer", "tpr_at_fpr_1_percent", "tpr_at_zero_false", "top1"):
        low, high = found[f"{name}_interval"]
        assert low <= found[name] <= high and low < high
    assert found["gap"] < 0
    assert found["match_curve"] == sorted(found["match_curve"])
    assert found["match_curve"][-1] == 1.0


def test_ties_count_against_the_mate() -> None:
    truth = Truth({"a": "x", "b": "x", "c": "y", "d": "y"})
    level = {("a", "b"): 0.4, ("c", "d"): 0.9, ("a", "c"): 0.4}
    names = "abcd"
    rows = {
        (p, q): Row(p, q, level.get((p, q), 0.1), 20, 0, 0.0, 0.0)
        for i, p in enumerate(names)
        for q in names[i + 1 :]
    }
    split = Pairs.of(rows, list(names), truth)
    ranked = ranking(split, "score")
    assert ranked.ranks == {"a": 2, "b": 1, "c": 1, "d": 1}
    assert ranked.rivals == {"a": "c"} and ranked.first == 3
    assert ranked.curve() == [0.75, 1.0]
    told = overlaps(split)
    assert [one["file_b"] for one in told["same_not_above_different"]] == ["b"]
    assert told["different_not_below_same_count"] == 1
    assert told["not_first"] == [{"query": "a", "mate_rank": 2, "first": "c"}]


def test_ratios_are_held_out_bounded_and_for_unknown_pairs_too() -> None:
    rows, truth = made_up(8, 3, apart=4)
    guns = dict(truth.guns) | {"g07-0.x3p": None}
    split = Pairs.of(rows, sorted(guns), Truth(guns))
    found = ratios_of(split)
    assert found.there and found.bounds is not None
    assert set(found.by_pair) == set(rows)
    assert min(found.by_pair.values()) >= found.bounds.low
    assert max(found.by_pair.values()) <= found.bounds.high
    figures = found.figures()
    assert figures["cllr"] == pytest.approx(figures["cllr_min"] + figures["cllr_cal"], abs=2e-6)
    assert figures["cllr"] < 0.6

    unknown = next(row for row in split.unknown if row.file_a == "g00-0.x3p")
    others = [r for r in (*split.same, *split.different) if "g00" not in r.file_a + r.file_b]
    population = Population.of(
        features(*(np.array([getattr(r, n) for r in others]) for n in NAMES)),
        [(str(guns[r.file_a]), str(guns[r.file_b])) for r in others],
    )
    own = population.model().log10_lr(features(*([getattr(unknown, n)] for n in NAMES)))
    expected = float(found.bounds.hold(own)[0])
    assert found.by_pair[unknown.pair] == pytest.approx(expected)


def test_a_small_population_has_a_sentence_instead() -> None:
    found = ratios_of(pairs(firearms=3))
    assert not found.there and found.by_pair == {}
    assert "from 3 firearms" in found.figures()["sentence"]


def test_charts_are_drawn_within_their_frames() -> None:
    split = pairs(apart=2)
    found = ratios_of(split)
    harms = [
        {"degradation": n, "auc_score": 1.0, "auc_baseline": b, "top1_score": 1, "top1_baseline": b}
        for n, b in (("none", 0.99), ("crop", 0.81))
    ]
    charts = [*population_charts(split), *ratio_charts(found), *degradation_charts(harms)]
    assert len(charts) == 9
    for chart in charts:
        left, bottom, right, top = chart.getBounds()
        assert left >= -1 and bottom >= -1
        assert right <= chart.width + 1 and top <= chart.height + 1


def test_axes_of_shares_begin_below_the_least() -> None:
    assert [floor_of(v) for v in (1.0, 0.91, 0.6, 0.2)] == [0.9, 0.8, 0.5, 0.0]
