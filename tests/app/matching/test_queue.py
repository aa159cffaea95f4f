"""The queue of background searches and the board of running ones."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event, Thread
from threading import enumerate as threads

import pytest

from app.domain import CancelledError, CaseheadError
from app.jobs import Job
from app.matching import Board, SearchQueue


class Worker:
    """Does what it is told, one step at a time."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.begun, self.go = Event(), Event()
        self.jobs: list[Job] = []

    def __call__(self, search_id: str, job: Job) -> None:
        self.jobs.append(job)
        self.begun.set()
        assert self.go.wait(30)
        self.done.append(search_id)
        if search_id == "bad":
            raise CaseheadError("It cannot be searched.")
        if search_id == "worse":
            raise RuntimeError("a fault")


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
def queue(worker: Worker) -> Iterator[SearchQueue]:
    made = SearchQueue(worker)
    yield made
    worker.go.set()
    made.close()
    assert not [t for t in threads() if t.name == "search-queue"]


def test_searches_are_done_in_order_and_an_error_stops_none(
    queue: SearchQueue, worker: Worker
) -> None:
    assert queue.wait_idle(0)
    worker.go.set()
    for name in ("one", "bad", "worse", "two"):
        queue.put(name)
    assert queue.wait_idle(30)
    assert worker.done == ["one", "bad", "worse", "two"]


def test_nothing_begins_while_held(queue: SearchQueue, worker: Worker) -> None:
    worker.go.set()
    with queue.held():
        with queue.held():
            queue.put("one")
        assert not queue.wait_idle(0.05)
        assert not worker.begun.is_set()
    assert queue.wait_idle(30) and worker.done == ["one"]


def test_one_that_waits_can_be_taken_out_and_one_at_work_be_stopped(
    queue: SearchQueue, worker: Worker
) -> None:
    queue.put("one")
    queue.put("two")
    assert worker.begun.wait(30)
    assert queue.remove("two") and not queue.remove("one")
    assert queue.cancel("one") and not queue.cancel("two")
    assert worker.jobs[0].cancelled
    worker.go.set()
    assert queue.wait_idle(30) and worker.done == ["one"]


def test_closing_begins_nothing_further(queue: SearchQueue, worker: Worker) -> None:
    queue.put("one")
    queue.put("two")
    assert worker.begun.wait(30)
    queue.stop()
    worker.go.set()
    queue.close()
    queue.put("three")
    assert worker.done == ["one"]


def test_the_board_tells_progress_and_stops_what_runs() -> None:
    board, job = Board(), Job()
    with board.entered("s", "7 / 1 / 1A", job):
        board.progress("s", 3, 10)
        (running,) = board.running()
        assert (running.name, running.done, running.total) == ("7 / 1 / 1A", 3, 10)
        assert board.cancel("s") and job.cancelled
        assert not board.to_resume("s")
    assert board.running() == () and not board.cancel("s")


def test_the_board_waits_for_all_to_end_and_lets_nothing_new_begin() -> None:
    board, job, inside, tick = Board(), Job(), Event(), Event()
    resumed: list[bool] = []

    def search() -> None:
        with board.entered("s", "", job):
            inside.set()
            while not job.cancelled:
                tick.wait(0.005)
            resumed.append(board.to_resume("s"))

    thread = Thread(target=search)
    thread.start()
    assert inside.wait(30)
    board.close()
    assert resumed == [True]
    thread.join(30)
    with pytest.raises(CancelledError), board.entered("t", "", Job()):
        pass
