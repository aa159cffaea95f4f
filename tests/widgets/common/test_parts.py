"""Parts of the window hold what is long, and nothing they show is cut without a sign."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFrame, QPushButton, QStackedWidget, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.main import application
from widgets.bridge import Notice
from widgets.common.frame_lines import Header
from widgets.common.parts import Drawer, Elided, EmptyState, label
from widgets.common.toast import Toast

LONG_WORD = "2026-" + "X" * 80
LONG = "Dr. Wolfgang-Maximilian von und zu Hohenlohe-Waldenburg-Schillingsfuerst der Aeltere"


@pytest.fixture(autouse=True)
def dressed() -> None:
    application()


def test_a_long_word_does_not_widen_a_panel(qtbot: QtBot) -> None:
    panel = QFrame()
    qtbot.addWidget(panel)
    column = QVBoxLayout(panel)
    other = label("Agreement of individual characteristics over the mark. " * 3, wrap=True)
    column.addWidget(label(LONG_WORD, wrap=True))
    column.addWidget(other)
    assert panel.minimumSizeHint().width() <= 200
    panel.resize(300, 400)
    panel.show()
    assert other.width() < 300


def test_a_long_name_leaves_room_for_the_place_in_the_header(qtbot: QtBot) -> None:
    header = Header()
    qtbot.addWidget(header)
    who, place = header.findChild(Elided, "who"), header.findChild(Elided, "place")
    assert who is not None and place is not None
    who.setText(LONG)
    header.show_place(("Casebook", "Case 2026-0412"))
    header.resize(900, 38)
    header.show()
    assert who.width() <= 360
    assert place.width() >= place.fontMetrics().horizontalAdvance(place.text())


def test_what_has_no_room_ends_in_an_ellipsis(qtbot: QtBot) -> None:
    made = Elided("words")
    qtbot.addWidget(made)
    made.setText(LONG)
    made.resize(120, 24)
    cut = made.grab().toImage()
    made.setText(made.fontMetrics().elidedText(LONG, made.elide, 120))
    assert made.text().endswith("…")
    assert made.grab().toImage() == cut


def test_a_sentence_over_nothing_is_no_wider_than_one_reads(qtbot: QtBot) -> None:
    made = EmptyState("nothing")
    qtbot.addWidget(made)
    made.say("Nothing yet", "Choose what is to be done, and it stands here. " * 12)
    made.resize(1800, 600)
    made.show()
    assert made.sentence.width() <= 720
    assert abs(made.sentence.geometry().center().x() - 900) <= 2


def test_the_title_of_a_drawer_has_as_many_lines_as_it_needs(qtbot: QtBot) -> None:
    drawer = Drawer("drawer", LONG)
    qtbot.addWidget(drawer)
    drawer.resize(380, 400)
    drawer.show()
    assert drawer.title.height() >= 2 * drawer.title.fontMetrics().lineSpacing()


@pytest.mark.parametrize("width", [1280, 1834])
def test_a_message_leaves_the_foot_of_a_drawer_free(qtbot: QtBot, width: int) -> None:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    stack.addWidget(QWidget())
    toast = Toast(stack)
    stack.resize(width, 700)
    stack.show()
    toast.show_notice(Notice("Choose a case first."))
    assert toast.geometry().left() >= 0
    assert toast.geometry().right() < width - 490  # the widest drawer: the clock's rules


def test_a_page_turned_to_does_not_cover_a_message(qtbot: QtBot) -> None:
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    for _ in range(2):
        stack.addWidget(QPushButton("A page"))
    toast = Toast(stack)
    stack.resize(1280, 700)
    stack.show()
    toast.show_notice(Notice("Choose a case first."))
    stack.setCurrentIndex(1)
    over = stack.childAt(toast.geometry().center() + QPoint(0, 2))
    assert over is not None and (over is toast or toast.isAncestorOf(over))
