"""Frames of one view under different lights brought onto each other, and how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.capture.combine.frames import check_frames, clipped, grey, rounded
from app.capture.combine.motion import Motion, motion_of, moved
from app.capture.combine.orientation import agreement, directions, searched, turned
from app.capture.combine.recipe import Recipe, SourceFrame
from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError
from app.jobs import Job
from correlation.surface import Bools, Floats

_PURPOSE = "of a light set"
_COARSE_PX, _FINE_PX = 384, 900
_TURN_STEP_DEG = 0.5
_BLOCKS = 4
_FITS = 2
_LEAST_BLOCKS = 5
_MOST = 0.6
"""Share of the clear parts that must say the same."""
_LEAST_AGREEMENT = 0.04


@dataclass(frozen=True, slots=True)
class Lighting:
    """How to register a light set. ``names`` are the lights in the frames' order.

    The frames may lie ``largest_shift_um`` and ``largest_turn_deg`` from the ``reference``-th.
    A frame is trusted when its parts agree on where it lies within ``largest_spread_um``.
    """

    pixel_um: float
    names: tuple[str, ...]
    reference: int = 0
    largest_shift_um: float = 400.0
    largest_turn_deg: float = 3.0
    largest_spread_um: float = 6.0


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one frame lies: as an Alignment, it is turned and moved onto the reference.

    ``parts`` is how many of the frame's 16 parts, registered one by one, say the same, 0 when too
    few do; ``residual_um`` how far they lie from the whole's place (root mean square) and
    ``shift_sd_um`` what remains of that in their mean. ``sentence`` says why it is not trusted, ""
    where it is.
    """

    name: str
    shift_um: tuple[float, float]
    rotation_deg: float
    residual_um: float
    shift_sd_um: float
    agreement: float
    parts: int
    sentence: str = ""

    @property
    def trusted(self) -> bool:
        """Whether it can be laid on the reference."""
        return not self.sentence


@dataclass(frozen=True, slots=True, eq=False)
class LightSet:
    """``aligned`` are the frames brought onto the reference, which stays as it is."""

    aligned: tuple[Pixels, ...]
    placed: tuple[Placed, ...]
    recipe: Recipe

    @property
    def pixels(self) -> Pixels:
        """The reference frame."""
        return self.aligned[int(self.recipe.parameters["reference"])]


def register_lights(
    frames: Sequence[Pixels],
    plan: Lighting,
    *,
    allow_doubt: bool = False,
    job: Job | None = None,
) -> LightSet:
    """Bring frames of one view under different lights onto one of them.

    Registered by the directions of edges (``orientation``), first at every small rotation and
    shift, then by climbing to the highest agreement. Raises CaseheadError for unlike frames,
    names that do not fit, and, unless ``allow_doubt``, a frame whose place cannot be trusted; with
    it such a frame is left where it lay. CancelledError when ``job`` is stopped.
    """
    check_frames(frames, _PURPOSE)
    _check_names(frames, plan)
    placed, job = [], job or Job()
    for number, (name, frame) in enumerate(zip(plan.names, frames, strict=True)):
        job.report(number, len(frames), f"Registering {name}")
        base = frames[plan.reference]
        own = number == plan.reference
        placed.append(_here(name) if own else _place(base, frame, name, plan))
    doubt = next((one for one in placed if not one.trusted), None)
    if doubt is not None and not allow_doubt:
        raise CaseheadError(doubt.sentence)
    aligned = tuple(_aligned(f, one, plan) for f, one in zip(frames, placed, strict=True))
    sources = tuple(_source(one) for one in placed)
    figures = {
        "residual_largest_um": max(one.residual_um for one in placed if one.trusted),
        "trusted": sum(one.trusted for one in placed),
    }
    notes = tuple(one.sentence for one in placed if not one.trusted)
    return LightSet(aligned, tuple(placed), Recipe("lights", asdict(plan), sources, figures, notes))


def _check_names(frames: Sequence[Pixels], plan: Lighting) -> None:
    if len(plan.names) != len(frames):
        raise CaseheadError(
            f"There are {len(frames)} frames but {len(plan.names)} lights; name one for each."
        )
    if len({name.strip() for name in plan.names} - {""}) != len(plan.names):
        raise CaseheadError("Two frames of the light set have the same light or none; name each.")
    if not 0 <= plan.reference < len(frames):
        raise CaseheadError(f"The light set has no frame {plan.reference + 1} to lay others on.")
    for name, frame in zip(plan.names, frames, strict=True):
        white = float(clipped(frame).mean())
        if white > 0.9 or int(frame.max()) <= np.iinfo(frame.dtype).max // 64:
            word = "saturated" if white > 0.9 else "black"
            raise CaseheadError(
                f'The frame under the light "{name}" is {word} nearly everywhere; take it again.'
            )


