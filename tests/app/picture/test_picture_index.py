"""Index marks and flagged areas as they are drawn: tied to the specimen, found by the pointer."""

from __future__ import annotations

import numpy as np
import pytest

from app.domain import Alignment, Annotation, AnnotationKind
from app.picture.annotations import SUBCLASS, colour_of, draw_annotations, hit, words_at
from app.picture.geometry import at, moved, right_to_left, shift
from app.picture.index_mark import RING_POINTS, ring
from app.picture.shapes import next_number, outline_um, with_handle

UP = Annotation(AnnotationKind.INDEX, "left", ((10.0, 20.0), (10.0, -80.0)), colour="yellow")
AREA = Annotation(AnnotationKind.AGREEMENT, "both", ((0.0, 0.0), (9.0, 0.0), (0.0, 9.0)), "x", 4)


def drawn(mark: Annotation, alignment: Alignment | None = None, shown: str = "both") -> np.ndarray:
    picture = np.zeros((400, 400, 3), np.uint8)
    plane = shift(200, 200)
    draw_annotations(picture, [mark], plane, alignment or Alignment(), shown, 16)  # type: ignore[arg-type]
    return picture


def test_the_border_goes_round_the_middle_clockwise_from_up() -> None:
    points = outline_um(UP)
    assert points.shape == (RING_POINTS, 2)
    assert np.allclose(np.linalg.norm(points - (10.0, 20.0), axis=1), 100.0)
    assert np.allclose(points[0], (10.0, -80.0))
    assert np.allclose(points[RING_POINTS // 4], (110.0, 20.0)), "three o'clock is right of up"
    assert np.allclose(ring(np.zeros(2), np.array([5.0, 0.0])).mean(axis=0), 0, atol=1e-9)


def test_it_is_drawn_where_the_specimen_lies() -> None:
    picture, colour = drawn(UP), colour_of(UP)
    border = np.all(picture == colour, axis=2)
    for x, y in ((10, -80), (110, 20), (10, 120), (-90, 20)):
        assert border[y + 198 : y + 203, x + 198 : x + 203].any(), (x, y)
    column = border[:, 280]
    assert 4 <= column[:220].sum() <= 9, "about five pixels wide"
    wedge, opposite = border[130:140, 205:216].sum(), border[305:312, 205:216].sum()
    assert wedge > 0 and opposite > 0, "a wedge below up; a tick opposite"
    assert not border[132:140, 182:195].any()


def test_on_the_right_specimen_the_alignment_carries_it() -> None:
    alignment = Alignment(90.0, (15.0, -5.0))
    mark = Annotation(AnnotationKind.INDEX, "right", UP.points_um, colour="yellow")
    border = np.all(drawn(mark, alignment) == colour_of(mark), axis=2)
    x, y = at(right_to_left(alignment), (10.0, -80.0))
    assert border[round(y) + 196 : round(y) + 205, round(x) + 196 : round(x) + 205].any()
    assert not drawn(mark, alignment, "left").any(), "it is the right specimen's"


def test_a_number_stands_on_it() -> None:
    numbered = Annotation(AnnotationKind.INDEX, "left", UP.points_um, number=7, colour="yellow")
    plain, badge = (np.all(drawn(m) == colour_of(m), axis=2) for m in (UP, numbered))
    assert badge[105:125, 195:225].sum() > plain[105:125, 195:225].sum() + 60
    assert next_number((numbered, AREA)) == 5, "its number is the specimen's own"


def test_border_and_number_are_found_by_the_pointer() -> None:
    points = moved(shift(200, 200), outline_um(UP))
    assert hit(UP, points, (310.0, 221.0), 16, 7.0)
    assert not hit(UP, points, (210.0, 220.0), 16, 7.0), "the inside is free"


def test_dragging_the_middle_carries_all_and_the_rim_turns_it() -> None:
    carried = with_handle(UP, 0, (15.0, 25.0))
    assert carried.points_um == ((15.0, 25.0), (15.0, -75.0))
    turned = with_handle(UP, 1, (110.0, 20.0))
    assert turned.points_um == ((10.0, 20.0), (110.0, 20.0))


@pytest.mark.parametrize(("text", "said"), [("x", f"{SUBCLASS}: x"), ("", SUBCLASS)])
def test_a_flagged_area_says_so_in_every_picture(text: str, said: str) -> None:
    plain = Annotation(AREA.kind, "both", AREA.points_um, text, 4)
    flagged = Annotation(AREA.kind, "both", AREA.points_um, text, 4, subclass="a broach")
    assert words_at(plain) == text and words_at(flagged) == said
    assert (drawn(flagged) != drawn(plain)).any()
