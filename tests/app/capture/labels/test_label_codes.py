"""Bars to text, against bars another program writes."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.labels import code39, code128, ean
from app.capture.labels.code128 import WIDTHS
from tests.labels import modules

DECODERS = {"Code 128": code128.decode, "Code 39": code39.decode, "EAN-13": ean.decode}
CASES = (
    ("Code 128", "2026-0412/3/3A", "2026-0412/3/3A"),
    ("Code 128", "1234567890", "1234567890"),
    ("Code 128", "case 12 #b\tx", "case 12 #b\tx"),
    ("Code 128", "~{|}a9876543", "~{|}a9876543"),
    ("Code 39", "2026-0412/3/3A", "2026-0412/3/3A"),
    ("Code 39", "AZ.09 $/+%", "AZ.09 $/+%"),
    ("EAN-13", "400638133393", "4006381333931"),
    ("EAN-13", "012345678905", "0123456789050"),
)


def widths(text: str, kind: str) -> list[float]:
    """Bars and spaces in turn, neighbours of one colour joined."""
    found: list[float] = []
    last = False
    for bar, width in modules(text, kind):
        if found and bar == last:
            found[-1] += width
        else:
            found.append(width)
        last = bar
    return found


@pytest.mark.parametrize(("kind", "text", "said"), CASES)
def test_what_another_program_writes_is_read(kind: str, text: str, said: str) -> None:
    assert DECODERS[kind](widths(text, kind)) == said


@pytest.mark.parametrize(("kind", "text", "said"), CASES)
def test_what_follows_the_stop_does_not_matter(kind: str, text: str, said: str) -> None:
    assert DECODERS[kind]([*widths(text, kind), 20.0, 1.0, 3.0]) == said


@pytest.mark.parametrize(("kind", "text", "said"), CASES)
def test_ink_that_spreads_is_read(kind: str, text: str, said: str) -> None:
    spread = [w + (0.3 if n % 2 == 0 else -0.3) for n, w in enumerate(widths(text, kind))]
    assert DECODERS[kind](spread) == said


@pytest.mark.parametrize(("kind", "text", "said"), CASES)
def test_each_reads_its_own_code_only_and_its_own_way_round(
    kind: str, text: str, said: str
) -> None:
    line = widths(text, kind)
    for name, decode in DECODERS.items():
        assert name == kind or decode(line) is None
    # a row of 13 digits reads from both ends: its guards and digits know no direction
    assert kind == "EAN-13" or DECODERS[kind](line[::-1]) is None


def test_a_code_128_symbol_misread_is_caught_by_its_check() -> None:
    line = widths("2026-0412/3/3A", "Code 128")
    wrong = [*line]
    wrong[12:18] = [float(c) for c in WIDTHS[17]]
    assert wrong != line
    assert code128.decode(line) is not None
    assert code128.decode(wrong) is None


def test_the_symbols_of_code_128_are_as_the_code_asks() -> None:
    assert len(WIDTHS) == len(set(WIDTHS)) == 107
    for symbol in WIDTHS:
        assert sum(map(int, symbol)) == 11
        assert sum(map(int, symbol[::2])) % 2 == 0


@pytest.mark.parametrize("decode", DECODERS.values())
def test_lines_of_chance_say_nothing(decode: object) -> None:
    rng = np.random.default_rng(4)
    for _ in range(2000):
        assert decode(rng.integers(1, 5, 70).astype(float).tolist()) is None  # type: ignore[operator]


@pytest.mark.parametrize("decode", DECODERS.values())
@pytest.mark.parametrize("line", [[], [1.0], [0.0] * 80, [5.0] * 80])
def test_no_line_at_all(decode: object, line: list[float]) -> None:
    assert decode(line) is None  # type: ignore[operator]
