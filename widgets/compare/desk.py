"""What an examiner does to a pair on the screen, as values; knows no window.

A setting is a frozen value, so undo is a list of settings and saving is writing one down.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from app.domain import Alignment, Comparison, Score
from app.picture import Mode, Side, ViewState, comparison_picture, fit, render
from app.picture.geometry import turned_about
from app.picture.view import (
    BLINK_MS_RANGE,
    Divider,
    Size,
    divider_px,
    panned,
    step_um,
    view_turned,
    zoomed,
)
from correlation.similarity import SimilarityMap

if TYPE_CHECKING:
    from app.workbench import Meaning

Point = tuple[float, float]
_UNDO_STEPS = 300
DIVIDER_REACH_PX = 6.0


@dataclass(frozen=True, slots=True)
class Setting:
    """What undo goes back to: where the right specimen lies and how the pair is seen."""

    alignment: Alignment
    view: ViewState


@dataclass(frozen=True, slots=True, eq=False)
class Similarity:
    """What was found of the similarity of a pair in one alignment: a map, or why there is none."""

    alignment: Alignment
    found: SimilarityMap | None
    sentence: str = ""


class Desk:
    """A pair on the screen. Every change calls ``changed`` once; all lengths are micrometres,
    all points pixels of a view of ``size``."""

    def __init__(
        self,
        left: Side,
        right: Side,
        comparison: Comparison,
        score: Score | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.left, self.right = left, right
        self.comparison = comparison
        self.score = score
        self.meaning: Meaning | None = None
        self._similarity: Similarity | None = None
        self.size: Size = (0, 0)
        self._changed = changed
        view = ViewState.from_dict(comparison.view)
        self._now = Setting(comparison.alignment, view)
        self._saved = self._now
        self._undo: list[Setting] = []
        self._redo: list[Setting] = []
        self._gesture = ""
        self._held_blink = False
        self._phase = False
        self._fitted: tuple[object, ...] = ()

    @property
    def alignment(self) -> Alignment:
        """Where the right specimen lies."""
        return self._now.alignment

    @property
    def view(self) -> ViewState:
        """How the pair is seen, without what is only held for a moment."""
        return self._now.view

    @property
    def seen(self) -> ViewState:
        """What is on the screen this moment: with the blink's phase, and blinking while held."""
        if self._held_blink or self.view.mode is Mode.BLINK:
            return replace(self.view, mode=Mode.BLINK, blink_right=self._phase)
        return self.view

    @property
    def blinking(self) -> bool:
        """Whether the blink timer has to run."""
        return self._held_blink or self.view.mode is Mode.BLINK

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to."""
        return bool(self._undo)

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return bool(self._redo)

    @property
    def unsaved(self) -> bool:
        """Whether alignment or view differ from what was opened or saved last."""
        return _lasting(self._now) != _lasting(self._saved)

    @property
    def moved(self) -> bool:
        """Whether the alignment differs from what was last saved: work that must not be lost."""
        return self._now.alignment != self._saved.alignment

    @property
    def similarity(self) -> Similarity | None:
        """What is known of the similarity in the present alignment."""
        known = self._similarity
        return known if known is not None and known.alignment == self.alignment else None

    @property
    def lacks_similarity(self) -> bool:
        """Whether the map is to be seen and nothing is known of it yet."""
        return self.view.similarity and self.similarity is None

    @property
    def _map(self) -> SimilarityMap | None:
        return self.similarity.found if self.similarity else None

    def picture(self) -> NDArray[np.uint8]:
        """What the screen shows, uint8 RGB of ``size``."""
        cells = self.score.cell_list if self.score else ()
        where = self.alignment, self.seen, self.size
        return render(self.left, self.right, *where, cells, self._map)

    def exporting(self, caption: tuple[str, ...], size: Size) -> Callable[[], NDArray[np.uint8]]:
        """What draws the picture for a file as it is seen now; may run on any thread."""
        seen = self.seen if self.view.mode is Mode.BLINK else self.view
        facts = self.left, self.right, self.alignment, seen, self.score
        found = self._map
        return lambda: comparison_picture(*facts, caption, size, found)

    def resize(self, size: Size) -> None:
        """The view has another size; what was fitted is fitted again, else the scale stays."""
        if size == self.size or min(size) < 1:
            return
        view, first = self.view, self.size == (0, 0)
        was_saved, self.size = not self.unsaved, size
        if view.um_per_px <= 0 or self._is_fitted:
            view = self._fit(view)
        elif first and view.seen_px != (0, 0):
            larger = max(view.seen_px[0] / size[0], view.seen_px[1] / size[1])
            view = replace(view, um_per_px=view.um_per_px * larger)
        self._now = Setting(self.alignment, replace(view, seen_px=size))
        if was_saved:
            self._saved = self._now
        self._changed()

    def set_mode(self, mode: Mode) -> None:
        """Another view mode; a blink begins with the left specimen."""
        self._phase = False
        self._put(view=self._refitted(replace(self.view, mode=mode)))

    def set_divider(self, direction: str) -> None:
        """Stand ("vertical") or lay ("horizontal") the dividing line."""
        standing: Divider = "vertical" if direction == "vertical" else "horizontal"
        self._put(view=self._refitted(replace(self.view, divider=standing)))

    def drag_divider(self, point: Point) -> None:
        """Bring the dividing line under the pointer."""
        length, at = self._along(point)
        share = min(max((at + 0.5) / max(length, 1), 0.0), 1.0)
        self._put("divider", view=replace(self.view, divider_at=share))

    def on_divider(self, point: Point) -> bool:
        """Whether the pointer is close enough to take the dividing line."""
        if self.seen.mode is not Mode.SPLIT:
            return False
        _, at = self._along(point)
        return abs(at - divider_px(self.view, self.size)) <= DIVIDER_REACH_PX

    def _along(self, point: Point) -> tuple[int, float]:
        if self.view.divider == "vertical":
            return self.size[0], point[0]
        return self.size[1], point[1]

    def set_opacity(self, opacity: float) -> None:
        """How strong the right specimen is in the overlay, 0 to 1."""
        self._put("opacity", view=replace(self.view, opacity=min(max(opacity, 0.0), 1.0)))

    def set_blink_ms(self, milliseconds: int) -> None:
        """How long each specimen is seen while blinking."""
        low, high = BLINK_MS_RANGE
        self._put("blink", view=replace(self.view, blink_ms=min(max(milliseconds, low), high)))

    def set_cells(self, shown: bool) -> None:
        """Draw the cells or not."""
        self._put(view=replace(self.view, cells=shown))

    def set_similarity(self, shown: bool) -> None:
        """Lay the similarity map over both or not."""
        self._put(view=replace(self.view, similarity=shown))

    def learn_similarity(self, found: Similarity) -> None:
        """The map of an alignment has been made, or could not be."""
        self._similarity = found
        self._changed()

    def learn_meaning(self, meaning: Meaning) -> None:
        """What the score means has been found out."""
        self.meaning = meaning
        self._changed()

    def hold_blink(self, held: bool) -> None:
        """Blink while a key is held; the view is not changed by it."""
        if held != self._held_blink:
            self._held_blink = held
            self._phase = held
            self._changed()

    def tick(self) -> None:
        """The other specimen's turn."""
        self._phase = not self._phase
        self._changed()

    def exchange(self) -> None:
        """The left specimen in the right place and the other way round."""
        self._put(view=replace(self.view, exchanged=not self.view.exchanged))

    def fit(self) -> None:
        """See the marks as large as the view allows, upright."""
        self._put(view=self._fit(replace(self.view, view_rotation_deg=0.0)))

    def zoom(self, factor: float, point: Point | None = None) -> None:
        """Enlarge; what is under ``point`` (the middle without one) stays."""
        middle = ((self.size[0] - 1) / 2, (self.size[1] - 1) / 2)
        self._put("zoom", view=zoomed(self.view, factor, self.size, point or middle))

    def pan(self, dx_px: float, dy_px: float) -> None:
        """Carry both specimens along."""
        self._put("pan", view=panned(self.view, dx_px, dy_px))

    def turn_both(self, degrees: float) -> None:
        """Turn both specimens about the middle of the view."""
        self._put("turn both", view=view_turned(self.view, degrees))

    def carry_right(self, dx_px: float, dy_px: float) -> None:
        """Drag the specimen in the right place alone."""
        self._move("carry", *step_um(self.view, dx_px, dy_px))

    def nudge(self, dx_um: float, dy_um: float) -> None:
        """Move the specimen in the right place, as seen: x right, y down."""
        scale = self.view.um_per_px or 1.0
        self._move("", *step_um(self.view, dx_um / scale, dy_um / scale))

    def turn(self, degrees: float) -> None:
        """Turn the specimen in the right place about the middle of the view."""
        pivot = self.view.centre_um
        if not self.view.exchanged:
            self._put(alignment=turned_about(self.alignment, degrees, pivot))
            return
        # the reference stands in the right place: the other turns back, the view with it
        back = turned_about(self.alignment, -degrees, pivot)
        self._put(alignment=back, view=view_turned(self.view, degrees))

    def set_alignment(self, alignment: Alignment, gesture: str = "") -> None:
        """Put the right specimen where it is said to be."""
        self._put(gesture, alignment=alignment)

    def aligned(self, score: Score) -> None:
        """Take over what software found."""
        self.score, self.meaning = score, None
        self.set_alignment(score.alignment)

    def undo(self) -> None:
        """One step back."""
        self._step(self._undo, self._redo)

    def redo(self) -> None:
        """One step forth again."""
        self._step(self._redo, self._undo)

    def end_gesture(self) -> None:
        """The hand is lifted: what follows is another step."""
        self._gesture = ""

    def as_comparison(self) -> Comparison:
        """The comparison to save: as it is set up now."""
        return replace(self.comparison, alignment=self.alignment, view=self.view.to_dict())

    def saved(self, comparison: Comparison) -> None:
        """It was saved as ``comparison``; what was changed meanwhile stays unsaved."""
        self.comparison = comparison
        view = ViewState.from_dict(comparison.view)
        self._saved = Setting(comparison.alignment, view)
        self._changed()

    @property
    def _is_fitted(self) -> bool:
        return _field(self.view) == self._fitted

    def _fit(self, view: ViewState) -> ViewState:
        fitted = fit(self.left, self.right, self.alignment, self.size, view)
        self._fitted = _field(fitted)
        return fitted

    def _refitted(self, view: ViewState) -> ViewState:
        """A view of other panes, fitted to them when the one in hand is fitted."""
        return self._fit(view) if self._is_fitted else view

    def _move(self, gesture: str, dx_um: float, dy_um: float) -> None:
        if not self.view.exchanged:
            self._put(gesture, alignment=self.alignment.nudged(dx_um, dy_um))
            return
        # the reference stands in the right place: the other moves back, the view with it
        x, y = self.view.centre_um
        view = replace(self.view, centre_um=(x - dx_um, y - dy_um))
        self._put(gesture, self.alignment.nudged(-dx_um, -dy_um), view)

    def _put(
        self,
        gesture: str = "",
        alignment: Alignment | None = None,
        view: ViewState | None = None,
    ) -> None:
        """The next setting; steps of one gesture are undone together."""
        following = Setting(alignment or self.alignment, view or self.view)
        if following == self._now:
            return
        if not gesture or gesture != self._gesture:
            self._undo = [*self._undo[-_UNDO_STEPS + 1 :], self._now]
        self._gesture = gesture
        self._redo = []
        self._now = following
        self._changed()

    def _step(self, come_from: list[Setting], go_to: list[Setting]) -> None:
        if not come_from:
            return
        go_to.append(self._now)
        earlier = come_from.pop()
        self._now = Setting(earlier.alignment, replace(earlier.view, seen_px=self.view.seen_px))
        self._gesture = ""
        self._changed()


def _field(view: ViewState) -> tuple[object, ...]:
    return view.centre_um, view.um_per_px, view.view_rotation_deg


def _lasting(setting: Setting) -> Setting:
    return replace(setting, view=replace(setting.view, seen_px=(0, 0), blink_right=False))
