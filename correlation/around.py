"""Masked correlations at places and their eight neighbours, exactly (pairwise complete)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from correlation.kernels import loops
from correlation.ncc import pearson_of_sums
from correlation.resample import turning
from correlation.sampling import Source, sampled
from correlation.surface import Bools, Floats

Doubles = NDArray[np.float64]
Indices = NDArray[np.intp]
Place = tuple[float, float, float]


class Fixed:
    """Squares of one size that parts of another picture are laid on.

    ``values`` (n, side, side) are 0 outside ``masks``.
    """

    def __init__(self, values: Floats, masks: Bools) -> None:
        self.side = values.shape[1]
        self._table = np.zeros((len(values), 2, self.side, self.side + 2), np.float32)
        self._table[:, 0, :, :-2] = values * masks
        self._table[:, 1, :, :-2] = masks
        self.areas = np.asarray(masks.sum(axis=(1, 2)), np.float64)
        self._ends = _ends(masks)

    def around(
        self,
        seen: Source,
        matrices: NDArray[np.float64],
        which: Indices,
        least: NDArray[np.float64],
    ) -> tuple[Floats, Floats]:
        """Correlations and numbers of shared pixels, (n, 3, 3) each.

        ``seen`` through each of the n ``matrices``, ``side`` + 2 pixels wide, is laid on the
        square ``which`` names; the places tell where on what is seen the square's corner lies,
        rows first. -1 where fewer than ``least`` pixels are shared.
        """
        compiled = loops()
        if compiled is None:
            return self._plain(sampled(seen, matrices, self.side + 2), which, least)
        scores, counts = np.empty((2, len(which), 3, 3), np.float32)
        compiled.around(seen, self._table, self._ends, which, matrices, least, scores, counts)
        return scores, counts

    def climbed(
        self, seen: Source, place: Place, step_deg: float, least: float, most: int
    ) -> tuple[Place, float, float]:
        """The highest place uphill from one, its correlation and number of shared pixels.

        A place is a rotation of what is seen about its centre, in degrees, and where the centre
        then lies, in pixels right of and below the centre of the first square. Each of ``most``
        steps goes to the best of three rotations and nine shifts by whole pixels, by the
        correlation times the root of the shared pixels.
        """
        compiled = loops()
        if compiled is None:
            return self._climbed(seen, place, step_deg, least, most)
        found = np.array([*place, 0.0, 0.0])
        compiled.climb(seen, self._table, self._ends, found, step_deg, least, most)
        turn, x, y, score, count = found.tolist()
        return (turn, x, y), score, count

    def _climbed(
        self, seen: Source, place: Place, step_deg: float, least: float, most: int
    ) -> tuple[Place, float, float]:
        score = count = 0.0
        for _ in range(most):
            before = turn, x, y = place
            turns = (turn, turn - step_deg, turn + step_deg)
            scores, counts = self.next_to(seen, turns, (x, y), least)
            best = int(np.argmax(scores * np.sqrt(counts)))
            which, row, column = (int(i) for i in np.unravel_index(best, scores.shape))
            place = turns[which], x + column - 1, y + row - 1
            score, count = float(scores.flat[best]), float(counts.flat[best])
            if place == before:
                break
        return place, score, count

    def next_to(
        self, seen: Source, turns_deg: Sequence[float], start: tuple[float, float], least: float
    ) -> tuple[Floats, Floats]:
        """Correlations and shared pixels with the first square: (rotations, 3, 3) each.

        At each rotation the centre of what is seen lies at ``start`` (as in ``climbed``) and the
        eight pixels round it: shifts down, then across.
        """
        number, size = len(turns_deg), self.side + 2
        shape = (seen.shape[0] - 3, seen.shape[1] - 3)
        matrices = [turning(turn, shape, (size, size), start) for turn in turns_deg]
        scores, counts = self.around(
            seen, np.stack(matrices), np.zeros(number, np.intp), np.full(number, least)
        )
        return scores[:, ::-1, ::-1], counts[:, ::-1, ::-1]

    def _plain(self, seen: Floats, which: Indices, least: Doubles) -> tuple[Floats, Floats]:
        own, there = self._table[which, 0, :, :-2], self._table[which, 1, :, :-2]
        own_squares = own * own
        sums = np.empty((6, len(which), 3, 3), np.float64)
        for row, column in np.ndindex(3, 3):
            part = seen[:, :, row : row + self.side, column : column + self.side]
            here, valid = part[:, 0], part[:, 1]
            pairs = (
                (valid, there),
                (valid, own),
                (here, there),
                (valid, own_squares),
                (here * here, there),
                (here, own),
            )
            sums[:, :, row, column] = [np.einsum("kij,kij->k", *pair) for pair in pairs]
        scores = pearson_of_sums(sums, least[:, None, None].astype(np.float32))
        return scores, sums[0].astype(np.float32)


def _ends(masks: Bools) -> Indices:
    """Between which columns anything is needed of each row that is seen: (n, side + 2, 2)."""
    number, side = masks.shape[:2]
    rows = np.zeros((number, side + 2, side), np.bool_)
    for row in range(3):
        rows[:, row : row + side] |= masks
    first, last = rows.argmax(axis=2), side + 2 - rows[:, :, ::-1].argmax(axis=2)
    ends = np.stack([first, np.where(rows.any(axis=2), last, first)], axis=2)
    return np.ascontiguousarray(ends, np.intp)
