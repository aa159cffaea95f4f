"""The pen and its panels under a real mouse and keyboard."""

from __future__ import annotations

import numpy as np
import pytest
from compare_parts import (
    CONTROL,
    LEFT,
    SHIFT,
    canvas_of,
    desk_of,
    drag,
    move,
    part,
    press,
    wait_told,
)
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QListWidget,
    QPushButton,
)
from pytestqt.qtbot import QtBot

from app.domain import Annotation, AnnotationKind, Comparison
from app.picture.geometry import at
from app.workbench import Workbench
from widgets.compare import CompareScreen
from widgets.compare.desk import Desk, drawn
from widgets.compare.desk.pen import MARKS, SURFACES, WORDS
from widgets.compare.panels.notes import words_of

KIND = AnnotationKind
KEY = Qt.Key


def seen(desk: Desk, annotation: Annotation, index: int = 0) -> QPoint:
    """Where one of its points is on the screen."""
    (_, plane), *_ = drawn.planes(desk, annotation.side)
    x, y = at(drawn.to_left(desk, annotation, plane), annotation.points_um[index])
    return QPoint(round(x), round(y))


def take(qtbot: QtBot, screen: CompareScreen, kind: KIND) -> None:
    """The pen in hand with a kind, by keyboard."""
    desk = desk_of(screen)
    if kind is KIND.INDEX:
        press(qtbot, screen, KEY.Key_O, SHIFT)
        return
    press(qtbot, screen, KEY.Key_G if kind in SURFACES else KEY.Key_N)
    for _ in MARKS:
        if desk.pen.kind is kind:
            return
        press(qtbot, screen, KEY.Key_G if kind in SURFACES else KEY.Key_N)
    raise AssertionError(kind)


