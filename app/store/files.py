"""Durable files, and what the operating system refuses told in sentences."""

from __future__ import annotations

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain import CaseheadError, ReadOnlyError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM}


def os_sentence(error: OSError, path: Path) -> CaseheadError:
    """What an error of the operating system on ``path`` means for the user."""
    if error.errno in _FULL:
        return CaseheadError(
            f"The disk that holds {path} is full; nothing of the last change was kept. "
            "Free some space, then do it again."
        )
    if error.errno == errno.EROFS:
        return ReadOnlyError(f"{path} is on a medium that cannot be written; copy it to a disk.")
    if error.errno in _REFUSED:
        return CaseheadError(
            f"This user is not allowed to read or write {path}; ask for the permission "
            "or choose another folder."
        )
    return CaseheadError(
        f"{path} could not be read or written ({error.strerror or error}); check the disk or "
        "the network drive, then try again."
    )


@contextmanager
def os_errors_told(path: Path) -> Iterator[None]:
    """Raises CaseheadError with a sentence where the operating system refuses."""
    try:
        yield
    except OSError as error:
        raise os_sentence(error, path) from error


def sqlite_sentence(error: sqlite3.Error, path: Path) -> CaseheadError | None:
    """What a database error a user can meet means; None for what only a defect can cause."""
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        closed = isinstance(error, sqlite3.ProgrammingError) and "closed database" in str(error)
        return CaseheadError("The casebook is closed; open it again.") if closed else None
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY or "FOREIGN KEY" in str(error):
        return CaseheadError(
            "The record refers to another one that this casebook does not hold; "
            "add that one first, or ask the sender for the complete entry."
        )
    if code & 0xFF == sqlite3.SQLITE_READONLY:
        return ReadOnlyError(f"{path} cannot be written; check its permissions and the disk.")
    words = _SQLITE_WORDS.get(code & 0xFF)
    if words is None:
        return None
    return CaseheadError(words.format(path=path, backups=path.parent / "backups"))


_DAMAGED = (
    "{path} is damaged. Close the program, keep a copy of the whole folder, and restore the file "
    "from {backups} or from your own backup."
)
_SQLITE_WORDS = {
    sqlite3.SQLITE_FULL: (
        "The disk that holds {path} is full; nothing of the last change was kept. "
        "Free some space, then do it again."
    ),
    sqlite3.SQLITE_BUSY: "{path} is in use by another program; close that one, then try again.",
    sqlite3.SQLITE_LOCKED: "{path} is in use by another program; close that one, then try again.",
    sqlite3.SQLITE_CORRUPT: _DAMAGED,
    sqlite3.SQLITE_NOTADB: (
        "{path} is not a casebook file, or it is damaged. Choose another folder, or restore the "
        "file from {backups} or from your own backup."
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "{path} could not be opened; check that the folder exists and that you may read and "
        "write it."
    ),
    sqlite3.SQLITE_PERM: "This user is not allowed to open {path}; ask for the permission.",
    sqlite3.SQLITE_AUTH: "This user is not allowed to open {path}; ask for the permission.",
    sqlite3.SQLITE_IOERR: (
        "{path} could not be read or written; check the disk or the network drive, then try again."
    ),
}


def sync_folder(folder: Path) -> None:
    """Make names created or renamed in ``folder`` survive a power cut (no such call on Windows)."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(descriptor: int) -> None:
    """Make written data survive a power cut; macOS needs a stronger call than fsync."""
    os.fsync(descriptor)
    try:
        import fcntl

        full = getattr(fcntl, "F_FULLFSYNC", None)
        if full is not None:
            fcntl.fcntl(descriptor, full)
    except (ImportError, OSError):
        return


def write_durably(path: Path, data: bytes) -> None:
    """Write a new file and make its content (not yet its name) survive a power cut."""
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        sync_file(file.fileno())


def make_folder(folder: Path) -> None:
    """Create a folder whose name survives a power cut; fine when it exists."""
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
