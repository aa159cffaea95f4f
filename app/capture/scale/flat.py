"""Uneven light and a dark sensor taken out of what is shown, never out of what is kept.

A flat picture is taken of an even field (or out of focus), a dark one with the light off, each a
mean of several frames. A recipe names them by their digests; evidence carries the recipe in its
capture record, and only the picture for the eye is corrected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError

RECIPE = "flat_field"
"""The key of the recipe in a capture record's settings."""
_TOO_BRIGHT = 0.98
_TOO_DARK = 0.05
_DARK_AT_MOST = 0.25
_STRUCTURE = 0.04


@dataclass(frozen=True, slots=True)
class FlatField:
    """The recipe: digests (SHA-256) of the flat and the dark picture; "" for no dark one."""

    flat: str
    dark: str = ""

    def as_settings(self) -> dict[str, str]:
        """What a capture record keeps under RECIPE."""
        return {"flat": self.flat, "dark": self.dark}


def recipe_of(settings: Mapping[str, Any]) -> FlatField | None:
    """The recipe in a capture record's settings; None without one."""
    kept = settings.get(RECIPE)
    if not isinstance(kept, Mapping) or not isinstance(kept.get("flat"), str):
        return None
    return FlatField(kept["flat"], str(kept.get("dark", "")))


def mean_of(frames: Sequence[Pixels]) -> NDArray[np.uint16]:
    """The mean of frames of one shape and depth as 16 bit, full scale staying full scale.

    Raises CaseheadError for none, or for frames that differ in shape.
    """
    if not frames or any(f.shape != frames[0].shape or f.dtype != frames[0].dtype for f in frames):
        raise CaseheadError("Take all frames of a flat or dark picture with one setting.")
    total = np.zeros(frames[0].shape, np.float64)
    for frame in frames:
        total += frame
    full = float(np.iinfo(frames[0].dtype).max)
    return np.asarray(np.round(total / len(frames) * (65535 / full)), np.uint16)


def check_flat(flat: NDArray[np.uint16]) -> None:
    """Raises CaseheadError, saying what to do, for a picture that can even out no other."""
    values = flat.astype(np.float32) / 65535
    if float(np.quantile(values, 0.995)) > _TOO_BRIGHT:
        raise CaseheadError("The flat picture is overexposed in places; lower the exposure.")
    if float(np.quantile(values, 0.01)) < _TOO_DARK:
        raise CaseheadError("The flat picture is black in places; light the whole field.")
    plane = values if values.ndim == 2 else values.mean(axis=2)
    fine = plane - cv2.GaussianBlur(plane, (0, 0), max(plane.shape) / 40)
    if float(np.quantile(np.abs(fine), 0.95)) > _STRUCTURE * float(plane.mean()):
        raise CaseheadError(
            "Something is in sharp view in the flat picture; take the specimen away, or put it "
            "far out of focus."
        )


def check_dark(dark: NDArray[np.uint16]) -> None:
    """Raises CaseheadError for a dark picture that is not dark."""
    if float(np.mean(dark)) / 65535 > _DARK_AT_MOST:
        raise CaseheadError("The dark picture is bright; cover the lens or turn the light off.")


def corrected(
    pixels: Pixels, flat: NDArray[np.uint16], dark: NDArray[np.uint16] | None = None
) -> Pixels:
    """A copy of ``pixels`` (same shape and depth) as it would look in even light.

    Each pixel less the dark one, times what makes the flat one even; the mean brightness stays.
    Raises CaseheadError when the shapes differ: the camera's size has changed since.
    """
    if flat.shape[:2] != pixels.shape[:2] or (
        dark is not None and dark.shape[:2] != pixels.shape[:2]
    ):
        raise CaseheadError(
            "The flat or dark picture has another size than this one; take them again with the "
            "camera as it is set now."
        )
    full = float(np.iinfo(pixels.dtype).max)
    low = _like(dark, pixels) * np.float32(full) if dark is not None else np.float32(0)
    light = np.maximum(_like(flat, pixels) * np.float32(full) - low, np.float32(1e-3 * full))
    gain = light.mean(axis=(0, 1), keepdims=True) / light
    values = (pixels.astype(np.float32) - low) * gain
    rounded: NDArray[np.float32] = np.clip(np.round(values), 0, full)
    return rounded.astype(np.uint8) if pixels.dtype == np.uint8 else rounded.astype(np.uint16)


def _like(picture: NDArray[np.uint16], pixels: Pixels) -> NDArray[np.float32]:
    """0 to 1, grey or in colour as ``pixels`` are."""
    values = picture.astype(np.float32) / np.float32(65535)
    if pixels.ndim == 2 and values.ndim == 3:
        return np.asarray(values.mean(axis=2), np.float32)
    if pixels.ndim == 3 and values.ndim == 2:
        return np.asarray(values[..., None], np.float32)
    return values
