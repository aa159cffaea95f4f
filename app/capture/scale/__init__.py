"""The size of a pixel, measured on a standard; and light made even for the eye.

Pure functions of one picture: frames in, a Measured or a sentence out.
"""

from app.capture.scale.finding import FOUND_METHODS, Asked, measure
from app.capture.scale.flat import (
    RECIPE,
    FlatField,
    check_dark,
    check_flat,
    corrected,
    mean_of,
    recipe_of,
)
from app.capture.scale.grid import find_grid
from app.capture.scale.measured import STANDARD_SD, Measured, Method, NotSure, size_of
from app.capture.scale.ruling import find_ruling
from app.capture.scale.two_points import from_two_points

__all__ = [
    "FOUND_METHODS",
    "RECIPE",
    "STANDARD_SD",
    "Asked",
    "FlatField",
    "Measured",
    "Method",
    "NotSure",
    "check_dark",
    "check_flat",
    "corrected",
    "find_grid",
    "find_ruling",
    "from_two_points",
    "mean_of",
    "measure",
    "recipe_of",
    "size_of",
]
