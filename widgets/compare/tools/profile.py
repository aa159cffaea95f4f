"""The profile tool."""

from __future__ import annotations

from app.picture.measure import Kind, Spot
from widgets.compare.desk import Desk
from widgets.compare.desk.setting import Point
from widgets.compare.tools.measuring import MeasuringTool, hint


class ProfileTool(MeasuringTool):
    """A line through both specimens, whose two curves are plotted together."""

    name = "profile"
    kind = Kind.PROFILE
    hint = hint("Profile: drag a line; it runs through both specimens as they are aligned.")

    def _spot(self, desk: Desk, point: Point) -> Spot:
        """On both, whichever is seen there."""
        return Spot("both", desk.place(point).left_um)

    def release(self, desk: Desk, point: Point) -> None:
        """The curves are shown as soon as the line is drawn."""
        before = desk.measures.drawing
        super().release(desk, point)
        if before is not None and desk.measures.drawing is None:
            desk.ask("show profile")
