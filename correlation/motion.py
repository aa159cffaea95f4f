"""Points and rotations of marks: x right, y down, counter-clockwise as seen."""

from __future__ import annotations

import numpy as np

Point = tuple[float, float]


def turned_point(point: Point, rotation_deg: float) -> Point:
    """A point turned about the origin."""
    angle = np.deg2rad(rotation_deg)
    cos, sin = float(np.cos(angle)), float(np.sin(angle))
    return point[0] * cos + point[1] * sin, -point[0] * sin + point[1] * cos


def wrapped(rotation_deg: float) -> float:
    """The same rotation, from -180 up to 180 degrees."""
    return (rotation_deg + 180.0) % 360.0 - 180.0
