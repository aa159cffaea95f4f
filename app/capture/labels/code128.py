"""Code 128 (ISO/IEC 15417): bars and spaces to text."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

_START = {103: "A", 104: "B", 105: "C"}
_STOP = 106
_SHIFT = 98
_CHANGES = {"A": {99: "C", 100: "B"}, "B": {99: "C", 101: "A"}, "C": {100: "B", 101: "A"}}
_SYMBOL = 6
_LAST = 7
_FAR = 0.55
"""Modules an edge may lie from where its symbol has it, at the mean."""
_UNEVEN = 1.35
"""How much wider than the narrowest symbol the widest of a line may be."""

_WRITTEN = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 "
    "122132 122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 "
    "321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 "
    "211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 "
    "213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 "
    "121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 "
    "241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 "
    "412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 "
    "211214 211232 233111 "
)
WIDTHS = tuple(_WRITTEN.split())
"""Bar, space, bar, ... of each value in modules; the stop has one bar more, of two."""


def decode(widths: Sequence[float]) -> str | None:
    """The text of bars and spaces in any unit, a bar first; None when they are none of this code.

    The line begins with the start symbol and may go on after the stop. The check symbol is
    verified; function characters are left out, except a separator within, which is "\\x1d".
    """
    values = _values(widths)
    if values is None or len(values) < 3:
        return None
    *body, check = values
    weighed = body[0] + sum(n * value for n, value in enumerate(body[1:], 1))
    return _text(body) if weighed % 103 == check else None


def _values(widths: Sequence[float]) -> list[int] | None:
    """The symbols from the start to the one before the stop."""
    found: list[int] = []
    sizes: list[float] = []
    for at in range(0, len(widths) - _LAST + 1, _SYMBOL):
        symbol = np.asarray(widths[at : at + _SYMBOL], float)
        value = _nearest(symbol)
        sizes.append(float(symbol.sum()))
        if value is None or max(sizes) > _UNEVEN * min(sizes) or (not found and value < 103):
            return None
        if value == _STOP:
            return found
        if found and value > 102:
            return None
        found.append(value)
    return None


@cache
def _patterns() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    bars = np.array([[int(c) for c in widths] for widths in WIDTHS], float)
    return bars, bars[:, :-1] + bars[:, 1:]


def _nearest(symbol: NDArray[np.float64]) -> int | None:
    """The value whose like edges lie nearest: what ink spreads moves those together."""
    total = float(symbol.sum())
    if total <= 0:
        return None
    bars, pairs = _patterns()
    # the widths themselves only settle what the distances of like edges leave open
    symbol = symbol * (11.0 / total)
    far = np.abs(pairs - (symbol[:-1] + symbol[1:])).mean(axis=1)
    best = int(np.argmin(far + 0.2 * np.abs(bars - symbol).mean(axis=1)))
    return best if far[best] < _FAR else None


def _text(values: Sequence[int]) -> str:
    code = _START[values[0]]
    written: list[str] = []
    shifted = ""
    for value in values[1:]:
        now, shifted = shifted or code, ""
        if value == _SHIFT and now != "C":
            shifted = "B" if now == "A" else "A"
        elif value in _CHANGES[now]:
            code = _CHANGES[now][value]
        else:
            written.append(_character(value, now, first=not written))
    return "".join(written)


def _character(value: int, code: str, *, first: bool) -> str:
    if value == 102:
        return "" if first else "\x1d"
    if code == "C":
        return f"{value:02d}"
    if value > 95:
        return ""
    if code == "A" and value >= 64:
        return chr(value - 64)
    return chr(value + 32)
