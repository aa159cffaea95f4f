"""Screens of several pages: each page is made and read when it is turned to, no other with it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from widgets.fetching import SCREENS
from widgets.main_window import MainWindow


def test_a_page_is_made_when_it_is_turned_to(qtbot: QtBot, window: MainWindow) -> None:
    window.place.show_leads("verify")
    leads = window.place.leads
    assert [key for key in leads.pages if leads.pages.made(key)] == ["verify"]
    assert leads.current == "verify" and leads.verify.isVisible() and leads.verify.hasFocus()
    qtbot.keyClick(leads.verify, Qt.Key.Key_F2)
    assert [key for key in leads.pages if leads.pages.made(key)] == ["board", "verify"]
    assert leads.current == "board" and leads.pages["board"] is leads.board
    qtbot.waitUntil(lambda: leads.ready)
    drawer = leads.board.policy
    assert drawer.zone.count() < 2, "what takes long waits until it is opened"
    qtbot.keyClick(leads.board, Qt.Key.Key_T)
    assert drawer.isVisible() and drawer.zone.findText("Europe/Oslo") > 0
    assert len(leads.pages) == 8


def test_the_modules_of_all_pages_are_fetched_before_they_are_wanted(window: MainWindow) -> None:
    leads, lab = window.place.leads.pages, window.place.lab.pages
    pages = {f"widgets.casework.{key}" for key in leads} | {f"widgets.lab.{key}" for key in lab}
    assert pages <= {*SCREENS}


def test_turning_to_a_screen_leaves_its_other_pages_alone(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = window.place
    place.show_lab("journal")
    qtbot.waitUntil(lambda: place.lab.ready)
    place.show_casebook()
    loaded: list[str] = []
    monkeypatch.setattr(place.lab.journal._loading, "ask", lambda: loaded.append("journal"))
    place.show_lab("backups")
    qtbot.waitUntil(lambda: place.lab.ready)
    assert place.lab.backups.isVisible() and not loaded
    place.show_casebook()
    place.show_lab("journal")
    assert loaded == ["journal"] and place.lab.journal.isVisible()