def middle(screen: CompareScreen) -> QPoint:
    canvas = canvas_of(screen)
    return QPoint(canvas.width() // 2, canvas.height() // 2)


def only(screen: CompareScreen) -> Annotation:
    (annotation,) = desk_of(screen).annotations
    return annotation


@pytest.mark.parametrize("kind", list(KIND), ids=str)
def test_every_kind_is_drawn_by_keyboard_alone(
    opened: CompareScreen, qtbot: QtBot, kind: KIND
) -> None:
    desk = desk_of(opened)
    take(qtbot, opened, kind)
    press(qtbot, opened, KEY.Key_Insert)
    if kind in (KIND.NOTE, KIND.TEXT):
        qtbot.keyClicks(canvas_of(opened), "2 words")
        press(qtbot, opened, KEY.Key_Return)
        assert only(opened).text == "2 words"
    before = only(opened)
    assert before.kind is kind
    assert before.side == ("both" if kind in SURFACES else before.side)
    for key in (KEY.Key_Right, KEY.Key_Right, KEY.Key_Up):
        press(qtbot, opened, key, SHIFT)
    x, y = before.points_um[0]
    moved_x, moved_y = only(opened).points_um[0]
    far = ((moved_x - x) ** 2 + (moved_y - y) ** 2) ** 0.5
    assert far == pytest.approx(500**0.5 * desk.view.um_per_px, rel=1e-6)
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    press(qtbot, opened, KEY.Key_Escape)
    press(qtbot, opened, KEY.Key_End)
    press(qtbot, opened, KEY.Key_Delete)
    assert desk.annotations == ()
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert only(opened).kind is kind


@pytest.mark.parametrize("kind", [KIND.ARROW, KIND.LINE, KIND.BOX, KIND.ELLIPSE], ids=str)
@pytest.mark.parametrize("by_clicks", [False, True])
def test_two_ends_by_a_drag_or_by_two_clicks(
    opened: CompareScreen, qtbot: QtBot, kind: KIND, by_clicks: bool
) -> None:
    take(qtbot, opened, kind)
    start = middle(opened) + QPoint(-200, -80)
    end = start + QPoint(120, 60)
    if by_clicks:
        canvas = canvas_of(opened)
        qtbot.mouseClick(canvas, LEFT, pos=start)
        move(canvas, end)
        qtbot.mouseClick(canvas, LEFT, pos=end)
    else:
        drag(qtbot, opened, start, end)
    annotation, desk = only(opened), desk_of(opened)
    last = 2 if len(annotation.points_um) == 4 else 1
    assert (seen(desk, annotation), seen(desk, annotation, last)) == (start, end)
    assert annotation.side == "left" and annotation.number == 0
    if last == 2:
        assert seen(desk, annotation, 1) == QPoint(end.x(), start.y()), "upright on the screen"


def test_an_area_by_clicks_is_closed_at_its_first_corner(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    take(qtbot, opened, KIND.DISAGREEMENT)
    canvas, start = canvas_of(opened), middle(opened) + QPoint(-150, -60)
    corners = [start, start + QPoint(120, 0), start + QPoint(140, 90), start + QPoint(60, 120)]
    for corner in corners:
        move(canvas, corner)
        qtbot.mouseClick(canvas, LEFT, pos=corner)
    press(qtbot, opened, KEY.Key_Backspace)
    move(canvas, start + QPoint(4, 3))
    qtbot.mouseClick(canvas, LEFT, pos=start + QPoint(4, 3))
    annotation, desk = only(opened), desk_of(opened)
    assert annotation.side == "both" and annotation.number == 1
    assert [seen(desk, annotation, n) for n in range(3)] == corners[:3]
    assert len(annotation.points_um) == 3


def test_escape_leaves_step_by_step(opened: CompareScreen, qtbot: QtBot) -> None:
    desk, canvas = desk_of(opened), canvas_of(opened)
    take(qtbot, opened, KIND.POLYGON)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(100, 100))
    press(qtbot, opened, KEY.Key_Escape)
    assert desk.annotations == () and desk.tool == "annotate"
    drag(qtbot, opened, QPoint(100, 100), QPoint(101, 101))
    assert desk.annotations == (), "too small to be anything"
    press(qtbot, opened, KEY.Key_Escape)
    press(qtbot, opened, KEY.Key_Escape)
    assert desk.tool == ""


def test_a_shape_is_dragged_reshaped_and_left_alone_inside(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    desk = desk_of(opened)
    take(qtbot, opened, KIND.BOX)
    start = middle(opened) + QPoint(-200, -80)
    drag(qtbot, opened, start, start + QPoint(100, 80))
    corner, edge = start + QPoint(100, 80), start + QPoint(50, 0)
    drag(qtbot, opened, corner, corner + QPoint(30, 10))
    assert seen(desk, only(opened), 2) == corner + QPoint(30, 10)
    assert seen(desk, only(opened), 0) == start
    drag(qtbot, opened, edge, edge + QPoint(-20, 30))
    assert seen(desk, only(opened), 0) == start + QPoint(-20, 30)
    for _ in range(2):
        press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert seen(desk, only(opened), 2) == corner, "each drag was one step"
    inside = start + QPoint(30, 30)
    drag(qtbot, opened, inside, inside + QPoint(30, 20))
    assert len(desk.annotations) == 2, "inside a shape another one is drawn"


def test_on_the_right_specimen_it_follows_the_hand_there(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, KEY.Key_2)
    take(qtbot, opened, KIND.ARROW)
    start = middle(opened) + QPoint(120, -40)
    drag(qtbot, opened, start, start + QPoint(60, 30))
    assert only(opened).side == "right"
    tip = start + QPoint(60, 30)
    assert (seen(desk, only(opened)), seen(desk, only(opened), 1)) == (start, tip)
    drag(qtbot, opened, tip, tip + QPoint(10, 25))
    assert seen(desk, only(opened), 1) == tip + QPoint(10, 25)
    press(qtbot, opened, KEY.Key_Y)
    assert only(opened).side == "both"
    assert seen(desk, only(opened)).y() == start.y(), "it stays where it is in this alignment"


def test_words_are_typed_on_the_picture(opened: CompareScreen, qtbot: QtBot) -> None:
    desk, canvas = desk_of(opened), canvas_of(opened)
    take(qtbot, opened, KIND.NOTE)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(150, 150))
    qtbot.keyClicks(canvas, "gouge 12")
    qtbot.keyClick(canvas, KEY.Key_Backspace)
    qtbot.keyClick(canvas, KEY.Key_Return, SHIFT)
    qtbot.keyClicks(canvas, "k n g")
    qtbot.keyClick(canvas, KEY.Key_Return)
    assert only(opened).text == "gouge 1\nk n g"
    assert desk.pen.kind is KIND.NOTE, "letters were no commands"
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert only(opened).text == "", "what was typed in one go is one step"
    take(qtbot, opened, KIND.TEXT)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(250, 150))
    assert len(desk.annotations) == 2
    press(qtbot, opened, KEY.Key_Escape)
    assert len(desk.annotations) == 1, "a text without words is none"


