"""The case head around the primer: pocket edge, brass and headstamp, before firing."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.capture.bench.firearm import PIXEL_UM
from app.capture.bench.texture import scratches, surface_noise
from app.capture.opencv import cv2
from correlation.surface import Bools, Floats

HEAD_SIDE = 1600
"""Pixels of a whole specimen: 8.1 mm, enough to move the stage."""
POCKET_UM = 2500.0
"""Radius of the primer pocket's rim (the primer itself is 4.45 mm across)."""

# Strokes of the headstamp's letters in a unit box, x to the right, y downwards.
_LETTERS: dict[str, list[list[tuple[float, float]]]] = {
    "9": [[(1, 0.45), (0, 0.45), (0, 0), (1, 0), (1, 0.7), (0.6, 1), (0.1, 1)]],
    "M": [[(0, 1), (0, 0), (0.5, 0.6), (1, 0), (1, 1)]],
    "L": [[(0, 0), (0, 1), (0.9, 1)]],
    "U": [[(0, 0), (0, 0.8), (0.3, 1), (0.7, 1), (1, 0.8), (1, 0)]],
    "G": [[(1, 0.15), (0.5, 0), (0, 0.3), (0, 0.8), (0.5, 1), (1, 0.8), (1, 0.55), (0.6, 0.55)]],
    "E": [[(1, 0), (0, 0), (0, 1), (1, 1)], [(0, 0.5), (0.7, 0.5)]],
    "R": [[(0, 1), (0, 0), (0.9, 0.05), (0.9, 0.45), (0, 0.5), (0.9, 1)]],
    "K": [[(0, 0), (0, 1)], [(0.9, 0), (0, 0.5), (0.9, 1)]],
    "X": [[(0, 0), (1, 1)], [(1, 0), (0, 1)]],
    "T": [[(0, 0), (1, 0)], [(0.5, 0), (0.5, 1)]],
    "2": [[(0, 0.2), (0.5, 0), (1, 0.25), (0, 1), (1, 1)]],
    "7": [[(0, 0), (1, 0), (0.3, 1)]],
}
_MAKERS = ("KXT", "GEK 27", "RUE 22", "TMX 72", "LUX 97")


BEARINGS = 4096
"""Steps of a full turn in ``polar``."""


@lru_cache(maxsize=1)
def polar() -> tuple[Floats, NDArray[np.int32]]:
    """Distance from the middle (micrometres) of each pixel of a head, and its bearing's step."""
    axis = (np.arange(HEAD_SIDE, dtype=np.float32) - (HEAD_SIDE - 1) / 2) * np.float32(PIXEL_UM)
    radius = np.hypot(axis[None, :], axis[:, None])
    bearing = np.arctan2(axis[:, None], axis[None, :]) * np.float32(BEARINGS / (2 * np.pi))
    return radius.astype(np.float32), bearing.astype(np.int32) % BEARINGS


def tiled(tile: Floats, side: int) -> Floats:
    """A periodic texture repeated to ``side`` pixels."""
    times = -(-side // tile.shape[0])
    return np.tile(tile, (times, times))[:side, :side]


def head_heights(rng: np.random.Generator, rim_um: Floats) -> Floats:
    """Heights of the brass, the pocket's rim at ``rim_um`` (its radius at each pixel)."""
    radius, _ = polar()
    angle = float(rng.uniform(0, 180))
    lines = surface_noise(rng, 640, PIXEL_UM, 14, 140, 0.5, stretch=9.0, angle_deg=angle)
    grain = surface_noise(rng, 544, PIXEL_UM, 12, 120, 0.4)
    burr = surface_noise(rng, 576, PIXEL_UM, 30, 200, 0.6)
    brass = tiled(lines, HEAD_SIDE) * 0.45 + tiled(grain, HEAD_SIDE) * 0.55
    brass -= _head_scratches(rng)
    edge = np.clip((radius - rim_um) / 160.0, 0, 1)
    brass -= 55.0 * (1 - edge) ** 2
    brass += 4.0 * tiled(burr, HEAD_SIDE) * np.exp(-(((radius - rim_um - 60) / 70.0) ** 2))
    return (brass + 70.0 - 85.0 * _headstamp(rng)).astype(np.float32)


def _head_scratches(rng: np.random.Generator) -> Floats:
    angles = rng.uniform(0, 180, 60).astype(np.float32)
    half = scratches(
        rng, HEAD_SIDE // 2, 2 * PIXEL_UM, 120, angles, (150, 1500), (22, 45), (0.8, 3)
    )
    whole = cv2.resize(half, (HEAD_SIDE, HEAD_SIDE), interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole, np.float32)


def _headstamp(rng: np.random.Generator) -> Floats:
    """Depth of the letters, 0 to 1, their walls about 60 um wide."""
    canvas = np.zeros((HEAD_SIDE // 2, HEAD_SIDE // 2), np.float32)
    upper = str(rng.choice(_MAKERS))
    start = float(rng.uniform(0, 2 * np.pi))
    for text, middle in ((upper, start), ("9MM LUGER", start + np.pi)):
        for place, letter in enumerate(text):
            bearing = middle + (place - (len(text) - 1) / 2) * 0.29
            _stamp(canvas, letter, bearing)
    walls = np.clip(1.9 * cv2.GaussianBlur(canvas, (0, 0), 2.2) - 0.25, 0, 1)
    whole = cv2.resize(walls, (HEAD_SIDE, HEAD_SIDE), interpolation=cv2.INTER_CUBIC)
    return np.asarray(whole, np.float32)


def _stamp(canvas: Floats, letter: str, bearing: float) -> None:
    """One letter, its foot towards the primer, between 2.95 and 3.85 mm from the centre."""
    scale = 1.0 / (2 * PIXEL_UM)
    out = np.array([np.cos(bearing), np.sin(bearing)])
    right = np.array([-out[1], out[0]])
    for stroke in _LETTERS.get(letter, []):
        box = np.array(stroke)
        points = np.outer(3850.0 - 900.0 * box[:, 1], out) + np.outer(
            620.0 * (box[:, 0] - 0.5), right
        )
        pixels = points * scale + (canvas.shape[0] - 1) / 2
        path = np.round(pixels * 16).astype(np.int32)
        cv2.polylines(canvas, [path], False, 1.0, 14, cv2.LINE_8, 4)


def beyond_head() -> Bools:
    """True where nothing of the case is: beyond the rim of a 9.96 mm head."""
    radius, _ = polar()
    return np.asarray(radius > 4980.0, dtype=np.bool_)
