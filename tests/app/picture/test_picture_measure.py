"""Distances, angles and areas: known figures, invariance, words."""

from __future__ import annotations

from dataclasses import replace
from math import cos, isnan, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain import Acquired, Alignment, Author, CaptureRecord
from app.picture.measure import (
    CROSSES,
    Kind,
    Measurement,
    Point,
    Quantity,
    Spot,
    Where,
    angle_deg,
    area_um2,
    as_drawings,
    crosses_itself,
    on_left,
    on_right,
    scale_sd,
)

TURNED = Alignment(90.0, (100.0, -40.0))
FAR = st.floats(-5000, 5000, allow_nan=False)


def made(kind: Kind, *points: Point, where: Where = "left") -> Measurement:
    return Measurement(kind, tuple(Spot(where, point) for point in points))


def test_a_distance_with_its_components() -> None:
    found = made(Kind.DISTANCE, (10.0, 20.0), (40.0, -20.0))
    assert found.quantity(Alignment()).words() == "50.0 µm"
    assert found.details(Alignment()) == "dx 30.0 µm, dy -40.0 µm, direction 53.1°"


def test_on_one_specimen_the_alignment_has_no_say() -> None:
    found = made(Kind.DISTANCE, (0.0, 0.0), (300.0, 400.0), where="right")
    assert found.where == "right"
    assert found.quantity(TURNED) == found.quantity(Alignment()) == Quantity(500.0, "µm")


def test_across_it_is_measured_through_the_alignment() -> None:
    # a point 10 to the right of the right centre stands above it after a quarter turn
    found = Measurement(Kind.DISTANCE, (Spot("left", (100.0, -40.0)), Spot("right", (10.0, 0.0))))
    assert found.where == "across"
    assert found.plane_um(TURNED)[1] == pytest.approx((100.0, -50.0))
    assert found.quantity(TURNED).value == pytest.approx(10.0)
    assert found.quantity(Alignment()).value == pytest.approx(98.4885780)


@given(FAR, FAR, st.floats(-180, 180), FAR, FAR)
def test_a_spot_carried_there_and_back(
    x: float, y: float, turn: float, dx: float, dy: float
) -> None:
    alignment = Alignment(turn, (dx, dy))
    spot = Spot("left", (x, y))
    there = on_right(spot, alignment)
    assert on_left(Spot("right", there), alignment) == pytest.approx((x, y), abs=1e-6)


@given(st.floats(0.5, 179.5), st.floats(0, 360), FAR, FAR)
def test_an_angle_whatever_way_it_lies(opening: float, turn: float, x: float, y: float) -> None:
    first = turn * pi / 180
    second = first + opening * pi / 180
    arms = [(x + 900 * cos(a), y + 900 * sin(a)) for a in (first, second)]
    assert angle_deg((arms[0], (x, y), arms[1])) == pytest.approx(opening, abs=1e-6)
    assert angle_deg((arms[1], (x, y), arms[0])) == pytest.approx(opening, abs=1e-6)


def test_an_angle_without_an_arm_is_none() -> None:
    assert isnan(angle_deg(((1.0, 1.0), (1.0, 1.0), (5.0, 5.0))))
    assert made(Kind.ANGLE, (1, 1), (1, 1), (5, 5)).quantity(Alignment()).words() == ""


@given(st.floats(0, 360), FAR, FAR)
def test_the_area_of_a_rectangle_wherever_it_lies(turn: float, x: float, y: float) -> None:
    c, s = cos(turn * pi / 180), sin(turn * pi / 180)
    corners = [(0.0, 0.0), (300.0, 0.0), (300.0, 200.0), (0.0, 200.0)]
    points = [(x + c * a - s * b, y + s * a + c * b) for a, b in corners]
    assert area_um2(points) == pytest.approx(60_000.0, rel=1e-9)
    assert area_um2(points[::-1]) == pytest.approx(60_000.0, rel=1e-9)


