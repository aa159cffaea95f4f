"""The review clock: business days of the laboratory's calendar, targets, when something is due.

Moments are UTC, ISO 8601 with seconds, as everywhere in the record; days are those of the
laboratory's time zone.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from importlib import resources
from typing import Any, Final, Literal, cast
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from app.terms import CaseheadError

Unit = Literal["business days", "hours", "same day", "none"]
UNITS: Final[tuple[Unit, ...]] = ("business days", "hours", "same day", "none")
_FIRST, _LAST = 1970, 2100
_EPOCH: Final = np.datetime64("1970-01-01")
_YEARLY_MOST = 60


@dataclass(frozen=True, slots=True)
class Calendar:
    """When the laboratory works.

    ``weekdays`` count from Monday, 0; ``opens`` and ``closes`` are local, "08:00". ``yearly`` are
    holidays of every year as "12-25", ``dated`` those of one year with their names, as
    ("2026-11-26", "Thanksgiving"). Raises CaseheadError for what is no calendar.
    """

    zone: str = "UTC"
    weekdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    opens: str = "08:00"
    closes: str = "17:00"
    yearly: tuple[str, ...] = ()
    dated: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        _zone(self.zone)
        if not set(self.weekdays) or not set(self.weekdays) <= set(range(7)):
            raise CaseheadError("Choose at least one day of the week on which the lab works.")
        if not _hour(self.opens) < _hour(self.closes):
            raise CaseheadError("The lab closes after it opens: set the hours again.")
        if len(self.yearly) > _YEARLY_MOST:
            raise CaseheadError(f"There are more than {_YEARLY_MOST} holidays in every year.")
        for day in self.yearly:
            _day(f"2024-{day}", day)
        for day, _ in self.dated:
            _day(day, day)

    def works_on(self, day: date) -> bool:
        """Whether it is a business day."""
        return bool(np.is_busday(np.datetime64(day), busdaycal=_business(self)))

    def local(self, moment: str) -> datetime:
        """A moment on the laboratory's clock."""
        return parsed(moment).astimezone(_zone(self.zone))

    def opening(self, day: date) -> datetime:
        """When the laboratory opens on a day, UTC."""
        return datetime.combine(day, _hour(self.opens), _zone(self.zone)).astimezone(UTC)

    def closing(self, day: date) -> datetime:
        """When it closes, UTC."""
        return datetime.combine(day, _hour(self.closes), _zone(self.zone)).astimezone(UTC)

    def day_after(self, day: date, count: int) -> date:
        """The ``count``-th business day after a day, which itself need not be one.

        0 is the day itself or the last business day before it.
        """
        found = np.busday_offset(
            np.datetime64(day), count, roll="backward", busdaycal=_business(self)
        )
        return cast(date, found.astype(object))

    def business_days(self, since: str, until: str) -> float:
        """Business days between two moments, parts of days by the hours the lab was open."""
        return self._worked(until) - self._worked(since)

    def _worked(self, moment: str) -> float:
        at = parsed(moment)
        day = at.astimezone(_zone(self.zone)).date()
        whole = int(np.busday_count(_EPOCH, np.datetime64(day), busdaycal=_business(self)))
        if not self.works_on(day):
            return float(whole)
        opens, closes = self.opening(day), self.closing(day)
        return whole + min(max((at - opens) / (closes - opens), 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class DayTable:
    """Business days one after the other, in seconds since 1970 (UTC), int64.

    ``begins`` is the first moment of the local day, ``opens`` and ``closes`` the laboratory's.
    """

    begins: NDArray[np.int64]
    opens: NDArray[np.int64]
    closes: NDArray[np.int64]

    def worked(self, moments: NDArray[np.int64]) -> NDArray[np.float64]:
        """Business days from the table's first opening to each moment."""
        at = np.searchsorted(self.opens, moments, side="right") - 1
        known = np.maximum(at, 0)
        part = (moments - self.opens[known]) / (self.closes - self.opens)[known]
        whole: NDArray[np.float64] = np.where(at < 0, 0.0, known + np.clip(part, 0.0, 1.0))
        return whole


@lru_cache(maxsize=64)
def day_table(calendar: Calendar, first: date, last: date) -> DayTable:
    """The business days from ``first`` to ``last``, both included."""
    days = np.arange(np.datetime64(first), np.datetime64(last) + 1)
    business = days[np.is_busday(days, busdaycal=_business(calendar))].astype(object)
    zone = _zone(calendar.zone)

    def seconds(at: str) -> NDArray[np.int64]:
        hour = _hour(at)
        found = [int(datetime.combine(day, hour, zone).timestamp()) for day in business]
        return np.array(found, np.int64)

    return DayTable(seconds("00:00"), seconds(calendar.opens), seconds(calendar.closes))


@dataclass(frozen=True, slots=True)
class Target:
    """``stage`` is due so long after ``starts``; ``basis`` is why.

    "business days" end with the business hours of the ``amount``-th business day after the day it
    started; "hours" run day and night; "same day" ends with the business hours it started in, or
    the next. "none" is no target.
    """

    stage: str
    starts: str
    unit: Unit
    amount: int = 0
    basis: str = ""

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise CaseheadError(f"{self.unit} is no unit of a target; use {', '.join(UNITS)}.")
        if self.unit in ("hours", "business days") and not 1 <= self.amount <= 1000:
            raise CaseheadError("A target lies between 1 and 1000 hours or business days.")

    @property
    def words(self) -> str:
        """For example: 2 business days after received."""
        if self.unit == "none":
            return "no target"
        if self.unit == "same day":
            return f"the same day as {self.starts}"
        unit = self.unit[:-1] if self.amount == 1 else self.unit
        return f"{self.amount} {unit} after {self.starts}"


@dataclass(frozen=True, slots=True)
class Policy:
    """The calendar and all targets, by stage."""

    calendar: Calendar = field(default_factory=Calendar)
    targets: tuple[Target, ...] = ()

    def target(self, stage: str) -> Target | None:
        """The target of a stage."""
        return next((one for one in self.targets if one.stage == stage), None)

    def due(self, stage: str, since: str) -> str:
        """When a stage is due that started then, "" without a target."""
        target = self.target(stage)
        return due(self.calendar, target, since) if target is not None and since else ""


def due(calendar: Calendar, target: Target, since: str) -> str:
    """The moment by which it is to be done, "" without a target."""
    if target.unit == "none":
        return ""
    if target.unit == "hours":
        return told(parsed(since) + timedelta(hours=target.amount))
    day = calendar.local(since).date()
    if target.unit == "same day":
        if not calendar.works_on(day) or parsed(since) > calendar.closing(day):
            day = calendar.day_after(day, 1)
        return told(calendar.closing(day))
    return told(calendar.closing(calendar.day_after(day, target.amount)))


def parsed(moment: str) -> datetime:
    """A moment of the record; one without a zone is UTC. Raises CaseheadError."""
    try:
        found = datetime.fromisoformat(moment)
    except ValueError as error:
        raise CaseheadError(
            f"{moment!r} is no moment; write it as 2026-11-22T09:30:00+00:00."
        ) from error
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def told(moment: datetime) -> str:
    """A moment as the record keeps it."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def policy_of(data: Mapping[str, Any]) -> Policy:
    """From JSON. Raises CaseheadError."""
    try:
        made = data["calendar"]
        calendar = Calendar(
            str(made["zone"]),
            tuple(sorted({int(day) for day in made["weekdays"]})),
            str(made["opens"]),
            str(made["closes"]),
            tuple(str(day) for day in made["yearly"]),
            tuple(sorted((str(day), str(name)) for day, name in made["dated"].items())),
        )
        targets = tuple(
            Target(t["stage"], t["starts"], t["unit"], int(t["amount"]), str(t.get("basis", "")))
            for t in data["targets"]
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise CaseheadError(
            "The calendar and targets of the review clock cannot be read; restore "
            "resources/clock.json from the installation."
        ) from error
    return Policy(calendar, targets)


def policy_data(policy: Policy) -> dict[str, Any]:
    """As JSON; ``policy_of`` reads it back."""
    calendar = policy.calendar
    return {
        "calendar": {
            "zone": calendar.zone,
            "weekdays": list(calendar.weekdays),
            "opens": calendar.opens,
            "closes": calendar.closes,
            "yearly": list(calendar.yearly),
            "dated": dict(calendar.dated),
        },
        "targets": [
            {
                "stage": t.stage,
                "starts": t.starts,
                "unit": t.unit,
                "amount": t.amount,
                "basis": t.basis,
            }
            for t in policy.targets
        ],
    }


@lru_cache(maxsize=1)
def default_policy() -> Policy:
    """What ``resources/clock.json`` says."""
    text = resources.files("resources").joinpath("clock.json").read_text("utf-8")
    return policy_of(json.loads(text))


@lru_cache(maxsize=64)
def _business(calendar: Calendar) -> np.busdaycalendar:
    days = [
        f"{year}-{day}"
        for year in range(_FIRST, _LAST + 1)
        for day in calendar.yearly
        if day != "02-29" or (year % 4 == 0 and (year % 100 != 0 or year % 400 == 0))
    ]
    days += [day for day, _ in calendar.dated]
    mask = [day in calendar.weekdays for day in range(7)]
    return np.busdaycalendar(weekmask=mask, holidays=np.array(days, "datetime64[D]"))


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError) as error:
        raise CaseheadError(
            f"This computer does not know the time zone {name}; choose one such as "
            "America/Chicago, or UTC."
        ) from error


def _hour(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise CaseheadError(f"{text!r} is no time of the day; write it as 08:00.") from error


def _day(text: str, shown: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CaseheadError(
            f"{shown!r} is no day; write 2026-11-26, or 12-25 for one of every year."
        ) from error
