"""Evidence labels in a frame: QR codes and bar codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.capture.labels.bars import Corners, Grey, read_bars, shrunk
from app.capture.opencv import cv2

_SIDE = 1600
"""Pixels of the longer side beyond which a frame is read at a smaller scale first."""


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """What a code says, which kind it is, and its corners in pixels of the frame."""

    text: str
    kind: str
    corners: Corners


def read_labels(pixels: NDArray[Any]) -> tuple[Label, ...]:
    """The labels in a picture: QR codes, Code 128, Code 39, EAN and UPC; usually none or one.

    ``pixels`` is uint8 or uint16, rows x columns or rows x columns x 3 (RGB). Light on dark is
    not read. Takes about a tenth of a second: not for a thread that draws.
    """
    grey = _grey(pixels)
    scale = min(1.0, _SIDE / max(grey.shape))
    found = _read_scaled(grey, scale) or (_read_scaled(grey, 1.0) if scale < 1.0 else ())
    if not found:
        found = _read_squares(shrunk(grey, scale), scale)
    return tuple({label.text: label for label in found}.values())


def _read_scaled(grey: Grey, scale: float) -> tuple[Label, ...]:
    found = read_bars(shrunk(grey, scale))
    return tuple(Label(bars.text, bars.kind, bars.corners / scale) for bars in found)


def _read_squares(grey: Grey, scale: float) -> tuple[Label, ...]:
    try:
        text, corners, _ = cv2.QRCodeDetector().detectAndDecode(grey)
    except (cv2.error, UnicodeDecodeError):  # what is no text is no label
        return ()
    if not text or corners is None:
        return ()
    return (Label(text, "QR", np.asarray(corners, float).reshape(4, 2) / scale),)


def _grey(pixels: NDArray[Any]) -> Grey:
    shown = pixels if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.uint8)
    if shown.ndim == 3:
        shown = cv2.cvtColor(np.ascontiguousarray(shown), cv2.COLOR_RGB2GRAY)
    return np.ascontiguousarray(shown, np.uint8)
