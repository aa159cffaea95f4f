"""The values an examiner's desk is made of: settings that undo goes back to, and places."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from app.domain import Alignment, Remarks
from app.picture import ViewState

if TYPE_CHECKING:
    from app.domain import Annotation
    from correlation.similarity import SimilarityMap

Point = tuple[float, float]
Specimen = Literal["left", "right"]
_UNDO_STEPS = 300


@dataclass(frozen=True, slots=True)
class Setting:
    """What undo goes back to: where the right specimen lies, how it is seen, what is drawn and
    noted, and what panels keep (``extras``: plain values by their names, never changed in place).
    """

    alignment: Alignment
    view: ViewState
    annotations: tuple[Annotation, ...] = ()
    remarks: Remarks = field(default_factory=Remarks)
    extras: Mapping[str, Any] = field(default_factory=dict)

    def lasting(self) -> Setting:
        """Without what is of the moment, to tell whether something is unsaved."""
        view = replace(self.view, seen_px=(0, 0), blink_right=False, original=False)
        return replace(self, view=view)


@dataclass(frozen=True, slots=True, eq=False)
class Similarity:
    """What was found of the similarity of a pair in one alignment: a map, or why there is none."""

    alignment: Alignment
    found: SimilarityMap | None
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A point of the view on the specimens: micrometres from the centres of their pixel arrays.

    ``side`` is the specimen seen there; "both" where they lie over each other.
    """

    side: Literal["left", "right", "both"]
    left_um: Point
    right_um: Point


class History:
    """Settings one after the other; steps of one gesture are undone together."""

    def __init__(self, first: Setting, changed: Callable[[], None]) -> None:
        self.now = first
        self._changed = changed
        self._undo: list[Setting] = []
        self._redo: list[Setting] = []
        self._gesture = ""

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._redo)

    def put(self, following: Setting, gesture: str = "") -> None:
        """The next setting; ``changed`` is called when it differs."""
        if following == self.now:
            return
        if not gesture or gesture != self._gesture:
            self._undo = [*self._undo[-_UNDO_STEPS + 1 :], self.now]
        self._gesture = gesture
        self._redo = []
        self.now = following
        self._changed()

    def undo(self) -> None:
        """One step back."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """One step forth again."""
        self._step(self._redo, self._undo)

    def end_gesture(self) -> None:
        """What follows is another step."""
        self._gesture = ""

    def _step(self, come_from: list[Setting], go_to: list[Setting]) -> None:
        if not come_from:
            return
        go_to.append(self.now)
        earlier = come_from.pop()
        seen_px = self.now.view.seen_px
        self.now = replace(earlier, view=replace(earlier.view, seen_px=seen_px))
        self._gesture = ""
        self._changed()
