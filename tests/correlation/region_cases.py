"""Two hundred pictures from the bench whose breech face is known, and what a finding is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np

from app.capture.bench import (
    MACHININGS,
    BenchSource,
    VirtualFirearm,
    breech_face_of,
    chessboard_of,
    dots_of,
    look,
    mark_image_of,
    mark_scan_of,
    ruling_of,
    scan_of,
    shot_of,
)
from app.domain import Light, MarkKind
from correlation.region import SURE, Finding
from correlation.surface import Floats, Surface

SHARE = 0.02
SPECIMENS = 21
PIXEL_UM = 5.06
Circle = tuple[float, float, float]
Random = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """A picture and the circle round its breech face (micrometres), None where there is none."""

    name: str
    surface: Surface
    truth: Circle | None


@dataclass(frozen=True, slots=True)
class Judged:
    """Errors in shares of the true radius; infinite where there is no breech face."""

    radius: float
    centre: float
    confidence: float

    @property
    def right(self) -> bool:
        """Within two per cent of the radius."""
        return max(abs(self.radius), self.centre) <= SHARE

    @property
    def silent(self) -> bool:
        """Wrong, and nobody is told."""
        return not self.right and self.confidence >= SURE


def judged(found: Finding, truth: Circle | None) -> Judged:
    """What the outer circle is worth."""
    if truth is None:
        return Judged(np.inf, np.inf, found.confidence)
    x, y, radius = truth
    disc = found.outer
    away = float(np.hypot(disc.x_um - x, disc.y_um - y)) / radius
    return Judged(disc.radius_um / radius - 1, away, found.confidence)


def known(count: int = SPECIMENS) -> Iterator[Known]:
    """Eight looks at each of ``count`` cartridge cases, and what holds no primer."""
    for number in range(1, count + 1):
        yield from _of_specimen(number)
    for number, (name, make) in enumerate(_NOTHING):
        if number < 32 * count // SPECIMENS:
            yield Known(f"nothing: {name}", make(), None)


@lru_cache(maxsize=1)
def _bench(number: int) -> tuple[VirtualFirearm, int, BenchSource]:
    firearm = VirtualFirearm(number, MACHININGS[number % len(MACHININGS)])
    source = BenchSource(firearm, 1 + number % 3, rate=0)
    source.open()
    return firearm, 1 + number % 3, source


def _of_specimen(number: int) -> Iterator[Known]:
    for name, look_at in _LOOKS.items():
        firearm, shot, source = _bench(number)
        rng = np.random.default_rng([number, len(name)])
        _as_placed(source, firearm, shot)
        surface, truth = look_at(source, rng)
        yield Known(f"{name} {number}", surface, truth)


def _as_placed(source: BenchSource, firearm: VirtualFirearm, shot: int) -> None:
    put, at = shot_of(firearm, shot), source.stage
    source.move(put.stage_um[0] - at.x_um, put.stage_um[1] - at.y_um)
    source.turn(put.turn_deg - at.turn_deg)
    source.focus(0)
    source.expose(1.0)
    source.switch_light(Light.RING)


def _seen(source: BenchSource) -> tuple[Surface, Circle]:
    pixels = source.read().pixels
    rows, columns = pixels.shape
    at, made = source.stage, source.specimen
    truth = (
        (columns - 1) / 2 * PIXEL_UM + at.x_um,
        (rows - 1) / 2 * PIXEL_UM + at.y_um,
        shot_of(made.firearm, made.shot).flat_um,
    )
    return Surface(pixels.astype(np.float32) / 255, PIXEL_UM, "image"), truth


def _plain(source: BenchSource, rng: Random) -> tuple[Surface, Circle]:
    return _seen(source)


def _side(source: BenchSource, rng: Random) -> tuple[Surface, Circle]:
    source.switch_light(Light.SIDE)
    source.turn(float(rng.uniform(-180, 180)))
    return _seen(source)


def _blurred(source: BenchSource, rng: Random) -> tuple[Surface, Circle]:
    source.focus(float(rng.uniform(60, 700)) * float(rng.choice((-1, 1))))
    return _seen(source)


def _exposed(source: BenchSource, rng: Random) -> tuple[Surface, Circle]:
    source.expose(float(np.exp(rng.uniform(np.log(0.08), np.log(5)))))
    return _seen(source)


def _moved(source: BenchSource, rng: Random) -> tuple[Surface, Circle]:
    bearing = rng.uniform(0, 2 * np.pi)
    source.move(600 * float(np.cos(bearing)), 450 * float(np.sin(bearing)))
    source.turn(float(rng.uniform(-180, 180)))
    return _seen(source)


def _cut_off(source: BenchSource, rng: Random) -> tuple[Surface, Circle]:
    bearing, reach = rng.uniform(0, 2 * np.pi), rng.uniform(900, 2400)
    source.move(reach * float(np.cos(bearing)), reach * float(np.sin(bearing)))
    return _seen(source)


def _dirty(source: BenchSource, rng: Random) -> tuple[Surface, Circle]:
    surface, truth = _seen(source)
    values = surface.values.copy()
    size = values.shape[::-1]
    for _ in range(int(rng.integers(6, 30))):
        at = (int(rng.integers(size[0])), int(rng.integers(size[1])))
        grey = float(rng.choice((0.02, 0.9)))
        cv2.circle(values, at, int(rng.integers(6, 70)), grey, -1, cv2.LINE_AA)
    for _ in range(4):
        thread = rng.uniform((0, 0), size, (6, 2)).cumsum(axis=0) / np.arange(1, 7)[:, None]
        cv2.polylines(values, [thread.astype(np.int32)], False, 0.8, 5, cv2.LINE_AA)
    return Surface(cv2.GaussianBlur(values, (0, 0), 0.8), PIXEL_UM, "image"), truth


def _scanned(source: BenchSource, rng: Random) -> tuple[Surface, Circle]:
    """Some whole, some with a third of the points lost, some cut off at one side."""
    made = source.specimen
    heights, pixel_um = scan_of(made.firearm, made.shot)
    middle = (heights.shape[0] - 1) / 2 * pixel_um
    harm = int(rng.integers(3))
    if harm == 1:
        heights = np.where(rng.random(heights.shape) < 0.3, np.nan, heights)
    cut = int(rng.integers(60, 260)) if harm == 2 else 0
    truth = (middle - cut * pixel_um, middle, shot_of(made.firearm, made.shot).flat_um)
    return Surface(heights[:, cut:].astype(np.float32), pixel_um, "scan"), truth


_LOOKS: dict[str, Callable[[BenchSource, Random], tuple[Surface, Circle]]] = {
    "plain": _plain,
    "side": _side,
    "blurred": _blurred,
    "exposed": _exposed,
    "moved": _moved,
    "cut off": _cut_off,
    "dirty": _dirty,
    "scanned": _scanned,
}


def _image(pixels: Any, pixel_um: float = PIXEL_UM) -> Surface:
    return Surface(np.asarray(pixels, np.float32) / 255, pixel_um, "image")


def _noise(seed: int, blur: float) -> Surface:
    noise = np.random.default_rng(seed).normal(0, 1, (972, 1296)).astype(np.float32)
    if blur:
        noise = np.asarray(cv2.GaussianBlur(noise, (0, 0), blur), np.float32)
    return _image(128 + 60 * noise / noise.std())


def _ramp(turn: float) -> Surface:
    y, x = np.mgrid[:972, :1296] / 1296
    grey = 120 + 90 * (x * np.cos(turn) + y * np.sin(turn))
    return _image(grey + np.random.default_rng(2).normal(0, 2, grey.shape))


def _dark() -> Surface:
    return _image(np.random.default_rng(4).normal(3, 1, (972, 1296)).clip(0))


def _brass(number: int, bearing: float) -> Surface:
    """The head's rim with its stamp; the primer is out of the picture."""
    source = BenchSource(VirtualFirearm(number), 1, rate=0)
    source.open()
    source.move(5600 * float(np.cos(bearing)), 5000 * float(np.sin(bearing)))
    return _seen(source)[0]


