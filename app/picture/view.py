"""How a pair is looked at: a frozen value, saved with the comparison and used for every picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from math import ceil, floor
from typing import Any, Literal

import numpy as np

from app.picture.adjust import NO_ADJUSTMENT, Adjustment
from app.picture.geometry import Matrix, at, scale, shift, turn
from app.picture.light import Light
from app.picture.readers import Reader, both, flag, known, number, one_of, pair, whole, words

Size = tuple[int, int]
Divider = Literal["vertical", "horizontal"]
Which = Literal["left", "right"]
Place = tuple[float, float]
Shading = Literal["light", "height", "slope"]
UM_PER_PX_RANGE = (0.02, 200.0)
BLINK_MS_RANGE = (100, 2000)
CHECKER_UM_RANGE = (20.0, 5000.0)


class Mode(StrEnum):
    """The view modes, in the order of their keys."""

    SPLIT = "split"
    SIDE = "side"
    OVERLAY = "overlay"
    BLINK = "blink"
    DIFFERENCE = "difference"
    CHECKER = "checkerboard"
    EDGES = "edges"
    RED_CYAN = "red and cyan"


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything the picture of an aligned pair depends on besides the pair.

    ``divider`` is the direction of the dividing line, ``divider_at`` its place as a fraction of
    the width (vertical) or height. ``opacity`` is that of the right specimen in the overlay.
    ``cells`` and ``similarity`` lay cells and the similarity map over the evidence.
    ``exchanged`` shows the right specimen in the left place; the alignment keeps its meaning.
    ``centre_um`` is the point in the middle of the view, from the left picture's centre;
    ``um_per_px`` 0 means: fit. ``view_rotation_deg`` turns both specimens. ``seen_px`` is the
    size of the view it was set up in, so that a picture of another size shows the same field.

    ``divider_deg`` turns the dividing line of the split field further, counter-clockwise; with
    ``curtain`` it follows the pointer. ``checker_um`` is the side of the checkerboard's squares.
    ``edges_of`` is the specimen whose edges lie over the other. ``lights`` and ``adjust`` are
    those of the left and the right specimen, whatever place they stand in; ``surface`` says
    whether scans are lit or coloured by height or slope. ``original`` shows everything as
    captured, for as long as it is held. ``shown`` are the ids of pictures shown instead of the
    pair's own (another light of the same set).
    """

    mode: Mode = Mode.SPLIT
    divider: Divider = "vertical"
    divider_at: float = 0.5
    opacity: float = 0.5
    blink_right: bool = False
    blink_ms: int = 500
    cells: bool = False
    exchanged: bool = False
    centre_um: tuple[float, float] = (0.0, 0.0)
    um_per_px: float = 0.0
    view_rotation_deg: float = 0.0
    seen_px: Size = (0, 0)
    similarity: bool = False
    divider_deg: float = 0.0
    curtain: bool = False
    checker_um: float = 500.0
    edges_of: Which = "right"
    lights: tuple[Light, Light] = (Light(), Light())
    lights_linked: bool = True
    surface: Shading = "light"
    adjust: tuple[Adjustment, Adjustment] = (NO_ADJUSTMENT, NO_ADJUSTMENT)
    adjust_linked: bool = True
    original: bool = False
    shown: tuple[str, str] = ("", "")
    annotations: bool = True

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {
            "mode": str(self.mode),
            "centre_um": list(self.centre_um),
            "seen_px": list(self.seen_px),
            "lights": [asdict(light) for light in self.lights],
            "adjust": [asdict(adjustment) for adjustment in self.adjust],
            "shown": list(self.shown),
            "original": False,
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ViewState:
        """A stored view; what is absent or makes no sense becomes the default."""
        return cls(**known(values, _READERS))


_READERS: dict[str, Reader] = {
    "mode": lambda v: Mode(v) if v in {str(m) for m in Mode} else None,
    "divider": one_of("vertical", "horizontal"),
    "divider_at": number(0.0, 1.0),
    "opacity": number(0.0, 1.0),
    "blink_right": flag,
    "blink_ms": whole(*BLINK_MS_RANGE),
    "cells": flag,
    "similarity": flag,
    "exchanged": flag,
    "centre_um": pair(float),
    "um_per_px": number(0.0, UM_PER_PX_RANGE[1]),
    "view_rotation_deg": number(-360.0, 360.0),
    "seen_px": pair(int),
    "divider_deg": number(-360.0, 360.0),
    "curtain": flag,
    "checker_um": number(*CHECKER_UM_RANGE),
    "edges_of": one_of("left", "right"),
    "lights": both(Light.from_dict),
    "lights_linked": flag,
    "surface": one_of("light", "height", "slope"),
    "adjust": both(Adjustment.from_dict),
    "adjust_linked": flag,
    "shown": words,
    "annotations": flag,
}


@dataclass(frozen=True, slots=True)
class Pane:
    """A rectangle of the view (pixels) and the specimens to be seen in it.

    ``middle`` is where, in view pixels, the pane's ``centre_um`` lies. With ``edge`` (nx, ny, c)
    the pane is only that part of the rectangle where nx x + ny y < c.
    """

    shows: Literal["first", "second", "both"]
    x: int
    y: int
    width: int
    height: int
    middle: tuple[float, float]
    edge: tuple[float, float, float] | None = None

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point of the view is inside."""
        x, y = point
        if not (self.x <= x < self.x + self.width and self.y <= y < self.y + self.height):
            return False
        return self.edge is None or self.edge[0] * x + self.edge[1] * y < self.edge[2]


def divider_px(view: ViewState, size: Size) -> int:
    """Where a line that is not turned stands: the first column (row) of the second pane."""
    length = size[0] if view.divider == "vertical" else size[1]
    share = view.divider_at if view.mode is Mode.SPLIT else 0.5
    return min(max(round(share * length), 0), length)


def panes(view: ViewState, size: Size) -> tuple[Pane, ...]:
    """The panes of a view: two for split field and side by side, else one."""
    width, height = size
    whole = ((width - 1) / 2, (height - 1) / 2)
    if view.mode not in (Mode.SPLIT, Mode.SIDE):
        shows: Literal["first", "second", "both"] = "both"
        if view.mode is Mode.BLINK:
            shows = "second" if view.blink_right else "first"
        return (Pane(shows, 0, 0, width, height, whole),)
    if view.mode is Mode.SPLIT and slanted(view):
        return slanted_panes(view, size)
    cut = divider_px(view, size)
    if view.divider == "vertical":
        first, second = (0, 0, cut, height), (cut, 0, width - cut, height)
    else:
        first, second = (0, 0, width, cut), (0, cut, width, height - cut)
    if view.mode is Mode.SPLIT:
        return Pane("first", *first, whole), Pane("second", *second, whole)
    return Pane("first", *first, _middle(first)), Pane("second", *second, _middle(second))


def slanted(view: ViewState) -> bool:
    """Whether the dividing line of the split field is turned from its direction."""
    return view.divider_deg % 360 != 0


def divider_line(view: ViewState, size: Size) -> tuple[float, float, float]:
    """The dividing line of the split field as (nx, ny, c): nx x + ny y = c in view pixels, with
    (nx, ny) of length 1 pointing to the second pane.

    ``divider_at`` runs along (nx, ny) from where the line enters the view to where it leaves it.
    """
    start = (1.0, 0.0) if view.divider == "vertical" else (0.0, 1.0)
    nx, ny = at(turn(view.divider_deg), start)
    reach = abs(nx) * size[0] + abs(ny) * size[1]
    through = nx * (size[0] - 1) / 2 + ny * (size[1] - 1) / 2
    return nx, ny, through + (view.divider_at - 0.5) * reach


def divider_distance(view: ViewState, size: Size, point: tuple[float, float]) -> float:
    """How far a point lies from the dividing line in pixels: positive in the second pane."""
    nx, ny, c = divider_line(view, size)
    return nx * point[0] + ny * point[1] - c


def divider_at_point(view: ViewState, size: Size, point: tuple[float, float]) -> float:
    """The ``divider_at`` (0 to 1) that brings the dividing line, as it is turned, to a point."""
    nx, ny, _ = divider_line(view, size)
    reach = abs(nx) * size[0] + abs(ny) * size[1]
    share = view.divider_at + divider_distance(view, size, point) / max(reach, 1.0)
    return min(max(share, 0.0), 1.0)


def divider_ends(view: ViewState, size: Size) -> tuple[Place, Place]:
    """Where the dividing line enters and leaves the view; the same point twice when it does not
    cross it."""
    nx, ny, c = divider_line(view, size)
    rows, columns = size[1] - 0.5, size[0] - 0.5
    found: list[Place] = []
    if abs(ny) > 1e-9:
        found += [(x, (c - nx * x) / ny) for x in (-0.5, columns)]
    if abs(nx) > 1e-9:
        found += [((c - ny * y) / nx, y) for y in (-0.5, rows)]
    near = 1e-6
    low = -0.5 - near
    inside = [p for p in found if low <= p[0] <= columns + near and low <= p[1] <= rows + near]
    if not inside:
        corner = (-0.5 if c < 0 else columns, -0.5 if c < 0 else rows)
        return corner, corner
    return min(inside), max(inside)


def slanted_panes(view: ViewState, size: Size) -> tuple[Pane, ...]:
    """The two panes on either side of a turned dividing line, as large as needed."""
    width, height = size
    middle = ((width - 1) / 2, (height - 1) / 2)
    nx, ny, c = divider_line(view, size)
    first = _half(size, (nx, ny, c))
    second = _half(size, (-nx, -ny, -c))
    return (
        Pane("first", *first, middle, (nx, ny, c)),
        Pane("second", *second, middle, (-nx, -ny, -c)),
    )


def _half(size: Size, edge: tuple[float, float, float]) -> tuple[int, int, int, int]:
    """The rectangle round the part of the view where nx x + ny y < c."""
    nx, ny, c = edge
    corners = [(x, y) for x in (0.0, size[0] - 1.0) for y in (0.0, size[1] - 1.0)]
    kept = [p for p in corners if nx * p[0] + ny * p[1] < c]
    if not kept:
        return 0, 0, 0, 0
    for x in (0.0, size[0] - 1.0):
        kept += [(x, y) for y in _within((c - nx * x) / ny if abs(ny) > 1e-9 else -1.0, size[1])]
    for y in (0.0, size[1] - 1.0):
        kept += [(x, y) for x in _within((c - ny * y) / nx if abs(nx) > 1e-9 else -1.0, size[0])]
    xs, ys = [p[0] for p in kept], [p[1] for p in kept]
    x0, y0 = floor(min(xs)), floor(min(ys))
    return x0, y0, ceil(max(xs)) + 1 - x0, ceil(max(ys)) + 1 - y0


def _within(value: float, length: int) -> tuple[float, ...]:
    return (value,) if 0 <= value <= length - 1 else ()


def _middle(rect: tuple[int, int, int, int]) -> tuple[float, float]:
    x, y, width, height = rect
    return x + (width - 1) / 2, y + (height - 1) / 2


def pane_at(view: ViewState, size: Size, point: tuple[float, float]) -> Pane:
    """The pane under a point of the view; the last one when outside all."""
    all_panes = panes(view, size)
    return next((p for p in all_panes if p.holds(point)), all_panes[-1])


def um_to_view(view: ViewState, pane: Pane) -> Matrix:
    """From micrometres about the left picture's centre to pixels of the view."""
    x, y = view.centre_um
    return (
        shift(*pane.middle)
        @ scale(1.0 / view.um_per_px)
        @ turn(view.view_rotation_deg)
        @ shift(-x, -y)
    )


def view_to_um(view: ViewState, pane: Pane) -> Matrix:
    """The other way round."""
    return np.linalg.inv(um_to_view(view, pane)).astype(np.float64, copy=False)


def step_um(view: ViewState, dx_px: float, dy_px: float) -> tuple[float, float]:
    """A movement on the view in micrometres of the left picture."""
    return at(turn(-view.view_rotation_deg) @ scale(view.um_per_px), (dx_px, dy_px))


def panned(view: ViewState, dx_px: float, dy_px: float) -> ViewState:
    """Both specimens carried along by a drag."""
    dx, dy = step_um(view, dx_px, dy_px)
    x, y = view.centre_um
    return replace(view, centre_um=(x - dx, y - dy))


def zoomed(view: ViewState, factor: float, size: Size, point: tuple[float, float]) -> ViewState:
    """Enlarged by ``factor``; what is under ``point`` stays there."""
    low, high = UM_PER_PX_RANGE
    pane = pane_at(view, size, point)
    fixed = at(view_to_um(view, pane), point)
    closer = replace(view, um_per_px=min(max(view.um_per_px / factor, low), high))
    now = at(view_to_um(closer, pane), point)
    x, y = view.centre_um
    return replace(closer, centre_um=(x + fixed[0] - now[0], y + fixed[1] - now[1]))


def view_turned(view: ViewState, degrees: float) -> ViewState:
    """Both specimens turned together about the middle of the view."""
    rotation = (view.view_rotation_deg + degrees + 180.0) % 360.0 - 180.0
    return replace(view, view_rotation_deg=rotation)
