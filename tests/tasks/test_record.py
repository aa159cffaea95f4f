"""The record of an exhibit through the real window, by keyboard: registered with all that is
required, refused where that lacks and for a newly made gun, corrected, and its history read again
after a restart."""

from __future__ import annotations

from pathlib import Path
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.domain import Author
from app.workbench import Workbench
from tests.app.cli.cli_parts import casehead
from tests.window_bench import CONTROL, WindowBench

AUTHOR = Author("Harbor City Police Laboratory", "Bench 1", "R. Okafor", "XX0990100")
KEY = Qt.Key
PLACE = "Großer Platz 4, 北京 road"


class Desk(WindowBench):
    """A window on a casebook; what is typed goes where the focus is."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        workbench = Workbench(folder, automatic_search=False)
        if workbench.author is None:
            workbench.set_author(AUTHOR)
        super().__init__(qtbot, workbench)
        self.until(lambda: self.window.casebook.ready)
        self.screen = self.window.casebook

    def to_field(self, name: str) -> None:
        """Only by Tab, as the hand does it."""
        self.tab_to(lambda: name in (self.focus.objectName(), f"{self.focus.objectName()}_text"))

    def said(self, name: str) -> str:
        """What a label of the casebook says, seen or not."""
        found = self.screen.findChild(QLabel, name)
        assert isinstance(found, QLabel), name
        return found.text()

    def settled(self) -> None:
        self.until(lambda: self.screen.ready and self.screen.record.ready)
        self.until(lambda: not self.window.bridge.busy)


def test_the_record_of_an_exhibit(qtbot: QtBot, tmp_path: Path) -> None:
    folder = tmp_path / "casebook"
    desk = Desk(qtbot, folder)
    try:
        desk.workbench.set_record_rules(True)
        _is_refused(desk)
        _registers(desk)
        _the_next_one_in_a_moment(desk)
        _corrects(desk)
        _hands_over(desk)
    finally:
        desk.close()
    again = Desk(qtbot, folder)
    try:
        _reads_the_history(again)
        assert again.workbench.check() == ()
    finally:
        again.close()
    checked = casehead("audit", "verify", "--casebook", folder)
    assert checked.code == 0, checked


def _is_refused(desk: Desk) -> None:
    desk.press(KEY.Key_N, CONTROL)
    desk.until(lambda: desk.focus.objectName() == "case_number")
    desk.type("2026-0412")
    desk.press(KEY.Key_Return)
    desk.until(lambda: "missing" in desk.said("registration_says"))
    said = desk.said("registration_says")
    for words in ("exhibit number", "calibre", "date of the event", "place", "reason of entry"):
        assert words in said, said
    assert desk.focus.objectName() == "exhibit_number"
    assert desk.workbench.tree() == ()


def _registers(desk: Desk) -> None:
    begun = monotonic()
    for name, text in (
        ("exhibit_number", "3"),
        ("label", "3A"),
        ("calibre", "9 mm Luger"),
        ("firing_pin_shape", "circular"),
        ("breech_face_class", "parallel"),
        ("event_kind", "non-fatal shooting"),
        ("event_at", "2026-01-12 21:40"),
    ):
        desk.to_field(name)
        desk.type(text)
    desk.to_field("event_place")
    QApplication.clipboard().setText(PLACE)
    desk.press(KEY.Key_V, CONTROL)
    desk.to_field("new_exhibit_entry_reason")
    desk.type("newly made gun")
    desk.press(KEY.Key_Return)
    desk.until(lambda: "only crime guns and evidence" in desk.said("registration_says"))
    assert desk.workbench.tree() == ()
    desk.to_field("new_exhibit_entry_reason")
    desk.press(KEY.Key_A, CONTROL)
    desk.type("evidence")
    desk.press(KEY.Key_Return)
    desk.until(lambda: not desk.screen.registration.isVisible())
    assert monotonic() - begun < 60  # a minute is what a technician has
    (case,) = desk.workbench.tree()
    assert case.exhibits[0].cartridge_cases[0].cartridge_case.label == "3A"


def _the_next_one_in_a_moment(desk: Desk) -> None:
    """All that is required is carried over: the label it proposes, and Enter."""
    desk.settled()
    desk.press(KEY.Key_N, CONTROL)
    desk.until(lambda: desk.focus.objectName() == "label")
    desk.press(KEY.Key_Return)
    desk.until(lambda: not desk.screen.registration.isVisible())
    (case,) = desk.workbench.tree()
    found = [one.cartridge_case for one in case.exhibits[0].cartridge_cases]
    assert [(one.label, one.calibre) for one in found] == [
        ("3A", "9 mm Luger"),
        ("3B", "9 mm Luger"),
    ]


def _corrects(desk: Desk) -> None:
    desk.settled()
    first = desk.workbench.tree()[0].exhibits[0].cartridge_cases[0].cartridge_case
    desk.screen.choose(first.id)
    desk.until(lambda: desk.screen.tree.current_row is not None)
    desk.screen.tree.setFocus()
    desk.press(KEY.Key_R)
    desk.settled()
    assert desk.said("recorded_cartridge_case_calibre") == "9 mm Luger"
    desk.to_field("correct_cartridge_case_calibre")
    desk.press(KEY.Key_Space)
    desk.until(lambda: desk.focus.objectName().startswith("right_cartridge_case_calibre"))
    desk.press(KEY.Key_Return)  # on to the reason
    desk.press(KEY.Key_Return)
    desk.until(lambda: "why" in desk.said("record_says"))
    desk.press(KEY.Key_Backtab, Qt.KeyboardModifier.ShiftModifier)
    desk.press(KEY.Key_A, CONTROL)
    desk.type(".40 S&W")
    desk.press(KEY.Key_Return)
    assert desk.focus.objectName() == "correct_reason"
    desk.type("measured anew")
    desk.press(KEY.Key_Return)
    desk.until(lambda: desk.said("recorded_cartridge_case_calibre") == ".40 S&W")
    desk.settled()
    assert desk.screen.tree.current_row is not None
    assert ".40 S&W" in desk.screen.tree.current_row.text
    (made,) = desk.workbench.corrections("cartridge_case", first.id)
    assert (made.earlier, made.value, made.reason) == ("9 mm Luger", ".40 S&W", "measured anew")


def _hands_over(desk: Desk) -> None:
    desk.screen.record.tabs.setFocus()
    desk.press(KEY.Key_Right)
    desk.press(KEY.Key_Right)
    for name, text in (
        ("custody_given_by", "Ofc. Ruiz"),
        ("custody_received_by", "R. Okafor"),
        ("custody_purpose", "examination"),
    ):
        desk.to_field(name)
        desk.type(text)
    desk.press(KEY.Key_Return)
    chain = desk.screen.record.custody.chain
    desk.until(lambda: "Ofc. Ruiz → R. Okafor" in chain.toPlainText())


def _reads_the_history(desk: Desk) -> None:
    first = desk.workbench.tree()[0].exhibits[0].cartridge_cases[0].cartridge_case
    desk.screen.choose(first.id)
    desk.settled()
    button = desk.screen.findChild(QPushButton, "casebook_record")
    assert isinstance(button, QPushButton)
    desk.qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    desk.settled()
    desk.screen.record.tabs.setCurrentIndex(1)
    history = desk.screen.findChild(QPlainTextEdit, "record_history")
    assert isinstance(history, QPlainTextEdit)
    said = history.toPlainText()
    assert "Calibre corrected from '9 mm Luger' to '.40 S&W'" in said
    assert "Why: measured anew" in said and "R. Okafor (Bench 1)" in said
    assert "Handed over by Ofc. Ruiz to R. Okafor" in said
    assert desk.workbench.facts("event", _event(desk))["place"] == PLACE


def _event(desk: Desk) -> str:
    return desk.workbench.tree()[0].exhibits[0].exhibit.event_id or ""
