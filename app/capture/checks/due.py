"""When an instrument is to be checked next, by its schedule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from app.instruments import Schedule


@dataclass(frozen=True, slots=True)
class Due:
    """The day of the next check; ``late_days`` how many days ago that was (0: today or later)."""

    day: date
    now: bool
    late_days: int = 0
    calibrated: bool = False
    """Whether a new calibration asks for it."""


def due_of(schedule: Schedule, last_at: str, at: str, calibrated_at: str = "") -> Due:
    """When the next check is due at the moment ``at``, after the last one (ISO 8601, "": none).

    Days are those of this station's clock. A calibration newer than the last check asks for one
    on its own day.
    """
    today = _day(at)
    if not last_at:
        return Due(today, True)
    day = _next(_day(last_at), schedule)
    calibrated = schedule.after_calibration and calibrated_at > last_at
    if calibrated:
        day = min(day, _day(calibrated_at))
    late = (today - day).days
    return Due(day, late >= 0, max(late, 0), calibrated)


def _next(last: date, schedule: Schedule) -> date:
    """So many days later, or on the first day of the week after that on which there are checks."""
    day = last + timedelta(days=max(schedule.every_days, 1))
    working = set(schedule.weekdays) & set(range(7)) or set(range(7))
    while day.weekday() not in working:
        day += timedelta(days=1)
    return day


def _day(moment: str) -> date:
    found = datetime.fromisoformat(moment)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone().date()
