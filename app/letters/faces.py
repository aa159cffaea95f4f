"""The fonts that letters are drawn with, and what no font here can draw.

First comes the sans font inside OpenCV: the same on every machine. It lacks some scripts, and
knows Arabic in unjoined letters only. What it lacks is drawn with a font of this computer, where
one of those named here is installed; a report that has such letters says which font that was.

Scripts whose letters change place or melt together (those of India, Khmer, Burmese, Tibetan ...)
cannot be set letter by letter at all: wrongly set they might be read as another name.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

DRAWN_PX = 64
BUILT_IN = "sans"
_NAMES = (
    *("DejaVuSans.ttf", "segoeui.ttf", "tahoma.ttf", "Tahoma.ttf", "Arial Unicode.ttf"),
    *("arial.ttf", "NotoNaskhArabic-Regular.ttf", "NotoSans-Regular.ttf"),
    *("NotoSansThai-Regular.ttf", "Garuda.ttf", "LeelawUI.ttf", "leelawui.ttf", "Thonburi.ttc"),
    *("NotoSansEthiopic-Regular.ttf", "ebrima.ttf", "NotoSansArmenian-Regular.ttf"),
    *("NotoSansGeorgian-Regular.ttf", "sylfaen.ttf", "FreeSans.ttf"),
    *("seguisym.ttf", "seguiemj.ttf", "Symbola.ttf", "NotoEmoji-Regular.ttf"),
)
_SHAPED = ((0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0x1900, 0x1CFF), (0xA800, 0xABFF))
_UNASSIGNED = "\U000f0000"
_DRAWING = Lock()  # a font keeps the letters it has drawn, and is not made for two threads


def installed(folders: Iterable[Path] | None = None) -> tuple[Path, ...]:
    """The fonts of this computer that may be drawn with, the first one preferred."""
    places = tuple(_folders() if folders is None else folders)
    return _installed(places)


def face_of(cluster: str) -> str | None:
    """The font for a letter with its marks: ``BUILT_IN``, the path of a file, or None."""
    return next((face for face in _faces() if known(face, cluster)), None)


def face_of_all(clusters: Iterable[str]) -> str | None:
    """One font for all of them, where there is one."""
    wanted = tuple(clusters)
    return next((face for face in _faces() if all(known(face, one) for one in wanted)), None)


@cache
def known(face: str, cluster: str) -> bool:
    """Whether the font has a letter and the marks on it; it draws one mark for all it lacks."""
    if any(_shaped(letter) for letter in cluster):
        return False
    first = unicodedata.category(cluster[0])
    if first in ("Mn", "Me", "Mc", "Cf", "Co", "Cn", "Cs"):
        return False
    if face == BUILT_IN and len(cluster) > 1:
        return False  # it sets marks beside their letter
    lacking = _lacking(face)
    return all(ink(letter, face).tobytes() != lacking for letter in cluster)


@cache
def _lacking(face: str) -> bytes:
    return ink(_UNASSIGNED, face).tobytes()


def ink(text: str, face: str, bold: bool = False) -> NDArray[np.uint8]:
    """White on black, with room for what hangs below the line; a font of one weight stays it."""
    weight = 700 if bold else 400
    with _DRAWING:
        font = _face(face)
        box = cv2.getTextSize((10_000, 10_000), text, (0, 0), font, DRAWN_PX, weight)
        width = max(int(box[0]) + int(box[2]), 1) + DRAWN_PX // 8
        canvas = np.zeros((DRAWN_PX * 2, width), np.uint8)
        cv2.putText(canvas, text, (0, round(DRAWN_PX * 1.3)), (255,), font, DRAWN_PX, weight)
    return canvas


def _faces() -> Iterator[str]:
    yield BUILT_IN
    yield from map(str, installed())


def _shaped(letter: str) -> bool:
    return any(first <= ord(letter) <= last for first, last in _SHAPED)


@cache
def _face(name: str) -> Any:
    return cv2.FontFace(name)


@cache
def _installed(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    found: dict[str, Path] = {}
    for folder in folders:
        for here, _, names in os.walk(folder):
            for name in sorted(set(names) & set(_NAMES)):
                found.setdefault(name, Path(here) / name)
    usable = (found[name] for name in _NAMES if name in found)
    return tuple(path for path in usable if _face(str(path)).getName())


def _folders() -> Iterator[Path]:
    """Where this system keeps its fonts; only those, for a user's own may come and go."""
    if sys.platform == "win32":
        yield Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts"
    elif sys.platform == "darwin":
        yield from (Path("/System/Library/Fonts"), Path("/Library/Fonts"))
    else:
        yield from (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
