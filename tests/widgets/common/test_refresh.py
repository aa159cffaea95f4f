"""What a view shows is the newest that was asked for, whatever became of the one before."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from app.domain import CaseheadError
from app.workbench import Workbench
from widgets.bridge import Bridge
from widgets.common.refresh import Refresh


@pytest.fixture
def small(qtbot: QtBot, empty_workbench: Workbench) -> Iterator[Bridge]:
    made = Bridge(empty_workbench)
    yield made
    made.close()


def test_what_was_asked_meanwhile_is_loaded_although_the_one_before_failed(
    qtbot: QtBot, small: Bridge
) -> None:
    begun, go_on, wanted, shown = Event(), Event(), ["a part that is gone"], list[str]()

    def load() -> str:
        asked = wanted[0]
        begun.set()
        assert go_on.wait(30)
        if asked.endswith("gone"):
            raise CaseheadError("It is not there any more.")
        return asked

    owner = QObject()
    refresh: Refresh[str] = Refresh(small, owner, load, shown.append)
    refresh.ask()
    assert begun.wait(30)
    wanted[0] = "another part"
    refresh.ask()
    go_on.set()
    qtbot.waitUntil(lambda: not refresh.loading)
    assert shown == ["another part"]
