"""The comparison picture: a pure function of two sides, their alignment and the view.

The same arguments give the same bytes, on the screen and in exports.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import Alignment, Cell
from app.picture.drawing import draw_cells, draw_divider, draw_scale_bar
from app.picture.geometry import Matrix, cell_corners, moved, right_to_left, shift
from app.picture.heat import draw_colour_bar, draw_similarity
from app.picture.side import Levels, Pixels, Side
from app.picture.view import UM_PER_PX_RANGE, Mode, Pane, Size, ViewState, panes, um_to_view
from correlation.similarity import SimilarityMap

BACKGROUND = 18
_SHIFT = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Specimen:
    """A side in its place: ``placed`` takes its micrometres to those of the left picture."""

    side: Side
    placed: Matrix
    turned_deg: float
    right: bool

    def matrix(self, view: ViewState, pane: Pane) -> Matrix:
        """From its pixels to those of the pane."""
        into = shift(-pane.x, -pane.y) @ um_to_view(view, pane)
        return into @ self.placed @ self.side.to_um()


def render(
    left: Side,
    right: Side,
    alignment: Alignment,
    view: ViewState,
    size: Size,
    cells: Sequence[Cell] = (),
    similarity: SimilarityMap | None = None,
) -> Pixels:
    """The pair as ``view`` wants it: uint8 RGB of shape (height, width, 3) for ``size`` (w, h).

    ``cells`` and ``similarity`` (of this very alignment) are drawn when the view asks for them.
    A view with ``um_per_px`` 0 is fitted first.
    """
    width, height = max(1, size[0]), max(1, size[1])
    view = settled(left, right, alignment, view, (width, height))
    first, second = specimens(left, right, alignment, view)
    grey = left.is_grey and right.is_grey
    field = np.full((height, width) if grey else (height, width, 3), BACKGROUND, np.uint8)
    for pane in panes(view, (width, height)):
        if pane.width > 0 and pane.height > 0:
            part = field[pane.y : pane.y + pane.height, pane.x : pane.x + pane.width]
            part[...] = _pane_picture(first, second, view, pane, grey)
    picture: Pixels = cv2.cvtColor(field, cv2.COLOR_GRAY2RGB) if grey else field  # type: ignore[assignment]
    if view.similarity and similarity is not None:
        _draw_similarity(picture, view, similarity)
    _draw_over(picture, first, second, view, cells)
    return picture


def specimens(
    left: Side, right: Side, alignment: Alignment, view: ViewState
) -> tuple[_Specimen, _Specimen]:
    """What is seen in the first and in the second place."""
    turn_deg = view.view_rotation_deg
    still = _Specimen(left, np.eye(3), turn_deg, right=False)
    placed = _Specimen(
        right, right_to_left(alignment), turn_deg + alignment.rotation_deg, right=True
    )
    return (placed, still) if view.exchanged else (still, placed)


def settled(
    left: Side, right: Side, alignment: Alignment, view: ViewState, size: Size
) -> ViewState:
    """The view for a picture of ``size``: fitted when it has no scale yet, and showing the same
    field when it was set up in a view of another size."""
    if view.um_per_px <= 0:
        return fit(left, right, alignment, size, view)
    seen_w, seen_h = view.seen_px
    if seen_w <= 0 or seen_h <= 0 or view.seen_px == size:
        return view
    larger = max(seen_w / size[0], seen_h / size[1])
    return replace(view, um_per_px=view.um_per_px * larger, seen_px=size)


def fit(
    left: Side,
    right: Side,
    alignment: Alignment,
    size: Size,
    view: ViewState | None = None,
) -> ViewState:
    """``view`` (or the default one) centred on the marks, or the left picture when they are not
    outlined, and enlarged until that fills the pane."""
    view = view or ViewState()
    corners = _outline(left, np.eye(3))
    if left.focus and right.focus:
        corners = np.vstack([corners, _outline(right, right_to_left(alignment))])
    low, high = corners.min(axis=0), corners.max(axis=0)
    centre = (float(low[0] + high[0]) / 2, float(low[1] + high[1]) / 2)
    plain = replace(view, centre_um=(0.0, 0.0), um_per_px=1.0)
    pane = min(panes(plain if view.mode is Mode.SIDE else ViewState(Mode.BLINK), size), key=_area)
    seen = moved(um_to_view(plain, pane), corners)
    extent = seen.max(axis=0) - seen.min(axis=0)
    needed = max(float(extent[0]) / max(pane.width, 1), float(extent[1]) / max(pane.height, 1))
    margin = 1.1 if left.focus else 1.0
    um_per_px = min(max(needed * margin, UM_PER_PX_RANGE[0]), UM_PER_PX_RANGE[1])
    return replace(view, centre_um=centre, um_per_px=um_per_px, seen_px=size)


def _area(pane: Pane) -> int:
    return pane.width * pane.height


def _outline(side: Side, placed: Matrix) -> NDArray[np.float64]:
    """Points round what is worth seeing, in micrometres about the left picture's centre."""
    if side.focus is None:
        rows, columns = side.pixels.shape[:2]
        edge = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], dtype=np.float64) - 0.5
        return moved(placed @ side.to_um(), edge)
    angles = np.linspace(0, 2 * np.pi, 72, endpoint=False)
    ring = side.focus.radius_um * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    from_first_pixel = ring + np.array([side.focus.x_um, side.focus.y_um])
    return moved(placed @ side.to_um(), from_first_pixel / side.pixel_um)


