"""What every way of finding the scale gives, and what it says when it is not sure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError

Doubles: TypeAlias = NDArray[np.float64]
Singles: TypeAlias = NDArray[np.float32]
Method: TypeAlias = Literal["typed", "two points", "ruling", "dot grid", "chessboard"]
Segment: TypeAlias = tuple[float, float, float, float]

STANDARD_SD = 0.0005
"""Relative standard uncertainty of a standard whose certificate nobody told: 0.05 %."""


class NotSure(CaseheadError):  # noqa: N818 - it is an answer, not a fault
    """No scale can be told from this picture; ``str()`` says why and what to do."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The size of a pixel as measured on one picture.

    ``pixel_um_x`` and ``pixel_um_y`` are the same where only one direction was measured
    (``both_ways`` False). ``sd_um`` is the standard uncertainty of ``pixel_um``: of the fit, of the
    standard, of what the two directions differ by. ``distortion_um`` is the largest displacement by
    the lens anywhere in the picture and ``distortion_percent`` that in percent of the distance
    from the middle (None: not told by this method). ``angle_deg`` is how the standard is turned,
    counter-clockwise as seen. ``marks`` are the lines or points used, in
    pixels from the first pixel's centre (a point has both ends alike), to be drawn for the eye.
    ``size`` is width and height of the picture.
    """

    method: Method
    pixel_um_x: float
    pixel_um_y: float
    sd_um: float
    size: tuple[int, int]
    both_ways: bool = False
    angle_deg: float = 0.0
    distortion_um: float | None = None
    distortion_percent: float | None = None
    sentence: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    marks: tuple[Segment, ...] = field(default=(), repr=False)

    @property
    def pixel_um(self) -> float:
        """One size for the picture: the geometric mean of both directions."""
        return float(np.sqrt(self.pixel_um_x * self.pixel_um_y))

    @property
    def oblong_percent(self) -> float:
        """By how much a pixel is wider than high, in percent (negative: higher than wide)."""
        return 100 * (self.pixel_um_x / self.pixel_um_y - 1)


def size_of(pixels: Pixels) -> tuple[int, int]:
    """Width and height."""
    return int(pixels.shape[1]), int(pixels.shape[0])


def levelled(pixels: Pixels) -> Singles:
    """Grey relative to the light around it: 0 where a place is as bright as its surroundings.

    Takes away slow changes of light; rows x columns float32.
    """
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels[..., :3], cv2.COLOR_RGB2GRAY)
    values = np.asarray(grey, np.float32)
    if min(values.shape) < 64:
        raise NotSure("The picture is too small to measure a scale on; use the camera's full size.")
    around = _around(values, max(values.shape) / 6)
    return np.asarray(values / np.maximum(around, 1e-3 * float(values.max()) + 1e-6) - 1)


def _around(values: Singles, sigma: float) -> Singles:
    """A wide blur, made on a small copy."""
    factor = max(int(sigma / 8), 1)
    size = (max(values.shape[1] // factor, 8), max(values.shape[0] // factor, 8))
    small = cv2.resize(values, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma / factor, borderType=cv2.BORDER_REFLECT)
    back = cv2.resize(small, values.shape[::-1], interpolation=cv2.INTER_CUBIC)
    return np.asarray(back, np.float32)


def check_step(step_um: float) -> None:
    """Raises CaseheadError for a distance no standard has."""
    if not np.isfinite(step_um) or not 0.1 <= step_um <= 100_000:
        raise CaseheadError(
            f"A distance of {step_um:g} µm between marks is not plausible; "
            "read it from the standard, for example 10."
        )


def refuse_unexpected(pixel_um: float, expected_um: float | None) -> None:
    """Raises NotSure when a size is far from the one that is expected for these optics."""
    if expected_um and abs(np.log(pixel_um / expected_um)) > np.log(1.25):
        raise NotSure(
            f"This would make a pixel {pixel_um:.4g} µm, where about {expected_um:.4g} µm is "
            "expected; check the distance between the marks, the objective and the zoom."
        )


def combined_sd(
    across_um: float, down_um: float, fit_sd: float, standard_sd: float, bend: float | None = None
) -> float:
    """Standard uncertainty of one pixel size for the whole picture, micrometres.

    ``fit_sd`` and ``standard_sd`` are relative; what both directions differ by and how far lengths
    at the corner are off (``bend``) count as even distributions of that width.
    """
    oblong = (across_um / down_um - 1) / np.sqrt(12)
    bent = (bend or 0.0) / np.sqrt(3)
    relative = np.sqrt(fit_sd**2 + standard_sd**2 + oblong**2 + bent**2)
    return float(np.sqrt(across_um * down_um) * relative)


def distortion_of(
    bend: float | None, size: tuple[int, int], pixel_um: float
) -> dict[str, float | None]:
    """The fields of Measured that say what a relative displacement ``bend`` at the corner means."""
    if bend is None:
        return {"distortion_um": None, "distortion_percent": None}
    corner_um = float(np.hypot(*size)) / 2 * pixel_um
    return {"distortion_um": abs(bend) * corner_um, "distortion_percent": 100 * bend}
