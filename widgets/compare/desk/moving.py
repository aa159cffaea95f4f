"""What an examiner does to a pair on the screen, as values; knows no window.

A setting is a frozen value, so undo is a list of settings and saving is writing one down.
"""

from __future__ import annotations

from dataclasses import replace
from math import atan2, degrees

from app.domain import Alignment, Comparison, Score
from app.picture import Mode, ViewState
from app.picture.geometry import turned_about
from app.picture.view import (
    divider_at_point,
    divider_distance,
    divider_ends,
    panned,
    step_um,
    view_turned,
)
from widgets.compare.desk.core import extras_of
from widgets.compare.desk.looking import DIVIDER_REACH_PX, Looking
from widgets.compare.desk.setting import Place, Point, Setting, Similarity

__all__ = ["Desk", "Place", "Point", "Setting", "Similarity"]


class Desk(Looking):
    """A pair on the screen: looking, moving, saving."""

    def drag_divider(self, point: Point) -> None:
        """Bring the dividing line under the pointer."""
        share = divider_at_point(self.view, self.size, point)
        self.put("divider", view=replace(self.view, divider_at=share))

    def slant_divider(self, before: Point, now: Point) -> None:
        """Turn the dividing line about its middle by a drag."""
        (x0, y0), (x1, y1) = divider_ends(self.view, self.size)
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        was, is_now = (atan2(y - point[1], point[0] - x) for point in (before, now))
        self.turn_divider(degrees(is_now - was))

    def on_divider(self, point: Point) -> bool:
        """Whether the pointer is close enough to take the dividing line."""
        if self.seen.mode is not Mode.SPLIT:
            return False
        return abs(divider_distance(self.view, self.size, point)) <= DIVIDER_REACH_PX

    def carry(self, point: Point, dx_px: float, dy_px: float) -> None:
        """Drag the specimen under ``point`` alone."""
        side = self.place(point).side
        in_right_place = (side == "right") != self.view.exchanged or side == "both"
        if in_right_place:
            self.carry_right(dx_px, dy_px)
            return
        dx, dy = step_um(self.view, dx_px, dy_px)
        if self.view.exchanged:
            self.put("carry", self.alignment.nudged(dx, dy))
        else:
            self.put("carry", self.alignment.nudged(-dx, -dy), panned(self.view, dx_px, dy_px))

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
            self.put(alignment=turned_about(self.alignment, degrees, pivot))
            return
        # the reference stands in the right place: the other turns back, the view with it
        back = turned_about(self.alignment, -degrees, pivot)
        self.put(alignment=back, view=view_turned(self.view, degrees))

    def set_alignment(self, alignment: Alignment, gesture: str = "") -> None:
        """Put the right specimen where it is said to be."""
        self.put(gesture, alignment=alignment)

    def aligned(self, score: Score) -> None:
        """Take over what software found."""
        self.score, self.meaning = score, None
        if score.alignment == self.alignment:
            self._changed()
        self.set_alignment(score.alignment)

    def as_comparison(self) -> Comparison:
        """The comparison to save: as it is set up now."""
        view = self.view.to_dict()
        if self.extras:
            view["extras"] = dict(self.extras)
        return replace(self.comparison, alignment=self.alignment, view=view)

    def saved(self, comparison: Comparison, kept: Setting | None = None) -> None:
        """It was saved as ``comparison``, with the drawings and remarks of ``kept`` (those of now
        without it); what was changed meanwhile stays unsaved."""
        self.comparison = comparison
        kept = kept or self.setting
        view, extras = ViewState.from_dict(comparison.view), extras_of(comparison.view)
        where = comparison.alignment, view
        self._saved = Setting(*where, kept.annotations, kept.remarks, extras)
        self._changed()

    def _move(self, gesture: str, dx_um: float, dy_um: float) -> None:
        if not self.view.exchanged:
            self.put(gesture, self.alignment.nudged(dx_um, dy_um))
            return
        # the reference stands in the right place: the other moves back, the view with it
        x, y = self.view.centre_um
        view = replace(self.view, centre_um=(x - dx_um, y - dy_um))
        self.put(gesture, self.alignment.nudged(-dx_um, -dy_um), view)
