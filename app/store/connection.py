"""One SQLite connection that any thread may use."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import RLock
from typing import Any, NoReturn
from urllib.parse import quote

from app.casework.people import letters_of
from app.domain import CancelledError, CaseheadError
from app.store.database import Database
from app.store.files import sqlite_sentence
from app.store.signing import Keys, Seal

_BUSY_SECONDS = 5.0
_PAGES_A_STEP = 4096
_STEPS_BETWEEN = 50_000
"""Of SQLite's machine between two questions whether to stop: some milliseconds."""
# What SQLite says when it cannot make the files it needs beside a write-ahead log.
_UNWRITABLE = {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY}


class Connection:
    """A connection with its lock; errors a user can meet are raised as CaseheadError.

    Errors of uniqueness pass as sqlite3.IntegrityError, for only the caller knows the words.
    """

    def __init__(self, path: Path, read_only: bool) -> None:
        self.path = path
        self.lock = RLock()
        self.keys: Keys | None = None
        """What journal lines are signed with; None where nothing is written."""
        self.lost: Seal | None = None
        """The last line this computer signed here, where the journal no longer holds it."""
        self.told = False
        """Whether the journal has lines since ``committed`` was called last."""
        self.committed: Callable[[], None] = lambda: None
        self._depth = 0
        self._copy: TemporaryDirectory[str] | None = None
        try:
            self._raw = self._open_reader() if read_only else _writer(path)
            self._set_up(read_only)
        except sqlite3.Error as error:
            self._discard()
            self._raise(error)
        except BaseException:
            self._discard()
            raise

    @cached_property
    def database(self) -> Database:
        """The same connection as sqlite_utils knows it, for migrations."""
        from sqlite_utils import Database  # see app.store.database

        return Database(self._raw, execute_plugins=False)

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """All rows of a query."""
        with self.lock:
            try:
                return self._raw.execute(sql, parameters).fetchall()
            except sqlite3.Error as error:
                self._raise(error)

    def each(self, sql: str, parameters: Sequence[Any] = ()) -> Iterator[tuple[Any, ...]]:
        """The rows of a query one by one, for a connection of one's own: nobody else waits."""
        try:
            yield from self._raw.execute(sql, parameters)
        except sqlite3.Error as error:
            self._raise(error)

    @contextmanager
    def snapshot(self, stop: Callable[[], bool] = lambda: False) -> Iterator[None]:
        """All reading inside sees the casebook of one moment, whoever writes meanwhile.

        For a connection that only reads. ``stop`` is asked all the time, also during a long
        query; where it says so, CancelledError is raised.
        """
        self._raw.set_progress_handler(lambda: int(stop()), _STEPS_BETWEEN)
        try:
            self.rows("BEGIN")
            self.rows("SELECT count(*) FROM sqlite_master")  # only now the moment is held
            yield
        finally:
            self._raw.set_progress_handler(None, 0)
            if self._raw.in_transaction:
                self._raw.execute("ROLLBACK")

    def row(self, sql: str, parameters: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        """The first row of a query."""
        rows = self.rows(sql, parameters)
        return rows[0] if rows else None

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """One change, inside a transaction only; returns the row's number of an INSERT."""
        with self.lock:
            self._still_in_transaction()
            try:
                return self._raw.execute(sql, parameters).lastrowid or 0
            except sqlite3.Error as error:
                self._raise(error)

    def run_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """The same change for many rows, inside a transaction only."""
        with self.lock:
            self._still_in_transaction()
            try:
                self._raw.executemany(sql, rows)
            except sqlite3.Error as error:
                self._raise(error)

    @property
    def in_transaction(self) -> bool:
        """Whether the thread that asks is inside a transaction, which may yet be undone."""
        with self.lock:
            return self._depth > 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; inner ones are savepoints, the outermost commits durably."""
        with self.lock:
            if self._depth:
                self._still_in_transaction()
            self._depth += 1
            try:
                with _atomic(self._raw, f"level_{self._depth}"):
                    yield
                    self._still_in_transaction()
                if self._depth == 1 and self.told:
                    self.told = False
                    self.committed()
            except sqlite3.Error as error:
                self._raise(error)
            finally:
                self._depth -= 1

    def write_ahead(self) -> None:
        """Log what is written ahead of the file. Raises sqlite3.OperationalError if it cannot."""
        with self.lock:
            self._raw.execute("PRAGMA journal_mode = WAL")

    def backup(self, path: Path, step: Callable[[], None] = lambda: None) -> None:
        """Copy the whole database, with what is still in its write-ahead log, to a new file.

        ``step`` is called now and then; what it raises ends the copying.
        """
        with self.lock:
            try:
                target = sqlite3.connect(path)
                try:
                    pages = _PAGES_A_STEP
                    self._raw.backup(target, pages=pages, progress=lambda *_: step(), sleep=0.0)
                finally:
                    target.close()
            except sqlite3.Error as error:
                self._raise(error)

    def close(self) -> None:
        """Finish; later use raises CaseheadError."""
        with self.lock:
            self._discard()

    def _set_up(self, read_only: bool) -> None:
        self._raw.create_function("letters_of", 1, letters_of, deterministic=True)
        self._raw.execute("PRAGMA foreign_keys = ON")
        if read_only:
            self._raw.execute("PRAGMA query_only = ON")
            return
        self._raw.execute("PRAGMA synchronous = FULL")
        self._raw.execute("PRAGMA fullfsync = ON")

    def _open_reader(self) -> sqlite3.Connection:
        """Beside a writer where possible; else as a file that nobody changes."""
        try:
            return _probed(_reader(self.path, "mode=ro"))
        except sqlite3.OperationalError as error:
            if not self.path.is_file() or error.sqlite_errorcode & 0xFF not in _UNWRITABLE:
                raise
        log = self.path.with_name(self.path.name + "-wal")
        if not log.is_file() or not log.stat().st_size:
            return _probed(_reader(self.path, "mode=ro&immutable=1"))
        # A medium that cannot be written, with changes still in the log: read them from a copy.
        self._copy = TemporaryDirectory(prefix="casebook-")
        copy = Path(self._copy.name) / self.path.name
        shutil.copyfile(self.path, copy)
        shutil.copyfile(log, copy.with_name(log.name))
        return _probed(_reader(copy, "mode=rw"))

    def _still_in_transaction(self) -> None:
        # SQLite itself rolls everything back when, for instance, the disk is full.
        if not self._raw.in_transaction:
            raise CaseheadError(
                "Nothing of this change was kept, because an earlier part of it failed; "
                "do it again."
            )

    def _discard(self) -> None:
        if hasattr(self, "_raw"):
            self._raw.close()
        if self._copy is not None:
            self._copy.cleanup()

    def _raise(self, error: sqlite3.Error) -> NoReturn:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_INTERRUPT:
            raise CancelledError("Stopped as asked; nothing was changed.") from error
        sentence = sqlite_sentence(error, self.path)
        if sentence is None:
            raise error
        raise sentence from error


@contextmanager
def _atomic(raw: sqlite3.Connection, level: str) -> Iterator[None]:
    """A transaction or, inside another, a savepoint called ``level``: kept whole or undone."""
    inner = raw.in_transaction
    raw.execute(f"SAVEPOINT {level}" if inner else "BEGIN")
    try:
        yield
        raw.execute(f"RELEASE {level}" if inner else "COMMIT")
    except BaseException:
        if raw.in_transaction:  # else SQLite has undone all of it, as when the disk is full
            raw.execute(f"ROLLBACK TO {level}" if inner else "ROLLBACK")
            if inner:
                raw.execute(f"RELEASE {level}")
        raise


def _writer(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(
        path, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
    )


def _reader(path: Path, options: str) -> sqlite3.Connection:
    name = path.as_posix()
    address = f"file://{quote(name if name.startswith('/') else '/' + name)}?{options}"
    return sqlite3.connect(
        address, uri=True, timeout=_BUSY_SECONDS, check_same_thread=False, isolation_level=None
    )


def _probed(raw: sqlite3.Connection) -> sqlite3.Connection:
    try:
        raw.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except sqlite3.Error:
        raw.close()
        raise
    return raw
