"""A text in the pieces it is drawn in: from the left, cut where the font changes."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby

from app.letters.faces import BUILT_IN, face_of, face_of_all
from app.letters.joining import has_joined_forms, joined, unjoined
from app.letters.rightwards import leftwards

Runs = tuple[tuple[str | None, str], ...]
_UNSEEN = frozenset("\u200b\u200c\u200d\ufeff\u2060\ufe0e\ufe0f")
"""Letters without a look of their own; all other invisible ones are written as numbers."""


def clean(text: str) -> str:
    """Composed letters, no control characters but line breaks."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c if c == "\n" or unicodedata.category(c) != "Cc" else " " for c in text)


def turned(line: str) -> str:
    """A line in the order it is drawn from the left, its letters joined where they are to be."""
    return leftwards("".join(map(joined, re.split(r"(\s+)", line))))


@lru_cache(maxsize=4096)
def runs_of_line(line: str) -> tuple[tuple[str, str], ...]:
    """A whole line as it is drawn from the left, with the font of each piece; letters that no font
    has as their numbers."""
    parts = re.split(r"(\s+)", turned(clean(line).replace("\n", " ")))
    runs: list[tuple[str, str]] = []
    for part in parts:
        found: Runs = ((BUILT_IN, part),) if western(part) else runs_of(part)
        runs += [(BUILT_IN, numbers(run)) if face is None else (face, run) for face, run in found]
    return tuple(
        (face, "".join(run for _, run in same)) for face, same in groupby(runs, lambda one: one[0])
    )


@lru_cache(maxsize=8192)
def runs_of(word: str) -> Runs:
    """A word in the order it is drawn, cut where the font changes; None: no font has it.

    Arabic is drawn in its joined forms where one font has all of them, else unjoined.
    """
    seen = "".join(c for c in word if c not in _UNSEEN)
    clusters = clusters_of(seen)
    face = face_of_all(clusters) if clusters else None
    if face is None and has_joined_forms(seen):
        return runs_of(unjoined(seen))
    if face is not None:
        return ((face, seen),)
    faced = [(face_of(one), one) for one in clusters]
    return tuple(
        (key, "".join(one for _, one in run)) for key, run in groupby(faced, lambda pair: pair[0])
    )


def clusters_of(text: str) -> Sequence[str]:
    """Letters, each with the marks that stand on it."""
    return tuple(_cut(text))


def _cut(text: str) -> Iterator[str]:
    cluster = ""
    for letter in text:
        if cluster and unicodedata.category(letter) in ("Mn", "Me"):
            cluster += letter
            continue
        if cluster:
            yield cluster
        cluster = letter
    if cluster:
        yield cluster


def number(letter: str) -> str:
    """A letter as Unicode numbers it."""
    return f"[U+{ord(letter):04X}]"


def western(text: str) -> bool:
    """Whether the built-in fonts of PDF have all of it."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def numbers(run: str) -> str:
    """Every letter that is not western as its number."""
    return "".join(c if western(c) else number(c) for c in run)
