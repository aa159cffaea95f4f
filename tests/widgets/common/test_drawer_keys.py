"""The keyboard stays in a drawer while the button that was pressed is at work."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from widgets.common.parts import Drawer, button, line


def test_a_disabled_button_leaves_the_keyboard_in_its_drawer(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    drawer = Drawer("asked", "Asked")
    written = line("written", "What is written")
    do = button("Do it", "do", "Do it", lambda: None)
    drawer.body.addWidget(written)
    drawer.foot.addWidget(do)
    layout = QHBoxLayout(window)
    for widget in (QPushButton("elsewhere"), drawer, QPushButton("and there")):
        layout.addWidget(widget)
    window.show()
    drawer.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    do.setFocus()
    qtbot.waitUntil(do.hasFocus)
    do.setEnabled(False)
    assert written.hasFocus()
    do.setEnabled(True)
    written.setFocus()
    window.focusNextChild()
    assert not written.hasFocus(), "Tab goes on as ever"
