"""The conclusion panel: what is still missing stands there in sentences."""

from __future__ import annotations

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain import Conclusion
from app.workbench import Draft
from app.workbench.scale import load_scale
from widgets.compare.panels.conclude import NOTHING_CHOSEN, NOTHING_RECORDED, ConcludePanel

SCALE = load_scale()


@pytest.fixture
def recorded() -> list[Draft]:
    return []


@pytest.fixture
def panel(qtbot: QtBot, recorded: list[Draft]) -> ConcludePanel:
    made: ConcludePanel = ConcludePanel(lambda: recorded.append(made.draft))
    qtbot.addWidget(made)
    made.set_scale(SCALE)
    made.set_examiner("J. Doe")
    made.resize(300, 700)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def words(panel: ConcludePanel, name: str) -> str:
    """What a label says, nothing when it is not seen."""
    label = panel.findChild(QLabel, name)
    assert label is not None
    return label.text() if label.isVisible() else ""


def click(panel: ConcludePanel, name: str) -> None:
    button = panel.findChild(QRadioButton, name) or panel.findChild(QPushButton, name)
    assert button is not None and button.isVisible(), name
    button.click()


def seen(panel: ConcludePanel, name: str) -> bool:
    found = panel.findChild(QWidget, name)
    return found is not None and found.isVisible()


def test_each_thing_missing_is_listed_until_it_is_there(
    panel: ConcludePanel, recorded: list[Draft], qtbot: QtBot
) -> None:
    assert words(panel, "conclude_missing") == ""
    click(panel, "value_elimination")
    assert words(panel, "conclude_missing").count("•") == 3
    click(panel, "record_conclusion")
    assert words(panel, "conclude_says") == NOTHING_RECORDED and recorded == []
    click(panel, "basis_individual")
    assert seen(panel, "basis_reason") and "individual marks alone" in words(
        panel, "basis_reason_label"
    )
    why, reasons = (panel.findChild(QPlainTextEdit, n) for n in ("basis_reason", "reasons"))
    qtbot.keyClicks(why, "No class differs.")
    qtbot.keyClicks(reasons, "Striae differ.")
    assert words(panel, "conclude_missing").count("•") == 1
    click(panel, "examined_yes")
    assert words(panel, "conclude_missing") == ""
    click(panel, "record_conclusion")
    today = datetime.now().astimezone().date().isoformat()
    said = ("Striae differ.", "individual", "No class differs.", True, "J. Doe", today)
    assert recorded == [Draft("elimination", *said)]


def test_all_of_it_by_keyboard(panel: ConcludePanel, recorded: list[Draft], qtbot: QtBot) -> None:
    def press(key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        qtbot.keyClick(QApplication.focusWidget(), key, modifier)

    def record() -> None:
        press(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    panel.take_focus()
    record()
    assert words(panel, "conclude_says") == NOTHING_CHOSEN
    press(Qt.Key.Key_Space)
    for _ in range(4):
        press(Qt.Key.Key_Down)
    assert panel.chosen == "elimination"
    record()  # goes to what is missing, one after the other
    press(Qt.Key.Key_Space)
    press(Qt.Key.Key_Down)
    record()
    qtbot.keyClicks(QApplication.focusWidget(), "No class differs")
    record()
    qtbot.keyClicks(QApplication.focusWidget(), "Striae differ")
    record()
    press(Qt.Key.Key_Space)
    examined_by = panel.findChild(QLineEdit, "examined_by")
    assert examined_by is not None
    examined_by.clear()
    record()
    assert QApplication.focusWidget() is examined_by
    qtbot.keyClicks(examined_by, "A. Other")
    assert recorded == []
    record()
    (draft,) = recorded
    assert (draft.value, draft.basis, draft.basis_reason) == (
        "elimination",
        "individual",
        "No class differs",
    )
    assert (draft.reasons, draft.examined_by) == ("Striae differ", "A. Other")


def test_questions_belong_to_their_value(panel: ConcludePanel) -> None:
    click(panel, "value_unsuitable")
    assert seen(panel, "basis_left") and not seen(panel, "basis_individual")
    click(panel, "basis_left")
    click(panel, "value_identification")
    assert not seen(panel, "basis") and panel.draft.basis == ""
    click(panel, "examined_yes")
    assert seen(panel, "examined_by")
    click(panel, "examined_no")
    assert not seen(panel, "examined_by") and panel.draft.examined_physically is False
    panel.reset()
    assert panel.draft == Draft() and words(panel, "conclude_missing") == ""


def test_claims_that_go_too_far_are_warned_of(panel: ConcludePanel, qtbot: QtBot) -> None:
    field = panel.findChild(QPlainTextEdit, "reasons")
    qtbot.keyClicks(field, "100 % sure")
    assert "“100 %”" in words(panel, "conclude_warnings")
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "Striae agree")
    assert words(panel, "conclude_warnings") == ""


def test_why_nothing_can_be_recorded_stays_told(
    panel: ConcludePanel, recorded: list[Draft], qtbot: QtBot
) -> None:
    panel.set_recording(False, "For reading only.")
    qtbot.keyClicks(panel.findChild(QPlainTextEdit, "reasons"), "a")
    assert words(panel, "conclude_says") == "For reading only."
    field = panel.findChild(QPlainTextEdit, "reasons")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert recorded == []


def test_what_was_said_before_stands_there_in_full(panel: ConcludePanel) -> None:
    said = ("individual", "No <class> differs", True, "Ada", "2024-01-02")
    panel.show_earlier(
        (
            Conclusion("c", "AFTE", "elimination", "Striae differ", None, "", *said),
            Conclusion("c", "AFTE", "inconclusive-a", "few", examined_physically=False),
        )
    )
    text = words(panel, "earlier_conclusions")
    assert text.index("Inconclusive (a)") < text.index("Elimination (superseded)")
    for part in (
        "The elimination rests on individual marks alone.",
        "No &lt;class&gt; differs",
        "Examined physically by Ada on 2024-01-02.",
        "Not examined physically",
    ):
        assert part in text
    assert "unknown" in text
    for name in ("reasons", "basis_reason", "examined_by", "examined_at", "record_conclusion"):
        found = panel.findChild(QWidget, name)
        assert found is not None and found.toolTip()
        assert found.accessibleName() or isinstance(found, QPushButton)
