"""Virtual firearms: breech faces with the marks of the tool that cut them.

Firearms of one machining share its class character (direction, feed, grain); the profile,
the pits and the scratches are each firearm's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, TypeAlias, get_args

import numpy as np

from app.capture.bench.texture import line_noise, patchy, pits, scratches, stream, surface_noise
from app.capture.opencv import cv2
from app.domain import CaseheadError
from correlation.surface import Floats

Machining: TypeAlias = Literal["milled", "filed", "turned", "cast"]
MACHININGS: tuple[Machining, ...] = get_args(Machining)

PIXEL_UM = 5.06
"""Grid of the bench: the NIST microscope's pixel, binned by two."""
FACE_SIDE = 960
"""Pixels of the breech-face patch: 4.86 mm, a little more than a small primer."""


@dataclass(frozen=True, slots=True)
class VirtualFirearm:
    """A firearm known by its seed. Raises CaseheadError for an unknown machining."""

    seed: int
    machining: Machining = "milled"
    calibre: str = "9 mm Luger"

    def __post_init__(self) -> None:
        if self.machining not in MACHININGS:
            raise CaseheadError(
                f'The bench knows no machining "{self.machining}"; '
                f"use one of {', '.join(MACHININGS)}."
            )
        if self.seed < 0:
            raise CaseheadError("A firearm of the bench has a number from 0 upwards.")

    def stream(self, purpose: str, *more: int | str) -> np.random.Generator:
        """Random numbers of this firearm for one purpose."""
        return stream(self.seed, self.machining, purpose, *more)


@dataclass(frozen=True, slots=True)
class FiringPin:
    """What the firing pin and its aperture leave, in the firearm's frame (micrometres)."""

    x_um: float
    y_um: float
    radius_um: float
    depth_um: float
    aperture_um: float
    drag_deg: float


def firing_pin_of(firearm: VirtualFirearm) -> FiringPin:
    """The firearm's firing pin; pins of different firearms overlap in every measure."""
    rng = firearm.stream("firing pin")
    offset, bearing = rng.uniform(60, 260), rng.uniform(0, 2 * np.pi)
    radius = float(rng.uniform(680, 800))
    return FiringPin(
        x_um=float(offset * np.cos(bearing)),
        y_um=float(offset * np.sin(bearing)),
        radius_um=radius,
        depth_um=float(rng.uniform(260, 340)),
        aperture_um=radius + float(rng.uniform(140, 240)),
        drag_deg=float(rng.normal(0, 12)),
    )


@lru_cache(maxsize=12)
def breech_face_of(firearm: VirtualFirearm) -> Floats:
    """Relief of the breech face in micrometres (rms a few), FACE_SIDE square, metal positive.

    The array is shared and not to be written to.
    """
    cut = _CUTS[firearm.machining](firearm)
    rng = firearm.stream("own")
    grain = surface_noise(rng, FACE_SIDE, PIXEL_UM, 22, 400, 1.2)
    wear = scratches(
        rng,
        FACE_SIDE,
        PIXEL_UM,
        24,
        rng.uniform(0, 180, 24).astype(np.float32),
        (300, 2500),
        (10, 40),
        (0.6, 2.5),
    )
    holes = pits(rng, FACE_SIDE, PIXEL_UM, 7, (12, 55), (1.0, 4.5))
    face: Floats = (cut + 0.7 * grain) * patchy(rng, FACE_SIDE, PIXEL_UM, 0.3) - wear - holes
    face -= face.mean()
    face.setflags(write=False)
    return face


def _grid() -> tuple[Floats, Floats]:
    """x to the right and y downwards from the centre, micrometres."""
    axis = ((np.arange(FACE_SIDE, dtype=np.float32)) - (FACE_SIDE - 1) / 2) * PIXEL_UM
    return axis[None, :], axis[:, None]


def _ridges(rng: np.random.Generator, length: int, feed_um: float) -> Floats:
    """One tooth mark per feed, each of its own place, height and shape."""
    out = np.zeros(length, np.float32)
    at = float(rng.uniform(0, feed_um))
    x_um = np.arange(length, dtype=np.float32) * PIXEL_UM
    while at < length * PIXEL_UM:
        width = float(rng.uniform(0.12, 0.3)) * feed_um
        near = slice(max(int((at - 4 * width) / PIXEL_UM), 0), int((at + 4 * width) / PIXEL_UM) + 1)
        height = float(rng.gamma(3.0, 0.5))
        out[near] += height * np.exp(-(((x_um[near] - at) / width) ** 2)).astype(np.float32)
        at += feed_um * float(rng.normal(1.0, 0.22))
    return np.asarray(out - out.mean(), np.float32)


