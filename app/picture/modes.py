"""The view modes: how two specimens become one picture, drawn window by window."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np
from numpy.typing import NDArray

from app.picture.arrays import Pixels, u8
from app.picture.layer import BACKGROUND, Layer, Window
from app.picture.seen import Seen
from app.picture.view import Mode, ViewState

EDGE_COLOUR = (255, 176, 0)
"""Amber: seen with every colour vision, and on any grey but the brightest."""

LEFT_TINT = (1.0, 0.42, 0.0)
RIGHT_TINT = (0.0, 0.58, 1.0)
"""Red and cyan shifted towards orange and blue, which every colour vision tells apart; together
they are neutral grey."""

EVENED = (Mode.DIFFERENCE, Mode.EDGES)
_EDGE_UM = 12.0
"""The Gaussian that is taken for fine grain when edges are looked for."""

_LEAST_SIGMA = 1.5
_EDGE = 20  # grey values of the evened picture over one sigma
_MARGIN = 12


def draw_one(layer: Layer, window: Window, grey: bool) -> Pixels:
    """A specimen alone, uint8 (rows, columns) when ``grey``, else RGB."""
    return _alike(Seen(layer, window).grounded, grey)


def draw_both(first: Layer, second: Layer, window: Window, grey: bool) -> Pixels:
    """Both specimens, as the view's mode wants them; ``first`` is that in the first place."""
    draw = _MODES[first.view.mode]
    return _alike(draw(Seen(first, window), Seen(second, window), first.view), grey)


def is_grey(first: Layer, second: Layer) -> bool:
    """Whether the picture needs no colours."""
    mode = first.view.mode
    if mode in (Mode.EDGES, Mode.RED_CYAN):
        return False
    return mode is Mode.DIFFERENCE or (first.is_grey and second.is_grey)


def _overlay(first: Seen, second: Seen, view: ViewState) -> Pixels:
    """The second over the first by its opacity; each alone where the other has no data."""
    grey = is_grey(first.layer, second.layer)
    below, above = (_alike(seen.drawn, grey) for seen in (first, second))
    under, over = first.cover, second.cover
    mixed = u8(cv2.addWeighted(below, 1.0 - view.opacity, above, view.opacity, 0.0))
    if over is not None:
        mixed = u8(cv2.copyTo(mixed, over, below.copy()))
    if under is None:
        return mixed
    missing = u8(cv2.bitwise_not(under))
    if over is None:
        return u8(cv2.copyTo(above, missing, mixed))
    cv2.copyTo(above, cv2.bitwise_and(over, missing), mixed)
    return _grounded(mixed, u8(cv2.bitwise_or(over, under)), first, second)


def _difference(first: Seen, second: Seen, _view: ViewState) -> Pixels:
    """Half the difference after evening out, about mid grey, where both have data."""
    picture = u8(cv2.addWeighted(first.evened, 0.5, second.evened, -0.5, 128.0))
    covers = [cover for cover in (first.cover, second.cover) if cover is not None]
    if not covers:
        return picture
    both = covers[0] if len(covers) == 1 else cv2.bitwise_and(*covers)
    return u8(cv2.copyTo(picture, both, np.full_like(picture, BACKGROUND)))


def _checker(first: Seen, second: Seen, view: ViewState) -> Pixels:
    """Squares of one and the other by turns, fixed to the left specimen."""
    grey = is_grey(first.layer, second.layer)
    one, other = (_alike(seen.grounded, grey) for seen in (first, second))
    return u8(cv2.copyTo(other, checkered(view, first.window), one.copy()))


def checkered(view: ViewState, window: Window) -> Pixels:
    """255 in every other square of ``checker_um``, uint8 of the window's shape."""
    to_um = np.linalg.inv(window.matrix(view))
    odd = _turns(to_um[0], view, window) ^ _turns(to_um[1], view, window)
    return u8(cv2.threshold(odd, 127, 255, cv2.THRESH_BINARY)[1])


def _turns(row: NDArray[np.floating], view: ViewState, window: Window) -> Pixels:
    """128 and over where a coordinate lies in an odd square: whole numbers that wrap round."""
    per_um = 32768.0 / view.checker_um
    columns = row[0] * np.arange(window.width) + row[2]
    rows = row[1] * np.arange(window.height)
    across, down = (np.mod(np.rint(v * per_um), 65536).astype(np.uint16) for v in (columns, rows))
    total = across[None, :] + down[:, None]
    return u8((total >> 8).astype(np.uint8))


