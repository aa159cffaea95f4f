"""The keys of trace requests, the journal and the backups."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.key_row import KeyRow

TRACES, JOURNAL, BACKUPS = "traces", "journal", "backups"


def guard_rows() -> Iterable[KeyRow]:
    """Trace requests, journal, backups."""
    yield from _traces()
    yield from _journal()
    yield from _backups()


def _traces() -> Iterable[KeyRow]:
    words = "open, answered, all, guns without a request"
    for number, what in enumerate(words.split(", "), 1):
        yield KeyRow(
            TRACES, f"show {what}", (f"{number}",), words if number == 1 else "", "1 ... 4"
        )
    yield KeyRow(TRACES, "new", ("N",), "a trace request for the gun in hand")
    yield KeyRow(TRACES, "further", ("S",), "say what became of it", "S  Enter")
    yield KeyRow(TRACES, "replace", ("R",), "ask again, corrected")
    yield KeyRow(TRACES, "json", ("J",), "write it as JSON, as PDF", "J  P")
    yield KeyRow(TRACES, "pdf", ("P",), "")


def _journal() -> Iterable[KeyRow]:
    yield KeyRow(JOURNAL, "filter", ("Ctrl+F",), "filter: who, action, subject, period, words")
    yield KeyRow(JOURNAL, "all", ("A",), "every line again")
    yield KeyRow(JOURNAL, "subject", ("W",), "where this is used: all lines of its subject")
    yield KeyRow(JOURNAL, "verify", ("V",), "verify every line; again: stop")
    yield KeyRow(JOURNAL, "break", ("B",), "go to the next break")
    yield KeyRow(JOURNAL, "export", ("E",), "write what is filtered as CSV or JSON")


def _backups() -> Iterable[KeyRow]:
    yield KeyRow(BACKUPS, "backup", ("B",), "make a backup now")
    yield KeyRow(BACKUPS, "plan", ("P",), "folder and schedule")
    yield KeyRow(BACKUPS, "restore", ("R",), "restore the backup in hand into a new folder")
    yield KeyRow(BACKUPS, "check", ("C",), "check the whole casebook; again: stop")
    yield KeyRow(BACKUPS, "acknowledge", ("K",), "acknowledge a check that failed")