def _cut_surface(number: int, machining: int) -> Surface:
    relief = breech_face_of(VirtualFirearm(number, MACHININGS[machining]))
    return Surface(np.array(relief, np.float32), PIXEL_UM, "scan")


def _close_up(number: int, mark: MarkKind, kind: str) -> Surface:
    firearm = VirtualFirearm(number)
    if kind == "scan":
        return Surface(*mark_scan_of(firearm, 1, mark), "scan")
    pixels, pixel_um = mark_image_of(firearm, 1, mark)
    return _image(pixels, pixel_um)


def _letters() -> Surface:
    page = np.full((972, 1296), 210, np.uint8)
    for row in range(9):
        cv2.putText(page, "9 MM LUGER 17", (30, 100 + 100 * row), 0, 3.4, 40, 9, cv2.LINE_AA)
    return _image(page)


def _rough_scan(seed: int) -> Surface:
    heights = np.random.default_rng(seed).normal(0, 1, (700, 700)).astype(np.float32)
    smooth: Floats = np.asarray(cv2.GaussianBlur(heights, (0, 0), 30), np.float32)
    return Surface(3000 * smooth + heights, 6.25, "scan")


_BEARINGS = np.arange(6) * 1.05
_CLOSE: tuple[tuple[MarkKind, str], ...] = (
    (MarkKind.FIRING_PIN, "image"),
    (MarkKind.FIRING_PIN, "scan"),
    (MarkKind.EJECTOR, "image"),
    (MarkKind.EJECTOR, "scan"),
    (MarkKind.APERTURE_SHEAR, "image"),
    (MarkKind.APERTURE_SHEAR, "scan"),
)
_NOTHING: list[tuple[str, Callable[[], Surface]]] = [
    ("noise", lambda: _noise(1, 0)),
    ("brass 0", lambda: _brass(3, 0.0)),
    ("chessboard", lambda: _image(chessboard_of(look(5.06, 7.0)))),
    ("firing pin image", lambda: _close_up(2, *_CLOSE[0])),
    ("dark", _dark),
    ("rough scan", lambda: _rough_scan(1)),
    *((f"brass {n}", lambda n=n: _brass(3, float(_BEARINGS[n]))) for n in range(1, 6)),
    *((f"noise blurred {b}", lambda b=b: _noise(b, b)) for b in (4, 15, 40, 90)),
    ("dots", lambda: _image(dots_of(look(5.06, 20.0)))),
    ("large dots", lambda: _image(dots_of(look(5.06, 3.0), 1500.0))),
    ("large chessboard", lambda: _image(chessboard_of(look(5.06, 30.0), 1800.0))),
    ("ruling", lambda: _image(ruling_of(look(5.06, 2.0)))),
    ("cross", lambda: _image(ruling_of(look(5.06), 25.0, crossed=True))),
    ("ramp", lambda: _ramp(0.4)),
    ("letters", _letters),
    *((f"cut surface {n}", lambda n=n: _cut_surface(5, n)) for n in range(4)),
    *(
        (f"{mark} {kind}", lambda mark=mark, kind=kind: _close_up(2, mark, kind))
        for mark, kind in _CLOSE[1:]
    ),
    ("rough scan 2", lambda: _rough_scan(2)),
    ("firing pin image 5", lambda: _close_up(5, *_CLOSE[0])),
]
