"""Evenly spaced parallel lines through places found strip by strip: least squares, robustly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.capture.scale.measured import Doubles
from app.capture.scale.strips import Strips, lines_in

_FULL = 0.75
"""Share of the lines that must be seen between the first and the last one of a strip."""
_STRAY = 0.25
"""Share of what is seen in a strip that may lie between the lines."""
_LEAST = 6
_LEAST_BENT = 12
_FAINT = 0.4
"""Strips whose lines are fainter than this share of what is usual hold something else."""
_REACH = 0.6
"""Lines must come that near to a corner before distortion is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Comb:
    """Lines at ``first + k period`` along x of the turned picture (from its middle), k whole.

    ``slope`` is how far a line moves along x for each row down; ``bend`` is the distortion at the
    corner: a place is seen at (1 + bend r^2) times its distance, r being 1 there (None: the lines
    do not reach far enough to tell). ``numbers`` are the lines seen, ``offsets`` how far each lies
    from its place (pixels), ``spans`` its first and last row. ``seen`` counts the places all that
    rests on, ``scatter`` is the spread of a single one, ``height`` how much lines differ from
    their surroundings (1: as much as light from dark) and ``unlike`` by how much lines vary in it.
    """

    first: float
    period: float
    slope: float
    bend: float | None
    numbers: Doubles
    offsets: Doubles
    spans: Doubles
    seen: int
    scatter: float
    height: float
    unlike: float
    period_sd: float

    @property
    def true_period(self) -> float:
        """Distance from line to line at right angles to them, pixels."""
        return float(self.period / np.hypot(1, self.slope))

    @property
    def count(self) -> int:
        """How many lines."""
        return len(self.numbers)

    @property
    def occupied(self) -> float:
        """Share of the lines seen of those between the first and the last one."""
        return float(self.count / (self.numbers[-1] - self.numbers[0] + 1))

    @property
    def residual(self) -> float:
        """Root mean square of how far lines lie from their places, pixels."""
        return float(np.sqrt(np.mean(self.offsets**2)))


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Where lines were seen: along the strip, its row, how high; radius squared (corner: 1)."""

    x: Doubles
    v: Doubles
    tall: Doubles
    squared: Doubles

    def only(self, which: NDArray[Any]) -> _Places:
        return _Places(self.x[which], self.v[which], self.tall[which], self.squared[which])


def comb_of(strips: Strips, period: float, polarity: int) -> Comb | None:
    """The comb of about that period (1 bright, -1 dark lines); None where there is none."""
    places = _places(strips, period, polarity)
    return None if places is None else _fitted(places, period)


def _places(strips: Strips, period: float, polarity: int) -> _Places | None:
    found = []
    for profile, inside, row in zip(strips.profiles, strips.inside, strips.rows, strict=True):
        if inside.sum() < _LEAST * period:
            continue
        x, tall = lines_in(polarity * profile, inside, period)
        if _evenly(x, period):
            found.append((x - strips.middle[0], np.full(len(x), row), tall))
    if not found:
        return None
    usual = np.array([np.median(tall) for _, _, tall in found])
    enough = _FAINT * float(np.quantile(usual, 0.9))
    clear = [one for one, height in zip(found, usual, strict=True) if height >= enough]
    x, v, tall = (np.concatenate(parts) for parts in zip(*clear, strict=True))
    return _Places(x, v, tall, (x * x + v * v) / strips.corner**2)


def _evenly(places: Doubles, period: float) -> bool:
    """Whether a strip's places lie about a period apart, with few gaps and few strays."""
    if len(places) < _LEAST:
        return False
    steps = np.diff(places) / period
    whole = np.round(steps)
    near = np.abs(steps - whole) < 0.2
    if near.mean() < 1 - _STRAY or np.mean(whole[near] == 1) < _FULL:
        return False
    filled = len(places) / ((places[-1] - places[0]) / period + 1)
    return bool(_FULL <= filled <= 1 + _STRAY)


