"""The tree of a large casebook: listed newest first, read where it is opened, chosen or found."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.workbench import Workbench
from app.workbench import tree as trees
from tests.widgets.conftest import HELD, acquired_of
from widgets.bridge import Bridge
from widgets.casebook.screen import CasebookScreen
from widgets.main_window import MainWindow


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Four cases are many."""
    monkeypatch.setattr(trees, "LARGE", 2)
    yield


@pytest.fixture
def screen(large: None, qtbot: QtBot, window: MainWindow) -> CasebookScreen:
    return window.casebook


def listed(screen: CasebookScreen) -> list[str]:
    """The cases, as they are listed."""
    model = screen.tree.model()
    return [str(model.index(row, 0).data()).split("  ")[0] for row in range(model.rowCount())]


def test_newest_first_and_the_newest_picture_is_shown(qtbot: QtBot, screen: CasebookScreen) -> None:
    assert listed(screen) == [case for case, *_ in reversed(HELD)]
    assert "4 of 4 cases" in screen._count.text()
    assert screen.picture.seen is not None
    assert screen.picture.seen.case.number == "2026-0460"


def test_what_is_below_a_case_comes_when_it_is_opened(qtbot: QtBot, screen: CasebookScreen) -> None:
    model = screen.tree.model()
    case = model.index(2, 0)
    assert model.hasChildren(case) and model.rowCount(case) == 0
    screen.tree.expand(case)
    qtbot.waitUntil(lambda: model.rowCount(model.index(2, 0)) == 1)
    assert str(model.index(0, 0, model.index(2, 0)).data()).startswith("Exhibit 1")


def test_a_picture_asked_for_is_found_wherever_it_is(
    qtbot: QtBot, screen: CasebookScreen, workbench: Workbench, window: MainWindow
) -> None:
    wanted = acquired_of(workbench, "2026-0412")
    window.show_casebook(wanted)
    qtbot.waitUntil(lambda: screen.tree.current_row is not None, timeout=5_000)
    qtbot.waitUntil(lambda: screen.tree.current_row.id == wanted, timeout=5_000)
    screen.choose("nowhere")
    qtbot.waitUntil(lambda: screen.ready)
    assert screen.tree.current_row is not None and screen.tree.current_row.id == wanted


def test_words_find_a_case_and_leave_all_again(qtbot: QtBot, screen: CasebookScreen) -> None:
    screen._filter.setText("2026-0440")
    qtbot.waitUntil(lambda: screen.ready and listed(screen) == ["2026-0440"], timeout=5_000)
    screen._filter.clear()
    qtbot.waitUntil(lambda: screen.ready and len(listed(screen)) == 4, timeout=5_000)


def test_older_cases_come_when_the_end_is_in_sight(
    qtbot: QtBot, large: None, workbench: Workbench, bridge: Bridge,
    monkeypatch: pytest.MonkeyPatch, window: MainWindow,
) -> None:  # fmt: skip
    from widgets.casebook import screen as module

    monkeypatch.setattr(module, "FIRST", 2)
    made = window.casebook
    made._most = 2
    made._refresh.ask()
    qtbot.waitUntil(lambda: made.ready and len(listed(made)) == 2, timeout=5_000)
    made.tree._scrolled(made.tree.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: made.ready and len(listed(made)) == 4, timeout=5_000)
