"""A length standard under the bench's camera, which does not know its scale, as real ones do."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.capture.bench.standards import Look, chessboard_of, dots_of, ruling_of
from app.capture.bench.texture import stream
from app.capture.frame import Frame, SourceLost
from app.capture.pace import Pace
from app.domain import now

StandardKind: TypeAlias = Literal["ruling", "crossed", "dots", "chessboard"]
STANDARDS: tuple[StandardKind, ...] = ("ruling", "crossed", "dots", "chessboard")
CAMERA = "Bench camera"
"""The name of the bench's camera where it does not tell its scale."""


def picture_of(kind: StandardKind, seen: Look, step_um: float) -> NDArray[np.uint8]:
    """A standard of that kind with ``step_um`` from mark to mark, uint8 rows x columns."""
    if kind == "dots":
        return dots_of(seen, step_um)
    if kind == "chessboard":
        return chessboard_of(seen, step_um)
    crossed = kind == "crossed"
    return ruling_of(seen, step_um, crossed=crossed, length_um=15 * step_um, width_um=step_um / 4)


class StandardSource:
    """Frames of a standard, each with its own noise; ``rate`` a second (0: as fast as asked)."""

    def __init__(
        self, kind: StandardKind, seen: Look, step_um: float, *, rate: float = 20.0
    ) -> None:
        self.name = CAMERA
        self.kind, self.seen, self.step_um = kind, seen, step_um
        self._pace = Pace(rate)
        self._still: NDArray[np.float32] | None = None
        self._number = 0

    def open(self) -> None:
        """Draws the standard, once."""
        if self._still is None:
            still = picture_of(self.kind, replace(self.seen, noise=0.0), self.step_um)
            self._still = still.astype(np.float32)
        self._pace.begin()

    def read(self) -> Frame:
        """The next frame when it is due. Raises SourceLost when closed."""
        if not self._pace.wait() or self._still is None:
            raise SourceLost("The bench is closed; open it again to see frames.")
        self._number += 1
        rng = stream(self.seen.seed, "standard frame", self._number)
        noise = rng.standard_normal(self._still.shape, dtype=np.float32)
        pixels = np.clip(np.round(self._still + self.seen.noise * noise), 0, 255).astype(np.uint8)
        settings = {"bench": self.kind, "step_um": self.step_um}
        return Frame(pixels, self._number, now(), time.monotonic(), settings)

    def interrupt(self) -> None:
        """End a read that waits; safe from any thread."""
        self._pace.end()

    def close(self) -> None:
        """Also ends a read that waits for its frame's time."""
        self._pace.end()
