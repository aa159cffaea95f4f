"""The view at the resolution of the evidence, with a caption below: what an export shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil

import numpy as np

from app.domain import Alignment
from app.picture.compose import fit
from app.picture.drawing import ACCENT, PALE, WHITE, draw_text, text_width
from app.picture.geometry import Matrix, at, moved, right_to_left, turn
from app.picture.side import Pixels, Side
from app.picture.view import Mode, Size, ViewState, panes, um_to_view, view_to_um

LIMIT_PX = 60_000_000
LONGEST_PX = 30_000  # what OpenCV can warp into
_SMALLEST_PX = 900
_SCREEN: Size = (1600, 1000)
_BAND = 30


@dataclass(frozen=True, slots=True)
class Plan:
    """An export: the view as it will be drawn, in a field of ``size`` pixels (w, h).

    ``sentence`` says what one pixel of it is.
    """

    view: ViewState
    size: Size
    sentence: str

    @property
    def um_per_px(self) -> float:
        """Micrometres that one pixel of the picture covers."""
        return self.view.um_per_px


def plan_export(
    left: Side,
    right: Side,
    alignment: Alignment,
    view: ViewState,
    *,
    whole: bool = False,
    limit_px: int = LIMIT_PX,
) -> Plan:
    """How large the picture gets when one pixel is one of the finer evidence picture.

    ``whole``: both pictures to their edges, else the field that is seen. A field of over
    ``limit_px`` pixels is drawn coarser; one of few pixels is enlarged by a whole number.
    """
    if view.um_per_px <= 0 or min(view.seen_px) <= 0:
        view = fit(left, right, alignment, _SCREEN, view)
    finest = min(left.pixel_um, right.pixel_um)
    width_um, height_um = (length * view.um_per_px for length in view.seen_px)
    if whole:
        view, (width_um, height_um) = _whole(left, right, alignment, view)
    um_per_px, sentence = pitch(finest, width_um, height_um, limit_px)
    size = (max(1, round(width_um / um_per_px)), max(1, round(height_um / um_per_px)))
    view = replace(view, um_per_px=um_per_px, seen_px=size)
    return Plan(_on_grid(left, view, size), size, sentence)


def pitch(finest: float, width_um: float, height_um: float, limit_px: int) -> tuple[float, str]:
    """Micrometres a pixel, and the sentence about them."""
    needed = max(
        (width_um * height_um / limit_px) ** 0.5,
        max(width_um, height_um) / LONGEST_PX,
    )
    if needed > finest:
        return needed, (
            f"One pixel of this picture is {needed:.3g} µm, coarser than the {finest:.3g} µm of "
            f"the finer evidence picture: at that it would pass {limit_px / 1e6:g} megapixels."
        )
    times = max(1, ceil(_SMALLEST_PX * finest / max(width_um, height_um, finest)))
    if times > 1:
        return finest / times, (
            f"Each pixel of the finer evidence picture, {finest:.3g} µm, is drawn {times} x "
            f"{times} pixels large."
        )
    return (
        finest,
        f"One pixel of this picture is one of the finer evidence picture, {finest:.3g} µm.",
    )


def _whole(
    left: Side, right: Side, alignment: Alignment, view: ViewState
) -> tuple[ViewState, tuple[float, float]]:
    """The view about both pictures, and the extent of all panes together in micrometres."""
    turned = turn(view.view_rotation_deg)
    corners = np.vstack(
        [moved(turned, _corners(left)), moved(turned @ right_to_left(alignment), _corners(right))]
    )
    low, high = corners.min(axis=0), corners.max(axis=0)
    middle = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
    extent = (float(high[0] - low[0]), float(high[1] - low[1]))
    moved_view = replace(view, centre_um=at(turn(-view.view_rotation_deg), middle))
    if view.mode is Mode.SIDE:
        across = view.divider == "vertical"
        extent = (extent[0] * 2, extent[1]) if across else (extent[0], extent[1] * 2)
        return moved_view, extent
    if view.mode is Mode.SPLIT:
        moved_view = replace(moved_view, divider_at=_divider(view, moved_view, extent))
    return moved_view, extent


def _divider(before: ViewState, after: ViewState, extent: tuple[float, float]) -> float:
    """Where the dividing line stands in the larger field, so that it cuts the same places."""
    width, height = before.seen_px
    upright = before.divider == "vertical"
    point = (
        (before.divider_at * width, height / 2)
        if upright
        else (width / 2, before.divider_at * height)
    )
    place = at(
        view_to_um(before, panes(before, before.seen_px)[0]), (point[0] - 0.5, point[1] - 0.5)
    )
    x, y = at(
        turn(after.view_rotation_deg),
        (place[0] - after.centre_um[0], place[1] - after.centre_um[1]),
    )
    slant = float(np.tan(np.deg2rad(before.divider_deg)))
    found = (x - y * slant) / extent[0] if upright else (y + x * slant) / extent[1]
    return min(max(found + 0.5, 0.0), 1.0)


def _corners(side: Side) -> Matrix:
    rows, columns = side.pixels.shape[:2]
    edge = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float64) - 0.5
    return moved(side.to_um(), edge)


def _on_grid(left: Side, view: ViewState, size: Size) -> ViewState:
    """Shifted by under a pixel so that an unturned left picture keeps its very pixels."""
    if view.view_rotation_deg or abs(view.um_per_px - left.pixel_um) > 1e-9 * left.pixel_um:
        return view
    pane = panes(view, size)[0]
    into = um_to_view(view, pane) @ left.to_um()
    off = (into[:2, 2] - np.rint(into[:2, 2])) * view.um_per_px
    x, y = view.centre_um
    return replace(view, centre_um=(x + float(off[0]), y + float(off[1])))


def captioned(field: Pixels, names: Sequence[tuple[str, str]], lines: Sequence[str]) -> Pixels:
    """``field`` with a band below: each ``names`` (title, role) at its end, then ``lines``.

    What is too long for the width goes on in the next line; nothing is left out.
    """
    height, width = field.shape[:2]
    unit = int(np.clip(height / 52, 14, 40))
    small, margin = round(unit * 0.86), unit
    room = width - 2 * margin
    rows = [row for line in lines for row in wrapped(line, small, room)]
    heads = _heads(names, unit, room)
    band = round(unit * (1.0 + 1.6 * len(heads) + 1.5 * len(rows)))
    picture = np.full((height + band, width, 3), _BAND, np.uint8)
    picture[:height] = field
    y = height + round(unit * 1.55)
    for row in heads:
        for text, x, colour, weight in row:
            draw_text(picture, text, (margin + x, y), unit, colour, weight)
        y += round(unit * 1.6)
    for line in rows:
        draw_text(picture, line, (margin, y), small, PALE)
        y += round(unit * 1.5)
    return picture


_Piece = tuple[str, int, tuple[int, int, int], int]


def _heads(names: Sequence[tuple[str, str]], unit: int, room: int) -> list[list[_Piece]]:
    """Names at both ends of one row, or below one another when they are too long for that."""
    widths = [text_width(t, unit, 600) + text_width(f"   {r}", unit) for t, r in names]
    if sum(widths) + 2 * unit <= room:
        starts = [0, room - widths[-1]]
        return [[p for n, x in zip(names, starts, strict=False) for p in _pieces(*n, x, unit)]]
    rows = []
    for title, role in names:
        parts = wrapped(title, unit, room, 600)
        rows += [[(part, 0, WHITE, 600)] for part in parts[:-1]]
        rows.append(_pieces(parts[-1], role, 0, unit))
    return rows


def _pieces(title: str, role: str, x: int, unit: int) -> list[_Piece]:
    after = x + text_width(title, unit, 600)
    return [(title, x, WHITE, 600), (f"   {role}", after, ACCENT, 400)]


def wrapped(text: str, height_px: int, room_px: int, weight: int = 400) -> list[str]:
    """``text`` in lines no wider than the room; a word that is wider is cut."""
    lines = [""]
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(longer, height_px, weight) <= room_px:
            lines[-1] = longer
            continue
        if lines[-1]:
            lines.append("")
        for letter in word:
            if text_width(lines[-1] + letter, height_px, weight) > room_px and lines[-1]:
                lines.append("")
            lines[-1] += letter
    return lines
