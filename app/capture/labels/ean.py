"""EAN-13 and UPC-A (ISO/IEC 15420): bars and spaces to digits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

_LEFT = ["3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112"]
"""Space, bar, space, bar of the ten digits left of the middle; the even kind is its mirror."""
_KINDS = "------ --+-++ --++-+ --+++- -+--++ -++--+ -+++-- -+-+-+ -+-++- -++-+-"
_FIRST = tuple(_KINDS.split())
"""Which of the six left digits are of the even kind, for each leading digit."""
_FAR = 0.5
_LINE = 59


def decode(widths: Sequence[float]) -> str | None:
    """The digits of bars and spaces in any unit, a bar first; None when they are none of this code.

    The line begins with the guard bars and may go on after the last ones. The check digit is
    verified; a UPC-A code is told as an EAN-13 one, which begins with 0.
    """
    if len(widths) < _LINE:
        return None
    line = np.asarray(widths[:_LINE], float)
    module = float(line.sum()) / 95.0
    guards = np.concatenate((line[:3], line[27:32], line[56:59]))
    if module <= 0 or np.abs(guards / module - 1).max() > 0.75:
        return None
    left = [_digit(line[at : at + 4], even=True) for at in range(3, 27, 4)]
    right = [_digit(line[at : at + 4], even=False) for at in range(32, 56, 4)]
    if min(left) < 0 or min(right) < 0:
        return None
    kinds = "".join("-+"[found >= 10] for found in left)
    if kinds not in _FIRST:
        return None
    digits = [_FIRST.index(kinds), *(found % 10 for found in (*left, *right))]
    weighed = sum(digits[0::2]) + 3 * sum(digits[1::2])
    return "".join(map(str, digits)) if weighed % 10 == 0 else None


@cache
def _patterns() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    odd = [[int(c) for c in widths] for widths in _LEFT]
    bars = np.array([*odd, *(digit[::-1] for digit in odd)], float)
    return bars, bars[:, :-1] + bars[:, 1:]


def _digit(symbol: NDArray[np.float64], *, even: bool) -> int:
    """The digit whose like edges lie nearest, 10 more for the even kind; -1 for none."""
    bars, pairs = _patterns()
    kinds = len(bars) if even else len(bars) // 2
    symbol = symbol * (7.0 / max(float(symbol.sum()), 1e-9))
    far = np.abs(pairs[:kinds] - (symbol[:-1] + symbol[1:])).mean(axis=1)
    best = int(np.argmin(far + 0.3 * np.abs(bars[:kinds] - symbol).mean(axis=1)))
    return best if far[best] < _FAR else -1
