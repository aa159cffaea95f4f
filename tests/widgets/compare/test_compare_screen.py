"""The comparison screen under a real mouse and keyboard, on a real casebook."""

from __future__ import annotations

import pytest
from compare_parts import (
    ALT,
    CONTROL,
    LEFT,
    RIGHT,
    SHIFT,
    Navigator,
    canvas_of,
    desk_of,
    divider_point,
    drag,
    move,
    open_pair,
    part,
    press,
    text,
)
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDoubleSpinBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain import (
    Alignment,
    Comparison,
)
from app.picture import Mode
from app.picture.view import divider_px
from app.workbench import Workbench
from widgets import keys
from widgets.compare import CompareScreen
from widgets.key_sheet import KeySheet


def test_it_says_what_to_do_before_a_pair_is_opened(
    screen: CompareScreen, navigator: Navigator, qtbot: QtBot
) -> None:
    assert text(screen, "compare_message_title") == "Open a candidate to compare"
    qtbot.mouseClick(part(screen, QPushButton, "to_candidates"), LEFT)
    qtbot.mouseClick(part(screen, QPushButton, "to_casebook"), LEFT)
    assert navigator.went == ["candidates", "casebook"]
    for row in keys.rows(keys.COMPARE):
        if row.action != "sheet":
            screen._act(row.action)


def test_it_starts_in_split_field_with_the_saved_alignment(opened: CompareScreen) -> None:
    desk = desk_of(opened)
    assert desk.view.mode is Mode.SPLIT
    assert desk.alignment == Alignment(16.5, (100.0, -60.0))
    assert "2026-0412 / 1 / A" in text(opened, "left_name")
    assert "evidence" in text(opened, "left_name")
    assert "2025-1107 / 1 / A" in text(opened, "right_name")
    assert "test fire" in text(opened, "right_name")
    assert "an aid, not a conclusion" in part(opened, QLabel, "score_sentence").toolTip()


def test_the_test_fire_goes_to_the_right_however_it_is_opened(
    screen: CompareScreen, saved_pair: Comparison, navigator: Navigator, qtbot: QtBot
) -> None:
    open_pair(qtbot, screen, saved_pair, turned=True)
    assert navigator.place == ("2026-0412 / 1 / A", "2025-1107 / 1 / A")
    assert "evidence" in text(screen, "left_name")
    assert desk_of(screen).comparison == saved_pair


def test_the_dividing_line_is_dragged(opened: CompareScreen, qtbot: QtBot) -> None:
    before = desk_of(opened).view
    start = divider_point(opened)
    drag(qtbot, opened, start, QPoint(start.x() - 150, start.y()))
    view = desk_of(opened).view
    width = desk_of(opened).size[0]
    assert view.divider_at == pytest.approx((start.x() - 150 + 0.5) / width)
    assert view.centre_um == before.centre_um
    press(qtbot, opened, Qt.Key.Key_Z, CONTROL)
    assert desk_of(opened).view.divider_at == before.divider_at


def test_the_pointer_says_the_line_can_be_taken(opened: CompareScreen, qtbot: QtBot) -> None:
    canvas = canvas_of(opened)
    move(canvas, divider_point(opened))
    assert canvas.cursor().shape() == Qt.CursorShape.SplitHCursor
    move(canvas, QPoint(40, 40))
    assert canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor
    press(qtbot, opened, Qt.Key.Key_H)
    move(canvas, QPoint(40, divider_px(desk_of(opened).view, desk_of(opened).size)))
    assert canvas.cursor().shape() == Qt.CursorShape.SplitVCursor


def test_dragging_the_picture_carries_both(opened: CompareScreen, qtbot: QtBot) -> None:
    before = desk_of(opened).view
    drag(qtbot, opened, QPoint(100, 100), QPoint(160, 90))
    view, scale = desk_of(opened).view, before.um_per_px
    assert view.centre_um[0] == pytest.approx(before.centre_um[0] - 60 * scale)
    assert view.centre_um[1] == pytest.approx(before.centre_um[1] + 10 * scale)
    assert desk_of(opened).alignment == Alignment(16.5, (100.0, -60.0))


