"""A picture cut into strips across the lines of a ruling: where lines are, to parts of a pixel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.capture.opencv import cv2
from app.capture.scale.measured import Doubles, Singles
from correlation.late import fft, ndimage

_STRIPS = 100
_WIDE = 16.0

Inside: TypeAlias = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Strips:
    """Mean brightness along strips of a picture turned so that the lines stand upright.

    ``profiles`` is strips x columns, 0 where ``inside`` is False; strip ``i`` is centred on row
    ``rows[i]`` of the turned picture, counted from its ``middle`` (x, y), as places along a strip
    are. ``back`` (2 x 2) turns places counted from there to those of the picture counted from its
    own middle; ``corner`` is half the picture's diagonal.
    """

    profiles: Doubles
    inside: Inside
    rows: Doubles
    back: Doubles
    middle: tuple[float, float]
    corner: float


def line_directions(level: Singles) -> tuple[float, ...]:
    """In which directions one steps from line to line, degrees clockwise from x (y is down).

    The directions in which the power of the picture's gradients gathers (their spectrum is as
    sharp in angle as the picture is wide), at most two, the strongest first; in [0, 180).
    """
    rows, columns = level.shape
    window = np.outer(np.hanning(rows), np.hanning(columns)).astype(np.float32)
    power = np.abs(fft.rfft2(np.clip(level, -1, 1) * window)) ** 2
    down = fft.fftfreq(rows)[:, None]
    across = fft.rfftfreq(columns)[None, :]
    squared = down**2 + across**2
    weights = power * squared * ((squared < 0.45**2) & (squared > (4.0 / min(rows, columns)) ** 2))
    angle = np.degrees(np.arctan2(down, across)) % 180
    bins, _ = np.histogram(angle, 4 * 180, (0, 180), weights=weights)
    bins = ndimage.gaussian_filter1d(bins.astype(np.float64), 1.5, mode="wrap")
    found: list[float] = []
    for best in np.argsort(bins)[::-1]:
        here = (best + 0.5 + _vertex(np.roll(bins, 1 - best)[:3], 1)) / 4 % 180
        if all(_apart(here, other) > 45 for other in found):
            found.append(float(here))
        if len(found) == 2 or bins[best] < 2 * np.median(bins):
            break
    return tuple(found)


def _apart(a: float, b: float) -> float:
    return abs((a - b + 90) % 180 - 90)


def strips_of(level: Singles, angle_deg: float) -> Strips:
    """The picture turned by ``angle_deg`` about its middle and averaged in strips."""
    height, width = level.shape
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    wide = int(np.ceil(abs(width * cos) + abs(height * sin)))
    high = int(np.ceil(abs(width * sin) + abs(height * cos)))
    turn = np.array([[cos, -sin], [sin, cos]])  # from turned places to the picture's
    middle = (wide - 1) / 2, (high - 1) / 2
    centre = np.array([(width - 1) / 2, (height - 1) / 2])
    back = np.column_stack([turn, centre - turn @ middle])
    flags = cv2.WARP_INVERSE_MAP
    turned = cv2.warpAffine(level, back, (wide, high), flags=flags | cv2.INTER_CUBIC)
    whole = np.zeros(level.shape, np.float32)
    whole[3:-3, 3:-3] = 1
    there = cv2.warpAffine(whole, back, (wide, high), flags=flags | cv2.INTER_NEAREST)
    profiles, inside, rows = _averaged(np.asarray(turned * there), np.asarray(there))
    corner = float(np.hypot(width, height) / 2)
    return Strips(profiles, inside, rows - middle[1], turn, middle, corner)


def _averaged(turned: Singles, there: Singles) -> tuple[Doubles, Inside, Doubles]:
    high = turned.shape[0]
    step = int(np.clip(high / _STRIPS, 6, 40))
    starts = np.arange(0, high - step + 1, step)
    weight = np.add.reduceat(there, starts, axis=0)[: len(starts)].astype(np.float64)
    total = np.add.reduceat(turned, starts, axis=0)[: len(starts)].astype(np.float64)
    if high % step:  # the last strip took the rest too
        weight[-1] -= there[starts[-1] + step :].sum(axis=0)
        total[-1] -= turned[starts[-1] + step :].sum(axis=0)
    inside = weight >= 0.6 * step
    profiles = np.where(inside, total / np.maximum(weight, 1), 0)
    return profiles, inside, starts + (step - 1) / 2.0


@dataclass(frozen=True, slots=True, eq=False)
class Spectrum:
    """Power of the strips by frequency; ``padded`` is the length of the transform."""

    power: Doubles
    padded: int
    length: int

    def at(self, frequency: float) -> float:
        """The largest power about a frequency (cycles per pixel)."""
        middle, reach = frequency * self.padded, max(1.5 * self.padded / self.length, 2)
        low, high = int(middle - reach), int(middle + reach) + 2
        part = self.power[max(low, 0) : high]
        return float(part.max()) if len(part) else 0.0

    def finer_than(self, period: float) -> bool:
        """Whether a multiple of that frequency is stronger than itself: lines lie between."""
        own = self.at(1 / period)
        multiples = range(2, int(0.46 * period) + 1)
        return any(self.at(multiple / period) > 1.5 * own for multiple in multiples)

    def alternates(self, period: float) -> bool:
        """Whether every other line differs: all one sees of a finer ruling are its 5th and 10th.

        Of a ruling whose own 5th and 10th lines differ, even tenths of its frequency are stronger
        than its half.
        """
        half = self.at(0.5 / period)
        beside = max(self.at(0.4 / period), self.at(0.6 / period))
        return half > 0.002 * self.at(1 / period) and half > 2 * beside


def spectrum_of(strips: Strips) -> Spectrum:
    """The strips' power taken together."""
    length = strips.profiles.shape[1]
    padded = 4 * int(2 ** np.ceil(np.log2(length)))
    used = strips.profiles[strips.inside.sum(axis=1) > 0.2 * length]
    power = np.abs(fft.rfft(used * np.hanning(length), padded, axis=1)) ** 2
    return Spectrum(power.sum(axis=0), padded, length)


