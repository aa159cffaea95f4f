"""The scale from a stage micrometer: its ruling is found by itself, at any rotation.

The direction across the lines comes from the gradients of the picture, candidate distances from
the power spectrum of strips along it; the distance that explains the most places where lines are
seen wins, and the lines' positions are fitted by least squares to parts of a pixel. Where a second
ruling crosses the first, both directions are solved for together.
"""

from __future__ import annotations

import numpy as np

from app.capture.frame import Pixels
from app.capture.scale.comb import Comb, comb_of
from app.capture.scale.measured import (
    STANDARD_SD,
    Doubles,
    Measured,
    NotSure,
    Segment,
    Singles,
    check_step,
    combined_sd,
    distortion_of,
    levelled,
    refuse_unexpected,
    size_of,
)
from app.capture.scale.strips import (
    Strips,
    candidate_periods,
    line_directions,
    spectrum_of,
    strips_of,
)

NO_RULING = (
    "No ruling with even distances was found; focus on it, let it fill the picture, wipe dirt off "
    "and light it evenly, or measure two points by hand."
)
FINER = (
    "Only every other line is alike, as the 5th and 10th lines of a finer ruling whose other lines "
    "cannot be told apart here; focus better, magnify more, or measure two points by hand."
)
_SCATTER = 0.08
_RESIDUAL = 0.03
_RESIDUAL_OF_FEW = 0.004
_MANY = 15
"""Fewer lines than that may lie evenly by chance: they must do so much better."""
_UNLIKE = 0.5
_FAINT = 0.01
_OCCUPIED = 0.7
_SQUARE_DEG = 0.6

Found = tuple[Comb, Strips, float]


def find_ruling(
    pixels: Pixels,
    step_um: float = 10.0,
    *,
    standard_sd: float = STANDARD_SD,
    expected_um: float | None = None,
) -> Measured:
    """The size of a pixel from a picture of a ruling with ``step_um`` from line to line.

    ``pixels`` are rows x columns (x 3), 8 or 16 bit; ``standard_sd`` is the relative standard
    uncertainty of the standard. Raises NotSure, a sentence, when there is no ruling one can be
    sure of, or when it makes a pixel far from ``expected_um``.
    """
    check_step(step_um)
    level = levelled(pixels)
    directions = line_directions(level)
    found = [made for angle in directions if (made := _along(level, angle)) is not None]
    if not found:
        raise NotSure(NO_RULING)
    measured = _solved(found, step_um, standard_sd, size_of(pixels))
    refuse_unexpected(measured.pixel_um, expected_um)
    return measured


def _along(level: Singles, angle_deg: float) -> Found | None:
    """The ruling one crosses in that direction, its angle made exact in a second pass."""
    found = _best(strips_of(level, angle_deg))
    if found is None:
        return None
    comb, polarity = found
    angle_deg -= float(np.degrees(np.arctan(comb.slope)))
    strips = strips_of(level, angle_deg)
    again = comb_of(strips, comb.true_period, polarity)
    if again is None or not _sure(again, min(level.shape)):
        return None
    return again, strips, angle_deg - float(np.degrees(np.arctan(again.slope)))


def _best(strips: Strips) -> tuple[Comb, int] | None:
    """The most regular of the combs that explain about the most.

    Raises NotSure when it is part of a finer ruling.
    """
    found: list[tuple[Comb, int]] = []
    tried: list[float] = []
    spectrum = spectrum_of(strips)
    for period in candidate_periods(spectrum):
        if any(abs(period / other - 1) < 0.01 for other in tried) or spectrum.finer_than(period):
            continue
        tried.append(period)
        made = [(comb_of(strips, period, polarity), polarity) for polarity in (-1, 1)]
        found += [(comb, sign) for comb, sign in made if comb is not None and _regular(comb)]
    if not found:
        return None
    most = max(comb.seen for comb, _ in found)
    best = min(
        (one for one in found if one[0].seen >= 0.7 * most), key=lambda one: _looseness(one[0])
    )
    if spectrum.alternates(best[0].period):
        raise NotSure(FINER)
    return best


def _looseness(comb: Comb) -> float:
    return comb.scatter / comb.period


def _regular(comb: Comb) -> bool:
    few = comb.count < _MANY and comb.residual > 0.06 + _RESIDUAL_OF_FEW * comb.period
    return not few and (
        comb.scatter <= _SCATTER * comb.period
        and comb.residual <= _RESIDUAL * comb.period
        and comb.occupied >= _OCCUPIED
        and comb.unlike <= _UNLIKE
        and comb.height >= _FAINT
    )


def _sure(comb: Comb, smaller_side: int) -> bool:
    """Also that lines are long, straight and many enough for a ruling."""
    length = float(np.median(comb.spans[:, 1] - comb.spans[:, 0]))
    reach = comb.period * (comb.count - 1)
    return _regular(comb) and length >= 0.02 * smaller_side and reach >= 0.1 * smaller_side


