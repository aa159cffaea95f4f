"""Between the window and the workbench: work goes off the GUI thread, results come back on it."""

from __future__ import annotations

import logging
import sys
import traceback
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from app.domain import CaseheadError, Changes
from app.jobs import Job

if TYPE_CHECKING:
    from app.workbench import Workbench
    from app.workbench.sessions import Session

T = TypeVar("T")
Done = Callable[[T], None]
Failed = Callable[[CaseheadError], None]

log = logging.getLogger(__name__)


class UnexpectedError(CaseheadError):
    """A fault in the program itself; its details have been shown and logged."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the user; ``details`` are for a bug report."""

    sentence: str
    details: str = ""
    attention: bool = False


@dataclass(slots=True, eq=False)
class Work:
    """Long work in the bottom line; ``total`` 0 means not known yet."""

    name: str
    job: Job
    done: int = 0
    total: int = 0
    what: str = ""


class Bridge(QObject):
    """Made, used and heard on the GUI thread.

    Operations run one after the other on one thread; with ``long`` on a second pool, where they
    do not hold up the others. Signals and callbacks always come on the GUI thread.
    """

    changed = Signal(object)
    told = Signal(object)
    works_changed = Signal()
    busy_changed = Signal(bool)
    _wake = Signal()

    def __init__(self, workbench: Workbench, log_file: Path | None = None) -> None:
        super().__init__()
        self.works: tuple[Work, ...] = ()
        self.session: Session | None = None
        """In whose session all of it is done, also while the station is locked; None: whoever
        is at the station then."""
        self.log_file = log_file
        self._workbench = workbench
        self._ready: deque[Callable[[], None]] = deque()
        self._lock = Lock()
        self._news: Changes | None = None
        self._works_news = False
        self._pending = 0
        self._closed = False
        self._store = ThreadPoolExecutor(1, "store")
        self._long = ThreadPoolExecutor(2, "long")
        self._jobs = ThreadPoolExecutor(2, "jobs")
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)
        self._leave = workbench.subscribe(self._hear)

    @property
    def busy(self) -> bool:
        """Whether operations are under way or wait."""
        return self._pending > 0

    def run(
        self,
        fn: Callable[[], T],
        done: Done[T] | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
        long: bool = False,
    ) -> None:
        """Run ``fn`` off the GUI thread, then ``done`` with its value or ``failed`` with its error.

        Without ``failed`` the error's sentence is shown. When ``owner`` is gone by then, neither
        is called.
        """
        self._submit(self._long if long else self._store, fn, done, failed, owner)

    def start(
        self,
        name: str,
        fn: Callable[[Job], T],
        done: Done[T] | None = None,
        failed: Failed | None = None,
        owner: QObject | None = None,
    ) -> Work:
        """Run long work that shows in the bottom line and can be stopped there."""
        work = Work(name, Job())

        def listen(so_far: int, total: int, what: str) -> None:
            work.done, work.total, work.what = so_far, total, what
            self._tell_of_works()

        work.job = Job(listen)
        self._set_works((*self.works, work))

        def ended() -> None:
            self._set_works(tuple(w for w in self.works if w is not work))

        def when_done(value: T) -> None:
            ended()
            if done is not None and (owner is None or isValid(owner)):
                done(value)

        def when_failed(error: CaseheadError) -> None:
            ended()
            if owner is None or isValid(owner):
                (failed or self._tell_error)(error)

        self._submit(self._jobs, lambda: fn(work.job), when_done, when_failed, None)
        return work

    def tell(self, sentence: str, *, attention: bool = False, details: str = "") -> None:
        """Show a sentence for a while."""
        if sentence:
            self.told.emit(Notice(sentence, details, attention))

    def report(self, error: BaseException) -> UnexpectedError:
        """Log a fault of the program and show it with details; safe from any thread."""
        log.error("unexpected", exc_info=error)
        details = "".join(traceback.format_exception(error))
        where = f" Details are in {self.log_file}." if self.log_file else ""
        sentence = f"Casehead made a mistake; what was saved before is safe.{where}"
        self._post(lambda: self.tell(sentence, attention=True, details=details))
        return UnexpectedError(sentence)

    def close(self) -> None:
        """Do what is still asked of the record, stop other work, and wait for all threads.

        Whoever pressed a key saw its outcome on the screen, so no operation that waits its turn
        is dropped. Safe from any thread, not on a worker's.
        """
        with self._lock:
            self._closed = True
        self._leave()
        for work in self.works:
            work.job.cancel()
        for pool in (self._long, self._jobs):
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in (self._store, self._long, self._jobs):
            pool.shutdown(wait=True)

    def _submit(
        self,
        pool: ThreadPoolExecutor,
        fn: Callable[[], T],
        done: Done[T] | None,
        failed: Failed | None,
        owner: QObject | None,
    ) -> None:
        counted = pool is self._store

        def work() -> None:
            after = self._outcome(fn, done, failed)
            self._post(lambda: self._finish(after, owner, counted=counted))

        with self._lock:  # nothing is begun once the pools are shut
            if self._closed:
                return
            pool.submit(work)
        if counted:
            self._count(1)

    def _outcome(
        self, fn: Callable[[], T], done: Done[T] | None, failed: Failed | None
    ) -> Callable[[], None]:
        """Run ``fn`` on this thread; what is to be called on the other one."""
        try:
            value = self._worked(fn)
        except CaseheadError as error:
            told: CaseheadError = error
        except Exception as error:
            told = self.report(error)
            if failed is None:
                return lambda: None
        else:
            return lambda: done(value) if done is not None else None
        return lambda: (failed or self._tell_error)(told)

    def _worked(self, fn: Callable[[], T]) -> T:
        if self.session is None:
            return fn()
        with self._workbench.within(self.session):
            return fn()

    def _finish(self, after: Callable[[], None], owner: QObject | None, *, counted: bool) -> None:
        if counted:
            self._count(-1)
        if owner is None or isValid(owner):
            after()

    def _tell_error(self, error: CaseheadError) -> None:
        self.tell(str(error), attention=True)

    def _count(self, step: int) -> None:
        before = self.busy
        self._pending += step
        if before != self.busy:
            self.busy_changed.emit(self.busy)

    def _set_works(self, works: tuple[Work, ...]) -> None:
        self.works = works
        self.works_changed.emit()

    # --- from other threads ----------------------------------------------------------------
    def _post(self, action: Callable[[], None]) -> None:
        self._ready.append(action)
        if not self._closed:
            self._wake.emit()

    def _hear(self, changes: Changes) -> None:
        with self._lock:
            waiting = self._news
            self._news = changes if waiting is None else waiting | changes
        if waiting is None:
            self._post(self._broadcast)

    def _tell_of_works(self) -> None:
        with self._lock:
            waiting, self._works_news = self._works_news, True
        if not waiting:
            self._post(self._broadcast_works)

    # --- on the GUI thread -----------------------------------------------------------------
    def _broadcast(self) -> None:
        with self._lock:
            changes, self._news = self._news, None
        if changes is not None:
            self.changed.emit(changes)

    def _broadcast_works(self) -> None:
        with self._lock:
            self._works_news = False
        self.works_changed.emit()

    def _drain(self) -> None:
        while self._ready and not self._closed:
            action = self._ready.popleft()
            try:
                action()
            except Exception:
                sys.excepthook(*_current_error())


def _current_error() -> tuple[Any, Any, Any]:
    return sys.exc_info()