def _fitted(seen: _Places, period: float) -> Comb | None:
    """Fitted first near the middle of what is seen, then to everything."""
    middle = float(seen.x[np.argmin(np.abs(seen.x - np.median(seen.x)))])
    away = np.abs(seen.x - middle)
    near = away <= max(0.4 * float(away.max()), 4 * period)
    period, slope = _coherent(seen.x[near], seen.v[near], period)
    turned = 2j * np.pi * (seen.x - slope * seen.v) / period
    first = float(np.angle(np.mean(np.exp(turned)[near]))) / (2 * np.pi) * period
    fit = np.array([first, period, slope, 0.0])
    enough = float(np.ptp(seen.x)) >= _LEAST_BENT * period
    bends = bool(seen.squared.max() >= _REACH**2) and enough
    good, numbers = near, np.zeros(len(away))
    for share in (0.4, 0.4, 0.55, 0.7, 0.85, 1.0, 1.0, 1.0):
        numbers, off = _numbered(seen, fit)
        spread = 1.4826 * float(np.median(np.abs(off[good]))) if good.any() else 0.0
        good = np.abs(off) < min(max(3.5 * spread, 0.02 * fit[1]), 0.25 * fit[1])
        good &= away <= max(share * float(away.max()), 4 * period)
        if good.sum() < _LEAST + 4 or np.ptp(numbers[good]) < _LEAST - 1:
            return None
        fit = _least_squares(seen.only(good), numbers[good], bends=bends and share > 0.5)
        if not abs(fit[1] / period - 1) < 0.1:
            return None
    return _gathered(seen.only(good), numbers[good], fit, bends=bends)


def _numbered(seen: _Places, fit: Doubles) -> tuple[Doubles, Doubles]:
    """Which line each place belongs to, and how far it lies from it."""
    first, period, slope, bend = fit
    straight = seen.x * (1 - bend * seen.squared) - slope * seen.v - first
    numbers = np.round(straight / period)
    return numbers, straight - period * numbers


def _least_squares(seen: _Places, numbers: Doubles, *, bends: bool) -> Doubles:
    columns = [np.ones(len(numbers)), numbers, seen.v]
    if bends:
        columns.append(seen.squared * seen.x)
    found, *_ = np.linalg.lstsq(np.column_stack(columns), seen.x, rcond=None)
    return np.append(found, np.zeros(4 - len(found)))


def _coherent(x: Doubles, v: Doubles, period: float) -> tuple[float, float]:
    """Period and slope near those given at which all places are most in step."""
    if len(x) > 1500:
        few = np.linspace(0, len(x) - 1, 1500).astype(int)
        x, v = x[few], v[few]
    best = (0.0, period, 0.0)
    height, length = max(float(np.ptp(v)), 1.0), max(float(np.ptp(x)), 1.0)
    slopes = np.arange(-0.02, 0.0201, max(0.25 * period / height, 1e-3))
    slopes = np.append(slopes - slopes.mean(), 0.0)
    periods = period * (1 + np.arange(-0.012, 0.01201, max(0.25 * period / length, 5e-4)))
    leaning = np.exp(-2j * np.pi * np.outer(slopes, v) / period)
    for one in np.append(periods, period):
        sums = np.abs(leaning @ np.exp(2j * np.pi * x / one)) / len(x)
        at = int(np.argmax(sums))
        if sums[at] > best[0]:
            best = (float(sums[at]), float(one), float(slopes[at]))
    return best[1], best[2]


def _gathered(seen: _Places, numbers: Doubles, fit: Doubles, *, bends: bool) -> Comb | None:
    """Line by line: the positions of lines, each taken once, tell how good the fit is."""
    first, period, slope, bend = fit
    off = seen.x * (1 - bend * seen.squared) - slope * seen.v - first - period * numbers
    lines, which, counts = np.unique(numbers, return_inverse=True, return_counts=True)
    kept = counts >= max(2, 0.25 * np.median(counts))
    if kept.sum() < _LEAST:
        return None
    low, high = np.full(len(lines), np.inf), np.full(len(lines), -np.inf)
    np.minimum.at(low, which, seen.v)
    np.maximum.at(high, which, seen.v)
    usual: Doubles = (np.bincount(which, seen.tall) / counts)[kept]
    means: Doubles = (np.bincount(which, off) / counts)[kept]
    return Comb(
        *(float(first), float(period), float(slope), float(bend) if bends else None),
        numbers=lines[kept],
        offsets=means,
        spans=np.column_stack([low, high])[kept],
        seen=len(off),
        scatter=float(np.std(off)),
        height=float(np.mean(usual)),
        unlike=float(np.std(usual)) / max(float(np.mean(usual)), 1e-12),
        period_sd=_period_sd(lines[kept], means, bends=bends),
    )


def _period_sd(lines: Doubles, offsets: Doubles, *, bends: bool) -> float:
    """Standard uncertainty of the period from how lines scatter about their places, pixels."""
    k = lines - lines.mean()
    columns = [np.ones(len(k)), k, k**3] if bends else [np.ones(len(k)), k]
    design = np.column_stack(columns)
    variance = float(np.sum(offsets**2)) / max(len(k) - len(columns), 1)
    covariance = np.linalg.pinv(design.T @ design) * variance
    return float(np.sqrt(covariance[1, 1]))
