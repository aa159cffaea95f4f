"""Scripts that run from right to left, made ready for a font that sets letters from the left.

What is read from the right is turned round. Not the whole of Unicode's bidirectional algorithm:
names, numbers and short sentences come out in order; a sentence longer than a line keeps its
words in the order they are read, each word set from the right. In a line of western words a name
so written stands by itself: the stop or comma behind it, and what follows that, keep their places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_LONGEST_RUN = 48
_STOP = re.compile(r"[.,;:!?]+$")


def leftwards(line: str) -> str:
    """The line as it is drawn letter by letter from the left; one without such letters as it is."""
    if not any(map(_from_right, line)):
        return line
    parts = re.split(r"(\s+)", line)
    within = any(unicodedata.bidirectional(letter) == "L" for letter in line)
    done: list[str] = []
    at = 0
    while at < len(parts):
        end = _end_of_run(parts, at)
        run, after = _without_end(parts[at:end]) if within else (parts[at:end], "")
        drawn = [_turned(part) for part in run]
        short = sum(map(len, run)) <= _LONGEST_RUN
        done += drawn[::-1] if short and end > at + 1 else drawn
        done.append(after)
        at = end
    return "".join(done)


def _without_end(run: Sequence[str]) -> tuple[list[str], str]:
    """The run, and the stop or comma behind it: that belongs to the line it stands in."""
    found = _STOP.search(run[-1])
    if found is None or not any(map(_from_right, run[-1])):
        return list(run), ""
    return [*run[:-1], run[-1][: found.start()]], found.group()


def _from_right(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def _end_of_run(parts: Sequence[str], at: int) -> int:
    """Where the words end that are read from the right, numbers between them included."""
    if not any(map(_from_right, parts[at])):
        return at + 1
    last = at
    for here in range(at + 1, len(parts)):
        if any(map(_from_right, parts[here])):
            last = here
        elif any(unicodedata.bidirectional(c) == "L" for c in parts[here]):
            break
    while last + 2 < len(parts) and _is_number(parts[last + 2]) and not _STOP.search(parts[last]):
        last += 2
    return last + 1


def _is_number(part: str) -> bool:
    kinds = [unicodedata.bidirectional(c) for c in part]
    return {"AN", "EN"} & set(kinds) != set() and {*kinds} <= {"AN", "EN", "CS"}


def _turned(word: str) -> str:
    """A word turned round; numbers and western letters in it keep their order.

    Vowel signs and points, which would stand alone, are left out.
    """
    if not any(map(_from_right, word)):
        return word
    word = "".join(c for c in word if unicodedata.category(c) != "Mn")
    pieces = re.findall(r"[\d٠-٩۰-۹]+(?:[.,:/][\d٠-٩۰-۹]+)*|[A-Za-z]+|.", word)
    turned = (_mirrored(piece) if len(piece) == 1 else piece for piece in pieces)
    return "".join(list(turned)[::-1])


def _mirrored(letter: str) -> str:
    return {"(": ")", ")": "(", "[": "]", "]": "[", "<": ">", ">": "<"}.get(letter, letter)