def _pane_picture(
    first: _Specimen, second: _Specimen, view: ViewState, pane: Pane, grey: bool
) -> Pixels:
    if pane.shows == "first":
        return _picture(first, view, pane, grey)
    if pane.shows == "second":
        return _picture(second, view, pane, grey)
    if view.mode is Mode.DIFFERENCE:
        return _difference(first, second, view, pane, grey)
    return _overlay(first, second, view, pane, grey)


def _picture(specimen: _Specimen, view: ViewState, pane: Pane, grey: bool) -> Pixels:
    levels = specimen.side.levels(specimen.turned_deg)
    picture = _warped(levels, specimen.matrix(view, pane), pane, BACKGROUND)
    return picture if grey else _coloured(picture)


def _overlay(
    first: _Specimen, second: _Specimen, view: ViewState, pane: Pane, grey: bool
) -> Pixels:
    below, above = (_picture(s, view, pane, grey) for s in (first, second))
    under, over = (_coverage(s, view, pane) for s in (first, second))
    mixed = cv2.addWeighted(below, 1.0 - view.opacity, above, view.opacity, 0.0)
    mixed = cv2.copyTo(below, cv2.bitwise_not(over), mixed)
    alone = cv2.bitwise_and(over, cv2.bitwise_not(under))
    return cv2.copyTo(above, alone, mixed).astype(np.uint8, copy=False)


def _difference(
    first: _Specimen, second: _Specimen, view: ViewState, pane: Pane, grey: bool
) -> Pixels:
    even = [
        _warped(s.side.contrast(s.turned_deg), s.matrix(view, pane), pane, 128)
        for s in (first, second)
    ]
    picture = cv2.addWeighted(even[0], 0.5, even[1], -0.5, 128.0).astype(np.uint8, copy=False)
    both = cv2.bitwise_and(*(_coverage(s, view, pane) for s in (first, second)))
    picture[both == 0] = BACKGROUND
    return picture if grey else _coloured(picture)


def _coloured(picture: Pixels) -> Pixels:
    if picture.ndim == 3:
        return picture
    return cv2.cvtColor(picture, cv2.COLOR_GRAY2RGB).astype(np.uint8, copy=False)


def _coverage(specimen: _Specimen, view: ViewState, pane: Pane) -> Pixels:
    """255 where the specimen has data in the pane."""
    matrix = specimen.matrix(view, pane)
    presence = specimen.side.presence()
    if presence is not None:
        soft = _warped(presence, matrix, pane, 0)
        return cv2.threshold(soft, 127, 255, cv2.THRESH_BINARY)[1].astype(np.uint8, copy=False)
    rows, columns = specimen.side.pixels.shape[:2]
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float64) - 0.5
    covered = np.zeros((pane.height, pane.width), np.uint8)
    limited = np.clip(moved(matrix, corners), -1e6, 1e6)
    polygon = np.rint(limited * 2**_SHIFT).astype(np.int32)
    cv2.fillConvexPoly(covered, polygon, (255,), cv2.LINE_8, _SHIFT)
    return covered


def _warped(levels: Levels, matrix: Matrix, pane: Pane, border: int) -> Pixels:
    """The picture laid into the pane, bilinear from the level nearest in size."""
    reduction = 1.0 / float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))
    picture, to_full = levels.pick(reduction)
    into = matrix @ to_full
    warped = cv2.warpAffine(
        picture,
        into[:2],
        (pane.width, pane.height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(border, border, border),
    )
    return warped.astype(np.uint8, copy=False)


def _draw_similarity(picture: Pixels, view: ViewState, similarity: SimilarityMap) -> None:
    """Over every pane: all of them show the specimens as they lie on the left picture."""
    for pane in panes(view, (picture.shape[1], picture.shape[0])):
        if pane.width > 0 and pane.height > 0:
            part = picture[pane.y : pane.y + pane.height, pane.x : pane.x + pane.width]
            draw_similarity(part, similarity, shift(-pane.x, -pane.y) @ um_to_view(view, pane))
    draw_colour_bar(picture)


def _draw_over(
    picture: Pixels, first: _Specimen, second: _Specimen, view: ViewState, cells: Sequence[Cell]
) -> None:
    size = (picture.shape[1], picture.shape[0])
    if view.cells:
        for pane in panes(view, size):
            if pane.width > 0 and pane.height > 0:
                shown = second if pane.shows == "second" else first
                part = picture[pane.y : pane.y + pane.height, pane.x : pane.x + pane.width]
                _draw_cells_of(part, shown, view, pane, cells)
    draw_divider(picture, view)
    draw_scale_bar(picture, view.um_per_px)


def _draw_cells_of(
    part: Pixels, shown: _Specimen, view: ViewState, pane: Pane, cells: Sequence[Cell]
) -> None:
    into = shift(-pane.x, -pane.y) @ um_to_view(view, pane) @ shown.placed
    squares = [moved(into, cell_corners(cell, right=shown.right)) for cell in cells]
    draw_cells(part, squares, [cell.congruent for cell in cells])
