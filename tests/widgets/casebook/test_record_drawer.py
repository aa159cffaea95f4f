"""The record drawer: follows the tree, keeps what is written, refuses in words, wraps long ones."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.workbench import Workbench
from tests.widgets.conftest import acquired_of
from widgets.casebook import CasebookScreen
from widgets.casebook.record_drawer import RecordDrawer
from widgets.main_window import MainWindow

KEY = Qt.Key
LONG = "Überlänge 漢字 " * 120


class Drawn:
    """The drawer open on a record."""

    def __init__(self, qtbot: QtBot, screen: CasebookScreen, workbench: Workbench) -> None:
        self.qtbot, self.screen, self.workbench = qtbot, screen, workbench
        self.drawer: RecordDrawer = screen.record
        self.node = next(n for n in workbench.tree() if n.case.number == "2026-0440")
        self.exhibit = self.node.exhibits[0]
        self.cartridge_case = self.exhibit.cartridge_cases[0].cartridge_case

    def open(self, row_id: str) -> None:
        self.screen.choose(row_id)
        self.settle()
        if not self.drawer.isVisible():
            self.qtbot.keyClick(self.screen.tree, KEY.Key_R)
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.screen.ready and self.drawer.ready, timeout=20_000)
        self.qtbot.waitUntil(lambda: not self.screen._bridge.busy, timeout=20_000)

    def unfold(self, kind: str) -> None:
        for view in self.drawer._views:
            if view.sheet.kind == kind:
                view.unfold()

    def part(self, kind: type, name: str) -> Any:
        found = [w for w in self.drawer.findChildren(kind, name) if w.isVisible()]
        assert len(found) == 1, name
        return found[0]

    def says(self) -> str:
        return str(self.part(QLabel, "record_says").text())


@pytest.fixture
def drawn(qtbot: QtBot, window: MainWindow, workbench: Workbench) -> Drawn:
    return Drawn(qtbot, window.casebook, workbench)


def test_what_is_written_is_saved_together(drawn: Drawn) -> None:
    drawn.open(drawn.exhibit.exhibit.id)
    drawn.unfold("event")
    drawn.part(QLineEdit, "record_exhibit_collector").setText(LONG)
    drawn.part(QComboBox, "record_exhibit_entry_reason").setCurrentText("crime gun")
    drawn.part(QComboBox, "record_event_kind").setCurrentText("recovery")
    place = drawn.part(QLineEdit, "record_event_place")
    place.setText("Pier 9")
    drawn.qtbot.keyClick(place, KEY.Key_Return)
    drawn.qtbot.waitUntil(
        lambda: bool(drawn.workbench.facts("exhibit", drawn.exhibit.exhibit.id).get("collector"))
    )
    drawn.settle()
    held = drawn.workbench._casebook.exhibit(drawn.exhibit.exhibit.id)
    assert drawn.workbench.facts("event", held.event_id or "")["place"] == "Pier 9"
    shown = drawn.part(QLabel, "recorded_exhibit_collector")
    assert shown.text() == " ".join(LONG.split())
    assert shown.width() <= drawn.drawer.width()  # wrapped, not cut off


def test_a_refusal_is_told_and_nothing_written_is_lost(drawn: Drawn) -> None:
    drawn.open(drawn.exhibit.exhibit.id)
    reason = drawn.part(QComboBox, "record_exhibit_entry_reason")
    reason.setCurrentText("sold gun")
    drawn.part(QLineEdit, "record_exhibit_collector").setText("Ofc. Díaz")
    drawn.drawer.save()
    drawn.qtbot.waitUntil(lambda: "only crime guns" in drawn.drawer._says.text())
    drawn.workbench.correct("case", drawn.node.case.id, "title", "Pier", "clearer")  # elsewhere
    drawn.settle()
    assert drawn.part(QLineEdit, "record_exhibit_collector").text() == "Ofc. Díaz"
    assert drawn.part(QComboBox, "record_exhibit_entry_reason").currentText() == "sold gun"
    other = next(n for n in drawn.workbench.tree() if n.case.number == "2026-0451")
    drawn.open(other.exhibits[0].exhibit.id)
    assert drawn.part(QLineEdit, "record_exhibit_collector").text() == ""
    drawn.open(drawn.exhibit.exhibit.id)
    assert drawn.part(QLineEdit, "record_exhibit_collector").text() == "Ofc. Díaz"


def test_it_follows_the_tree(drawn: Drawn) -> None:
    drawn.open(drawn.cartridge_case.id)
    assert drawn.drawer.title.text() == "Cartridge case T1"
    drawn.open(drawn.node.case.id)
    assert drawn.drawer.title.text() == "Case 2026-0440"
    assert not drawn.drawer.tabs.isTabEnabled(2)  # a case is not handed over
    drawn.qtbot.keyClick(drawn.drawer, KEY.Key_Escape)
    assert not drawn.drawer.isVisible() and drawn.screen.tree.hasFocus()


def test_a_correction_reaches_tree_and_facts(drawn: Drawn) -> None:
    acquired_id = acquired_of(drawn.workbench, "2026-0440")
    drawn.open(acquired_id)
    drawn.workbench.correct(
        "cartridge_case", drawn.cartridge_case.id, "calibre", ".40 S&W", "measured"
    )
    drawn.settle()
    drawn.drawer.close_drawer()
    calibre = drawn.screen.findChild(QLabel, "fact_calibre")
    assert isinstance(calibre, QLabel)
    drawn.qtbot.waitUntil(lambda: calibre.text() == ".40 S&W")
    row = drawn.screen.tree.current_row
    assert row is not None
    case = row.above("cartridge_case")
    assert case is not None and ".40 S&W" in case.text


def test_the_history_says_newest_first(drawn: Drawn) -> None:
    for value in (".40 S&W", "9 mm Luger"):
        drawn.workbench.correct(
            "cartridge_case", drawn.cartridge_case.id, "calibre", value, f"now {value}"
        )
    drawn.open(drawn.cartridge_case.id)
    drawn.drawer.tabs.setCurrentIndex(1)
    said = drawn.part(QPlainTextEdit, "record_history").toPlainText()
    assert said.index("Why: now 9 mm Luger") < said.index("Why: now .40 S&W")


def test_escape_leaves_a_correction_as_it_was(drawn: Drawn) -> None:
    drawn.open(drawn.cartridge_case.id)
    view = drawn.drawer._views[0]
    line = next(one for one in view.sheet.lines if one.field.key == "calibre")
    drawn.drawer._ask(view.sheet, line)
    assert drawn.part(QLabel, "correct_earlier").text() == "9 mm Luger"
    drawn.qtbot.keyClick(drawn.drawer, KEY.Key_Escape)
    assert drawn.drawer.isVisible() and drawn.drawer.tabs.isEnabled()
    assert drawn.workbench.corrections("cartridge_case", drawn.cartridge_case.id) == ()


def test_the_clock_is_shown_and_a_stage_left_out_and_taken_back(drawn: Drawn) -> None:
    exhibit_id = drawn.exhibit.exhibit.id
    drawn.open(exhibit_id)
    drawn.drawer.tabs.setCurrentIndex(3)
    told = drawn.part(QPlainTextEdit, "record_clock")
    assert "received" in told.toPlainText() and "search by" not in told.toPlainText()
    stage = drawn.part(QComboBox, "clock_settle_stage")
    assert [stage.itemText(at) for at in range(stage.count())] == ["review the list: not needed"]
    reason = drawn.part(QLineEdit, "clock_settle_reason")
    drawn.qtbot.keyClick(reason, KEY.Key_Return)
    drawn.qtbot.waitUntil(lambda: "Say why" in drawn.drawer._says.text())
    drawn.qtbot.keyClicks(reason, "Seen by hand.")
    drawn.qtbot.keyClick(reason, KEY.Key_Return)
    drawn.qtbot.waitUntil(lambda: "not needed (Seen by hand.)" in told.toPlainText())
    drawn.settle()
    assert reason.text() == ""
    assert stage.currentText() == "review the list: needed after all"
    drawn.qtbot.keyClicks(reason, "The list was another one.")
    drawn.qtbot.keyClick(reason, KEY.Key_Return)
    drawn.qtbot.waitUntil(lambda: "review the list by" in told.toPlainText())
    drawn.settle()
    states = {one.name: one.state for one in drawn.workbench.clock(exhibit_id)}
    assert states["reviewed"] == "due"


def test_a_case_tells_how_each_of_its_exhibits_stands(drawn: Drawn) -> None:
    drawn.open(drawn.node.case.id)
    drawn.drawer.tabs.setCurrentIndex(3)
    told = drawn.part(QPlainTextEdit, "record_clock").toPlainText()
    assert told.startswith("Exhibit 1\n    review the list by")
    assert not drawn.drawer.clock._form.isVisible()


def test_enter_pressed_twice_records_a_hand_over_once(drawn: Drawn) -> None:
    drawn.open(drawn.exhibit.exhibit.id)
    drawn.drawer.tabs.setCurrentIndex(2)
    custody = drawn.drawer.custody
    for name, text in (("given_by", "Ofc. Ruiz"), ("received_by", "R. Okafor")):
        custody.lines[name].setText(text)
    custody.picks["purpose"].setCurrentText("examination")
    custody.submit()
    custody.submit()
    drawn.settle()
    assert len(drawn.workbench.hand_overs(drawn.exhibit.exhibit.id)) == 1
