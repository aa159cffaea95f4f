"""A stand-in for the correlation library where a test is about searching and not about marks.

A prepared picture is its mean grey; two pictures score higher the nearer their greys. The test
can hold comparisons up and count what is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Lock

import numpy as np
import pytest
from numpy.typing import NDArray
from workbench_parts import registration

from app.capture import Frame
from app.domain import Circle, Light, now
from app.matching import matcher
from app.workbench import Workbench
from correlation.errors import CorrelationError
from correlation.region import Disc, Finding
from correlation.surface import Surface


@dataclass(frozen=True)
class Grey:
    """What a prepared picture is here."""

    mean: float

    def to_bytes(self) -> bytes:
        return np.float64(self.mean).tobytes()

    @classmethod
    def from_bytes(cls, data: bytes) -> Grey:
        return cls(float(np.frombuffer(data, np.float64)[0]))


@dataclass(frozen=True)
class Pair:
    """The fields of a PairScore."""

    score: float
    ccf: float
    method: str = "grey"
    version: str = "1"
    cells: int = 4
    congruent_cells: int = 2
    rotation_deg: float = 10.0
    shift_um: tuple[float, float] = (3.0, 4.0)
    overlap: float = 0.9
    seconds: float = 0.0
    parameters: dict[str, float] = field(default_factory=dict)
    cell_list: tuple[object, ...] = ()


class StandIn:
    """Takes the place of find_region, prepare and compare; ``go`` lets comparisons through."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.prepared: list[float] = []
        self.compared = 0
        self.refused: set[int] = set()
        self.begun, self.go = Event(), Event()
        self.go.set()
        self._lock = Lock()
        monkeypatch.setattr(matcher, "find_region", _whole)
        monkeypatch.setattr(matcher, "Prepared", Grey)
        monkeypatch.setattr(matcher, "prepare", self._prepare)
        monkeypatch.setattr(matcher, "compare", self._compare)
        monkeypatch.setattr(matcher, "METHOD", "grey")
        monkeypatch.setattr(matcher, "VERSION", "1")

    def _prepare(self, surface: Surface, outer: object = None, inner: object = None) -> Grey:
        mean = float(surface.values.mean()) * 255
        with self._lock:
            self.prepared.append(mean)
        if round(mean) in self.refused:
            raise CorrelationError("The mark is too small to be compared.")
        return Grey(mean)

    def _compare(self, left: Grey, right: Grey) -> Pair:
        with self._lock:
            self.compared += 1
        self.begun.set()
        assert self.go.wait(20)
        nearness = 1 - abs(left.mean - right.mean) / 255
        return Pair(nearness, nearness)


def _whole(surface: Surface) -> Finding:
    rows, columns = surface.values.shape
    middle = columns * surface.pixel_um / 2, rows * surface.pixel_um / 2
    return Finding(Disc(*middle, min(middle)), None, 0.5, "")


def grey(level: int) -> NDArray[np.uint8]:
    """A picture of one grey, uint8 (40, 40)."""
    return np.full((40, 40), level, np.uint8)


def keep(
    workbench: Workbench, level: int, light: Light = Light.RING, label: str = "", **more: object
) -> str:
    """A picture of one grey of a cartridge case of its own, with its region; its identifier."""
    mark = workbench.register(registration(label or f"{level}", **more))
    frame = Frame(grey(level), level, now(), 0.0, {}, 2.5, light)
    acquired = workbench.capture(mark.id, frame)
    workbench.correct_region(acquired.id, Circle(50, 50, 40), None)
    return acquired.id
