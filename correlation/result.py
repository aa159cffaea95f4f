"""What a comparison of two marks gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from correlation.motion import Point


@dataclass(frozen=True, slots=True)
class CellScore:
    """One cell: its centre on both pictures, micrometres from the centres of their arrays."""

    left_um: Point
    right_um: Point
    side_um: float
    rotation_deg: float
    ccf: float
    congruent: bool


@dataclass(frozen=True, slots=True)
class PairScore:
    """What the software finds on two marks; an aid, never a conclusion.

    ``score`` is the mean of the areal correlation and the share of congruent cells, times the
    fourth root of the overlap (0 to 1; a mark with itself gives 1). ``ccf`` is the areal
    correlation at 25 um, ``overlap`` the share of the smaller mark it was computed over,
    ``overlap_um2`` that area. ``rotation_sd_deg`` and ``shift_sd_um`` are the standard
    uncertainty of the alignment (None where the correlation has no clear top).
    ``congruent_cells`` of ``cells`` is the lesser of the two directions. A point of the right
    picture, from its array's centre, turned counter-clockwise as seen by ``rotation_deg`` and
    moved by ``shift_um`` (x right, y down), lies at the same specimen point of the left picture,
    from its array's centre.
    """

    method: str
    version: str
    score: float
    ccf: float
    cells: int
    congruent_cells: int
    rotation_deg: float
    shift_um: Point
    overlap: float
    seconds: float
    parameters: Mapping[str, Any]
    cell_list: tuple[CellScore, ...]
    overlap_um2: float = 0.0
    rotation_sd_deg: float | None = None
    shift_sd_um: float | None = None
