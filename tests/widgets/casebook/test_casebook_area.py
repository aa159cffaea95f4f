"""Searching beyond the search area, and setting it, from the casebook by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.workbench import Workbench
from tests.widgets.conftest import acquired_of
from widgets.main_window import MainWindow

KEY = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def test_beyond_the_area_with_a_reason(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    screen = window.casebook
    screen.choose(acquired_of(workbench, "2026-0451"))
    qtbot.waitUntil(lambda: screen.ready)
    qtbot.keyClick(screen.tree, KEY.Key_S, CONTROL | SHIFT)
    qtbot.waitUntil(screen.area.isVisible)
    _write(qtbot, "")
    _tab(qtbot)
    _write(qtbot, "own cases only")
    qtbot.keyClick(_focus(), KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: workbench.search_area() is not None)
    qtbot.waitUntil(lambda: not screen.area.isVisible())
    before = len(workbench.searches())
    qtbot.keyClick(screen.tree, KEY.Key_S, SHIFT)
    qtbot.waitUntil(screen.area.isVisible)
    facts = screen.area.findChild(QLabel, "area_facts")
    assert isinstance(facts, QLabel) and "Harbor City" in facts.text()
    qtbot.keyClick(_focus(), KEY.Key_Return, CONTROL)
    says = screen.area.findChild(QLabel, "area_says")
    assert isinstance(says, QLabel)
    qtbot.waitUntil(lambda: "Say why" in says.text())
    assert len(workbench.searches()) == before
    _write(qtbot, "seized on the border")
    qtbot.keyClick(_focus(), KEY.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: window.current == "candidates")
    lines = workbench._casebook.journal()
    assert lines and [one.detail["reason"] for one in lines if one.action == "search widened"] == [
        "seized on the border"
    ]
    assert workbench.wait_idle(30)


def _focus() -> object:
    found = QApplication.focusWidget()
    assert found is not None
    return found


def _tab(qtbot: QtBot) -> None:
    qtbot.keyClick(_focus(), KEY.Key_Tab)


def _write(qtbot: QtBot, text: str) -> None:
    qtbot.keyClick(_focus(), KEY.Key_A, CONTROL)
    qtbot.keyClick(_focus(), KEY.Key_Delete)
    qtbot.keyClicks(_focus(), text)
