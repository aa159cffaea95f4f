"""Scans under a virtual light, and pictures as grey values for the screen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.picture.arrays import u8
from app.picture.readers import known, number
from app.picture.relief import CODES, Codes, Relief, relief_of, slope_of_code
from correlation.surface import Floats, Surface

Grey = NDArray[np.uint8]

MISSING_GREY = 52
ELEVATION_RANGE = (5.0, 90.0)
DETAIL_RANGE = (0.0, 8.0)
FORM_RANGE = (0.0, 8.0)


@dataclass(frozen=True, slots=True)
class Light:
    """A distant light on a scan: azimuth counter-clockwise as seen from "right", elevation over
    the plane, ``shine`` the strength of the highlight (0 to 1).

    ``detail`` exaggerates the fine relief (1: as levelled and scaled for the eye), apart from the
    form it lies on: ``form`` 0 leaves the surface levelled, 1 keeps the form as measured.
    """

    azimuth_deg: float = 135.0
    elevation_deg: float = 45.0
    shine: float = 0.35
    detail: float = 1.0
    form: float = 0.0

    def words(self) -> str:
        """The light in words, for captions."""
        said = f"light from {self.azimuth_deg % 360:.0f}° at {self.elevation_deg:.0f}°"
        said += f", detail ×{self.detail:.2g}" if self.detail != 1 else ""
        return said + (f", form ×{self.form:.2g}" if self.form else "")

    def mixed(self) -> tuple[float, float]:
        """How much form goes with one part of detail (or form alone, when there is no detail),
        and what both are exaggerated by."""
        if self.detail > 0:
            return round(self.form / self.detail, 4), self.detail
        return (1.0, self.form) if self.form else (0.0, 0.0)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Light:
        """A stored light; what is absent or makes no sense becomes the default."""
        return cls(**known(values, _READERS))


_READERS = {
    "azimuth_deg": number(-360.0, 360.0),
    "elevation_deg": number(*ELEVATION_RANGE),
    "shine": number(0.0, 1.0),
    "detail": number(*DETAIL_RANGE),
    "form": number(*FORM_RANGE),
}


def displayable(surface: Surface, light: Light | None = None) -> Grey:
    """The picture in grey values, uint8 of the surface's shape; missing is a neutral dark grey.

    Images keep their contrast (0..1 becomes 0..255); scans are lit by ``light``.
    """
    if surface.kind == "scan":
        return lit(relief_of(surface), light or Light())
    missing = np.isnan(surface.values)
    grey = np.clip(np.nan_to_num(surface.values) * np.float32(255.0) + np.float32(0.5), 0, 255)
    pixels: Grey = grey.astype(np.uint8)
    np.copyto(pixels, MISSING_GREY, where=missing)
    return pixels


def lit(relief: Relief, light: Light) -> Grey:
    """A whole relief under a light, uint8 of its shape."""
    form, exaggeration = light.mixed()
    codes = relief.codes(form, 1.0 if light.detail else 0.0)
    pixels = shaded(codes, light_table(light, exaggeration))
    np.copyto(pixels, MISSING_GREY, where=relief.missing)
    return pixels


def shaded(codes: Codes, table: Grey) -> Grey:
    """The shade of every pair of slope codes, int16 (rows, columns, 2), looked up in a table of a
    light: uint8 (rows, columns)."""
    nearest: dict[str, Any] = {"interpolation": cv2.INTER_NEAREST, "map2": None}
    return u8(cv2.remap(table, codes, **nearest, borderMode=cv2.BORDER_REPLICATE))


@lru_cache(maxsize=8)
def light_table(light: Light, exaggeration: float, turned_deg: float = 0.0) -> Grey:
    """The shade of every slope there is, uint8 (CODES, CODES): columns are codes of the slope to
    the right, rows of that downwards, both by ``exaggeration``.

    ``turned_deg`` is how far the specimen is turned on the screen, where the light stays.
    """
    # shade changes slowly with the slope's angle: it is worked out between every two codes
    slopes = slope_of_code(np.arange(0.5, CODES, 2.0)) * np.float32(exaggeration)
    azimuth = light.azimuth_deg - turned_deg
    coarse = _shade(slopes[None, :], slopes[:, None], azimuth, light)
    fine = cv2.resize(coarse, (CODES, CODES), interpolation=cv2.INTER_LINEAR)
    return u8(cv2.convertScaleAbs(fine))


def _shade(across: Floats, down: Floats, azimuth_deg: float, light: Light) -> Floats:
    """Lambert's law with a soft highlight (Blinn's half-way vector), 0 to 255."""
    azimuth, elevation = np.deg2rad(azimuth_deg), np.deg2rad(light.elevation_deg)
    x = np.float32(np.cos(elevation) * np.cos(azimuth))
    y = np.float32(-np.cos(elevation) * np.sin(azimuth))
    z = np.float32(np.sin(elevation))
    over = np.float32(1.0) / np.sqrt(across * across + down * down + np.float32(1.0))
    facing = (z - x * across) - y * down
    shade = np.maximum(facing * over, 0) * np.float32(190.0) + np.float32(8.0)
    if light.shine:
        half = np.sqrt(np.float32(2.0) + np.float32(2.0) * z)
        shine = np.maximum((facing + np.float32(1.0)) * over / half, 0)
        for _ in range(4):
            shine *= shine
        shade += shine * np.float32(90.0 * light.shine)
    return np.asarray(np.minimum(shade, np.float32(255.0)), dtype=np.float32)
