"""How long things take: medians, quartiles and shares within target, by month."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from app.casework.clock import Calendar, DayTable, Target, day_table

_MARGIN = timedelta(days=40)


@dataclass(frozen=True, slots=True)
class StageMonth:
    """One stage in one month ("2026-11", or "" for the whole span), by when it was done.

    ``median``, ``lower`` and ``upper`` (quartiles) are in ``unit``, "business days" or "hours",
    None where nothing was done. ``within`` is the share done by its target, None without one.
    """

    stage: str
    month: str
    count: int
    median: float | None
    lower: float | None
    upper: float | None
    within: float | None
    unit: str


@dataclass(frozen=True, slots=True)
class VerifiedMonth:
    """Verifications by a second examiner in one month ("" for the whole span), and how many did
    not agree with the conclusion verified."""

    month: str
    count: int
    not_agreed: int

    @property
    def rate(self) -> float | None:
        """The share that did not agree."""
        return self.not_agreed / self.count if self.count else None


@dataclass(frozen=True, slots=True)
class Metrics:
    """From ``since`` until ``until`` (days of the laboratory, both included), month by month."""

    since: str
    until: str
    months: tuple[str, ...]
    lines: tuple[StageMonth, ...]
    whole: tuple[StageMonth, ...]
    verified: tuple[VerifiedMonth, ...] = ()
    verified_whole: VerifiedMonth = VerifiedMonth("", 0, 0)

    def stage(self, stage: str) -> tuple[StageMonth, ...]:
        """One stage, month by month."""
        return tuple(line for line in self.lines if line.stage == stage)


def months_of(since: str, until: str) -> tuple[str, ...]:
    """The months between two days, as "2026-11"."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    at = (divmod(first.month - 1 + step, 12) for step in range(max(count, 0)))
    return tuple(f"{first.year + years:04}-{month + 1:02}" for years, month in at)


def bounds(calendar: Calendar, since: str, until: str) -> tuple[str, str]:
    """The first moment of the first day and that after the last one, UTC as in the record."""
    zone = ZoneInfo(calendar.zone)
    after = date.fromisoformat(until) + timedelta(days=1)
    days = (date.fromisoformat(since), after)
    moments = [datetime(d.year, d.month, d.day, tzinfo=zone).astimezone(UTC) for d in days]
    first, last = (one.isoformat(timespec="seconds") for one in moments)
    return first, last


def stage_months(
    target: Target,
    calendar: Calendar,
    months: Sequence[str],
    since: NDArray[np.int64],
    done: NDArray[np.int64],
) -> tuple[tuple[StageMonth, ...], StageMonth]:
    """Every month and the whole span; ``since`` and ``done`` are seconds since 1970, UTC."""
    spent, within = measured(target, calendar, since, done)
    starts = _starts(calendar, months)
    month_of = np.searchsorted(starts, done, side="right") - 1
    unit = "hours" if target.unit == "hours" else "business days"
    order = np.argsort(month_of, kind="stable")
    edges = np.searchsorted(month_of[order], np.arange(len(months) + 1))
    lines = tuple(
        _line(target.stage, month, spent[of], None if within is None else within[of], unit)
        for month, of in (
            (month, order[edges[at] : edges[at + 1]]) for at, month in enumerate(months)
        )
    )
    return lines, _line(target.stage, "", spent, within, unit)


def measured(
    target: Target, calendar: Calendar, since: NDArray[np.int64], done: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.bool_] | None]:
    """How long each took (never less than 0), and whether that was within the target."""
    hours = np.maximum(done - since, 0) / 3600
    if target.unit == "hours":
        return hours, hours <= target.amount
    if not len(since):
        return hours, None if target.unit == "none" else np.zeros(0, bool)
    table = _table(calendar, since, done, target.amount)
    spent = np.maximum(table.worked(done) - table.worked(since), 0.0)
    if target.unit == "none":
        return spent, None
    if target.unit == "same day":
        last = np.searchsorted(table.closes, since)
    else:
        last = np.searchsorted(table.begins, since, side="right") - 1 + target.amount
    return spent, done <= table.closes[last]


def _table(
    calendar: Calendar, since: NDArray[np.int64], done: NDArray[np.int64], amount: int
) -> DayTable:
    """Business days around all of it, whole years so that it is made once."""
    first = datetime.fromtimestamp(int(min(since.min(), done.min())), UTC) - _MARGIN
    last = datetime.fromtimestamp(int(max(since.max(), done.max())), UTC)
    last += _MARGIN + timedelta(days=3 * amount)
    return day_table(calendar, date(first.year, 1, 1), date(last.year, 12, 31))


def _starts(calendar: Calendar, months: Iterable[str]) -> NDArray[np.int64]:
    zone = ZoneInfo(calendar.zone)
    found = [
        int(datetime(int(month[:4]), int(month[5:]), 1, tzinfo=zone).timestamp())
        for month in months
    ]
    return np.array(found, np.int64)


def _line(
    stage: str,
    month: str,
    spent: NDArray[np.float64],
    within: NDArray[np.bool_] | None,
    unit: str,
) -> StageMonth:
    if not len(spent):
        return StageMonth(stage, month, 0, None, None, None, None, unit)
    lower, median, upper = (float(v) for v in np.quantile(spent, (0.25, 0.5, 0.75)))
    share = None if within is None else float(within.mean())
    return StageMonth(stage, month, len(spent), median, lower, upper, share, unit)
