"""Bar codes in a picture: where bars lie side by side, and what a line across them says."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.capture.labels import code39, code128, ean
from app.capture.opencv import cv2

Corners = NDArray[np.float64]
Grey = NDArray[np.uint8]

_LINES = 12
_ROWS = 36
_BEYOND = (0.08, 1.3)
"""Shares of its length by which a found code is looked at beyond its ends: it may be a part."""
_LONGEST = 4000
_SCALES = (1.0, 0.5, 0.25)
"""Bars are looked for again at these: those of a code that fills the frame are too far apart."""
_FEWEST = 25
_CODES: tuple[tuple[str, Callable[[Sequence[float]], str | None], int], ...] = (
    ("Code 128", code128.decode, 1),
    ("Code 39", code39.decode, 2),
    ("EAN-13", ean.decode, 3),
)
"""Name, decoder, and how many lines must say the same: only Code 128 has a strong check."""
_QUIET = 2.5
"""Light before the first bar, in mean widths of the elements after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """What bars say, and their four corners, pixels from the first pixel's centre."""

    text: str
    kind: str
    corners: Corners


def read_bars(grey: Grey) -> tuple[Bars, ...]:
    """The bar codes in a picture (uint8, rows x columns): Code 128, Code 39, EAN-13 and UPC-A."""
    for scale in _SCALES:
        boxes = (corners / scale for corners in _boxes(shrunk(grey, scale)))
        read = ((_read_box(grey, corners), corners) for corners in boxes)
        found = tuple(Bars(*said, corners) for said, corners in read if said is not None)
        if found:
            return found
    return ()


def shrunk(grey: Grey, scale: float) -> Grey:
    """The picture at a smaller scale; as it is where that is 1 or leaves nothing."""
    if scale == 1.0 or min(grey.shape) * scale < 1:
        return grey
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.uint8)


def _boxes(grey: Grey) -> tuple[Corners, ...]:
    """Where OpenCV finds bars side by side; what it reads itself is often of another code."""
    try:
        found, boxes = cv2.barcode.BarcodeDetector().detectMulti(grey)
    except cv2.error:  # a picture too small to hold bars
        return ()
    return tuple(np.asarray(boxes, float)) if found and boxes is not None else ()


def _read_box(grey: Grey, corners: Corners) -> tuple[str, str] | None:
    """What most lines across the box say, along its longer side first."""
    ways = sorted((corners, np.roll(corners, -1, axis=0)), key=_length, reverse=True)
    for beyond in _BEYOND:
        for box in ways:
            said = _vote(_straight(grey, box, beyond))
            if said is not None:
                return said
    return None


def _length(box: Corners) -> float:
    return float(np.linalg.norm(box[2] - box[1]))


def _straight(grey: Grey, box: Corners, beyond: float) -> NDArray[np.float32]:
    """The box turned level, a little longer at both ends: lines x pixels.

    Of its four corners the second and third are the ends of a side across the bars.
    """
    low, high = box[[0, 3]], box[[1, 2]]
    middle, across = (low + high) / 2, (low - high) * 0.35
    along = (middle[1] - middle[0]) * beyond
    left, right = middle[0] - along, middle[1] + along
    source = np.array(
        [left - across[0], right - across[1], right + across[1], left + across[0]], np.float32
    )
    # one pixel of the picture becomes two, so that thin bars keep their places
    columns = min(round(2 * float(np.linalg.norm(right - left))), _LONGEST) + 1
    ends = [[0, 0], [columns - 1, 0], [columns - 1, _ROWS - 1], [0, _ROWS - 1]]
    turn = cv2.getPerspectiveTransform(source, np.array(ends, np.float32))
    level = cv2.warpPerspective(grey, turn, (columns, _ROWS), borderMode=cv2.BORDER_REPLICATE)
    lines = np.asarray(level, np.float32).reshape(_LINES, _ROWS // _LINES, columns)
    return np.asarray(lines.mean(axis=1), np.float32)


def _vote(lines: NDArray[np.float32]) -> tuple[str, str] | None:
    heard: Counter[tuple[str, str]] = Counter()
    for line in lines:
        widths = widths_of(line)
        heard.update({said for way in (widths, widths[::-1]) for said in _said(way)})
    needed = {name: lines for name, _, lines in _CODES}
    for (text, name), times in heard.most_common():
        if times >= needed[name]:
            return text, name
    return None


def _said(widths: NDArray[np.float64]) -> Iterator[tuple[str, str]]:
    """What the bars say, read from every bar that has light before it. A space is first."""
    for at in range(1, len(widths) - _FEWEST + 1, 2):
        after = widths[at : at + 6]
        if at > 1 and widths[at - 1] < _QUIET * after.mean():
            continue
        for name, decode, _ in _CODES:
            text = decode(widths[at:].tolist())
            if text:
                yield text, name


def widths_of(line: NDArray[np.float32]) -> NDArray[np.float64]:
    """Spaces and bars in pixels, a space first and last, from a line of brightness.

    Edges are where the line crosses the middle of the darkest and brightest nearby.
    """
    near = np.ones(max(len(line) // 12, 9))
    row = line.reshape(1, -1)
    dark = cv2.GaussianBlur(cv2.erode(row, near.reshape(1, -1)), (0, 0), len(near) / 3)[0]
    light = cv2.GaussianBlur(cv2.dilate(row, near.reshape(1, -1)), (0, 0), len(near) / 3)[0]
    height = np.asarray(line - (dark + light) / 2, float)
    height[0] = height[-1] = max(height.max(), 1.0)
    before = np.flatnonzero((height[:-1] > 0) != (height[1:] > 0))
    step = height[before] - height[before + 1]
    edges = before + height[before] / step
    return np.diff(np.concatenate(([0.0], edges, [len(line) - 1.0])))