def _here(name: str) -> Placed:
    return Placed(name, (0.0, 0.0), 0.0, 0.0, 0.0, 1.0, _BLOCKS * _BLOCKS)


def _place(fixed: Pixels, moving: Pixels, name: str, plan: Lighting) -> Placed:
    coarse, fine = (max(1, round(max(fixed.shape) / side)) for side in (_COARSE_PX, _FINE_PX))
    small, other = (_reduced_directions(frame, coarse) for frame in (fixed, moving))
    turns = np.arange(-plan.largest_turn_deg, plan.largest_turn_deg + 1e-6, _TURN_STEP_DEG)
    rough = searched(small, other, turns, plan.largest_shift_um / plan.pixel_um / coarse)
    start = _scaled(rough, coarse / fine)
    large, onto = (_reduced_directions(frame, fine) for frame in (moving, fixed))
    found = _climbed(onto, large, start, coarse / fine)
    for _ in range(_FITS):
        found = _fitted(found, *_parts(onto, large, found))
    found = replace(found, agreement=agreement(onto, large, found))
    _, offsets = _parts(onto, large, found)
    agreeing = _agreeing(offsets)
    place = _placed(name, found, offsets[agreeing], fine * plan.pixel_um)
    if agreeing.sum() < _MOST * len(offsets):
        place = replace(place, parts=0)
    return replace(place, sentence=_doubt(place, plan))


def _placed(name: str, found: Motion, offsets: Floats, scale_um: float) -> Placed:
    shift = (round(found.dx_px * scale_um, 3), round(found.dy_px * scale_um, 3))
    parts = len(offsets)
    spread = float(np.sqrt(np.mean(np.square(offsets).sum(axis=1)))) if parts else float("inf")
    residual_um = round(spread * scale_um, 3)
    sd_um = round(spread * scale_um / max(parts, 1) ** 0.5, 3)
    turn, height = round(found.turn_deg, 4), round(found.agreement, 4)
    return Placed(name, shift, turn, residual_um, sd_um, height, parts)


