"""Class characteristics, the subclass flag, index marks; and that all of it can be undone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from compare_parts import CONTROL, LEFT, SHIFT, canvas_of, desk_of, part, press
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QLabel,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain import Annotation, AnnotationKind, ClassNote, Comparison, Remarks
from app.picture.measure import Kind, Measurement, Spot
from app.workbench import Workbench
from widgets.compare import CompareScreen
from widgets.compare.desk import Desk, drawn
from widgets.compare.desk.indexing import index_of, index_up, put_index
from widgets.compare.desk.noting import flag_words, give_reason, note_class, turn_flag
from widgets.compare.desk.positions import (
    forget_position,
    positions_of,
    rename_position,
)
from widgets.compare.view.flag import paint_flag

KEY = Qt.Key
AREA = Annotation(
    AnnotationKind.AGREEMENT, "both", ((0.0, 0.0), (90.0, 0.0), (0.0, 90.0)), "striae", 1
)
LINE = Measurement(Kind.DISTANCE, (Spot("left", (0.0, 0.0)), Spot("left", (30.0, 40.0))))


def measured(desk: Desk, times: int = 1) -> None:
    for _ in range(times):
        desk.measures.draw(LINE)
        desk.measures.finish()


def test_positions_are_undone_and_done_again(opened: CompareScreen, qtbot: QtBot) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, KEY.Key_3, CONTROL | Qt.KeyboardModifier.AltModifier)
    first = positions_of(desk).at(3)
    assert first is not None
    desk.nudge(50.0, 0.0)
    press(qtbot, opened, KEY.Key_3, CONTROL | Qt.KeyboardModifier.AltModifier)
    assert positions_of(desk).at(3) != first
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert positions_of(desk).at(3) == first, "storing anew is undone"
    forget_position(desk, 3)
    assert positions_of(desk).at(3) is None
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert positions_of(desk).at(3) == first, "deleting is undone"
    press(qtbot, opened, KEY.Key_Y, CONTROL)
    assert positions_of(desk).at(3) is None
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    rename_position(desk, 3, "rim")
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert positions_of(desk).at(3) == first
    for _ in range(2):  # the nudge, then the storing
        press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert positions_of(desk).at(3) is None and not desk.moved


def test_deleted_measurements_come_back(opened: CompareScreen, qtbot: QtBot) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, KEY.Key_F4)
    measured(desk, 3)
    listed = part(opened, QListWidget, "measurements")
    listed.setCurrentRow(2)
    qtbot.keyClick(listed, KEY.Key_Delete)
    assert len(desk.measures.items) == listed.count() == 2
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert len(desk.measures.items) == listed.count() == 3
    qtbot.mouseClick(part(opened, QPushButton, "measurements_clear"), LEFT)
    assert desk.measures.items == ()
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert len(desk.measures.items) == 3
    desk.measures.choose(2)
    for _ in range(2):
        press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert len(desk.measures.items) == 1 and desk.measures.chosen == -1
    qtbot.mouseClick(part(opened, QPushButton, "measurement_copy"), LEFT)
    qtbot.mouseClick(part(opened, QPushButton, "measurement_draw"), LEFT)
    assert desk.measures.items == () and len(desk.annotations) == 1
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert len(desk.measures.items) == 1 and desk.annotations == (), "one step took both"


def test_moving_an_end_by_keys_is_one_step(opened: CompareScreen) -> None:
    desk = desk_of(opened)
    measured(desk)
    for x in (31.0, 32.0, 33.0):
        moved = LINE.moved(1, Spot("left", (x, 40.0)))
        desk.measures.change(0, moved)
    desk.undo()
    assert desk.measures.items == (LINE,)


def test_the_class_is_noted_side_by_side(opened: CompareScreen, qtbot: QtBot) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, KEY.Key_F9)
    left = part(opened, QComboBox, "class_breech_face_class_left")
    right = part(opened, QComboBox, "class_breech_face_class_right")
    said = part(opened, QComboBox, "class_breech_face_class_verdict")
    assert "parallel" in [left.itemText(n) for n in range(left.count())]
    assert left.mapTo(opened, QPoint()).y() == right.mapTo(opened, QPoint()).y()
    left.setFocus()
    qtbot.keyClicks(left.lineEdit(), "parallel")
    right.setCurrentText("arched")
    assert desk.remarks.class_notes == (ClassNote("breech_face_class", "parallel", "arched"),)
    assert "≠" in said.currentText() and "differ" in said.currentText()
    differing = said.styleSheet()
    desk.end_gesture()
    right.setCurrentText("parallel")
    assert said.currentText().startswith("=") and said.styleSheet() != differing
    assert "border-radius: 0" in differing, "square where it differs, round where it agrees"
    said.setFocus()
    qtbot.keyClicks(said, "?")
    assert desk.remarks.class_notes[0].said == "open"
    press(qtbot, opened, KEY.Key_Z, CONTROL)
    assert desk.remarks.class_notes[0].said == ""
    desk.undo()
    assert said.currentText().startswith("≠"), "the words before"
    desk.end_gesture()
    note_class(desk, ClassNote("breech_face_class"))
    assert desk.remarks == Remarks() and left.currentText() == ""


def test_what_is_registered_is_taken_over_and_undone(opened: CompareScreen, qtbot: QtBot) -> None:
    desk, panel = desk_of(opened), opened._panels.classes
    press(qtbot, opened, KEY.Key_F9)
    cases = [p.cartridge_case for p in (opened._pair.left_place, opened._pair.right_place)]  # type: ignore[union-attr]
    panel.set_cases(replace(cases[0], calibre="9 mm Luger"), replace(cases[1], calibre=".40 S&W"))
    qtbot.mouseClick(part(opened, QPushButton, "class_registered"), LEFT)
    assert desk.remarks.class_notes == (ClassNote("calibre", "9 mm Luger", ".40 S&W"),)
    desk.undo()
    assert desk.remarks == Remarks()


def test_the_flag_is_set_on_all_or_on_the_area_in_hand(
    opened: CompareScreen, qtbot: QtBot, workbench: Workbench
) -> None:
    desk = desk_of(opened)
    press(qtbot, opened, KEY.Key_G, SHIFT)
    reason = part(opened, QPlainTextEdit, "subclass_reason")
    assert desk.remarks.subclass and reason.hasFocus(), "it asks why at once"
    qtbot.keyClicks(reason, "parallel marks")
    assert flag_words(desk) == ("Possible subclass influence on the comparison: parallel marks",)
    assert "parallel marks" in part(opened, QLabel, "subclass_flags").text()
    drawn.add(desk, AREA)
    press(qtbot, opened, KEY.Key_G, SHIFT)
    assert "agreement 1" in part(opened, QCheckBox, "subclass").text()
    qtbot.keyClicks(reason, "a broach")
    assert desk.annotations[0].subclass == "a broach" and len(flag_words(desk)) == 2
    qtbot.waitUntil(lambda: not desk.drawings_unkept)
    assert workbench.remarks(desk.comparison.id).subclass_reason == "parallel marks"
    qtbot.mouseClick(part(opened, QCheckBox, "subclass"), LEFT)
    assert desk.annotations[0].subclass == "" and desk.remarks.subclass
    desk.undo()
    assert desk.annotations[0].subclass == "a broach"
    desk.pen.select("")
    press(qtbot, opened, KEY.Key_G, SHIFT)
    assert not desk.remarks.subclass and desk.remarks.subclass_reason == "parallel marks"
    give_reason(desk, "nothing is flagged")
    assert desk.remarks.subclass_reason == "parallel marks"


def amber_px(widget: QWidget) -> int:
    """How much of the flag's own colour is seen."""
    image = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.array(image.constBits()).reshape(image.height(), image.width(), 4)
    return int(np.all(np.abs(pixels[..., 2::-1].astype(int) - (232, 163, 61)) < 8, axis=2).sum())