def test_the_panel_draws_lists_and_changes(opened: CompareScreen, qtbot: QtBot) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, KEY.Key_F5)
    for kind in (*SURFACES, *MARKS):
        button = part(opened, QPushButton, f"draw_{kind}")
        assert WORDS[kind] in button.toolTip().lower() and button.accessibleName()
        qtbot.mouseClick(button, LEFT)
        assert desk.pen.kind is kind and button.isChecked()
    qtbot.mouseClick(part(opened, QPushButton, "draw_ellipse"), LEFT)
    colour = part(opened, QComboBox, "annotation_colour")
    colour.setFocus()
    qtbot.keyClicks(colour, "sky")
    drag(qtbot, opened, QPoint(100, 100), QPoint(180, 160))
    take(qtbot, opened, KIND.AGREEMENT)
    press(qtbot, opened, KEY.Key_Insert)
    listed = part(opened, QListWidget, "annotation_list")
    rows = [listed.item(row).text() for row in range(listed.count())]
    assert rows == [words_of(a) for a in desk.annotations] == ["ellipse (left)", "1  agreement"]
    assert desk.annotations[0].colour == "blue"
    listed.setFocus()
    qtbot.keyClick(listed, KEY.Key_Up)
    assert desk.pen.selected == desk.annotations[0].id
    field = part(opened, QLineEdit, "annotation_text")
    field.setFocus()
    qtbot.keyClicks(field, "drag mark")
    assert desk.annotations[0].text == "drag mark"
    side = part(opened, QComboBox, "annotation_side")
    side.setFocus()
    qtbot.keyClick(side, KEY.Key_Down)
    assert desk.annotations[0].side == "right"
    qtbot.mouseClick(part(opened, QPushButton, "annotation_top"), LEFT)
    assert [a.kind for a in desk.annotations] == [KIND.AGREEMENT, KIND.ELLIPSE]
    listed.setFocus()
    qtbot.keyClick(listed, KEY.Key_Return)
    centre = seen(desk, desk.annotations[1]) + seen(desk, desk.annotations[1], 2)
    assert (centre / 2 - middle(opened)).manhattanLength() < 4
    qtbot.keyClick(listed, KEY.Key_Delete)
    assert [a.kind for a in desk.annotations] == [KIND.AGREEMENT]


def test_a_copy_has_a_number_of_its_own(opened: CompareScreen, qtbot: QtBot) -> None:
    take(qtbot, opened, KIND.DISAGREEMENT)
    press(qtbot, opened, KEY.Key_Insert)
    press(qtbot, opened, KEY.Key_D, CONTROL)
    one, two = desk_of(opened).annotations
    assert (one.number, two.number) == (1, 2) and one.id != two.id
    assert desk_of(opened).pen.selected == two.id
    press(qtbot, opened, KEY.Key_Up, CONTROL)
    grown = desk_of(opened).annotations[1]
    wide = [np.ptp(np.array(a.points_um)[:, 0]) for a in (two, grown)]
    assert wide[1] == pytest.approx(wide[0] * 1.1)


def test_another_kind_lets_go_of_what_was_begun(opened: CompareScreen, qtbot: QtBot) -> None:
    take(qtbot, opened, KIND.LINE)
    qtbot.mouseClick(canvas_of(opened), LEFT, pos=QPoint(100, 100))
    take(qtbot, opened, KIND.AGREEMENT)
    move(canvas_of(opened), QPoint(200, 200))
    qtbot.mouseClick(canvas_of(opened), LEFT, pos=QPoint(200, 200))
    assert desk_of(opened).annotations == ()


def test_what_is_drawn_can_be_hidden(opened: CompareScreen, qtbot: QtBot) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, KEY.Key_F5)
    take(qtbot, opened, KIND.AGREEMENT)
    bare = desk.picture()
    press(qtbot, opened, KEY.Key_Insert)
    assert (desk.picture() != bare).any()
    press(qtbot, opened, KEY.Key_N, SHIFT)
    assert not desk.view.annotations and (desk.picture() == bare).all()
    box = part(opened, QCheckBox, "annotations_shown")
    assert not box.isChecked()
    qtbot.mouseClick(box, LEFT)
    assert desk.view.annotations
    press(qtbot, opened, KEY.Key_N, SHIFT)
    press(qtbot, opened, KEY.Key_Insert)
    assert desk.view.annotations, "what is drawn now is seen"


