"""What every way to combine frames asks of them first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError
from correlation.surface import Bools, Floats

_DETAIL_PX = 24.0
_LIMIT_SD = 4.0


def check_frames(frames: Sequence[Pixels], purpose: str, least: int = 2) -> None:
    """Raises CaseheadError unless there are ``least`` pictures of one size, depth and colour."""
    if len(frames) < least:
        told = {0: "no frame", 1: "one frame"}.get(len(frames), f"{len(frames)} frames")
        raise CaseheadError(f"There is only {told} {purpose}; take at least {least}.")
    for number, frame in enumerate(frames, 1):
        fits = frame.ndim == 2 or (frame.ndim == 3 and frame.shape[2] == 3)
        if not fits or min(frame.shape[:2]) < 16 or frame.dtype not in (np.uint8, np.uint16):
            raise CaseheadError(
                f"Frame {number} is no picture of 8 or 16 bits {purpose}; leave it out."
            )
        if (frame.shape, frame.dtype) != (frames[0].shape, frames[0].dtype):
            raise CaseheadError(
                f"Frame {number} is {_told(frame)}, the first is {_told(frames[0])}; frames "
                f"{purpose} must be alike, so take them with the same camera settings."
            )


def check_exposed(frames: Sequence[Pixels], purpose: str) -> None:
    """Raises CaseheadError when nearly all of every frame is saturated or black."""
    shares = [(clipped(f).mean(), dark(f).mean()) for f in frames]
    if min(white for white, _ in shares) > 0.98:
        raise CaseheadError(
            f"Every frame {purpose} is saturated nearly everywhere; expose shorter and take them "
            "again."
        )
    if min(black for _, black in shares) > 0.98:
        raise CaseheadError(
            f"Every frame {purpose} is black nearly everywhere; turn on the light or expose longer."
        )


def full_scale(pixels: Pixels) -> int:
    """The largest value a pixel of this depth can have."""
    return int(np.iinfo(pixels.dtype).max)


def grey(pixels: Pixels) -> Floats:
    """Grey from 0 to 1 (full scale), float32 (rows, columns)."""
    one = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    return np.asarray(one, np.float32) * np.float32(1 / full_scale(pixels))


def clipped(pixels: Pixels) -> Bools:
    """True where any channel is at full scale."""
    return _any(pixels >= full_scale(pixels))


def dark(pixels: Pixels) -> Bools:
    """True where every channel is 0."""
    return ~_any(pixels > 0)


def detail(image: Floats, sigma_px: float = _DETAIL_PX) -> Floats:
    """What is finer than ``sigma_px``, highlights limited: what pictures are registered by."""
    fine = image - _slow(image, sigma_px)
    limit = _LIMIT_SD * float(fine.std())
    return np.asarray(np.clip(fine, -limit, limit), np.float32)


def _slow(image: Floats, sigma_px: float) -> Floats:
    """Three means of a square window, as wide together as that Gaussian, but much faster."""
    side = 2 * round(sigma_px) + 1
    for _ in range(3):
        image = np.asarray(cv2.blur(image, (side, side)), np.float32)
    return image


def rounded(values: Floats | NDArray[np.float64], dtype: np.dtype[np.uint8 | np.uint16]) -> Pixels:
    """Values as pixels of ``dtype``, rounded and limited to its range."""
    top = np.iinfo(dtype).max
    kept = np.clip(np.rint(values), 0, top)
    return kept.astype(np.uint8) if top == 255 else kept.astype(np.uint16)


def _any(found: Bools) -> Bools:
    return np.asarray(found.any(axis=2) if found.ndim == 3 else found, np.bool_)


def _told(frame: Pixels) -> str:
    colour = "colour" if frame.ndim == 3 else "grey"
    bits = frame.dtype.itemsize * 8
    return f"{frame.shape[1]} x {frame.shape[0]} pixels, {bits} bits, {colour}"
