"""Intake in line: written, carried over by one key, read from a label."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.capture.labels import Label
from app.domain import Role
from app.workbench import Registration, Workbench
from tests.hands import Hand
from tests.labels import bars, in_view, square
from tests.mjpeg import MjpegServer
from widgets.acquire import AcquireScreen
from widgets.acquire.intake import IntakeRow
from widgets.main_window import MainWindow

LONG = 20_000
CTRL_SHIFT = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
OWN = Registration(
    *("2026-0500", "3", "T1", Role.TEST_FIRE, "9 mm Luger", "circular", "parallel"),
    firearm_make="Glock",
    firearm_model="19",
    firearm_serial="ABC123",
)


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow, workbench: Workbench) -> Iterator[AcquireScreen]:
    mark = workbench.register(OWN)
    window.show_acquire(mark.id)
    made = window.acquire
    made.panel.show_page("session")
    row = made.findChild(IntakeRow)
    assert row is not None
    qtbot.waitUntil(lambda: row._in_hand is not None and text(made, "intake_label") == "T1")
    yield made


@pytest.fixture
def row(screen: AcquireScreen) -> IntakeRow:
    found = screen.findChild(IntakeRow)
    assert found is not None
    return found


def field(screen: AcquireScreen, name: str) -> QLineEdit:
    found = screen.findChild(QLineEdit, name)
    assert isinstance(found, QLineEdit)
    return found


def text(screen: AcquireScreen, name: str) -> str:
    return field(screen, name).text()


def says(screen: AcquireScreen) -> str:
    found = screen.findChild(QLabel, "intake_says")
    assert isinstance(found, QLabel)
    return found.text()


def scan(label: str) -> None:
    """As a scanner types it into what has the focus."""
    Hand().type(label, 8, enter=True)


def labels_of(workbench: Workbench, number: str) -> list[str]:
    return [
        cartridge_case.cartridge_case.label
        for case in workbench.tree()
        if case.case.number == number
        for exhibit in case.exhibits
        for cartridge_case in exhibit.cartridge_cases
    ]


def _it_shows_what_is_recorded(screen: AcquireScreen) -> None:
    assert text(screen, "intake_case") == "2026-0500"
    assert text(screen, "intake_exhibit") == "3"
    assert text(screen, "intake_serial") == "ABC123"
    role = screen.findChild(QComboBox, "intake_role")
    assert role is not None and role.currentText() == "test fire"


def test_one_key_makes_the_next_case(
    qtbot: QtBot, screen: AcquireScreen, row: IntakeRow, workbench: Workbench
) -> None:
    for label in ("T2", "T3"):
        qtbot.keyClick(screen.live, Qt.Key.Key_N, CTRL_SHIFT)
        qtbot.waitUntil(lambda label=label: text(screen, "intake_label") == label, timeout=LONG)
    assert labels_of(workbench, "2026-0500") == ["T1", "T2", "T3"]
    assert row._in_hand is not None
    made = row._in_hand.registration
    assert (made.firearm_serial, made.firing_pin_shape) == ("ABC123", "circular")
    assert screen.station.mark_id
    qtbot.waitUntil(lambda: "T3" in screen.target.mark.currentText(), timeout=LONG)
    assert not screen.registration.isVisible()


def _what_is_written_is_registered_by_enter(
    qtbot: QtBot, screen: AcquireScreen, workbench: Workbench, row: IntakeRow
) -> None:
    qtbot.keyClick(screen.live, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    assert field(screen, "intake_label").hasFocus()
    assert field(screen, "intake_make").isVisible()
    for name, written in (("intake_exhibit", "4"), ("intake_label", "4A")):
        field(screen, name).setText(written)
    for name in ("intake_make", "intake_model", "intake_serial"):
        field(screen, name).clear()
    role = screen.findChild(QComboBox, "intake_role")
    assert role is not None
    role.setCurrentText("evidence")
    assert not field(screen, "intake_make").isVisible()
    qtbot.keyClick(field(screen, "intake_label"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labels_of(workbench, "2026-0500") == ["T1", "4A"], timeout=LONG)
    qtbot.waitUntil(
        lambda: row._in_hand is not None and row._in_hand.registration.label == "4A", timeout=LONG
    )
    assert row._in_hand is not None
    made = row._in_hand.registration
    assert (made.calibre, made.firing_pin_shape, made.role) == ("9 mm Luger", "", Role.EVIDENCE)


def _what_is_refused_is_told_in_place(
    qtbot: QtBot, screen: AcquireScreen, workbench: Workbench
) -> None:
    label = field(screen, "intake_label")
    label.setFocus()
    label.clear()
    qtbot.keyClick(label, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "label of the cartridge case is missing" in says(screen), timeout=LONG)
    assert text(screen, "intake_case") == "2026-0500"
    qtbot.keyClick(label, Qt.Key.Key_Escape)
    assert text(screen, "intake_label") == "T1"
    assert says(screen) == ""


def _a_known_label_sends_captures_there(
    qtbot: QtBot, window: MainWindow, screen: AcquireScreen, row: IntakeRow, workbench: Workbench
) -> None:
    other = workbench.register(Registration("2026-0500", "5", "5A"))
    screen.target.pixel.setFocus()
    scan("2026-0500/5/5A")
    qtbot.waitUntil(lambda: text(screen, "intake_label") == "5A", timeout=LONG)
    assert screen.target.pixel.text() == ""
    assert "captures go to exhibit 5" in window.toast.sentence
    assert row._in_hand is not None and row._in_hand.case_id == other.cartridge_case_id
    assert dict(row._settings()) == {"evidence_label": "2026-0500/5/5A"}
    assert "2026-0500/5/5A" in field(screen, "intake_label").toolTip()


def _an_unknown_label_is_offered_and_refuses_captures_until_it_is_settled(
    qtbot: QtBot, window: MainWindow, screen: AcquireScreen, row: IntakeRow, workbench: Workbench
) -> None:
    scan("2026-0500/3/T9")
    qtbot.waitUntil(lambda: "not in the casebook yet" in says(screen), timeout=LONG)
    assert text(screen, "intake_label") == "T9"
    assert text(screen, "intake_serial") == "ABC123"
    assert "T9 is not in the casebook" in row._refusal()
    assert labels_of(workbench, "2026-0500") == ["T1"]
    qtbot.keyClick(field(screen, "intake_label"), Qt.Key.Key_Escape)
    assert row._refusal() == "" and text(screen, "intake_label") == "T1"
    scan("2026-0500/3/T9")
    qtbot.waitUntil(lambda: row._refusal() != "", timeout=LONG)
    qtbot.keyClick(field(screen, "intake_label"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: labels_of(workbench, "2026-0500") == ["T1", "T9"], timeout=LONG)
    qtbot.waitUntil(lambda: row._settings() == {"evidence_label": "2026-0500/3/T9"}, timeout=LONG)
    assert row._refusal() == ""


def _a_label_written_another_way_may_be_recorded_here(
    qtbot: QtBot, window: MainWindow, screen: AcquireScreen, row: IntakeRow, workbench: Workbench
) -> None:
    scan("4006381333931")
    qtbot.waitUntil(lambda: "not written as labels are here" in says(screen), timeout=LONG)
    assert row._refusal() == ""
    assert text(screen, "intake_label") == "T1"
    qtbot.keyClick(field(screen, "intake_label"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: row._settings() == {"evidence_label": "4006381333931"}, timeout=LONG)
    assert labels_of(workbench, "2026-0500") == ["T1"]


def _labels_are_read(
    qtbot: QtBot, screen: AcquireScreen, row: IntakeRow, workbench: Workbench
) -> None:
    drawn = {"5A": bars("2026-0500/5/5A", "Code 39", module_px=2), "5B": square("2026-0500/5/5B")}
    for label in drawn:
        workbench.register(Registration("2026-0500", "5", label))
    for label, drawing in drawn.items():
        frame = in_view(drawing, shape=(480, 800), turn_deg=8, noise=2.0)
        with MjpegServer([frame], rate=25) as camera:
            screen.start_camera(camera.address)
            qtbot.waitUntil(lambda: screen.live.frame is not None, timeout=LONG)
            assert text(screen, "intake_label") != label
            screen.station.act("read labels")
            reading = screen.findChild(QPushButton, "read_labels")
            assert reading is not None and reading.isChecked()
            qtbot.waitUntil(lambda label=label: text(screen, "intake_label") == label, timeout=LONG)
            screen.live.repaint()
            screen.station.act("read labels")
            assert row.labels._outline.labels == ()
            screen.stop_camera()
            qtbot.waitUntil(lambda: screen.camera.session is None, timeout=LONG)


def _three_readings_a_second_and_a_label_is_told_once(
    screen: AcquireScreen, row: IntakeRow
) -> None:
    now = [100.0]
    given: list[object] = []
    watch = row.labels
    watch._clock, watch._begun = (lambda: now[0]), float("-inf")
    watch._newest.give_if_idle = lambda frame: given.append(frame) is None  # type: ignore[assignment, func-returns-value]
    watch.switch(True)
    frame = object()
    for step in range(100):
        now[0] = 100.0 + step * 0.02
        watch._look(frame)  # type: ignore[arg-type]
    assert 5 <= len(given) <= 6
    watch.switch(False)
    now[0] += 10
    watch._look(frame)  # type: ignore[arg-type]
    assert len(given) <= 6
    _told_once_while_it_stays(row)


def _told_once_while_it_stays(row: IntakeRow) -> None:
    now, heard = [0.0], []
    watch = row.labels
    watch._clock, watch._heard = (lambda: now[0]), heard.append
    watch.switch(True)
    corners = np.zeros((4, 2))
    strong, weak = Label("A", "Code 128", corners), Label("B", "Code 39", corners)
    for labels in ((strong,), (strong,), (), (strong,)):
        watch._read(labels)
    assert heard == ["A"]
    now[0] = 5.0
    watch._read(())
    watch._read((strong,))
    assert heard == ["A", "A"]
    watch._read((weak,))
    assert heard == ["A", "A"]
    watch._read((weak,))
    assert heard == ["A", "A", "B"]
    watch.switch(False)
    watch._read((strong,))
    assert len(heard) == 3


def test_writing_in_line(
    qtbot: QtBot, screen: AcquireScreen, row: IntakeRow, workbench: Workbench
) -> None:
    _it_shows_what_is_recorded(screen)
    _what_is_refused_is_told_in_place(qtbot, screen, workbench)
    _what_is_written_is_registered_by_enter(qtbot, screen, workbench, row)


def test_labels_from_a_scanner(
    qtbot: QtBot, window: MainWindow, screen: AcquireScreen, row: IntakeRow, workbench: Workbench
) -> None:
    everything = (qtbot, window, screen, row, workbench)
    _a_label_written_another_way_may_be_recorded_here(*everything)
    _an_unknown_label_is_offered_and_refuses_captures_until_it_is_settled(*everything)
    _a_known_label_sends_captures_there(*everything)


def test_labels_before_the_camera(
    qtbot: QtBot, screen: AcquireScreen, row: IntakeRow, workbench: Workbench
) -> None:
    _labels_are_read(qtbot, screen, row, workbench)
    _three_readings_a_second_and_a_label_is_told_once(screen, row)
