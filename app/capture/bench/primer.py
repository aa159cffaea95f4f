"""Impresses a breech face on a virtual primer: what one shot leaves on one cartridge case."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from app.capture.bench.case_head import (
    BEARINGS,
    HEAD_SIDE,
    POCKET_UM,
    beyond_head,
    head_heights,
    polar,
    tiled,
)
from app.capture.bench.firearm import (
    FACE_SIDE,
    PIXEL_UM,
    FiringPin,
    VirtualFirearm,
    breech_face_of,
    firing_pin_of,
)
from app.capture.bench.texture import patchy, pits, scratches, surface_noise
from app.capture.opencv import cv2
from correlation.surface import Floats

PRIMER_RADIUS_UM = 2225.0


@dataclass(frozen=True, slots=True)
class Shot:
    """What differs from shot to shot of one firearm (micrometres, degrees, shares)."""

    flat_um: float
    """Radius of the primer's flat face, inside its rounded edge."""
    pressure: float
    """Mean contact, about 0 (hardly any) to 1 (everywhere)."""
    seat_um: tuple[float, float]
    """How far the primer sat from the bore's axis."""
    depth: float
    """How much of the breech face's relief the primer took where it touched."""
    drag_um: float
    """Length of the firing-pin drag."""
    turn_deg: float
    """How the specimen lies on the stage."""
    stage_um: tuple[float, float]


def shot_of(firearm: VirtualFirearm, shot: int) -> Shot:
    """The circumstances of a shot."""
    rng = firearm.stream("shot", shot)
    return Shot(
        flat_um=float(rng.uniform(1760, 1930)),
        pressure=float(rng.uniform(0.54, 0.80)),
        seat_um=(float(rng.normal(0, 35)), float(rng.normal(0, 35))),
        depth=float(rng.uniform(0.8, 1.1)),
        drag_um=float(np.clip(rng.normal(220, 160), 0, 520)),
        turn_deg=float(rng.uniform(-180, 180)),
        stage_um=(float(rng.normal(0, 90)), float(rng.normal(0, 90))),
    )


@lru_cache(maxsize=6)
def heights_of(firearm: VirtualFirearm, shot: int) -> tuple[Floats, float]:
    """Heights of the case head after the shot, micrometres, and the pixel size in micrometres.

    float32, HEAD_SIDE square, primer in the middle, in the firearm's orientation (not yet as
    it lies on the stage); NaN where there is no case. Shared: not to be written to.
    """
    circumstances = shot_of(firearm, shot)
    heights = _case(firearm, shot, circumstances)
    start = (HEAD_SIDE - FACE_SIDE) // 2
    patch = (slice(start, start + FACE_SIDE),) * 2
    heights[patch] += _pressed(firearm, shot, circumstances) * _flat_share(circumstances)[patch]
    pin = firing_pin_of(firearm)
    _strike(heights, pin, circumstances, firearm.stream("strike", shot))
    heights[beyond_head()] = np.nan
    heights.setflags(write=False)
    return heights, PIXEL_UM


def _wobble(rng: np.random.Generator, amplitude_um: float) -> Floats:
    """A circle's irregularity: micrometres by bearing, on the head's grid."""
    bearings = np.arange(BEARINGS, dtype=np.float32) * np.float32(2 * np.pi / BEARINGS)
    total = np.zeros_like(bearings)
    for order in (2, 3, 5, 9, 17):
        share = rng.normal(0, 1) / np.sqrt(order)
        total += np.float32(share) * np.cos(order * bearings + rng.uniform(0, 2 * np.pi))
    _, index = polar()
    return np.asarray((amplitude_um * total).astype(np.float32)[index], np.float32)


