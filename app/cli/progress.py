"""Progress on stderr: a bar on a terminal, now and then a line elsewhere."""

from __future__ import annotations

import time
from threading import Lock
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

SECONDS_BETWEEN_LINES = 3.0


class Progress:
    """Hears a job from any thread."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._lock = Lock()
        self._last_line = (0.0, "")
        self._bar: Bar | None = None
        self._task: Any = None

    def listen(self, done: int, total: int, what: str) -> None:
        """What a Job tells: done of total (0: not known), and what is being done."""
        with self._lock:
            if self._terminal:
                self._draw(done, total, what)
            else:
                self._write(done, total, what)

    def pause(self) -> None:
        """Take the bar away, so that a line can be written; it comes back by itself."""
        with self._lock:
            if self._bar is not None:
                self._bar.stop()
                self._bar = None

    close = pause

    def _draw(self, done: int, total: int, what: str) -> None:
        if self._bar is None:
            self._bar = _bar(self._stream)
            self._bar.start()
            self._task = self._bar.add_task(what, total=total or None)
        self._bar.update(self._task, completed=done, total=total or None, description=what)

    def _write(self, done: int, total: int, what: str) -> None:
        if total and not done:
            return
        moment = time.monotonic()
        line = f"  {done}/{total} {what}".rstrip() if total else f"  {what}"
        written_at, written = self._last_line
        soon = moment - written_at < SECONDS_BETWEEN_LINES and not (done and done == total)
        if soon or line == written:
            return
        self._last_line = (moment, line)
        self._stream.write(line + "\n")
        self._stream.flush()


def _bar(stream: TextIO) -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Rich

    return Rich(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(file=stream),
        transient=True,
    )
