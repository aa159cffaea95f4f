"""The keys of the board and of the metrics."""

from __future__ import annotations

from collections.abc import Iterable

from widgets.key_row import KeyRow

BOARD, METRICS = "board", "metrics"


def clock_rows() -> Iterable[KeyRow]:
    """What is due, and how long things took."""
    yield KeyRow(BOARD, "open", (), "go to what is in hand", "Enter")
    yield KeyRow(BOARD, "overdue", ("O",), "only what is overdue")
    yield KeyRow(BOARD, "stage", ("S",), "the next stage (Shift: the one before)")
    yield KeyRow(BOARD, "stage back", ("Shift+S",), "")
    yield KeyRow(BOARD, "filter", ("Ctrl+F",), "find a case")
    yield KeyRow(BOARD, "mine", ("M",), "only what waits for me")
    yield KeyRow(BOARD, "everything", ("A",), "everything again")
    yield KeyRow(BOARD, "settle", ("N",), "say that it is not needed, and why")
    yield KeyRow(BOARD, "targets", ("T",), "the lab's calendar and targets")
    yield KeyRow(BOARD, "export", ("E",), "write it as CSV")
    yield KeyRow(METRICS, "stage", ("S",), "the next stage (Shift: the one before)")
    yield KeyRow(METRICS, "stage back", ("Shift+S",), "")
    yield KeyRow(METRICS, "longer", ("+", "="), "a longer, a shorter span", "+  -")
    yield KeyRow(METRICS, "shorter", ("-",), "")
    yield KeyRow(METRICS, "export", ("E",), "write all stages as CSV")
