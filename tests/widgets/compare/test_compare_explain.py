"""Going through the areas of agreement: next, confirm, ignore, take back, undo, kept."""

from __future__ import annotations

import pytest
from compare_parts import CONTROL, desk_of, part, press, text
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QPushButton
from pytestqt.qtbot import QtBot

from app.domain import Alignment, AnnotationKind, Comparison, Role
from app.workbench import Workbench
from widgets.compare import CompareScreen
from widgets.compare.desk.areas import Areas

NEXT, CONFIRM = Qt.Key.Key_Right, Qt.Key.Key_Return


@pytest.fixture
def alike(
    screen: CompareScreen, workbench: Workbench, evidence: str, qtbot: QtBot
) -> CompareScreen:
    """The same relief on both sides: it agrees with itself all over."""
    from compare_parts import keep

    same = keep(workbench, "2025-1107", Role.TEST_FIRE, 1)
    saved = workbench.save_comparison(Comparison(evidence, same, Alignment()))
    screen.open_pair(saved.left_id, saved.right_id)
    qtbot.waitUntil(lambda: screen.desk is not None)
    press(qtbot, screen, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: part(screen, QListWidget, "areas_list").count() > 1)
    return screen


def areas_of(screen: CompareScreen) -> Areas:
    assert screen._areas is not None
    return screen._areas


def test_the_first_key_press_looks_and_goes_to_the_best(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    desk = desk_of(opened)
    assert desk.similarity is None
    press(qtbot, opened, NEXT, CONTROL)
    qtbot.waitUntil(lambda: desk.similarity is not None)
    areas = areas_of(opened)
    assert areas.refusal or areas.at == 0


def test_an_area_fills_the_view_and_the_list_says_where_we_are(
    alike: CompareScreen, qtbot: QtBot
) -> None:
    press(qtbot, alike, NEXT, CONTROL)
    desk, areas = desk_of(alike), areas_of(alike)
    area = areas.listed()[0].area
    assert desk.view.centre_um == area.centre_um
    assert desk.view.um_per_px * min(desk.size) == pytest.approx(3.2 * area.radius_um)
    assert part(alike, QListWidget, "areas_list").currentRow() == 0
    press(qtbot, alike, Qt.Key.Key_Left, CONTROL)
    assert areas.at == len(areas.listed()) - 1


def test_confirmed_areas_are_drawn_on_both_kept_and_undone(
    alike: CompareScreen, workbench: Workbench, qtbot: QtBot
) -> None:
    desk, areas = desk_of(alike), areas_of(alike)
    press(qtbot, alike, NEXT, CONTROL)
    press(qtbot, alike, CONFIRM, CONTROL)
    (drawn,) = desk.annotations
    area = areas.listed()[0].area
    assert (drawn.kind, drawn.side, drawn.number) == (AnnotationKind.AGREEMENT, "both", 1)
    assert f"{area.ccf:.2f}" in drawn.text
    assert areas.listed()[0].state == "confirmed"
    assert "1 confirmed" in text(alike, "areas_says")
    press(qtbot, alike, Qt.Key.Key_Z, CONTROL)
    assert desk.annotations == () and areas.listed()[0].state == "new"
    press(qtbot, alike, Qt.Key.Key_Y, CONTROL)
    press(qtbot, alike, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: not desk.unsaved)
    assert workbench.annotations(desk.comparison.id) == (drawn,)


def test_a_confirmed_area_is_taken_back_by_the_same_button(
    alike: CompareScreen, qtbot: QtBot
) -> None:
    press(qtbot, alike, NEXT, CONTROL)
    button = part(alike, QPushButton, "confirm_area")
    button.click()
    assert desk_of(alike).annotations and button.text() == "Take back"
    button.click()
    assert desk_of(alike).annotations == ()


def test_ignored_areas_stay_ignored_when_the_pair_is_opened_again(
    alike: CompareScreen, workbench: Workbench, qtbot: QtBot
) -> None:
    press(qtbot, alike, NEXT, CONTROL)
    press(qtbot, alike, Qt.Key.Key_Backspace, CONTROL)
    desk, areas = desk_of(alike), areas_of(alike)
    assert areas.listed()[0].state == "ignored" and areas.at == 1
    press(qtbot, alike, Qt.Key.Key_S)
    qtbot.waitUntil(lambda: not desk.unsaved)
    alike.open_pair(desk.comparison.left_id, desk.comparison.right_id)
    qtbot.waitUntil(lambda: alike.desk is not None and alike.desk is not desk)
    qtbot.waitUntil(lambda: areas_of(alike).known)
    assert areas_of(alike).listed()[0].state == "ignored"


def test_what_does_not_lie_on_each_other_has_no_areas(opened: CompareScreen, qtbot: QtBot) -> None:
    desk = desk_of(opened)
    desk.set_alignment(Alignment(0.0, (90_000.0, 0.0)))
    press(qtbot, opened, Qt.Key.Key_F6)
    qtbot.waitUntil(lambda: desk.similarity is not None)
    assert "do not lie on each other" in text(opened, "areas_says")
    press(qtbot, opened, CONFIRM, CONTROL)
    assert desk.annotations == ()


def test_what_is_drawn_is_kept_without_being_asked(
    alike: CompareScreen, workbench: Workbench, qtbot: QtBot
) -> None:
    desk = desk_of(alike)
    before = workbench.comparisons()
    press(qtbot, alike, NEXT, CONTROL)
    press(qtbot, alike, CONFIRM, CONTROL)
    drawn = desk.annotations
    qtbot.waitUntil(lambda: workbench.annotations(desk.comparison.id) == drawn)
    qtbot.waitUntil(lambda: not desk.drawings_unkept)
    assert workbench.comparisons() == before  # alignment and view wait for S
    press(qtbot, alike, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: workbench.annotations(desk.comparison.id) == ())
    assert len(workbench.annotation_versions(desk.comparison.id)) == 2
