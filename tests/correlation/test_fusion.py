"""Fusion of marks and specimens: its properties, and what it is worth on published scores."""

from __future__ import annotations

import csv
from dataclasses import replace
from math import isclose, nan
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from correlation.errors import CorrelationError
from correlation.fusion import DEFAULTS, Curve, MarkScore, fit, fuse, gather
from correlation.statistics.rates import roc

NFI = Path(__file__).parents[3] / "shared" / "data" / "scores"
SORTS = sorted(DEFAULTS)
SCORE = st.floats(0.0, 1.0)
MARK_SCORES = st.lists(
    st.builds(
        lambda sort, score, view: MarkScore(sort[0], sort[1], score, view),
        st.sampled_from(SORTS),
        SCORE,
        st.sampled_from(["ring", "side", ""]),
    ),
    max_size=8,
)


def test_nothing_compared_is_worth_nothing() -> None:
    fused = fuse([])
    assert fused.value == 0
    assert dict(fused.marks) == {}


@given(MARK_SCORES, st.randoms(use_true_random=False))
def test_the_order_of_scores_does_not_matter(scores: list[MarkScore], lot: object) -> None:
    shuffled = scores.copy()
    lot.shuffle(shuffled)  # type: ignore[attr-defined]
    assert fuse(shuffled) == fuse(scores)


@given(MARK_SCORES.filter(bool), st.data())
def test_it_never_falls_when_a_score_rises(scores: list[MarkScore], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(scores) - 1))
    higher = data.draw(st.floats(scores[number].score, 1.0))
    raised = scores.copy()
    raised[number] = replace(scores[number], score=higher)
    assert fuse(raised).value >= fuse(scores).value


@given(st.sampled_from(SORTS), st.integers(0, 10_000), st.integers(0, 10_000))
def test_one_mark_keeps_its_order(sort: tuple[str, str], first: int, second: int) -> None:
    kind, mark = sort
    low, high = sorted((first / 10_000, second / 10_000))
    values = [fuse([MarkScore(kind, mark, s)]).value for s in (low, high)]  # type: ignore[arg-type]
    assert (values[0] < values[1]) == (low < high)


@given(MARK_SCORES)
def test_a_mark_that_was_not_compared_changes_nothing(scores: list[MarkScore]) -> None:
    breech_faces = [one for one in scores if one.mark == "breech face"]
    whole = fuse(scores)
    assert isclose(
        whole.value - sum(v for mark, v in whole.marks.items() if mark != "breech face"),
        fuse(breech_faces).value,
        abs_tol=1e-9,
    )


def test_marks_add_lights_are_averaged_and_the_best_take_counts() -> None:
    ring = MarkScore("scan", "breech face", 0.40, "ring")
    side = MarkScore("scan", "breech face", 0.10, "side")
    pin = MarkScore("scan", "firing pin", 0.30)
    breech = DEFAULTS["scan", "breech face"]
    expected = (breech.evidence(0.40) + breech.evidence(0.10)) / 2
    assert isclose(fuse([ring, side]).value, expected)
    assert fuse([ring, replace(ring, score=0.05)]) == fuse([ring])
    both = fuse([ring, side, pin])
    assert isclose(both.value, expected + DEFAULTS["scan", "firing pin"].evidence(0.30))
    assert list(both.marks) == ["breech face", "firing pin"]


@given(st.sampled_from(SORTS), st.floats(-5, 5))
def test_no_mark_outweighs_its_bounds(sort: tuple[str, str], score: float) -> None:
    curve = DEFAULTS[sort]  # type: ignore[index]
    bounds = curve.bounds
    assert bounds.low - 0.13 <= curve.evidence(score) <= bounds.high + 0.13
    assert bounds.low < 0 < bounds.high


def test_what_cannot_be_fused_gets_a_sentence() -> None:
    with pytest.raises(CorrelationError, match="no number"):
        fuse([MarkScore("scan", "breech face", nan)])
    with pytest.raises(CorrelationError, match="no calibration"):
        fuse([MarkScore("scan", "breech face", 0.5)], curves={})
    with pytest.raises(CorrelationError, match="does not rise"):
        Curve(0.2, -1.0, 0.01, 0.01)
    with pytest.raises(CorrelationError, match="without specimens"):
        gather([])


