"""A workplace: its screens are made when they are first turned to, and nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QStackedWidget
from pytestqt.qtbot import QtBot

from app.main import application
from app.workbench import Workbench
from tests.conftest import AUTHOR
from widgets.bridge import Bridge
from widgets.main_window import MainWindow

SCREENS = ("acquire", "candidates", "compare", "leads", "quality", "lab")


def test_only_the_casebook_is_made_at_first(window: MainWindow, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: window.casebook.ready)
    assert not any(window.place.made(name) for name in SCREENS)
    for name in SCREENS:
        window.place.go(name)
        assert window.place.made(name) and window.place.screen_of(name).isVisible()


def test_a_screen_is_made_once_and_comes_up_in_its_place(window: MainWindow) -> None:
    window.place.go("compare")
    first = window.compare
    window.place.go("casebook")
    window.place.go("compare")
    stack = first.parentWidget()
    assert isinstance(stack, QStackedWidget) and stack.currentWidget() is first
    assert window.compare is first and stack.count() == 2


@pytest.mark.parametrize("turned", [(), ("compare",), ("acquire",)])
def test_it_is_left_and_ended_whatever_was_made(
    qtbot: QtBot, tmp_path: Path, turned: tuple[str, ...]
) -> None:
    workbench = Workbench(tmp_path / "casebook", automatic_search=False)
    workbench.set_author(AUTHOR)
    application()
    window = MainWindow(workbench, Bridge(workbench))
    window.show()
    for name in turned:
        window.place.go(name)
    assert window.place.left_behind() is None
    window.place.step_aside()
    window.place.come_back()
    window.close()
    qtbot.waitUntil(lambda: window.over)
    assert [name for name in SCREENS if window.place.made(name)] == list(turned)


def test_somebody_elses_workplace_is_made_of_its_first_screen_only(
    qtbot: QtBot, tmp_path: Path
) -> None:
    workbench = Workbench(tmp_path / "casebook", automatic_search=False)
    workbench.set_up(AUTHOR, None)
    workbench.add_person("L. Brandt", ["reviewer"])
    application()
    window = MainWindow(workbench, Bridge(workbench))
    window.show()
    qtbot.waitUntil(lambda: window.usable)
    window.place.go("compare")
    window.lock()
    qtbot.waitUntil(lambda: window.current == "sign in")
    workbench.sign_in("L. Brandt")
    qtbot.waitUntil(lambda: len(window.places) == 2 and window.usable)
    assert window.place is window.places[1]
    assert not any(window.place.made(name) for name in SCREENS)
    window.close()
    qtbot.waitUntil(lambda: window.over)
