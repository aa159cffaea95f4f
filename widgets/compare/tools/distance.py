"""The distance tool."""

from __future__ import annotations

from app.picture.measure import Kind
from widgets.compare.tools.measuring import MeasuringTool, hint


class DistanceTool(MeasuringTool):
    """Measures a distance on one specimen, or from one to the other."""

    name = "distance"
    kind = Kind.DISTANCE
    hint = hint("Distance: drag from one point to the other, or click both.")
