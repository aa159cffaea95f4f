"""Text as the pages can show it, whatever the script.

The built-in fonts of PDF know western letters. A word of other letters is drawn with the sans
font that comes with OpenCV, the same on every machine, and set into the line as a picture; a
letter that font lacks too is written as its number.
"""

from __future__ import annotations

import re
import struct
import unicodedata
import zlib
from dataclasses import dataclass
from functools import cache
from xml.sax.saxutils import escape

import cv2
import numpy as np
from numpy.typing import NDArray

from app.reporting.rightwards import leftwards

_DRAWN_PX = 64
LONGEST = 10


def plain(text: str) -> str:
    """The text for a place that takes no pictures: other letters as their numbers."""
    return "".join(c if _western(c) else f"[U+{ord(c):04X}]" for c in _clean(text))


def rich(text: str, longest: int = LONGEST) -> tuple[str, tuple[str, ...]]:
    """The text as mark-up of a paragraph, its line breaks kept, and the words to be drawn.

    The n-th of these stands where the mark-up has ``<onDraw name="n"/>``; none of them is of more
    than ``longest`` letters, so that it fits its column.
    """
    drawn: list[str] = []
    lines = (_line(line, drawn, longest) for line in _clean(text).split("\n"))
    return "<br/>".join(lines), tuple(drawn)


def _clean(text: str) -> str:
    """Composed letters, no control characters but line breaks."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c if c == "\n" or unicodedata.category(c) != "Cc" else " " for c in text)


def _line(line: str, drawn: list[str], longest: int) -> str:
    made = "".join(
        part if part.isspace() else _word(part, drawn, longest)
        for part in re.split(r"(\s+)", leftwards(line))
    )
    # a line is broken only after something written, so one must not begin with a picture
    return f'<font size="1">&nbsp;</font>{made}' if made.lstrip().startswith("<onDraw") else made


def _word(word: str, drawn: list[str], longest: int) -> str:
    shown = word
    if not _western(word):
        shown = "".join(c if _western(c) or _known(c) else f"[U+{ord(c):04X}]" for c in word)
    if _western(shown):
        return escape(shown)
    pieces = [shown[at : at + longest] for at in range(0, len(shown), longest)]
    return " ".join(_piece(piece, drawn) for piece in pieces)


def _piece(piece: str, drawn: list[str]) -> str:
    if _western(piece):
        return escape(piece)
    drawn.append(piece)
    return f'<onDraw name="{len(drawn) - 1}"/>'


def _western(text: str) -> bool:
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _known(letter: str) -> bool:
    """Whether OpenCV's font has the letter; it draws the same mark for all that it lacks."""
    if unicodedata.category(letter) in ("Mn", "Cf", "Co", "Cn", "Cs"):
        return False
    return _ink(letter).tobytes() != _ink("\U000f0000").tobytes()


def _ink(text: str) -> NDArray[np.uint8]:
    """White on black, with room for what hangs below the line."""
    font = cv2.FontFace("sans")
    box = cv2.getTextSize((10_000, 10_000), text, (0, 0), font, _DRAWN_PX, 400)
    width = max(int(box[0]) + int(box[2]), 1) + _DRAWN_PX // 8
    canvas = np.zeros((_DRAWN_PX * 2, width), np.uint8)
    cv2.putText(canvas, text, (0, round(_DRAWN_PX * 1.3)), (255,), font, _DRAWN_PX, 400)
    return canvas


@dataclass(frozen=True, slots=True)
class Drawn:
    """A word as PNG; all lengths are shares of the size of its letters, ``below`` the line."""

    png: bytes
    width: float
    height: float
    below: float


@cache
def drawn_word(text: str) -> Drawn:
    """The word in black on nothing."""
    top, line, bottom = (round(_DRAWN_PX * share) for share in (0.3, 1.3, 1.62))
    shape = _ink(text)[top:bottom]
    pixels = np.zeros((*shape.shape, 4), np.uint8)
    pixels[..., 3] = shape
    rows, columns = (length / _DRAWN_PX for length in shape.shape)
    return Drawn(_png(pixels), columns, rows, (bottom - line) / _DRAWN_PX)


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """A small PNG of RGBA pixels."""
    rows, columns = pixels.shape[:2]
    raw = np.concatenate([np.zeros((rows, 1), np.uint8), pixels.reshape(rows, -1)], axis=1)
    head = struct.pack(">IIBBBBB", columns, rows, 8, 6, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(raw.tobytes())), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )
