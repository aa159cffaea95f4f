"""Frames combined into pictures: pure functions from arrays to a picture and its recipe.

Every method takes frames (uint8 or uint16, rows x columns or rows x columns x 3 RGB, all alike)
and a frozen plan, and returns a value with ``pixels`` and a frozen ``recipe``; the same frames
and plan give the same pixels. Nothing is written and no frame is changed.
"""

from app.capture.combine.again import combined_again
from app.capture.combine.averaging import Averaged, Averaging, average
from app.capture.combine.exposure import Bracketing, Merged, fuse_for_display, merge_exposures
from app.capture.combine.follow import Following, Watch, taken, watched
from app.capture.combine.lights import Lighting, LightSet, Placed, register_lights
from app.capture.combine.recipe import Combined, Recipe, SourceFrame
from app.capture.combine.stacking import Stacked, Stacking, stack
from app.capture.combine.stitching import Stitched, Stitching, stitch

__all__ = [
    "Averaged",
    "Averaging",
    "Bracketing",
    "Combined",
    "Following",
    "LightSet",
    "Lighting",
    "Merged",
    "Placed",
    "Recipe",
    "SourceFrame",
    "Stacked",
    "Stacking",
    "Stitched",
    "Stitching",
    "Watch",
    "average",
    "combined_again",
    "fuse_for_display",
    "merge_exposures",
    "register_lights",
    "stack",
    "stitch",
    "taken",
    "watched",
]
