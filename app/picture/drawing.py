"""What is drawn over the evidence: dividing line, cells, scale bar, text. All draw in place."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import floor, log10
from threading import local

import cv2
import numpy as np
from numpy.typing import NDArray

from app.letters.faces import BUILT_IN
from app.letters.runs import runs_of_line, western
from app.picture.view import Mode, ViewState, divider_ends, divider_line, divider_px, slanted

Pixels = NDArray[np.uint8]
Colour = tuple[int, int, int]

ACCENT: Colour = (86, 180, 233)
PALE: Colour = (205, 205, 205)
WHITE: Colour = (240, 240, 240)
DARK: Colour = (12, 12, 12)
_SHIFT = 4
_fonts = local()


def letter_px(height: int) -> int:
    """The size of letters over a picture of so many rows: on a dense display twice the pixels."""
    return int(np.clip(height / 48, 13, 40))


def draw_text(
    picture: Pixels,
    text: str,
    at: tuple[int, int],
    height_px: int,
    colour: Colour = WHITE,
    weight: int = 400,
) -> int:
    """One line with its base line starting at ``at`` (x, y); returns its end's x."""
    x, y = at
    for face, run in _runs(text):
        x = int(cv2.putText(picture, run, (x, y), colour, _font(face), height_px, weight)[0][0])
    return x


@lru_cache(maxsize=4096)
def text_width(text: str, height_px: int, weight: int = 400) -> int:
    """The width of one line in pixels."""
    return sum(_width(run, face, height_px, weight) for face, run in _runs(text))


def _width(run: str, face: str, height_px: int, weight: int) -> int:
    box = cv2.getTextSize((10_000, 10_000), run, (0, 0), _font(face), height_px, weight)
    return int(box[2])


def _runs(text: str) -> tuple[tuple[str, str], ...]:
    """Pieces from the left with their fonts; western text, which is most of it, in one."""
    return ((BUILT_IN, text),) if western(text) else runs_of_line(text)


def _font(name: str) -> cv2.FontFace:
    """Mostly OpenCV's own sans font: the same letters on every machine. One a thread: it keeps
    state.
    """
    faces: dict[str, cv2.FontFace] = _fonts.__dict__.setdefault("faces", {})
    if name not in faces:
        faces[name] = cv2.FontFace(name)
    return faces[name]


def elided(text: str, height_px: int, room_px: int, weight: int = 400) -> str:
    """The text, cut at its end when it is longer than the room."""
    if text_width(text, height_px, weight) <= room_px:
        return text
    while text and text_width(text + "…", height_px, weight) > room_px:
        text = text[:-1]
    return text.rstrip() + "…"


def draw_divider(picture: Pixels, view: ViewState) -> None:
    """A hairline, dark beside light so that it shows on any ground."""
    if view.mode not in (Mode.SPLIT, Mode.SIDE):
        return
    height, width = picture.shape[:2]
    if view.mode is Mode.SPLIT and slanted(view):
        _draw_slanted(picture, view)
        return
    at = divider_px(view, (width, height))
    if view.divider == "vertical":
        picture[:, max(at - 1, 0) : at] = DARK
        picture[:, at : at + 1] = PALE
    else:
        picture[max(at - 1, 0) : at, :] = DARK
        picture[at : at + 1, :] = PALE


def _draw_slanted(picture: Pixels, view: ViewState) -> None:
    size = (picture.shape[1], picture.shape[0])
    ends = divider_ends(view, size)
    if ends[0] == ends[1]:
        return
    nx, ny, _ = divider_line(view, size)
    for colour, aside in ((DARK, -0.6), (PALE, 0.4)):
        one, other = (
            tuple(round((v + aside * n) * 2**_SHIFT) for v, n in zip(end, (nx, ny), strict=True))
            for end in ends
        )
        cv2.line(picture, one, other, colour, 1, cv2.LINE_AA, _SHIFT)


def draw_cells(
    picture: Pixels, squares: Sequence[NDArray[np.float64]], congruent: Sequence[bool]
) -> None:
    """Outlines of cells (each (4, 2) pixels): congruent ones strong and numbered, others thin."""
    for square, agrees in zip(squares, congruent, strict=True):
        if not agrees:
            _outline(picture, square, PALE, 1)
    number, width = 0, max(2, round(picture.shape[0] / 600))
    for square, agrees in zip(squares, congruent, strict=True):
        if agrees:
            number += 1
            _outline(picture, square, DARK, 2 * width)
            _outline(picture, square, ACCENT, width)
            _number(picture, square, number)


def _outline(picture: Pixels, square: NDArray[np.float64], colour: Colour, width: int) -> None:
    points = np.rint(np.clip(square, -1e6, 1e6) * 2**_SHIFT).astype(np.int32)
    cv2.polylines(picture, [points], True, colour, width, cv2.LINE_AA, _SHIFT)


def _number(picture: Pixels, square: NDArray[np.float64], number: int) -> None:
    """The number in the square's upper left corner as it stands on the screen."""
    side = float(np.linalg.norm(square[1] - square[0]))
    height, width = picture.shape[:2]
    size = int(np.clip(side / 4, 11, max(18, height / 60)))
    corner = square[int(np.argmin(square.sum(axis=1)))]
    middle = square.mean(axis=0)
    toward = corner + (middle - corner) * min(0.6, 1.9 * size / max(side, 1.0))
    text = str(number)
    x = round(float(toward[0])) - text_width(text, size, 700) // 2
    y = round(float(toward[1])) + size // 3
    if side < 14 or not (0 <= x < width - size * 2 and size <= y < height):
        return
    for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1)):
        draw_text(picture, text, (x + dx, y + dy), size, DARK, 700)
    draw_text(picture, text, (x, y), size, ACCENT, 700)


def round_length_um(room_um: float) -> float:
    """The longest of 1, 2, 5 times a power of ten that fits."""
    power = 10.0 ** floor(log10(max(room_um, 1e-6)))
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= max(room_um, 1e-6))


def length_text(length_um: float) -> str:
    """With its unit, for example ``500 µm`` or ``2 mm``."""
    if length_um >= 1000:
        return f"{length_um / 1000:g} mm"
    return f"{length_um:g} µm"


def draw_scale_bar(picture: Pixels, um_per_px: float) -> None:
    """A bar of a round length with its unit on a dark plate, lower left."""
    height, width = picture.shape[:2]
    if width < 160 or height < 80:
        return
    size = letter_px(height)
    length = round_length_um(um_per_px * min(width * 0.16, 15 * size))
    bar, text = max(2, round(length / um_per_px)), length_text(length)
    inner = max(bar, text_width(text, size, 500))
    x, y = size, height - size
    plate = picture[y - size * 2 - 6 : y + 2, x - 6 : x + inner + 8]
    plate[...] = plate // 4 + 9
    start = x + 1 + (inner - bar) // 2
    thick = max(3, size // 5)
    picture[y - thick - 3 : y - 3, start : start + bar] = WHITE
    left = x + 1 + (inner - text_width(text, size, 500)) // 2
    draw_text(picture, text, (left, y - thick - 10), size, WHITE, 500)
