"""Faces of a virtual firearm's firing pin, ejector and aperture edge, and what they leave.

Each mark is a close-up on its own fine grid, in the firearm's orientation; a mark's character is
the firearm's, its contact, depth, place and accidents are the shot's.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from app.capture.bench.firearm import VirtualFirearm, firing_pin_of
from app.capture.bench.texture import line_noise, patchy, pits, scratches, surface_noise
from app.capture.opencv import cv2
from app.domain import CaseheadError, MarkKind
from correlation.surface import Floats

CLOSE_UM = 3.125
"""Grid of the close-ups."""
CLOSE_SIDE = 680
"""Pixels of a close-up: 2.1 mm."""
CLOSE_MARKS = (MarkKind.FIRING_PIN, MarkKind.EJECTOR, MarkKind.APERTURE_SHEAR)
"""What close-ups are made of."""


def _axes(x_um: float = 0.0, y_um: float = 0.0) -> tuple[Floats, Floats]:
    """Micrometres to the right of and below a place, as a row and a column."""
    axis = (np.arange(CLOSE_SIDE, dtype=np.float32) - (CLOSE_SIDE - 1) / 2) * np.float32(CLOSE_UM)
    return axis[None, :] - np.float32(x_um), axis[:, None] - np.float32(y_um)


@lru_cache(maxsize=16)
def pin_face_of(firearm: VirtualFirearm) -> Floats:
    """Relief of the firing pin's nose (micrometres, rms about 1.5): turning rings and wear."""
    rng = firearm.stream("pin face")
    x, y = _axes(float(rng.normal(0, 25)), float(rng.normal(0, 25)))
    radius = np.hypot(x, y)
    rings = line_noise(rng, 1024, CLOSE_UM, 18, 90, 0.4)
    axis = np.arange(1024, dtype=np.float32) * np.float32(CLOSE_UM)
    face = 0.7 * np.interp(radius, axis, rings) + 1.1 * _worn(firearm, "pin wear", 14, 220)
    return _frozen(face)


@lru_cache(maxsize=16)
def ejector_face_of(firearm: VirtualFirearm) -> Floats:
    """Relief of the ejector's tip: a stroke of the file and grain (rms about 2)."""
    rng = firearm.stream("ejector face")
    angle = float(rng.normal(20, 25))
    lines = surface_noise(rng, CLOSE_SIDE, CLOSE_UM, 16, 150, 0.6, stretch=4.0, angle_deg=angle)
    return _frozen(1.0 * lines + 1.5 * _worn(firearm, "ejector wear", 14, 200))


def _worn(firearm: VirtualFirearm, purpose: str, low_um: float, high_um: float) -> Floats:
    rng = firearm.stream(purpose)
    grain = surface_noise(rng, CLOSE_SIDE, CLOSE_UM, low_um, high_um, 0.7)
    angles = rng.uniform(0, 180, 12).astype(np.float32)
    lines = scratches(rng, CLOSE_SIDE, CLOSE_UM, 24, angles, (100, 900), (8, 25), (0.6, 2.5))
    dents = pits(rng, CLOSE_SIDE, CLOSE_UM, 12, (10, 40), (0.8, 4.0))
    return np.asarray(grain - lines - dents, np.float32)


@lru_cache(maxsize=16)
def edge_profile_of(firearm: VirtualFirearm) -> Floats:
    """Notches of the aperture's edge, along it: 4 mm at CLOSE_UM, micrometres (rms about 2)."""
    rng = firearm.stream("aperture edge")
    fine = line_noise(rng, 1280, CLOSE_UM, 14, 180, 0.8)
    return _frozen((2.0 * fine).astype(np.float32))


def _frozen(values: Floats) -> Floats:
    out = np.asarray(values - values.mean(), np.float32)
    out.setflags(write=False)
    return out


@lru_cache(maxsize=12)
def mark_heights_of(firearm: VirtualFirearm, shot: int, mark: MarkKind) -> Floats:
    """Heights of one mark after a shot: micrometres, CLOSE_SIDE square, not to be written to.

    Raises CaseheadError for a kind of mark the bench does not make close-ups of.
    """
    makers = {
        MarkKind.FIRING_PIN: _impression,
        MarkKind.EJECTOR: _ejector_mark,
        MarkKind.APERTURE_SHEAR: _shear,
    }
    if mark not in makers:
        raise CaseheadError(
            f"The bench makes no close-up of the {mark}; use one of {', '.join(makers)}."
        )
    heights = makers[mark](firearm, firearm.stream(str(mark), shot))
    heights.setflags(write=False)
    return heights


