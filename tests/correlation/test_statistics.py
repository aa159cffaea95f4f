"""Figures of merit, against their definitions, closed forms and published scores."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from correlation.errors import CorrelationError
from correlation.statistics import (
    Sources,
    auc,
    bootstrap,
    bootstrap_ratios,
    cllr,
    cllr_min,
    ece,
    ece_curve,
    eer,
    pav,
    pav_log10_lr,
    roc,
    rule_of_three,
    source_counts,
    tippett,
    tpr_at_fpr,
    tpr_without_false,
    wilson,
)

SCORES = Path(__file__).parents[3] / "shared" / "data" / "scores"
numbers = st.lists(st.integers(-6, 6).map(float), min_size=1, max_size=25)


def published(name: str, measure: str) -> tuple[np.ndarray, np.ndarray]:
    """Scores of same and of different firearms from one of the published tables."""
    path = SCORES / f"nfi-{name}.csv"
    if not path.is_file():
        pytest.skip("the published scores are not beside the checkout")
    with path.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    values = np.array([float(row[measure]) for row in rows])
    same = np.array([row["hypothesis"] == "1" for row in rows])
    return values[same], values[~same]


@given(numbers, numbers)
def test_auc_is_the_chance_of_ranking_right(same: list[float], different: list[float]) -> None:
    wins = [(a > b) + 0.5 * (a == b) for a in same for b in different]
    assert auc(same, different) == pytest.approx(np.mean(wins))
    assert auc(same, different) + auc(different, same) == pytest.approx(1)


@given(numbers, numbers)
def test_a_monotone_change_of_scores_changes_nothing(same: list[float], other: list[float]) -> None:
    changed = np.exp(np.array(same) / 3), np.exp(np.array(other) / 3)
    for figure in (auc, eer, tpr_without_false, cllr_min):
        assert figure(same, other) == pytest.approx(figure(*changed))


@given(numbers, numbers)
def test_the_curve_is_what_its_thresholds_do(same: list[float], different: list[float]) -> None:
    curve = roc(same, different)
    for fpr, tpr, threshold in zip(curve.fpr, curve.tpr, curve.thresholds, strict=True):
        assert tpr == pytest.approx(np.mean(np.array(same) >= threshold))
        assert fpr == pytest.approx(np.mean(np.array(different) >= threshold))
    assert (curve.fpr[0], curve.tpr[0], curve.fpr[-1], curve.tpr[-1]) == (0, 0, 1, 1)


@given(numbers, numbers, st.floats(0, 1))
def test_rates_at_a_threshold(same: list[float], different: list[float], allowed: float) -> None:
    above = np.mean([a > max(different) for a in same])
    assert tpr_without_false(same, different) == pytest.approx(above)
    best = max(
        (
            np.mean(np.array(same) >= t)
            for t in [*same, *different]
            if np.mean(np.array(different) >= t) <= allowed + 1e-12
        ),
        default=0.0,
    )
    assert tpr_at_fpr(same, different, allowed) == pytest.approx(best)


@given(numbers, numbers)
def test_equal_error_rate_lies_where_the_errors_cross(
    same: list[float], other: list[float]
) -> None:
    curve, rate = roc(same, other), eer(same, other)
    assert 0 <= rate <= 1
    assert np.interp(rate, curve.fpr, curve.tpr) == pytest.approx(1 - rate, abs=1e-9) or (
        rate in curve.fpr
    )


def test_equal_error_rate_in_plain_cases() -> None:
    assert eer([2, 3], [0, 1]) == 0
    assert eer([0, 1], [2, 3]) == 1
    assert eer([1, 1], [1, 1]) == pytest.approx(0.5)
    assert eer([1, 3, 3, 3], [0, 0, 0, 2]) == pytest.approx(0.25)


def test_whole_weights_are_repetitions() -> None:
    same, different = np.array([1.0, 4, 2]), np.array([0.0, 3, 1, 1])
    often, much = np.array([1, 2, 0]), np.array([3, 1, 0, 2])
    weighted = roc(same, different, often, much)
    repeated = roc(np.repeat(same, often), np.repeat(different, much))
    assert weighted.auc == pytest.approx(repeated.auc)
    assert weighted.eer == pytest.approx(repeated.eer)
    assert weighted.tpr_at(0.2) == pytest.approx(repeated.tpr_at(0.2))


def test_what_cannot_be_counted_is_refused_in_words() -> None:
    with pytest.raises(CorrelationError, match="pairs of two firearms"):
        auc([1.0], [])
    with pytest.raises(CorrelationError, match="no number"):
        auc([1.0, np.nan], [0.0])
    with pytest.raises(CorrelationError, match="pairs of two firearms"):
        cllr([], [1.0])
    with pytest.raises(CorrelationError, match="no proportion"):
        wilson(3, 2)


def test_wilson_interval() -> None:
    middle = wilson(50, 100)
    assert (middle.low, middle.high) == pytest.approx((0.40383, 0.59617), abs=1e-5)
    none, all_of = wilson(0, 20), wilson(20, 20)
    assert (none.low, all_of.high) == (0, 1)
    assert none.high == pytest.approx(1 - all_of.low) == pytest.approx(0.16113, abs=1e-5)
    assert wilson(0, 0).high == 1


@given(st.integers(0, 60), st.integers(0, 60))
def test_wilson_interval_holds_the_share(successes: int, failures: int) -> None:
    trials = successes + failures
    found = wilson(successes, trials)
    assert 0 <= found.low <= found.high <= 1
    if trials:
        assert found.low <= successes / trials <= found.high


def test_rule_of_three() -> None:
    assert rule_of_three(55) == pytest.approx(0.053, abs=5e-4)
    assert rule_of_three(3000) == pytest.approx(3 / 3000, rel=2e-3)
    assert rule_of_three(0) == 1


def test_sources_behind_pairs() -> None:
    counts = source_counts(
        Sources.of(["a", "a", "b"], [("a", "b"), ("b", "a"), ("a", "c"), ("a", "b")])
    )
    assert (counts.firearms, counts.with_mates, counts.source_pairs) == (3, 2, 2)


def population(firearms: int, each: int, seed: int) -> tuple[np.ndarray, np.ndarray, Sources]:
    """Scores in which each firearm has a level of its own, so that its pairs go together."""
    random = np.random.default_rng(seed)
    level = random.normal(0, 1, firearms)
    cases = np.repeat(np.arange(firearms), each)
    left, right = np.triu_indices(cases.size, 1)
    a, b = cases[left], cases[right]
    scores = 1.5 * (a == b) + 0.7 * (level[a] + level[b]) + 0.3 * random.normal(size=a.size)
    own = a == b
    pairs = [(str(x), str(y)) for x, y in zip(a[~own], b[~own], strict=True)]
    return scores[own], scores[~own], Sources.of([str(x) for x in a[own]], pairs)


def test_bootstrap_knows_that_pairs_share_firearms() -> None:
    same, different, sources = population(8, 4, seed=3)
    area = [lambda curve: curve.auc]
    (found,) = bootstrap(same, different, sources, area, rounds=300, seed=1)
    (again,) = bootstrap(same, different, sources, area, rounds=300, seed=1)
    assert found == again
    assert found.low < auc(same, different) < found.high
    alone = Sources.of(
        [f"s{i}" for i in range(len(same))],
        [(f"a{i}", f"b{i}") for i in range(len(different))],
    )
    (naive,) = bootstrap(same, different, alone, area, rounds=300, seed=1)
    assert found.high - found.low > 1.3 * (naive.high - naive.low)


def test_intervals_of_ratios_weigh_pairs_by_their_firearms() -> None:
    random = np.random.default_rng(3)
    guns = 6
    pairs = [(a, b) for a in range(guns) for b in range(a)]
    sources = Sources.of([g for g in range(guns) for _ in range(3)], pairs)
    same, different = random.normal(1, 1, 3 * guns), random.normal(-1, 1, len(pairs))
    found = bootstrap_ratios(same, different, sources, rounds=200, seed=7)

    again, drawn = np.random.default_rng(7), []
    while len(drawn) < 200:
        times = np.bincount(again.integers(0, guns, guns), minlength=guns)
        other = np.repeat(different, [times[a] * times[b] for a, b in pairs])
        if other.size:
            own = np.repeat(same, np.repeat(times, 3))
            drawn.append([cllr(own, other), np.mean(own < 0), np.mean(other > 0)])
    expected = np.percentile(drawn, [2.5, 97.5], axis=0).T
    told = (found.cllr, found.misleading_same, found.misleading_different)
    assert np.allclose([[one.low, one.high] for one in told], expected)
    assert found.cllr.low < cllr(same, different) < found.cllr.high
    with pytest.raises(CorrelationError, match="Too few firearms"):
        bootstrap_ratios([1.0], [], Sources.of(["a"], []), rounds=20)


def test_bootstrap_of_separated_scores_is_a_point_and_of_one_firearm_refused() -> None:
    same, different, sources = population(6, 3, seed=5)
    area, rate = bootstrap(
        same + 100, different, sources, [lambda c: c.auc, lambda c: c.eer], rounds=50
    )
    assert (area.low, area.high, rate.low, rate.high) == (1, 1, 0, 0)
    with pytest.raises(CorrelationError, match="Too few firearms"):
        bootstrap([1.0], [], Sources.of(["a"], []), [lambda c: c.auc], rounds=20)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=12))
def test_pav_is_the_nearest_rising_sequence(values: list[float]) -> None:
    found = pav(values)
    assert (np.diff(found) >= -1e-12).all()
    # min-max formula of isotonic regression
    target = np.array(values)
    n = len(values)
    exact = [
        max(min(target[i : j + 1].mean() for j in range(at, n)) for i in range(at + 1))
        for at in range(n)
    ]
    assert found == pytest.approx(exact, abs=1e-9)


def test_pav_weights_are_repetitions() -> None:
    values, often = np.array([3.0, 1, 2, 0, 5]), np.array([1, 2, 1, 3, 1])
    repeated = pav(np.repeat(values, often))
    assert np.repeat(pav(values, often), often) == pytest.approx(repeated)


def test_cllr_closed_forms() -> None:
    assert cllr([0.0], [0.0, 0.0]) == pytest.approx(1)
    assert cllr([1.0], [-1.0]) == pytest.approx(np.log2(1.1))
    assert cllr([50.0], [-50.0]) == pytest.approx(0, abs=1e-12)
    assert cllr([-3.0], [3.0]) == pytest.approx(np.log2(1001))
    assert np.isinf(cllr([-np.inf], [0.0]))


@given(numbers, numbers)
def test_least_cllr_is_least(same: list[float], different: list[float]) -> None:
    least = cllr_min(same, different)
    assert 0 <= least <= 1 + 1e-12
    assert least <= cllr(same, different) + 1e-9
    recalibrated = [np.array(v) * 0.3 + 0.1 for v in (same, different)]
    assert least <= cllr(*recalibrated) + 1e-9


def test_ratios_by_pav_of_counted_scores() -> None:
    same, different = pav_log10_lr([2.0, 2, 2, 1], [1.0, 1, 0, 2])
    assert same == pytest.approx(np.log10([3, 3, 3, 0.5]))
    assert different[:2] == pytest.approx(np.log10([0.5, 0.5]))
    assert np.isneginf(different[2])


def test_empirical_cross_entropy() -> None:
    same, different = [1.0, 0.2, -0.3], [-1.0, 0.1]
    assert ece(same, different, [0.0])[0] == pytest.approx(cllr(same, different))
    prior = 10 / 11
    neutral = -prior * np.log2(prior) - (1 - prior) * np.log2(1 - prior)
    assert ece([0.0], [0.0], [1.0])[0] == pytest.approx(neutral)
    given_, best, reference = ece_curve(same, different)
    assert (best.y <= given_.y + 1e-9).all() and (best.y <= reference.y + 1e-9).all()


def test_tippett_counts_ratios_at_or_above() -> None:
    curve = tippett([1.0, -1, 1, 3])
    assert curve.x.tolist() == [-1, 1, 3]
    assert curve.y.tolist() == [1, 0.75, 0.25]


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "measure", "area", "rate", "clean"),
    [
        ("breech-face-impression", "cmc", 0.954, 0.092, 0.835),
        ("breech-face-impression", "accf", 0.932, 0.139, None),
        ("firing-pin-impression", "cmc", 0.998, 0.0044, 0.98),
        ("firing-pin-impression", "accf", 0.986, 0.028, None),
        ("aperture-shear", "ccf", 0.9997, 0.0063, None),
    ],
)
def test_published_scores(
    name: str, measure: str, area: float, rate: float, clean: float | None
) -> None:
    same, different = published(name, measure)
    assert auc(same, different) == pytest.approx(area, abs=6e-4)
    # conventions between two thresholds differ; one pair of 196 is .005
    assert eer(same, different) == pytest.approx(rate, abs=3e-3)
    if clean is not None:
        assert tpr_without_false(same, different) == pytest.approx(clean, abs=6e-3)


@pytest.mark.real_data
def test_published_rate_at_one_per_cent() -> None:
    same, different = published("breech-face-impression", "accf")
    assert tpr_at_fpr(same, different, 0.01) == pytest.approx(0.61, abs=6e-3)
