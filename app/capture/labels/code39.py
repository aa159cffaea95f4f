"""Code 39 (ISO/IEC 16388): bars and spaces to text."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

_SYMBOL = 9
_APART = 1.25
"""How much wider the narrowest wide element is at least than the widest narrow one."""
_UNEVEN = 1.5
_SIGN = "*"


def _wide_elements() -> dict[tuple[int, ...], str]:
    """Which three of a symbol's nine elements are wide, to its character.

    Four rows of ten characters have two wide bars, as their column says, and one wide space, as
    their row says; four more characters have three wide spaces.
    """
    columns = ((0, 8), (2, 8), (0, 2), (4, 8), (0, 4), (2, 4), (6, 8), (0, 6), (2, 6), (4, 6))
    rows = {3: "1234567890", 5: "ABCDEFGHIJ", 7: "KLMNOPQRST", 1: "UVWXYZ-. *"}
    found = {
        tuple(sorted((*bars, space))): character
        for space, characters in rows.items()
        for bars, character in zip(columns, characters, strict=True)
    }
    three = dict(zip(combinations((1, 3, 5, 7), 3), "$/+%", strict=True))
    return found | three


WIDE = _wide_elements()


def decode(widths: Sequence[float]) -> str | None:
    """The text of bars and spaces in any unit, a bar first; None when they are none of this code.

    The line begins with the start symbol and may go on after the stop. The code has no check of
    its own: ask for two readings that agree.
    """
    found: list[str] = []
    sizes: list[float] = []
    for at in range(0, len(widths) - _SYMBOL + 1, _SYMBOL + 1):
        symbol = widths[at : at + _SYMBOL]
        sizes.append(sum(symbol))
        character = _character(symbol)
        if not character or max(sizes) > _UNEVEN * min(sizes):
            return None
        if character == _SIGN and found:
            return "".join(found[1:]) or None
        if (character == _SIGN) == bool(found):
            return None
        found.append(character)
        if not _gap_fits(widths, at, symbol):
            return None
    return None


def _character(symbol: Sequence[float]) -> str:
    order = sorted(range(_SYMBOL), key=lambda n: symbol[n])
    if symbol[order[-3]] < _APART * symbol[order[-4]]:
        return ""
    return WIDE.get(tuple(sorted(order[-3:])), "")


def _gap_fits(widths: Sequence[float], at: int, symbol: Sequence[float]) -> bool:
    """Whether the next symbol follows at once: a gap is no wider than a few narrow elements."""
    gap = widths[at + _SYMBOL] if at + _SYMBOL < len(widths) else 0.0
    return gap < 0.6 * sum(symbol)
