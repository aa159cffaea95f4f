"""A layer as it is seen in one window: its pixels, and where it has data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from app.picture.arrays import Pixels, u8
from app.picture.colours import colours
from app.picture.geometry import Matrix, moved
from app.picture.layer import BACKGROUND, Layer, Window, as_grey, reduction_of
from app.picture.levels import to_full
from app.picture.light import MISSING_GREY, shaded
from app.picture.relief import LEVEL_CODE

_SHIFT = 4
T = TypeVar("T")


class _Once(Generic[T]):
    """A property worked out once. functools' own lets only one thread at a time work, before
    Python 3.12."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make, self.__doc__ = make, make.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    def __get__(self, seen: Any, _owner: type) -> T:
        if seen is None:
            raise AttributeError(self._name)
        found: T = self._make(seen)
        seen.__dict__[self._name] = found  # found there from now on, before this is asked
        return found


class Seen:
    """A layer in a window, both of which stay as they are; every part is worked out once."""

    def __init__(self, layer: Layer, window: Window) -> None:
        self.layer, self.window = layer, window
        self.into: Matrix = layer.matrix(window)
        self.reduction = reduction_of(self.into)

    @_Once
    def drawn(self) -> Pixels:
        """As adjusted and coloured, whether it covers the window or not."""
        picture, table = self._adjusted, self.layer.adjustment.table()
        if self.layer.scale_name:
            scale = colours(self.layer.scale_name)
            scale = scale if table is None else scale[table]
            return u8(cv2.applyColorMap(as_grey(picture), scale.reshape(256, 1, 3)))
        return picture if table is None else u8(cv2.LUT(picture, table))

    @_Once
    def grey(self) -> Pixels:
        """As adjusted, without colours."""
        picture, table = as_grey(self._adjusted), self.layer.adjustment.table()
        return picture if table is None else u8(cv2.LUT(picture, table))

    @_Once
    def evened(self) -> Pixels:
        """With the local contrast evened out, grey: 128 is the local mean."""
        even = self._evened(self._sharpened)
        return u8(cv2.bitwise_not(even)) if self.layer.adjustment.invert else even

    @_Once
    def cover(self) -> Pixels | None:
        """255 where it has data in the window; None: everywhere."""
        presence = self.layer.side.presence()
        if presence is None:
            return self._frame
        level = presence.level(self.reduction)
        return u8(self._warped(presence.pictures[level], level, cv2.INTER_NEAREST, (0,)))

    @property
    def ground(self) -> Pixels:
        """What is seen where it has no data: one grey outside the picture, another within."""
        return self._within_edges(BACKGROUND, MISSING_GREY)

    @_Once
    def grounded(self) -> Pixels:
        """As drawn, on its ground."""
        if self.cover is None:
            return self.drawn
        ground = self.ground
        if self.drawn.ndim == 3:
            ground = u8(cv2.cvtColor(ground, cv2.COLOR_GRAY2RGB))
        return u8(cv2.copyTo(self.drawn, self.cover, ground))

    @_Once
    def _adjusted(self) -> Pixels:
        """By what looks at a pixel's surroundings."""
        share = self.layer.adjustment.local_contrast / 100
        return self._evened(self._sharpened, share) if share else self._sharpened

    def _evened(self, picture: Pixels, share: float = 1.0) -> Pixels:
        um_per_px = self.layer.side.pixel_um * self.reduction
        even = self.layer.locals(self.into).evened
        return even(as_grey(picture), self.into, um_per_px, share)

    @_Once
    def _sharpened(self) -> Pixels:
        """More of what tells it from itself seen half as finely."""
        amount = self.layer.adjustment.sharpen / 50
        if not amount:
            return self._tone
        softer = self._shown(coarser=1)
        return u8(cv2.addWeighted(self._tone, 1.0 + amount, softer, -amount, 0.0))

    @_Once
    def _tone(self) -> Pixels:
        """The specimen before any adjustment."""
        return self._shown()

    def _shown(self, coarser: int = 0) -> Pixels:
        levels, table = self.layer.levels(), self.layer.table()
        level = levels.level(self.reduction, coarser)
        shade = self.layer.shade(level)
        if table is not None and shade is None:
            codes = self._warped(levels.pictures[level], level, cv2.INTER_LINEAR, (LEVEL_CODE,) * 2)
            return shaded(np.asarray(codes, np.int16), table)
        picture = levels.pictures[level] if shade is None else shade
        return u8(self._warped(picture, level, cv2.INTER_LINEAR, (BACKGROUND,) * 3))

    def _warped(
        self, picture: NDArray[Any], level: int, flags: int, border: tuple[int, ...]
    ) -> NDArray[Any]:
        """A level laid into the window."""
        return cv2.warpAffine(
            picture,
            (self.into @ to_full(level))[:2],
            self.window.size,
            flags=flags,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=border,
        )

    @property
    def _frame(self) -> Pixels | None:
        """255 within the picture's edges; None when the window is wholly within them."""
        rows, columns = self.layer.side.pixels.shape[:2]
        right, below = self.window.width - 1, self.window.height - 1
        corners = np.array([[0, 0], [right, 0], [0, below], [right, below]], np.float64)
        back = moved(np.linalg.inv(self.into).astype(np.float64), corners)
        if (back >= -0.5).all() and (back <= np.array([columns, rows]) - 0.5).all():
            return None
        return self._within_edges(0, 255)

    def _within_edges(self, outside: int, inside: int) -> Pixels:
        rows, columns = self.layer.side.pixels.shape[:2]
        edge = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float64) - 0.5
        limited = np.clip(moved(self.into, edge), -1e6, 1e6)
        polygon = np.rint(limited * 2**_SHIFT).astype(np.int32)
        filled = np.full((self.window.height, self.window.width), outside, np.uint8)
        cv2.fillConvexPoly(filled, polygon, (inside,), cv2.LINE_8, _SHIFT)
        return filled
