"""From rows to figures, likelihood ratios and pages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from reportlab.platypus import Paragraph

from app.validation.figures import MEASURES, Pairs, measure_figures, overlaps, ranking
from app.validation.ledger import Pair, Row
from app.validation.overview import overview_rows
from app.validation.plots import degradation_charts, floor_of, population_charts, ratio_charts
from app.validation.ratios import ratios_of
from app.validation.report import ratios_in_words
from app.validation.truth import Truth
from correlation.likelihood import Bounds, Population, features
from correlation.statistics import ece_curve
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
    assert found["auc_interval"] is None
    assert found["eer_interval"] == [0.0, pytest.approx(1 - 0.025 ** (1 / 7), abs=1e-6)]


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
    best = ece_curve(found.same, found.different)[1]
    assert figures["cllr_min"] == pytest.approx(float(np.interp(0.0, best.x, best.y)), abs=1e-6)

    unknown = next(row for row in split.unknown if row.file_a == "g00-0.x3p")
    others = [r for r in (*split.same, *split.different) if "g00" not in r.file_a + r.file_b]
    population = Population.of(
        features(*(np.array([getattr(r, n) for r in others]) for n in NAMES)),
        [(str(guns[r.file_a]), str(guns[r.file_b])) for r in others],
    )
    own = population.model().log10_lr(features(*([getattr(unknown, n)] for n in NAMES)))
    expected = float(found.bounds.hold(own)[0])
    assert found.by_pair[unknown.pair] == pytest.approx(expected)


def held_out(rows: dict[Pair, Row], truth: Truth) -> dict[Pair, float]:
    """The ratios of all pairs before bounds."""
    split = Pairs.of(rows, list(truth.guns), truth)
    found = ratios_of(split)
    ratios = [*found.open_same, *found.open_different]
    counted = [*split.same, *split.different]
    return {row.pair: float(v) for row, v in zip(counted, ratios, strict=True)}


def test_no_ratio_knows_its_pair_or_other_pairs_of_its_firearms() -> None:
    rows, truth = made_up(8, 3, apart=3)
    before = held_out(rows, truth)
    own = {"gun 02", "gun 05"}
    turned = {
        pair: replace(row, ccf=-row.ccf, congruent_cells=20 - row.congruent_cells)
        if own & {truth.gun(name) for name in pair} and pair != ("g02-0.x3p", "g05-0.x3p")
        else row
        for pair, row in rows.items()
    }
    after = held_out(turned, truth)
    pair = ("g02-0.x3p", "g05-0.x3p")
    assert after[pair] == pytest.approx(before[pair], abs=1e-9)
    other = ("g00-0.x3p", "g01-0.x3p")
    assert abs(after[other] - before[other]) > 0.01


def test_ratios_of_labels_drawn_by_chance_say_nothing() -> None:
    rows, truth = made_up(10, 3, apart=0)
    found = ratios_of(Pairs.of(rows, list(truth.guns), truth))
    assert found.figures()["cllr"] > 0.9 and abs(np.mean(found.same)) < 0.1
    assert found.bounds == Bounds(0.0, 0.0) and found.figures()["cllr_interval"] is None


@pytest.mark.parametrize("apart", [1.5, 2, 4])
def test_ratios_have_intervals(apart: float) -> None:
    found = ratios_of(pairs(firearms=10, apart=apart)).figures()
    assert found["cllr_cal"] >= 0
    for name in ("cllr", "misleading_same_rate", "misleading_different_rate"):
        low, high = found[f"{name}_interval"]
        assert low <= found[name] <= high and low < high
    assert found["misleading_same_rate"] == pytest.approx(found["misleading_same"] / 30, abs=1e-6)


def test_where_no_ratio_misleads_there_is_an_upper_bound() -> None:
    found = ratios_of(pairs(firearms=8, apart=30)).figures()
    assert found["misleading_same"] == found["misleading_different"] == 0
    bounds = [found[f"misleading_{sort}_rate_interval"] for sort in ("same", "different")]
    assert bounds == [[0.0, pytest.approx(1 - 0.05 ** (1 / n), abs=1e-6)] for n in (8, 28)]


def test_intervals_of_ratios_are_told() -> None:
    split = pairs(firearms=8, apart=3)
    likelihood = ratios_of(split).figures()
    measures = {name: measure_figures(split, name) for name in MEASURES}
    one = {"kind": "scan", "measures": measures, "likelihood": likelihood, "not_compared": 0}
    (row,) = overview_rows("x", [one], {"casehead": {}})
    for name in ("cllr", "misleading_same_rate", "misleading_different_rate"):
        assert [row[f"{name}_low"], row[f"{name}_high"]] == likelihood[f"{name}_interval"]
        assert row[name] == likelihood[name]
    text = " ".join(p.text for p in ratios_in_words(likelihood) if isinstance(p, Paragraph))
    low, high = likelihood["cllr_interval"]
    assert f"Cllr {likelihood['cllr']:.3f} ({low:.3f}-{high:.3f})" in text
    assert "take the held-out models as fitted" in text and "a rate of" in text
    refused = one | {"likelihood": {"sentence": "Too few."}}
    (row,) = overview_rows("x", [refused], {"casehead": {}})
    assert row["cllr"] is None and row["cllr_low"] is None


def test_a_small_population_has_a_sentence_instead() -> None:
    found = ratios_of(pairs(firearms=3))
    assert not found.there and found.by_pair == {}
    assert "from 3 firearms" in found.figures()["sentence"]


def test_charts_are_drawn_within_their_frames() -> None:
    split = pairs(apart=2)
    found = ratios_of(split)
    harms = [
        {"condition": n, "casehead": {"auc": 1.0, "top1": 1}, "baseline": {"auc": b, "top1": b}}
        for n, b in (("none", 0.99), ("crop", 0.81))
    ]
    charts = [*population_charts(split, split), *ratio_charts(found), *degradation_charts(harms)]
    assert len(charts) == 9
    for chart in charts:
        left, bottom, right, top = chart.getBounds()
        assert left >= -1 and bottom >= -1
        assert right <= chart.width + 1 and top <= chart.height + 1


def test_axes_of_shares_begin_below_the_least() -> None:
    assert [floor_of(v) for v in (1.0, 0.91, 0.6, 0.2)] == [0.9, 0.8, 0.5, 0.0]
