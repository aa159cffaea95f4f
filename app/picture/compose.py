"""The comparison picture: a pure function of two sides, their alignment and the view.

The same arguments give the same bytes, on the screen and in exports.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import Alignment, Annotation, Cell
from app.picture.annotations import Shown, draw_annotations, unit_px
from app.picture.arrays import Pixels
from app.picture.drawing import draw_cells, draw_divider, draw_scale_bar
from app.picture.evidence import draw_evidence, side_of_line
from app.picture.geometry import Matrix, cell_corners, cut_from_right, moved, right_to_left
from app.picture.heat import draw_colour_bar, draw_similarity
from app.picture.layer import Layer, Window
from app.picture.legends import common_span, draw_legends
from app.picture.side import Side
from app.picture.view import UM_PER_PX_RANGE, Mode, Pane, Size, ViewState, panes, um_to_view
from correlation.similarity import SimilarityMap


def render(
    left: Side,
    right: Side,
    alignment: Alignment,
    view: ViewState,
    size: Size,
    cells: Sequence[Cell] = (),
    similarity: SimilarityMap | None = None,
    annotations: Sequence[Annotation] = (),
) -> Pixels:
    """The pair as ``view`` wants it: uint8 RGB of shape (height, width, 3) for ``size`` (w, h).

    ``cells``, ``similarity`` (of this very alignment) and ``annotations`` are drawn when the view
    asks for them. A view with ``um_per_px`` 0 is fitted first.
    """
    size = max(1, size[0]), max(1, size[1])
    view = settled(left, right, alignment, view, size)
    layers = layered(left, right, alignment, view)
    picture = draw_evidence(*layers, size)
    if view.similarity and similarity is not None:
        _draw_similarity(picture, view, similarity)
    if view.cells:
        _draw_cells(picture, layers, cells)
    if view.annotations and annotations:
        _draw_annotations(picture, layers, alignment, annotations)
    draw_divider(picture, view)
    draw_scale_bar(picture, view.um_per_px)
    draw_legends(picture, layers, place=int(view.similarity and similarity is not None))
    return picture


def layered(left: Side, right: Side, alignment: Alignment, view: ViewState) -> tuple[Layer, Layer]:
    """What is seen in the first and in the second place."""
    span = common_span(left, right, view)
    turned = view.view_rotation_deg
    still = Layer(left, view, np.eye(3), turned, right=False, span=span)
    moving = Layer(
        right,
        view,
        right_to_left(alignment),
        turned + alignment.rotation_deg,
        right=True,
        span=span,
    )
    return (moving, still) if view.exchanged else (still, moving)


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


def _draw_similarity(picture: Pixels, view: ViewState, similarity: SimilarityMap) -> None:
    """Over every pane: all of them show the specimens as they lie on the left picture."""
    for _, part, window in _parts(picture, view):
        draw_similarity(part, similarity, window.matrix(view))
    draw_colour_bar(picture)


def _draw_cells(picture: Pixels, layers: tuple[Layer, Layer], cells: Sequence[Cell]) -> None:
    """Each on the specimen that is seen; standing as it stood on the mark it was cut from."""
    first, second = layers
    cut_right = cut_from_right(cells)
    for pane, part, window in _parts(picture, first.view):
        shown = second if pane.shows == "second" else first
        into = window.matrix(first.view) @ shown.placed
        squares = [
            moved(into, cell_corners(cell, right=shown.right, cut_right=cut_right))
            for cell in cells
        ]
        draw_cells(part, squares, [cell.congruent for cell in cells])


def _draw_annotations(
    picture: Pixels,
    layers: tuple[Layer, Layer],
    alignment: Alignment,
    annotations: Sequence[Annotation],
) -> None:
    sides: list[Shown] = ["right" if layer.right else "left" for layer in layers]
    seen: dict[str, Shown] = {"first": sides[0], "second": sides[1], "both": "both"}
    unit, view = unit_px(picture.shape[0]), layers[0].view
    for pane, part, window in _parts(picture, view):
        shown = seen[pane.shows]
        draw_annotations(part, annotations, window.matrix(view), alignment, shown, unit)


def _parts(picture: Pixels, view: ViewState) -> Iterator[tuple[Pane, Pixels, Window]]:
    """Every pane with something to draw on, which becomes the picture's own part.

    Where the dividing line is slanted that is a copy, and only the pane's side of it is kept.
    """
    size = (picture.shape[1], picture.shape[0])
    for pane in panes(view, size):
        if pane.width <= 0 or pane.height <= 0:
            continue
        window = Window(pane, pane.x, pane.y, pane.width, pane.height)
        part = picture[pane.y : pane.y + pane.height, pane.x : pane.x + pane.width]
        if pane.edge is None:
            yield pane, part, window
            continue
        drawn = part.copy()
        yield pane, drawn, window
        cv2.copyTo(drawn, side_of_line(window), part)