def _reduced_directions(frame: Pixels, factor: int) -> Floats:
    image, good = grey(frame), ~clipped(frame)
    if factor > 1:
        rows, columns = (n // factor for n in image.shape)
        part = np.s_[: rows * factor, : columns * factor]
        size = (columns, rows)
        image = np.asarray(cv2.resize(image[part], size, interpolation=cv2.INTER_AREA), np.float32)
        share = good[part].astype(np.float32)
        good = cv2.resize(share, size, interpolation=cv2.INTER_AREA) > 0.8
    return directions(image, np.asarray(good, np.bool_))


def _scaled(motion: Motion, factor: float) -> Motion:
    return replace(motion, dx_px=motion.dx_px * factor, dy_px=motion.dy_px * factor)


def _climbed(fixed: Floats, moving: Floats, start: Motion, step_px: float) -> Motion:
    """The motion of highest agreement near ``start``: tops of parabolas, in smaller steps."""
    reach = max(fixed.shape[:2]) / 2
    # One unit of each parameter moves the picture's edge about as far as a pixel.
    units = np.array([1.0, 1.0, float(np.degrees(1 / reach))])

    def height(x: NDArray[np.float64]) -> float:
        return agreement(fixed, moving, Motion(*map(float, x * units)))

    at = np.array([start.dx_px, start.dy_px, start.turn_deg]) / units
    top = height(at)
    for step in (max(step_px, 1.0), 0.8, 0.5):
        sides = [[height(at + sign * step * axis) for sign in (-1, 1)] for axis in np.eye(3)]
        moved_by = np.array([_vertex(before, top, after) for before, after in sides])
        at = at + step * moved_by
        top = height(at)
    dx, dy, turn = (float(value) for value in at * units)
    return Motion(dx, dy, turn, agreement=top)


def _parts(fixed: Floats, moving: Floats, motion: Motion) -> tuple[Floats, Floats]:
    """Where the picture's parts are and how far each lies from the place of the whole.

    Both (parts, 2), pixels from the centre. Only parts whose own peak is clear count.
    """
    seen = turned(moving, motion, "cubic")
    rows, columns = fixed.shape[0] // _BLOCKS, fixed.shape[1] // _BLOCKS
    centres, found = [], []
    for number in range(_BLOCKS * _BLOCKS):
        top, left = number // _BLOCKS * rows, number % _BLOCKS * columns
        part = np.s_[top : top + rows, left : left + columns]
        offset = _offset(fixed[part], seen[part])
        if offset is not None:
            centres.append(
                (left + (columns - fixed.shape[1]) / 2, top + (rows - fixed.shape[0]) / 2)
            )
            found.append(offset)
    places, offsets = (np.asarray(one, np.float32).reshape(-1, 2) for one in (centres, found))
    return places, offsets


def _agreeing(offsets: Floats) -> Bools:
    """Which parts lie where most do; the rest saw other edges or too few."""
    if not len(offsets):
        return np.zeros(0, np.bool_)
    gap = np.hypot(*(offsets - np.median(offsets, axis=0)).T)
    return np.asarray(gap <= 3 * max(float(np.median(gap)), 0.15), np.bool_)


def _fitted(motion: Motion, places: Floats, offsets: Floats) -> Motion:
    """The motion moved and turned to where most of the parts say."""
    if len(offsets) < _LEAST_BLOCKS:
        return motion
    near = _agreeing(offsets)
    x, y = places[near].T
    zero, one = np.zeros_like(x), np.ones_like(x)
    system = np.concatenate([np.stack([one, zero, y], 1), np.stack([zero, one, -x], 1)])
    wanted = -np.concatenate([offsets[near, 0], offsets[near, 1]])
    dx, dy, angle = np.linalg.lstsq(system, wanted, rcond=None)[0]
    angle = float(angle) if near.sum() >= _LEAST_BLOCKS else 0.0
    more = Motion(float(dx), float(dy), float(np.degrees(angle)))
    shape = (1, 1)
    return motion_of(more.matrix(shape) @ motion.matrix(shape), shape, 0.0, 0.0, 0.0)


def _offset(fixed: Floats, seen: Floats) -> tuple[float, float] | None:
    """The shift between two parts by the top of their correlation, None where it is not clear."""
    reach = 12
    rows, columns = fixed.shape[:2]
    if min(rows, columns) < 4 * reach:
        return None
    inner = fixed[reach:-reach, reach:-reach]
    surface = sum(
        cv2.matchTemplate(
            np.ascontiguousarray(seen[..., k]), np.ascontiguousarray(inner[..., k]), cv2.TM_CCORR
        )
        for k in (0, 1)
    )
    values = np.asarray(surface, np.float32)
    row, column = np.unravel_index(int(np.argmax(values)), values.shape)
    top = float(values[row, column])
    away = np.hypot(*(np.indices(values.shape) - np.array([row, column])[:, None, None])) > 4
    if top < float(values.mean() + 3 * values.std()) or top < 1.15 * float(values[away].max()):
        return None
    if not (0 < row < values.shape[0] - 1 and 0 < column < values.shape[1] - 1):
        return None
    dy = _vertex(*values[row - 1 : row + 2, column]) + float(row) - reach
    dx = _vertex(*values[row, column - 1 : column + 2]) + float(column) - reach
    return (dx, dy)


def _vertex(before: float, middle: float, after: float) -> float:
    """Where the parabola through three neighbours has its top, at most one step away."""
    bend = before - 2 * middle + after
    if bend >= 0:
        return float(np.sign(after - before))
    return float(np.clip(0.5 * (before - after) / bend, -1, 1))


def _doubt(place: Placed, plan: Lighting) -> str:
    """Why the place cannot be trusted, "" when it can."""
    start = f'The frame under the light "{place.name}" cannot be laid on "'
    start += f'{plan.names[plan.reference]}": '
    end = "; keep the stage still while the light changes and take it again."
    if np.hypot(*place.shift_um) > plan.largest_shift_um:
        return start + f"it would lie {np.hypot(*place.shift_um):.0f} µm away" + end
    if place.parts < _LEAST_BLOCKS:
        return start + "too few of its parts show the same edges" + end
    if place.residual_um > plan.largest_spread_um:
        return start + f"its parts disagree by {place.residual_um:.1f} µm" + end
    if place.agreement < _LEAST_AGREEMENT:
        return start + "no place stands out" + end
    return ""


def _aligned(frame: Pixels, place: Placed, plan: Lighting) -> Pixels:
    still = place.shift_um == (0.0, 0.0) and place.rotation_deg == 0.0
    if still or not place.trusted:
        return frame
    dx, dy = (value / plan.pixel_um for value in place.shift_um)
    motion = Motion(dx, dy, place.rotation_deg)
    return rounded(moved(frame.astype(np.float32), motion), frame.dtype)


def _source(place: Placed) -> SourceFrame:
    values = {
        "light": place.name,
        "shift_um": list(place.shift_um),
        "rotation_deg": place.rotation_deg,
        "residual_um": place.residual_um if np.isfinite(place.residual_um) else None,
        "shift_sd_um": place.shift_sd_um if np.isfinite(place.shift_sd_um) else None,
        "agreement": place.agreement,
        "parts": place.parts,
    }
    return SourceFrame(place.trusted, place.sentence, values)
