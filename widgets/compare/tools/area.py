"""The area tool."""

from __future__ import annotations

from app.picture.measure import Kind
from widgets.compare.tools.measuring import MeasuringTool, hint


class AreaTool(MeasuringTool):
    """Measures an area on one specimen."""

    name = "area"
    kind = Kind.AREA
    hint = hint("Area: click the corners; close it on the first corner, or by a double click.")
