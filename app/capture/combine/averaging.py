"""Many frames of one view averaged: less noise, more than eight bits, nothing that moved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np

from app.capture.combine.frames import check_exposed, check_frames, clipped, full_scale, grey
from app.capture.combine.motion import Motion, inside, moved, noise_gain
from app.capture.combine.recipe import Recipe, SourceFrame
from app.capture.combine.registering import Layers, registered
from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError
from app.jobs import Job
from correlation.surface import Floats

_PURPOSE = "to average"
_STILL = Motion(agreement=1.0, sd_px=0.0)


@dataclass(frozen=True, slots=True)
class Averaging:
    """How to average. A frame counts as moved beyond ``largest_shift_px`` from the middle one.

    Between frames, brightness may differ by the share ``brightness``, sharpness fall to
    ``sharpness`` of the usual; ``pixel_um`` only serves to tell shifts in micrometres.
    """

    pixel_um: float | None = None
    register: bool = True
    largest_shift_px: float = 2.0
    brightness: float = 0.05
    sharpness: float = 0.8


@dataclass(frozen=True, slots=True, eq=False)
class Averaged:
    """The average, uint16 in 257ths of an eight-bit grey level, and how noisy it is.

    ``deviation`` is the standard deviation between the frames and ``noise`` that of their mean,
    grey levels of the frames, float32 (rows, columns), the mean of the channels in colour.
    """

    pixels: Pixels
    deviation: Floats
    noise: Floats
    recipe: Recipe


def average(
    frames: Sequence[Pixels], plan: Averaging | None = None, job: Job | None = None
) -> Averaged:
    """Average frames of one view, each brought onto the one that lies in their middle.

    Shifts are found by phase correlation and least squares, and taken back by windowed-sinc
    interpolation; its effect on the noise is allowed for. Raises CaseheadError for frames that
    are not alike, all saturated or black, or when fewer than two may be used; CancelledError
    when ``job`` is stopped.
    """
    plan, job = plan or Averaging(), job or Job()
    check_frames(frames, _PURPOSE)
    check_exposed(frames, _PURPOSE)
    unfit = _unfit(frames, plan)
    motions = _motions(frames, unfit, job) if plan.register else [_STILL] * len(frames)
    reasons = [why or more for why, more in zip(unfit, _strays(motions, plan), strict=True)]
    used = [number for number, reason in enumerate(reasons) if not reason]
    if len(used) < 2:
        raise CaseheadError(
            "Fewer than two frames show the same picture at rest "
            f"({next(filter(None, reasons))}); keep the stage still and take them again."
        )
    total, squares, cover = _sums([frames[n] for n in used], [motions[n] for n in used], job)
    gain = float(np.mean([noise_gain(motions[n]) for n in used]))
    base = frames[used[0]].astype(np.float32)
    mean = base + total / _spread_over(cover, base)
    deviation = _deviation(total, squares, cover) / np.float32(np.sqrt(gain))
    noise = (deviation * np.sqrt(np.float32(gain) / cover)).astype(np.float32)
    figures = {
        "frames": len(used),
        "noise_grey": _typical(deviation, frames[used[0]]),
        "noise_of_average_grey": _typical(noise, frames[used[0]]),
        "largest_shift": _length(max(motions[n].shift_px for n in used), plan.pixel_um),
    }
    sources = tuple(map(_source, motions, reasons, [plan.pixel_um] * len(frames)))
    recipe = Recipe("average", asdict(plan), sources, figures)
    return Averaged(_sixteen(mean, frames[0]), deviation, noise, recipe)


def _unfit(frames: Sequence[Pixels], plan: Averaging) -> list[str]:
    """What speaks against each frame by itself, "" where nothing does."""
    light = np.array([float(frame.mean()) for frame in frames])
    sharp = np.array([_sharpness(frame) for frame in frames])
    usual = max(float(np.median(light)), 1e-6)
    out = []
    for mean, detail in zip(light, sharp, strict=True):
        if abs(mean / usual - 1) > plan.brightness:
            out.append(f"brightness differs by {mean / usual - 1:+.0%}")
        elif detail < plan.sharpness * float(np.median(sharp)):
            out.append("less sharp than the others; it moved while it was exposed")
        else:
            out.append("")
    return out


def _motions(frames: Sequence[Pixels], unfit: Sequence[str], job: Job) -> list[Motion]:
    """The motions onto the fit frame in the middle of all, found through the first fit one."""
    first = next((n for n, why in enumerate(unfit) if not why), 0)
    onto = Layers(grey(frames[first]))
    found = []
    for number, one in enumerate(frames):
        job.report(number, 2 * len(frames), "Registering")
        found.append(_STILL if number == first else registered(onto, Layers(grey(one))))
    places = np.array([(m.dx_px, m.dy_px) for m in found])
    fit = np.array([not why for why in unfit])
    middle = np.median(places[fit] if fit.any() else places, axis=0)
    apart = np.hypot(*(places - middle).T) + np.where(fit, 0.0, 1e6)
    base = found[int(np.argmin(apart))]
    return [replace(m, dx_px=m.dx_px - base.dx_px, dy_px=m.dy_px - base.dy_px) for m in found]


def _strays(motions: Sequence[Motion], plan: Averaging) -> list[str]:
    """What speaks against each frame beside the others, "" where nothing does."""
    apart = [1 - motion.agreement for motion in motions]
    usual = float(np.median([one for one in apart if one > 0] or [0.0]))
    out = []
    for motion, one in zip(motions, apart, strict=True):
        if motion.shift_px > plan.largest_shift_px:
            out.append(f"moved by {_length(motion.shift_px, plan.pixel_um)}")
        else:
            strange = one > max(4 * usual, 0.03)
            out.append("shows another picture than the others" if strange else "")
    return out


def _sharpness(frame: Pixels) -> float:
    """Mean squared Laplacian where noise hardly counts."""
    half = cv2.resize(grey(frame), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    smooth = cv2.GaussianBlur(half, (0, 0), 1.0)
    return float(np.mean(np.square(cv2.Laplacian(smooth, cv2.CV_32F)))) + 1e-12


def _sums(
    frames: Sequence[Pixels], motions: Sequence[Motion], job: Job
) -> tuple[Floats, Floats, Floats]:
    """Sums of differences to the first frame and of their squares, and how many there were."""
    base = frames[0].astype(np.float32)
    total, squares = np.zeros_like(base), np.zeros_like(base)
    cover = np.zeros(base.shape[:2], np.float32)
    for number, (frame, motion) in enumerate(zip(frames, motions, strict=True)):
        job.report(len(frames) + number, 2 * len(frames), "Averaging")
        mask = inside(base.shape, motion).astype(np.float32)
        step = (moved(frame.astype(np.float32), motion) - base) * _like(mask, base)
        total += step
        squares += step * step
        cover += mask
    return total, squares, np.maximum(cover, 1)


def _deviation(total: Floats, squares: Floats, cover: Floats) -> Floats:
    number = _spread_over(cover, total)
    variance = (squares - total * total / number) / np.maximum(number - 1, 1)
    if variance.ndim == 3:
        variance = variance.mean(axis=2)
    return np.sqrt(np.maximum(variance, 0)).astype(np.float32)


def _spread_over(cover: Floats, values: Floats) -> Floats:
    return _like(cover, values)


def _like(mask: Floats, values: Floats) -> Floats:
    return mask[..., None] if values.ndim == 3 else mask


def _typical(deviation: Floats, frame: Pixels) -> float:
    """Root mean square over what is neither saturated nor black, rounded."""
    good = ~clipped(frame) & (grey(frame) > 0)
    chosen = deviation[good] if good.any() else deviation.ravel()
    return round(float(np.sqrt(np.mean(np.square(chosen)))), 4)


def _sixteen(mean: Floats, frame: Pixels) -> Pixels:
    factor = 65535 // full_scale(frame)
    return np.asarray(np.clip(np.rint(mean * np.float32(factor)), 0, 65535), np.uint16)


def _length(pixels: float, pixel_um: float | None) -> str:
    return f"{pixels:.2f} pixels" if pixel_um is None else f"{pixels * pixel_um:.2f} µm"


def _source(motion: Motion, reason: str, pixel_um: float | None) -> SourceFrame:
    unit, factor = ("px", 1.0) if pixel_um is None else ("um", pixel_um)
    values = {
        f"shift_{unit}": [round(motion.dx_px * factor, 4), round(motion.dy_px * factor, 4)],
        f"shift_sd_{unit}": round(motion.sd_px * factor, 4) if np.isfinite(motion.sd_px) else None,
        "agreement": round(motion.agreement, 5),
    }
    return SourceFrame(not reason, reason, values)
