"""Checks of instruments in words: due, locked, the figures, the schedule."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from app.capture.checks import Due, check_settings
from app.capture.checks import number_words as number_words
from app.instruments import FIGURES, Figure, InstrumentCheck, Limits, ReferenceCase, Schedule
from app.workbench.calibration_words import day_words

if TYPE_CHECKING:
    from app.workbench.instrument import Instrument

OUTCOME_WORDS = {"within": "within limits", "warning": "warning", "out": "out of limits"}
SIGNS = {"ok": "●", "due": "△", "locked": "⊠"}
CONDITION_WORDS = {"ok": "checked", "due": "check due", "locked": "locked"}
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def list_words(one: Instrument) -> str:
    """An instrument and how it stands, on two lines."""
    if one.reference is None:
        return f"{one.optics.words}\nno reference case"
    sign, words = SIGNS[one.state.condition], CONDITION_WORDS[one.state.condition]
    last = f", last {local_day(one.last.checked_at)}" if one.last else ", never checked"
    return f"{one.optics.words}\n{sign} {words}{last}"


def instrument_sentence(one: Instrument) -> tuple[str, str]:
    """How it stands in a sentence, and with which reference case it is checked when."""
    if one.reference is None:
        return (
            "It is not checked: no reference case is declared for it. Nothing is refused for "
            "that, but nobody would notice a drift.",
            "",
        )
    reference = one.reference
    made = f"{reference.name}, declared {local_day(reference.made_at)}"
    about = f"{made}; a check {schedule_words(reference.schedule)}."
    if one.state.sentence:
        return one.state.sentence, about
    when = f"; the next check is due on {day_words(one.due.day.isoformat())}" if one.due else ""
    if one.last is not None and one.last.outcome == "warning":
        return f"It may be used{when}, with a warning. {' '.join(one.last.reasons)}", about
    return f"It may be used: its last check was within limits{when}.", about


def local_day(moment: str) -> str:
    """A moment as its day on this station's clock: 12 Dec 2026."""
    return day_words(_local(moment))


def local_moment(moment: str) -> str:
    """The same with the time of the day: 12 Dec 2026, 09:05."""
    local = _local(moment)
    return f"{day_words(local)}, {local[11:16]}"


def _local(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone().isoformat()


def figure_label(figure: Figure) -> str:
    """Its name on a chart."""
    return check_settings().figures[figure].label


def due_sentence(reference: ReferenceCase, due: Due) -> str:
    """That a check is due, since when, and why."""
    name = f"the check of {reference.optics.words} with {reference.name}"
    if due.calibrated:
        return f"After the new calibration {name} is due."
    if due.late_days:
        days = "day" if due.late_days == 1 else "days"
        since = day_words(due.day.isoformat())
        return f"Overdue by {due.late_days} {days}: {name} was due on {since}."
    return f"Due today: {name}."


def locked_sentence(
    reference: ReferenceCase, check: InstrumentCheck, last: InstrumentCheck | None = None
) -> str:
    """That nothing is acquired with an instrument, why, and what lets it be used again."""
    why = check.reasons[0] if check.reasons else "A figure is out of limits."
    later = ""
    if last is not None and last.id != check.id and last.reference_id == check.reference_id:
        later = f" The check of {local_day(last.checked_at)} was within limits."
    return (
        f"{reference.optics.words} is locked: the check of {local_day(check.checked_at)} was out "
        f"of limits. {why}{later} A qualified person signs on the Quality screen, with a reason, "
        "before anything is acquired."
    )


def schedule_words(schedule: Schedule) -> str:
    """For example: every day, Monday to Friday, and after a calibration."""
    every = "every day" if schedule.every_days == 1 else f"every {schedule.every_days} days"
    after = ", and after a calibration" if schedule.after_calibration else ""
    return f"{every}, {_days(schedule.weekdays)}{after}"


def figures_words(check: InstrumentCheck) -> str:
    """All figures in one line, as they are on the charts."""
    return ", ".join(f"{figure} {value_words(figure, check)}" for figure in FIGURES)


def value_words(figure: Figure, check: InstrumentCheck) -> str:
    """One figure of a check: the correlation as it is, the others against the golden picture."""
    value = check.figures.get(figure)
    return "not measured" if value is None else number_words(figure, value)


def limits_words(figure: Figure, limits: Limits) -> str:
    """What a figure is held against: the action limits and where they come from."""
    low, high = (
        "" if bound is None else number_words(figure, bound)
        for bound in (limits.act_low, limits.act_high)
    )
    between = f"{low} to {high}" if low and high else f"at least {low}" if low else f"up to {high}"
    source = (
        f"from {limits.count} checks" if limits.count else "fixed until there are enough checks"
    )
    return f"{between}, {source}"


def check_sentence(check: InstrumentCheck) -> str:
    """What a check came to, for the examiner who made it."""
    if check.outcome == "within":
        return f"The instrument is within limits: {figures_words(check)}."
    if check.outcome == "warning":
        return f"Within the action limits, with a warning. {' '.join(check.reasons)}"
    return f"Out of limits; the instrument is locked. {' '.join(check.reasons)}"


def _days(weekdays: tuple[int, ...]) -> str:
    days = sorted(set(weekdays) & set(range(7)))
    if len(days) in (0, 7):
        return "all week"
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}"
    names = [WEEKDAYS[day] for day in days]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
