"""Annotations as drawn and as shapes: where they lie, what tells them apart, what is under them."""

from __future__ import annotations

from dataclasses import replace
from math import hypot

import numpy as np
import pytest
from numpy.typing import NDArray

from app.domain import Alignment, Annotation, AnnotationKind, Point
from app.picture import Mode, Side, ViewState, render
from app.picture.annotations import COLOURS, colour_of, draw_annotations, hit, unit_px
from app.picture.geometry import at, moved, right_to_left, scale, shift
from app.picture.label import lines_of
from app.picture.shapes import (
    distance,
    next_number,
    on_side,
    outline_um,
    scaled,
    shifted,
    simplified,
    with_handle,
)

KIND = AnnotationKind
SQUARE: tuple[Point, ...] = ((-100.0, -100.0), (100.0, -100.0), (100.0, 100.0), (-100.0, 100.0))
PLANE = shift(200, 150)
SIZE = (400, 300)
OF_EACH_KIND = [
    Annotation(KIND.AGREEMENT, "left", SQUARE, "here", 1),
    Annotation(KIND.DISAGREEMENT, "left", SQUARE, "", 2),
    Annotation(KIND.NOTE, "left", ((0.0, 0.0),), "a word", 3),
    Annotation(KIND.ARROW, "left", ((-80.0, 60.0), (10.0, 5.0))),
    Annotation(KIND.LINE, "left", ((-80.0, 60.0), (90.0, 5.0)), "line"),
    Annotation(KIND.BOX, "left", SQUARE),
    Annotation(KIND.ELLIPSE, "left", SQUARE),
    Annotation(KIND.POLYGON, "left", SQUARE[:3]),
    Annotation(KIND.TEXT, "left", ((-90.0, 0.0),), "words of\nthe examiner"),
]


def ground(value: int = 0) -> NDArray[np.uint8]:
    return np.full((SIZE[1], SIZE[0], 3), value, np.uint8)


def drawn(*annotations: Annotation, value: int = 0, shown: str = "left") -> NDArray[np.uint8]:
    picture = ground(value)
    draw_annotations(picture, annotations, PLANE, Alignment(), shown, unit_px(SIZE[1]))  # type: ignore[arg-type]
    return picture


def touched(picture: NDArray[np.uint8], value: int = 0) -> NDArray[np.bool_]:
    return np.asarray((picture != value).any(axis=2))


def side_of(seed: int) -> Side:
    pixels = np.random.default_rng(seed).integers(60, 190, (300, 400)).astype(np.uint8)
    return Side(pixels, 5.0)


@pytest.mark.parametrize("annotation", OF_EACH_KIND, ids=lambda a: str(a.kind))
@pytest.mark.parametrize("value", [0, 128, 255])
def test_every_kind_shows_on_any_ground_and_twice_the_same(
    annotation: Annotation, value: int
) -> None:
    picture = drawn(annotation, value=value)
    assert np.array_equal(picture, drawn(annotation, value=value))
    contrast = np.abs(picture.astype(int) - value).sum(axis=2)
    assert (contrast > 150).sum() > 40


@pytest.mark.parametrize("annotation", OF_EACH_KIND, ids=lambda a: str(a.kind))
@pytest.mark.parametrize("factor", [0.01, 1.0, 900.0])
def test_any_enlargement_and_place_can_be_drawn(annotation: Annotation, factor: float) -> None:
    for dx in (-1e7, -200.0, 0.0, 400.0, 1e7):
        picture = ground(90)
        plane = shift(200 + dx, 150) @ scale(factor)
        draw_annotations(picture, [annotation], plane, Alignment(), "left", 14)
        if abs(dx) > 1e6:
            assert not touched(picture, 90).any()


def test_letters_and_badges_keep_their_size() -> None:
    note = OF_EACH_KIND[2]
    sizes = []
    for factor in (0.1, 10.0):
        picture = ground()
        draw_annotations(picture, [note], PLANE @ scale(factor), Alignment(), "left", 14)
        sizes.append(int(touched(picture).sum()))
    assert sizes[0] == sizes[1]


