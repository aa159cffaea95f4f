"""Frames at several focus positions made one picture, sharp everywhere, with a depth map."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from app.capture.combine.focusing import REDUCED, Peak, measure, noise_floor, peak
from app.capture.combine.frames import check_exposed, check_frames, grey, rounded
from app.capture.combine.motion import Motion, inside, moved
from app.capture.combine.network import Link, residuals, solved
from app.capture.combine.recipe import Recipe, SourceFrame
from app.capture.combine.registering import Layers, refined, rough_shift
from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError
from app.jobs import Job
from correlation.surface import Floats

_PURPOSE = "to stack"
_BLEND = 0.3
"""Half the width of the change from one frame to the next, in steps of depth."""


@dataclass(frozen=True, slots=True)
class Stacking:
    """How to stack. ``focus_um`` are the frames' focus heights in order, where they are known.

    Without them depth counts in steps of the frames. ``window_um`` is the spread of the focus
    measure's window (4 pixels by itself), ``smooth_um`` that of the smoothing of the depth.
    Depth less sure than ``least_confidence`` is filled from around.
    """

    pixel_um: float
    focus_um: tuple[float, ...] | None = None
    window_um: float | None = None
    smooth_um: float | None = None
    register: bool = True
    least_confidence: float = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Stacked:
    """``pixels`` as the frames' kind; ``depth`` and ``confidence`` float32 (rows, columns).

    ``depth`` is micrometres (``depth_unit`` "um") or steps ("steps"; 0 is the first frame);
    where ``confidence`` (0 to 1) is below the plan's least it was filled from around.
    """

    pixels: Pixels
    depth: Floats
    confidence: Floats
    depth_unit: str
    recipe: Recipe


def stack(frames: Sequence[Pixels], plan: Stacking, job: Job | None = None) -> Stacked:
    """Combine frames of one view taken while the focus moved one way.

    The frames are brought onto the middle one (shift, and scale for the lens's breathing); each
    pixel is that of the frame sharpest there, blended only next to a change of frame.
    Raises CaseheadError for fewer than three frames, frames that are not alike, heights that do
    not go one way, or a frame of another view; CancelledError when ``job`` is stopped.
    """
    check_frames(frames, _PURPOSE, 3)
    check_exposed(frames, _PURPOSE)
    heights = _heights(len(frames), plan)
    job = job or Job()
    still = (_rest(len(frames)), 0.0)
    motions, misfit_um = _motions(frames, plan, job) if plan.register else still
    found = _peak(frames, motions, heights, plan, job)
    smooth_px = (plan.smooth_um or 6.0 * plan.pixel_um) / plan.pixel_um / REDUCED
    depth = smoothed(found, smooth_px, plan.least_confidence)
    shape = frames[0].shape[:2]
    depth, confidence = (_enlarged(one, shape) for one in (depth, found.confidence))
    pixels = _picked(frames, motions, _positions(depth, heights), job)
    sure = confidence >= plan.least_confidence
    unit = "um" if plan.focus_um else "steps"
    figures = {
        "depth_unit": unit,
        "depth_range": [round(float(v), 3) for v in (depth.min(), depth.max())],
        "sure_share": round(float(sure.mean()), 4),
        "registration_residual_um": round(misfit_um, 4),
    }
    sources = tuple(map(_source, motions, heights, [plan] * len(frames)))
    recipe = Recipe("focus", asdict(plan), sources, figures, _notes(found, len(frames), sure))
    return Stacked(pixels, depth, confidence, unit, recipe)


def smoothed(found: Peak, spread_px: float, least: float) -> Floats:
    """Depth made consistent: outliers replaced by their surroundings' median, gaps filled.

    Each place counts by its confidence squared; wider surroundings only fill what narrow ones
    leave open.
    """
    weight = np.where(found.confidence >= least, np.square(found.confidence), 0)
    weight = np.asarray(weight, np.float32)
    position = found.position
    if not (weight > 0).any():
        return np.asarray(cv2.medianBlur(position, 5), np.float32)
    middle = _normalised(position, weight, spread_px)
    spread = np.sqrt(_normalised(np.square(position - middle), weight, 2 * spread_px))
    stray = np.abs(position - middle) > 3 * spread + 1e-6
    weight = np.where(stray, 0, weight).astype(np.float32)
    total = np.zeros_like(position)
    cover = np.zeros_like(position)
    for width, share in ((spread_px / 2, 1.0), (spread_px, 0.02), (4 * spread_px, 1e-4)):
        total += np.float32(share) * cv2.GaussianBlur(position * weight, (0, 0), width)
        cover += np.float32(share) * cv2.GaussianBlur(weight, (0, 0), width)
    known = cover > 1e-9
    everywhere = float(np.average(position, weights=weight)) if weight.any() else 0.0
    return np.where(known, total / np.maximum(cover, 1e-9), everywhere).astype(np.float32)


def _normalised(values: Floats, weight: Floats, spread_px: float) -> Floats:
    top = cv2.GaussianBlur(values * weight, (0, 0), spread_px)
    bottom = cv2.GaussianBlur(weight, (0, 0), spread_px)
    return np.asarray(top / np.maximum(bottom, 1e-9), np.float32)


def _heights(count: int, plan: Stacking) -> Floats:
    if plan.focus_um is None:
        return np.arange(count, dtype=np.float32)
    if len(plan.focus_um) != count:
        raise CaseheadError(
            f"There are {count} frames but {len(plan.focus_um)} focus heights; give one for each."
        )
    steps = np.diff(np.asarray(plan.focus_um, np.float64))
    if not np.isfinite(steps).all() or not ((steps > 0).all() or (steps < 0).all()):
        raise CaseheadError(
            "The focus heights do not go one way; sort the frames from the lowest to the highest."
        )
    return np.asarray(plan.focus_um, np.float32)


def _rest(count: int) -> list[Motion]:
    return [Motion(agreement=1.0)] * count


def _motions(frames: Sequence[Pixels], plan: Stacking, job: Job) -> tuple[list[Motion], float]:
    """Motions onto the middle frame from those between near neighbours, and their misfit (µm)."""
    greys = [Layers(grey(frame)) for frame in frames]
    reach = max(greys[0].shape) / 2
    links = []
    for first in range(len(frames) - 1):
        job.report(first, 3 * len(frames), "Registering")
        for second in range(first + 1, min(first + 3, len(frames))):
            motion = _step(greys[second], greys[first], first, second)
            if motion is not None:
                step = (motion.dx_px, motion.dy_px, float(np.log(motion.scale)) * reach)
                links.append(Link(first, second, step, 1 / max(motion.sd_px, 0.005) ** 2))
    middle = len(frames) // 2
    places = solved(len(frames), links, middle)
    misfit = residuals(places, links)[:, :2]
    out = []
    for dx, dy, grown in places:
        scale = float(np.exp(-grown / reach))
        out.append(Motion(float(-dx * scale), float(-dy * scale), scale=scale))
    return out, float(np.sqrt(np.mean(np.square(misfit)) * 2)) * plan.pixel_um


def _step(fixed: Layers, moving: Layers, first: int, second: int) -> Motion | None:
    """What the content did from ``moving`` (the first frame) to ``fixed`` (the second)."""
    found = refined(fixed, moving, Motion(), "scale")
    if found.agreement < 0.6:
        other = refined(fixed, moving, rough_shift(fixed, moving), "scale")
        found = max(found, other, key=lambda motion: motion.agreement)
    if found.agreement >= 0.3:
        return found
    if second - first > 1:
        return None
    raise CaseheadError(
        f"Frame {second + 1} does not show what frame {first + 1} shows; leave out the frames "
        "taken after the specimen was moved, or take smaller focus steps."
    )


def _peak(
    frames: Sequence[Pixels], motions: Sequence[Motion], heights: Floats, plan: Stacking, job: Job
) -> Peak:
    window_px = (plan.window_um or 4.0 * plan.pixel_um) / plan.pixel_um
    curves = []
    for number, (frame, motion) in enumerate(zip(frames, motions, strict=True)):
        job.report(len(frames) + number, 3 * len(frames), "Measuring sharpness")
        small = measure(grey(frame), window_px)
        half = Motion(motion.dx_px / REDUCED, motion.dy_px / REDUCED, scale=motion.scale)
        seen = np.maximum(moved(small, half), 0)
        curves.append(np.where(inside(small.shape, half), seen, 0).astype(np.float32))
    curve = np.stack(curves)
    return peak(curve, heights, noise_floor(curve))


def _enlarged(image: Floats, shape: tuple[int, ...]) -> Floats:
    size = (shape[1], shape[0])
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_LINEAR), np.float32)


def _positions(depth: Floats, heights: Floats) -> Floats:
    """Depth as a place among the frames: 2.25 is a quarter of the way from frame 2 to 3."""
    order = np.argsort(heights)
    numbers = np.arange(len(heights), dtype=np.float32)[order]
    return np.interp(depth, heights[order], numbers).astype(np.float32)


def _picked(
    frames: Sequence[Pixels], motions: Sequence[Motion], position: Floats, job: Job
) -> Pixels:
    """Each pixel from the frame nearest to its depth, blended half-way to the next."""
    lower = np.floor(position)
    share = np.clip((position - lower - 0.5) / (2 * _BLEND) + 0.5, 0, 1).astype(np.float32)
    total = np.zeros(frames[0].shape, np.float32)
    for number, (frame, motion) in enumerate(zip(frames, motions, strict=True)):
        job.report(2 * len(frames) + number, 3 * len(frames), "Putting together")
        weight = np.where(lower == number, 1 - share, np.where(lower == number - 1, share, 0))
        if not weight.any():
            continue
        pixels = moved(frame.astype(np.float32), motion)
        total += pixels * (weight[..., None] if frame.ndim == 3 else weight)
    return rounded(total, frames[0].dtype)


def _source(motion: Motion, height: float, plan: Stacking) -> SourceFrame:
    shift = [round(motion.dx_px * plan.pixel_um, 4), round(motion.dy_px * plan.pixel_um, 4)]
    values = {"shift_um": shift, "scale": round(motion.scale, 7)}
    key = "focus_um" if plan.focus_um else "step"
    return SourceFrame(values={key: float(height), **values})


def _notes(found: Peak, count: int, sure: NDArray[np.bool_]) -> tuple[str, ...]:
    ends = [float((found.number == number).mean()) for number in (0, count - 1)]
    notes = []
    for share, words in zip(ends, ("first", "last"), strict=True):
        if share > 0.15:
            notes.append(
                f"{share:.0%} of the picture is sharpest in the {words} frame; the stack may end "
                "too early there."
            )
    if sure.mean() < 0.5:
        notes.append(
            f"Depth is sure in {sure.mean():.0%} of the picture only; the rest was filled in."
        )
    return tuple(notes)
