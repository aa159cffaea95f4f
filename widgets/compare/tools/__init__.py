"""The tools of the comparison desk by their names."""

from __future__ import annotations

from collections.abc import Callable

from widgets.compare.tools.angle import AngleTool
from widgets.compare.tools.annotate import AnnotateTool
from widgets.compare.tools.area import AreaTool
from widgets.compare.tools.distance import DistanceTool
from widgets.compare.tools.landmarks import LandmarksTool
from widgets.compare.tools.outline import OutlineTool
from widgets.compare.tools.profile import ProfileTool
from widgets.compare.tools.tool import Overlay, Tool

__all__ = ["TOOLS", "Overlay", "Tool"]

TOOLS: dict[str, Callable[[], Tool]] = {
    AngleTool.name: AngleTool,
    AnnotateTool.name: AnnotateTool,
    AreaTool.name: AreaTool,
    DistanceTool.name: DistanceTool,
    LandmarksTool.name: LandmarksTool,
    OutlineTool.name: OutlineTool,
    ProfileTool.name: ProfileTool,
}
