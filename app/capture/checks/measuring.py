"""The figures of a check: the reference case of now against its golden picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.domain import CaseheadError
from correlation.compare import compare
from correlation.errors import CorrelationError
from correlation.landmarks import rigid_motion
from correlation.prepare import METHOD, VERSION, Prepared, prepare
from correlation.region import Disc, Finding
from correlation.result import PairScore
from correlation.surface import Bools, Floats, Surface

LEAST_CONFIDENCE = 0.5
MOST_CLIPPED = 0.05
LEAST_CELLS = 6
FOCUS_UM = 12.0
"""Width (sigma) of the blur before sharpness is measured: finer than that is mostly noise."""
_LEAST_BLUR_PX = 2.0
_WITHIN = 0.92
_BEYOND = 1.25
"""Of the face's and the impression's radius: what lies between is looked at, clear of both rims."""


@dataclass(frozen=True, slots=True, eq=False)
class Golden:
    """A reference case as it should look, ready to be compared with."""

    prepared: Prepared
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Measurement:
    """``figures`` by their names (app.instruments.FIGURES); absent where nothing could be measured.

    ``sentence`` says why.
    """

    figures: Mapping[str, float]
    facts: Mapping[str, Any] = field(default_factory=dict)
    sentence: str = ""
    method: str = METHOD
    version: str = VERSION


def golden_of(pixels: Pixels, pixel_um: float) -> Golden:
    """Make a picture ready to be the golden one.

    Raises CaseheadError when no breech face is found for sure, or too much of it is clipped.
    """
    try:
        prepared = prepare(Surface(_grey(pixels), pixel_um, "image"))
    except CorrelationError as error:
        raise CaseheadError(f"This cannot be a golden picture: {error}") from error
    if prepared.finding.confidence < LEAST_CONFIDENCE:
        raise CaseheadError(
            "This cannot be a golden picture: its breech face was not found for sure. Put the "
            "whole primer into the picture, focus, and try again."
        )
    figures = figures_of(pixels, pixel_um, prepared.finding)
    if figures["clipped"] > MOST_CLIPPED:
        raise CaseheadError(
            f"This cannot be a golden picture: {100 * figures['clipped']:.0f} % of the face are "
            "clipped. Lower the exposure and try again."
        )
    return Golden(prepared, figures)


def measured(golden: Golden, pixels: Pixels, pixel_um: float) -> Measurement:
    """Compare a picture of the reference case with the golden one."""
    try:
        prepared = prepare(Surface(_grey(pixels), pixel_um, "image"))
        score = compare(golden.prepared, prepared)
    except CorrelationError as error:
        return Measurement({}, sentence=str(error))
    own = figures_of(pixels, pixel_um, prepared.finding)
    figures = {"correlation": score.ccf}
    for name in ("focus", "brightness"):
        if golden.figures[name] > 0:
            figures[name] = own[name] / golden.figures[name]
    scale = _scale(score)
    if scale is not None:
        figures["scale"] = scale
    return Measurement(figures, _facts(score, own, golden), "", score.method, score.version)


def figures_of(pixels: Pixels, pixel_um: float, finding: Finding) -> dict[str, float]:
    """Focus, brightness (share of full scale), clipped share and radius of a face, absolute.

    Focus is the mean squared Laplacian over the squared mean grey, after a blur of FOCUS_UM, on
    the face between the firing-pin impression and the rim.
    """
    grey = _grey(pixels)
    seen = _looked_at(grey.shape, pixel_um, finding)
    mean = float(grey[seen].mean())
    blur = max(FOCUS_UM / pixel_um, _LEAST_BLUR_PX)
    detail = blur**2 * cv2.Laplacian(cv2.GaussianBlur(grey, (0, 0), blur), cv2.CV_32F)
    return {
        "focus": 1000 * float(np.mean(np.square(detail[seen]))) / max(mean * mean, 1e-6),
        "brightness": mean,
        "clipped": float(np.mean(grey[seen] >= 1.0)),
        "radius_um": finding.outer.radius_um,
    }


def _grey(pixels: Pixels) -> Floats:
    """From 0 to 1, full scale."""
    whole = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    full = np.float32(65535 if pixels.dtype == np.uint16 else 255)
    return np.asarray(whole.astype(np.float32) / full, np.float32)


def _looked_at(shape: tuple[int, ...], pixel_um: float, finding: Finding) -> Bools:
    inside = _distance(shape, pixel_um, finding.outer) <= _WITHIN * finding.outer.radius_um
    if finding.inner is not None:
        away = _distance(shape, pixel_um, finding.inner)
        inside &= away >= _BEYOND * finding.inner.radius_um
    return inside if inside.any() else np.ones(shape, np.bool_)


def _distance(shape: tuple[int, ...], pixel_um: float, disc: Disc) -> Floats:
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    away = np.hypot(columns * pixel_um - disc.x_um, rows * pixel_um - disc.y_um)
    return np.asarray(away, np.float32)


def _scale(score: PairScore) -> float | None:
    """How much larger the reference case seems than on the golden picture, from its cells.

    Least squares over the places of congruent cells on both pictures.
    """
    cells = [cell for cell in score.cell_list if cell.congruent]
    if len(cells) < LEAST_CELLS:
        return None
    try:
        found = rigid_motion([c.left_um for c in cells], [c.right_um for c in cells])
    except CorrelationError:
        return None
    return 1 / found.distance_ratio


def _facts(score: PairScore, own: Mapping[str, float], golden: Golden) -> dict[str, Any]:
    return {
        "score": score.score,
        "cells": score.cells,
        "congruent_cells": score.congruent_cells,
        "rotation_deg": round(score.rotation_deg, 2),
        "shift_um": [round(one, 1) for one in score.shift_um],
        "overlap": score.overlap,
        "clipped": round(own["clipped"], 5),
        "radius_ratio": round(own["radius_um"] / golden.figures["radius_um"], 4),
    }