def test_agreement_and_disagreement_differ_without_their_colours() -> None:
    agreement = Annotation(KIND.AGREEMENT, "left", SQUARE, colour="white")
    other = replace(agreement, kind=KIND.DISAGREEMENT)
    one, two = (drawn(a)[..., 0] > 60 for a in (agreement, other))
    assert one[50, 102:298].all()
    assert 0.4 < two[50, 102:298].mean() < 0.9, "dashes"
    inside = np.s_[60:240, 110:290]
    assert one[inside].mean() > 0.05 and two[inside].mean() > 0.05
    falling = [max(np.diagonal(p[inside], k).mean() for k in range(-20, 20)) for p in (one, two)]
    rising = [
        max(np.diagonal(p[inside][::-1], k).mean() for k in range(-20, 20)) for p in (one, two)
    ]
    assert falling[0] < 0.5 and rising[0] > 0.9, "hatched one way"
    assert falling[1] > 0.9 and rising[1] > 0.9, "hatched crosswise"


def test_the_evidence_is_left_to_be_seen_inside_an_area() -> None:
    for annotation in OF_EACH_KIND[:2]:
        inside = touched(drawn(replace(annotation, text="", number=0)))[60:240, 110:290]
        assert inside.mean() < 0.3


@pytest.mark.parametrize(
    ("side", "shown", "seen"),
    [
        ("left", "left", True),
        ("left", "right", False),
        ("right", "right", True),
        ("right", "left", False),
        ("both", "left", True),
        ("both", "right", True),
        ("left", "both", True),
        ("right", "both", True),
    ],
)
def test_each_is_seen_on_its_specimen(side: str, shown: str, seen: bool) -> None:
    annotation = replace(OF_EACH_KIND[5], side=side)  # type: ignore[arg-type]
    assert touched(drawn(annotation, shown=shown)).any() == seen


def test_both_marks_carry_an_area_side_by_side_and_the_alignment_takes_it_along() -> None:
    left, right = side_of(1), side_of(2)
    view = ViewState(Mode.SIDE, um_per_px=10.0, seen_px=(400, 200))
    area = Annotation(KIND.BOX, "both", SQUARE)
    own = Annotation(
        KIND.BOX, "right", ((-50.0, -50.0), (50.0, -50.0), (50.0, 50.0), (-50.0, 50.0))
    )
    alignment = Alignment(30.0, (200.0, 100.0))
    plain = render(left, right, alignment, view, (400, 200))
    both = render(left, right, alignment, view, (400, 200), annotations=(area,))
    changed = touched((plain != both).astype(np.uint8))
    assert np.array_equal(changed[:, :199], changed[:, 200:399])
    one = render(left, right, alignment, view, (400, 200), annotations=(own,))
    rows, columns = np.nonzero((plain != one).any(axis=2))
    x, y = at(right_to_left(alignment), (0.0, 0.0))
    assert columns.min() >= 200
    assert columns.mean() == pytest.approx(299.5 + x / 10, abs=0.7)
    assert rows.mean() == pytest.approx(99.5 + y / 10, abs=0.7)


def test_hidden_is_hidden_and_none_is_the_bare_picture() -> None:
    left, right = side_of(1), side_of(2)
    view = ViewState(um_per_px=10.0, seen_px=(200, 150))
    bare = render(left, right, Alignment(), view, (200, 150))
    hidden = replace(view, annotations=False)
    again = render(left, right, Alignment(), hidden, (200, 150), annotations=OF_EACH_KIND)
    assert np.array_equal(bare, again)
    seen = render(left, right, Alignment(), view, (200, 150), annotations=OF_EACH_KIND)
    assert not np.array_equal(bare, seen)


def test_the_palette() -> None:
    assert colour_of(OF_EACH_KIND[0]) != colour_of(OF_EACH_KIND[1])
    for key, (_, rgb) in COLOURS.items():
        assert colour_of(replace(OF_EACH_KIND[0], colour=key)) == rgb
    assert colour_of(replace(OF_EACH_KIND[0], colour="of another version")) == colour_of(
        OF_EACH_KIND[0]
    )


