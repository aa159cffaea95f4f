"""Bracketed exposures merged: one linear picture of 16 bits, and one to look at.

Linear merge: at each pixel the light is the weighted least-squares slope of grey over exposure
time, weighted by the inverse of the noise variance and by how far the pixel is from black and
white (Robertson, Borman, Stevenson 2003, with a linear response). For looking: Mertens, Kautz,
Van Reeth 2007, exposure fusion by contrast, colourfulness and good exposure in Laplacian
pyramids.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np

from app.capture.combine.frames import check_exposed, check_frames, full_scale, grey
from app.capture.combine.motion import Motion, moved
from app.capture.combine.pyramids import fused
from app.capture.combine.recipe import Recipe, SourceFrame
from app.capture.combine.registering import Layers, refined
from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError
from app.jobs import Job
from correlation.surface import Bools, Floats

_PURPOSE = "to merge"
_LOW, _HIGH = 0.02, 0.97
"""Shares of the range where a pixel begins to count less, and stops at 0 and 1."""
_LEAST_PIXELS = 500


@dataclass(frozen=True, slots=True)
class Bracketing:
    """How to merge. ``exposures_s`` are the frames' exposure times in their order, seconds.

    ``black`` is the grey level without light and ``white`` the level at which the sensor
    saturates (full scale by itself), in grey levels of the frames. Neighbouring exposures may
    disagree with their times by the share ``tolerance``.
    """

    exposures_s: tuple[float, ...]
    black: float = 0.0
    white: float | None = None
    register: bool = True
    largest_shift_px: float = 3.0
    tolerance: float = 0.12
    pixel_um: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Merged:
    """``pixels`` (uint16) is linear: light x ``scale``, 65535 where the shortest saturates.

    ``light`` is grey levels per second, float32; ``unsure`` marks pixels that were saturated in
    the shortest frame or black in the longest; ``display`` is the fused picture, uint8.
    """

    pixels: Pixels
    light: Floats
    unsure: Bools
    display: Pixels
    scale: float
    recipe: Recipe


def merge_exposures(frames: Sequence[Pixels], plan: Bracketing, job: Job | None = None) -> Merged:
    """Merge exposures of one view under one light.

    Raises CaseheadError for frames that are not alike, times that are missing, equal or not what
    the frames show, a view that moved, or when all are saturated or black;
    CancelledError when ``job`` is stopped.
    """
    check_frames(frames, _PURPOSE)
    _check_times(frames, plan)
    check_exposed(frames, _PURPOSE)
    job = job or Job()
    job.report(0, 3, "Registering")
    white = float(plan.white or full_scale(frames[0]))
    linear = [frame.astype(np.float32) - np.float32(plan.black) for frame in frames]
    good = [_weights(frame, plan.black, white) for frame in frames]
    motions = _motions(frames, good, plan)
    linear = [moved(one, motion) for one, motion in zip(linear, motions, strict=True)]
    good = [_kept(one, motion) for one, motion in zip(good, motions, strict=True)]
    job.report(1, 3, "Merging")
    notes = _check_response(linear, good, plan)
    light, unsure = _slope(linear, good, plan, white)
    scale = 65535.0 / ((white - plan.black) / min(plan.exposures_s))
    figures = {
        "range_stops": round(float(np.log2(max(plan.exposures_s) / min(plan.exposures_s))), 3),
        "unsure_share": round(float(unsure.mean()), 6),
        "scale_per_grey_per_s": scale,
        "response": notes,
    }
    sources = tuple(map(_source, plan.exposures_s, motions, frames, [plan] * len(frames)))
    pixels = np.asarray(np.clip(np.rint(light * np.float32(scale)), 0, 65535), np.uint16)
    job.report(2, 3, "Merging")
    shown = _display(
        [moved(f.astype(np.float32), m) for f, m in zip(frames, motions, strict=True)],
        full_scale(frames[0]),
    )
    recipe = Recipe("exposure", asdict(plan), sources, figures, _told(unsure))
    return Merged(pixels, light, unsure, shown, scale, recipe)


def fuse_for_display(frames: Sequence[Pixels]) -> Pixels:
    """Frames of one view fused for looking at (Mertens), uint8; not linear, not for measuring.

    Saturated and black pixels do not count. Raises CaseheadError as ``merge_exposures``.
    """
    check_frames(frames, "to fuse")
    check_exposed(frames, "to fuse")
    return _display([frame.astype(np.float32) for frame in frames], full_scale(frames[0]))


def _display(frames: Sequence[Floats], top: int) -> Pixels:
    scaled = [np.clip(frame * np.float32(1 / top), 0, 1) for frame in frames]
    return np.asarray(np.clip(np.rint(fused(scaled) * 255), 0, 255), np.uint8)


def _check_times(frames: Sequence[Pixels], plan: Bracketing) -> None:
    times = plan.exposures_s
    if len(times) != len(frames):
        raise CaseheadError(
            f"There are {len(frames)} frames but {len(times)} exposure times; give one for each."
        )
    if not all(np.isfinite(time) and time > 0 for time in times):
        raise CaseheadError("An exposure time is missing or not positive; give it in seconds.")
    if max(times) / min(times) < 1.05:
        raise CaseheadError(
            "All frames have the same exposure time; average them, or take a shorter and a longer "
            "one."
        )


def _weights(frame: Pixels, black: float, white: float) -> Floats:
    """How much each pixel counts: 1 in the range, 0 at black and white, in its worst channel.

    Towards black its surroundings decide, lest dark pixels count when noise makes them brighter.
    """
    share = (frame.astype(np.float32) - np.float32(black)) * np.float32(1 / (white - black))
    worst = share.max(axis=2) if share.ndim == 3 else share
    least = share.min(axis=2) if share.ndim == 3 else share
    rise = np.clip(cv2.GaussianBlur(least, (0, 0), 1.5) / _LOW, 0, 1)
    fall = np.clip((np.float32(0.995) - worst) / np.float32(0.995 - _HIGH), 0, 1)
    return np.asarray(rise * fall, np.float32)


def _kept(weights: Floats, motion: Motion) -> Floats:
    """Weights where the pixels went to; next to a saturated one interpolation mixes it in."""
    if motion.shift_px < 0.01:
        return weights
    near = np.ones((3, 3), np.uint8)
    lost = np.asarray(cv2.dilate((weights <= 0).astype(np.float32), near), np.float32)
    return np.where(moved(lost, motion) > 0.05, 0, np.maximum(moved(weights, motion), 0)).astype(
        np.float32
    )


def _motions(frames: Sequence[Pixels], good: Sequence[Floats], plan: Bracketing) -> list[Motion]:
    """Onto the exposure that shows most, each through its neighbour in exposure.

    The shorter one is brightened and limited as the longer one is, so that both saturate at the
    same places.
    """
    if not plan.register:
        return [Motion()] * len(frames)
    order = [int(number) for number in np.argsort(plan.exposures_s)]
    white = np.float32(plan.white or full_scale(frames[0]))
    levels = [grey(f) * np.float32(full_scale(f)) - np.float32(plan.black) for f in frames]
    steps = {}
    for short, long in pairwise(order):
        times = np.float32(plan.exposures_s[long] / plan.exposures_s[short])
        fixed = np.minimum(levels[short] * times, white - np.float32(plan.black))
        steps[long] = refined(Layers(fixed / white), Layers(levels[long] / white), Motion())
    best = int(np.argmax([float((weight > 0.5).mean()) for weight in good]))
    places = _chained(order, steps)
    found = []
    for number in range(len(frames)):
        dx, dy = (places[number][axis] - places[best][axis] for axis in (0, 1))
        motion = Motion(dx, dy, agreement=steps[number].agreement if number in steps else 1.0)
        if motion.shift_px > plan.largest_shift_px:
            raise CaseheadError(
                f"Frame {number + 1} moved by {_length(motion.shift_px, plan)} between the "
                "exposures; keep the stage still and take them again."
            )
        found.append(motion)
    return found


def _chained(order: Sequence[int], steps: dict[int, Motion]) -> dict[int, tuple[float, float]]:
    """Shifts onto the shortest exposure; a step that could not be measured counts as none."""
    places = {order[0]: (0.0, 0.0)}
    for short, long in pairwise(order):
        step, before = steps[long], places[short]
        sure = step.agreement > 0.3
        places[long] = (
            before[0] + (step.dx_px if sure else 0.0),
            before[1] + (step.dy_px if sure else 0.0),
        )
    return places


def _check_response(
    linear: Sequence[Floats], good: Sequence[Floats], plan: Bracketing
) -> list[dict[str, float]]:
    """What neighbouring exposures say of each other. Raises CaseheadError when it is wrong."""
    order = np.argsort(plan.exposures_s)
    told = []
    for short, long in pairwise(order):
        both = (good[short] > 0.9) & (good[long] > 0.9)
        if np.count_nonzero(both) < _LEAST_PIXELS:
            continue
        ratio = float(linear[long][both].sum() / max(float(linear[short][both].sum()), 1e-6))
        wanted = plan.exposures_s[long] / plan.exposures_s[short]
        if abs(ratio / wanted - 1) > plan.tolerance:
            raise CaseheadError(
                f"Frames {short + 1} and {long + 1} differ {ratio:.3g} times in brightness, not "
                f"{wanted:.3g} times as their exposure times say; switch off the camera's "
                "automatic exposure and gamma, and check the times."
            )
        told.append({"told": round(wanted, 5), "measured": round(ratio, 5)})
    return told


def _slope(
    linear: Sequence[Floats], good: Sequence[Floats], plan: Bracketing, white: float
) -> tuple[Floats, Bools]:
    """Light in grey levels per second, and where no frame was in range.

    The noise of a pixel is taken as shot noise, so its inverse variance is time over grey, and
    the slope is the sum of weighted grey over the sum of weighted times.
    """
    top = np.zeros_like(linear[0])
    bottom = np.zeros(linear[0].shape[:2], np.float32)
    for frame, weight, time in zip(linear, good, plan.exposures_s, strict=True):
        top += frame * (weight[..., None] if frame.ndim == 3 else weight)
        bottom += weight * np.float32(time)
    unsure = bottom <= 0
    shortest, longest = (int(f(plan.exposures_s)) for f in (np.argmin, np.argmax))
    reach = linear[shortest].max(axis=2) if top.ndim == 3 else linear[shortest]
    bright = reach > (white - plan.black) / 2
    limit = np.where(
        bright[..., None] if top.ndim == 3 else bright,
        linear[shortest] / np.float32(plan.exposures_s[shortest]),
        linear[longest] / np.float32(plan.exposures_s[longest]),
    )
    divisor = np.where(unsure, 1, bottom)
    if top.ndim == 3:
        return np.where(unsure[..., None], limit, top / divisor[..., None]), unsure
    return np.where(unsure, limit, top / divisor), unsure


def _source(time: float, motion: Motion, frame: Pixels, plan: Bracketing) -> SourceFrame:
    unit, factor = ("px", 1.0) if plan.pixel_um is None else ("um", plan.pixel_um)
    shift = [round(motion.dx_px * factor, 4), round(motion.dy_px * factor, 4)]
    white = plan.white or full_scale(frame)
    values = {
        "exposure_s": time,
        f"shift_{unit}": shift,
        "saturated_share": round(float((frame >= white).mean()), 6),
        "black_share": round(float((frame <= plan.black).mean()), 6),
    }
    return SourceFrame(values=values)


def _told(unsure: Bools) -> tuple[str, ...]:
    share = float(unsure.mean())
    if share < 1e-4:
        return ()
    return (
        f"{share:.2%} of the pixels are saturated in the shortest or black in the longest "
        "exposure; take one more beyond.",
    )


def _length(pixels: float, plan: Bracketing) -> str:
    if plan.pixel_um is None:
        return f"{pixels:.1f} pixels"
    return f"{pixels * plan.pixel_um:.1f} µm"