def test_saved_with_the_comparison_and_when_the_pair_is_left(
    opened: CompareScreen,
    qtbot: QtBot,
    workbench: Workbench,
    saved_pair: Comparison,
    told: list[str],
) -> None:
    take(qtbot, opened, KIND.AGREEMENT)
    press(qtbot, opened, KEY.Key_Insert)
    press(qtbot, opened, KEY.Key_S)
    wait_told(qtbot, told, "saved with the comparison")
    assert workbench.annotations(saved_pair.id) == desk_of(opened).annotations
    press(qtbot, opened, KEY.Key_Delete)
    opened.open_pair(saved_pair.left_id, saved_pair.right_id)
    qtbot.waitUntil(lambda: opened.desk is not None)
    assert desk_of(opened).annotations == ()
    versions = workbench.annotation_versions(saved_pair.id)
    assert [len(version.annotations) for version in versions] == [1, 0]


def save_view(qtbot: QtBot, screen: CompareScreen, told: list[str]) -> None:
    listed = part(screen, QListWidget, "view_list")
    before = listed.count()
    press(qtbot, screen, KEY.Key_S, SHIFT)
    wait_told(qtbot, told, "is kept as")
    qtbot.waitUntil(lambda: listed.currentRow() == before == listed.count() - 1)


def test_views_are_saved_named_ticked_and_withdrawn(
    opened: CompareScreen,
    qtbot: QtBot,
    workbench: Workbench,
    saved_pair: Comparison,
    told: list[str],
) -> None:
    press(qtbot, opened, KEY.Key_F8)
    save_view(qtbot, opened, told)
    save_view(qtbot, opened, told)
    listed = part(opened, QListWidget, "view_list")
    assert [listed.item(row).text() for row in range(2)] == ["View 1", "View 2"]
    listed.setFocus()
    qtbot.keyClick(listed, KEY.Key_Space)
    qtbot.waitUntil(lambda: not workbench.saved_views(saved_pair.id)[1].in_report)
    QApplication.processEvents()
    listed.item(1).setText("view 1")
    wait_told(qtbot, told, "called 'View 1' already")
    assert listed.item(1).text() == "View 2"
    listed.setFocus()
    qtbot.keyClick(listed, KEY.Key_R)
    editor = listed.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Rim")
    qtbot.keyClick(editor, KEY.Key_Return)
    qtbot.waitUntil(lambda: workbench.saved_views(saved_pair.id)[1].name == "Rim")
    qtbot.waitUntil(lambda: listed.item(1).text() == "Rim")
    listed.setFocus()
    qtbot.keyClick(listed, KEY.Key_Delete)
    wait_told(qtbot, told, "stays on the record")
    qtbot.waitUntil(lambda: listed.count() == 1)
    assert len(workbench.saved_views(saved_pair.id, withdrawn=True)) == 2


def test_opening_a_view_loses_no_work_and_makes_none(
    opened: CompareScreen,
    qtbot: QtBot,
    workbench: Workbench,
    saved_pair: Comparison,
    told: list[str],
) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, KEY.Key_F8)
    save_view(qtbot, opened, told)
    seen_then = desk.picture()
    take(qtbot, opened, KIND.AGREEMENT)
    press(qtbot, opened, KEY.Key_Insert)
    press(qtbot, opened, KEY.Key_5)
    press(qtbot, opened, KEY.Key_Plus)
    drawn_now = desk.annotations
    listed = part(opened, QListWidget, "view_list")
    listed.setFocus()
    qtbot.keyClick(listed, KEY.Key_Return)
    wait_told(qtbot, told, "to the last pixel")
    assert (desk.picture() == seen_then).all() and desk.annotations == ()
    assert workbench.annotations(saved_pair.id) == drawn_now, "saved before"
    assert not desk.moved
    opened.open_pair(saved_pair.left_id, saved_pair.right_id)
    qtbot.waitUntil(lambda: opened.desk is not None)
    assert desk_of(opened).annotations == drawn_now, "looking at an older view changed nothing"
