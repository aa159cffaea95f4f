"""When something is due, as SQL for the review clock."""

from __future__ import annotations

UTC = "%Y-%m-%dT%H:%M:%S+00:00"
"""How a moment is written."""


def later(moment: str, hours: int | str) -> str:
    """A moment so many hours later, NULL where it is none; ``hours`` may be SQL."""
    more = f"'+{hours} hours'" if isinstance(hours, int) else f"'+' || {hours} || ' hours'"
    return f"strftime('{UTC}', {moment}, {more})"


def due(since: str) -> str:
    """When it is due by target ``t``, "" without one; the days are those of the casebook."""
    return (
        "coalesce(CASE t.unit "
        f"WHEN 'hours' THEN {later(since, 't.amount')} "
        "WHEN 'same day' THEN (SELECT d.closes_at FROM clock_day d "
        f"WHERE d.closes_at >= {since} ORDER BY d.closes_at LIMIT 1) "
        "WHEN 'business days' THEN (SELECT d.closes_at FROM clock_day d WHERE d.number = t.amount "
        f"+ coalesce((SELECT b.number FROM clock_day b WHERE b.begins_at <= {since} "
        "ORDER BY b.begins_at DESC LIMIT 1), 0)) END, '')"
    )
