"""Striated marks as a line: the profile across the striae, and how two of them agree.

The striae's direction is the one that leaves the most of the relief in the profile, as straight
lines or slight arcs. Profiles are compared by normalised
correlation over every lag with enough overlap, both ways round, for a picture may lie upside
down; segments that find their own place at the common lag are counted (congruent matching
profile segments, Chen et al. 2019).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError
from correlation.surface import Bools, Floats

_LEAST_UM = 300.0
_OVERLAP = 0.6
_ARCS = (-4e-4, -2e-4, 0.0, 2e-4, 4e-4)
_GRAIN_UM = 25.0
_HELD = 1.5
_STRETCHES = (0.98, 0.99, 1.0, 1.01, 1.02)
SEGMENT_UM = 125.0
_SEGMENT_CCF = 0.6
_SEGMENT_SHIFT_UM = 19.0
_STRIATED = 1.5

_Line = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Mean relief across the striae: mean 0 and spread 1 where ``mask`` is, 0 elsewhere.

    Sample ``i`` lies ``(i - (n - 1) / 2) * pixel_um`` from the middle of the mark's levels along
    ``across_deg`` (counter-clockwise from the right, as seen); the striae run square to that,
    bent by ``arc`` (1/micrometres). ``strength`` says how many times more relief the profile
    keeps than chance would leave.
    """

    values: Floats
    mask: Bools
    pixel_um: float
    across_deg: float
    arc: float
    strength: float

    def facts(self) -> dict[str, Any]:
        """All but the arrays."""
        return {
            "pixel_um": self.pixel_um,
            "across_deg": self.across_deg,
            "arc": self.arc,
            "strength": self.strength,
        }


def profile_of(values: Floats, mask: Bools, pixel_um: float) -> Profile:
    """The profile across the striae of a prepared mark (square array, 0 outside ``mask``).

    Raises CorrelationError where no striae are found, or too short a piece across them.
    """
    pixels = _Pixels.of(values, mask, pixel_um)
    # held in, so that the step at an edge is not taken for striae along it
    held = _Pixels.of(np.clip(values, -_HELD, _HELD), mask, pixel_um)
    across, arc = _straightened(held)
    strength = held.kept(across, arc) * held.samples_a_bin(across, arc)
    line, there = pixels.line(across, arc)
    if strength < _STRIATED:
        raise CorrelationError(
            "No parallel striae were found in the mark; outline the sheared strip tighter, "
            "or acquire it again with its striae in focus."
        )
    if np.count_nonzero(there) * pixel_um < _LEAST_UM:
        raise CorrelationError(
            f"Only {np.count_nonzero(there) * pixel_um:.0f} um across the striae can be used; "
            "outline more of the sheared strip."
        )
    return Profile(
        values=_standard(line, there).astype(np.float32),
        mask=there,
        pixel_um=pixel_um,
        across_deg=round(float(across) % 360.0, 3),
        arc=arc,
        strength=round(float(strength), 3),
    )


def _straightened(pixels: _Pixels) -> tuple[float, float]:
    """The direction across the striae (degrees) and their arc that leave most in the profile."""

    def best(turns: NDArray[np.float64], arcs: tuple[float, ...]) -> tuple[float, float]:
        tried = [(pixels.kept(turn, arc), turn, arc) for turn in map(float, turns) for arc in arcs]
        return max(tried)[1:]

    across, _ = best(np.arange(0.0, 180.0, 2.0), (0.0,))
    across, arc = best(across + np.arange(-4.0, 4.1, 1.0), _ARCS)
    return best(across + np.arange(-0.75, 0.76, 0.25), (arc,))


