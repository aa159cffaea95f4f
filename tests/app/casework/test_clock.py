"""Business days, targets, and when something is due."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.casework.clock import (
    Calendar,
    Policy,
    Target,
    day_table,
    default_policy,
    due,
    parsed,
    policy_data,
    policy_of,
    told,
)
from app.domain import CaseheadError

ZONES = ("UTC", "America/Chicago", "Europe/Berlin", "Pacific/Auckland", "Asia/Kolkata")
CHICAGO = Calendar("America/Chicago", yearly=("12-25",), dated=(("2026-11-26", "Thanksgiving"),))
TWO_DAYS = Target("entered", "received", "business days", 2)

calendars = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES),
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda s: tuple(sorted(s))),
    opens=st.sampled_from(("00:00", "07:30", "08:00")),
    closes=st.sampled_from(("16:00", "17:30", "23:59")),
    yearly=st.sets(st.sampled_from(("01-01", "02-29", "07-04", "12-25")), max_size=4).map(tuple),
    dated=st.sets(
        st.dates(date(2024, 1, 1), date(2027, 12, 31)).map(lambda d: (d.isoformat(), "")),
        max_size=6,
    ).map(lambda s: tuple(sorted(s))),
)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 12, 31)).map(
    lambda at: told(at.replace(tzinfo=UTC, microsecond=0))
)


def works(calendar: Calendar, day: date) -> bool:
    """The plain rule."""
    shut = {name for name, _ in calendar.dated}
    return (
        day.weekday() in calendar.weekdays
        and day.isoformat() not in shut
        and f"{day:%m-%d}" not in calendar.yearly
    )


def open_seconds(calendar: Calendar, since: datetime, until: datetime) -> float:
    """Days of opening between two moments, day by day."""
    zone, total = ZoneInfo(calendar.zone), 0.0
    day = since.astimezone(zone).date()
    while day <= until.astimezone(zone).date():
        if works(calendar, day):
            opens, closes = (
                datetime.combine(day, time.fromisoformat(at), zone).astimezone(UTC)
                for at in (calendar.opens, calendar.closes)
            )
            lasted = min(closes, until) - max(opens, since)
            total += max(lasted / (closes - opens), 0.0)
        day += timedelta(days=1)
    return total


@given(calendars, moments, st.integers(1, 12))
@settings(max_examples=80, deadline=None)
def test_due_is_the_close_of_the_nth_business_day(
    calendar: Calendar, since: str, count: int
) -> None:
    day, left = calendar.local(since).date(), count
    while left:
        day += timedelta(days=1)
        left -= works(calendar, day)
    at = due(calendar, Target("entered", "received", "business days", count), since)
    local = calendar.local(at)
    assert (local.date(), f"{local:%H:%M}") == (day, calendar.closes)


@given(calendars, moments, moments)
@settings(max_examples=60, deadline=None)
def test_business_days_add_up_the_hours_of_opening(
    calendar: Calendar, one: str, other: str
) -> None:
    since, until = sorted((one, other))
    until = min(until, told(parsed(since) + timedelta(days=40)))
    expected = open_seconds(calendar, parsed(since), parsed(until))
    assert calendar.business_days(since, until) == pytest.approx(expected, abs=1e-6)
    assert calendar.business_days(until, since) == pytest.approx(-expected, abs=1e-6)


@given(calendars, st.lists(moments, min_size=2, max_size=6))
@settings(max_examples=40, deadline=None)
def test_many_at_once_are_as_one_by_one(calendar: Calendar, found: list[str]) -> None:
    table = day_table(calendar, date(2023, 12, 1), date(2028, 2, 1))
    seconds = np.array([int(parsed(at).timestamp()) for at in found], np.int64)
    worked = table.worked(seconds)
    for at, spent in zip(found[1:], worked[1:] - worked[0], strict=True):
        assert spent == pytest.approx(calendar.business_days(found[0], at), abs=1e-6)


@given(calendars, moments, moments, st.sampled_from(default_policy().targets))
@settings(max_examples=60, deadline=None)
def test_what_starts_later_is_not_due_earlier(
    calendar: Calendar, one: str, other: str, target: Target
) -> None:
    since, later = sorted((one, other))
    first, second = due(calendar, target, since), due(calendar, target, later)
    assert first <= second
    assert first >= since or target.unit == "business days"


@pytest.mark.parametrize(
    ("since", "by"),
    [
        ("2026-11-20T16:00:00+00:00", "2026-11-24T23:00:00+00:00"),  # a Friday: Tuesday's close
        ("2026-11-21T16:00:00+00:00", "2026-11-24T23:00:00+00:00"),  # a Saturday: the same
        ("2026-11-23T04:00:00+00:00", "2026-11-24T23:00:00+00:00"),  # still Sunday in Chicago
        ("2026-11-24T16:00:00+00:00", "2026-11-27T23:00:00+00:00"),  # over Thanksgiving
        ("2026-12-23T23:30:00+00:00", "2026-12-28T23:00:00+00:00"),  # over Christmas, a weekend
        ("2026-07-09T16:00:00+00:00", "2026-07-13T22:00:00+00:00"),  # daylight saving time
    ],
)
def test_two_business_days_in_chicago(since: str, by: str) -> None:
    assert due(CHICAGO, TWO_DAYS, since) == by


@pytest.mark.parametrize(
    ("since", "by"),
    [
        ("2026-11-20T16:00:00+00:00", "2026-11-20T23:00:00+00:00"),
        ("2026-11-20T23:30:00+00:00", "2026-11-23T23:00:00+00:00"),  # after hours on a Friday
        ("2026-11-26T16:00:00+00:00", "2026-11-27T23:00:00+00:00"),  # Thanksgiving
    ],
)
def test_the_same_day_ends_with_the_business_hours(since: str, by: str) -> None:
    assert due(CHICAGO, Target("traced", "entered", "same day"), since) == by


def test_hours_run_over_weekends_and_nothing_is_due_without_a_target() -> None:
    friday = "2026-11-20T22:00:00+00:00"
    assert due(CHICAGO, Target("told", "lead", "hours", 24), friday) == "2026-11-21T22:00:00+00:00"
    assert due(CHICAGO, Target("told", "lead", "none"), friday) == ""


def test_the_installed_targets_are_those_of_the_field() -> None:
    policy = default_policy()
    told_of = {t.stage: (t.starts, t.unit, t.amount) for t in policy.targets}
    assert told_of["entered"] == ("received", "business days", 2)  # R1
    assert told_of["submitted"] == ("collected", "hours", 24)  # R2
    assert told_of["traced"] == ("entered", "same day", 0)  # R3
    assert told_of["informed"] == ("happened", "hours", 48)  # R4
    assert told_of["told"] == ("lead", "hours", 24)  # R7
    assert policy.target("told").words == "24 hours after lead"
    assert policy_of(policy_data(policy)) == policy
    assert policy_of(policy_data(Policy(CHICAGO, policy.targets))).calendar == CHICAGO


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"zone": "Mars/Base"}, "time zone"),
        ({"weekdays": ()}, "at least one day"),
        ({"weekdays": (7,)}, "at least one day"),
        ({"opens": "17:00", "closes": "08:00"}, "closes after it opens"),
        ({"opens": "eight"}, "no time of the day"),
        ({"yearly": ("13-40",)}, "no day"),
        ({"dated": (("Thanksgiving", ""),)}, "no day"),
    ],
)
def test_what_is_no_calendar_is_refused(changes: dict[str, object], says: str) -> None:
    with pytest.raises(CaseheadError, match=says):
        Calendar(**changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("unit", "amount"), [("weeks", 1), ("hours", 0), ("business days", 1001)])
def test_what_is_no_target_is_refused(unit: str, amount: int) -> None:
    with pytest.raises(CaseheadError):
        Target("entered", "received", unit, amount)  # type: ignore[arg-type]


def test_a_broken_file_of_targets_says_what_to_do() -> None:
    with pytest.raises(CaseheadError, match=r"clock\.json"):
        policy_of({"calendar": {}, "targets": []})
    with pytest.raises(CaseheadError, match="no moment"):
        parsed("yesterday")
