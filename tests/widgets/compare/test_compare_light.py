"""Light and adjustments on the desk as values, and the hemisphere under a hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from app.domain import Alignment, Comparison
from app.domain import Light as Lighting
from app.picture import NO_ADJUSTMENT, Light, Side, ViewState, make_side
from app.picture.light import DETAIL_RANGE, ELEVATION_RANGE
from app.picture.solid import Camera
from app.picture.view import Which
from app.workbench import LightChoice
from correlation.surface import Surface
from widgets import keys
from widgets.compare.desk import Desk
from widgets.compare.desk.actions import act
from widgets.compare.desk.adjusting import changed, next_colour, recipe_words, set_recipe
from widgets.compare.desk.light_actions import light_actions
from widgets.compare.desk.lighting import light_words, pointed, set_light, set_linked, turned
from widgets.compare.panels.hemisphere import Dome, Hemisphere
from widgets.compare.view.relief_parts import camera_words, height_bar
from widgets.compare.work.switching import choose_light, shown_light, step_light

SETS = (
    tuple(LightChoice(f"l{i}", name, Lighting.SIDE) for i, name in enumerate("abc")),
    tuple(LightChoice(f"r{i}", name, Lighting.SIDE) for i, name in enumerate("bcd")),
)


def scan() -> Side:
    heights = np.random.default_rng(1).normal(0, 1, (64, 64)).astype(np.float32)
    return make_side(Surface(heights, 3.0, "scan"))


def new_desk(*, scans: bool = True, view: ViewState | None = None) -> Desk:
    flat = Side(np.zeros((64, 64), np.uint8), 3.0)
    pair = (scan(), scan()) if scans else (flat, flat)
    stored = (view or ViewState(um_per_px=3.0)).to_dict()
    return Desk(*pair, Comparison("l0", "r0", Alignment(), stored))


def test_every_key_of_the_light_is_an_action_of_the_desk() -> None:
    desk = new_desk()
    words = ("light ", "adjust ", "surface ")
    mine = [row.action for row in keys.rows(keys.COMPARE) if row.action.startswith(words)]
    mine.remove("light circles while held")
    assert len(mine) > 20
    for action in mine:
        before = desk.view
        assert act(desk, action), action
        if not action.endswith("reset"):
            assert desk.view != before, action
    assert not light_actions(desk, "light nonsense")
    assert not light_actions(desk, "adjust nonsense 5")
    assert not light_actions(desk, "nudge left 10")


def test_linked_lights_go_together_and_unlinked_the_right_place_is_turned() -> None:
    desk = new_desk()
    light_actions(desk, "light turn 15")
    assert desk.view.lights == (turned(Light(), 15), turned(Light(), 15))
    light_actions(desk, "light link")
    light_actions(desk, "light raise 5")
    assert [one.elevation_deg for one in desk.view.lights] == [45.0, 50.0]
    act(desk, "exchange")
    light_actions(desk, "light raise -5")
    assert [one.elevation_deg for one in desk.view.lights] == [40.0, 50.0]
    assert light_words(desk.view) == "left 150° at 40°\nright 150° at 50°"
    set_linked(desk, True, "right")
    assert desk.view.lights[0] == desk.view.lights[1] and desk.view.lights[0].elevation_deg == 50.0


def test_the_light_keeps_within_its_bounds() -> None:
    desk = new_desk()
    for _ in range(40):
        light_actions(desk, "light raise -5")
        light_actions(desk, "light detail 0.25")
    assert desk.view.lights[0].elevation_deg == ELEVATION_RANGE[0]
    assert desk.view.lights[0].detail == DETAIL_RANGE[1]
    for _ in range(26):
        light_actions(desk, "light turn -15")
    assert 0 <= desk.view.lights[0].azimuth_deg < 360
    assert ViewState.from_dict(desk.view.to_dict()).lights == desk.view.lights


def test_a_drag_of_the_light_is_undone_in_one() -> None:
    desk = new_desk()
    for azimuth in (10.0, 20.0, 30.0):
        set_light(desk, lambda light, a=azimuth: pointed(light, a, 30.0))  # type: ignore[misc]
    desk.end_gesture()
    desk.undo()
    assert desk.view.lights[0] == Light() and not desk.can_undo


def test_recipes_are_kept_within_bounds_and_said_in_words() -> None:
    assert changed(NO_ADJUSTMENT, brightness=400, gamma=0.0, sharpen=-3) == changed(
        NO_ADJUSTMENT, brightness=100, gamma=0.2
    )
    view = ViewState(adjust=(NO_ADJUSTMENT, changed(NO_ADJUSTMENT, contrast=20, invert=True)))
    assert recipe_words(view) == "Left: as captured\nRight: contrast +20, inverted"
    assert recipe_words(ViewState()) == "as captured"
    colours = [NO_ADJUSTMENT]
    for _ in range(4):
        colours.append(next_colour(colours[-1]))
    assert len({one.false_colour for one in colours}) == 4 and colours[-1] == NO_ADJUSTMENT


def test_reset_takes_both_sides_back_and_can_be_undone() -> None:
    desk = new_desk(view=ViewState(adjust_linked=False))
    set_recipe(desk, lambda recipe: replace(recipe, contrast=30.0), "left")
    set_recipe(desk, lambda recipe: replace(recipe, gamma=2.0), "right")
    made = desk.view.adjust
    assert light_actions(desk, "adjust reset")
    assert desk.view.adjust == (NO_ADJUSTMENT, NO_ADJUSTMENT)
    desk.undo()
    assert desk.view.adjust == made


def test_lights_of_a_set_are_gone_through_by_name() -> None:
    desk = new_desk(scans=False)
    desk.learn_lights(*SETS)
    assert (shown_light(desk, "left"), shown_light(desk, "right")) == ("a", "b")
    light_actions(desk, "light turn 15")
    assert desk.view.shown == ("l1", "")
    light_actions(desk, "light next")
    assert desk.view.shown == ("l2", "r1")
    light_actions(desk, "light next")
    assert desk.view.shown == ("", "r1")  # the right one has no light "a": it stays
    light_actions(desk, "light turn -15")
    assert desk.view.shown == ("l2", "r1")


def test_each_side_is_switched_for_itself_when_unlinked() -> None:
    desk = new_desk(scans=False)
    desk.learn_lights(*SETS)
    set_linked(desk, False)
    step_light(desk, -1)
    assert desk.view.shown == ("", "r2")
    choose_light(desk, "c", "left")
    assert desk.view.shown == ("l2", "r2")
    choose_light(desk, "no such light", "left")
    assert desk.view.shown == ("l2", "r2")
    desk.learn_lights((), ())
    before = desk.view
    step_light(desk, 1)
    assert desk.view == before and shown_light(desk, "left") == ""


@pytest.mark.parametrize("azimuth", [0.0, 77.0, 180.0, 300.0])
@pytest.mark.parametrize("elevation", [5.0, 45.0, 89.0])
def test_the_hemisphere_goes_from_light_to_point_and_back(azimuth: float, elevation: float) -> None:
    dome = Dome((70.0, 70.0), 60.0)
    x, y = dome.point(Light(azimuth, elevation))
    assert dome.direction(x, y) == pytest.approx((azimuth, elevation), abs=1e-6)
    assert (y < 70.0) == (0 < azimuth < 180) or azimuth in (0.0, 180.0)


def test_keys_on_the_hemisphere_move_the_dot_in_hand(qtbot: QtBot) -> None:
    moved: list[tuple[Which, float, float]] = []
    released: list[bool] = []
    dome = Hemisphere(lambda *light: moved.append(light), lambda: released.append(True))
    qtbot.addWidget(dome)
    dome.show_lights((Light(10.0, 20.0), Light(100.0, 60.0)), linked=False, held="right")
    assert dome.accessibleName() and "left 10° at 20°, right 100° at 60°" in (
        dome.accessibleDescription()
    )
    qtbot.keyClick(dome, Qt.Key.Key_Left)
    qtbot.keyClick(dome, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(dome, Qt.Key.Key_Space)
    qtbot.keyClick(dome, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert moved == [("right", 105.0, 60.0), ("right", 100.0, 59.0), ("left", 355.0, 20.0)]
    assert len(released) == 3


def test_a_press_takes_the_nearest_dot(qtbot: QtBot) -> None:
    moved: list[tuple[Which, float, float]] = []
    dome = Hemisphere(lambda *light: moved.append(light), lambda: None)
    qtbot.addWidget(dome)
    lights = (Light(180.0, 20.0), Light(0.0, 20.0))
    dome.show_lights(lights, linked=False, held="right")
    for light in lights:
        x, y = dome.dome().point(light)
        qtbot.mouseClick(dome, Qt.MouseButton.LeftButton, pos=QPoint(round(x), round(y)))
    assert [side for side, *_ in moved] == ["left", "right"]


def test_the_3d_view_says_how_much_heights_are_exaggerated() -> None:
    camera = Camera(turn_deg=350.0, tilt_deg=60.0, um_per_px=2.0, exaggeration=20.0)
    assert camera_words(camera)[0] == "heights ×20   turned -10°   seen from 60° over the plane"
    assert camera_words(camera)[-1] == "heights ×20"
    bar = height_bar(camera, 2.0)
    assert bar is not None and bar.words == "10 µm"
    assert bar.px == pytest.approx(10.0 * 20.0 * 0.5 / 2.0)
    assert height_bar(Camera(tilt_deg=90.0), 2.0) is None
