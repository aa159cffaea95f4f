"""The desk: every operation on values, without a window."""

from __future__ import annotations

import numpy as np
import pytest

from app.domain import Alignment, Comparison, Score
from app.picture import Mode, Side, ViewState
from app.picture.geometry import at, right_to_left
from app.picture.view import panes, um_to_view
from widgets.compare.desk import Desk
from widgets.compare.desk.actions import act

SIZE = (600, 400)


def new_desk(view: ViewState | None = None, alignment: Alignment | None = None) -> Desk:
    def side() -> Side:
        return Side(np.zeros((300, 400), np.uint8), 2.0, "A", "evidence")

    stored = (view or ViewState()).to_dict()
    desk = Desk(side(), side(), Comparison("l", "r", alignment or Alignment(), stored))
    desk.resize(SIZE)
    return desk


def on_screen(desk: Desk, right_um: tuple[float, float]) -> tuple[float, float]:
    """Where a point of the right picture is seen."""
    into = um_to_view(desk.view, panes(desk.view, SIZE)[-1])
    return at(into @ right_to_left(desk.alignment), right_um)


def left_on_screen(desk: Desk, left_um: tuple[float, float]) -> tuple[float, float]:
    return at(um_to_view(desk.view, panes(desk.view, SIZE)[-1]), left_um)


@pytest.mark.parametrize(
    ("action", "moved"),
    [
        ("nudge right 10", (10.0, 0.0)),
        ("nudge left 100", (-100.0, 0.0)),
        ("nudge up 1", (0.0, -1.0)),
        ("nudge down 10", (0.0, 10.0)),
    ],
)
def test_nudges_are_exact_in_micrometres(action: str, moved: tuple[float, float]) -> None:
    desk = new_desk()
    assert act(desk, action)
    assert desk.alignment.shift_um == pytest.approx(moved, abs=1e-9)
    assert desk.alignment.rotation_deg == 0.0


def test_nudges_go_as_seen_when_the_view_is_turned() -> None:
    desk = new_desk(ViewState(um_per_px=2.0, view_rotation_deg=90.0))
    before = on_screen(desk, (10.0, 20.0))
    act(desk, "nudge right 10")
    x, y = on_screen(desk, (10.0, 20.0))
    assert (x - before[0], y - before[1]) == pytest.approx((5.0, 0.0), abs=1e-9)


def test_turning_keeps_what_is_in_the_middle() -> None:
    desk = new_desk(ViewState(um_per_px=2.0, centre_um=(120.0, 30.0)), Alignment(5.0, (40.0, 10.0)))
    middle = at(np.linalg.inv(right_to_left(desk.alignment)), (120.0, 30.0))
    before = on_screen(desk, middle)
    for action in ("turn 0.1", "turn 1", "turn -10"):
        act(desk, action)
    assert desk.alignment.rotation_deg == pytest.approx(5.0 + 0.1 + 1 - 10)
    assert on_screen(desk, middle) == pytest.approx(before)


def test_after_exchange_the_keys_move_what_is_in_the_right_place() -> None:
    desk = new_desk(ViewState(um_per_px=2.0), Alignment(20.0, (30.0, 0.0)))
    act(desk, "exchange")
    still, moving = on_screen(desk, (50.0, 60.0)), left_on_screen(desk, (50.0, 60.0))
    act(desk, "nudge right 10")
    assert on_screen(desk, (50.0, 60.0)) == pytest.approx(still)
    assert left_on_screen(desk, (50.0, 60.0)) == pytest.approx((moving[0] + 5.0, moving[1]))
    act(desk, "turn 10")
    assert on_screen(desk, (50.0, 60.0)) == pytest.approx(still)


def test_undo_goes_back_step_by_step_and_redo_forth() -> None:
    desk = new_desk()
    act(desk, "nudge right 10")
    act(desk, "mode overlay")
    act(desk, "undo")
    assert desk.view.mode is Mode.SPLIT and desk.alignment.shift_um[0] == pytest.approx(10.0)
    act(desk, "undo")
    assert desk.alignment == Alignment() and not desk.can_undo
    act(desk, "undo")
    act(desk, "redo")
    act(desk, "redo")
    act(desk, "redo")
    assert desk.view.mode is Mode.OVERLAY and not desk.can_redo


