"""Text as the pages can show it, whatever the script.

The built-in fonts of PDF know western letters. A word of other letters is drawn with a font of
``faces`` and set into the line as a picture, with the letters themselves unseen on top of it, so
that it can be searched for and copied. A letter that no font here has is written as its number;
what that letter is, and all else that is not as it was written, is told in words.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from app.letters.faces import BUILT_IN, DRAWN_PX, ink
from app.letters.joining import unjoined
from app.letters.runs import clean, clusters_of, number, numbers, runs_of, turned, western

LONGEST = 10
_LONGEST_WORD = 48
_BREAK = '<font size="1"> </font>'
"""Where a line may end within a word; hardly to be seen where it does not."""
_MOST_TOLD = 24


@dataclass(frozen=True, slots=True)
class Word:
    """Letters in the order they are drawn from the left, and the font they are drawn with."""

    shown: str
    face: str = BUILT_IN
    bold: bool = False

    @property
    def text(self) -> str:
        """The letters themselves, as they can be searched for."""
        return unjoined(self.shown)


@dataclass(frozen=True, slots=True)
class Letters:
    """What is to be said of the letters of some texts."""

    lacking: tuple[str, ...] = ()
    fonts: tuple[str, ...] = ()
    vowels_left_out: bool = False


def plain(text: str) -> str:
    """The text for a place that takes no pictures: other letters as their numbers."""
    return numbers(clean(text))


def rich(text: str, widest: float = 60.0, bold: bool = False) -> tuple[str, tuple[Word, ...]]:
    """The text as mark-up of a paragraph, its line breaks kept, and the words to be drawn.

    The n-th of these stands where the mark-up has ``<onDraw name="n"/>``. None of them is wider
    than a column of ``widest`` times the size of the letters.
    """
    drawn: list[Word] = []
    lines = (_line(line, drawn, widest, bold) for line in clean(text).split("\n"))
    return "<br/>".join(lines), tuple(drawn)


def letters_of(texts: Iterable[str]) -> Letters:
    """Which letters of the texts no font here has, and which fonts of this computer draw others."""
    lacking: dict[str, None] = {}
    fonts: dict[str, None] = {}
    vowels = False
    for word in dict.fromkeys(one for text in texts for one in clean(text).split()):
        if western(word):
            continue
        told = _letters(word)
        lacking |= dict.fromkeys(told.lacking)
        fonts |= dict.fromkeys(told.fonts)
        vowels |= told.vowels_left_out
    return Letters(tuple(sorted(lacking)), tuple(fonts), vowels)


def letter_words(letters: Letters) -> tuple[str, ...]:
    """Sentences for people, () when every letter is drawn with what is the same everywhere."""
    said = []
    if letters.lacking:
        names = [f"{number(c)} {unicodedata.name(c, 'without a name')}" for c in letters.lacking]
        more = len(names) - _MOST_TOLD
        listed = "; ".join(names[:_MOST_TOLD]) + (f"; and {more} more" if more > 0 else "")
        said.append(f"Letters that cannot be drawn here stand as their Unicode numbers: {listed}.")
    if letters.fonts:
        names = [Path(font).name for font in letters.fonts]
        said.append(
            f"Some letters are drawn with a font of this computer ({', '.join(names)}); another "
            "computer may draw them otherwise, and its file then has another SHA-256."
        )
    if letters.vowels_left_out:
        said.append("Vowel signs and points of Arabic and Hebrew are left out.")
    return tuple(said)


@lru_cache(maxsize=8192)
def _letters(word: str) -> Letters:
    lacking, fonts = [], []
    for face, run in runs_of(turned(word)):
        if face is None:
            lacking += [c for c in run if not western(c)]
        elif face != BUILT_IN:
            fonts.append(face)
    return Letters(tuple(lacking), tuple(dict.fromkeys(fonts)), _marked(word))


def _marked(word: str) -> bool:
    """Whether it is read from the right and bears signs above or below its letters."""
    right = any(unicodedata.bidirectional(c) in ("R", "AL") for c in word)
    return right and any(unicodedata.category(c) == "Mn" for c in word)


def _line(line: str, drawn: list[Word], widest: float, bold: bool) -> str:
    if western(line):
        return escape(line)
    made = "".join(
        part if part.isspace() else _word(part, drawn, widest, bold)
        for part in re.split(r"(\s+)", turned(line))
    )
    # a line is broken only after something written, so one must not begin with a picture
    return f'<font size="1">&nbsp;</font>{made}' if made.lstrip().startswith("<onDraw") else made


def _word(word: str, drawn: list[Word], widest: float, bold: bool) -> str:
    if western(word):
        return escape(word)
    made = []
    for face, run in runs_of(word):
        if face is None:
            made.append(escape(numbers(run)))
            continue
        parts = [Word(part, face, bold) for part in _fitting(run, face, widest, bold)]
        made.append(_BREAK.join(_piece(part, drawn) for part in parts))
    return "".join(made)


def _fitting(run: str, face: str, widest: float, bold: bool) -> list[str]:
    """The letters in one, or in parts where they are too wide or may be parted anywhere."""
    clusters = clusters_of(run)
    anywhere = any(unicodedata.east_asian_width(c) in "WF" for c in run)
    short = not anywhere and len(clusters) <= _LONGEST_WORD
    if short and drawn_word(Word(run, face, bold)).width <= widest:
        return [run]
    longest = min(max(int(widest / 1.05), 1), LONGEST)
    return ["".join(clusters[at : at + longest]) for at in range(0, len(clusters), longest)]


def _piece(piece: Word, drawn: list[Word]) -> str:
    if western(piece.shown):
        return escape(piece.shown)
    drawn.append(piece)
    return f'<onDraw name="{len(drawn) - 1}"/>'


@dataclass(frozen=True, slots=True)
class Drawn:
    """A word as PNG; all lengths are shares of the size of its letters, ``below`` the line."""

    png: bytes
    width: float
    height: float
    below: float


@lru_cache(maxsize=4096)
def drawn_word(word: Word, grey: int = 0) -> Drawn:
    """The word in black, or a grey up to 255, on nothing."""
    top, line, bottom = (round(DRAWN_PX * share) for share in (0.3, 1.3, 1.62))
    shape = ink(word.shown, word.face, word.bold)[top:bottom]
    pixels = np.full((*shape.shape, 4), grey, np.uint8)
    pixels[..., 3] = shape
    rows, columns = (length / DRAWN_PX for length in shape.shape)
    return Drawn(_png(pixels), columns, rows, (bottom - line) / DRAWN_PX)


def _png(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    """A small PNG of RGBA pixels."""
    rows, columns = pixels.shape[:2]
    raw = np.concatenate([np.zeros((rows, 1), np.uint8), pixels.reshape(rows, -1)], axis=1)
    head = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
