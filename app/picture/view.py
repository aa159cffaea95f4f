"""How a pair is looked at: a frozen value, saved with the comparison and used for every picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from math import isfinite
from typing import Any, Literal

import numpy as np

from app.picture.geometry import Matrix, at, scale, shift, turn

Size = tuple[int, int]
Divider = Literal["vertical", "horizontal"]
UM_PER_PX_RANGE = (0.02, 200.0)
BLINK_MS_RANGE = (100, 2000)


class Mode(StrEnum):
    """The view modes, in the order of their keys."""

    SPLIT = "split"
    SIDE = "side"
    OVERLAY = "overlay"
    BLINK = "blink"
    DIFFERENCE = "difference"


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

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return asdict(self) | {
            "mode": str(self.mode),
            "centre_um": list(self.centre_um),
            "seen_px": list(self.seen_px),
        }

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> ViewState:
        """A stored view; what is absent or makes no sense becomes the default."""
        known = {f.name for f in fields(cls)}
        read = {k: _READERS[k](v) for k, v in values.items() if k in known}
        return cls(**{k: v for k, v in read.items() if v is not None})


def _number(low: float, high: float) -> Any:
    def read(value: Any) -> float | None:
        good = isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)
        return min(max(float(value), low), high) if good else None

    return read


def _pair(kind: type) -> Any:
    def read(value: Any) -> tuple[Any, Any] | None:
        items = list(value) if isinstance(value, list | tuple) else []
        good = len(items) == 2 and all(_number(-1e7, 1e7)(v) is not None for v in items)
        return (kind(items[0]), kind(items[1])) if good else None

    return read


def _blink(value: Any) -> int | None:
    number = _number(*BLINK_MS_RANGE)(value)
    return None if number is None else int(number)


def _flag(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


_READERS: dict[str, Any] = {
    "mode": lambda v: Mode(v) if v in {str(m) for m in Mode} else None,
    "divider": lambda v: v if v in ("vertical", "horizontal") else None,
    "divider_at": _number(0.0, 1.0),
    "opacity": _number(0.0, 1.0),
    "blink_right": _flag,
    "blink_ms": _blink,
    "cells": _flag,
    "similarity": _flag,
    "exchanged": _flag,
    "centre_um": _pair(float),
    "um_per_px": _number(0.0, UM_PER_PX_RANGE[1]),
    "view_rotation_deg": _number(-360.0, 360.0),
    "seen_px": _pair(int),
}


@dataclass(frozen=True, slots=True)
class Pane:
    """A rectangle of the view (pixels) and the specimens to be seen in it.

    ``middle`` is where, in view pixels, the pane's ``centre_um`` lies.
    """

    shows: Literal["first", "second", "both"]
    x: int
    y: int
    width: int
    height: int
    middle: tuple[float, float]

    def holds(self, point: tuple[float, float]) -> bool:
        """Whether a point of the view is inside."""
        x, y = point
        return self.x <= x < self.x + self.width and self.y <= y < self.y + self.height


def divider_px(view: ViewState, size: Size) -> int:
    """Where the dividing line stands: the first column (row) of the second pane."""
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
    cut = divider_px(view, size)
    if view.divider == "vertical":
        first, second = (0, 0, cut, height), (cut, 0, width - cut, height)
    else:
        first, second = (0, 0, width, cut), (0, cut, width, height - cut)
    if view.mode is Mode.SPLIT:
        return Pane("first", *first, whole), Pane("second", *second, whole)
    return Pane("first", *first, _middle(first)), Pane("second", *second, _middle(second))


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
