"""Conditions side by side, pairs drawn by chance, words and tables for them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import pytest

from app.validation.figures import Pairs
from app.validation.ledger import Ledger, Pair, Row
from app.validation.overview import as_csv
from app.validation.robustness import (
    Harmed,
    completed,
    harm_rows,
    harm_table,
    worse_than_baseline,
)
from app.validation.sample import draw_in_words, drawn
from app.validation.study import Condition, Scored
from app.validation.truth import Truth
from app.validation.words import HARM_HEAD, harm_lines, with_interval
from tests.app.validation.validation_parts import made_up


def scored(rows: dict[Pair, Row]) -> Scored:
    """As a finished pass has them."""
    return Scored(Condition(Path()), Ledger(Path(), {}, {}, rows), (), 0, (), ())


@pytest.fixture(scope="module")
def study() -> tuple[dict[Pair, Row], Truth]:
    return made_up(6, 3, apart=30)


def digests(truth: Truth) -> dict[str, str]:
    return {name: f"digest of {name}" for name in truth.guns}


def test_a_draw_keeps_every_mate_and_grows(study: tuple[dict[Pair, Row], Truth]) -> None:
    rows, truth = study
    pairs = Pairs.of(rows, list(truth.guns), truth)
    few, more, whole = (drawn(pairs, digests(truth), n) for n in (10, 20, None))
    mates = {row.pair for row in pairs.same}
    assert mates < few < more < whole == frozenset(rows)
    assert (len(few), len(more)) == (len(mates) + 10, len(mates) + 20)
    assert few == drawn(pairs, digests(truth), 10)
    other = drawn(pairs, {name: name[::-1] for name in truth.guns}, 10)
    assert other != few
    assert draw_in_words(pairs, None) == draw_in_words(pairs, 10_000) == ""
    assert "Of the 135 pairs of two firearms 10 were drawn" in draw_in_words(pairs, 10)


def test_a_draw_does_not_hang_on_names(study: tuple[dict[Pair, Row], Truth]) -> None:
    rows, truth = study
    pairs = Pairs.of(rows, list(truth.guns), truth)
    few = drawn(pairs, digests(truth), 12)
    new = {name: f"{chr(200 - ord(name[2]))}-{name}" for name in truth.guns}
    renamed = Truth({new[name]: gun for name, gun in truth.guns.items()})
    swapped = {}
    for row in rows.values():
        pair = sorted((new[row.file_a], new[row.file_b]))
        swapped[pair[0], pair[1]] = Row(pair[0], pair[1], row.score, 20, 1, row.ccf, 0.0)
    own = {new[name]: digest for name, digest in digests(truth).items()}
    again = drawn(Pairs.of(swapped, list(new.values()), renamed), own, 12)
    assert again == {tuple(sorted((new[a], new[b]))) for a, b in few}


def conditions(study: tuple[dict[Pair, Row], Truth]) -> list[dict[str, Any]]:
    """A condition in which one mate could not be compared, and the plain one."""
    rows, truth = study
    gone = ("g00-0.x3p", "g00-1.x3p")
    fewer = {pair: row for pair, row in rows.items() if pair != gone}
    harmed = [Harmed("", scored(rows), scored(rows)), Harmed("crop", scored(fewer), scored(rows))]
    return list(harm_rows("scan", frozenset(rows), truth, harmed))


def test_what_was_not_compared_counts_as_missed(study: tuple[dict[Pair, Row], Truth]) -> None:
    plain, crop = conditions(study)
    assert plain["condition"] == "none" and plain["casehead"]["auc"] == 1
    assert plain["casehead"]["not_compared"] == 0 and plain["casehead"]["gap"] > 0
    assert crop["casehead"]["not_compared"] == 1
    assert crop["casehead"]["auc"] == pytest.approx(17 / 18, abs=1e-6)
    assert crop["casehead"]["gap"] is None and crop["casehead"]["gap_congruent_cells"] is None
    assert crop["casehead"]["mate_first"] == 18 and crop["baseline"]["auc"] == 1


def test_a_query_whose_every_mate_is_missing_is_not_first(
    study: tuple[dict[Pair, Row], Truth],
) -> None:
    rows, truth = study
    fewer = {pair: row for pair, row in rows.items() if "g00-0.x3p" not in pair}
    (row,) = harm_rows("scan", frozenset(rows), truth, [Harmed("", scored(fewer))])
    assert (row["casehead"]["mate_first"], row["casehead"]["queries"]) == (17, 18)
    assert "baseline" not in row
    assert len(completed(frozenset(rows), fewer, truth).same) == 18


def test_where_the_baseline_is_ahead_it_is_said(study: tuple[dict[Pair, Row], Truth]) -> None:
    rows = conditions(study)
    assert worse_than_baseline(rows) == ["scans, crop: AUC 0.9444 against 1.0000."]
    assert worse_than_baseline([{"kind": "scan", "condition": "none"}]) == []


def test_the_table_as_a_file(study: tuple[dict[Pair, Row], Truth]) -> None:
    text = as_csv(harm_table(conditions(study))).decode()
    plain, crop = csv.DictReader(io.StringIO(text))
    assert (plain["casehead_auc"], plain["casehead_auc_low"]) == ("1.0", "")
    assert float(plain["casehead_eer_high"]) > 0.3 and crop["casehead_gap"] == ""
    assert float(crop["casehead_auc_low"]) < 0.945 <= float(crop["casehead_auc_high"])
    assert "straight line" in crop["what"] and crop["baseline_not_compared"] == "0"


def test_lines_stand_side_by_side(study: tuple[dict[Pair, Row], Truth]) -> None:
    own, plain = harm_lines(conditions(study)[1])
    assert len(own) == len(plain) == len(HARM_HEAD)
    assert own[:2] == ("crop", "Casehead") and plain[:2] == ("", "baseline")
    assert own[4] == "18 of 18" and own[5] == "-" and own[6] == "1"
    assert harm_lines({"condition": "none"}) == []


def test_intervals_in_words() -> None:
    assert with_interval(0.5, None, 3) == with_interval(0.5, (0.5, 0.5), 3) == "0.500"
    assert with_interval(0.0, (0.0, 0.25), 3) == "0.000 (up to 0.250)"
    assert with_interval(0.1, (0.0, 0.25), 2) == "0.10 (0.00-0.25)"
