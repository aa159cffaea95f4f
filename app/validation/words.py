"""Figures as people read them, alike on the screen and on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

DIGITS: Final = {"auc": 4}
RATIO_INTERVALS: Final = (
    "Their 95 % intervals come from resampling firearms and take the held-out models as fitted: "
    "they leave out how the models would vary. Where no ratio misleads there is an upper bound by "
    "the rule of three."
)
HARM_HEAD: Final = (
    "condition", "method", "AUC", "equal error rate", "mate first", "gap", "not compared",
)  # fmt: skip


def figure(value: float | None) -> str:
    """A number with four digits that count; a dash where there is none."""
    return "-" if value is None else f"{value:.4g}"


def with_interval(value: float, interval: Sequence[float] | None, digits: int) -> str:
    """A rate and its interval in brackets; "up to" where nothing was seen."""
    if interval is None or interval[0] == interval[1]:
        return f"{value:.{digits}f}"
    if value == 0 == interval[0]:
        return f"{value:.{digits}f} (up to {interval[1]:.{digits}f})"
    return f"{value:.{digits}f} ({interval[0]:.{digits}f}-{interval[1]:.{digits}f})"


def bracketed(one: Mapping[str, Any], key: str) -> str:
    """A rate of a measure with its interval."""
    return with_interval(one[key], one[f"{key}_interval"], DIGITS.get(key, 3))


def pieces(row: Mapping[str, Any]) -> tuple[str, str]:
    """Area and equal error rate of a row of the overview, which has their bounds apart."""
    told = []
    for key in ("auc", "eer"):
        low, high = row[f"{key}_low"], row[f"{key}_high"]
        interval = None if low is None else (low, high)
        told.append(with_interval(row[key], interval, DIGITS.get(key, 3)))
    return told[0], told[1]


def harm_lines(row: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """Casehead's line of one condition and the baseline's beneath it."""
    found: list[tuple[str, ...]] = []
    for side, name in (("casehead", "Casehead"), ("baseline", "baseline")):
        own = row.get(side)
        if own is not None:
            found.append(
                (
                    "" if found else row["condition"],
                    name,
                    bracketed(own, "auc"),
                    bracketed(own, "eer"),
                    f"{own['mate_first']} of {own['queries']}",
                    figure(own["gap"]),
                    str(own["not_compared"]),
                )
            )
    return found
