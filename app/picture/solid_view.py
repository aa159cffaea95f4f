"""Both scans as solids side by side in one picture, with bars to scale and words: pure functions.

The same arguments give the same bytes, in files and in reports.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from math import cos, radians, sin
from typing import Any

import cv2
import numpy as np

from app.domain import Alignment
from app.picture.arrays import Pixels
from app.picture.drawing import (
    ACCENT,
    DARK,
    PALE,
    WHITE,
    draw_scale_bar,
    draw_text,
    length_text,
    round_length_um,
    text_width,
)
from app.picture.exporting import pitch
from app.picture.readers import Reader, flag, known, number, pair
from app.picture.side import Side
from app.picture.solid import (
    EXAGGERATION_RANGE,
    SOLID_BACKGROUND,
    TILT_RANGE,
    UM_PER_PX_RANGE,
    Camera,
    Solid,
    make_solid,
    placed_left,
    placed_right,
    solid_picture,
)
from app.picture.view import Size, ViewState

KEY = "solid"
"""Under what name a view on the record says that it is seen in 3D."""
LIMIT_PX = 16_000_000
NO_RELIEF = "Pictured in 2D: no relief"
Solids = tuple[Solid | None, Solid | None]


@dataclass(frozen=True, slots=True)
class SolidView:
    """How both solids are seen: ``seen_px`` is the size of both panes together that the camera's
    ``um_per_px`` is of; ``form`` is whether the form is kept as measured."""

    camera: Camera = field(default_factory=Camera)
    form: bool = True
    seen_px: Size = (0, 0)

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        camera = asdict(self.camera) | {"centre_um": list(self.camera.centre_um)}
        return {"camera": camera, "form": self.form, "seen_px": list(self.seen_px)}

    def sized(self, size: Size) -> SolidView:
        """The same field, or more of it, in panes of another size."""
        if min(*self.seen_px, *size) <= 0:
            return replace(self, seen_px=size)
        larger = max(self.seen_px[0] / size[0], self.seen_px[1] / size[1])
        camera = replace(self.camera, um_per_px=self.camera.um_per_px * larger)
        return replace(self, camera=camera, seen_px=size)


_CAMERA: dict[str, Reader] = {
    "turn_deg": number(-360.0, 360.0),
    "tilt_deg": number(*TILT_RANGE),
    "um_per_px": number(*UM_PER_PX_RANGE),
    "centre_um": pair(float),
    "exaggeration": number(*EXAGGERATION_RANGE),
}
_SEEN: dict[str, Reader] = {"form": flag, "seen_px": pair(int)}


def solid_of(view: Mapping[str, Any]) -> SolidView | None:
    """The 3D view of a stored view; None where it is seen flat."""
    stored = view.get(KEY)
    if not isinstance(stored, Mapping) or not isinstance(stored.get("camera"), Mapping):
        return None
    return SolidView(Camera(**known(stored["camera"], _CAMERA)), **known(stored, _SEEN))


def solids_of(left: Side, right: Side, *, form: bool) -> Solids:
    """Both scans made ready, with the form as measured or levelled; None for images."""
    reliefs = (left.relief, right.relief)
    made = [make_solid(r.measured(form), r.pixel_um) if r is not None else None for r in reliefs]
    return made[0], made[1]


def plan_solid(left: Side, right: Side, solid: SolidView) -> tuple[SolidView, str]:
    """The view at the resolution of the evidence, and a sentence about its pixels."""
    finest = min(side.pixel_um for side in (left, right))
    width_um, height_um = (length * solid.camera.um_per_px for length in solid.seen_px)
    um_per_px, sentence = pitch(finest, width_um, height_um, LIMIT_PX)
    size = max(2, 2 * round(width_um / um_per_px / 2)), max(2, round(height_um / um_per_px))
    camera = replace(solid.camera, um_per_px=um_per_px)
    return replace(solid, camera=camera, seen_px=size), sentence


def draw_solids(
    sides: tuple[Side, Side],
    alignment: Alignment,
    view: ViewState,
    solid: SolidView,
    solids: Solids | None = None,
) -> Pixels:
    """Both panes, uint8 RGB (rows, columns, 3) of ``solid.seen_px``: lit as ``view`` says, the
    right specimen lying as it is aligned. ``solids`` are those of the sides, if they are there."""
    width, height = max(solid.seen_px[0] // 2, 1), max(solid.seen_px[1], 1)
    made = solids or solids_of(*sides, form=solid.form)
    placed = placed_left(), placed_right(alignment)
    panes = []
    for one, where, light in zip(made, placed, view.lights, strict=True):
        grey = np.full((height, width), SOLID_BACKGROUND, np.uint8)
        if one is not None:
            grey = solid_picture(one, where, solid.camera, light, (width, height))
        pane = np.repeat(grey[..., None], 3, axis=2)
        _draw_bars(pane, solid.camera) if one is not None else _draw_none(pane)
        panes.append(pane)
    if view.exchanged:
        panes.reverse()
    picture = np.hstack(panes)
    picture[:, width - 1 : width] = DARK
    picture[:, width : width + 1] = PALE
    return picture


def solid_lines(solid: SolidView) -> tuple[str, ...]:
    """How it is seen, with what is exaggerated and what is to scale."""
    camera = solid.camera
    turned = (camera.turn_deg + 180.0) % 360.0 - 180.0
    seen = f"turned {turned:.0f}°, seen from {camera.tilt_deg:.0f}° over the plane"
    form = "form as measured" if solid.form else "form taken off"
    shortened = sin(radians(camera.tilt_deg))
    return (
        f"3D view of both scans, {seen}; drawn without annotations and adjustments",
        f"Heights are drawn ×{camera.exaggeration:.3g}; {form}",
        f"Scale: one pixel across is {camera.um_per_px:.3g} µm; lengths across the view are true, "
        f"those away from the viewer are shortened to {shortened:.0%}",
    )


def _draw_none(pane: Pixels) -> None:
    unit = _unit(pane)
    x = max((pane.shape[1] - text_width(NO_RELIEF, unit)) // 2, 0)
    draw_text(pane, NO_RELIEF, (x, pane.shape[0] // 2), unit, PALE)


def _draw_bars(pane: Pixels, camera: Camera) -> None:
    """Lengths across, lower left; heights as they are drawn, lower right."""
    draw_scale_bar(pane, camera.um_per_px)
    px_per_um = camera.exaggeration * cos(radians(camera.tilt_deg)) / camera.um_per_px
    rows, columns = pane.shape[:2]
    unit = _unit(pane)
    if camera.tilt_deg > 85 or px_per_um <= 1e-6 or columns < 320 or rows < 160:
        return
    length = round_length_um(5.0 * unit / px_per_um)
    high, words = max(2, round(length * px_per_um)), f"height {length_text(length)}"
    right, bottom, thick = columns - unit, rows - unit, max(3, unit // 5)
    wide = text_width(words, unit, 500)
    top, left = bottom - max(high, unit) - 8, right - wide - 2 * unit
    plate = pane[max(top, 0) : bottom + 6, max(left, 0) : right + 6]
    plate[...] = plate // 4 + 9
    cv2.rectangle(pane, (right - thick, bottom - high), (right, bottom), ACCENT, -1)
    draw_text(pane, words, (right - wide - unit - thick, bottom - 2), unit, WHITE, 500)


def _unit(pane: Pixels) -> int:
    return int(np.clip(pane.shape[0] / 48, 13, 26))