def _solved(
    found: list[Found], step_um: float, standard_sd: float, size: tuple[int, int]
) -> Measured:
    waves = [_wave(comb, angle) for comb, _, angle in found]
    both = len(found) == 2 and _alike(waves)
    if both:
        across, down = _both_ways(waves[0], waves[1], step_um)
    else:
        found = [max(found, key=lambda one: one[0].seen)]
        across = down = step_um / found[0][0].true_period
    combs = [comb for comb, _, _ in found]
    fit = max(comb.period_sd / comb.period for comb in combs)
    pixel_um = float(np.sqrt(across * down))
    bends = [comb.bend for comb in combs if comb.bend is not None]
    bend = max(bends, key=abs) if bends else None
    sd_um = combined_sd(across, down, fit, standard_sd, bend)
    angle_deg = 90 - (found[0][2] + 90) % 180
    facts = _facts(combs, angle_deg, step_um, standard_sd, pixel_um)
    return Measured(
        method="ruling",
        pixel_um_x=across,
        pixel_um_y=down,
        sd_um=sd_um,
        size=size,
        **distortion_of(bend, size, pixel_um),
        both_ways=both,
        angle_deg=angle_deg,
        sentence=_words(combs, step_um, both),
        facts=facts,
        marks=tuple(mark for comb, strips, _ in found for mark in _marks(comb, strips, size)),
    )


def _wave(comb: Comb, angle_deg: float) -> Doubles:
    """Lines per pixel along x and y."""
    angle = np.radians(angle_deg)
    return np.array([np.cos(angle), np.sin(angle)]) / comb.true_period


def _alike(waves: list[Doubles]) -> bool:
    """Whether two rulings can be one crossed one: the same distance, within what pixels differ."""
    ratio = np.linalg.norm(waves[0]) / np.linalg.norm(waves[1])
    return bool(abs(np.log(ratio)) < np.log(1.2))


def _both_ways(first: Doubles, second: Doubles, step_um: float) -> tuple[float, float]:
    """Pixel sizes for which both rulings have that distance and stand at right angles.

    With a and b the inverse squares of the sizes, three equations are linear in them.
    Raises NotSure when no sizes make them square.
    """
    rows = np.array([first**2, second**2, first * second]) * step_um**2
    (a, b), *_ = np.linalg.lstsq(rows, np.array([1.0, 1.0, 0.0]), rcond=None)
    left = rows @ np.array([a, b]) - np.array([1.0, 1.0, 0.0])
    if not (a > 0 and b > 0) or np.abs(left).max() > np.radians(_SQUARE_DEG):
        raise NotSure(
            "Two rulings were found that do not cross at right angles with one distance; "
            "use a standard whose both directions are ruled alike."
        )
    return float(1 / np.sqrt(a)), float(1 / np.sqrt(b))


def _facts(
    combs: list[Comb], angle_deg: float, step_um: float, standard_sd: float, pixel_um: float
) -> dict[str, float | int]:
    main = combs[0]
    return {
        "step_um": step_um,
        "standard_sd_percent": round(100 * standard_sd, 6),
        "lines": sum(comb.count for comb in combs),
        "length_um": round(step_um * float(main.numbers[-1] - main.numbers[0]), 3),
        "angle_deg": round(angle_deg, 3),
        "residual_um": round(main.residual * pixel_um, 4),
    }


def _words(combs: list[Comb], step_um: float, both: bool) -> str:
    main = combs[0]
    length = step_um * (main.numbers[-1] - main.numbers[0])
    ways = "both directions" if both else "one direction only: pixels are taken to be square"
    return (
        f"{main.count} lines over {length:g} µm, {step_um:g} µm apart and "
        f"{main.true_period:.2f} pixels in the picture ({ways})."
    )


def _marks(comb: Comb, strips: Strips, size: tuple[int, int]) -> list[Segment]:
    """The lines as segments of the picture."""
    marks = []
    x, y = (size[0] - 1) / 2, (size[1] - 1) / 2
    for number, (low, high) in zip(comb.numbers, comb.spans, strict=True):
        ends = [_seen(comb, strips, float(number), float(v)) for v in (low, high)]
        (a, b), (c, d) = ends
        marks.append((a + x, b + y, c + x, d + y))
    return marks


def _seen(comb: Comb, strips: Strips, number: float, v: float) -> tuple[float, float]:
    """Where a place of a line is in the picture."""
    x = comb.first + comb.period * number + comb.slope * v
    x *= 1 + (comb.bend or 0.0) * (x * x + v * v) / strips.corner**2
    along, down = strips.back @ [x, v]
    return float(along), float(down)
