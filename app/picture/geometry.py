"""Where a point of a picture lies in the view: 3 x 3 matrices on columns (x, y, 1).

x runs right and y down; angles are counter-clockwise as seen. Pixel positions are those of
OpenCV: whole numbers are pixel centres. Lengths between pictures are micrometres.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.domain import Alignment, Cell

Matrix: TypeAlias = NDArray[np.float64]
Points: TypeAlias = NDArray[np.float64]


def turn(degrees: float) -> Matrix:
    """Counter-clockwise as seen, about the origin."""
    radians = np.deg2rad(degrees)
    c, s = float(np.cos(radians)), float(np.sin(radians))
    return np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]])


def shift(x: float, y: float) -> Matrix:
    """Move right by ``x`` and down by ``y``."""
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def scale(factor: float) -> Matrix:
    """Enlarge about the origin."""
    return np.diag([factor, factor, 1.0])


def centred_um(shape: tuple[int, ...], pixel_um: float) -> Matrix:
    """From pixels of an array of ``shape`` to micrometres from its centre."""
    rows, columns = shape[:2]
    return scale(pixel_um) @ shift(-(columns - 1) / 2, -(rows - 1) / 2)


def right_to_left(alignment: Alignment) -> Matrix:
    """From micrometres about the right picture's centre to those about the left one's."""
    return shift(*alignment.shift_um) @ turn(alignment.rotation_deg)


def inverse(alignment: Alignment) -> Alignment:
    """The alignment bringing the left picture onto the right one."""
    back = np.linalg.inv(right_to_left(alignment))
    return Alignment(-alignment.rotation_deg, (float(back[0, 2]), float(back[1, 2])))


def moved(matrix: Matrix, points: Points) -> Points:
    """``points`` of shape (n, 2) taken through ``matrix``."""
    return points @ matrix[:2, :2].T + matrix[:2, 2]


def at(matrix: Matrix, point: tuple[float, float]) -> tuple[float, float]:
    """One point taken through ``matrix``."""
    x, y = moved(matrix, np.array([point], dtype=np.float64))[0]
    return float(x), float(y)


def turned_about(alignment: Alignment, turn_deg: float, pivot_um: tuple[float, float]) -> Alignment:
    """The right picture turned a little more about a point of the left one (micrometres)."""
    x, y = pivot_um
    about = shift(x, y) @ turn(turn_deg) @ shift(-x, -y)
    shift_um = at(about, alignment.shift_um)
    return Alignment(alignment.nudged(turn_deg=turn_deg).rotation_deg, shift_um)


def cell_corners(cell: Cell, *, right: bool, cut_right: bool = False) -> Points:
    """The cell's square on one picture, (4, 2) micrometres about that picture's centre.

    It stands upright on the picture it was cut from, the left one unless ``cut_right``, and is
    turned on the other one as that lies on it.
    """
    half = cell.side_um / 2
    square = np.array([[-half, -half], [half, -half], [half, half], [-half, half]])
    turned = 0.0 if right == cut_right else -cell.rotation_deg if right else cell.rotation_deg
    return moved(shift(*(cell.right_um if right else cell.left_um)) @ turn(turned), square)


def cut_from_right(cells: Sequence[Cell]) -> bool:
    """Whether cells were cut from the right picture.

    Cells are cut on a grid along the rows and columns of a picture and found anywhere on the
    other, so the picture they were cut from is that on which fewer different rows and columns
    hold their centres. As many on both (a lone cell): from the left.
    """
    if len(cells) < 2:
        return False
    left, right = (_lines([getattr(c, name) for c in cells]) for name in ("left_um", "right_um"))
    return right < left


def _lines(centres: list[tuple[float, float]]) -> int:
    """How many rows and columns hold the centres, which are told to a hundredth of a micrometre."""
    found = 0
    for values in zip(*centres, strict=True):
        steps = np.diff(np.sort(np.array(values)))
        found += 1 + int(np.count_nonzero(steps > 0.05))
    return found