def test_the_flag_is_in_sight_for_as_long_as_it_is_set(opened: CompareScreen, qtbot: QtBot) -> None:
    desk, canvas = desk_of(opened), canvas_of(opened)
    before = amber_px(canvas)
    assert turn_flag(desk)
    for keys in ((KEY.Key_3,), (KEY.Key_4,), (KEY.Key_R,), (KEY.Key_F11,)):
        press(qtbot, opened, *keys)
        assert amber_px(canvas) > before + 300, keys
    press(qtbot, opened, KEY.Key_N, SHIFT)
    assert amber_px(canvas) > before + 300, "whether drawings are shown or not"
    press(qtbot, opened, KEY.Key_F11, SHIFT)
    second = opened._view.helpers.second
    assert second is not None
    qtbot.waitUntil(lambda: amber_px(second.picture) > 300)
    second.close()
    turn_flag(desk)
    assert amber_px(canvas) <= before


def test_the_plate_says_how_many_more_and_stays_in_its_corner(qtbot: QtBot) -> None:
    image = QImage(600, 100, QImage.Format.Format_RGB32)
    image.fill(QColor(0, 0, 0))
    painter = QPainter(image)
    paint_flag(painter, ("a reason that is very long " * 10, "another"), 600)
    paint_flag(painter, (), 600)
    painter.end()
    pixels = np.array(image.constBits()).reshape(100, 600, 4)[..., 0]
    columns = np.flatnonzero(pixels.any(axis=0))
    assert columns[0] > 600 * 0.5 and columns[-1] < 595


