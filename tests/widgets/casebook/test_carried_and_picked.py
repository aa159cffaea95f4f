"""What is out of sight is neither carried over wrongly nor chosen for a pair by itself."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.domain import Role
from app.workbench import Registration, Workbench
from tests.widgets.conftest import acquired_of
from widgets.casebook import CasebookScreen
from widgets.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


def test_what_was_said_of_a_firearm_is_not_said_of_the_next(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    workbench.register(
        Registration(
            *("2026-0470", "1", "T1", Role.TEST_FIRE, "9 mm Luger"),
            firearm_make="Norvik",
            firearm_model="NK-2",
            firearm_serial="N 24117",
            facts={"firearm.type": "pistol"},
        )
    )
    screen = window.casebook
    qtbot.keyClick(screen.tree, Qt.Key.Key_N, CONTROL)
    drawer = screen.registration

    def line(name: str) -> QLineEdit:
        found = drawer.findChild(QLineEdit, name)
        assert isinstance(found, QLineEdit)
        return found

    qtbot.waitUntil(lambda: line("case_number").text() == "2026-0470")
    assert line("new_firearm_type_text").text() == "pistol"
    assert not line("new_firearm_type_text").isVisible()
    line("case_number").setText("2026-0471")
    role = drawer.findChild(QComboBox, "role")
    assert isinstance(role, QComboBox)
    role.setCurrentText(Role.EVIDENCE)
    for name in ("firearm_make", "firearm_model", "firearm_serial"):
        line(name).setFocus()
        line(name).selectAll()
        qtbot.keyClick(line(name), Qt.Key.Key_Delete)
    assert line("new_firearm_type_text").text() == ""
    qtbot.keyClick(line("label"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not drawer.isVisible())
    node = next(n for n in workbench.tree() if n.case.number == "2026-0471")
    assert node.exhibits[0].cartridge_cases[0].cartridge_case.firearm_id is None


def test_filtering_for_the_other_picture_chooses_none(
    qtbot: QtBot, window: MainWindow, workbench: Workbench
) -> None:
    screen: CasebookScreen = window.casebook
    screen.choose(acquired_of(workbench, "2026-0412"))
    qtbot.waitUntil(lambda: screen.ready and screen.picture.seen is not None)
    qtbot.keyClick(screen.tree, Qt.Key.Key_C)
    strip = screen.findChild(QLabel, "pick_strip")
    assert isinstance(strip, QLabel)
    assert strip.isVisible()
    written = screen.findChild(QLineEdit, "filter")
    assert isinstance(written, QLineEdit)
    qtbot.keyClicks(written, "2026-0440")
    qtbot.waitUntil(lambda: screen.ready and screen.tree.case_count == 1)
    assert window.current == "casebook" and strip.isVisible()
    screen.tree.setFocus()
    for _ in range(5):
        qtbot.keyClick(screen.tree, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: window.current == "compare")
