"""The angle tool."""

from __future__ import annotations

from app.picture.measure import Kind
from widgets.compare.tools.measuring import MeasuringTool, hint


class AngleTool(MeasuringTool):
    """Measures an angle on one specimen, or from one to the other."""

    name = "angle"
    kind = Kind.ANGLE
    hint = hint(
        "Angle: drag or click one arm, its end is the corner; then click the other arm's end."
    )