def test_what_lies_under_a_point() -> None:
    box, note = OF_EACH_KIND[5], OF_EACH_KIND[2]
    points = moved(PLANE, outline_um(box))
    assert hit(box, points, (200, 52), 14, 7)
    assert not hit(box, points, (200, 150), 14, 7), "inside, something else can be drawn"
    at_note = moved(PLANE, outline_um(note))
    assert hit(note, at_note, (203, 150), 14, 7)
    assert hit(note, at_note, (221, 129), 14, 7), "its badge"
    assert hit(note, at_note, (250, 132), 14, 7), "its words"
    assert not hit(note, at_note, (160, 150), 14, 7)
    words = OF_EACH_KIND[8]
    assert hit(words, moved(PLANE, outline_um(words)), (150, 150), 14, 7)


def test_long_words_are_cut() -> None:
    lines = lines_of("a word and another " * 20, 14)
    assert len(lines) == 3 and lines[-1].endswith("…")
    assert lines_of("  \n ", 14) == ()
    assert len(lines_of("x" * 400, 14)) == 1


def test_a_rectangle_stays_one_when_a_corner_is_dragged() -> None:
    turned = Annotation(KIND.BOX, "left", ((0, 0), (80, 60), (50, 100), (-30, 40)))
    for index in range(4):
        made = with_handle(turned, index, (130.0, -20.0)).points_um
        assert made[index] == (130.0, -20.0)
        assert made[(index + 2) % 4] == pytest.approx(turned.points_um[(index + 2) % 4])
        a, b, c, d = (np.array(p) for p in made)
        assert float((b - a) @ (d - a)) == pytest.approx(0, abs=1e-6)
        assert c == pytest.approx(b + d - a)


def test_a_flat_rectangle_can_be_opened_again() -> None:
    flat = Annotation(KIND.BOX, "left", ((0, 0), (0, 0), (0, 50), (0, 50)))
    corners = with_handle(flat, 2, (40.0, 60.0)).points_um
    assert corners[0] == (0, 0)
    assert {tuple(map(round, c)) for c in corners} == {(0, 0), (40, 0), (40, 60), (0, 60)}


def test_moving_sizing_and_tying() -> None:
    box, alignment = OF_EACH_KIND[5], Alignment(90.0, (1000.0, 0.0))
    assert shifted(box, 5.0, -5.0).points_um[0] == (-95.0, -105.0)
    assert scaled(box, 2.0).points_um[0] == (-200.0, -200.0)
    assert scaled(OF_EACH_KIND[2], 2.0) == OF_EACH_KIND[2]
    right = on_side(box, "right", alignment)
    back = on_side(right, "both", alignment)
    assert right.side == "right"
    assert at(right_to_left(alignment), right.points_um[0]) == pytest.approx((-100.0, -100.0))
    assert np.array(back.points_um) == pytest.approx(np.array(box.points_um))
    assert on_side(box, "both", alignment).points_um == box.points_um


def test_outlines_are_simplified_within_the_tolerance() -> None:
    turns = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    hand = tuple((100.0 * float(np.cos(t)), 100.0 * float(np.sin(t))) for t in turns)
    fewer = simplified(hand, 0.5)
    assert 10 < len(fewer) < 80
    line = np.array(fewer)
    assert max(distance(line, p, closed=True) for p in hand) < 0.55
    assert simplified(((0.0, 0.0), (1.0, 0.0)), 5.0) == ((0.0, 0.0), (1.0, 0.0))


def test_an_ellipse_touches_the_middles_of_its_rectangle() -> None:
    turned = Annotation(KIND.ELLIPSE, "left", ((0, 0), (80, 60), (50, 100), (-30, 40)))
    points = outline_um(turned)
    for spot in ((40, 30), (65, 80), (10, 70), (-15, 20)):
        assert min(hypot(x - spot[0], y - spot[1]) for x, y in points) < 0.1


def test_numbers_go_on_from_the_highest() -> None:
    assert next_number(()) == 1
    assert next_number(tuple(OF_EACH_KIND)) == 4
