"""The buttons above the image: nothing on them is ever cut off."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.main import application
from widgets.casebook.bar import ActionBar


@pytest.fixture
def bar(qtbot: QtBot) -> Iterator[ActionBar]:
    application()
    around = QWidget()
    qtbot.addWidget(around)
    made = ActionBar(lambda _name: None)
    made.setParent(around)
    around.resize(1600, 60)
    around.show()
    made.show()
    yield made
    around.hide()


def test_words_make_room_for_icons_where_it_is_narrow(bar: ActionBar) -> None:
    buttons = bar.findChildren(QPushButton)
    for width, worded, iconic in (
        (1400, True, True),
        (bar._tight, True, False),
        (360, False, True),
    ):
        bar.resize(width, 48)
        for made in buttons:
            assert bool(made.text()) is worded and made.icon().isNull() is not iconic
            assert made.accessibleName() and made.toolTip()
            if worded:  # at once, not only when events are handled
                assert made.width() >= made.sizeHint().width()
    bar.show_state(writable=True, searchable=True, pictures=2, exhibit=True, case=True)
    compare = bar.findChild(QPushButton, "casebook_compare")
    assert isinstance(compare, QPushButton) and compare.text() == ""
    bar.resize(1400, 48)
    assert compare.text() == "Compare these"