def _case(firearm: VirtualFirearm, shot: int, circumstances: Shot) -> Floats:
    """Primer shape, groove and brass, without the marks of the shot."""
    rng = firearm.stream("case", shot)
    radius, _ = polar()
    rough = tiled(surface_noise(rng, 480, PIXEL_UM, 12, 150, 0.6), HEAD_SIDE)
    rim = POCKET_UM + _wobble(rng, 9.0)
    edge = circumstances.flat_um + _wobble(rng, 7.0) + 6.0 * rough
    bevel = np.clip((radius - edge) / (PRIMER_RADIUS_UM - edge), 0, None)
    primer = -420.0 * np.minimum(bevel, 1.4) ** 1.25
    burr = 5.0 * np.exp(-(((radius - edge + 25) / 40.0) ** 2)) * np.clip(rough, -1, 2)
    groove = -520.0 - 60.0 * np.clip(1 - np.abs(radius - 2330) / 90.0, 0, 1) + 3.0 * rough
    inside = np.where(radius < PRIMER_RADIUS_UM + 20, primer + burr + 2.0 * bevel * rough, groove)
    inside = cv2.GaussianBlur(inside.astype(np.float32), (0, 0), 1.2)
    return np.where(radius > rim, head_heights(firearm.stream("head", shot), rim), inside)


def _flat_share(circumstances: Shot) -> Floats:
    """1 on the primer's face, 0 from its rounded edge outwards."""
    radius, _ = polar()
    share: Floats = np.clip((circumstances.flat_um + 60 - radius) / 120.0, 0, 1)
    return share


def _own_surface(firearm: VirtualFirearm, shot: int) -> Floats:
    """The primer before firing: rolled sheet, stamped; its marks survive where contact is poor."""
    rng = firearm.stream("primer", shot)
    angle = float(rng.uniform(0, 180))
    rolled = surface_noise(rng, FACE_SIDE, PIXEL_UM, 16, 300, 1.0, stretch=5.0, angle_deg=angle)
    stamped = surface_noise(rng, FACE_SIDE, PIXEL_UM, 14, 380, 1.1)
    return np.asarray(
        (1.15 * rolled + 1.25 * stamped) * patchy(rng, FACE_SIDE, PIXEL_UM, 0.28), np.float32
    )


