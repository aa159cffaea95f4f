"""What the statements of the review clock look up: days, targets, which values confirm a link."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from importlib import resources
from typing import Any

from app.casework.clock import Calendar, Policy, day_table, policy_data
from app.casework.trace_form import load_form
from app.store.codec import canonical

Execute = Callable[..., Any]
_YEARS_BACK, _YEARS_ON = 3, 3
_MADE_BY = 5
"""Counted up whenever the statements make something else of the same record."""


def fill(execute: Execute, policy: Policy, year: int) -> None:
    """Write them anew, for the calendar and targets of ``policy``, with the days around a year."""
    for table in ("clock_day", "clock_target", "clock_confirming", "clock_calm"):
        execute(f"DELETE FROM {table}")
    for first in range(0, len(days := day_rows(policy.calendar, year)), 200):
        _many(execute, "clock_day", days[first : first + 200])
    _many(execute, "clock_target", target_rows(policy))
    confirming, calm = casework_rows()
    _many(execute, "clock_confirming", confirming)
    _many(execute, "clock_calm", calm)


def key_of(policy: Policy, year: int) -> str:
    """What the lookups of the cache are made of: under another key it is made anew."""
    form = load_form()
    hours = (form.send_within_hours, form.urgent_answer_within_hours)
    parts = [_MADE_BY, policy_data(policy), year, hours, casework_rows()]
    return hashlib.sha256(canonical(parts).encode()).hexdigest()


@lru_cache(maxsize=8)
def day_rows(calendar: Calendar, year: int) -> tuple[tuple[Any, ...], ...]:
    """The business days around a year: number, beginning, opening and closing."""
    table = day_table(calendar, date(year - _YEARS_BACK, 1, 1), date(year + _YEARS_ON, 12, 31))
    told = (
        [datetime.fromtimestamp(s, UTC).isoformat(timespec="seconds") for s in column.tolist()]
        for column in (table.begins, table.opens, table.closes)
    )
    return tuple((number, *row) for number, row in enumerate(zip(*told, strict=True)))


def target_rows(policy: Policy) -> tuple[tuple[Any, ...], ...]:
    """Stage, start, unit, amount."""
    return tuple((t.stage, t.starts, t.unit, t.amount) for t in policy.targets)


@lru_cache(maxsize=1)
def casework_rows() -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Scale and value of what, verified, confirms a link; kind and field of what, corrected, leaves
    a verification as it is."""
    text = resources.files("resources").joinpath("casework.json").read_text("utf-8")
    told = json.loads(text)
    return _pairs(told["identifications"]), _pairs(told["does_not_unsettle"])


def _pairs(told: Mapping[str, Sequence[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, values in sorted(told.items()) for value in values)


def _many(execute: Execute, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    if not rows:
        return
    one = f"({', '.join('?' * len(rows[0]))})"
    values = [value for row in rows for value in row]
    execute(f"INSERT INTO {table} VALUES {', '.join([one] * len(rows))}", values)
