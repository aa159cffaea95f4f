"""What the pages of casework say and take when they are first turned to."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.main import application
from widgets.casework.facts_side import FactsSide
from widgets.casework.lanes_view import LaneNames
from widgets.main_window import MainWindow

PATIENCE_MS = 20_000


def test_the_keys_of_the_board_act_at_once(qtbot: QtBot, window: MainWindow) -> None:
    window.place.go("leads")
    page = window.leads.board
    qtbot.waitUntil(lambda: page.ready and page.isVisible(), timeout=PATIENCE_MS)
    in_hand = QApplication.focusWidget()
    assert in_hand is not None and (in_hand is page or page.isAncestorOf(in_hand))


def test_nothing_silent_is_not_told_as_nothing_found(qtbot: QtBot, window: MainWindow) -> None:
    window.show_leads("ledger")
    page = window.leads.ledger
    qtbot.waitUntil(lambda: page.ready and page.isVisible(), timeout=PATIENCE_MS)
    in_hand = QApplication.focusWidget()
    assert in_hand is not None
    qtbot.keyClick(in_hand, Qt.Key.Key_S)
    title = page.findChild(QLabel, "ledger_empty_title")
    assert isinstance(title, QLabel)
    qtbot.waitUntil(lambda: "silent" in title.text(), timeout=PATIENCE_MS)


def test_a_report_is_issued_with_the_mouse_too(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.casebook.ready, timeout=PATIENCE_MS)
    button = window.casebook.findChild(QPushButton, "casebook_issue")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(window.casebook.issuing.isVisible, timeout=PATIENCE_MS)


def test_a_list_of_nothing_has_no_heading(qtbot: QtBot) -> None:
    application()
    side = FactsSide("links", "Linked to", lambda: None, lambda key: None)
    qtbot.addWidget(side)
    side.show()
    side.show_list(())
    assert not side.heading.isVisible()
    side.show_list((("case", "2026-0412"),))
    assert side.heading.isVisible()


@dataclass(frozen=True)
class _Named:
    name: str


def test_a_long_name_of_a_lane_is_cut_in_the_middle_and_not_left_out(qtbot: QtBot) -> None:
    application()
    names = LaneNames()
    names.lanes = (_Named(f"2026-{'W' * 60} and 1 more"),)  # type: ignore[assignment]
    (shown,) = names.tickStrings([0], 1.0, 1.0)
    assert "…" in shown and shown.endswith("and 1 more")
    assert QFontMetrics(QApplication.font()).horizontalAdvance(shown) < 230