def _contact(face: Floats, pin: FiringPin, circumstances: Shot, rng: np.random.Generator) -> Floats:
    """Share of contact at each pixel, 0 to 1: a soft threshold on pressure and on the relief."""
    slow = surface_noise(rng, FACE_SIDE // 4, PIXEL_UM * 4, 500, 2600, 1.2)
    axis = np.linspace(-1, 1, FACE_SIDE, dtype=np.float32)
    bearing = rng.uniform(0, 2 * np.pi)
    tilt = np.cos(bearing) * axis[None, :] + np.sin(bearing) * axis[:, None]
    distance = _distance(pin.x_um, pin.y_um)
    opening = np.clip((distance - pin.aperture_um) / 90.0, -3, 1)
    pressure = (
        circumstances.pressure + 0.17 * _enlarged(slow) + 0.16 * tilt + 0.3 * np.minimum(opening, 0)
    )
    touching = pressure + 0.10 * face / max(float(face.std()), 1e-6)
    share: Floats = (1.0 / (1.0 + np.exp((0.5 - touching) / 0.07))).astype(np.float32)
    return share


def _enlarged(texture: Floats) -> Floats:
    size = (FACE_SIDE, FACE_SIDE)
    return np.asarray(cv2.resize(texture, size, interpolation=cv2.INTER_CUBIC), np.float32)


def _distance(x_um: float, y_um: float) -> Floats:
    axis = (np.arange(FACE_SIDE, dtype=np.float32) - (FACE_SIDE - 1) / 2) * np.float32(PIXEL_UM)
    return np.asarray(np.hypot(axis[None, :] - x_um, axis[:, None] - y_um), np.float32)


def _pressed(firearm: VirtualFirearm, shot: int, circumstances: Shot) -> Floats:
    """Relief of the primer's face after the shot (micrometres)."""
    rng = firearm.stream("pressed", shot)
    face = _seated(breech_face_of(firearm), circumstances.seat_um)
    contact = _contact(face, firing_pin_of(firearm), circumstances, rng)
    own = _own_surface(firearm, shot)
    relief = own * (1 - 0.75 * contact) - circumstances.depth * face * contact
    relief -= 2.0 * contact
    return np.asarray(relief - _accidents(rng), np.float32)


def _seated(face: Floats, seat_um: tuple[float, float]) -> Floats:
    """The breech face as it met this primer, a little smoothed: brass does not flow into all."""
    shift = np.array([[1, 0, -seat_um[0] / PIXEL_UM], [0, 1, -seat_um[1] / PIXEL_UM]])
    moved = cv2.warpAffine(face, shift, (FACE_SIDE, FACE_SIDE), borderMode=cv2.BORDER_REFLECT)
    return np.asarray(cv2.GaussianBlur(moved, (0, 0), 0.9), np.float32)


def _accidents(rng: np.random.Generator) -> Floats:
    """Scratches, dents and pores that only this cartridge case has (depth, micrometres)."""
    angles = rng.uniform(0, 180, 16).astype(np.float32)
    lines = scratches(rng, FACE_SIDE, PIXEL_UM, 44, angles, (100, 1300), (9, 30), (0.8, 4))
    dents = pits(rng, FACE_SIDE, PIXEL_UM, 6, (15, 80), (0.8, 5))
    grain = surface_noise(rng, FACE_SIDE, PIXEL_UM, 12, 45, 0.3)
    return (lines + dents + 0.2 * grain).astype(np.float32)


def _strike(heights: Floats, pin: FiringPin, circumstances: Shot, rng: np.random.Generator) -> None:
    """The firing-pin impression, the metal that flowed back around it, and the drag."""
    start = (HEAD_SIDE - FACE_SIDE) // 2
    patch = heights[start : start + FACE_SIDE, start : start + FACE_SIDE]
    x = pin.x_um - circumstances.seat_um[0] + float(rng.normal(0, 15))
    y = pin.y_um - circumstances.seat_um[1] + float(rng.normal(0, 15))
    distance = _distance(x, y)
    rough = surface_noise(rng, FACE_SIDE, PIXEL_UM, 14, 200, 0.7)
    ring = np.float32(rng.uniform(5, 16)) * (1 + 0.25 * rough)
    aperture = pin.aperture_um + float(rng.normal(0, 12))
    patch += ring * np.exp(-(((distance - aperture + 55) / 45.0) ** 2)).astype(np.float32)
    patch += 14.0 * np.clip((aperture - distance) / 140.0, 0, 1).astype(np.float32)
    depth = pin.depth_um * float(rng.uniform(0.92, 1.05))
    share = np.minimum(distance / pin.radius_um, 1.2)
    bowl = depth * (0.25 * share**2 + 0.75 * share**5 - 1.0) + 1.2 * rough
    bowl -= 50.0 * np.clip(1 - distance / 160.0, 0, 1)
    patch[:] = np.where(distance < pin.radius_um * 1.15, np.minimum(patch, bowl), patch)
    if circumstances.drag_um > 40:
        _drag(patch, pin, (x, y), circumstances.drag_um, rng)


def _drag(
    patch: Floats,
    pin: FiringPin,
    centre_um: tuple[float, float],
    length_um: float,
    rng: np.random.Generator,
) -> None:
    """A trough the pin leaves while the barrel drops: steep beside the crater, running out."""
    bearing = np.radians(pin.drag_deg + rng.normal(0, 4))
    reach = pin.radius_um + length_um
    axis = (np.arange(FACE_SIDE, dtype=np.float32) - (FACE_SIDE - 1) / 2) * np.float32(PIXEL_UM)
    dx, dy = axis[None, :] - np.float32(centre_um[0]), axis[:, None] - np.float32(centre_um[1])
    along = dx * np.cos(bearing) + dy * np.sin(bearing)
    aside = -dx * np.sin(bearing) + dy * np.cos(bearing)
    rest = np.clip((reach - along) / reach, 0, 1)
    width = 0.62 * pin.radius_um * np.sqrt(rest) + 1.0
    outside = np.clip(np.hypot(dx, dy) / (0.5 * pin.radius_um) - 1, 0, 1) * (along > 0)
    trough = -110.0 * rest * np.clip(1 - (aside / width) ** 2, 0, 1) * outside
    np.minimum(patch, patch + trough.astype(np.float32), out=patch)
