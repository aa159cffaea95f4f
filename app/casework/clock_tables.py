"""The board and the metrics of the review clock as CSV, for other programs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from app.casework.board import Board
from app.casework.metrics import Metrics
from app.casework.stages import TITLES

_BOARD = ("what", "to do", "for", "since (UTC)", "due (UTC)", "state", "in words", "id")
_METRICS = (
    *("month", "stage", "done", "unit", "lower quartile", "median", "upper quartile"),
    "share within target",
)


def board_csv(board: Board) -> str:
    """A line for everything that waits, most urgent first."""
    return _csv(
        _BOARD,
        (
            (
                *(line.what, line.to_do, line.person, line.since, line.due_at),
                "overdue" if line.overdue(board.at) else "due",
                line.due_words(board.policy, board.at),
                line.subject_id,
            )
            for line in board.lines
        ),
    )


def metrics_csv(metrics: Metrics) -> str:
    """A line for each stage and month, then for the whole span, then verifications."""
    rows: list[Sequence[object]] = []
    for line in (*metrics.lines, *metrics.whole):
        figures = (line.lower, line.median, line.upper, line.within)
        month = line.month or f"{metrics.since} to {metrics.until}"
        stage = TITLES.get(line.stage, line.stage)
        rows.append((month, stage, line.count, line.unit, *(_number(v) for v in figures)))
    for one in (*metrics.verified, metrics.verified_whole):
        month = one.month or f"{metrics.since} to {metrics.until}"
        rate = _number(one.rate)
        rows.append((month, "verifications not agreed", one.count, "share", "", rate, "", ""))
    return _csv(_METRICS, rows)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.4g}"


def _csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([plain_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def plain_cell(cell: object) -> object:
    """Words that a spreadsheet would take for a formula, as words."""
    if isinstance(cell, str) and cell[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{cell}"
    return cell
