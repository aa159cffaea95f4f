"""The state of a pair on the screen and what is seen of it this moment; knows no window."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from app.domain import Alignment, Comparison, Remarks, Score
from app.picture import Mode, Side, ViewState, fit, render
from app.picture.geometry import at, right_to_left
from app.picture.view import Pane, Size, pane_at, panes, um_to_view, view_to_um
from correlation.similarity import SimilarityMap
from widgets.compare.desk.measures import Measures
from widgets.compare.desk.pen import Pen
from widgets.compare.desk.setting import History, Place, Point, Setting, Similarity, Specimen

if TYPE_CHECKING:
    from app.domain import Annotation
    from app.workbench import Meaning
    from app.workbench.lights import LightChoice


class Core:
    """A pair and its settings. Every change calls ``changed`` once; all lengths are micrometres,
    all points pixels of a view of ``size``.

    ``area`` is the closed outline in hand, in micrometres of the left specimen; ``ask`` is how a
    tool asks the screen for an action.
    """

    def __init__(
        self,
        left: Side,
        right: Side,
        comparison: Comparison,
        score: Score | None = None,
        changed: Callable[[], None] = lambda: None,
        annotations: tuple[Annotation, ...] = (),
        remarks: Remarks | None = None,
    ) -> None:
        self._own = (left, right)
        self._lent: dict[str, Side] = {}
        self.comparison = comparison
        self.score = score
        self.meaning: Meaning | None = None
        self.light_sets: tuple[tuple[LightChoice, ...], tuple[LightChoice, ...]] = ((), ())
        self.size: Size = (0, 0)
        self.tool = ""
        self.locked = True
        self.aligning = False
        self.wants_areas = False
        self.area: tuple[Point, ...] = ()
        self.ask: Callable[[str], None] = lambda _action: None
        self.pen = Pen(changed)
        self.measures = Measures(self)
        self._changed = changed
        view, extras = ViewState.from_dict(comparison.view), extras_of(comparison.view)
        first = Setting(comparison.alignment, view, annotations, remarks or Remarks(), extras)
        self._history = History(first, changed)
        self._saved = first
        self._visited: tuple[Alignment, tuple[Annotation, ...]] | None = None
        self._similarity: Similarity | None = None
        self._held_blink = self._held_original = False
        self.sweeping = False
        self._phase = False
        self._fitted: tuple[object, ...] = ()

    @property
    def left(self) -> Side:
        """The left specimen as it is shown: in the light chosen."""
        return self._lent.get(self.view.shown[0], self._own[0])

    @property
    def right(self) -> Side:
        """The right specimen as it is shown."""
        return self._lent.get(self.view.shown[1], self._own[1])

    @property
    def alignment(self) -> Alignment:
        """Where the right specimen lies."""
        return self._history.now.alignment

    @property
    def view(self) -> ViewState:
        """How the pair is seen, without what is only held for a moment."""
        return self._history.now.view

    @property
    def annotations(self) -> tuple[Annotation, ...]:
        """What is drawn on the specimens."""
        return self._history.now.annotations

    @property
    def remarks(self) -> Remarks:
        """What is noted of the comparison besides: class characteristics, subclass flag."""
        return self._history.now.remarks

    @property
    def extras(self) -> Mapping[str, Any]:
        """Plain values of the panels that are saved with the view, by their names."""
        return self._history.now.extras

    @property
    def setting(self) -> Setting:
        """All that undo goes back to, as it is now."""
        return self._history.now

    @property
    def seen(self) -> ViewState:
        """What is on the screen this moment: with the blink's phase and what keys hold."""
        view = replace(self.view, original=True) if self._held_original else self.view
        if self.blinking:
            return replace(view, mode=Mode.BLINK, blink_right=self._phase)
        return view

    @property
    def blinking(self) -> bool:
        """Whether the blink timer has to run."""
        return self._held_blink or self.view.mode is Mode.BLINK

    @property
    def can_undo(self) -> bool:
        """Whether there is something to go back to."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether something was undone."""
        return self._history.can_redo

    @property
    def unsaved(self) -> bool:
        """Whether anything differs from what was opened or saved last."""
        return self._history.now.lasting() != self._saved.lasting()

    @property
    def moved(self) -> bool:
        """Whether there is work that must not be lost: alignment, drawings, notes or panels'
        values."""
        now, saved = self._history.now, self._saved
        kept = (saved.alignment, saved.annotations), self._visited
        besides = (now.remarks, now.extras) != (saved.remarks, saved.extras)
        return (now.alignment, now.annotations) not in kept or besides

    @property
    def drawn_on(self) -> bool:
        """Whether the drawings or the remarks differ from those saved last."""
        return self.annotations != self._saved.annotations or self._remarked

    @property
    def drawings_unkept(self) -> bool:
        """Whether the remarks are not on the record as they are, or the drawings neither as saved
        last nor as a saved view."""
        visited = self._visited is not None and self.annotations == self._visited[1]
        return self._remarked or (self.drawn_on and not visited)

    @property
    def _remarked(self) -> bool:
        return self.remarks != self._saved.remarks

    def drawings_kept(self, comparison_id: str, kept: Setting) -> None:
        """Drawings and remarks of ``kept`` were saved, the rest was not."""
        self.comparison = replace(self.comparison, id=comparison_id)
        self._saved = replace(self._saved, annotations=kept.annotations, remarks=kept.remarks)
        self._changed()

    @property
    def similarity(self) -> Similarity | None:
        """What is known of the similarity in the present alignment."""
        known = self._similarity
        return known if known is not None and known.alignment == self.alignment else None

    @property
    def lacks_similarity(self) -> bool:
        """Whether the map is needed and nothing is known of it yet."""
        return (self.view.similarity or self.wants_areas) and self.similarity is None

    @property
    def _map(self) -> SimilarityMap | None:
        return self.similarity.found if self.similarity else None

    def put(
        self,
        gesture: str = "",
        alignment: Alignment | None = None,
        view: ViewState | None = None,
        annotations: tuple[Annotation, ...] | None = None,
        remarks: Remarks | None = None,
        extras: Mapping[str, Any] | None = None,
    ) -> None:
        """The next setting; steps of one gesture are undone together."""
        now = self._history.now
        following = Setting(
            alignment or now.alignment,
            view or now.view,
            now.annotations if annotations is None else annotations,
            remarks or now.remarks,
            now.extras if extras is None else extras,
        )
        self._history.put(following, gesture)

    def visit(
        self, alignment: Alignment, view: ViewState, annotations: tuple[Annotation, ...]
    ) -> None:
        """A setting that is on the record elsewhere: seeing it again is no work to be kept."""
        self._visited = (alignment, annotations)
        self.end_gesture()
        self.put("", alignment, view, annotations)
        self.end_gesture()

    def keep_extra(self, name: str, value: Any, gesture: str = "") -> None:
        """A plain value (for JSON) of a panel, saved with the view under its name; undone like
        everything else."""
        if self.extras.get(name) != value:
            self.put(gesture, extras={**self.extras, name: value})

    def lend(self, acquired_id: str, side: Side) -> None:
        """Another picture of one of the specimens, shown where ``view.shown`` names it."""
        self._lent[acquired_id] = side
        if acquired_id in self.view.shown:
            self._changed()

    def learn_lights(self, left: tuple[LightChoice, ...], right: tuple[LightChoice, ...]) -> None:
        """The lights under which images of either specimen were taken have been found out."""
        self.light_sets = (left, right)
        self._changed()

    def lacks(self, acquired_id: str) -> bool:
        """Whether a picture that could be shown was not lent yet."""
        own = (self.comparison.left_id, self.comparison.right_id)
        return bool(acquired_id) and acquired_id not in own and acquired_id not in self._lent

    def take_tool(self, name: str) -> None:
        """Another tool in hand; "" is the bare hand, the same again puts it away."""
        self.tool = "" if name == self.tool else name
        self._changed()

    def set_area(self, points: tuple[Point, ...]) -> None:
        """The outline of the area in hand, () when there is none or it is open."""
        told = bool(points) != bool(self.area)
        self.area = points
        if told:
            self._changed()

    def set_locked(self, locked: bool) -> None:
        """Locked, a drag moves both specimens; unlocked, the one under the pointer."""
        if locked != self.locked:
            self.locked = locked
            self._changed()

    def picture(self, size: Size | None = None, view: ViewState | None = None) -> NDArray[np.uint8]:
        """What the screen shows, uint8 RGB of ``size``."""
        cells = self.score.cell_list if self.score else ()
        where = self.alignment, view or self.seen, size or self.size
        return render(self.left, self.right, *where, cells, self._map, self.annotations)

    def place(self, point: Point) -> Place:
        """What lies under a point of the view."""
        view = self.seen
        pane = pane_at(view, self.size, point)
        left_um = at(view_to_um(view, pane), point)
        back = np.linalg.inv(right_to_left(self.alignment)).astype(np.float64, copy=False)
        if pane.shows == "both":
            return Place("both", left_um, at(back, left_um))
        return Place(self._side_of(pane) or "left", left_um, at(back, left_um))

    def seen_at(self, left_um: Point | None = None, right_um: Point | None = None) -> list[Point]:
        """Where a point of a specimen is seen: one point of the view for each pane showing it.

        Points outside a pane are left out.
        """
        view = self.seen
        on: Specimen = "left" if left_um is not None else "right"
        spot = left_um or at(right_to_left(self.alignment), right_um or (0.0, 0.0))
        shown = [p for p in panes(view, self.size) if self._side_of(p) in (on, None)]
        points = [(pane, at(um_to_view(view, pane), spot)) for pane in shown]
        return [point for pane, point in points if pane.holds(point)]

    def _side_of(self, pane: Pane) -> Specimen | None:
        if pane.shows == "both":
            return None
        return "left" if (pane.shows == "first") != self.view.exchanged else "right"

    def hold_blink(self, held: bool) -> None:
        """Blink while a key is held; the view is not changed by it."""
        if held != self._held_blink:
            self._held_blink = held
            self._phase = held
            self._changed()

    def hold_original(self, held: bool) -> None:
        """Show everything as captured while a key is held."""
        if held != self._held_original:
            self._held_original = held
            self._changed()

    def hold_sweep(self, held: bool) -> None:
        """Let the light circle while a key is held; it stays where it is then."""
        if held != self.sweeping:
            self.sweeping = held
            self.end_gesture()
            self._changed()

    def tick(self) -> None:
        """The other specimen's turn."""
        self._phase = not self._phase
        self._changed()

    def learn_similarity(self, found: Similarity) -> None:
        """The map of an alignment has been made, or could not be."""
        self._similarity = found
        self._changed()

    def learn_meaning(self, meaning: Meaning) -> None:
        """What the score means has been found out."""
        self.meaning = meaning
        self._changed()

    def undo(self) -> None:
        """One step back."""
        self._history.undo()
        self.measures.settle()

    def redo(self) -> None:
        """One step forth again."""
        self._history.redo()
        self.measures.settle()

    def end_gesture(self) -> None:
        """The hand is lifted: what follows is another step."""
        self._history.end_gesture()

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


def _field(view: ViewState) -> tuple[object, ...]:
    return view.centre_um, view.um_per_px, view.view_rotation_deg


def extras_of(view: Mapping[str, Any]) -> dict[str, Any]:
    """The values of panels in a stored view."""
    found = view.get("extras")
    return dict(found) if isinstance(found, Mapping) else {}
