"""Series of frames whose truth is known: focus steps, exposures, overlapping fields, tremor.

Unlike ``BenchSource`` nothing here is random but the noise, so that what combines frames can be
measured against the truth in micrometres.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.capture.bench.texture import stream
from app.capture.opencv import cv2
from correlation.surface import Floats

Bytes: TypeAlias = NDArray[np.uint8]
SHARPEST_PX = 0.55
"""Blur of what is in focus, as in the bench's lens."""
_LEVELS = 14


@dataclass(frozen=True, slots=True)
class Noise:
    """A sensor's noise in grey levels of 255: variance ``read`` + ``shot`` x grey."""

    read: float = 1.4
    shot: float = 0.035

    def deviation(self, grey: Floats) -> Floats:
        """Standard deviation at each pixel."""
        return np.sqrt(self.read + self.shot * np.maximum(grey, 0)).astype(np.float32)


def exposed(grey: Floats, noise: Noise | None = None, *seed: int | str) -> Bytes:
    """Grey levels of 255 as the sensor gives them: noise, limits, eight bits."""
    if noise is not None:
        random = stream("sequence", *seed).standard_normal(grey.shape, dtype=np.float32)
        grey = grey + noise.deviation(grey) * random
    return np.asarray(np.clip(np.rint(grey), 0, 255), np.uint8)


def defocused(
    picture: Floats, heights: Floats, pixel_um: float, focus_um: float, aperture: float = 0.09
) -> Floats:
    """A sharp picture seen with the plane of focus at ``focus_um``.

    Each place is blurred (Gaussian) by ``aperture`` times its distance from that plane, between
    the two nearest of 14 blurs. NaN heights lie far below.
    """
    solid = np.nan_to_num(heights, nan=-400.0)
    spread = np.abs(solid - np.float32(focus_um)) * np.float32(aperture / pixel_um)
    sigma = np.sqrt(np.square(spread) + np.float32(SHARPEST_PX**2))
    blurs = np.geomspace(SHARPEST_PX, max(float(sigma.max()), 1.0) * 1.01, _LEVELS)
    place = np.interp(np.square(sigma), np.square(blurs), np.arange(_LEVELS)).astype(np.float32)
    out = np.zeros_like(picture)
    for number, blur in enumerate(blurs):
        weight = np.maximum(1 - np.abs(place - np.float32(number)), 0)
        out += weight * cv2.GaussianBlur(picture, (0, 0), float(blur))
    return np.asarray(out, np.float32)


def placed(
    picture: Floats, shift_px: tuple[float, float], turn_deg: float = 0.0, scale: float = 1.0
) -> Floats:
    """The picture turned counter-clockwise (as seen), enlarged, then moved right and down.

    Around its centre; in the frequency domain where it is only moved, so exact for what the
    pixels can carry (it comes in at the other edge).
    """
    if turn_deg == 0.0 and scale == 1.0:
        return _moved(picture, shift_px)
    rows, columns = picture.shape
    centre = ((columns - 1) / 2, (rows - 1) / 2)
    matrix = cv2.getRotationMatrix2D(centre, turn_deg, scale)
    matrix[:, 2] += np.asarray(shift_px)
    flags = cv2.INTER_LANCZOS4
    warped = cv2.warpAffine(
        picture, matrix, (columns, rows), flags=flags, borderMode=cv2.BORDER_REFLECT
    )
    return np.asarray(warped, np.float32)


def focus_series(
    picture: Floats,
    heights: Floats,
    pixel_um: float,
    focus_um: Sequence[float],
    *,
    breathing_per_um: float = 0.0,
    drift_px: Sequence[tuple[float, float]] | None = None,
    noise: Noise | None = None,
    seed: int = 0,
) -> list[Bytes]:
    """Frames while the focus is raised; ``picture`` is grey levels of 255.

    The frame at ``f`` is enlarged by 1 + ``breathing_per_um`` x f about its centre and moved by
    its ``drift_px``.
    """
    frames = []
    for number, focus in enumerate(focus_um):
        seen = defocused(picture, heights, pixel_um, focus)
        shift = drift_px[number] if drift_px else (0.0, 0.0)
        seen = placed(seen, shift, scale=1.0 + breathing_per_um * focus)
        frames.append(exposed(seen, noise, seed, "focus", number))
    return frames


def bracket(
    radiance: Floats,
    exposures_s: Sequence[float],
    noise: Noise | None = None,
    black: float = 0.0,
    seed: int = 0,
) -> list[Bytes]:
    """Frames of a linear sensor: ``black`` + ``radiance`` (grey levels per second) x time."""
    return [
        exposed(radiance * np.float32(time) + np.float32(black), noise, seed, "bracket", number)
        for number, time in enumerate(exposures_s)
    ]


def fields(
    picture: Floats,
    corners_px: Sequence[tuple[float, float]],
    size_px: tuple[int, int],
    noise: Noise | None = None,
    seed: int = 0,
) -> list[Bytes]:
    """Fields of ``size_px`` (width, height) whose first pixel lies at ``corners_px`` (x, y)."""
    width, height = size_px
    tiles = []
    for number, (x, y) in enumerate(corners_px):
        left, top = int(np.floor(x)), int(np.floor(y))
        seen = _moved(picture, (left - x, top - y))[top : top + height, left : left + width]
        tiles.append(exposed(seen, noise, seed, "field", number))
    return tiles


def _moved(picture: Floats, shift_px: tuple[float, float]) -> Floats:
    if shift_px == (0.0, 0.0):
        return picture
    across = np.fft.rfftfreq(picture.shape[1])[None, :] * shift_px[0]
    down = np.fft.fftfreq(picture.shape[0])[:, None] * shift_px[1]
    spectrum = np.fft.rfft2(picture) * np.exp(-2j * np.pi * (across + down))
    return np.fft.irfft2(spectrum, s=picture.shape).astype(np.float32)
