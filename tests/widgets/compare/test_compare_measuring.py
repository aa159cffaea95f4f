"""Measuring with mouse and keyboard on the comparison screen, and the pointer's helpers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from compare_parts import CONTROL, SHIFT, canvas_of, desk_of, drag, move, part, press, text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QListWidget,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from app.domain import Comparison
from app.picture.measure import Kind
from app.workbench import Workbench
from widgets.compare import CompareScreen
from widgets.compare.desk.measures import MEASURED, Measures
from widgets.compare.desk.tracks import tracks
from widgets.compare.panels.profile_panel import ProfilePanel

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def click(qtbot: QtBot, screen: CompareScreen, at: QPoint) -> None:
    canvas = canvas_of(screen)
    move(canvas, at)
    qtbot.mouseClick(canvas, LEFT, NONE, at)


def measured(screen: CompareScreen) -> Measures:
    return desk_of(screen).measures


def values(screen: CompareScreen) -> list[float]:
    measures = measured(screen)
    return [measures.value(one).value for one in measures.items]


def at_share(screen: CompareScreen, x: float, y: float) -> QPoint:
    width, height = desk_of(screen).size
    return QPoint(round(x * width), round(y * height))


@pytest.fixture
def beside(qtbot: QtBot, opened: CompareScreen) -> CompareScreen:
    """Side by side, so that each specimen has its pane."""
    press(qtbot, opened, Qt.Key.Key_2)
    return opened


def test_a_distance_is_dragged_read_and_kept(qtbot: QtBot, beside: CompareScreen) -> None:
    press(qtbot, beside, Qt.Key.Key_R)
    start, end = at_share(beside, 0.1, 0.3), at_share(beside, 0.3, 0.6)
    scale = desk_of(beside).view.um_per_px
    drag(qtbot, beside, start, end)
    wanted = float(np.hypot(end.x() - start.x(), end.y() - start.y())) * scale
    assert values(beside) == [pytest.approx(wanted, abs=scale / 2)]
    assert measured(beside).items[0].where == "left"
    words = measured(beside).words(measured(beside).items[0])
    qtbot.waitUntil(lambda: words in text(beside, "pointer_line"))
    assert desk_of(beside).unsaved


def test_it_lies_on_its_specimen_whatever_is_done_to_the_other(
    qtbot: QtBot, beside: CompareScreen
) -> None:
    press(qtbot, beside, Qt.Key.Key_R)
    drag(qtbot, beside, at_share(beside, 0.6, 0.3), at_share(beside, 0.8, 0.5))
    before = values(beside)
    desk = desk_of(beside)
    seen = tracks(desk, measured(beside).items[0])[0].points
    desk.nudge(200.0, 0.0)
    desk.turn(30.0)
    assert measured(beside).items[0].where == "right"
    assert values(beside) == before
    assert tracks(desk, measured(beside).items[0])[0].points != seen


def test_across_two_specimens_it_follows_the_alignment(qtbot: QtBot, beside: CompareScreen) -> None:
    press(qtbot, beside, Qt.Key.Key_R)
    start, end = at_share(beside, 0.2, 0.4), at_share(beside, 0.7, 0.4)
    desk = desk_of(beside)
    first, second = (desk.place((p.x(), p.y())).left_um for p in (start, end))
    drag(qtbot, beside, start, end)
    assert measured(beside).items[0].where == "across"
    wanted = np.hypot(second[0] - first[0], second[1] - first[1])
    assert values(beside)[0] == pytest.approx(wanted, abs=0.1)
    desk.nudge(50.0, 0.0)
    moved = np.hypot(second[0] + 50.0 - first[0], second[1] - first[1])
    assert values(beside)[0] == pytest.approx(moved, abs=0.1)


def test_an_angle_and_an_area_are_clicked(qtbot: QtBot, beside: CompareScreen) -> None:
    press(qtbot, beside, Qt.Key.Key_R, SHIFT)
    for x, y in ((100, 300), (100, 200), (220, 200)):
        click(qtbot, beside, QPoint(x, y))
    press(qtbot, beside, Qt.Key.Key_R, CONTROL)
    corners = [QPoint(x, y) for x, y in ((100, 100), (180, 100), (180, 160), (100, 160))]
    for corner in corners:
        click(qtbot, beside, corner)
    assert len(values(beside)) == 1  # the area is open still
    click(qtbot, beside, corners[0] + QPoint(3, 2))
    scale = desk_of(beside).view.um_per_px
    angle, area = values(beside)
    assert angle == pytest.approx(90.0, abs=0.1)
    assert area == pytest.approx(80 * 60 * scale * scale, rel=0.01)


def test_an_end_is_dragged_by_its_ring(qtbot: QtBot, beside: CompareScreen) -> None:
    press(qtbot, beside, Qt.Key.Key_R)
    drag(qtbot, beside, QPoint(100, 200), QPoint(200, 200))
    drag(qtbot, beside, QPoint(203, 198), QPoint(250, 200))
    scale = desk_of(beside).view.um_per_px
    assert values(beside) == [pytest.approx(150 * scale, abs=scale)]


def test_everything_by_keyboard(qtbot: QtBot, beside: CompareScreen) -> None:
    scale = desk_of(beside).view.um_per_px
    before = desk_of(beside).alignment
    press(qtbot, beside, Qt.Key.Key_R)
    press(qtbot, beside, Qt.Key.Key_Insert)
    press(qtbot, beside, Qt.Key.Key_Insert)
    for _ in range(4):
        press(qtbot, beside, Qt.Key.Key_Right, SHIFT)
    press(qtbot, beside, Qt.Key.Key_Return)
    assert values(beside) == [pytest.approx(100 * scale, abs=1e-6)]
    press(qtbot, beside, Qt.Key.Key_Home)
    press(qtbot, beside, Qt.Key.Key_Left)
    assert values(beside) == [pytest.approx(101 * scale, abs=1e-6)]
    press(qtbot, beside, Qt.Key.Key_Delete)
    assert values(beside) == []
    assert desk_of(beside).alignment == before


def test_escape_clears_what_is_drawn_then_puts_the_tool_away(
    qtbot: QtBot, beside: CompareScreen
) -> None:
    press(qtbot, beside, Qt.Key.Key_R)
    click(qtbot, beside, QPoint(100, 100))
    assert measured(beside).drawing is not None
    press(qtbot, beside, Qt.Key.Key_Escape)
    assert measured(beside).drawing is None
    assert desk_of(beside).tool == "distance"
    press(qtbot, beside, Qt.Key.Key_Escape)
    assert desk_of(beside).tool == ""
    assert values(beside) == []


def test_backspace_takes_a_corner_back(qtbot: QtBot, beside: CompareScreen) -> None:
    press(qtbot, beside, Qt.Key.Key_R, CONTROL)
    for x, y in ((100, 100), (200, 100), (200, 200), (150, 150)):
        click(qtbot, beside, QPoint(x, y))
    press(qtbot, beside, Qt.Key.Key_Backspace)
    press(qtbot, beside, Qt.Key.Key_Return)
    scale = desk_of(beside).view.um_per_px
    assert values(beside) == [pytest.approx(5000 * scale * scale, rel=0.02)]


def test_the_list_copies_and_deletes(qtbot: QtBot, beside: CompareScreen) -> None:
    press(qtbot, beside, Qt.Key.Key_F4)
    press(qtbot, beside, Qt.Key.Key_R)
    for y in (100, 150, 200):
        drag(qtbot, beside, QPoint(80, y), QPoint(80 + y, y))
    listed = part(beside, QListWidget, "measurements")
    assert listed.count() == 3
    first = measured(beside).words(measured(beside).items[0])
    assert first in listed.item(0).text()
    assert "left specimen" in listed.item(0).text()
    listed.setCurrentRow(0)
    qtbot.mouseClick(part(beside, QPushButton, "measurement_copy"), LEFT)
    assert QGuiApplication.clipboard().text() == f"Distance\t{first}\tleft specimen"
    qtbot.mouseClick(part(beside, QPushButton, "measurement_delete"), LEFT)
    assert listed.count() == 2
    assert len(values(beside)) == 2
    qtbot.mouseClick(part(beside, QPushButton, "measurements_clear"), LEFT)
    assert values(beside) == []
    assert listed.isHidden()


def test_one_becomes_a_drawing_with_its_value(qtbot: QtBot, beside: CompareScreen) -> None:
    press(qtbot, beside, Qt.Key.Key_F4)
    press(qtbot, beside, Qt.Key.Key_R)
    drag(qtbot, beside, QPoint(80, 100), QPoint(200, 180))
    line = measured(beside).items[0]
    words = measured(beside).words(line)
    qtbot.mouseClick(part(beside, QPushButton, "measurement_draw"), LEFT)
    (drawn,) = desk_of(beside).annotations
    assert (drawn.side, drawn.text) == ("left", words)
    assert drawn.points_um == tuple(spot.um for spot in line.spots)
    assert values(beside) == []
    press(qtbot, beside, Qt.Key.Key_Z, CONTROL)
    assert desk_of(beside).annotations == ()


def test_measurements_are_saved_with_the_comparison(
    qtbot: QtBot, beside: CompareScreen, workbench: Workbench, saved_pair: Comparison
) -> None:
    press(qtbot, beside, Qt.Key.Key_R)
    drag(qtbot, beside, QPoint(80, 100), QPoint(200, 180))
    before = values(beside)
    press(qtbot, beside, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: not desk_of(beside).unsaved)
    beside.open_pair(saved_pair.left_id, saved_pair.right_id)
    qtbot.waitUntil(lambda: beside.desk is not None)
    assert values(beside) == pytest.approx(before)


@pytest.mark.parametrize(
    "raw",
    [
        "x",
        [1, None, {}],
        [{"kind": "mood", "spots": []}],
        [{"kind": "distance", "spots": [["left", 0, 0]]}],
        [{"kind": "distance", "spots": [["left", 0, 0], ["up", 1, 1]]}],
        [{"kind": "distance", "spots": [["left", 0, 0], ["left", "1", float("nan")]]}],
    ],
)
def test_stored_nonsense_is_left_out(opened: CompareScreen, raw: object) -> None:
    desk_of(opened).keep_extra(MEASURED, raw)
    assert measured(opened).items == ()


def test_the_profile_is_drawn_shifted_and_exported(
    qtbot: QtBot, opened: CompareScreen, tmp_path: Path
) -> None:
    pictures = iter((tmp_path / "p.csv", tmp_path / "p.png"))
    panel = part(opened, ProfilePanel, "profile_panel")
    panel._ask_path = lambda _parent, _name, _kinds: next(pictures)
    press(qtbot, opened, Qt.Key.Key_P)
    drag(qtbot, opened, at_share(opened, 0.3, 0.4), at_share(opened, 0.7, 0.6))
    found = measured(opened).profile
    assert found is not None
    assert part(opened, QPushButton, "page_measure").isChecked()
    plot = panel._plot
    assert plot is not None and plot.isVisible()
    drawn = [curve.getData()[1] for curve in plot.curves]
    np.testing.assert_array_equal(drawn[0], found.left)
    np.testing.assert_array_equal(drawn[1], found.right)
    styles = {curve.opts["pen"].style() for curve in plot.curves}
    assert len(styles) == 2  # told apart without colours
    shift = part(opened, QDoubleSpinBox, "profile_shift")
    shift.setValue(12.0)
    assert measured(opened).settings.shift_um == 12.0
    shifted = measured(opened).profile
    assert shifted is not None and not np.array_equal(shifted.right_shifted, found.right)
    press(qtbot, opened, Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil((tmp_path / "p.csv").exists)
    lines = (tmp_path / "p.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == len(found.at_um) + 1
    qtbot.mouseClick(part(opened, QPushButton, "profile_png"), LEFT)
    qtbot.waitUntil((tmp_path / "p.png").exists)
    assert (tmp_path / "p.png").read_bytes()[:4] == b"\x89PNG"


def test_the_plot_in_a_window_of_its_own(qtbot: QtBot, opened: CompareScreen) -> None:
    panel = part(opened, ProfilePanel, "profile_panel")
    press(qtbot, opened, Qt.Key.Key_P)
    drag(qtbot, opened, at_share(opened, 0.3, 0.4), at_share(opened, 0.7, 0.6))
    qtbot.mouseClick(part(opened, QPushButton, "profile_enlarge"), LEFT)
    large = panel._large
    assert large is not None
    qtbot.waitUntil(large.isVisible)
    before = large.plot.curves[1].getData()[1]
    desk_of(opened).nudge(80.0, 0.0)
    qtbot.waitUntil(lambda: not np.array_equal(large.plot.curves[1].getData()[1], before))
    large.close()
    assert panel._large is None


def test_the_profile_s_cursor_is_a_dot_on_both_pictures(
    qtbot: QtBot, beside: CompareScreen
) -> None:
    press(qtbot, beside, Qt.Key.Key_P)
    drag(qtbot, beside, at_share(beside, 0.1, 0.4), at_share(beside, 0.4, 0.6))
    canvas, panel = canvas_of(beside), part(beside, ProfilePanel, "profile_panel")
    plain = canvas.grab().toImage()
    assert panel._plot is not None
    panel._plot._on_cursor(400.0)
    dotted = canvas.grab().toImage()
    width, height = desk_of(beside).size
    changed = {
        x * 2 // width
        for x in range(0, width, 2)
        for y in range(0, height, 2)
        if plain.pixel(x, y) != dotted.pixel(x, y)
    }
    assert changed == {0, 1}
    qtbot.waitUntil(lambda: "at 400.0 µm" in text(beside, "profile_cursor"))


def test_too_short_a_line_has_no_profile(qtbot: QtBot, opened: CompareScreen) -> None:
    desk = desk_of(opened)
    desk.zoom(400.0)
    press(qtbot, opened, Qt.Key.Key_P)
    drag(qtbot, opened, QPoint(100, 100), QPoint(110, 100))
    assert [one.kind for one in measured(opened).items] == [Kind.PROFILE]
    assert measured(opened).profile is None
    assert not part(opened, QPushButton, "profile_csv").isEnabled()
