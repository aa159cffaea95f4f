"""The pointer's helpers on the desk: mirrored cursor, line, loupe, second window, full screen."""

from __future__ import annotations

import pytest
from compare_parts import SHIFT, canvas_of, desk_of, move, part, press, text
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
)
from pytestqt.qtbot import QtBot

from app.picture import Mode
from widgets.compare import CompareScreen
from widgets.compare.desk import Desk
from widgets.compare.desk.measures import Measures
from widgets.compare.view.helpers import Helpers
from widgets.compare.view.loupe import view_of
from widgets.compare.view.second import SecondWindow

LEFT = Qt.MouseButton.LeftButton
NONE = Qt.KeyboardModifier.NoModifier


def helpers_of(screen: CompareScreen) -> Helpers:
    return screen._view.helpers


def measured(screen: CompareScreen) -> Measures:
    return desk_of(screen).measures


def at_share(screen: CompareScreen, x: float, y: float) -> QPoint:
    width, height = desk_of(screen).size
    return QPoint(round(x * width), round(y * height))


@pytest.fixture
def beside(qtbot: QtBot, opened: CompareScreen) -> CompareScreen:
    """Side by side, so that each specimen has its pane."""
    press(qtbot, opened, Qt.Key.Key_2)
    return opened


def test_the_same_place_is_marked_in_the_other_pane(qtbot: QtBot, beside: CompareScreen) -> None:
    canvas, desk = canvas_of(beside), desk_of(beside)
    at = at_share(beside, 0.2, 0.45)
    there = desk.seen_at(right_um=desk.place((at.x(), at.y())).right_um)[0]
    move(canvas, at)
    with_cursor = canvas.grab().toImage()
    press(qtbot, beside, Qt.Key.Key_Z, SHIFT)
    move(canvas, at)
    without = canvas.grab().toImage()
    x, y = round(there[0]), round(there[1])
    assert x > desk.size[0] / 2
    assert with_cursor.pixel(x + 7, y) != without.pixel(x + 7, y)
    assert with_cursor.pixel(x, y) == without.pixel(x, y)  # the place itself stays free


def test_the_line_tells_where_the_pointer_is(qtbot: QtBot, opened: CompareScreen) -> None:
    desk = desk_of(opened)
    move(canvas_of(opened), QPoint(300, 200))
    place = desk.place((300.0, 200.0))
    qtbot.waitUntil(lambda: "grey" in text(opened, "pointer_line"))
    said = text(opened, "pointer_line")
    assert f"x {place.left_um[0]:.1f}  y {place.left_um[1]:.1f} µm" in said
    assert f"x {place.right_um[0]:.1f}  y {place.right_um[1]:.1f} µm" in said
    QApplication.sendEvent(canvas_of(opened), _leave())
    qtbot.waitUntil(lambda: text(opened, "pointer_line") == "")


def test_the_loupe_shows_both_enlarged_and_the_wheel_changes_it(
    qtbot: QtBot, opened: CompareScreen
) -> None:
    canvas, desk, loupe = canvas_of(opened), desk_of(opened), helpers_of(opened).loupe
    at = at_share(opened, 0.3, 0.3)
    move(canvas, at)
    before, scale = canvas.grab().toImage(), desk.view.um_per_px
    press(qtbot, opened, Qt.Key.Key_Z)
    move(canvas, at)
    assert canvas.grab().toImage() != before
    seen = view_of(desk, (at.x(), at.y()), loupe.power, (440, 220))
    assert seen.mode is Mode.SIDE
    assert seen.um_per_px == pytest.approx(scale / 4)
    assert seen.centre_um == desk.place((at.x(), at.y())).left_um
    _wheel(opened, at, 120)
    assert loupe.power == 6.0
    assert desk.view.um_per_px == scale  # the picture itself is not zoomed
    press(qtbot, opened, Qt.Key.Key_Z)
    move(canvas, at)
    assert canvas.grab().toImage() == before


def test_a_second_window_follows_has_its_own_mode_and_closes(
    qtbot: QtBot, opened: CompareScreen
) -> None:
    press(qtbot, opened, Qt.Key.Key_F4)
    press(qtbot, opened, Qt.Key.Key_F11, SHIFT)
    second = helpers_of(opened).second
    assert second is not None
    qtbot.waitUntil(second.isVisible)
    assert not second.isFullScreen()  # there is no other screen here
    desk, picture = desk_of(opened), second.picture
    assert _shows(second, desk, desk.view.mode)
    desk.set_mode(Mode.OVERLAY)
    desk.zoom(2.0)
    assert _shows(second, desk, Mode.OVERLAY)
    box = second.findChild(QComboBox, "second_mode")
    assert isinstance(box, QComboBox)
    box.setCurrentText("difference")
    assert picture.mode is Mode.DIFFERENCE
    assert _shows(second, desk, Mode.DIFFERENCE)
    assert desk.view.mode is Mode.OVERLAY
    qtbot.keyClick(second, Qt.Key.Key_3)  # its keys are the desk's
    qtbot.keyClick(second, Qt.Key.Key_F11)
    assert second.isFullScreen()
    qtbot.keyClick(second, Qt.Key.Key_Escape)
    assert not second.isFullScreen()
    qtbot.keyClick(second, Qt.Key.Key_Escape)
    assert helpers_of(opened).second is None
    assert not part(opened, QCheckBox, "helper_second_screen").isChecked()
    desk.zoom(0.5)  # nothing is left that would follow


def test_on_a_screen_of_its_own_it_is_whole_and_survives_the_screen(
    qtbot: QtBot, opened: CompareScreen
) -> None:
    other = QGuiApplication.primaryScreen()
    window = SecondWindow(opened, lambda _event: False, lambda: None, lambda: [other])
    window.set_desk(desk_of(opened))
    # the window it stands beside says it is elsewhere
    window.open_beside(_Elsewhere())
    qtbot.waitUntil(window.isFullScreen)
    window._screen_went(other)
    assert not window.isFullScreen()
    assert window.isVisible()
    window.close()
    window.deleteLater()


def test_f11_leaves_the_evidence_alone(qtbot: QtBot, opened: CompareScreen) -> None:
    line = helpers_of(opened).line
    press(qtbot, opened, Qt.Key.Key_F11)
    assert line.isHidden()
    press(qtbot, opened, Qt.Key.Key_Escape)
    assert not line.isHidden()


class _Elsewhere:
    def screen(self) -> None:
        return None


def _leave() -> object:
    from PySide6.QtCore import QEvent

    return QEvent(QEvent.Type.Leave)


def _wheel(screen: CompareScreen, at: QPoint, delta: int) -> None:
    canvas = canvas_of(screen)
    event = QWheelEvent(
        at.toPointF(),
        canvas.mapToGlobal(at).toPointF(),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def _shows(second: SecondWindow, desk: Desk, mode: Mode) -> bool:
    """Whether its pixels are the picture of this mode and field in its own size."""
    view = second.picture.view()
    assert view is not None and view.mode is mode
    QTest.qWait(0)
    wanted = desk.picture((second.picture.width(), second.picture.height()), view)
    shown = second.picture.grab().toImage()
    height, width = wanted.shape[:2]
    found = [
        shown.pixelColor(x, y).getRgb()[:3]
        for x in range(0, width, 97)
        for y in range(0, height, 61)
    ]
    hoped = [
        tuple(int(v) for v in wanted[y, x])
        for x in range(0, width, 97)
        for y in range(0, height, 61)
    ]
    return found == hoped
