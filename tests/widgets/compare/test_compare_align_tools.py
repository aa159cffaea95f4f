"""Landmarks, outlines and stored positions on the desk, without a window."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from app.domain import Alignment, Comparison
from app.picture import Mode, Side
from widgets.compare.desk import Desk, Point
from widgets.compare.desk.positions import (
    EXTRA,
    Position,
    Positions,
    act_on_position,
    positions_of,
    recalled_slot,
    rename_position,
    store_position,
)
from widgets.compare.tools.landmarks import LandmarksTool
from widgets.compare.tools.markers import COLOURS, shape
from widgets.compare.tools.outline import OutlineTool
from widgets.compare.tools.points import MOST, Placed
from widgets.compare.tools.tool import Tool

pytestmark = pytest.mark.usefixtures("qapp")
SIZE = (800, 400)
NONE, SHIFT = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier
KNOWN = Alignment(30.0, (120.0, -80.0))


def new_desk(mode: Mode = Mode.SIDE, alignment: Alignment | None = None) -> Desk:
    def side() -> Side:
        return Side(np.zeros((300, 400), np.uint8), 5.0, "A", "evidence")

    desk = Desk(side(), side(), Comparison("l", "r", alignment or Alignment()))
    desk.resize(SIZE)
    desk.set_mode(mode)
    return desk


def click(tool: Tool, desk: Desk, point: Point, modifiers: Qt.KeyboardModifier = NONE) -> bool:
    used = tool.press(desk, point, modifiers)
    tool.release(desk, point)
    return used


def drag(tool: Tool, desk: Desk, *way: Point, modifiers: Qt.KeyboardModifier = NONE) -> None:
    assert tool.press(desk, way[0], modifiers)
    for point in way[1:]:
        tool.move(desk, point)
    tool.release(desk, way[-1])


def hit(tool: Tool, desk: Desk, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> bool:
    return tool.key(desk, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


def seen(desk: Desk, left_um: Point | None = None, right_um: Point | None = None) -> Point:
    points = desk.seen_at(left_um=left_um, right_um=right_um)
    assert len(points) == 1
    return points[0]


def right_of(left_um: Point, alignment: Alignment = KNOWN) -> Point:
    """The specimen point of the right picture that truly lies at a point of the left one."""
    known = new_desk(alignment=alignment)
    return known.place(seen(known, left_um=left_um)).right_um


LEFT_SPOTS: tuple[Point, ...] = ((-350.0, -200.0), (300.0, 250.0), (250.0, -300.0))


def place_pairs(tool: LandmarksTool, desk: Desk, count: int = 2) -> None:
    for spot in LEFT_SPOTS[:count]:
        assert click(tool, desk, seen(desk, left_um=spot))
        assert click(tool, desk, seen(desk, right_um=right_of(spot)))


@pytest.mark.parametrize("count", [2, 3])
def test_landmarks_lay_the_right_specimen_where_they_meet(count: int) -> None:
    desk, tool = new_desk(), LandmarksTool()
    place_pairs(tool, desk, count)
    assert "Enter aligns" in tool.hint and "µm apart" in tool.hint
    assert hit(tool, desk, Qt.Key.Key_Return)
    assert desk.alignment.rotation_deg == pytest.approx(KNOWN.rotation_deg, abs=1e-6)
    assert desk.alignment.shift_um == pytest.approx(KNOWN.shift_um, abs=1e-6)
    for spot in LEFT_SPOTS[:count]:
        there = desk.place(seen(desk, right_um=right_of(spot))).left_um
        assert there == pytest.approx(spot, abs=1e-6)
    desk.undo()
    assert desk.alignment == Alignment()
    desk.redo()
    assert desk.alignment.rotation_deg == pytest.approx(30.0)


def test_points_may_be_placed_in_any_order_dragged_and_taken_back() -> None:
    desk, tool = new_desk(), LandmarksTool()
    for spot in LEFT_SPOTS[:2]:
        click(tool, desk, seen(desk, left_um=spot))
    assert "Point 1: click the same place on the right" in tool.hint
    wrong = right_of((0.0, 0.0))
    click(tool, desk, seen(desk, right_um=wrong))
    click(tool, desk, seen(desk, right_um=right_of(LEFT_SPOTS[1])))
    drag(tool, desk, seen(desk, right_um=wrong), (600.0, 200.0),
         seen(desk, right_um=right_of(LEFT_SPOTS[0])))  # fmt: skip
    assert len(tool.placed.points) == 4 and len(tool.placed.pairs) == 2
    tool.apply(desk)
    assert desk.alignment.shift_um == pytest.approx(KNOWN.shift_um, abs=1e-6)
    assert hit(tool, desk, Qt.Key.Key_Backspace)
    assert len(tool.placed.pairs) == 1 and "right specimen" in tool.hint
    before = desk.alignment
    assert hit(tool, desk, Qt.Key.Key_Return)
    assert "needs the same 2" in tool.hint and desk.alignment == before
    for _ in range(5):
        hit(tool, desk, Qt.Key.Key_Backspace)
    assert tool.placed == Placed() and "Click the same place" in tool.hint


def test_points_far_out_of_scale_are_told_while_they_are_placed() -> None:
    desk, tool = new_desk(), LandmarksTool()
    click(tool, desk, seen(desk, left_um=(-300.0, 0.0)))
    click(tool, desk, seen(desk, right_um=(-300.0, 0.0)))
    click(tool, desk, seen(desk, left_um=(330.0, 0.0)))
    click(tool, desk, seen(desk, right_um=(300.0, 0.0)))
    assert "5.0% longer" in tool.hint and "distances 1.050" in tool.hint


def test_where_both_are_seen_points_go_left_and_right_in_turn() -> None:
    desk, tool = new_desk(Mode.OVERLAY), LandmarksTool()
    for point in ((100.0, 100.0), (120.0, 100.0), (300.0, 300.0), (330.0, 300.0)):
        click(tool, desk, point)
    assert [side for side, _ in tool.placed.points] == ["left", "right"] * 2
    tool.apply(desk)
    assert desk.alignment.rotation_deg != 0
    x, y = seen(desk, right_um=tool.placed.of("right")[0])
    # what the distances differ by is left half at each end
    assert np.hypot(x - 100, y - 100) == pytest.approx((290 - 200 * 2**0.5) / 2, abs=1e-6)
    hit(tool, desk, Qt.Key.Key_Backspace)
    click(tool, desk, desk.seen_at(left_um=tool.placed.of("left")[-1])[0])
    assert len(tool.placed.pairs) == 2  # on its counterpart, not taking it up


def test_the_dividing_line_can_still_be_taken_and_more_than_nine_points_not() -> None:
    desk, tool = new_desk(Mode.SPLIT), LandmarksTool()
    assert not tool.press(desk, (400.0, 100.0), NONE)
    for step in range(MOST + 2):
        click(tool, desk, (20.0 + 30 * step, 100.0))
    assert len(tool.placed.of("left")) == MOST
    assert tool.cursor(desk, (20.0, 100.0)) is Qt.CursorShape.SizeAllCursor
    assert tool.cursor(desk, (200.0, 300.0)) is Qt.CursorShape.CrossCursor


def test_markers_differ_in_number_shape_and_colour() -> None:
    shapes = [tuple(shape(n).toFillPolygon().toPolygon().toList()) for n in range(1, MOST + 1)]
    drawn = list(zip(map(str, shapes), COLOURS, strict=True))
    assert len(set(drawn)) == MOST == len(set(COLOURS))
    for first, second in pairwise(drawn):
        assert first[0] != second[0] and first[1] != second[1]


def test_an_area_is_drawn_by_hand_and_given_to_the_desk() -> None:
    asked: list[str] = []
    desk, tool = new_desk(Mode.SPLIT), OutlineTool()
    desk.ask = asked.append
    drag(tool, desk, (100.0, 100.0), (200.0, 100.0), (200.0, 200.0), (100.0, 200.0))
    assert tool.closed and len(desk.area) == 4 and "mm²" in tool.hint
    assert desk.area[0] == pytest.approx(desk.place((100.0, 100.0)).left_um)
    assert hit(tool, desk, Qt.Key.Key_Return) and asked == ["align area"]
    drag(tool, desk, (150.0, 150.0), (170.0, 155.0))
    assert desk.area[0] == pytest.approx(desk.place((120.0, 105.0)).left_um)
    assert hit(tool, desk, Qt.Key.Key_Escape) and desk.area == () and not tool.closed
    assert not hit(tool, desk, Qt.Key.Key_Escape)  # the next one puts the tool away


def test_an_area_of_corners_is_closed_by_enter_or_on_its_first_corner() -> None:
    desk, tool = new_desk(), OutlineTool()
    for point in ((50.0, 50.0), (150.0, 50.0), (400.0, 300.0)):
        click(tool, desk, point)
    assert hit(tool, desk, Qt.Key.Key_Backspace) and len(tool.points) == 2
    click(tool, desk, (150.0, 150.0))
    assert desk.area == ()
    click(tool, desk, (51.0, 51.0))
    assert tool.closed and len(desk.area) == 3
    click(tool, desk, (300.0, 300.0))
    assert desk.area == () and len(tool.points) == 1
    hit(tool, desk, Qt.Key.Key_Return)
    assert not tool.closed


def test_shift_drags_a_circle_and_putting_the_tool_away_forgets_the_area() -> None:
    desk, tool = new_desk(), OutlineTool()
    drag(tool, desk, (100.0, 100.0), (120.0, 130.0), (150.0, 100.0), modifiers=SHIFT)
    centre = desk.place((100.0, 100.0)).left_um
    radius = desk.view.um_per_px * 50
    away = [np.hypot(x - centre[0], y - centre[1]) for x, y in desk.area]
    assert tool.closed and away == pytest.approx([radius] * len(away))
    tool.drop(desk)
    assert desk.area == ()


def test_a_stored_position_brings_back_alignment_and_field_in_one_step() -> None:
    desk = new_desk(Mode.SPLIT, KNOWN)
    desk.zoom(3.0, (500.0, 120.0))
    field = desk.view.centre_um, desk.view.um_per_px
    assert "stored" in act_on_position(desk, "store position 3") and desk.unsaved
    assert recalled_slot(desk) == 3
    desk.nudge(100.0, 0.0)
    desk.turn(5.0)
    desk.fit()
    desk.set_mode(Mode.OVERLAY)
    assert recalled_slot(desk) is None
    assert act_on_position(desk, "position 3") == ""
    assert desk.alignment == KNOWN and desk.view.mode is Mode.OVERLAY
    assert (desk.view.centre_um, desk.view.um_per_px) == field
    desk.undo()
    assert desk.alignment != KNOWN
    desk.redo()
    assert desk.alignment == KNOWN
    assert "Nothing is stored as position 4" in act_on_position(desk, "position 4")
    assert "free" in act_on_position(desk, "forget position 3")
    assert positions_of(desk) == Positions()


def test_positions_are_saved_with_the_comparison_and_hold_in_another_window() -> None:
    desk = new_desk(Mode.SPLIT, KNOWN)
    desk.zoom(2.0)
    store_position(desk, 1, " lower left ")
    store_position(desk, 9)
    rename_position(desk, 9, "rim")
    stored = desk.as_comparison()
    again = Desk(desk.left, desk.right, stored)
    again.resize((SIZE[0] // 2, SIZE[1] // 2))
    assert positions_of(again) == positions_of(desk) and not again.unsaved
    assert [(slot, one.name) for slot, one in positions_of(again).kept] == [
        (1, "lower left"), (9, "rim"),
    ]  # fmt: skip
    act_on_position(again, "position 1")
    assert again.view.um_per_px == pytest.approx(2 * desk.view.um_per_px)
    store_position(again, 1)
    kept = positions_of(again).at(1)
    assert kept is not None and kept.name == "lower left"  # stored anew, the name stays


@pytest.mark.parametrize(
    "spoilt",
    [
        {"name": 5}, {"seen_px": [1]}, {"um_per_px": 0}, {"rotation_deg": float("nan")},
        {"x_um": "far"}, {"dy_um": True}, {"view_rotation_deg": None},
    ],
)  # fmt: skip
def test_spoilt_positions_are_left_out_or_read_as_far_as_they_make_sense(
    spoilt: dict[str, object],
) -> None:
    good = Position(KNOWN, (1.0, 2.0), 3.0, 4.0, (5, 6), "rim")
    values = {"1": good.to_dict(), "2": good.to_dict() | spoilt, "x": 4, "3": [], "12": {}}
    read = Positions.from_dict(values)
    assert read.at(1) == good
    blank = {"name": "", "seen_px": (0, 0)}
    changed = {k: v for k, v in blank.items() if k in spoilt}
    expected = replace(good, **changed) if changed else None  # type: ignore[arg-type]
    assert read.at(2) == expected and [slot for slot, _ in read.kept] in ([1], [1, 2])
    assert Positions.from_dict("nonsense") == Positions()


def test_the_extra_is_plain_and_reads_back() -> None:
    desk = new_desk(alignment=KNOWN)
    store_position(desk, 2, "a")
    assert Positions.from_dict(desk.extras[EXTRA]) == positions_of(desk)
    assert QApplication.instance() is not None