def _edges(first: Seen, second: Seen, view: ViewState) -> Pixels:
    """The edges of one specimen, thin lines, over the other."""
    left, right = _left_right(first, second)
    above, below = (right, left) if view.edges_of == "right" else (left, right)
    picture = _alike(below.grounded.copy(), grey=False)
    inked = np.empty_like(picture)
    cv2.rectangle(inked, (0, 0), inked.shape[1::-1], EDGE_COLOUR, cv2.FILLED)
    return u8(cv2.copyTo(inked, edges(above.layer, above.window), picture))


def edges(layer: Layer, window: Window) -> Pixels:
    """255 on the edges of a specimen: ridges of the gradient after evening out local contrast."""
    by = _MARGIN
    seen = Seen(layer, window.grown(by))
    sigma = min(max(_EDGE_UM / layer.view.um_per_px, _LEAST_SIGMA), _MARGIN / 2)
    reach = 2 * round(2 * sigma) + 1
    even = seen.evened
    if seen.cover is not None:  # where the data end there is no edge
        even = u8(cv2.copyTo(even, seen.cover, np.full_like(even, 128)))
    smooth = cv2.GaussianBlur(even, (reach, reach), sigma)
    across, down = (
        u8(cv2.convertScaleAbs(cv2.Sobel(smooth, cv2.CV_16S, *way), alpha=sigma / 8))
        for way in ((1, 0), (0, 1))
    )
    steep = cv2.addWeighted(cv2.max(across, down), 0.96, cv2.min(across, down), 0.4, 0.0)
    steep = u8(cv2.threshold(steep, _EDGE, 255, cv2.THRESH_TOZERO)[1])
    found = cv2.bitwise_or(
        _top(steep, across, down, np.ones((1, 3), np.uint8)),
        _top(steep, down, across, np.ones((3, 1), np.uint8)),
    )
    found = cv2.copyTo(found, steep)
    if seen.cover is not None:
        found = cv2.bitwise_and(found, cv2.erode(seen.cover, np.ones((5, 5), np.uint8)))
    return np.ascontiguousarray(found[by:-by, by:-by], np.uint8)


def _top(steep: Pixels, along: Pixels, other: Pixels, line: Pixels) -> Pixels:
    """Where the gradient runs rather ``along`` a direction and is greatest on a line of it."""
    greatest = cv2.compare(steep, cv2.dilate(steep, line), cv2.CMP_GE)
    return u8(cv2.bitwise_and(greatest, cv2.compare(along, other, cv2.CMP_GE)))


def _red_cyan(first: Seen, second: Seen, _view: ViewState) -> Pixels:
    """The left specimen in red, the right one in cyan: grey where they are alike."""
    left, right = (_lone(seen) for seen in _left_right(first, second))
    green = cv2.addWeighted(left, LEFT_TINT[1], right, RIGHT_TINT[1], 0.0)
    picture = u8(cv2.merge([left, green, right]))
    one, other = first.cover, second.cover
    if one is None or other is None:
        return picture
    return _grounded(picture, u8(cv2.bitwise_or(one, other)), first, second)


def _lone(seen: Seen) -> Pixels:
    """Grey values, dark where there are no data."""
    return seen.grey if seen.cover is None else u8(cv2.bitwise_and(seen.grey, seen.cover))


def _left_right(first: Seen, second: Seen) -> tuple[Seen, Seen]:
    return (second, first) if first.layer.right else (first, second)


def _grounded(picture: Pixels, cover: Pixels, first: Seen, second: Seen) -> Pixels:
    """What neither covers: within either picture's edges missing, else background."""
    ground = _alike(u8(cv2.max(first.ground, second.ground)), picture.ndim == 2)
    return u8(cv2.copyTo(picture, cover, ground))


def _alike(picture: Pixels, grey: bool) -> Pixels:
    if grey or picture.ndim == 3:
        return picture
    return u8(cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB))


_MODES: dict[Mode, Callable[[Seen, Seen, ViewState], Pixels]] = {
    Mode.OVERLAY: _overlay,
    Mode.DIFFERENCE: _difference,
    Mode.CHECKER: _checker,
    Mode.EDGES: _edges,
    Mode.RED_CYAN: _red_cyan,
}
