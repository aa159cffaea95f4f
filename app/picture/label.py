"""Words and numbers over the evidence: light with a dark halo, so that any ground will do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from app.picture.drawing import DARK, Colour, Pixels, draw_text, elided, text_width

Place = tuple[int, int]
_SHIFT = 4
_LINES = 3
_WIDTH_IN_LETTERS = 22


@dataclass(frozen=True, slots=True, eq=False)
class Stamp:
    """Something drawn once: what stays of the ground (255: all) and what is added to it.

    Both are uint8 (h, w, 3); ``start`` is the place in it that is laid on a point.
    """

    keeps: Pixels
    adds: Pixels
    start: tuple[int, int]

    @classmethod
    def of(cls, draw: Callable[[Pixels], None], size: tuple[int, int], start: Place) -> Stamp:
        """What ``draw`` lays over any ground of ``size`` (w, h), found from black and white."""
        black = np.zeros((size[1], size[0], 3), np.uint8)
        white = np.full_like(black, 255)
        draw(black)
        draw(white)
        return cls(cv2.subtract(white, black).astype(np.uint8, copy=False), black, start)

    def lay(self, picture: Pixels, at: Place) -> None:
        """Draw it with its start at ``at`` (x, y), cut at the picture's edges."""
        left, top = at[0] - self.start[0], at[1] - self.start[1]
        rows, columns = self.keeps.shape[:2]
        x0, y0 = max(left, 0), max(top, 0)
        x1, y1 = min(left + columns, picture.shape[1]), min(top + rows, picture.shape[0])
        if x0 >= x1 or y0 >= y1:
            return
        inside = np.s_[y0 - top : y1 - top, x0 - left : x1 - left]
        part = picture[y0:y1, x0:x1]
        ground = cv2.multiply(part, self.keeps[inside], scale=1 / 255)
        part[...] = cv2.add(ground, self.adds[inside])


@lru_cache(maxsize=512)
def _text_stamp(text: str, size: int, colour: Colour, weight: int) -> Stamp:
    reach = max(2, round(size * 0.16))
    width = text_width(text, size, weight) + 4 * reach + size
    start = (2 * reach, reach + round(size * 1.3))
    round_brush = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))

    def draw(ground: Pixels) -> None:
        ink = np.zeros_like(ground)
        draw_text(ink, text, start, size, (255, 255, 255), weight)
        halo = cv2.GaussianBlur(cv2.dilate(ink, round_brush), (3, 3), 0)
        darker = ground + np.float32(0.8 / 255) * halo * (np.array(DARK, np.float32) - ground)
        ground[...] = np.rint(darker).astype(np.uint8)
        draw_text(ground, text, start, size, colour, weight)

    return Stamp.of(draw, (width, size * 2 + 2 * reach), start)


@lru_cache(maxsize=256)
def _badge_stamp(number: int, unit: int, colour: Colour, square: bool) -> Stamp:
    text, size, radius = str(number), round(unit * 0.92), badge_radius(unit)
    wide = text_width(text, size, 700)
    room = max(radius, wide / 2 + 0.25 * unit)
    middle = (int(room) + 5, int(radius) + 5)
    around = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    shape = np.stack([np.cos(around), np.sin(around)], axis=1)
    if square:
        shape = np.array([[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]])
    fixed = np.rint((shape * (room, radius) + middle) * 2**_SHIFT).astype(np.int32)

    def draw(ground: Pixels) -> None:
        cv2.polylines(ground, [fixed], True, DARK, 4, cv2.LINE_AA, _SHIFT)
        cv2.fillPoly(ground, [fixed], colour, cv2.LINE_AA, _SHIFT)
        at = (round(middle[0] - wide / 2), round(middle[1] + 0.36 * size))
        draw_text(ground, text, at, size, DARK, 700)

    return Stamp.of(draw, (2 * middle[0] + 1, 2 * middle[1] + 1), middle)


def badge_radius(unit: int) -> float:
    """Half the height of a badge in pixels."""
    return 0.72 * unit


def draw_badge(
    picture: Pixels, number: int, at: Place, unit: int, colour: Colour, *, square: bool
) -> None:
    """A number on its colour, its middle at ``at``: in a disc or in a square."""
    _badge_stamp(number, unit, colour, square).lay(picture, at)


def lines_of(text: str, size: int) -> tuple[str, ...]:
    """What is written of a text: at most three lines, each cut where it gets too long."""
    written: list[str] = []
    room = size * _WIDTH_IN_LETTERS
    for paragraph in text.strip().splitlines():
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}".strip()
            if line and text_width(longer, size, 500) > room:
                written.append(line)
                line = word
            else:
                line = longer
        written.append(line)
    if len(written) > _LINES:
        written = [*written[: _LINES - 1], f"{written[_LINES - 1]} …"]
    return tuple(elided(line, size, room, 500) for line in written if line)


def label_size(text: str, size: int) -> tuple[int, int]:
    """Width and height in pixels of what ``draw_label`` writes."""
    lines = lines_of(text, size)
    widest = max((text_width(line, size, 500) for line in lines), default=0)
    return widest, round(len(lines) * size * 1.35)


def draw_label(picture: Pixels, text: str, at: tuple[int, int], size: int, colour: Colour) -> None:
    """Up to three lines, the first one's base line starting at ``at``."""
    for index, line in enumerate(lines_of(text, size)):
        place = (at[0], at[1] + round(index * size * 1.35))
        _text_stamp(line, size, colour, 500).lay(picture, place)