def _feed_marks(
    rng: np.random.Generator, place_um: Floats, feed_um: float, along_deg: float
) -> Floats:
    """Marks by ``place_um``, the distance across them; drawn out along ``along_deg``."""
    length = 4096
    fine = [line_noise(rng, length, PIXEL_UM, 22, 380, 0.9) for _ in range(2)]
    lines = [1.1 * f + 0.8 * _ridges(rng, length, feed_um) for f in fine]
    axis = np.arange(length, dtype=np.float32) * PIXEL_UM
    place = place_um - float(place_um.min()) + 2000.0
    share = surface_noise(rng, FACE_SIDE, PIXEL_UM, 900, 5000, 1.0)
    share = 0.5 + 0.5 * np.tanh(1.5 * share)
    first, second = (_sampled(line, place, axis) for line in lines)
    depth = surface_noise(rng, FACE_SIDE, PIXEL_UM, 60, 1500, 1.0, stretch=5.0, angle_deg=along_deg)
    marks = (first * share + second * (1 - share)) * (0.8 + 0.4 * np.tanh(depth))
    return np.asarray(marks, np.float32)


def _sampled(line: Floats, place_um: Floats, axis_um: Floats) -> Floats:
    return np.asarray(np.interp(place_um, axis_um, line), np.float32)


def _milled(firearm: VirtualFirearm) -> Floats:
    """Straight parallel feed marks, a little wavy, with chatter across them."""
    rng = firearm.stream("milled")
    x, y = _grid()
    angle = rng.normal(90, 4)
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    wave = surface_noise(rng, FACE_SIDE, PIXEL_UM, 700, 5000, 1.5)
    place = (x * sin + y * cos + 9.0 * wave).astype(np.float32)
    along = (x * cos - y * sin).astype(np.float32)
    chatter = np.sin(2 * np.pi * along / rng.uniform(170, 260) + 0.01 * place)
    envelope = np.clip(surface_noise(rng, FACE_SIDE, PIXEL_UM, 500, 3000), 0, None)
    marks = _feed_marks(rng, place, rng.uniform(95, 125), float(angle))
    return np.asarray(1.9 * marks + 0.4 * chatter * envelope, np.float32)


def _turned(firearm: VirtualFirearm) -> Floats:
    """Arcs around the lathe's axis, which lies a little beside the primer's centre."""
    rng = firearm.stream("turned")
    x, y = _grid()
    offset, bearing = rng.uniform(700, 1100), rng.uniform(0, 2 * np.pi)
    dx, dy = x - offset * np.cos(bearing), y - offset * np.sin(bearing)
    wave = surface_noise(rng, FACE_SIDE, PIXEL_UM, 700, 5000, 1.5)
    radius = (np.hypot(dx, dy) + 7.0 * wave).astype(np.float32)
    return (1.9 * _feed_marks(rng, radius, rng.uniform(80, 110), 0.0)).astype(np.float32)


def _filed(firearm: VirtualFirearm) -> Floats:
    """Many strokes of a hand file in two crossing directions, spread about them."""
    rng = firearm.stream("filed")
    first = rng.normal(35, 9, 200)
    second = rng.normal(-30, 9, 120)
    angles = np.concatenate([first, second]).astype(np.float32)
    strokes = scratches(rng, FACE_SIDE, PIXEL_UM, 620, angles, (700, 4500), (12, 70), (0.8, 3.4))
    wave = surface_noise(rng, FACE_SIDE, PIXEL_UM, 120, 900, 1.0)
    return np.asarray(1.8 * (strokes.mean() - strokes) + 0.5 * wave, np.float32)


def _cast(firearm: VirtualFirearm) -> Floats:
    """Grains without direction: rounded tops, narrow valleys."""
    rng = firearm.stream("cast")
    coarse = surface_noise(rng, FACE_SIDE, PIXEL_UM, 70, 330, 0.6)
    fine = surface_noise(rng, FACE_SIDE, PIXEL_UM, 28, 120, 0.6)
    grains = 1.5 * np.tanh(coarse) - 0.9 * np.abs(coarse) + 0.7 * fine
    return np.asarray(1.4 * cv2.GaussianBlur(grains.astype(np.float32), (0, 0), 0.8), np.float32)


_CUTS: dict[Machining, Callable[[VirtualFirearm], Floats]] = {
    "milled": _milled,
    "filed": _filed,
    "turned": _turned,
    "cast": _cast,
}
