"""Small pictures, frames and registrations for workbench tests."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.capture import Frame
from app.domain import Author, Changes, now
from app.workbench import Registration, Workbench

AUTHOR = Author("Example County Laboratory", "bench 1", "J. Doe", "EX0001")


class Heard:
    """What subscribers are told."""

    def __init__(self, workbench: Workbench) -> None:
        self.all = Changes()
        self.leave = workbench.subscribe(self)

    def __call__(self, changes: Changes) -> None:
        self.all |= changes


def picture(seed: int, side: int = 96) -> NDArray[np.uint8]:
    """A grey picture like no other, uint8 (side, side)."""
    noise = np.random.default_rng(seed).normal(size=(side, side)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 4)
    return cv2.normalize(smooth, None, 0, 255, cv2.NORM_MINMAX).astype(np.uint8)


def frame(seed: int, pixel_um: float | None = 2.5) -> Frame:
    """What a camera would deliver."""
    return Frame(picture(seed), 1, now(), 0.0, {"exposure_ms": 12.0}, pixel_um)


def registration(label: str = "3A", **more: object) -> Registration:
    """A cartridge case of its own."""
    return Registration("2026-0412", label, label, **more)  # type: ignore[arg-type]


def png(path: Path, pixels: NDArray[np.generic]) -> Path:
    """Write a picture as a file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    ok, data = cv2.imencode(path.suffix, pixels)
    assert ok
    path.write_bytes(data.tobytes())
    return path
