"""Work on the newest thing only, shown on the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from widgets.acquire.newest import Newest

PATIENCE_S = 30


class Bench:
    """A worker that waits for ``go_on`` and notes everything."""

    def __init__(self) -> None:
        self.go_on = threading.Semaphore(0)
        self.begun = threading.Semaphore(0)
        self.shown: list[int] = []
        self.failed: list[BaseException] = []
        self.threads: set[str] = set()
        self.worker: Newest[int, int] = Newest(self.work, self.show, self.failed.append, "bench")

    def work(self, thing: int) -> int:
        self.begun.release()
        assert self.go_on.acquire(timeout=PATIENCE_S)
        if thing < 0:
            raise ValueError(thing)
        return thing * 10

    def show(self, made: int) -> None:
        self.threads.add(threading.current_thread().name)
        self.shown.append(made)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    yield made
    for _ in range(10):
        made.go_on.release()
    made.worker.close()


def test_what_waits_is_replaced_by_what_is_newer(qtbot: QtBot, bench: Bench) -> None:
    bench.worker.give(1)
    assert bench.begun.acquire(timeout=PATIENCE_S)
    for thing in (2, 3, 4):
        bench.worker.give(thing)
    bench.go_on.release()
    bench.go_on.release()
    qtbot.waitUntil(lambda: bench.shown[-1:] == [40])
    assert bench.shown in ([10, 40], [40])
    assert bench.threads == {threading.main_thread().name}


def test_while_busy_the_same_again_is_not_taken(qtbot: QtBot, bench: Bench) -> None:
    assert bench.worker.give_if_idle(1)
    assert bench.begun.acquire(timeout=PATIENCE_S)
    assert not bench.worker.give_if_idle(2)
    bench.go_on.release()
    qtbot.waitUntil(lambda: bench.shown == [10])
    qtbot.waitUntil(lambda: bench.worker.give_if_idle(3))  # shown a moment before it is free
    bench.go_on.release()
    qtbot.waitUntil(lambda: bench.shown == [10, 30])


def test_what_was_forgotten_is_not_shown(qtbot: QtBot, bench: Bench) -> None:
    bench.worker.give(1)
    assert bench.begun.acquire(timeout=PATIENCE_S)
    bench.worker.forget()
    bench.go_on.release()
    bench.worker.give(2)
    bench.go_on.release()
    qtbot.waitUntil(lambda: bench.shown == [20])


def test_a_fault_is_told_and_the_work_goes_on(qtbot: QtBot, bench: Bench) -> None:
    bench.worker.give(-1)
    bench.go_on.release()
    qtbot.waitUntil(lambda: len(bench.failed) == 1)
    bench.worker.give(5)
    bench.go_on.release()
    qtbot.waitUntil(lambda: bench.shown == [50])


def test_closed_it_takes_nothing_more(bench: Bench) -> None:
    bench.worker.close()
    bench.worker.give(1)
    assert not bench.begun.acquire(blocking=False) and bench.worker._thread is None
