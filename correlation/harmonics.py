"""Angular harmonics of rings: to them and back to all rotations, by matrix products."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.polar import ANGLES
from correlation.surface import Floats


class Harmonics:
    """The first ``count`` harmonics, and correlations at the rotations ``quarter_deg``.

    Those lie within a quarter of the circle; the other quarters mirror them, for there cosine and
    sine differ by their sign only. ``turns_deg`` are all rotations, quarter after quarter.
    """

    def __init__(self, count: int, quarter_deg: NDArray[np.floating]) -> None:
        self.count = min(count + count % 2, ANGLES // 2)
        order = np.arange(self.count)
        angle = 2 * np.pi * np.outer(order, np.arange(ANGLES)) / ANGLES
        self._waves = np.concatenate([np.cos(angle), -np.sin(angle)]).astype(np.float32)
        turn = np.outer(np.deg2rad(quarter_deg), order)
        twice = np.where(order == 0, 1.0, 2.0) / ANGLES
        self._cosines = _by_parity(twice * np.cos(turn))
        self._sines = _by_parity(-twice * np.sin(turn))
        self.turns_deg = np.concatenate(
            [quarter_deg, -quarter_deg, 180 - quarter_deg, quarter_deg - 180]
        )

    def of(self, rings: Floats) -> Floats:
        """(2, count, marks, rings): real and imaginary parts of (marks, rings, ANGLES)."""
        parts = np.matmul(self._waves, rings.reshape(-1, ANGLES).T)
        return np.asarray(parts.reshape(2, self.count, *rings.shape[:2]))

    def moving(self, parts: Floats) -> Floats:
        """(count, 2 x marks, rings x 2) from ``of``, to stand left of ``fixed``.

        The first rows give the real parts of the product, the others the imaginary ones.
        """
        real, imaginary = parts
        marks, number = real.shape[1:]
        table = np.empty((self.count, 2, marks, number, 2), np.float32)
        table[:, 0, :, :, 0] = table[:, 1, :, :, 1] = real
        table[:, 0, :, :, 1] = imaginary
        np.negative(imaginary, out=table[:, 1, :, :, 0])
        return table.reshape(self.count, 2 * marks, 2 * number)

    def fixed(self, parts: Floats) -> Floats:
        """(count, rings x 2, marks) from ``of``."""
        table = np.ascontiguousarray(parts.transpose(1, 3, 0, 2))
        return table.reshape(self.count, -1, parts.shape[2])

    def back(self, products: Floats, space: Floats) -> Floats:
        """Correlations, (4, angles, columns), quarter after quarter of the circle.

        ``products`` are (2, harmonics / 2, 2, columns): even or odd, harmonic, real or imaginary
        part; fewer than ``count`` where the rest is nil. ``space`` (6, angles, columns) is
        overwritten, and the result is a part of it.
        """
        half = products.shape[1]
        for parity in (0, 1):
            some = products[parity]
            np.matmul(self._cosines[parity, :, :half], some[:, 0], out=space[4 + parity])
            np.matmul(self._sines[parity, :, :half], some[:, 1], out=space[2 + parity])
        quarters, (even_sine, odd_sine), (even, odd) = space[:4], space[2:4], space[4:]
        cosines, mirrored = np.add(even, odd, out=space[0]), np.subtract(even, odd, out=space[1])
        sines = np.add(even_sine, odd_sine, out=even)
        mirrored_sines = np.subtract(odd_sine, even_sine, out=odd)
        np.add(mirrored, mirrored_sines, out=quarters[2])
        np.subtract(mirrored, mirrored_sines, out=quarters[3])
        np.subtract(cosines, sines, out=quarters[1])
        np.add(cosines, sines, out=quarters[0])
        return quarters


def _by_parity(table: NDArray[np.floating]) -> Floats:
    """(2, angles, count / 2) of (angles, count)."""
    return np.stack([table[:, 0::2], table[:, 1::2]]).astype(np.float32)
