"""The square cells of a mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from correlation.method import Settings
from correlation.prepare import Level
from correlation.surface import Bools, Floats


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Cells of a grid centred on a mark of ``size`` pixels, those with enough data.

    ``values`` and ``masks`` are (cells, side, side), the values with mean 0 over their mask and
    0 outside; ``tops`` and ``lefts`` the first row and column of each on the mark; ``grid`` the
    number of cells across, ``start`` where the first begins.
    """

    values: Floats
    masks: Bools
    tops: NDArray[np.int64]
    lefts: NDArray[np.int64]
    side: int
    pixel_um: float
    size: int
    grid: int
    start: int

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self.tops)

    @property
    def offset(self) -> float:
        """The middle of the grid from the middle of the mark, in pixels."""
        return self.start + (self.grid * self.side - 1) / 2 - (self.size - 1) / 2

    def centres_um(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Centres (x, y) from the centre of the mark."""
        middle = (self.side - 1) / 2 - (self.size - 1) / 2
        x = (self.lefts + middle) * self.pixel_um
        y = (self.tops + middle) * self.pixel_um
        return np.asarray(x, np.float64), np.asarray(y, np.float64)

    def halved(self) -> tuple[Floats, Bools]:
        """The same cells at twice the pitch, means over the valid pixels of each two by two."""
        half = self.side // 2
        shape = (self.count, half, 2, half, 2)
        weight = self.masks.reshape(shape).sum(axis=(2, 4), dtype=np.float32)
        total = self.values.reshape(shape).sum(axis=(2, 4), dtype=np.float32)
        kept = weight >= 2
        values = np.where(kept, total / np.maximum(weight, 1), 0).astype(np.float32)
        count = np.maximum(kept.sum(axis=(1, 2)), 1)[:, None, None]
        mean = values.sum(axis=(1, 2))[:, None, None] / count
        return np.where(kept, values - mean, 0).astype(np.float32), np.asarray(kept, np.bool_)

    def corners(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """First row and column of each from the grid's, at twice the pitch."""
        rows, columns = ((first - self.start) // 2 for first in (self.tops, self.lefts))
        return rows.astype(np.intp), columns.astype(np.intp)


def cut(level: Level, settings: Settings) -> Cells:
    """The cells of ``level``; an even number of pixels across each."""
    side = 2 * round(settings.cell_um / level.pixel_um / 2)
    size = level.values.shape[0]
    number = int(np.ceil(size / side))
    start = (size - number * side) // 2
    pad = max(0, -start)
    after = max(0, start + number * side - size)
    values = _squares(level.values, pad, after, number, side)
    masks = _squares(level.mask, pad, after, number, side)
    count = masks.sum(axis=(1, 2))
    kept = np.flatnonzero(count >= settings.cell_occupancy * side * side)
    values, masks = values[kept], masks[kept]
    mean = (values * masks).sum(axis=(1, 2)) / np.maximum(count[kept], 1)
    rows, columns = np.divmod(kept, number)
    return Cells(
        np.where(masks, values - mean[:, None, None], 0).astype(np.float32),
        masks,
        start + rows * side,
        start + columns * side,
        side,
        level.pixel_um,
        size,
        number,
        start,
    )


def _squares(array: NDArray[Any], before: int, after: int, number: int, side: int) -> NDArray[Any]:
    padded = np.pad(array, (before, after))[: number * side, : number * side]
    squares = padded.reshape(number, side, number, side).transpose(0, 2, 1, 3)
    return squares.reshape(number * number, side, side)
