"""Many small tasks on a few threads: few are handed out at a time, so that a stop comes soon."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass
from typing import Any

from app.jobs import Job

_LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Task:
    """``work`` is done on a thread of the pool, ``then`` with its result on the caller's."""

    work: Callable[[], Any]
    then: Callable[[Any], None]


def work_through(pool: Executor, most: int, next_task: Callable[[], Task | None], job: Job) -> None:
    """Do tasks until ``next_task`` gives none and all are done, ``most`` at a time.

    ``next_task`` is asked again after each result. Raises CancelledError when asked to stop, and
    what a task raises; what has not begun is dropped then.
    """
    pending: dict[Future[Any], Task] = {}
    try:
        while True:
            job.check()
            while len(pending) < most and (task := next_task()) is not None:
                pending[pool.submit(task.work)] = task
            if not pending:
                return
            done, _ = wait(pending, timeout=_LOOK_EVERY_S, return_when=FIRST_COMPLETED)
            for future in done:
                pending.pop(future).then(future.result())
    finally:
        for future in pending:
            future.cancel()
