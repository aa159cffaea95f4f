"""Days and moments as people write them and as they are kept.

Kept is a day (``2026-04-12``) or a moment in UTC (``2026-04-12T19:40:00+00:00``), ISO 8601.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from app.domain import CaseheadError

_GRACE = timedelta(minutes=2)


def tidy_moment(text: str, words: str, *, only_day: bool = False) -> str:
    """What was written, as it is kept; without a zone it is this computer's time.

    ``words`` names the field. Raises CaseheadError for what is no date, and for the future.
    """
    text = text.strip()
    moment = _read(text)
    if moment is None:
        raise CaseheadError(
            f"The {words} '{text}' is not a date; write it as year-month-day, for example "
            "2026-04-12, with the hour where it is known: 2026-04-12 21:40."
        )
    if isinstance(moment, datetime) and not only_day:
        _refuse_future(moment > datetime.now(UTC) + _GRACE, text, words)
        return moment.isoformat(timespec="seconds")
    day = moment.astimezone().date() if isinstance(moment, datetime) else moment
    # either of the days it is just now, here and in UTC
    _refuse_future(day > max(date.today(), datetime.now(UTC).date()), text, words)
    return day.isoformat()


def shown_moment(value: str) -> str:
    """What is kept as people read it, in this computer's time; anything else as it is."""
    moment = _read(value)
    if isinstance(moment, datetime):
        return moment.astimezone().strftime("%Y-%m-%d %H:%M")
    return value


def told_moment(value: str) -> str:
    """What is kept in words that are the same on every computer."""
    moment = _read(value)
    return moment.strftime("%Y-%m-%d %H:%M UTC") if isinstance(moment, datetime) else value


def earlier(one: str, other: str) -> bool:
    """Whether one moment kept lies before another; a day alone only before another day."""
    first, second = _read(one), _read(other)
    if first is None or second is None:
        return False
    if isinstance(first, datetime) and isinstance(second, datetime):
        return first < second
    return _day(first) < _day(second)


def sort_key(value: str) -> str:
    """By what moments are put in order; a day alone stands at its beginning."""
    moment = _read(value)
    if moment is None:
        return value
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day).astimezone()
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def _day(moment: date) -> date:
    return moment.astimezone().date() if isinstance(moment, datetime) else moment


def _read(text: str) -> date | None:
    """A day, or a moment in UTC; None for anything else."""
    try:
        if len(text) <= len("2026-04-12"):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _refuse_future(future: bool, text: str, words: str) -> None:
    if future:
        raise CaseheadError(f"The {words} cannot lie in the future ({text}); correct it.")
