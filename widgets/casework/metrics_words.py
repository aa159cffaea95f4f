"""What the metrics page says."""

from __future__ import annotations

from datetime import date

from app.casework.clock import Policy, Target
from app.casework.metrics import Metrics, StageMonth, VerifiedMonth
from app.casework.stages import starts_words

SPANS = (("last 6 months", 6), ("last 12 months", 12), ("last 2 years", 24), ("last 5 years", 60))
HEADS = ("Month", "Done", "Median", "Quartiles", "In time")
NOT_AGREED = "Not agreed"
VERIFIED = "verified"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def span_of(today: date, months: int) -> tuple[str, str]:
    """From the first day of so many months, the present one included, until today."""
    years, month = divmod(today.year * 12 + today.month - months, 12)
    return date(years, month + 1, 1).isoformat(), today.isoformat()


def month_words(month: str, *, short: bool = False) -> str:
    """Nov 2026, or Nov 26."""
    if not month:
        return "all"
    return f"{_MONTHS[int(month[5:]) - 1]} {month[2:4] if short else month[:4]}"


def cells(line: StageMonth) -> tuple[str, ...]:
    """A month as the table has it; blank where nothing was done."""
    if not line.count:
        return (month_words(line.month), "0", "", "", "")
    quartiles = f"{number(line.lower)} to {number(line.upper)}"
    within = "" if line.within is None else f"{line.within:.0%}"
    return (month_words(line.month), f"{line.count:,}", number(line.median), quartiles, within)


def rows(metrics: Metrics, stage: str) -> tuple[tuple[str, ...], ...]:
    """The whole span, then every month, the newest first; of verifications with how many did not
    agree."""
    whole = tuple(one for one in metrics.whole if one.stage == stage)
    found = [cells(line) for line in (*whole, *reversed(metrics.stage(stage)))]
    if stage != VERIFIED:
        return tuple(found)
    agreed = (metrics.verified_whole, *reversed(metrics.verified))
    return tuple((*row, _rate(one)) for row, one in zip(found, agreed, strict=True))


def _rate(one: VerifiedMonth) -> str:
    return f"{one.not_agreed} ({one.rate:.0%})" if one.rate is not None else ""


def number(value: float | None) -> str:
    """A time taken: one decimal, none where it is long."""
    if value is None:
        return ""
    return f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def stage_sentence(metrics: Metrics, policy: Policy, stage: str) -> str:
    """A stage over the whole span, with what it is held against."""
    target = policy.target(stage)
    whole = next((one for one in metrics.whole if one.stage == stage), None)
    against = f"Target: {_target_words(target)}" if target is not None else "No target"
    if whole is None or not whole.count:
        return f"Nothing was done in this span. {against}."
    share = "" if whole.within is None else f", {whole.within:.1%} within the target"
    return f"{whole.count:,} done{share}; median {number(whole.median)} {whole.unit}. {against}."


def _target_words(target: Target) -> str:
    starts = starts_words(target.starts)
    return target.words.replace(target.starts, starts) if target.unit != "none" else "none"


def verified_sentence(metrics: Metrics) -> str:
    """How often a second examiner did not agree (the non-agreement rate)."""
    whole = metrics.verified_whole
    if not whole.count:
        return "No verification was entered in this span."
    rate = whole.rate or 0.0
    return (
        f"Verifications by a second examiner: {whole.count:,}, of which {whole.not_agreed:,} did "
        f"not agree ({rate:.1%})."
    )
