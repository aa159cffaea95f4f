"""A link chart as a PNG."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from app.casework.drawn import GROUND, Mark, Outline, Stroke, Words, drawn
from app.casework.graph import Chart
from app.casework.layout import Laid, Place
from app.domain import CaseheadError
from app.picture.drawing import Colour, Pixels, draw_text, text_width

SCALE = 2.0
_MOST_PX = 12_000
_SHIFT = 4


def png_of(chart: Chart, laid: Laid) -> bytes:
    """The chart at twice its size, so that it prints well; a very large one at less."""
    sheet = drawn(chart, laid)
    scale = min(SCALE, _MOST_PX / max(sheet.width, sheet.height))
    size = (round(sheet.height * scale), round(sheet.width * scale), 3)
    picture: Pixels = np.full(size, _colour(GROUND), np.uint8)
    for mark in sheet.marks:
        _draw(picture, mark, scale)
    done, data = cv2.imencode(".png", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
    if not done:
        raise CaseheadError("The chart could not be made into a picture; filter it to be smaller.")
    return bytes(data)


def _draw(picture: Pixels, mark: Mark, scale: float) -> None:
    match mark:
        case Stroke(points, width, colour, dash):
            pieces = _pieces(points[0], points[-1], dash) if dash else (points,)
            for piece in pieces:
                line = _fixed(piece, scale)
                thick = max(round(width * scale), 1)
                cv2.polylines(picture, [line], False, _colour(colour), thick, cv2.LINE_AA, _SHIFT)
        case Outline(points, fill, width, colour):
            corners = _fixed(points, scale)
            cv2.fillPoly(picture, [corners], _colour(fill), cv2.LINE_AA, _SHIFT)
            thick = max(round(width * scale), 1)
            cv2.polylines(picture, [corners], True, _colour(colour), thick, cv2.LINE_AA, _SHIFT)
        case Words():
            _write(picture, mark, scale)


def _write(picture: Pixels, mark: Words, scale: float) -> None:
    size, weight = round(mark.size * scale * 0.92), 600 if mark.bold else 400
    x, y = mark.at[0] * scale, mark.at[1] * scale
    if mark.middle:
        x -= text_width(mark.text, size, weight) / 2
    draw_text(picture, mark.text, (round(x), round(y)), size, _colour(mark.colour), weight)


def _pieces(a: Place, b: Place, dash: tuple[float, ...]) -> list[tuple[Place, Place]]:
    """The dashes of a line from ``a`` to ``b``."""
    length = float(np.hypot(b[0] - a[0], b[1] - a[1]))
    if not length:
        return []
    way = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
    found, at = [], 0.0
    while at < length:
        end = min(at + dash[0], length)
        start = (a[0] + way[0] * at, a[1] + way[1] * at)
        found.append((start, (a[0] + way[0] * end, a[1] + way[1] * end)))
        at += sum(dash)
    return found


def _fixed(points: tuple[Place, ...], scale: float) -> NDArray[np.int32]:
    """Points in the whole numbers OpenCV draws with, int32 (n, 2)."""
    whole: NDArray[np.int32] = np.rint(np.array(points) * scale * 2**_SHIFT).astype(np.int32)
    return whole


def _colour(code: str) -> Colour:
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)