@pytest.mark.parametrize(
    ("button", "modifier"), [(RIGHT, Qt.KeyboardModifier.NoModifier), (LEFT, CONTROL)]
)
def test_the_right_specimen_is_dragged_alone(
    opened: CompareScreen, qtbot: QtBot, button: Qt.MouseButton, modifier: Qt.KeyboardModifier
) -> None:
    before = desk_of(opened).view
    drag(qtbot, opened, QPoint(500, 100), QPoint(530, 120), button, modifier)
    moved = desk_of(opened).alignment.shift_um
    scale = before.um_per_px
    assert moved == pytest.approx((100.0 + 30 * scale, -60.0 + 20 * scale))
    assert desk_of(opened).view == before


def test_the_wheel_zooms_and_a_double_click_fits(opened: CompareScreen, qtbot: QtBot) -> None:
    canvas, fitted = canvas_of(opened), desk_of(opened).view
    at = QPointF(120, 90)
    event = QWheelEvent(
        at,
        QPointF(canvas.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)
    assert desk_of(opened).view.um_per_px == pytest.approx(fitted.um_per_px / 1.15**2)
    qtbot.mouseDClick(canvas, LEFT, pos=QPoint(60, 60))
    assert desk_of(opened).view == fitted


@pytest.mark.parametrize(
    ("key", "modifier", "moved"),
    [
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, (10, 0)),
        (Qt.Key.Key_Left, SHIFT, (-100, 0)),
        (Qt.Key.Key_Up, ALT, (0, -1)),
        (Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier, (0, 10)),
    ],
)
def test_arrows_nudge_by_exact_micrometres(
    opened: CompareScreen,
    qtbot: QtBot,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier,
    moved: tuple[int, int],
) -> None:
    press(qtbot, opened, key, modifier)
    shift = desk_of(opened).alignment.shift_um
    assert shift == pytest.approx((100.0 + moved[0], -60.0 + moved[1]), abs=1e-9)
    press(qtbot, opened, Qt.Key.Key_Z, CONTROL)
    assert desk_of(opened).alignment == Alignment(16.5, (100.0, -60.0))
    press(qtbot, opened, Qt.Key.Key_Y, CONTROL)
    assert desk_of(opened).alignment.shift_um == pytest.approx(shift)


def test_comma_and_full_stop_turn(opened: CompareScreen, qtbot: QtBot) -> None:
    press(qtbot, opened, Qt.Key.Key_Comma)
    press(qtbot, opened, Qt.Key.Key_Less, SHIFT)
    press(qtbot, opened, Qt.Key.Key_Period, CONTROL)
    assert desk_of(opened).alignment.rotation_deg == pytest.approx(16.5 + 0.1 + 1 - 10)


def test_every_mode_by_key_and_by_button(opened: CompareScreen, qtbot: QtBot) -> None:
    shown = set()
    for number, mode in enumerate(Mode, start=1):
        qtbot.keyClick(canvas_of(opened), str(number))
        assert desk_of(opened).view.mode is mode
        assert part(opened, QPushButton, f"mode_{mode}").isChecked()
        shown.add(canvas_of(opened).grab().toImage().constBits().tobytes())
    assert len(shown) == len(Mode) == 8
    for mode in Mode:
        qtbot.mouseClick(part(opened, QPushButton, f"mode_{mode}"), LEFT)
        assert desk_of(opened).view.mode is mode


def test_overlay_has_its_opacity_and_blink_its_time(opened: CompareScreen, qtbot: QtBot) -> None:
    opacity, blink = (part(opened, QSlider, f"{n}_slider") for n in ("opacity", "blink"))
    assert opacity.isHidden() and blink.isHidden()
    qtbot.keyClick(canvas_of(opened), "3")
    assert opacity.isVisible()
    opacity.setValue(25)
    assert desk_of(opened).view.opacity == 0.25
    qtbot.keyClick(canvas_of(opened), "4")
    assert blink.isVisible() and (blink.minimum(), blink.maximum()) == (100, 2000)
    assert desk_of(opened).view.blink_ms == 500
    blink.setValue(100)
    assert desk_of(opened).view.blink_ms == 100


def test_blinking_goes_by_itself(opened: CompareScreen, qtbot: QtBot) -> None:
    qtbot.keyClick(canvas_of(opened), "4")
    part(opened, QSlider, "blink_slider").setValue(100)
    assert not desk_of(opened).seen.blink_right
    qtbot.waitUntil(lambda: desk_of(opened).seen.blink_right)
    qtbot.waitUntil(lambda: not desk_of(opened).seen.blink_right)


