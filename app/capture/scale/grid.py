"""The scale from a grid of dots or a chessboard: both directions, and what the lens bends.

Dots are found as blobs darker (or brighter) than their surroundings, a chessboard's corners as
saddles of brightness, refined by OpenCV; both are then numbered as one square lattice, so neither
the number of fields nor the whole board need be known or seen.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from app.capture.frame import Pixels
from app.capture.opencv import cv2
from app.capture.scale.lattice import LatticeFit, fit, lattice_of
from app.capture.scale.measured import (
    STANDARD_SD,
    Doubles,
    Measured,
    NotSure,
    Singles,
    check_step,
    combined_sd,
    distortion_of,
    levelled,
    refuse_unexpected,
    size_of,
)

_REACH = 0.6


def find_grid(
    pixels: Pixels,
    step_um: float,
    kind: Literal["dot grid", "chessboard"],
    *,
    standard_sd: float = STANDARD_SD,
    expected_um: float | None = None,
) -> Measured:
    """Pixel sizes and distortion from a grid with ``step_um`` from dot to dot, or a square's side.

    ``pixels`` are rows x columns (x 3), 8 or 16 bit; ``standard_sd`` is the relative standard
    uncertainty of the standard. Raises NotSure, a sentence, when there is no grid one can be sure
    of, or when it makes a pixel far from ``expected_um``.
    """
    check_step(step_um)
    level, size = levelled(pixels), size_of(pixels)
    points = _dots(level) if kind == "dot grid" else _corners(level)
    lattice = lattice_of(points)
    found = fit(lattice, step_um, size)
    pixel_um = float(np.sqrt(found.across_um * found.down_um))
    refuse_unexpected(pixel_um, expected_um)
    reaches = found.reach >= _REACH
    bend = found.bend if reaches else None
    return Measured(
        method=kind,
        pixel_um_x=found.across_um,
        pixel_um_y=found.down_um,
        sd_um=combined_sd(
            found.across_um, found.down_um, found.relative_sd, standard_sd, found.bend
        ),
        size=size,
        both_ways=True,
        angle_deg=found.angle_deg,
        **distortion_of(bend, size, pixel_um),
        sentence=_words(found, step_um, kind, bend, size, pixel_um),
        facts={
            "step_um": step_um,
            "standard_sd_percent": round(100 * standard_sd, 6),
            "points": found.used,
            "angle_deg": round(found.angle_deg, 3),
            "residual_um": round(found.residual_um, 4),
            "reach": round(found.reach, 3),
        },
        marks=tuple((float(x), float(y), float(x), float(y)) for x, y in lattice.points),
    )


def _dots(level: Singles) -> Doubles:
    """Centres of blobs of about one size (n x 2, pixels), each weighted by its own contrast."""
    smooth = cv2.GaussianBlur(level, (0, 0), 1.0)
    low, high = np.quantile(smooth, (0.02, 0.98))
    if high - low < 0.03:
        raise NotSure("The picture is almost empty; light the grid and focus on it.")
    dark = abs(low - np.median(smooth)) > abs(high - np.median(smooth))
    ink = np.asarray(-smooth if dark else smooth, np.float32)
    threshold = float(np.quantile(ink, 0.98) + np.median(ink)) / 2
    mask = np.asarray(ink > threshold, np.uint8)
    count, told, facts, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels = np.asarray(told, np.int32)
    areas = facts[1:, cv2.CC_STAT_AREA].astype(np.float64)
    if count < 2:
        return np.empty((0, 2))
    usual = float(np.median(areas[areas > 0.1 * np.quantile(areas, 0.9)]))
    return np.array(
        [
            centre
            for number in np.flatnonzero((areas > 0.5 * usual) & (areas < 1.8 * usual)) + 1
            if (centre := _centre(ink, labels, np.asarray(facts[number], np.int32), int(number)))
            is not None
        ]
    ).reshape(-1, 2)


def _centre(
    ink: Singles,
    labels: np.ndarray[tuple[int, ...], np.dtype[np.int32]],
    facts: np.ndarray[tuple[int, ...], np.dtype[np.int32]],
    number: int,
) -> tuple[float, float] | None:
    """The centre of gravity of a round blob with its blurred rim; None for another shape."""
    left, top, width, height, area = (int(value) for value in facts[:5])
    rim = max(2, round(0.15 * max(width, height)))
    rows, columns = ink.shape
    if min(left, top) < rim or left + width + rim > columns or top + height + rim > rows:
        return None
    if max(width, height) > 1.35 * min(width, height) or area < 0.6 * width * height:
        return None
    window = (slice(top - rim, top + height + rim), slice(left - rim, left + width + rim))
    patch, own = ink[window], labels[window] == number
    around = cv2.dilate(own.astype(np.uint8), np.ones((2 * rim + 1, 2 * rim + 1), np.uint8))
    base = float(np.median(patch[~own]))
    weight = np.where(around > 0, np.maximum(patch - base, 0), 0).astype(np.float64)
    total = weight.sum()
    x = float((weight.sum(axis=0) * np.arange(weight.shape[1])).sum() / total)
    y = float((weight.sum(axis=1) * np.arange(weight.shape[0])).sum() / total)
    return left - rim + x, top - rim + y


def _corners(level: Singles) -> Doubles:
    """Saddles between four squares (n x 2, pixels)."""
    smooth = cv2.GaussianBlur(level, (0, 0), 3.0)
    xx = cv2.Sobel(smooth, cv2.CV_32F, 2, 0)
    yy = cv2.Sobel(smooth, cv2.CV_32F, 0, 2)
    xy = cv2.Sobel(smooth, cv2.CV_32F, 1, 1)
    saddle = np.asarray(xy * xy - xx * yy)
    top = cv2.dilate(saddle, np.ones((11, 11), np.uint8))
    strong = float(np.sort(saddle[saddle == top])[::-1][:12].min())
    rows, columns = np.nonzero((saddle == top) & (saddle > 0.3 * strong))
    margin = 10
    inside = (rows >= margin) & (columns >= margin)
    inside &= (rows < level.shape[0] - margin) & (columns < level.shape[1] - margin)
    points = np.column_stack([columns, rows])[inside].astype(np.float32)
    if len(points) < 4 or strong <= 0:
        return np.empty((0, 2))
    grey = np.clip(127.5 * (1 + level), 0, 255).astype(np.uint8)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 40, 0.001)
    refined = cv2.cornerSubPix(grey, points[:, None, :].copy(), (6, 6), (-1, -1), stop)
    return np.asarray(refined[:, 0, :], np.float64)


def _words(
    found: LatticeFit,
    step_um: float,
    kind: str,
    bend: float | None,
    size: tuple[int, int],
    pixel_um: float,
) -> str:
    what = "dots" if kind == "dot grid" else "corners"
    oblong = 100 * (found.across_um / found.down_um - 1)
    said = f"{found.used} {what}, {step_um:g} µm apart; a pixel is {oblong:+.2f} % wider than high"
    if bend is None:
        return f"{said}; the grid reaches too little of the picture to tell distortion."
    corner_um = abs(bend) * float(np.hypot(*size)) / 2 * pixel_um
    return f"{said}; the lens moves the corners by {corner_um:.3g} µm ({100 * bend:+.2f} %)."
