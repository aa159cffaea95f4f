"""Sorting the cartridge cases of a scene into guns before entry, by keyboard, in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QListWidget
from pytestqt.qtbot import QtBot

from app.main import application
from app.workbench import Registration, Workbench
from tests.widgets.conftest import AUTHOR, close
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

CASE = "2026-0700"
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def workbench(tmp_path: Path) -> Workbench:
    """An empty casebook; the window closes it."""
    made = Workbench(tmp_path / "casebook", automatic_search=False)
    made.set_author(AUTHOR)
    return made


@pytest.fixture
def window(qtbot: QtBot, workbench: Workbench) -> Iterator[MainWindow]:
    """Shown, active, and closed with everything behind it."""
    application()
    made = MainWindow(workbench, Bridge(workbench))
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    qtbot.waitUntil(lambda: made.casebook.ready)
    yield made
    close(qtbot, made)


def _press(qtbot: QtBot, key: Qt.Key, modifier: object = None) -> None:
    target = QApplication.focusWidget()
    assert target is not None
    qtbot.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_a_scene_is_sorted_into_guns_by_keys(
    qtbot: QtBot, workbench: Workbench, window: MainWindow
) -> None:
    marks = [workbench.register(Registration(CASE, "3", f"3{letter}")) for letter in "ABCDE"]
    tree = window.casebook.tree
    qtbot.waitUntil(lambda: tree.choose(marks[0].id))
    tree.setFocus()
    _press(qtbot, Qt.Key.Key_G)
    drawer = window.casebook.groups
    qtbot.waitUntil(lambda: drawer.isVisible() and drawer.list.count() == 5)

    for key in (Qt.Key.Key_A, Qt.Key.Key_2, Qt.Key.Key_A, Qt.Key.Key_B):
        _press(qtbot, key)
    assert drawer.list.currentRow() == 4  # each key goes on to the next
    assert "A 2, B 2, none 1" in drawer.sorting.words
    _press(qtbot, Qt.Key.Key_B)
    _press(qtbot, Qt.Key.Key_Z, CONTROL)
    assert "none 1" in drawer.sorting.words
    drawer.list.setCurrentRow(2)
    _press(qtbot, Qt.Key.Key_Space)
    assert not workbench.gun_groups()  # a draft until it is kept

    _press(qtbot, Qt.Key.Key_Return, CONTROL)
    qtbot.waitUntil(lambda: len(workbench.gun_groups()) == 2)
    first, second = workbench.gun_groups()
    assert (first.name, [m.label for m in first.members]) == (f"Gun A of {CASE}", ["3A", "3C"])
    assert [m.label for m in second.members] == ["3B", "3D"]
    assert first.chosen_id == marks[2].cartridge_case_id

    def told(number: int) -> str:
        row = tree.model().index_of(marks[number].cartridge_case_id)  # type: ignore[attr-defined]
        return str(row.data())

    qtbot.waitUntil(lambda: "Gun A, entered" in told(2))
    assert "another is entered" in told(0)
    assert "Gun" not in told(4)

    history = window.findChild(QListWidget, "gun_history")
    assert history is not None
    qtbot.waitUntil(lambda: history.count() == 3)  # two joined, one chosen
    drawer.list.setFocus()
    qtbot.waitUntil(lambda: not drawer.loading)
    _press(qtbot, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: not workbench.gun_groups())
    qtbot.waitUntil(lambda: "Gun" not in told(2))
    _press(qtbot, Qt.Key.Key_Escape)
    assert not drawer.isVisible()
    assert workbench.check() == ()
