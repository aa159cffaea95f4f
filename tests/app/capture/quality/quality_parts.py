"""Pictures of the bench whose faults are known."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from app.capture.bench import BenchSource, firearm_number
from app.capture.quality import Quality, Thresholds, assess, load_thresholds
from app.domain import Light, MarkKind

PIXEL_UM = 5.06
LIMITS: Thresholds = load_thresholds()
Picture = NDArray[np.uint8]


@cache
def bench(
    gun: int,
    light: Light = Light.RING,
    focus_um: float = 0.0,
    exposure: float = 1.0,
    moved_um: tuple[float, float] = (0.0, 0.0),
    pixel_um: float = PIXEL_UM,
) -> Picture:
    """A frame of the bench, 1296 x 972 when its pixels are not of another size."""
    source = BenchSource(firearm_number(gun), 1, light, rate=0, pixel_um=pixel_um)
    source.focus(focus_um)
    source.expose(exposure)
    source.move(*moved_um)
    source.open()
    pixels = source.read().pixels
    source.close()
    return np.asarray(pixels, np.uint8)


def noisy(pixels: Picture, levels: float) -> Picture:
    """With Gaussian noise of so many grey levels of 255."""
    noise = np.random.default_rng(7).normal(0, levels, pixels.shape)
    return np.clip(np.rint(pixels + noise), 0, 255).astype(np.uint8)


def compressed(pixels: Picture, quality: int) -> Picture:
    """As a camera sends it that compresses."""
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_UNCHANGED), np.uint8)


def judged(
    pixels: NDArray[np.generic],
    light: Light = Light.RING,
    pixel_um: float | None = PIXEL_UM,
    kind: MarkKind = MarkKind.BREECH_FACE,
) -> Quality:
    """What is said of it."""
    return assess(
        pixels,  # type: ignore[arg-type]
        pixel_um=pixel_um,
        kind=kind,
        light=light,
        thresholds=LIMITS,
    )
