"""Comparisons by an examiner: where they start, what is kept, the conclusion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import pytest
from stand_in import StandIn, keep
from workbench_parts import AUTHOR, Heard

from app.domain import Alignment, CaseheadError
from app.matching import reversed_alignment
from app.workbench import Workbench
from app.workbench.scale import Draft, load_scale

pytestmark = pytest.mark.usefixtures("library")
FOUND = Alignment(10.0, (3.0, 4.0))
SURE = Draft("identification", "after cleaning", "", "", True, "J. Doe", "2024-03-30")


@pytest.fixture
def pair(workbench: Workbench) -> tuple[str, str]:
    return keep(workbench, 100), keep(workbench, 90)


def test_a_pair_no_search_found_starts_from_a_comparison_by_software(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = workbench.open_comparison(*pair)
    assert comparison.alignment == FOUND and comparison.candidate_id is None
    assert workbench.score_of(comparison) is None
    assert workbench.comparisons() == (), "it is recorded only when it is saved"


def test_a_candidate_gives_its_alignment_and_score(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    search = workbench.search(pair[0])
    candidate = workbench.candidates(search.id)[0].candidate
    given = workbench.open_comparison(*pair, candidate.id)
    assert given.alignment == FOUND and given.candidate_id == candidate.id
    assert workbench.score_of(given) == candidate.score
    assert workbench.open_comparison(*pair).candidate_id == candidate.id


def test_a_candidate_seen_from_the_other_side_is_turned(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    workbench.search(pair[0])
    turned = workbench.open_comparison(pair[1], pair[0])
    assert turned.alignment == reversed_alignment(FOUND)
    score = workbench.score_of(turned)
    assert score is not None and score.alignment == turned.alignment


def test_a_candidate_of_other_pictures_is_refused(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    search = workbench.search(pair[0])
    candidate = workbench.candidates(search.id)[0].candidate
    third = keep(workbench, 50)
    with pytest.raises(CaseheadError, match="other pictures"):
        workbench.open_comparison(pair[0], third, candidate.id)
    with pytest.raises(CaseheadError, match="with itself"):
        workbench.open_comparison(third, third)


def test_what_software_cannot_prepare_is_still_compared_by_eye(
    workbench: Workbench, library: StandIn, pair: tuple[str, str]
) -> None:
    library.refused = {90}
    assert workbench.open_comparison(*pair).alignment == Alignment()
    with pytest.raises(CaseheadError, match="too small"):
        workbench.compare(*pair)


def test_a_saved_comparison_comes_back_as_it_was_left(
    workbench: Workbench, pair: tuple[str, str]
) -> None:
    heard = Heard(workbench)
    fresh = workbench.open_comparison(*pair)
    nudged = replace(fresh, alignment=fresh.alignment.nudged(10, 0, 0.5), view={"cells": True})
    saved = workbench.save_comparison(nudged)
    assert heard.all.comparisons == {saved.id}
    assert workbench.open_comparison(*pair) == saved == nudged
    again = workbench.save_comparison(replace(fresh, id="0" * 32))
    assert again.id == saved.id and len(workbench.comparisons()) == 1


def test_conclusions_add_up_and_survive(
    opened: Callable[..., Workbench], workbench: Workbench, pair: tuple[str, str]
) -> None:
    comparison = workbench.open_comparison(*pair)
    doubtful = Draft("inconclusive-a", "  few marks ", examined_physically=False)
    with pytest.raises(CaseheadError, match="no comparison"):
        workbench.conclude(comparison.id, doubtful)
    workbench.save_comparison(comparison)
    first = workbench.conclude(comparison.id, doubtful)
    second = workbench.conclude(comparison.id, SURE)
    assert first.author == AUTHOR and first.recorded_at and first.reasons == "few marks"
    with pytest.raises(CaseheadError, match="no conclusion 'match'"):
        workbench.conclude(comparison.id, "match")
    workbench.close()
    assert opened().conclusions(comparison.id) == (first, second)


def test_the_scale_is_the_six_of_the_association(workbench: Workbench) -> None:
    scale = workbench.scale()
    assert scale == load_scale() and scale.name == "AFTE"
    assert [value.key for value in scale.values] == [
        "identification",
        "inconclusive-a",
        "inconclusive-b",
        "inconclusive-c",
        "elimination",
        "unsuitable",
    ]
    assert all(value.label and value.explanation.endswith(".") for value in scale.values)


def test_the_comparison_picture_is_written(
    workbench: Workbench, pair: tuple[str, str], tmp_path: Path
) -> None:
    workbench.search(pair[0])
    comparison = workbench.open_comparison(*pair)
    path = workbench.export_picture(comparison, tmp_path / "out" / "pair.png", (800, 500))
    assert cv2.imread(str(path)).shape == (500, 800, 3)
