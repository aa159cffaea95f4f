"""Which frames a combined picture still needs: a value that goes from frame to frame.

Nothing here knows a window. A ``Series`` says what to do next and whether it can be finished;
``combine_series`` (app.capture.combine_series) makes the picture.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

from app.capture.frame import Frame
from app.domain import CaseheadError

SeriesKind = Literal["single", "average", "exposure", "focus", "stitch", "lights"]
KINDS: Final[tuple[SeriesKind, ...]] = (
    "single",
    "average",
    "exposure",
    "focus",
    "stitch",
    "lights",
)
LIGHTS: Final = ("ring", "left", "top", "right", "bottom")
STOPS: Final = (0.0, -2.0, 2.0)
"""Of a bracket, against the exposure it begins with; first that, as it is set already."""
COUNTS: Final = (4, 8, 16, 32)
LARGEST_BYTES: Final = 768 * 2**20
_LEAST: Final = {"single": 1, "average": 2, "exposure": 2, "focus": 3, "stitch": 2, "lights": 2}
_TITLES: Final = {
    "single": "single frame",
    "average": "average",
    "exposure": "exposure bracket",
    "focus": "focus stack",
    "stitch": "stitched fields",
    "lights": "light set",
}


@dataclass(frozen=True, slots=True, eq=False)
class Taken:
    """A frame taken, the ``light`` it is of, and its exposure relative to the first where told."""

    frame: Frame
    light: str = ""
    exposure: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """The frames taken so far of one kind.

    ``count`` is how many an average takes; ``stops`` and ``lights`` the steps of a bracket and of
    a light set, in their order. ``dropped`` is what ``brought_back`` brings back.
    """

    kind: SeriesKind = "single"
    taken: tuple[Taken, ...] = ()
    count: int = 8
    stops: tuple[float, ...] = STOPS
    lights: tuple[str, ...] = LIGHTS
    dropped: tuple[Taken, ...] = ()

    @property
    def title(self) -> str:
        """What is being made."""
        return _TITLES[self.kind]

    @property
    def wanted(self) -> int | None:
        """How many frames it takes; None where the examiner says when it is enough."""
        steps = {
            "single": 1,
            "average": self.count,
            "exposure": len(self.stops),
            "lights": len(self.lights),
        }
        return steps.get(self.kind)

    @property
    def full(self) -> bool:
        """Whether all there should be is there."""
        return self.wanted is not None and len(self.taken) >= self.wanted

    @property
    def next_light(self) -> str:
        """The light the next frame is of, "" for other kinds and when all are there."""
        if self.kind != "lights":
            return ""
        have = {one.light for one in self.taken}
        return next((name for name in self.lights if name not in have), "")

    @property
    def next_stop(self) -> float | None:
        """How many stops the next frame of a bracket is brighter than the first."""
        if self.kind != "exposure":
            return None
        have = {one.exposure for one in self.taken}
        return next((stop for stop in self.stops if 2.0**stop not in have), None)

    @property
    def missing(self) -> str:
        """Why it cannot be finished yet, "" when it can."""
        least = _LEAST[self.kind]
        if len(self.taken) >= least:
            return ""
        more = least - len(self.taken)
        return f"The {self.title} needs at least {more} more frame{'s' if more > 1 else ''}."

    @property
    def counted(self) -> str:
        """How far it is: "3 of 8", "3 fields"."""
        if self.wanted is not None:
            return f"{len(self.taken)} of {self.wanted}"
        word = "field" if self.kind == "stitch" else "frame"
        return f"{len(self.taken)} {word}{'' if len(self.taken) == 1 else 's'}"

    @property
    def instruction(self) -> str:
        """What to do now, in a sentence."""
        if self.full:
            return "All frames are taken."
        match self.kind:
            case "average":
                return f"Keep the stage still; one press takes {self.count} frames."
            case "exposure":
                return f"{_stop_words(self.next_stop or 0.0)}, then press Space."
            case "focus":
                return (
                    "Focus below the lowest place, then raise the focus in steps; Space takes one."
                )
            case "stitch":
                if not self.taken:
                    return "Begin at one side; Space takes the first field."
                return "Move on until a fifth still overlaps, then press Space."
            case "lights":
                return f"Switch on the light: {self.next_light}. Then press Space."
        return "Space keeps the frame you see."

    def with_frame(self, frame: Frame, light: str = "", exposure: float | None = None) -> Series:
        """One frame more; the steps' own light and exposure where they are not given.

        Raises CaseheadError for one that was taken already, does not fit the others, is one too
        many, or would not fit into the memory.
        """
        if self.full:
            raise CaseheadError(f"The {self.title} has all its frames; finish it, or drop one.")
        if any(one.frame is frame for one in self.taken):
            raise CaseheadError("This very frame was taken already; let the picture live (F).")
        self._check_alike(frame)
        used = sum(one.frame.pixels.nbytes for one in self.taken)
        if used + frame.pixels.nbytes > LARGEST_BYTES:
            raise CaseheadError(
                f"No more than {len(self.taken)} frames of this size fit; finish the {self.title}."
            )
        stop = self.next_stop
        if exposure is None and stop is not None:
            exposure = 2.0**stop
        one = Taken(frame, light or self.next_light, exposure)
        return replace(self, taken=(*self.taken, one), dropped=())

    def without(self, number: int) -> Series:
        """Without one of the frames, which ``brought_back`` brings back."""
        kept = tuple(one for n, one in enumerate(self.taken) if n != number)
        return replace(self, taken=kept, dropped=self.taken)

    def emptied(self) -> Series:
        """Without any frame; ``brought_back`` brings them back."""
        return replace(self, taken=(), dropped=self.taken or self.dropped)

    def brought_back(self) -> Series:
        """With what was taken before it was dropped."""
        return replace(self, taken=self.dropped, dropped=()) if self.dropped else self

    def of_kind(self, kind: SeriesKind) -> Series:
        """Another kind, begun anew; frames of this one can be brought back by choosing it again."""
        return replace(self, kind=kind, taken=(), dropped=())

    def _check_alike(self, frame: Frame) -> None:
        if not self.taken:
            return
        first, pixels = self.taken[0].frame.pixels, frame.pixels
        if (first.shape, first.dtype) != (pixels.shape, pixels.dtype):
            raise CaseheadError(
                f"The camera gives {pixels.shape[1]} x {pixels.shape[0]} pixels now, the first "
                f"frame has {first.shape[1]} x {first.shape[0]}; set it as before, or begin anew."
            )


def _stop_words(stop: float) -> str:
    if stop == 0:
        return "Set the exposure that shows most"
    times = 2.0 ** abs(stop)
    return f"Set the exposure {times:g} times {'longer' if stop > 0 else 'shorter'} than at first"