def test_an_index_mark_is_placed_numbered_coloured_and_removed(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    desk, canvas = desk_of(opened), canvas_of(opened)
    press(qtbot, opened, KEY.Key_F5)
    press(qtbot, opened, KEY.Key_O, SHIFT)
    assert part(opened, QPushButton, "index_mark").isChecked()
    point = QPoint(canvas.width() // 4, canvas.height() // 5)
    qtbot.mouseClick(canvas, LEFT, Qt.KeyboardModifier.NoModifier, point)
    mark = index_of(desk, "left")
    assert mark is not None and mark.side == "left" and index_of(desk, "right") is None
    place = desk.place((float(point.x()), float(point.y())))
    assert mark.points_um[1] == pytest.approx(place.left_um)
    number = part(opened, QSpinBox, "index_number_left")
    number.setFocus()
    number.selectAll()
    qtbot.keyClicks(number, "12")
    qtbot.keyClicks(part(opened, QComboBox, "index_colour_left"), "verm")
    changed = index_of(desk, "left")
    assert changed is not None and (changed.number, changed.colour) == (12, "orange")
    qtbot.mouseClick(part(opened, QPushButton, "index_turn_right"), LEFT)
    assert index_of(desk, "right") is not None
    qtbot.mouseClick(canvas, LEFT, Qt.KeyboardModifier.NoModifier, point + QPoint(30, 40))
    again = index_of(desk, "left")
    assert again is not None and again.number == 12, "one a specimen: it was moved"
    assert len(desk.annotations) == 2
    drawn.tie(desk, again.id, "both")
    drawn.copy(desk, again.id)
    assert len(desk.annotations) == 2 and index_of(desk, "left") is not None
    qtbot.mouseClick(part(opened, QPushButton, "index_turn_left"), LEFT)
    assert index_of(desk, "left") is None
    desk.undo()
    assert index_of(desk, "left") == again


def test_up_as_seen_is_up_on_the_screen(opened: CompareScreen) -> None:
    desk = desk_of(opened)
    desk.turn_both(30.0)
    for side in ("left", "right"):
        mark = index_up(desk, side)  # type: ignore[arg-type]
        put_index(desk, mark)
        matrix = drawn.to_left(desk, mark, next(drawn.planes(desk, side))[1])  # type: ignore[arg-type]
        (mx, my), (rx, ry) = (matrix[:2, :2] @ p + matrix[:2, 2] for p in mark.points_um)
        assert rx == pytest.approx(mx, abs=1e-6) and ry < my - 10


def test_a_difference_of_class_is_offered_and_never_chosen(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    desk = desk_of(opened)
    note_class(desk, ClassNote("calibre", "9 mm Luger", ".40 S&W"))
    press(qtbot, opened, KEY.Key_F7)
    told = part(opened, QLabel, "class_differences")
    take = part(opened, QPushButton, "take_differences")
    panel = opened._panels.conclude
    assert "Calibre (left 9 mm Luger, right .40 S&W)" in told.text() and told.isVisible()
    assert panel.chosen is None and not take.isVisible()
    part(opened, QRadioButton, "value_identification").click()
    assert "noted as different" in part(opened, QLabel, "conclude_cautions").text()
    assert not take.isVisible()
    part(opened, QRadioButton, "value_elimination").click()
    assert panel.draft.basis == "" and panel.reasons == "" and take.isVisible()
    qtbot.mouseClick(take, LEFT)
    qtbot.mouseClick(take, LEFT)
    assert panel.draft.basis == "class" and panel.reasons.count("Calibre") == 1
    desk.undo()
    assert not told.isVisible(), "the note is gone, and the offer with it"


def test_an_identification_is_kept_back_until_subclass_is_excluded(
    opened: CompareScreen, qtbot: QtBot, workbench: Workbench, saved_pair: Comparison
) -> None:
    desk = desk_of(opened)
    turn_flag(desk)
    give_reason(desk, "parallel marks")
    press(qtbot, opened, KEY.Key_Return)
    excluded = part(opened, QPlainTextEdit, "subclass_excluded")
    assert not excluded.isVisible()
    part(opened, QRadioButton, "value_identification").click()
    assert excluded.isVisible()
    qtbot.keyClicks(part(opened, QPlainTextEdit, "reasons"), "Striae agree.")
    part(opened, QRadioButton, "examined_yes").click()
    qtbot.keyClick(part(opened, QPlainTextEdit, "reasons"), KEY.Key_Return, CONTROL)
    assert excluded.hasFocus() and workbench.conclusions(saved_pair.id) == ()
    qtbot.keyClicks(excluded, "Granular, no broach.")
    qtbot.keyClick(excluded, KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: len(workbench.conclusions(saved_pair.id)) == 1)
    (made,) = workbench.conclusions(saved_pair.id)
    assert made.subclass_excluded == "Granular, no broach."
    qtbot.waitUntil(
        lambda: "Granular, no broach." in part(opened, QLabel, "earlier_conclusions").text()
    )
