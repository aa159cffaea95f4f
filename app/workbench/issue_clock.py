"""The review clock in reports: the stages of an exhibit, and statistics over a span of days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from app.casework.metrics import Metrics, StageMonth
from app.casework.reviews import LEAD_STATES, NoticeKind
from app.casework.stages import TITLES
from app.domain import CaseheadError, Exhibit
from app.reporting.casework import Bar, CaseworkReport, Course
from app.reporting.words import when
from app.store.extracts import (
    begun,
    exhibits_counted,
    newest_moment,
    review_outcomes,
    verification_modes,
)
from app.workbench.issue_values import Gathering

_MOST_COURSES = 6
_LEAST_DRAWN = 0.01
_DAY_ALONE = "T10:30:00+00:00"
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def clock_rows(gathering: Gathering, exhibit: Exhibit) -> Iterator[tuple[str, ...]]:
    """Every stage of an exhibit that was reached, is due, or is said not to be needed.

    What is overdue by now is told by the moment it was due, which stays the same.
    """
    for stage in gathering.workbench.clock(exhibit.id):
        title = TITLES[stage.name]
        if stage.at:
            against = stage.words.rpartition(", ")[2] if stage.due_at else ""
            yield exhibit.number, title, _reached(stage.at), against
        elif stage.open:
            yield exhibit.number, title, "not yet", f"due {when(stage.due_at)}"
        elif stage.state == "settled":
            gathering.free(stage.words)
            yield exhibit.number, title, "not needed", stage.words


def _reached(moment: str) -> str:
    """The clock stands a day of which no hour is known at an hour of its own: that is not told."""
    return moment[:10] if moment.endswith(_DAY_ALONE) else when(moment)


def statistics(gathering: Gathering, subject_id: str) -> CaseworkReport:
    """Counts and times from one day to another (``2026-01-01..2026-03-31``), or of all there is.

    Raises CaseheadError for days that are none.
    """
    moment = newest_moment(gathering.casebook)
    since, until = _span(gathering, subject_id, moment)
    metrics = gathering.workbench.metrics(since, until)
    counted = tuple(_counted(gathering, since, until))
    policy = gathering.workbench.clock_policy()
    calendar = policy.calendar
    days = ", ".join(_DAYS[day] for day in calendar.weekdays)
    targets = {one.stage: one.words for one in policy.targets}
    period = f"{since} to {until}"
    agency = gathering.casebook.agency().name if gathering.casebook.author else ""
    return CaseworkReport(
        "statistics",
        period,
        gathering.stamp(moment),
        facts={
            "about": {
                "period": period,
                "agency": agency,
                "exhibits": str(exhibits_counted(gathering.casebook)),
                "calendar": f"{days}, {calendar.opens} to {calendar.closes} ({calendar.zone}); "
                f"{len(calendar.yearly) + len(calendar.dated)} holidays",
            },
            "agreement": dict(_agreement(gathering, metrics, since, until)),
        },
        tables={"times": tuple(_time(one, targets) for one in metrics.whole if one.count)},
        bars={
            "median_bars": tuple(_median(one) for one in metrics.whole if one.count),
            "counts": tuple(Bar(what, float(n), str(n)) for what, n in counted),
        },
        courses={"courses": tuple(_courses(metrics))},
        words={"period": period},
    )


def _span(gathering: Gathering, subject_id: str, moment: str) -> tuple[str, str]:
    if not subject_id:
        ends = begun(gathering.casebook)[:10], moment[:10]
        first, last = sorted(end or "1970-01-01" for end in ends)  # a clock can be put back
        return first, last
    since, _, until = subject_id.partition("..")
    try:
        days = [date.fromisoformat(one.strip()).isoformat() for one in (since, until)]
    except ValueError:
        raise CaseheadError(
            f"'{subject_id}' is no span of days; write it as 2026-01-01..2026-03-31."
        ) from None
    return days[0], days[1]


def _time(one: StageMonth, targets: dict[str, str]) -> tuple[str, ...]:
    within = "" if one.within is None else f"{one.within:.0%}"
    title = TITLES.get(one.stage, one.stage)
    median = "" if one.median is None else f"{one.median:.1f} {one.unit}"
    return title, str(one.count), median, within, targets.get(one.stage, "")


def _median(one: StageMonth) -> Bar:
    days = None
    if one.median is not None:
        days = one.median / 24 if one.unit == "hours" else one.median
        days = days if days >= _LEAST_DRAWN else None
    text = "" if one.median is None else f"{one.median:.1f} {one.unit}"
    return Bar(TITLES.get(one.stage, one.stage), days, text)


def _courses(metrics: Metrics) -> Iterator[Course]:
    """Medians by month of what was done most, then what was verified otherwise."""
    if len(metrics.months) < 2:
        return
    busy = sorted((one for one in metrics.whole if one.count), key=lambda one: -one.count)
    for one in busy[:_MOST_COURSES]:
        lines = metrics.stage(one.stage)
        what = TITLES.get(one.stage, one.stage)
        title = f"{what}: median of each month, {one.unit} ({one.count} in all)"
        yield Course(title, metrics.months, tuple(line.median for line in lines))
    whole = metrics.verified_whole.count
    if whole:
        rates = tuple(None if v.rate is None else 100 * v.rate for v in metrics.verified)
        title = f"Verifications not agreed with, % of each month ({whole} in all)"
        yield Course(title, metrics.months, rates)


def _counted(gathering: Gathering, since: str, until: str) -> Iterator[tuple[str, int]]:
    """What was recorded in these days."""
    reviews = review_outcomes(gathering.casebook, since, until)
    yield "Lists reviewed", sum(reviews.values())
    yield "of these with a lead", reviews.get("lead", 0)
    tally = gathering.workbench.tally(since, until)
    yield "Leads proposed", sum(tally.leads.values())
    for state in LEAD_STATES:
        yield f"of these now {state}", tally.leads.get(state, 0)
    yield "Hits counted", tally.hits_counted
    yield "Confirmed links not counted", tally.hits_not_counted
    kinds: tuple[NoticeKind, ...] = ("lead", "hit", "trace")
    for kind in kinds:
        yield f"Notices sent of a {kind}", tally.notices.get(kind, 0)


def _agreement(
    gathering: Gathering, metrics: Metrics, since: str, until: str
) -> Iterator[tuple[str, str]]:
    whole, book = metrics.verified_whole, gathering.casebook
    modes = verification_modes(book, since, until)
    blind = modes.get(("blind", False), 0)
    third = sum(count for (_, of_third), count in modes.items() if of_third)
    yield "verified", str(whole.count)
    yield "agreed", str(whole.count - whole.not_agreed)
    yield "disagreed", str(whole.not_agreed)
    yield "blind", str(blind)
    yield "third", str(third)
    yield "rate", "nothing was verified" if whole.rate is None else f"{whole.rate:.1%}"
