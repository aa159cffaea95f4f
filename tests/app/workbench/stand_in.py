"""A stand-in for the correlation library where a test is about searching and not about marks.

A prepared picture is its mean grey; two pictures score higher the nearer their greys. The test
can hold comparisons up and count what is done.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from threading import Event, Lock
from types import SimpleNamespace
from typing import ClassVar

import numpy as np
import pytest
from numpy.typing import NDArray
from workbench_parts import registration

from app.capture import Frame
from app.domain import Circle, Light, now
from app.matching import engine, keys, matcher, preparing
from app.workbench import Workbench
from correlation.errors import CorrelationError
from correlation.region import Disc, Finding
from correlation.sketch import SKETCH_BYTES, TAG_BYTES
from correlation.surface import Surface


@dataclass(frozen=True)
class Grey:
    """What a prepared picture is here."""

    mean: float
    kind: ClassVar[str] = "image"
    mark: ClassVar[str] = "breech face"

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
    overlap_um2: float = 2e6
    rotation_sd_deg: float | None = 0.1
    shift_sd_um: float | None = 2.0
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
        monkeypatch.setattr(preparing, "find_region", _whole)
        monkeypatch.setattr(preparing, "Prepared", Grey)
        monkeypatch.setattr(preparing, "prepare", self._prepare)
        monkeypatch.setattr(preparing, "sketch", _drawn)
        monkeypatch.setattr(preparing, "tag", _tag)
        monkeypatch.setattr(engine, "tag", _tag)
        monkeypatch.setattr(engine, "Survey", Nearest)
        for module in (engine, matcher):
            monkeypatch.setattr(module, "compare", self._compare)
        for module in (keys, matcher):
            monkeypatch.setattr(module, "METHOD", "grey")
            monkeypatch.setattr(module, "VERSION", "1")

    def _prepare(
        self, surface: Surface, outer: object = None, inner: object = None, mark: str = ""
    ) -> Grey:
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


class Nearest:
    """In place of Survey: the nearer the greys, the stronger."""

    def __init__(self, query: Grey) -> None:
        self.mean = query.mean

    def order(self, heads: NDArray[np.uint8]) -> NDArray[np.float32]:
        return self._near(heads)

    def coarse(self, records: NDArray[np.uint8], which: NDArray[np.int64]) -> SimpleNamespace:
        return SimpleNamespace(strength=self._near(records[which]))

    def _near(self, records: NDArray[np.uint8]) -> NDArray[np.float32]:
        greys = np.ascontiguousarray(records[:, TAG_BYTES : TAG_BYTES + 8]).view(np.float64)
        return (1 - np.abs(greys[:, 0] - self.mean) / 255).astype(np.float32)


def _tag(prepared: Grey) -> bytes:
    return b"grey".ljust(TAG_BYTES)


def _drawn(prepared: Grey) -> bytes:
    return (_tag(prepared) + prepared.to_bytes()).ljust(SKETCH_BYTES, b"\0")


def _whole(surface: Surface, mark: str = "") -> Finding:
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
