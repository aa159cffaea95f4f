"""Where the mark lies, found quickly: good enough to say whether all of it is in the picture.

What searches and reports go by is ``correlation.find_region``; this looks with the same votes at
a coarser grid, because a verdict is wanted at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from app.capture.opencv import cv2
from app.domain import Circle, MarkKind
from correlation.place import Grid
from correlation.rims import Rim, best_rim, gradients
from correlation.surface import Floats

FACE_UM = (1100.0, 2900.0)
PIN_UM = (350.0, 1400.0)
FLOOR_UM = (250.0, 1400.0)
CLOSE_UP_UM = 3000.0
_PITCH_UM, _CLOSE_PITCH_UM = 50.0, 25.0
_CANVAS_UM = 12_000.0
_FULL_VOTE = 0.55
_LEAST_VOTE = 0.12


class Circles(Protocol):
    """Two circles that bound a mark, such as a Region's; micrometres from the first pixel."""

    @property
    def outer(self) -> Circle: ...
    @property
    def inner(self) -> Circle | None: ...
    @property
    def confidence(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where the mark seems to lie, and how sure that is (0 to 1)."""

    outer: Circle
    inner: Circle | None
    confidence: float


def find_place(grey: Floats, pixel_um: float, kind: MarkKind) -> Place | None:
    """The mark on a grey picture (0 to 1); None for what has no round edge, or none in sight."""
    extent_um = min(grey.shape) * pixel_um
    if max(grey.shape) * pixel_um > _CANVAS_UM or extent_um < 2 * FLOOR_UM[0]:
        return None
    close_up = extent_um < CLOSE_UP_UM
    if close_up:
        return _floor(grey, pixel_um) if kind is MarkKind.FIRING_PIN else None
    if kind not in (MarkKind.BREECH_FACE, MarkKind.FIRING_PIN):
        return None
    face = _face(grey, pixel_um)
    if face is None or kind is MarkKind.BREECH_FACE:
        return face
    return None if face.inner is None else Place(face.inner, None, face.confidence)


def _face(grey: Floats, pixel_um: float) -> Place | None:
    grid = _grid(grey, pixel_um, _PITCH_UM)
    field = gradients(grid.evened())
    rim = best_rim(field, _pixels(FACE_UM, grid), sign=-1.0, within=None)
    if rim is None:
        return None
    pin = best_rim(field, _pixels(PIN_UM, grid), sign=1.0, within=rim)
    inner = _circle(pin, grid) if pin is not None and pin.vote > _LEAST_VOTE else None
    return Place(_circle(rim, grid), inner, min(rim.vote / _FULL_VOTE, 1.0))


def _floor(grey: Floats, pixel_um: float) -> Place | None:
    grid = _grid(grey, pixel_um, _CLOSE_PITCH_UM)
    rim = best_rim(gradients(grid.evened()), _pixels(FLOOR_UM, grid), sign=-1.0, within=None)
    if rim is None or rim.vote < _LEAST_VOTE:
        return None
    return Place(_circle(rim, grid), None, min(rim.vote / _FULL_VOTE, 1.0))


def _grid(grey: Floats, pixel_um: float, pitch_um: float) -> Grid:
    """The picture on square steps of about ``pitch_um``, never finer than its own pixels."""
    rows, columns = grey.shape
    step = max(pitch_um / pixel_um, 1.0)
    size = (max(round(columns / step), 1), max(round(rows / step), 1))
    values = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    pitch = pixel_um * columns / size[0]
    offset = ((columns / size[0] - 1) / 2 * pixel_um, (rows / size[1] - 1) / 2 * pixel_um)
    known = np.ones(values.shape, np.bool_)
    return Grid(np.asarray(values, np.float32), known, None, offset, pitch)


def _pixels(radii_um: tuple[float, float], grid: Grid) -> tuple[float, float]:
    return radii_um[0] / grid.pitch_um, radii_um[1] / grid.pitch_um


def _circle(rim: Rim, grid: Grid) -> Circle:
    return Circle(
        rim.x * grid.pitch_um + grid.offset_um[0],
        rim.y * grid.pitch_um + grid.offset_um[1],
        rim.radius * grid.pitch_um,
    )