def test_a_dent_counts_and_a_crossing_does_not() -> None:
    dented = [(0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (2.0, 1.0), (0.0, 4.0)]
    assert not crosses_itself(dented)
    assert area_um2(dented) == pytest.approx(10.0)
    bow = made(Kind.AREA, (0, 0), (10, 10), (10, 0), (0, 10))
    assert isnan(bow.quantity(Alignment()).value)
    assert bow.details(Alignment()) == CROSSES


def test_incomplete_has_no_value() -> None:
    for kind in Kind:
        begun = made(kind, *[(float(i), float(i * i)) for i in range(kind.needed - 1)])
        assert not begun.complete
        assert begun.quantity(Alignment()).words() == ""
        assert begun.details(Alignment()) == ""


@pytest.mark.parametrize(
    ("quantity", "words"),
    [
        (Quantity(412.34, "µm"), "412.3 µm"),
        (Quantity(412.34, "µm", 0.8), "412.3 µm ± 0.8 µm"),
        (Quantity(1234.56, "µm"), "1.2346 mm"),
        (Quantity(1234.56, "µm", 2.5), "1.2346 mm ± 0.0025 mm"),
        (Quantity(90.04, "°"), "90.0°"),
        (Quantity(9000.0, "µm²", 12.0), "9000.0 µm² ± 12.0 µm²"),
        (Quantity(250_000.0, "µm²"), "0.2500 mm²"),
    ],
)
def test_words_carry_their_unit(quantity: Quantity, words: str) -> None:
    assert quantity.words() == words


def test_the_uncertainty_of_the_scale() -> None:
    line = made(Kind.DISTANCE, (0.0, 0.0), (500.0, 0.0))
    square = made(Kind.AREA, (0.0, 0.0), (100.0, 0.0), (100.0, 100.0), (0.0, 100.0))
    sds = 0.002, 0.004
    assert line.quantity(Alignment(), sds).sd == pytest.approx(1.0)
    assert square.quantity(Alignment(), sds).sd == pytest.approx(40.0)
    across = Measurement(Kind.DISTANCE, (line.spots[0], Spot("right", (500.0, 0.0))))
    assert across.quantity(Alignment(), sds).sd == pytest.approx(2.0)
    assert across.quantity(Alignment(), (0.002, None)).sd is None
    corner = made(Kind.ANGLE, (1, 0), (0, 0), (0, 1))
    assert corner.quantity(Alignment(), sds) == Quantity(pytest.approx(90.0), "°")


@pytest.mark.parametrize(
    ("setting", "relative"), [(0.005, 0.002), (None, None), ("x", None), (True, None), (-1, None)]
)
def test_the_scale_s_uncertainty_is_a_capture_setting(
    setting: object, relative: float | None
) -> None:
    record = CaptureRecord("2026-01-01", Author("a", "b", "c"), settings={"pixel_um_sd": setting})
    acquired = Acquired("m", "image", "d", 10, 10, "png", record, pixel_um=2.5)
    assert scale_sd(acquired) == (None if relative is None else pytest.approx(relative))
    assert scale_sd(replace(acquired, pixel_um=None)) is None


def test_spots_are_added_up_to_what_it_holds_and_moved() -> None:
    line = made(Kind.DISTANCE, (0, 0), (3, 4)).with_spot(Spot("left", (9, 9)))
    assert len(line.spots) == 2
    assert line.moved(0, Spot("left", (3, 0))).quantity(Alignment()).value == pytest.approx(4.0)


def test_as_drawings_they_keep_their_place_and_value() -> None:
    angle = made(Kind.ANGLE, (100, 0), (0, 0), (0, 100), where="right")
    first, second = as_drawings(angle, TURNED, "90.0°")
    assert (first.side, first.text, first.points_um) == ("right", "90.0°", ((100, 0), (0, 0)))
    assert (second.text, second.points_um) == ("", ((0, 0), (0, 100)))
    across = Measurement(Kind.DISTANCE, (Spot("left", (0.0, 0.0)), Spot("right", (10.0, 0.0))))
    (line,) = as_drawings(across, TURNED, "x")
    assert line.side == "both"
    assert line.points_um[1] == pytest.approx((100.0, -50.0))
    (outline,) = as_drawings(made(Kind.AREA, (0, 0), (9, 0), (9, 9)), TURNED, "40.5 µm²")
    assert (outline.kind, len(outline.points_um)) == ("polygon", 3)
