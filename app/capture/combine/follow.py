"""Capture that follows the hand: when the picture rests and shows something not yet taken.

A frozen ``Watch`` goes from frame to frame; nothing waits and nothing is remembered elsewhere.
While the focus is raised by hand, a frame is due once the picture rests and some part of it is
sharper than in all frames taken so far; while fields are taken, once it rests, is sharp, and the
stage has moved far enough.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from app.capture.combine.frames import detail, grey
from app.capture.combine.overlaps import Field, proposed
from app.capture.combine.registering import Layers
from app.capture.frame import Pixels
from app.capture.opencv import cv2
from correlation.surface import Floats

Purpose = Literal["focus", "fields"]
State = Literal["moving", "settling", "nothing new", "capture", "too far"]
_CELLS, _COARSE = (18, 24), (4, 3)
_SMALL_PX = 160
_LEAST_SHARED, _LEAST_AGREEMENT = 0.05, 0.3


@dataclass(frozen=True, slots=True)
class Following:
    """What is followed, and how careful.

    ``still_frames`` in a row must rest. Sharper means ``sharper`` times the focus measure in at
    least ``new_share`` of the picture's textured cells. A new field begins ``least_move`` of the
    view away from the last taken one and shares nothing useful with it beyond ``most_move``.
    ``still`` is the change of the focus measure's logarithm that is noise or tremor.
    """

    purpose: Purpose = "focus"
    still_frames: int = 3
    sharper: float = 1.12
    new_share: float = 0.05
    least_move: float = 0.5
    most_move: float = 0.9
    still: float = 0.06


@dataclass(frozen=True, slots=True, eq=False)
class Watch:
    """What is known after a frame; the one without arguments knows nothing yet.

    ``moved`` is how far the view lies from that of the last frame taken (shares of its width and
    height); ``sharpness`` the mean focus measure, for telling one moment from another.
    """

    state: State = "moving"
    moved: tuple[float, float] = (0.0, 0.0)
    sharpness: float = 0.0
    rested: int = 0
    peak: float = 0.0
    small: Floats | None = None
    focus: Floats | None = None
    taken_small: Floats | None = None
    taken_focus: Floats | None = None

    @property
    def due(self) -> bool:
        """Whether this frame should be taken."""
        return self.state == "capture"

    @property
    def sentence(self) -> str:
        """What to tell the examiner."""
        return {
            "moving": "The picture moves.",
            "settling": "The picture comes to rest.",
            "nothing new": "At rest; nothing here is sharper than what was taken. Move on.",
            "capture": "At rest and new: taken.",
            "too far": "Too far from the last field; move back until they share a fifth.",
        }[self.state]


def watched(watch: Watch, pixels: Pixels, plan: Following | None = None) -> Watch:
    """What is known after one more frame (of one size with those before)."""
    plan = plan or Following()
    small, focus = _looked(pixels)
    rested = watch.rested + 1 if _rests(watch, small, focus, plan.still) else 0
    sharpness = float(focus.mean())
    moved = watch.moved
    if plan.purpose == "fields" and rested and watch.taken_small is not None:
        moved = _moved(watch.taken_small, small)
    new = replace(
        watch,
        moved=moved,
        sharpness=sharpness,
        rested=rested,
        peak=max(watch.peak, sharpness),
        small=small,
        focus=focus,
    )
    return replace(new, state=_state(new, plan))


def taken(watch: Watch) -> Watch:
    """The frame just watched was taken: what it shows is no longer new."""
    if watch.focus is None:
        return watch
    before = watch.taken_focus
    best = watch.focus if before is None else np.maximum(before, watch.focus)
    return replace(
        watch, state="nothing new", taken_small=watch.small, taken_focus=best, peak=0.0, rested=0
    )


def _looked(pixels: Pixels) -> tuple[Floats, Floats]:
    """A small copy without slow changes, and the focus measure in cells of the picture."""
    image = cv2.resize(grey(pixels), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    scale = _SMALL_PX / max(image.shape)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    fine = cv2.Laplacian(cv2.GaussianBlur(image, (0, 0), 0.9), cv2.CV_32F)
    cells = cv2.resize(fine * fine, _CELLS[::-1], interpolation=cv2.INTER_AREA)
    return detail(np.asarray(small, np.float32), 10.0), np.asarray(cells, np.float32)


def _rests(watch: Watch, small: Floats, focus: Floats, still: float) -> bool:
    """Whether neither place nor focus changed by more than noise does."""
    if watch.small is None or watch.focus is None or watch.small.shape != small.shape:
        return False
    apart = float((small - watch.small).std()) / max(float(small.std()), 1e-6)
    now, before = (
        cv2.resize(one, _COARSE, interpolation=cv2.INTER_AREA) for one in (focus, watch.focus)
    )
    change = np.log((now + 1e-9) / (before + 1e-9))
    strong = now >= np.percentile(now, 50)
    return apart < 0.12 and float(np.abs(change[strong]).max()) < still


def _moved(before: Floats, small: Floats) -> tuple[float, float]:
    """How far the content moved (shares of the view); a whole view where nothing is shared."""
    fields = [Field(Layers(image, widest_px=6.0)) for image in (before, small)]
    found = proposed(fields[0], fields[1], _LEAST_SHARED)
    if found is None or found.motion.agreement < _LEAST_AGREEMENT:
        return 1.0, 1.0
    return -found.motion.dx_px / small.shape[1], -found.motion.dy_px / small.shape[0]


def _state(watch: Watch, plan: Following) -> State:
    if watch.rested == 0:
        return "moving"
    if watch.rested < plan.still_frames:
        return "settling"
    if watch.taken_focus is None:
        return "capture"
    if plan.purpose == "focus":
        return "capture" if _new_share(watch, plan) >= plan.new_share else "nothing new"
    away = max(abs(watch.moved[0]), abs(watch.moved[1]))
    if away > plan.most_move:
        return "too far"
    sharp = watch.sharpness >= 0.8 * watch.peak
    return "capture" if away >= plan.least_move and sharp else "nothing new"


def _new_share(watch: Watch, plan: Following) -> float:
    """Share of the textured cells that are sharper than in every frame taken."""
    assert watch.focus is not None and watch.taken_focus is not None
    best = np.maximum(watch.focus, watch.taken_focus)
    textured = best > 0.02 * float(best.max())
    newer = watch.focus > plan.sharper * watch.taken_focus
    return float((newer & textured).sum()) / max(int(textured.sum()), 1)