def test_space_blinks_while_held(opened: CompareScreen, qtbot: QtBot) -> None:
    qtbot.keyPress(canvas_of(opened), Qt.Key.Key_Space)
    assert desk_of(opened).seen.mode is Mode.BLINK
    qtbot.keyRelease(canvas_of(opened), Qt.Key.Key_Space)
    assert desk_of(opened).seen.mode is Mode.SPLIT


def test_exchange_swaps_names_and_places(opened: CompareScreen, qtbot: QtBot) -> None:
    press(qtbot, opened, Qt.Key.Key_X)
    assert "test fire" in text(opened, "left_name")
    assert desk_of(opened).alignment == Alignment(16.5, (100.0, -60.0))


def test_the_canvas_shows_what_the_desk_draws(opened: CompareScreen) -> None:
    picture = desk_of(opened).picture()
    image = canvas_of(opened).grab().toImage()
    for x, y in ((50, 40), (700, 200), (333, 77)):
        colour = image.pixelColor(x, y)
        assert (colour.red(), colour.green(), colour.blue()) == tuple(picture[y, x])


def test_alignment_is_read_and_set_in_the_drawer(opened: CompareScreen, qtbot: QtBot) -> None:
    press(qtbot, opened, Qt.Key.Key_F)
    turn, dx = (part(opened, QDoubleSpinBox, n) for n in ("turn_deg", "dx_um"))
    assert (turn.value(), dx.value()) == (16.5, 100.0)
    dx.setFocus()
    dx.selectAll()
    qtbot.keyClicks(dx, "250.5")
    qtbot.keyClick(dx, Qt.Key.Key_Return)
    assert desk_of(opened).alignment == Alignment(16.5, (250.5, -60.0))
    canvas_of(opened).setFocus()
    press(qtbot, opened, Qt.Key.Key_Right)
    assert dx.value() == 260.5
    press(qtbot, opened, Qt.Key.Key_F)
    assert not part(opened, QScrollArea, "page_align_scroll").isVisible()


def test_digits_written_in_a_field_do_not_change_the_mode(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    press(qtbot, opened, Qt.Key.Key_F)
    reasons = part(opened, QPlainTextEdit, "reasons")
    reasons.setFocus()
    qtbot.keyClicks(reasons, "3 lines, KDL 5")
    assert reasons.toPlainText() == "3 lines, KDL 5"
    assert desk_of(opened).view.mode is Mode.SPLIT


def test_the_drawer_folds_and_the_picture_takes_the_width(
    opened: CompareScreen, qtbot: QtBot
) -> None:
    folded = canvas_of(opened).width()
    assert folded >= opened.width() - 30
    qtbot.mouseClick(part(opened, QToolButton, "drawer_handle"), LEFT)
    qtbot.waitUntil(lambda: canvas_of(opened).width() < folded - 250)
    qtbot.mouseClick(part(opened, QToolButton, "drawer_handle"), LEFT)
    qtbot.waitUntil(lambda: canvas_of(opened).width() == folded)


def test_cells_need_a_score_and_are_then_drawn(
    screen: CompareScreen, workbench: Workbench, saved_pair: Comparison, qtbot: QtBot
) -> None:
    open_pair(qtbot, screen, saved_pair)
    press(qtbot, screen, Qt.Key.Key_F6)
    box = part(screen, QCheckBox, "cells")
    assert not box.isEnabled() and "A" in box.toolTip()
    press(qtbot, screen, Qt.Key.Key_C)
    assert desk_of(screen).view.cells


def test_the_sheet_of_keys_opens(opened: CompareScreen, qtbot: QtBot) -> None:
    press(qtbot, opened, Qt.Key.Key_Question, SHIFT)
    sheet = part(opened, KeySheet, "key_sheet")
    assert sheet.isVisible()
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: opened.findChild(KeySheet, "key_sheet") is None)


def test_nothing_is_cut_at_the_smallest_window(opened: CompareScreen, qtbot: QtBot) -> None:
    opened.resize(1276, 708)
    press(qtbot, opened, Qt.Key.Key_F)
    qtbot.waitUntil(lambda: opened.width() == 1276)
    for mode in Mode:
        qtbot.mouseClick(part(opened, QPushButton, f"mode_{mode}"), LEFT)
        QApplication.processEvents()
        bar = part(opened, QWidget, "mode_bar")
        assert bar.width() >= bar.minimumSizeHint().width()
        edge = bar.mapTo(opened, QPoint(bar.width(), 0)).x()
        assert edge <= part(opened, QWidget, "compare_drawer").x()
