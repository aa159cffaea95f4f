"""A series of frames made into a picture, and a small one to see how it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar, cast

import numpy as np

from app.capture.combine import (
    Averaging,
    Bracketing,
    Combined,
    Lighting,
    LightSet,
    Stacking,
    Stitching,
    average,
    fuse_for_display,
    merge_exposures,
    register_lights,
    stack,
    stitch,
)
from app.capture.combine.ratios import black_level, exposure_ratios
from app.capture.frame import Frame, Pixels
from app.capture.opencv import cv2
from app.capture.series import Series, Taken
from app.capture.shading import Shading
from app.domain import CaseheadError
from app.jobs import Job

_PREVIEW_PX = 640
_EXPOSURES = {"exposure_s": 1.0, "exposure_ms": 1e-3, "exposure_us": 1e-6, "exposure": 1.0}
C = TypeVar("C", bound=Combined)


def combine_series(
    series: Series,
    pixel_um: float | None,
    shading: Shading | None = None,
    references: Mapping[str, str] | None = None,
    job: Job | None = None,
) -> Combined:
    """The picture a series makes; uneven light is taken out of the frames before.

    ``references`` are the digests ``shading`` was made from, for the recipe. Raises CaseheadError
    for what is missing and as the method does, CancelledError when stopped.
    """
    if series.missing:
        raise CaseheadError(series.missing)
    job = job or Job()
    pixels = [_read(one.frame.pixels, shading, job) for one in series.taken]
    made = _made(series, pixels, pixel_um, job)
    if shading is None:
        return made
    recipe = replace(made.recipe, shading=dict(references or {}))
    return cast(Combined, replace(cast(Any, made), recipe=recipe))


def exposure_of(frame: Frame) -> float | None:
    """The exposure a frame tells, in seconds or as a factor; None where its camera does not."""
    for name, unit in _EXPOSURES.items():
        told = frame.settings.get(name)
        if isinstance(told, int | float) and not isinstance(told, bool) and told > 0:
            return float(told) * unit
    return None


def preview(series: Series, pixel_um: float | None) -> Pixels | None:
    """A small picture (uint8, at most 640 pixels) of what the series gives so far.

    None for no frame; the newest frame where the frames cannot be combined yet.
    """
    if not series.taken:
        return None
    small = [_small(one.frame.pixels, series.kind == "stitch") for one in series.taken]
    if len(small) < 2 or series.kind == "lights":
        return _eight(small[-1])
    factor = series.taken[0].frame.pixels.shape[1] / small[0].shape[1]
    try:
        return _eight(_quick(series, small, (pixel_um or 1.0) * factor))
    except CaseheadError:
        return _eight(small[-1])


def picture_of(made: Combined) -> Pixels:
    """What to look at of a combined picture, uint8: the fused one of a bracket."""
    shown = getattr(made, "display", None)
    return _eight(made.pixels if shown is None else shown)


def depth_picture(made: Combined) -> Pixels | None:
    """The depth map of a focus stack as grey, low is dark; black where it is not sure."""
    depth, sure = getattr(made, "depth", None), getattr(made, "confidence", None)
    if depth is None or sure is None:
        return None
    low, high = (float(v) for v in np.percentile(depth, (1, 99)))
    share = np.clip((depth - low) / max(high - low, 1e-6), 0, 1)
    least = float(made.recipe.parameters["least_confidence"])
    return np.asarray(np.where(sure >= least, 40 + 215 * share, 0), np.uint8)


def result_words(made: Combined) -> str:
    """What was found, in a few sentences."""
    figures, count = made.recipe.figures, len(made.recipe.sources)
    used = sum(one.used for one in made.recipe.sources)
    match made.recipe.kind:
        case "average":
            words = (
                f"{used} of {count} frames; noise {figures['noise_grey']:.2f} grey levels, of the "
                f"average {figures['noise_of_average_grey']:.2f}."
            )
        case "exposure":
            words = f"{count} exposures over {figures['range_stops']:.1f} stops."
        case "focus":
            low, high = figures["depth_range"]
            unit = "µm" if figures["depth_unit"] == "um" else "steps"
            words = (
                f"{count} frames; depth {low:.1f} to {high:.1f} {unit}, sure in "
                f"{figures['sure_share']:.0%} of the picture."
            )
        case "stitch":
            off_um = figures["residual_rms_um"]
            words = f"{count} fields; neighbours agree within {off_um:.2f} µm (rms)."
        case _:
            words = (
                f"{figures['trusted']} of {count} lights registered, within "
                f"{figures['residual_largest_um']:.1f} µm."
            )
    return " ".join((words, *made.recipe.notes, *_left_out(made)))


def _left_out(made: Combined) -> list[str]:
    if isinstance(made, LightSet):
        return []
    return [
        f"Frame {number} was left out: {one.reason}."
        for number, one in enumerate(made.recipe.sources, 1)
        if not one.used
    ]


def _read(pixels: Pixels, shading: Shading | None, job: Job) -> Pixels:
    job.check()
    return pixels if shading is None else shading.frame(pixels)


def _made(series: Series, pixels: Sequence[Pixels], pixel_um: float | None, job: Job) -> Combined:
    match series.kind:
        case "average":
            return average(pixels, Averaging(pixel_um), job)
        case "exposure":
            times = tuple(_times(series.taken, pixels))
            black = black_level(pixels, times)
            return merge_exposures(pixels, Bracketing(times, black, pixel_um=pixel_um), job)
        case "focus":
            return stack(pixels, Stacking(_needed(pixel_um), _heights(series.taken)), job)
        case "stitch":
            return stitch(pixels, Stitching(_needed(pixel_um)), job)
        case "lights":
            names = tuple(one.light for one in series.taken)
            first = names.index("ring") if "ring" in names else 0  # its edges are in all others
            plan = Lighting(_needed(pixel_um), names, first)
            return register_lights(pixels, plan, allow_doubt=True, job=job)
    raise CaseheadError("A single frame is kept as it is; choose what to combine.")


def _needed(pixel_um: float | None) -> float:
    if pixel_um is None:
        raise CaseheadError(
            "For this the size of a pixel must be known; calibrate the camera first (Ctrl+K). "
            "The frames stay here."
        )
    return pixel_um


def _times(taken: Sequence[Taken], pixels: Sequence[Pixels]) -> Sequence[float]:
    """Exposures as the camera tells them; else measured from what the frames share."""
    told = [exposure_of(one.frame) for one in taken]
    known = [one for one in told if one is not None]
    if len(known) == len(taken) and max(known) / min(known) > 1.05:
        return known
    return exposure_ratios(pixels)


def _heights(taken: Sequence[Taken]) -> tuple[float, ...] | None:
    """Heights of the focus where the stand tells them and they go one way."""
    told = [one.frame.settings.get("focus_um") for one in taken]
    heights = [float(one) for one in told if isinstance(one, int | float)]
    if len(heights) < len(taken) or len(taken) < 2:
        return None
    steps = np.diff(heights)
    return tuple(heights) if (steps > 0).all() or (steps < 0).all() else None


def _quick(series: Series, small: Sequence[Pixels], pixel_um: float) -> Pixels:
    match series.kind:
        case "average":
            mean = np.mean([one.astype(np.float32) for one in small], axis=0)
            return cast(Pixels, np.rint(mean).astype(small[0].dtype))
        case "exposure":
            return fuse_for_display(small)
        case "focus" if len(small) > 2:
            return stack(small, Stacking(pixel_um)).pixels
        case "stitch":
            return stitch(small, Stitching(pixel_um, seam_px=4)).pixels
    return small[-1]


def _small(pixels: Pixels, many: bool) -> Pixels:
    side = _PREVIEW_PX // 2 if many else _PREVIEW_PX
    factor = max(pixels.shape[:2]) / side
    if factor <= 1:
        return pixels
    size = (round(pixels.shape[1] / factor), round(pixels.shape[0] / factor))
    return cast(Pixels, cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _eight(pixels: Pixels) -> Pixels:
    if pixels.dtype == np.uint8:
        return pixels
    return np.asarray(pixels >> 8, np.uint8)
