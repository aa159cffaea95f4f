"""Readers of stored values: what makes no sense becomes None, and so the default."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isfinite
from typing import Any

Reader = Callable[[Any], Any]


def number(low: float, high: float) -> Reader:
    """A finite number, brought into its range."""

    def read(value: Any) -> float | None:
        good = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        return min(max(float(value), low), high) if good else None

    return read


def whole(low: int, high: int) -> Reader:
    """A whole number in its range."""

    def read(value: Any) -> int | None:
        found = number(low, high)(value)
        return None if found is None else int(found)

    return read


def flag(value: Any) -> bool | None:
    """True or false."""
    return value if isinstance(value, bool) else None


def one_of(*allowed: str) -> Reader:
    """One of a few words."""
    return lambda value: value if isinstance(value, str) and value in allowed else None


def pair(kind: type) -> Reader:
    """Two numbers."""

    def read(value: Any) -> tuple[Any, Any] | None:
        items = list(value) if isinstance(value, list | tuple) else []
        good = len(items) == 2 and all(number(-1e7, 1e7)(v) is not None for v in items)
        return (kind(items[0]), kind(items[1])) if good else None

    return read


def words(value: Any) -> tuple[str, str] | None:
    """Two texts."""
    items = list(value) if isinstance(value, list | tuple) else []
    good = len(items) == 2 and all(isinstance(v, str) for v in items)
    return (items[0], items[1]) if good else None


def both(make: Callable[[Mapping[str, Any]], Any]) -> Reader:
    """Two values of a kind, stored as mappings: the left side's and the right side's."""

    def read(value: Any) -> tuple[Any, Any] | None:
        items = list(value) if isinstance(value, list | tuple) else []
        good = len(items) == 2 and all(isinstance(v, Mapping) for v in items)
        return (make(items[0]), make(items[1])) if good else None

    return read


def known(values: Mapping[str, Any], readers: Mapping[str, Reader]) -> dict[str, Any]:
    """What was stored and makes sense."""
    read = {k: readers[k](v) for k, v in values.items() if k in readers}
    return {k: v for k, v in read.items() if v is not None}
