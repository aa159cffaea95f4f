"""The scale from a known distance between two points that somebody set by hand."""

from __future__ import annotations

import numpy as np

from app.capture.scale.measured import STANDARD_SD, Measured, NotSure, combined_sd
from app.domain import CaseheadError

_LEAST_PX = 20.0
_LOOSEST = 0.02


def from_two_points(
    first: tuple[float, float],
    second: tuple[float, float],
    distance_um: float,
    size: tuple[int, int],
    *,
    pointing_px: float = 1.0,
    standard_sd: float = STANDARD_SD,
) -> Measured:
    """The size of a pixel when ``first`` and ``second`` (pixels) lie ``distance_um`` apart.

    ``size`` is the picture's width and height; ``pointing_px`` the standard uncertainty of a point
    set by hand, in pixels of the picture. Pixels are taken to be square. Raises CaseheadError for
    an implausible distance, and NotSure when the points are so near that the scale would be less
    certain than 2 %.
    """
    if not np.isfinite(distance_um) or not 0.1 <= distance_um <= 1_000_000:
        raise CaseheadError(
            f"A distance of {distance_um:g} µm is not plausible; write what lies between the "
            "two points, for example 1000."
        )
    apart = float(np.hypot(second[0] - first[0], second[1] - first[1]))
    relative = np.sqrt(2) * pointing_px / max(apart, 1e-9)
    if apart < _LEAST_PX or relative > _LOOSEST:
        raise NotSure(
            "The two points are too near to each other to be sure; set them as far apart as the "
            "picture allows."
        )
    pixel_um = distance_um / apart
    return Measured(
        method="two points",
        pixel_um_x=pixel_um,
        pixel_um_y=pixel_um,
        sd_um=combined_sd(pixel_um, pixel_um, float(relative), standard_sd),
        size=size,
        angle_deg=float(-np.degrees(np.arctan2(second[1] - first[1], second[0] - first[0]))),
        sentence=f"{distance_um:g} µm between two points {apart:.1f} pixels apart, set by hand "
        "(pixels are taken to be square).",
        facts={
            "distance_um": distance_um,
            "distance_px": round(apart, 3),
            "pointing_px": round(pointing_px, 3),
            "standard_sd_percent": round(100 * standard_sd, 6),
        },
        marks=((*first, *second),),
    )
