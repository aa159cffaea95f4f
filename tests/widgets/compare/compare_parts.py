"""What the tests of the comparison screen do with it."""

from __future__ import annotations

from typing import Any, TypeVar

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.capture import Frame
from app.domain import (
    Comparison,
    Light,
    Role,
    now,
)
from app.picture.view import divider_px
from app.workbench import Registration, Workbench
from widgets.compare import CompareScreen
from widgets.compare.desk import Desk
from widgets.compare.view.canvas import Canvas

W = TypeVar("W", bound=QWidget)
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
ALT = Qt.KeyboardModifier.AltModifier


class Navigator:
    """Remembers where it was sent."""

    def __init__(self) -> None:
        self.went: list[str] = []
        self.place: tuple[str, ...] = ()

    def say_place(self, screen: str, parts: tuple[str, ...]) -> None:
        self.place = parts

    def show_bare(self, bare: bool) -> None:
        self.bare = bare

    def show_candidates(self, search_id: str | None = None) -> None:
        self.went.append("candidates")

    def show_casebook(self) -> None:
        self.went.append("casebook")


def frame(seed: int) -> Frame:
    rng = np.random.default_rng(seed)
    coarse = rng.normal(128, 40, (60, 80))
    pixels = np.clip(np.kron(coarse, np.ones((5, 5))), 0, 255).astype(np.uint8)
    return Frame(pixels, seed, now(), float(seed), {}, 4.0, Light.RING)


def keep(
    workbench: Workbench, number: str, role: Role, seed: int, scale: float | None = 4.0
) -> str:
    mark = workbench.register(Registration(number, "1", "A", role))
    return workbench.capture(mark.id, frame(seed), pixel_um=4.0, camera="bench").id


def part(screen: CompareScreen, kind: type[W], name: str) -> W:
    found = screen.findChild(kind, name)
    assert isinstance(found, kind), name
    return found


def canvas_of(screen: CompareScreen) -> Canvas:
    return part(screen, Canvas, "compare_canvas")


def desk_of(screen: CompareScreen) -> Desk:
    assert screen.desk is not None
    return screen.desk


def move(canvas: Canvas, to: QPoint, held: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    """Sent straight: a pointer that already stands there would move no more."""
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(to),
        QPointF(canvas.mapToGlobal(to)),
        Qt.MouseButton.NoButton,
        held,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(canvas, event)


def drag(
    qtbot: QtBot,
    screen: CompareScreen,
    start: QPoint,
    end: QPoint,
    button: Qt.MouseButton = LEFT,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    canvas = canvas_of(screen)
    move(canvas, start)
    qtbot.mousePress(canvas, button, modifier, start)
    move(canvas, (start + end) / 2, button)
    move(canvas, end, button)
    qtbot.mouseRelease(canvas, button, modifier, end)


def press(
    qtbot: QtBot,
    screen: CompareScreen,
    key: Qt.Key,
    modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> None:
    qtbot.keyClick(canvas_of(screen), key, modifier)


def open_pair(
    qtbot: QtBot, screen: CompareScreen, pair: Comparison, *rest: Any, turned: bool = False
) -> None:
    ids = (pair.right_id, pair.left_id) if turned else (pair.left_id, pair.right_id)
    screen.open_pair(*ids, *rest)
    assert screen.desk is None
    qtbot.waitUntil(lambda: screen.desk is not None)


def wait_told(qtbot: QtBot, told: list[str], words: str) -> None:
    qtbot.waitUntil(lambda: bool(told) and words in told[-1])


def wait_place(qtbot: QtBot, screen: CompareScreen, place: str) -> None:
    qtbot.waitUntil(lambda: screen.desk is not None and text(screen, "candidate_place") == place)


def divider_point(screen: CompareScreen) -> QPoint:
    desk = desk_of(screen)
    return QPoint(divider_px(desk.view, desk.size), desk.size[1] // 3)


def text(screen: CompareScreen, name: str) -> str:
    return part(screen, QLabel, name).text()
