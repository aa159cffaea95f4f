"""Uneven light and a sensor's pattern taken out by pictures of a blank: a recipe, never burnt in.

What is seen is (frame - dark) / (flat - dark), brought back to the level of the flat's mean. The
flat is a picture of an even, blank surface under the same light and optics; the dark one has no
light at all. Both are means of many frames, as shares of full scale.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError
from correlation.surface import Floats

ReferenceKind = Literal["flat", "dark"]
SHADING: Final = "shading"
"""The setting of a capture record that tells which references its picture is read with."""
VERSION: Final = "1"
LEAST_FRAMES: Final = 4
_STEEPEST: Final = 6.0
_PLAIN: Final = 0.03
"""Contrast of what is finer than a hundredth of the picture: a blank, out of focus, shows less."""


@dataclass(frozen=True, slots=True, eq=False)
class Shading:
    """``gain`` (mean 1) and ``dark`` (share of full scale), float32, (rows, columns[, 3])."""

    gain: Floats
    dark: Floats | None

    @property
    def nbytes(self) -> int:
        """What it takes of the memory."""
        return self.gain.nbytes + (0 if self.dark is None else self.dark.nbytes)

    def taken_out(self, pixels: Pixels) -> Floats:
        """The picture as shares of full scale (beyond 1 where the gain lifts it), float32.

        Raises CaseheadError for a picture of another size.
        """
        gain, dark = (_like(one, pixels) for one in (self.gain, self.dark))
        assert gain is not None
        values = _share(pixels)
        return (values if dark is None else np.maximum(values - dark, 0)) * gain

    def frame(self, pixels: Pixels) -> Pixels:
        """The picture as uint16 for combining: darkened so far that nothing is lost.

        What was at full scale stays at full scale, for it told nothing. Raises as ``taken_out``.
        """
        top = max(float(self.gain.max()), 1.0)
        levels = np.rint(self.taken_out(pixels) * np.float32(65535.0 / top))
        made: NDArray[np.uint16] = np.clip(levels, 0, 65534).astype(np.uint16)
        made[pixels >= np.iinfo(pixels.dtype).max] = 65535
        return made


def shading_of(flat: Pixels | None, dark: Pixels | None) -> Shading:
    """What a flat and a dark reference, one of them at least, take out.

    Raises CaseheadError when they are not of one size.
    """
    base = flat if flat is not None else dark
    assert base is not None, "a shading needs a reference"
    offset = None if dark is None else _share(dark)
    if flat is None:
        return Shading(np.ones(base.shape[:2], np.float32), offset)
    light = _share(flat)
    if offset is not None:
        light = np.maximum(light - _fitting(offset, light), 0)
    means = light.reshape(-1, light.shape[2] if light.ndim == 3 else 1).mean(axis=0)
    level = means if light.ndim == 3 else means[0]
    return Shading(np.asarray(level / np.maximum(light, level / _STEEPEST), np.float32), offset)


def mean_frame(frames: Sequence[Pixels]) -> Pixels:
    """The mean of frames as uint16, full scale to full scale.

    Raises CaseheadError for too few of them or unlike ones.
    """
    if len(frames) < LEAST_FRAMES:
        raise CaseheadError(f"A reference is the mean of at least {LEAST_FRAMES} frames.")
    if len({(one.shape, one.dtype) for one in frames}) > 1:
        raise CaseheadError("The camera's format changed while the reference was taken; again.")
    total = np.zeros(frames[0].shape, np.float64)
    for one in frames:
        total += one
    scale = 65535.0 / (float(np.iinfo(frames[0].dtype).max) * len(frames))
    return np.asarray(np.rint(total * scale), np.uint16)


def check_reference(kind: ReferenceKind, mean: Pixels) -> None:
    """Raises CaseheadError when the picture cannot be what it is said to be."""
    values = _grey(mean)
    level = float(values.mean())
    if kind == "dark":
        if level > 0.1:
            raise CaseheadError(
                f"The dark reference is not dark ({level:.0%} of full scale); cover the lens and "
                "switch off the light."
            )
        return
    if float((values >= 0.98).mean()) > 1e-3:
        raise CaseheadError("Part of the flat reference is saturated; expose shorter.")
    if level < 0.15:
        raise CaseheadError(
            f"The flat reference is too dark ({level:.0%} of full scale); expose longer or give "
            "more light."
        )
    if _structure(values) > _PLAIN:
        raise CaseheadError(
            "The flat reference shows structure; put a plain, even surface under the lens and "
            "bring it out of focus."
        )


def shading_percent(picture: Floats) -> float:
    """How uneven a picture of a blank is: standard deviation over mean of its slow part, %."""
    slow = _slow(picture)
    return 100.0 * float(slow.std() / max(float(slow.mean()), 1e-9))


def _structure(values: Floats) -> float:
    slow = _slow(values)
    small = cv2.GaussianBlur(values, (0, 0), 2.0)  # a sensor's own pattern is finer
    return float(np.std(small - slow) / max(float(slow.mean()), 1e-9))


def _slow(values: Floats) -> Floats:
    side = max(values.shape) / 64
    small = cv2.resize(values, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    blurred = cv2.GaussianBlur(small, (0, 0), max(side / 4, 1.0))
    size = (values.shape[1], values.shape[0])
    return np.asarray(cv2.resize(blurred, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _share(pixels: Pixels) -> Floats:
    return pixels.astype(np.float32) * np.float32(1.0 / np.iinfo(pixels.dtype).max)


def _grey(pixels: Pixels) -> Floats:
    values = _share(pixels)
    return values if values.ndim == 2 else np.asarray(values.mean(axis=2), np.float32)


def _like(values: Floats | None, pixels: Pixels) -> Floats | None:
    return None if values is None else _fitting(values, pixels)


def _fitting(values: Floats, onto: Floats | Pixels) -> Floats:
    """The values for every channel of a picture."""
    if values.shape[:2] != onto.shape[:2]:
        raise CaseheadError(
            f"The reference has {values.shape[1]} x {values.shape[0]} pixels, the picture "
            f"{onto.shape[1]} x {onto.shape[0]}; take a reference with the camera set as it is now."
        )
    if values.ndim == onto.ndim:
        return values
    if values.ndim == 2:
        return values[..., None]
    return np.asarray(values.mean(axis=2), np.float32)
