"""The page of people: an administrator's work by keyboard, and what others see of it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.casework.people import PersonRole, Policy, Skill
from app.domain import Author
from app.main import application
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.lab.people import PeoplePage

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
PASSWORD = "a quiet harbor"
ENTER, TAB, SPACE = Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Space


class Nowhere:
    """A Navigator that goes nowhere."""

    def __getattr__(self, name: str):  # type: ignore[no-untyped-def]
        return lambda *args, **kwargs: None


class Lab:
    def __init__(self, qtbot: QtBot, workbench: Workbench) -> None:
        application()
        self.qtbot, self.workbench = qtbot, workbench
        self.bridge = Bridge(workbench)
        self.page = PeoplePage(workbench, self.bridge, Nowhere())  # type: ignore[arg-type]
        self.page.resize(1280, 690)
        self.page.show()
        self.page.activateWindow()
        self.settle()

    def settle(self) -> None:
        QApplication.processEvents()  # what others changed is heard of first
        self.qtbot.waitUntil(lambda: not self.bridge.busy and self.page.ready)
        QApplication.processEvents()

    def press(self, key: Qt.Key) -> None:
        self.qtbot.keyClick(QApplication.focusWidget() or self.page, key)

    def write(self, name: str, text: str) -> None:
        field = self.page.findChild(QLineEdit, name)
        assert isinstance(field, QLineEdit)
        field.setFocus()
        field.selectAll()
        self.qtbot.keyClicks(field, text)

    def do(self) -> None:
        self.press(ENTER)
        self.settle()

    def words(self, name: str) -> str:
        found = self.page.findChild(QLabel, name)
        assert isinstance(found, QLabel)
        return found.text()

    def row(self, name: str) -> list[str]:
        table = self.page.table
        for at in range(table.rowCount()):
            texts = [table.item(at, column).text() for column in range(4)]  # type: ignore[union-attr]
            if texts[0] == name:
                return texts
        raise AssertionError(name)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    made = Workbench(tmp_path / "casebook", automatic_search=False)
    made.set_author(AUTHOR)
    yield made
    made.close()


@pytest.fixture
def lab(qtbot: QtBot, bench: Workbench) -> Iterator[Lab]:
    bench.set_up(AUTHOR, PASSWORD)
    made = Lab(qtbot, bench)
    yield made
    made.bridge.close()
    made.page.deleteLater()


def test_an_open_bench_says_what_to_do(qtbot: QtBot, bench: Workbench) -> None:
    lab = Lab(qtbot, bench)
    try:
        assert "open bench" in lab.words("people_empty_title")
        begin = lab.page.findChild(QPushButton, "people_begin")
        assert isinstance(begin, QPushButton)
        begin.click()
        lab.write("people_password", PASSWORD)
        lab.write("people_again", PASSWORD)
        lab.do()
        assert not bench.open_bench
        assert lab.row("R. Okafor")[3] == "Set"
    finally:
        lab.bridge.close()
        lab.page.deleteLater()


def test_somebody_is_put_on_record_and_qualified_by_keyboard(lab: Lab) -> None:
    lab.page.table.setFocus()
    lab.press(Qt.Key.Key_N)
    lab.write("people_name", "Ada Li")
    box = lab.page.findChild(QCheckBox, "people_role_examiner")
    assert isinstance(box, QCheckBox)
    box.setFocus()
    lab.press(SPACE)
    lab.write("people_password", "first password")
    lab.write("people_again", "first passwort")
    lab.do()
    assert "differ" in lab.words("people_ask_says")
    lab.write("people_again", "first password")
    lab.do()
    assert not lab.page.drawer.isVisible()
    assert lab.row("Ada Li") == ["Ada Li", "examiner", "", "To be changed"]
    lab.page.choose(lab.workbench.person("Ada Li").id)
    lab.page.table.setFocus()
    lab.press(Qt.Key.Key_G)
    lab.write("people_granted", "2020-01-01")
    lab.write("people_expires", "2020-13-01")
    lab.do()
    assert "is not a date" in lab.words("people_ask_says")
    lab.write("people_expires", "2021-01-01")
    lab.do()
    assert lab.row("Ada Li")[2] == "acquire (lapsed on 2021-01-01)"
    assert not lab.workbench.qualified("Ada Li", Skill.ACQUIRE)


def test_roles_passwords_and_leaving(lab: Lab) -> None:
    ada = lab.workbench.add_person("Ada Li", [PersonRole.TECHNICIAN], "first password")
    lab.settle()
    lab.page.choose(ada.id)
    assert lab.page.chosen == ada
    lab.page.table.setFocus()
    lab.press(Qt.Key.Key_R)
    box = lab.page.findChild(QCheckBox, "people_role_reviewer")
    assert isinstance(box, QCheckBox)
    box.click()
    lab.write("people_reason", "trained")
    lab.do()
    assert lab.row("Ada Li")[1] == "reviewer, technician"
    lab.press(Qt.Key.Key_P)
    lab.write("people_password", "second password")
    lab.write("people_again", "second password")
    lab.do()
    assert lab.workbench.sign_in("Ada Li", "second password").must_change
    lab.workbench.sign_in("R. Okafor", PASSWORD)
    lab.settle()
    lab.press(Qt.Key.Key_X)
    lab.write("people_reason", "left")
    lab.do()
    assert lab.row("Ada Li (left)")[1] == "reviewer, technician"


def test_withdrawing_takes_a_reason(lab: Lab) -> None:
    lab.page.choose(lab.workbench.person("R. Okafor").id)
    lab.page.table.setFocus()
    lab.press(Qt.Key.Key_W)
    lab.write("people_reason", "")
    lab.do()
    assert "Say why" in lab.words("people_ask_says")
    lab.write("people_reason", "not needed any more")
    lab.do()
    assert "quality (withdrawn: not needed any more)" in lab.row("R. Okafor")[2]


def test_the_own_password_and_how_people_sign_in(lab: Lab) -> None:
    lab.page.table.setFocus()
    lab.press(Qt.Key.Key_M)
    for name, text in (("old", PASSWORD), ("password", "another one"), ("again", "another one")):
        lab.write(f"people_{name}", text)
    lab.do()
    assert lab.workbench.sign_in("R. Okafor", "another one").name == "R. Okafor"
    lab.settle()
    lab.press(Qt.Key.Key_O)
    spin = lab.page.findChild(QWidget, "people_idle")
    assert spin is not None
    spin.setProperty("value", 3)
    lab.page.drawer.go()
    lab.settle()
    assert lab.workbench.policy() == Policy("password", 3)
    assert "after 3 idle minutes" in lab.words("people_how")


def test_who_does_not_administer_sees_and_changes_nothing(lab: Lab) -> None:
    lab.workbench.add_person("Ada Li", [PersonRole.TECHNICIAN], "first password")
    lab.workbench.sign_in("Ada Li", "first password")
    lab.workbench.change_password("first password", "second password")
    lab.settle()
    assert "needs the role administrator" in lab.words("people_why_not")
    for name in ("people_add", "people_roles", "people_reset", "people_retire"):
        found = lab.page.findChild(QPushButton, name)
        assert isinstance(found, QPushButton)
        assert not found.isEnabled()
    lab.page.table.setFocus()
    lab.press(Qt.Key.Key_N)
    assert not lab.page.drawer.isVisible()
    assert lab.row("R. Okafor")[3] == "Set"
