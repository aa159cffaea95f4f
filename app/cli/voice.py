"""How a command speaks: results on stdout, everything else on stderr, errors as sentences."""

from __future__ import annotations

import json
import math
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import TYPE_CHECKING, Any

import typer

from app.cli.places import log_file
from app.cli.progress import Progress

if TYPE_CHECKING:
    from app.jobs import Job

REFUSED = 1
CANNOT = 3
DEFECT = 70
STOPPED = 130


class Voice:
    """One command's words and its job; used as a context around the command's work.

    ``refused`` says that something was not taken although the command did its work (exit code 1).
    Errors end the command with a sentence and an exit code. Ctrl-C asks the job to stop; a second
    one stops at once.
    """

    def __init__(self, as_json: bool) -> None:
        self.refused = False
        self._as_json = as_json
        self._said = False
        self._progress = Progress(sys.stderr)
        self.job = _job(self._progress.listen)
        self._before: Any = None

    @property
    def watched(self) -> bool:
        """Whether somebody sits before stderr."""
        return sys.stderr.isatty()

    def note(self, sentence: str) -> None:
        """A sentence for people, on stderr."""
        self._progress.pause()
        typer.echo(sentence, err=True)

    def refuse(self, sentence: str) -> None:
        """A sentence about something that was not taken."""
        self.refused = True
        self.note(sentence)

    def result(self, document: Any, lines: Callable[[], Iterable[str]]) -> None:
        """The outcome, once: ``document`` as JSON, or else ``lines`` for people."""
        self._progress.pause()
        self._said = True
        if self._as_json:
            _print(json.dumps(_plain(document), ensure_ascii=False, indent=2))
        else:
            for line in lines():
                _print(line)

    def give_back_interrupt(self) -> None:
        """Let Ctrl-C do what it did before; for a window, which has its own way to end."""
        if self._before is not None:
            signal.signal(signal.SIGINT, self._before)

    def __enter__(self) -> Voice:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.close()
        self.give_back_interrupt()
        if error is None:
            if self.refused:
                raise typer.Exit(REFUSED)
            return
        if isinstance(error, (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError)):
            return
        raise typer.Exit(self._fail(error)) from error

    def _interrupted(self, signal_number: int, frame: FrameType | None) -> None:
        if self.job.cancelled:
            raise KeyboardInterrupt
        self.job.cancel()
        typer.echo("Stopping; press Ctrl-C once more to stop at once.", err=True)

    def _fail(self, error: BaseException) -> int:
        code, sentence = _verdict(error)
        typer.echo(sentence, err=True)
        if self._as_json and not self._said:
            _print(json.dumps({"error": sentence}, ensure_ascii=False, indent=2))
        return code


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a plain table; columns of numbers go to the right."""
    texts = [[str(cell) for cell in row] for row in rows]
    widths = [max(map(len, column)) for column in zip(headings, *texts, strict=True)]
    right = [_numeric(column) for column in zip(*texts, strict=True)] or [False] * len(widths)

    def line(cells: Sequence[str]) -> str:
        padded = (
            cell.rjust(width) if to_right else cell.ljust(width)
            for cell, width, to_right in zip(cells, widths, right, strict=True)
        )
        return "  ".join(padded).rstrip()

    return [line(headings), line(["-" * width for width in widths]), *map(line, texts)]


def _job(listener: Callable[[int, int, str], None]) -> Job:
    from app.jobs import Job

    return Job(listener)


def _numeric(column: Sequence[str]) -> bool:
    return all(cell.replace(".", "").replace("-", "").replace("+", "").isdigit() for cell in column)


def _print(text: str) -> None:
    typer.echo(text)


def _verdict(error: BaseException) -> tuple[int, str]:
    """The exit code and the sentence for an error."""
    from app.domain import CancelledError, CaseheadError
    from correlation.errors import CorrelationError

    if isinstance(error, KeyboardInterrupt):
        return STOPPED, "Stopped at once; what was saved before is kept."
    if isinstance(error, CancelledError):
        return STOPPED, str(error)
    if isinstance(error, CaseheadError | CorrelationError):
        return CANNOT, str(error)
    return DEFECT, _reported(error)


def _reported(error: BaseException) -> str:
    """Write the traceback to the log; a sentence that says where it is."""
    what = f"Something went wrong inside Casehead ({type(error).__name__}: {error})"
    path = log_file()
    report = "".join(traceback.format_exception(error))
    try:
        _append(path, f"{datetime.now().astimezone().isoformat()} {sys.argv}\n{report}\n")
    except OSError as refusal:
        return f"{what}; the log {path} could not be written ({refusal.strerror})."
    return f"{what}; nothing saved before is lost. The details are in {path}: please report them."


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write(text)


def _plain(value: Any) -> Any:
    """What JSON can carry: paths as text, tuples as lists, numbers that are none as null."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if hasattr(value, "item") and not isinstance(value, str):
        return _plain(value.item())
    return value
