"""The evidence of a view without anything drawn over it.

It is drawn in bands of some rows, which stay in the processor's cache, on two threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from threading import Lock

import cv2
import numpy as np

from app.picture.arrays import Pixels
from app.picture.layer import Layer, Window
from app.picture.modes import EVENED, draw_both, draw_one, is_grey
from app.picture.view import Mode, Pane, Size, panes

_THREADS = 2
"""OpenCV's own threads are switched off where searches run."""
_WORTH_A_THREAD = 120_000
_BAND_PIXELS = 320_000
_LEAST_ROWS = 32
_SHIFT = 4


def draw_evidence(first: Layer, second: Layer, size: Size) -> Pixels:
    """Both specimens as the view wants them, uint8 RGB of shape (height, width, 3)."""
    picture: Pixels = np.empty((size[1], size[0], 3), np.uint8)
    whole = Window(panes(first.view, size)[0], 0, 0, *size)
    evened = first.view.mode in EVENED
    parted = size[0] * size[1] >= _WORTH_A_THREAD
    _run([_preparing(layer, whole, evened) for layer in _needed(first, second)], parted)
    rows = max(_LEAST_ROWS, _BAND_PIXELS // size[0])
    if parted:  # a band at least for every thread
        rows = min(rows, -(-size[1] // _THREADS))
    ends = [*range(0, size[1], rows), size[1]]
    _run([_drawing(picture, (first, second), *band) for band in pairwise(ends)], parted)
    return picture


def side_of_line(window: Window) -> Pixels:
    """255 where a window lies on its pane's side of a slanted line, uint8 of its shape."""
    if window.pane.edge is None:
        return np.full((window.height, window.width), 255, np.uint8)
    nx, ny, c = window.pane.edge
    c -= nx * window.x + ny * window.y
    far = 4.0 * (window.width + window.height) + abs(c)
    on_line, along = np.array([nx * c, ny * c]), np.array([-ny, nx]) * far
    back = np.array([nx, ny]) * far
    corners = np.array([on_line + along, on_line - along, on_line - along - back])
    corners = np.vstack([corners, on_line + along - back])
    mask = np.zeros((window.height, window.width), np.uint8)
    polygon = np.rint(np.clip(corners, -1e6, 1e6) * 2**_SHIFT).astype(np.int32)
    cv2.fillConvexPoly(mask, polygon, (255,), cv2.LINE_8, _SHIFT)
    return mask


def _needed(first: Layer, second: Layer) -> list[Layer]:
    if first.view.mode is Mode.BLINK:
        return [second if first.view.blink_right else first]
    return [first, second]


def _preparing(layer: Layer, window: Window, evened: bool) -> Callable[[], None]:
    return lambda: layer.prepare(window, evened=evened)


def _drawing(
    picture: Pixels, layers: tuple[Layer, Layer], top: int, bottom: int
) -> Callable[[], None]:
    def draw() -> None:
        first, second = layers
        size = (picture.shape[1], picture.shape[0])
        grey = is_grey(first, second)
        for window in _windows(panes(first.view, size), top, bottom):
            part = picture[window.y : window.y + window.height, window.x : window.x + window.width]
            _put(part, window, _evidence(first, second, window, grey))

    return draw


def _evidence(first: Layer, second: Layer, window: Window, grey: bool) -> Pixels:
    shows = window.pane.shows
    if shows == "both":
        return draw_both(first, second, window, grey)
    return draw_one(first if shows == "first" else second, window, grey)


def _windows(all_panes: tuple[Pane, ...], top: int, bottom: int) -> Iterator[Window]:
    """The part of every pane that lies in a band of rows."""
    for pane in all_panes:
        first, last = max(pane.y, top), min(pane.y + pane.height, bottom)
        window = Window(pane, pane.x, first, pane.width, last - first)
        trimmed = _trimmed(window)
        if trimmed.width > 0 and trimmed.height > 0:
            yield trimmed


def _trimmed(window: Window) -> Window:
    """Without the columns that a slanted line cuts off in this band."""
    edge = window.pane.edge
    if edge is None or abs(edge[0]) < 1e-9 or window.height <= 0:
        return window
    nx, ny, c = edge
    ends = [(c - ny * y) / nx for y in (window.y - 1, window.y + window.height)]
    if nx > 0:
        width = min(window.x + window.width, int(max(ends)) + 2) - window.x
        return replace(window, width=width)
    start = max(window.x, int(min(ends)) - 1)
    return replace(window, x=start, width=window.x + window.width - start)


def _put(part: Pixels, window: Window, drawn: Pixels) -> None:
    if window.pane.edge is not None:
        three = drawn if drawn.ndim == 3 else cv2.cvtColor(drawn, cv2.COLOR_GRAY2RGB)
        cv2.copyTo(three, side_of_line(window), part)
    elif drawn.ndim == 2:
        cv2.cvtColor(drawn, cv2.COLOR_GRAY2RGB, dst=part)
    else:
        part[...] = drawn


def _run(tasks: list[Callable[[], None]], parted: bool) -> None:
    """All tasks, on this thread and on others when that is worth it, whichever is free next."""
    if not parted or len(tasks) < 2:
        for task in tasks:
            task()
        return
    with ThreadPoolExecutor(_THREADS - 1) as pool:  # started anew: a tenth of a millisecond
        left = iter(tasks)
        lock = Lock()

        def work() -> None:
            while True:
                with lock:
                    task = next(left, None)
                if task is None:
                    return
                task()

        others = [pool.submit(work) for _ in range(_THREADS - 1)]
        work()
    for other in others:
        other.result()
