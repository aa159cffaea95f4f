"""The candidates screen: order, place, reviews by keyboard, what was left out."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.domain import Review, Search, SearchState
from app.workbench import Workbench
from tests.widgets.conftest import acquired_of
from widgets.candidates import CandidatesScreen
from widgets.candidates.words import extent_words, nothing_words, state_words
from widgets.main_window import MainWindow

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def screen(qtbot: QtBot, window: MainWindow) -> CandidatesScreen:
    """Open on the newest search nobody looked at."""
    window.show_candidates()
    made = window.candidates
    qtbot.waitUntil(lambda: made.ready and len(made.model.lines) == 2, timeout=20_000)
    return made


def words(screen: CandidatesScreen, name: str) -> str:
    found = screen.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def names(screen: CandidatesScreen) -> list[str]:
    return [line.provenance.case.number for line in screen.model.lines]


def test_the_newest_unseen_search_is_open_with_pairs_and_sentence(
    qtbot: QtBot, screen: CandidatesScreen, workbench: Workbench
) -> None:
    assert words(screen, "query_words").startswith("Query: 2026-0440 / 1 / T1")
    assert names(screen) == ["2026-0412", "2026-0451"]
    assert words(screen, "aids") == "Scores are aids, not conclusions."
    assert words(screen, "extent") == "Searched 2, left out 1 by class characteristics."
    qtbot.waitUntil(lambda: screen.query.has_picture)
    query_id = acquired_of(workbench, "2026-0440")
    for candidate in [line.candidate for line in screen.model.lines]:
        qtbot.waitUntil(lambda c=candidate: screen.pairs.get(query_id, c) is not None)
        picture = screen.pairs.get(query_id, candidate)
        assert picture is not None
        assert picture.width() > 100


def test_reviewing_by_keyboard_goes_on_and_keeps_its_place(
    qtbot: QtBot, window: MainWindow, screen: CandidatesScreen, workbench: Workbench
) -> None:
    qtbot.keyClick(screen.table, Qt.Key.Key_K)
    current = screen.table.current_line
    assert current is not None
    assert current.candidate.rank == 2
    qtbot.keyClick(screen.table, Qt.Key.Key_D)
    qtbot.waitUntil(
        lambda: (
            [line.candidate.review for line in screen.model.lines]
            == [Review.KEPT, Review.DISMISSED]
        )
    )
    qtbot.waitUntil(lambda: "last candidate" in window.toast.sentence)
    assert screen.table.currentIndex().row() == 1
    stored = workbench.candidates(screen._search_id)
    assert [line.candidate.review for line in stored] == [Review.KEPT, Review.DISMISSED]
    qtbot.keyClick(screen.table, Qt.Key.Key_Up)
    qtbot.keyClick(screen.table, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: screen.model.lines[0].candidate.review is Review.LATER)


def test_sorting_keeps_the_cursor_on_its_candidate(screen: CandidatesScreen) -> None:
    chosen = screen.table.current_line
    assert chosen is not None
    screen.table.sort_by("Case / exhibit / case")
    screen.table.sort_by("Case / exhibit / case")
    assert names(screen) == ["2026-0451", "2026-0412"]
    assert screen.table.current_line == chosen
    assert screen.table.currentIndex().row() == 1
    screen.table.sort_by("Score")
    assert names(screen) == ["2026-0412", "2026-0451"]
    assert screen.table.current_line == chosen


def test_enter_compares_with_the_siblings_in_the_order_shown(
    qtbot: QtBot, window: MainWindow, screen: CandidatesScreen
) -> None:
    screen.table.sort_by("#")
    qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.compare.desk is not None, timeout=20_000)
    assert window.compare._walk.order == tuple(line.candidate.id for line in screen.model.lines)
    window.show_candidates()
    qtbot.waitUntil(lambda: screen.ready)
    assert screen.table.hasFocus()


def test_everything_is_searched_on_demand(
    qtbot: QtBot, screen: CandidatesScreen, workbench: Workbench
) -> None:
    button = screen.findChild(QPushButton, "search_everything")
    assert isinstance(button, QPushButton)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(screen.model.lines) == 3, timeout=30_000)
    assert words(screen, "extent") == "Searched 3 (everything)."
    assert not button.isVisible()
    assert len(workbench.searches()) == 3


def test_going_through_the_searches_by_keyboard(qtbot: QtBot, screen: CandidatesScreen) -> None:
    qtbot.keyClick(screen.table, Qt.Key.Key_Down, CONTROL)
    qtbot.waitUntil(lambda: "2026-0412" in words(screen, "query_words"))
    assert screen.searches.currentRow() == 1
    qtbot.keyClick(screen.table, Qt.Key.Key_Up, CONTROL)
    qtbot.waitUntil(lambda: "2026-0440" in words(screen, "query_words"))


def test_a_search_without_candidates_says_why(
    qtbot: QtBot, window: MainWindow, screen: CandidatesScreen, workbench: Workbench
) -> None:
    search = workbench.search(acquired_of(workbench, "2026-0460"))
    screen.open_search(search.id)
    title = "no_candidates_title"
    qtbot.waitUntil(lambda: "2026-0460" in words(screen, "query_words"))
    assert words(screen, title) == "No candidates"
    assert "All 3 other pictures differ" in words(screen, "no_candidates_sentence")


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ("", "Searched 4."),
        ("Outside the search area and left out: 1234.", "left out 1,234 outside the search area."),
        ("Searched beyond the search area. Also.", "Searched 4, beyond the search area."),
    ],
)
def test_a_list_tells_how_far_the_search_area_went(message: str, said: str) -> None:
    """R15."""
    search = Search("a", SearchState.DONE, planned=4, surveyed=4, message=message)
    assert extent_words(search).endswith(said)
    sentence = nothing_words(search)[1]
    assert ("Shift+S" in sentence) is ("left out" in message)


@pytest.mark.parametrize("state", list(SearchState))
def test_every_state_has_words(state: SearchState) -> None:
    search = Search("a", state, message="It has no scale.", finished_at="2026-04-12T10:11:12+00:00")
    assert state_words(search)
    assert extent_words(search).endswith(".")
    assert all(nothing_words(search))
    if state is SearchState.FAILED:
        assert extent_words(search) == "It has no scale."