def test_a_new_step_forgets_what_was_undone() -> None:
    desk = new_desk()
    act(desk, "nudge right 10")
    act(desk, "undo")
    act(desk, "nudge up 10")
    act(desk, "redo")
    assert desk.alignment.shift_um == pytest.approx((0.0, -10.0))


def test_a_drag_is_one_step() -> None:
    desk = new_desk()
    for _ in range(5):
        desk.carry_right(4.0, 0.0)
    desk.end_gesture()
    for _ in range(5):
        desk.carry_right(0.0, 4.0)
    desk.undo()
    assert desk.alignment.shift_um[0] > 0 and desk.alignment.shift_um[1] == 0.0
    desk.undo()
    assert desk.alignment == Alignment()


def test_carrying_follows_the_hand() -> None:
    desk = new_desk(ViewState(um_per_px=3.0, view_rotation_deg=30.0))
    before = on_screen(desk, (5.0, 5.0))
    desk.carry_right(12.0, -7.0)
    x, y = on_screen(desk, (5.0, 5.0))
    assert (x - before[0], y - before[1]) == pytest.approx((12.0, -7.0))


def test_divider_follows_the_pointer_and_stops_at_the_edges() -> None:
    desk = new_desk()
    desk.drag_divider((149.5, 10.0))
    assert desk.view.divider_at == pytest.approx(0.25)
    assert desk.on_divider((153.0, 300.0)) and not desk.on_divider((170.0, 300.0))
    desk.drag_divider((-50.0, 10.0))
    assert desk.view.divider_at == 0.0
    desk.set_divider("horizontal")
    desk.drag_divider((0.0, 99.5))
    assert desk.view.divider_at == pytest.approx(0.25)
    desk.set_mode(Mode.OVERLAY)
    assert not desk.on_divider((0.0, 100.0))


def test_holding_blink_changes_nothing_that_lasts() -> None:
    desk = new_desk()
    before = desk.view
    desk.hold_blink(True)
    assert desk.seen.mode is Mode.BLINK and desk.seen.blink_right and desk.blinking
    desk.tick()
    assert not desk.seen.blink_right
    desk.hold_blink(False)
    assert desk.seen == desk.view == before and not desk.can_undo and not desk.unsaved


def test_what_was_changed_is_unsaved_until_it_is_saved() -> None:
    desk = new_desk()
    assert not desk.unsaved
    act(desk, "nudge right 10")
    assert desk.unsaved
    comparison = desk.as_comparison()
    act(desk, "nudge right 10")
    desk.saved(comparison)
    assert desk.unsaved
    desk.saved(desk.as_comparison())
    assert not desk.unsaved


def test_a_saved_view_comes_back_and_shows_the_same_field_in_a_smaller_window() -> None:
    desk = new_desk()
    act(desk, "mode overlay")
    desk.zoom(3.0, (10.0, 10.0))
    stored = desk.as_comparison()
    again = Desk(desk.left, desk.right, stored)
    again.resize((300, 200))
    assert again.view.mode is Mode.OVERLAY
    assert again.view.um_per_px == pytest.approx(desk.view.um_per_px * 2)
    assert again.view.centre_um == desk.view.centre_um and not again.unsaved


def test_a_larger_window_shows_more_at_the_same_scale() -> None:
    desk = new_desk()
    desk.zoom(2.0)
    scale = desk.view.um_per_px
    desk.resize((900, 600))
    assert desk.view.um_per_px == scale and desk.picture().shape == (600, 900, 3)


def test_what_is_fitted_stays_fitted_in_other_sizes_and_modes() -> None:
    desk = new_desk()
    whole = desk.view.um_per_px
    desk.resize((1200, 800))
    assert desk.view.um_per_px == pytest.approx(whole / 2) and not desk.unsaved
    act(desk, "mode side")
    assert desk.view.um_per_px == pytest.approx(400 * 2.0 / 600)
    act(desk, "undo")
    assert desk.view.um_per_px == pytest.approx(whole / 2)


def test_alignment_found_is_taken_over_and_can_be_undone() -> None:
    desk = new_desk()
    score = Score("cells", "1", 0.5, 0.3, 9, 4, Alignment(12.0, (1.0, 2.0)), 0.9, 0.1)
    desk.aligned(score)
    assert desk.alignment == score.alignment and desk.score is score
    desk.undo()
    assert desk.alignment == Alignment()


def test_what_is_no_action_of_the_desk_is_left_alone() -> None:
    desk = new_desk()
    assert not act(desk, "conclude") and not desk.can_undo