def _taken(face: Floats, rng: np.random.Generator, seat_um: float) -> Floats:
    """A face as one shot took it: moved, in patches, with accidents of its own."""
    dx, dy = rng.normal(0, seat_um, 2) / CLOSE_UM
    shift = np.array([[1, 0, dx], [0, 1, dy]])
    moved = cv2.warpAffine(face, shift, face.shape[::-1], borderMode=cv2.BORDER_REFLECT)
    contact = np.clip(0.7 + 0.35 * _slow(rng), 0, 1)
    own = surface_noise(rng, CLOSE_SIDE, CLOSE_UM, 18, 260, 1.0)
    angles = rng.uniform(0, 180, 8).astype(np.float32)
    lines = scratches(rng, CLOSE_SIDE, CLOSE_UM, 12, angles, (80, 600), (8, 20), (0.5, 2.0))
    depth = float(rng.uniform(0.8, 1.1))
    taken = -depth * cv2.GaussianBlur(moved, (0, 0), 0.9) * contact
    return np.asarray(taken + own * (1.0 - 0.7 * contact) - lines, np.float32)


def _slow(rng: np.random.Generator) -> Floats:
    small = surface_noise(rng, CLOSE_SIDE // 4, CLOSE_UM * 4, 250, 1500, 1.0)
    size = (CLOSE_SIDE, CLOSE_SIDE)
    return np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _sheet(rng: np.random.Generator, roughness_um: float = 0.9) -> Floats:
    """Metal the tool did not touch: rolled, with a slow waviness."""
    angle = float(rng.uniform(0, 180))
    rolled = surface_noise(rng, CLOSE_SIDE, CLOSE_UM, 12, 200, 0.8, stretch=4.0, angle_deg=angle)
    return np.asarray(roughness_um * rolled * patchy(rng, CLOSE_SIDE, CLOSE_UM, 0.3), np.float32)


def _impression(firearm: VirtualFirearm, rng: np.random.Generator) -> Floats:
    """The crater: a rounded floor that bears the pin's nose, steep walls, the face around it."""
    pin = firing_pin_of(firearm)
    x, y = _axes(*rng.normal(0, 40, 2))
    radius = np.hypot(x, y)
    share = np.minimum(radius / pin.radius_um, 1.25)
    tilt = rng.normal(0, 0.02, 2)
    floor = pin.depth_um * (0.22 * share**2 + 0.78 * share**7 - 1.0)
    floor += tilt[0] * x + tilt[1] * y + _taken(pin_face_of(firearm), rng, 12.0)
    ring = float(rng.uniform(4, 14)) * np.exp(-(((radius - pin.radius_um - 50) / 45.0) ** 2))
    return np.asarray(np.minimum(floor, _sheet(rng) + ring), np.float32)


def _ejector_mark(firearm: VirtualFirearm, rng: np.random.Generator) -> Floats:
    """An oblong dent in the brass with the ejector's relief on its floor."""
    own = firearm.stream("ejector")
    width, height = float(own.uniform(420, 560)), float(own.uniform(300, 400))
    x, y = _axes(*rng.normal(0, 50, 2))
    wave = 18.0 * _slow(rng)
    inside = (np.abs(x) / width) ** 4 + (np.abs(y) / height) ** 4 + wave / width
    depth = float(rng.uniform(20, 40))
    wall = np.clip((1.15 - inside) / 0.3, 0, 1)
    bottom = 0.015 * (x * float(rng.normal(0, 1)) + y * float(rng.normal(0, 1))) - depth
    floor = bottom + _taken(ejector_face_of(firearm), rng, 12.0)
    return np.asarray(_sheet(rng, 1.4) * (1 - wall) + floor * wall, np.float32)


def _shear(firearm: VirtualFirearm, rng: np.random.Generator) -> Floats:
    """Metal torn over the aperture's edge: parallel striae that come and go along the tear."""
    edge = edge_profile_of(firearm)
    x, y = _axes(*rng.normal(0, 40, 2))
    slant = float(rng.normal(0, 0.01))
    place = x + slant * y + 3.0 * _slow(rng) + 2000.0
    axis = np.arange(edge.size, dtype=np.float32) * np.float32(CLOSE_UM)
    share = np.clip(0.75 + 0.3 * _slow(rng), 0.1, 1.1)
    own = surface_noise(rng, CLOSE_SIDE, CLOSE_UM, 20, 200, 0.9)
    tear = np.interp(place, axis, edge) * share * float(rng.uniform(0.85, 1.1)) + 0.7 * own
    tear -= 0.06 * y + 30.0 * (x / 900.0) ** 2 + 20.0
    half_width, half_height = float(rng.uniform(520, 640)), float(rng.uniform(190, 260))
    inside = np.maximum(np.abs(x) / half_width, np.abs(y + 0.00012 * x * x) / half_height)
    wall = np.clip((1.06 - inside + 0.03 * own) / 0.1, 0, 1)
    return np.asarray(_sheet(rng, 1.2) * (1 - wall) + tear * wall, np.float32)