@dataclass(frozen=True, slots=True, eq=False)
class _Pixels:
    """The pixels of a mark by their place, in pixels from its middle (x right, y up)."""

    x: _Line
    y: _Line
    z: _Line
    size: int
    pixel_um: float

    @classmethod
    def of(cls, values: Floats, mask: Bools, pixel_um: float) -> _Pixels:
        rows, columns = np.nonzero(mask)
        half = (values.shape[0] - 1) / 2
        z = values[mask].astype(np.float64)
        # as many samples as the diagonal has, an odd number, so that the middle is one of them
        size = 2 * int(np.ceil(half * np.sqrt(2))) + 1
        return cls(columns - half, half - rows, z, size, pixel_um)

    def _bins(self, across_deg: float, arc: float) -> NDArray[np.intp]:
        angle = np.deg2rad(across_deg)
        place = self.x * np.cos(angle) + self.y * np.sin(angle)
        along = -self.x * np.sin(angle) + self.y * np.cos(angle)
        place = place + arc * self.pixel_um * along * along
        bins = np.clip(np.rint(place) + (self.size - 1) // 2, 0, self.size - 1)
        return np.asarray(bins, np.intp)

    def _mean(self, bins: NDArray[np.intp], weight: _Line | None = None) -> tuple[_Line, _Line]:
        count = np.bincount(bins, weight, self.size).astype(np.float64)
        heights = self.z if weight is None else self.z * weight
        return np.bincount(bins, heights, self.size) / np.maximum(count, 1e-9), count

    def kept(self, across_deg: float, arc: float) -> float:
        """Share of the relief's power that the mean along the striae keeps."""
        mean, count = self._mean(self._bins(across_deg, arc))
        # a bin of few points keeps what they have, striae or not
        count = np.where(count >= 0.4 * np.max(count), count - self._grain, 0.0)
        power = float(np.sum(count * mean * mean))
        return power / max(float(np.sum(self.z * self.z)), 1e-12)

    def samples_a_bin(self, across_deg: float, arc: float) -> float:
        """Independent points along a stria: what a mean over noise would reduce its power by."""
        count = np.bincount(self._bins(across_deg, arc))
        return float(np.median(count[count > 0])) / self._grain

    @property
    def _grain(self) -> float:
        """Pixels along a stria that say the same."""
        return max(1.0, _GRAIN_UM / self.pixel_um)

    def line(self, across_deg: float, arc: float) -> tuple[_Line, Bools]:
        """Robust mean along the striae, and where enough of them was measured."""
        bins = self._bins(across_deg, arc)
        weight = np.ones_like(self.z)
        mean, count = self._mean(bins)
        least = 0.3 * float(np.median(count[count > 0]))
        for _ in range(2):
            away = np.abs(self.z - mean[bins])
            weight = (away < 2.5 * 1.4826 * np.median(away)).astype(np.float64)
            mean, _ = self._mean(bins, weight)
        there = _longest(count >= max(least, 4.0))
        return np.where(there, mean, 0.0), there


def _longest(there: Bools) -> Bools:
    """From the first to the last sample, without short pieces beyond a wide gap."""
    padded = np.concatenate([[0], there.astype(np.int8), [0]])
    edges = np.flatnonzero(np.diff(padded))
    starts, ends = edges[::2], edges[1::2]
    keep = np.zeros_like(there)
    for start, end in zip(starts, ends, strict=True):
        if end - start >= 0.2 * (ends - starts).max():
            keep[start:end] = True
    return keep


def _standard(line: _Line, there: Bools) -> _Line:
    inside = line[there]
    spread = float(inside.std()) if inside.size else 0.0
    return np.where(there, (line - (inside.mean() if inside.size else 0.0)) / max(spread, 1e-9), 0)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the left profile: its middle there and on the right one, micrometres."""

    left_um: float
    right_um: float
    ccf: float
    congruent: bool


@dataclass(frozen=True, slots=True)
class ProfileMatch:
    """How two profiles agree at their best lag.

    A place ``p`` along the right profile (turned round where ``reversed``: ``-p``) times
    ``stretch`` plus ``lag_um`` lies at the left profile's. ``overlap`` is the share of the
    shorter one that takes part.
    """

    ccf: float
    lag_um: float
    reversed: bool
    stretch: float
    overlap: float
    overlap_um: float
    segments: tuple[Segment, ...]


def match(left: Profile, right: Profile) -> ProfileMatch:
    """The best agreement over lag, direction and a stretch of up to 2 per cent.

    Raises CorrelationError when the two profiles have different pitches.
    """
    if left.pixel_um != right.pixel_um:
        raise CorrelationError("The two profiles have different pitches; prepare them anew.")
    size = max(left.values.size, right.values.size)
    here = _padded(left, size)
    tried = [
        (*_best_lag(here, _moved(_padded(right, size), turned, stretch)), turned, stretch)
        for turned in (False, True)
        for stretch in _STRETCHES
    ]
    ccf, lag, shared, turned, stretch = max(tried, key=lambda one: (one[0], -abs(one[4] - 1)))
    there = _moved(_padded(right, size), turned, stretch)
    shorter = min(int(np.count_nonzero(one.mask)) for one in (left, right))
    return ProfileMatch(
        ccf=ccf,
        lag_um=lag * left.pixel_um,
        reversed=turned,
        stretch=stretch,
        overlap=min(shared / max(shorter, 1), 1.0),
        overlap_um=shared * left.pixel_um,
        segments=_segments(here, there, lag, left.pixel_um, stretch, turned),
    )


_Masked = tuple[_Line, _Line]


def _padded(profile: Profile, size: int) -> _Masked:
    edge = (size - profile.values.size) // 2
    return (
        np.pad(profile.values.astype(np.float64), edge),
        np.pad(profile.mask.astype(np.float64), edge),
    )


def _moved(line: _Masked, turned: bool, stretch: float) -> _Masked:
    values, mask = (part[::-1] if turned else part for part in line)
    if stretch == 1.0:
        return values, mask
    half = (values.size - 1) / 2
    source = (np.arange(values.size) - half) / stretch + half
    grid = np.arange(values.size)
    known = np.interp(source, grid, mask, 0, 0) > 0.999
    return np.where(known, np.interp(source, grid, values), 0.0), known.astype(np.float64)


def _correlation(left: _Masked, right: _Masked) -> tuple[_Line, _Line]:
    """Normalised correlation at every lag of the right against the left, and the overlap."""
    (a, ma), (b, mb) = left, right

    def sums(first: _Line, second: _Line) -> _Line:
        return np.asarray(np.correlate(first, second, "full"), np.float64)

    count = np.maximum(np.rint(sums(ma, mb)), 1e-9)
    sum_a, sum_b = sums(a, mb), sums(ma, b)
    cross = sums(a, b) - sum_a * sum_b / count
    power_a = sums(a * a, mb) - sum_a**2 / count
    power_b = sums(ma, b * b) - sum_b**2 / count
    floor = 0.05 * count
    return cross / np.sqrt(np.maximum(power_a, floor) * np.maximum(power_b, floor)), count


def _best_lag(left: _Masked, right: _Masked) -> tuple[float, int, float]:
    ccf, count = _correlation(left, right)
    shorter = min(left[1].sum(), right[1].sum())
    ccf = np.where(count >= _OVERLAP * shorter, ccf, -1.0)
    best = int(np.argmax(ccf))
    return float(ccf[best]), best - (right[0].size - 1), float(count[best])


def _segments(
    left: _Masked, right: _Masked, lag: int, pixel_um: float, stretch: float, turned: bool
) -> tuple[Segment, ...]:
    """Pieces of the left profile, each at the place of the right one it agrees with best."""
    length = round(SEGMENT_UM / pixel_um)
    covered = np.flatnonzero(left[1])
    half = (left[0].size - 1) / 2
    found: list[Segment] = []
    for start in range(int(covered[0]), int(covered[-1]) - length + 2, length):
        piece = (left[0][start : start + length], left[1][start : start + length])
        if piece[1].sum() < 0.8 * length:
            continue
        ccf, count = _correlation(piece, right)
        ccf = np.where(count >= 0.8 * piece[1].sum(), ccf, -1.0)
        best = int(np.argmax(ccf))
        own = best - (right[0].size - 1) + start
        middle = start + (length - 1) / 2 - half
        place = (middle - own) / stretch
        found.append(
            Segment(
                float(middle * pixel_um),
                float((-place if turned else place) * pixel_um),
                float(ccf[best]),
                bool(ccf[best] >= _SEGMENT_CCF and abs(own - lag) * pixel_um <= _SEGMENT_SHIFT_UM),
            )
        )
    return tuple(found)
