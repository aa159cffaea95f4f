"""The quality of one picture of a mark, measured at once and without any other picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace

import numpy as np

from app.capture.frame import Pixels
from app.capture.quality import figures
from app.capture.quality.place import Circles, find_place
from app.capture.quality.thresholds import Limit, Thresholds, load_thresholds
from app.capture.quality.values import Quality
from app.capture.quality.verdict import SCALE_UNKNOWN, TOO_SMALL, judge
from app.domain import CaseheadError, Light, MarkKind
from correlation.surface import Bools

_MARGIN_SHARE = 0.15
_FEWEST_PX = 64


def assess(
    pixels: Pixels,
    *,
    pixel_um: float | None,
    kind: MarkKind,
    light: Light,
    thresholds: Thresholds | None = None,
    region: Circles | None = None,
    orientation_deg: float | None = None,
) -> Quality:
    """Measure a picture (grey or RGB, 8 or 16 bit) of a mark and judge it; 5 MP take some 50 ms.

    ``region`` is where the mark lies, when that is known; otherwise it is looked for.
    ``orientation_deg`` is how the case lies, where that was found or set; it is only told. Without
    ``pixel_um`` the picture is taken to be 5 mm high, and what depends on that never asks for
    another picture; nor does focus where a pixel is larger than 10 um.
    Raises CaseheadError for what is no picture, and as ``load_thresholds`` does.
    """
    _check(pixels)
    limits = (thresholds or load_thresholds()).of(kind, light)
    height, width = pixels.shape[:2]
    scale = pixel_um or figures.ASSUMED_UM / min(height, width)
    noise = figures.grain(pixels)
    if min(height, width) < _FEWEST_PX or min(height, width) * scale < figures.SMALLEST_UM:
        return replace(_unmeasured(pixels, noise, limits), orientation_deg=orientation_deg)
    fine, pitch = figures.reduced(pixels, scale)
    place = region or find_place(fine, pitch, kind)
    seen = figures.see(pixels, scale, fine, pitch)
    mark = _mark(seen, place)
    sharp = figures.sharpness(seen, _inner(seen, mark, place), noise, scale, _blur_limit(limits))
    contrast, level = figures.spread(seen, mark)
    saturated, black = (float(part[mark].mean()) for part in (seen.clipped, seen.black))
    inside = 1.0 if place is None else figures.inside_share(place, width * scale, height * scale)
    shown = max(1.0 - saturated - black, 0.0)
    told: dict[str, float | None] = {
        "focus": sharp.focus,
        "blurred": sharp.blurred,
        "saturated": saturated,
        "black": black,
        "noise": noise,
        "contrast": contrast,
        "inside": inside,
        "found": None if place is None else place.confidence,
        "pixel_um": pixel_um,
    }
    if "focus" in limits and (sharp.focus or 1.0) < limits["focus"].good:
        told["blurred"] = None  # it says the same once more
    judged = judge(
        told, limits, level, (SCALE_UNKNOWN,) if pixel_um is None else (), _softened(pixel_um)
    )
    return Quality(
        focus=sharp.focus,
        saturated=saturated,
        black=black,
        noise=noise,
        contrast=contrast,
        coverage=inside * shown,
        orientation_deg=orientation_deg,
        verdict=judged.verdict,
        reasons=judged.reasons,
        level=level,
        blurred=sharp.blurred,
        inside=inside,
        found=None if place is None else place.confidence,
        limits=_told(limits),
    )


def _softened(pixel_um: float | None) -> frozenset[str]:
    """What never asks for another picture: what depends on a scale nobody knows, and focus where
    the pixels do not carry the waves it is judged by."""
    if pixel_um is None:
        return frozenset({"focus", "blurred", "inside", "found"})
    return frozenset({"focus", "blurred"} if 2 * pixel_um > figures.FINE_UM[0] else ())


def _blur_limit(limits: Mapping[str, Limit]) -> float:
    return limits["focus"].redo if "focus" in limits else 0.0


def _check(pixels: Pixels) -> None:
    shaped = pixels.ndim == 2 or (pixels.ndim == 3 and pixels.shape[2] == 3)
    if not shaped or pixels.size == 0 or pixels.dtype not in (np.uint8, np.uint16):
        raise CaseheadError(
            "This is neither a grey nor a colour picture of 8 or 16 bits; its quality cannot be "
            "measured."
        )


def _mark(seen: figures.Seen, place: Circles | None) -> Bools:
    mark = figures.within(seen, place)
    return mark if mark.any() else np.ones_like(mark)


def _inner(seen: figures.Seen, mark: Bools, place: Circles | None) -> Bools:
    """The mark without its rims, whose steep edges would count as sharpness."""
    if place is None:
        return mark
    margin = min(figures.MARGIN_UM, _MARGIN_SHARE * place.outer.radius_um)
    return figures.within(seen, place, margin)


def _unmeasured(pixels: Pixels, noise: float, limits: Mapping[str, Limit]) -> Quality:
    full, grey = figures.full_scale(pixels), figures.grey_of(pixels)
    low, middle, high = (float(v) / full for v in np.quantile(grey, (0.05, 0.5, 0.95)))
    return Quality(
        focus=None,
        saturated=float((grey >= full).mean()),
        black=float((grey <= figures.BLACK * full).mean()),
        noise=noise,
        contrast=high - low,
        coverage=1.0,
        orientation_deg=None,
        verdict="usable",
        reasons=(TOO_SMALL,),
        level=middle,
        limits=_told(limits),
    )


def _told(limits: Mapping[str, Limit]) -> dict[str, dict[str, float]]:
    return {name: asdict(limit) for name, limit in sorted(limits.items())}
