"""Who has the casebook open for writing."""

from __future__ import annotations

import getpass
import json
import os
import platform
from contextlib import suppress
from pathlib import Path

from filelock import FileLock, Timeout

from app.domain import now

LOCK_NAME = "casebook.lock"
HOLDER_NAME = "casebook.open.json"


class FolderLock:
    """One writer per casebook folder.

    The operating system gives the lock back when a program dies, so none is ever left behind;
    the small file beside it only names the holder and decides nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._lock = FileLock(folder / LOCK_NAME, timeout=0, thread_local=False)
        self._holder = folder / HOLDER_NAME

    def take(self) -> bool:
        """Take the lock; False when another program has it.

        Raises OSError when the folder cannot be written.
        """
        try:
            self._lock.acquire()
        except Timeout:
            return False
        try:
            self._name_myself()
        except OSError:
            self._lock.release()
            raise
        return True

    def release(self) -> None:
        """Give the lock back."""
        if self._lock.is_locked:
            with suppress(OSError):
                self._holder.unlink()
            self._lock.release()

    def holder(self) -> str:
        """Who has it, for a sentence: ``jane on LAB-2, process 88, since 2026-...``."""
        try:
            facts = json.loads(self._holder.read_text(encoding="utf-8"))
            who = f"{facts['user']} on {facts['host']}, process {facts['pid']}"
            return f"{who}, since {facts['since']}"
        except (OSError, ValueError, KeyError, TypeError):
            return "someone who could not be named"

    def _name_myself(self) -> None:
        facts = {"host": platform.node(), "user": _user(), "pid": os.getpid(), "since": now()}
        fresh = self._holder.with_suffix(f".{os.getpid()}.tmp")
        fresh.write_text(json.dumps(facts), encoding="utf-8")
        fresh.replace(self._holder)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):
        return "an unnamed user"