def test_a_gun_ranks_by_the_mean_odds_of_its_specimens() -> None:
    gun = gather([-1.0, 2.5, 0.5])
    assert gun.value == pytest.approx(np.log10((10**-1 + 10**2.5 + 10**0.5) / 3))
    assert (gun.best, gun.supporting, gun.specimens) == (1, 2, 3)
    assert gather([2.5]).value == 2.5
    assert gather([1.0, 1.0]).best == 0


def test_one_good_specimen_carries_its_gun_and_chances_do_not() -> None:
    mate, stranger = 3.0, 0.3
    assert gather([mate, -2.0, -2.0, -2.0]).value > stranger
    assert gather([stranger]).value > gather([stranger, -1.0, -1.0, -1.0]).value


@settings(max_examples=30)
@given(st.lists(st.floats(-9, 9), min_size=1, max_size=9), st.data())
def test_a_gun_never_falls_when_a_specimen_rises(values: list[float], data: st.DataObject) -> None:
    number = data.draw(st.integers(0, len(values) - 1))
    raised = values.copy()
    raised[number] += data.draw(st.floats(0, 5))
    assert gather(raised).value >= gather(values).value - 1e-12
    assert gather(values[::-1]).value == gather(values).value
    best = max(values)
    assert best - np.log10(len(values)) - 1e-12 <= gather(values).value <= best + 1e-12


def test_a_curve_is_fitted_where_the_two_sorts_are_equally_frequent() -> None:
    rng = np.random.default_rng(3)
    curve = fit(rng.normal(0.7, 0.1, 4000), rng.normal(0.3, 0.1, 4000), 1000, 100_000)
    # two normal distributions of one spread: the log odds are a line of known slope
    assert curve.centre == pytest.approx(0.5, abs=0.01)
    assert curve.slope == pytest.approx(0.4 / 0.01, rel=0.1)
    assert fit([0.9], [0.1], 1, 1).evidence(0.9) > 0


def test_a_fit_refuses_what_is_no_population() -> None:
    with pytest.raises(CorrelationError, match="pairs of one and of two"):
        fit([], [0.1], 5, 10)
    with pytest.raises(CorrelationError, match="pairs of one and of two"):
        fit([0.5, nan], [0.1], 5, 10)
    with pytest.raises(CorrelationError, match="do not score higher"):
        fit([0.1], [0.5], 5, 10)


@pytest.mark.skipif(not NFI.is_dir(), reason="the published scores are not beside the checkout")
def test_published_marks_separate_better_together() -> None:
    marks = {mark: _published(mark) for mark in ("breech-face", "firing-pin")}
    curves = {}
    for mark, pairs in marks.items():
        same = [score for score, ours in pairs.values() if ours]
        different = [score for score, ours in pairs.values() if not ours]
        curves[mark] = fit(same, different, len(same), len(different))
    common = sorted(set.intersection(*(set(pairs) for pairs in marks.values())))
    ours = np.array([marks["firing-pin"][pair][1] for pair in common])
    odds = {
        mark: np.array([curves[mark].evidence(pairs[pair][0]) for pair in common])
        for mark, pairs in marks.items()
    }
    alone = [roc(v[ours], v[~ours]) for v in odds.values()]
    together = sum(odds.values())
    fused = roc(together[ours], together[~ours])  # type: ignore[index]
    assert len(common) == 681
    assert fused.auc > 0.9999 > max(drawn.auc for drawn in alone)
    assert fused.eer < 0.006 < min(drawn.eer for drawn in alone)


def _published(mark: str) -> dict[tuple[str, str], tuple[float, bool]]:
    found = {}
    with (NFI / f"nfi-{mark}-impression.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            pair = min(row["weapon1"], row["weapon2"]), max(row["weapon1"], row["weapon2"])
            score = (float(row["accf"]) / 100 + float(row["cmc"]) / float(row["n"])) / 2
            found[pair] = score, row["hypothesis"] == "1"
    return found
