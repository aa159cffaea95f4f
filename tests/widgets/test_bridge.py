"""Work goes off the GUI thread and comes back on it; mistakes are shown, not swallowed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.domain import CancelledError, CaseheadError, Changes
from app.jobs import Job
from widgets.bridge import Bridge, Notice, UnexpectedError


class Silent:
    """A workbench that only broadcasts."""

    def __init__(self) -> None:
        self.listener = lambda changes: None

    def subscribe(self, listener):  # type: ignore[no-untyped-def]
        self.listener = listener
        return lambda: None


@pytest.fixture
def silent() -> Silent:
    return Silent()


@pytest.fixture
def small(qtbot: QtBot, silent: Silent):  # type: ignore[no-untyped-def]
    made = Bridge(silent, Path("casehead.log"))  # type: ignore[arg-type]
    yield made
    made.close()


def told_by(bridge: Bridge) -> list[Notice]:
    told: list[Notice] = []
    bridge.told.connect(told.append)
    return told


def test_results_come_on_the_gui_thread_in_order(qtbot: QtBot, small: Bridge) -> None:
    here, came = threading.get_ident(), []
    for number in range(20):
        small.run(
            lambda n=number: (n, threading.get_ident()),
            lambda value: came.append((*value, threading.get_ident())),
        )
    qtbot.waitUntil(lambda: len(came) == 20)
    assert [c[0] for c in came] == list(range(20))
    assert all(worked != here and told == here for _, worked, told in came)
    assert not small.busy


def test_an_error_for_the_user_is_shown_when_nobody_takes_it(qtbot: QtBot, small: Bridge) -> None:
    told = told_by(small)

    def refuse() -> None:
        raise CaseheadError("The case number is missing.")

    small.run(refuse)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [Notice("The case number is missing.", attention=True)]


def test_a_fault_is_reported_with_details_and_releases_who_waits(
    qtbot: QtBot, small: Bridge, caplog: pytest.LogCaptureFixture
) -> None:
    told, failed = told_by(small), []

    def fault() -> None:
        raise ZeroDivisionError("in the very middle")

    small.run(fault, failed=failed.append)
    qtbot.waitUntil(lambda: bool(told) and bool(failed))
    assert "casehead.log" in told[0].sentence
    assert "in the very middle" in told[0].details
    assert isinstance(failed[0], UnexpectedError)
    assert "in the very middle" in caplog.text


def test_nothing_is_called_for_an_owner_that_is_gone(qtbot: QtBot, small: Bridge) -> None:
    begin, called, after = threading.Event(), [], []
    owner = QObject()
    small.run(lambda: begin.wait(30), called.append, owner=owner)
    owner.deleteLater()
    QApplication.sendPostedEvents(owner, QEvent.Type.DeferredDelete.value)
    begin.set()
    small.run(lambda: True, after.append)
    qtbot.waitUntil(lambda: bool(after))
    assert called == []


def test_long_work_tells_its_progress_and_is_cancelled(qtbot: QtBot, small: Bridge) -> None:
    told = told_by(small)
    released = threading.Event()

    def work(job: Job) -> None:
        job.report(1, 4, "one")
        assert released.wait(30)
        job.report(2, 4, "two")

    made = small.start("Importing", work)
    qtbot.waitUntil(lambda: made.done == 1)
    assert small.works == (made,)
    made.job.cancel()
    released.set()
    qtbot.waitUntil(lambda: small.works == ())
    with pytest.raises(CancelledError) as stopped:
        made.job.check()
    assert told[0].sentence == str(stopped.value)


def test_changes_that_pile_up_are_broadcast_once(
    qtbot: QtBot, small: Bridge, silent: Silent
) -> None:
    heard: list[Changes] = []
    small.changed.connect(heard.append)

    def publish() -> None:
        for number in range(50):
            silent.listener(Changes(cases=frozenset({str(number)})))

    thread = threading.Thread(target=publish)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(heard))
    assert len(heard) == 1
    assert len(heard[0].cases) == 50


def test_an_error_in_a_callback_does_not_stop_the_next(
    qtbot: QtBot, small: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, after = [], []
    monkeypatch.setattr("sys.excepthook", lambda *error: seen.append(error[0]))

    def clumsy(_: object) -> None:
        raise KeyError("callback")

    small.run(lambda: 1, clumsy)
    small.run(lambda: 2, after.append)
    qtbot.waitUntil(lambda: after == [2])
    assert seen == [KeyError]


def test_closing_does_what_waits_its_turn(qtbot: QtBot, silent: Silent) -> None:
    """A key pressed a moment before the window closes is on the record all the same."""
    bridge = Bridge(silent)  # type: ignore[arg-type]
    gate, done = threading.Event(), []
    bridge.run(lambda: done.append(gate.wait(30)))
    bridge.run(lambda: done.append("second"))
    closing = threading.Thread(target=bridge.close)
    closing.start()
    qtbot.waitUntil(lambda: bridge._closed)
    bridge.run(lambda: done.append("after closing"))
    gate.set()
    closing.join(30)
    assert done == [True, "second"]


def test_closing_drops_views_that_wait(qtbot: QtBot, silent: Silent) -> None:
    bridge = Bridge(silent)  # type: ignore[arg-type]
    gate, done, begun = threading.Event(), [], threading.Barrier(3)

    def view() -> None:
        begun.wait(30)
        done.append(gate.wait(30))

    for _ in range(2):
        bridge.run(view, long=True)
    bridge.run(lambda: done.append("a third"), long=True)
    begun.wait(30)
    closing = threading.Thread(target=bridge.close)
    closing.start()

    def dropped() -> bool:
        """The pool that is closed after that of the views takes nothing any more."""
        try:
            bridge._jobs.submit(int)
        except RuntimeError:
            return True
        return False

    qtbot.waitUntil(dropped)
    gate.set()
    closing.join(30)
    assert done == [True, True]


def test_what_is_asked_while_it_closes_is_done_or_left_but_no_fault(
    qtbot: QtBot, silent: Silent, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge, done = Bridge(silent), list[bool]()  # type: ignore[arg-type]
    closing, submit = threading.Thread(target=bridge.close), bridge._store.submit

    def late(work: Callable[[], None]) -> object:
        closing.start()
        closing.join(0.2)  # it has closed by now unless it is made to wait
        return submit(work)

    monkeypatch.setattr(bridge._store, "submit", late)
    bridge.run(lambda: done.append(True))
    closing.join(30)
    assert done == [True]