def candidate_periods(spectrum: Spectrum) -> list[float]:
    """Distances (pixels) at which the strips repeat, the strongest in power first; up to 12."""
    padded, power = spectrum.padded, spectrum.power
    low, high = max(int(2.5 * padded / spectrum.length), 1), int(0.42 * padded)
    band = power[low:high]
    if band.size < 8 or not band.max() > 0:
        return []
    from scipy.signal import find_peaks  # loads slowly: not at every start

    peaks, _ = find_peaks(band, height=max(0.01 * band.max(), 6 * float(np.median(band))))
    best = peaks[np.argsort(band[peaks])[::-1][:12]]
    return [padded / float(low + p + _vertex(band, int(p))) for p in best]


def _vertex(values: Doubles, at: int) -> float:
    """How far beside ``at`` the parabola through three values has its vertex."""
    left, middle, right = values[at - 1 : at + 2]
    bend = left - 2 * middle + right
    return float(np.clip(0.5 * (left - right) / bend, -1, 1)) if bend else 0.0


def lines_in(profile: Doubles, inside: Inside, period: float) -> tuple[Doubles, Doubles]:
    """Where lines cross a strip whose lines are bright: places (pixels) and heights.

    The longest run of peaks at least half a period apart, nearly as high as the high ones, with
    no gap of four periods.
    """
    smooth = ndimage.gaussian_filter1d(profile, max(0.12 * period, 0.8))
    from scipy.signal import find_peaks  # loads slowly: not at every start

    peaks, _ = find_peaks(smooth, distance=max(0.5 * period, 1))
    margin = int(np.ceil(max(0.25 * period, 2)))
    safe = ndimage.uniform_filter1d(inside.astype(np.float64), 2 * margin + 1, mode="constant")
    peaks = peaks[safe[peaks] > 1 - 0.5 / (2 * margin + 1)]
    if len(peaks) < 2:
        return np.empty(0), np.empty(0)
    heights = smooth[peaks] - ndimage.gaussian_filter1d(profile, 0.8 * period)[peaks]
    few = max(int(0.08 * inside.sum() / period), 8)
    usual = float(np.median(np.sort(heights)[::-1][:few]))
    good = heights > max(0.4 * usual, 0)
    peaks, heights = peaks[good], heights[good]
    runs = np.split(np.arange(len(peaks)), np.flatnonzero(np.diff(peaks) > 4 * period) + 1)
    longest = max(runs, key=len)
    if period > _WIDE:
        places, kept = _centred(profile, inside, peaks[longest], period)
        return places, heights[longest][kept]
    places = np.array([p + _vertex(smooth, int(p)) for p in peaks[longest]], np.float64)
    return places, heights[longest]


def _centred(
    profile: Doubles, inside: Inside, peaks: NDArray[np.intp], period: float
) -> tuple[Doubles, Inside]:
    """Centres of gravity of lines over a ground that may slope, and which peaks have one.

    Where lines are far apart the ground between them is seen, so it need not be even.
    """
    half = round(0.4 * period)
    beside = np.arange(-half, half + 1)
    kept = (peaks >= half) & (peaks < len(profile) - half)
    kept[kept] = inside[peaks[kept, None] + beside].all(axis=1)
    values = ndimage.gaussian_filter1d(profile, min(0.03 * period, 2.0))[peaks[kept, None] + beside]
    outer = np.abs(beside) > 0.3 * period
    low = values[:, outer & (beside < 0)].mean(axis=1, keepdims=True)
    high = values[:, outer & (beside > 0)].mean(axis=1, keepdims=True)
    ground = (low + high) / 2 + (high - low) / (0.7 * period) * beside
    above = np.where(outer, 0, values - ground)
    weight = np.maximum(above - 0.3 * above.max(axis=1, keepdims=True), 0)
    centre = (weight * beside).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-12)
    return np.asarray(peaks[kept] + centre, np.float64), kept
