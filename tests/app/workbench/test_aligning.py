"""Aligning a pair: near a placement, by an area, by landmarks; and why not, in a sentence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from workbench_parts import AUTHOR, frame, registration

from app.capture.bench import firearm_number, image_of
from app.capture.frame import Frame
from app.domain import Alignment, CaseheadError, MarkKind, Score, now
from app.matching.scores import reversed_alignment
from app.workbench import Workbench, by_landmarks
from app.workbench.aligning import landmarks_sentence, near_sentence
from correlation.landmarks import Landmarks
from correlation.nearby import Nearby
from correlation.outline import Outline

Pair = tuple[Workbench, str, str, Score]
PIXEL_UM = 12.0
POINTS = (((0.0, 0.0), (10.0, 0.0)), ((0.0, -1000.0), (1010.0, 0.0)))
"""Left, right: a quarter turn counter-clockwise, 10 um up."""


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pair]:
    """Two shots of one gun; nothing done to them is recorded, so all tests use the same."""
    workbench = Workbench(tmp_path_factory.mktemp("pair") / "casebook", automatic_search=False)
    workbench.set_author(AUTHOR)
    left, right = keep(workbench, "1A", 1), keep(workbench, "1B", 2)
    yield workbench, left, right, workbench.compare(left, right)
    workbench.close()


def keep(workbench: Workbench, label: str, shot: int) -> str:
    pixels, _ = image_of(firearm_number(1), shot, pixel_um=PIXEL_UM)
    mark = workbench.register(registration(label))
    return workbench.capture(mark.id, Frame(pixels, 1, now(), 0.0, {}, PIXEL_UM)).id


def test_a_rough_placement_is_brought_home_with_its_score_and_cells(pair: Pair) -> None:
    workbench, left, right, best = pair
    start = best.alignment.nudged(60.0, -40.0, turn_deg=4.0)
    found = workbench.align_near(left, right, start)
    assert found.alignment.rotation_deg == pytest.approx(best.alignment.rotation_deg, abs=0.6)
    assert found.score is not None and found.score.alignment == found.alignment
    assert found.score.congruent_cells >= max(best.congruent_cells - 2, 5)
    assert found.score.score == pytest.approx(best.score, abs=0.05)
    assert found.sentence.startswith("Aligned from where it lay: turned -")
    facts = found.score.parameters["aligned_near"]
    assert facts["from"] == [start.rotation_deg, *start.shift_um] and facts["area_um"] is None
    assert found.score.rotation_sd_deg is not None
    again = workbench.align_near(left, right, start)
    assert again.alignment == found.alignment


def test_an_area_alone_is_laid_and_the_whole_scored_there(pair: Pair) -> None:
    workbench, left, right, best = pair
    region = workbench.region(left).outer
    picture = workbench.side(left).to_um()
    x, y = picture[0, 2] + region.x_um, picture[1, 2] + region.y_um
    area = Outline.disc((x + 0.6 * region.radius_um, y), 0.35 * region.radius_um).points_um
    found = workbench.align_near(left, right, best.alignment.nudged(40.0, 30.0), area)
    assert found.alignment.rotation_deg == pytest.approx(best.alignment.rotation_deg, abs=2.0)
    assert "the outlined area" in found.sentence
    assert found.score is not None and found.score.overlap_um2 > 2 * 1e6
    assert found.score.parameters["aligned_near"]["area_um"][0] == list(area[0])


def test_landmarks_lay_a_pair_software_can_say_nothing_of(workbench: Workbench) -> None:
    left = workbench.capture(workbench.register(registration("1A")).id, frame(1)).id
    mark = workbench.register(registration("1B", mark_kind=MarkKind.EXTRACTOR))
    right = workbench.capture(mark.id, frame(2)).id
    found = workbench.place(left, right, POINTS)
    assert found.alignment.rotation_deg == pytest.approx(90)
    assert found.alignment.shift_um == pytest.approx((0.0, 10.0))
    assert found.score is None and "Software cannot" in found.sentence
    with pytest.raises(CaseheadError, match="by landmarks or by hand"):
        workbench.align_near(left, right, Alignment())
    with pytest.raises(CaseheadError, match="Software cannot"):
        workbench.score_here(left, right, Alignment())


def test_what_software_says_of_a_placement_moves_nothing(pair: Pair) -> None:
    workbench, left, right, best = pair
    here = workbench.score_here(left, right, best.alignment)
    assert here.alignment == best.alignment and here.cell_list
    assert here.score == pytest.approx(best.score, abs=0.05)
    off = best.alignment.nudged(turn_deg=40.0)
    assert workbench.score_here(left, right, off).score < 0.5 * best.score
    with pytest.raises(CaseheadError, match="hardly lie"):
        workbench.score_here(left, right, Alignment(0.0, (9000.0, 0.0)))


def test_refusals_are_one_sentence(pair: Pair) -> None:
    workbench, left, right, _ = pair
    with pytest.raises(CaseheadError, match="outline at least"):
        workbench.align_near(left, right, Alignment(), ((0, 0), (5, 0), (5, 5)))
    with pytest.raises(CaseheadError, match="three points"):
        workbench.align_near(left, right, Alignment(), ((0, 0), (5, 0)))
    with pytest.raises(CaseheadError, match="needs the same 2"):
        workbench.place(left, right, POINTS[:1])


def test_landmarks_bring_right_points_onto_left_ones() -> None:
    alignment = by_landmarks(POINTS).alignment
    back = by_landmarks([(right, left) for left, right in POINTS]).alignment
    turned = reversed_alignment(alignment)
    assert back.rotation_deg == pytest.approx(turned.rotation_deg)
    assert back.shift_um == pytest.approx(turned.shift_um)


def test_a_scale_that_does_not_agree_is_told_with_the_landmarks() -> None:
    assert "pixel size" not in by_landmarks(POINTS).sentence
    stretched = ((POINTS[0][0], POINTS[0][1]), ((0.0, -1030.0), POINTS[1][1]))
    sentence = by_landmarks(stretched).sentence
    assert "distances left to right 1.030" in sentence and "3.0 % farther apart" in sentence
    found = by_landmarks(stretched).landmarks
    assert isinstance(found, Landmarks) and landmarks_sentence(found) == sentence
    assert found.rms_um == pytest.approx(15.0)


def found_nearby(**more: object) -> Nearby:
    facts = {
        "rotation_deg": 1.0, "shift_um": (0.0, 0.0), "ccf": 0.5, "overlap": 0.9,
        "overlap_um2": 2.5e6, "rotation_sd_deg": 0.1, "shift_sd_um": 2.0, "turned_deg": -8.0,
        "moved_um": (90.0, 120.0), "at_edge": False, "rival": 0.1,
    }  # fmt: skip
    return Nearby(**{**facts, **more})  # type: ignore[arg-type]


def test_the_sentence_tells_how_far_how_well_and_how_surely() -> None:
    sentence = near_sentence(found_nearby(), 300.0)
    assert "turned -8.0° and moved 150 µm" in sentence
    assert "correlation 0.50 over 2.50 mm², ±0.1° and ±2 µm." in sentence
    assert "edge" not in sentence and "Another" not in sentence
    assert "no best place" in near_sentence(found_nearby(rotation_sd_deg=None), 300.0)
    assert "15°, 300 µm" in near_sentence(found_nearby(at_edge=True), 300.0)
    assert "Another place nearby" in near_sentence(found_nearby(rival=0.9), 300.0)
    for told in (sentence, near_sentence(found_nearby(rival=0.9, at_edge=True), 300.0)):
        assert "match" not in told.lower() and np.char.count(told, "  ") == 0
