"""Whatever standard it is: what is asked of a picture, and the scale found by itself."""

from __future__ import annotations

from dataclasses import dataclass

from app.capture.frame import Pixels
from app.capture.scale.grid import find_grid
from app.capture.scale.measured import STANDARD_SD, Measured, Method
from app.capture.scale.ruling import find_ruling
from app.domain import CaseheadError

FOUND_METHODS: tuple[Method, ...] = ("ruling", "dot grid", "chessboard")
"""The standards found by themselves."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which standard lies there, and the distance from mark to mark.

    ``standard_sd`` is the relative standard uncertainty of that distance; ``expected_um`` the
    pixel size these optics should have, where something is known of it.
    """

    method: Method
    step_um: float
    standard_sd: float = STANDARD_SD
    expected_um: float | None = None


def measure(pixels: Pixels, asked: Asked) -> Measured:
    """The size of a pixel. Raises NotSure, or CaseheadError for what cannot be asked."""
    if not 0 <= asked.standard_sd <= 0.05:
        raise CaseheadError(
            "The uncertainty of a standard lies between 0 and 5 %; take it from its certificate."
        )
    step_um, sd, expected = asked.step_um, asked.standard_sd, asked.expected_um
    if asked.method == "ruling":
        return find_ruling(pixels, step_um, standard_sd=sd, expected_um=expected)
    if asked.method in ("dot grid", "chessboard"):
        return find_grid(pixels, step_um, asked.method, standard_sd=sd, expected_um=expected)
    raise CaseheadError(f"A scale by {asked.method} is not found by itself; use a ruling or grid.")
