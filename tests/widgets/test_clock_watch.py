"""The clock is made anew while everybody works on; the board says so meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app.casework.clock import default_policy
from app.domain import CaseheadError
from app.jobs import Job
from app.store import Casebook, clock_cache
from app.workbench import Workbench
from widgets.main_window import MainWindow


class Held:
    """Makes the clock when it is let, after it has reported once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go_on = Event(), Event()
        self._make: Callable[[Casebook, Job], None] = Casebook.rebuild_clock
        monkeypatch.setattr(Casebook, "rebuild_clock", lambda book, job=None: self.make(book, job))
        monkeypatch.setattr(clock_cache, "_AT_ONCE", 0)

    def make(self, casebook: Casebook, job: Job | None) -> None:
        job = job or Job()
        job.report(1, 7, "made anew")
        self.begun.set()
        while not self.go_on.wait(0.02):
            job.check()
        self._make(casebook, job)


def change_rules(workbench: Workbench, by: int = 1) -> None:
    policy = default_policy()
    targets = tuple(replace(t, amount=t.amount + by) for t in policy.targets)
    workbench.set_clock_policy(replace(policy, targets=targets), "A trial.")


@pytest.fixture
def held_up(window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Held:
    """The rules have just changed, and the clock is being made anew."""
    qtbot.waitUntil(lambda: window.casebook.ready)
    window.show_leads("board")
    qtbot.waitUntil(lambda: window.leads.pages["board"].ready)
    made = Held(monkeypatch)
    window.bridge.run(lambda: change_rules(window._workbench))
    qtbot.waitUntil(made.begun.is_set)
    qtbot.waitUntil(lambda: window.clock.work is not None and window.clock.work.total == 7)
    return made


def test_meanwhile_the_board_says_so_and_shows_how_far_it_is(
    window: MainWindow, held_up: Held, qtbot: QtBot
) -> None:
    board = window.leads.pages["board"]
    qtbot.waitUntil(lambda: board.notice.isVisible() and "as it stood" in board.notice.text())
    words = [child.text() for child in window.bottom.findChildren(QLabel) if child.isVisible()]
    assert any("Review clock" in text for text in words)
    qtbot.waitUntil(lambda: board.ready and not window.bridge.busy)  # nobody waits
    held_up.go_on.set()
    qtbot.waitUntil(lambda: window.clock.work is None)
    qtbot.waitUntil(lambda: "as it stood" not in board.notice.text())
    assert window._workbench.clock_notice() == "" and window._workbench.check_clock() == ()


def test_it_can_be_stopped_and_the_notice_stays(
    window: MainWindow, held_up: Held, qtbot: QtBot
) -> None:
    work = window.clock.work
    assert work is not None
    work.job.cancel()
    qtbot.waitUntil(lambda: window.clock.work is None)
    assert window._workbench.clock_to_make()
    assert window.leads.pages["board"].notice.isVisible()


def test_closing_does_not_wait_for_it(window: MainWindow, held_up: Held, qtbot: QtBot) -> None:
    window.close()
    qtbot.waitUntil(lambda: window.over)


def test_stopped_it_is_left_until_the_rules_change_again(
    window: MainWindow, held_up: Held, qtbot: QtBot
) -> None:
    workbench, work = window._workbench, window.clock.work
    assert work is not None
    work.job.cancel()
    qtbot.waitUntil(lambda: window.clock.work is None)
    seen: list[bool] = []
    window._door.changed.connect(lambda changes: seen.append(changes.settings))
    workbench.set_record_rules(True)  # somebody says something else
    qtbot.waitUntil(lambda: seen == [True])
    window._door.run(lambda: None, seen.append, long=True)
    window._door.run(lambda: None, seen.append, long=True)
    qtbot.waitUntil(lambda: len(seen) == 3)
    assert window.clock.work is None
    change_rules(workbench, by=2)
    qtbot.waitUntil(lambda: window.clock.work is not None)


def test_why_it_failed_is_told(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_book: Casebook, _job: Job) -> None:
        raise CaseheadError("The disk is full.")

    qtbot.waitUntil(lambda: window.casebook.ready)
    monkeypatch.setattr(clock_cache, "_AT_ONCE", 0)
    workbench, told = window._workbench, list[str]()
    monkeypatch.setattr(Casebook, "rebuild_clock", refuse)
    window._door.told.connect(lambda notice: told.append(notice.sentence))
    window.bridge.run(lambda: change_rules(workbench))
    qtbot.waitUntil(lambda: bool(told))
    assert told == ["The disk is full."]
