"""Angular harmonics of rings: to them and back to all rotations, by matrix products."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from correlation.polar import ANGLES
from correlation.surface import Floats


class Harmonics:
    """The first ``count`` harmonics, and correlations at the rotations ``half_deg``.

    Those lie within half of the circle; on the other half the odd harmonics change their sign.
    ``turns_deg`` are all rotations, one half after the other.
    """

    def __init__(self, count: int, half_deg: NDArray[np.floating]) -> None:
        self.count = min(count + count % 2, ANGLES // 2)
        order = np.arange(self.count)
        angle = 2 * np.pi * np.outer(order, np.arange(ANGLES)) / ANGLES
        self._waves = np.concatenate([np.cos(angle), -np.sin(angle)]).astype(np.float32)
        turn = np.outer(np.deg2rad(half_deg), order)
        twice = np.where(order == 0, 1.0, 2.0) / ANGLES
        back = np.stack([twice * np.cos(turn), -twice * np.sin(turn)], axis=2)
        self._even, self._odd = (
            back[:, parity::2].reshape(len(half_deg), -1).astype(np.float32) for parity in (0, 1)
        )
        self.turns_deg = np.concatenate([half_deg, half_deg - 180])

    def of(self, rings: Floats) -> Floats:
        """(2, count, marks, rings): real and imaginary parts of (marks, rings, ANGLES)."""
        parts = np.matmul(self._waves, rings.reshape(-1, ANGLES).T)
        return np.asarray(parts.reshape(2, self.count, *rings.shape[:2]))

    def moving(self, parts: Floats) -> Floats:
        """(count, rings x 2, 2 x marks) from ``of``, to stand, transposed, left of ``fixed``.

        The first columns give the real parts of the product, the others the imaginary ones.
        """
        real, imaginary = (np.swapaxes(part, 1, 2) for part in parts)
        number, marks = real.shape[1:]
        table = np.empty((self.count, number, 2, 2, marks), np.float32)
        table[:, :, 0, 0] = table[:, :, 1, 1] = real
        table[:, :, 1, 0] = imaginary
        np.negative(imaginary, out=table[:, :, 0, 1])
        return table.reshape(self.count, 2 * number, 2 * marks)

    def fixed(self, parts: Floats) -> Floats:
        """(count, rings x 2, marks) from ``of``."""
        table = np.ascontiguousarray(parts.transpose(1, 3, 0, 2))
        return table.reshape(self.count, -1, parts.shape[2])

    def back(self, products: Floats, space: Floats) -> tuple[Floats, Floats]:
        """Correlations as (angles, columns) over even and over odd harmonics.

        Their sums are those of one half of the circle, their differences those of the other.
        ``products`` are (2, harmonics / 2, 2, columns): even or odd, harmonic, real or imaginary
        part; fewer than ``count`` where the rest is nil. The results lie in ``space`` (2, angles,
        columns or more).
        """
        parts = products.reshape(2, 2 * products.shape[1], -1)
        some = slice(parts.shape[1])
        even, odd = space
        np.matmul(self._even[:, some], parts[0], out=even)
        np.matmul(self._odd[:, some], parts[1], out=odd)
        return even, odd
