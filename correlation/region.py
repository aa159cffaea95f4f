"""Finding the breech-face mark: the primer's face and the firing-pin impression in it.

Both are circles. Every circle of plausible size votes with the gradient along its rim: the
primer's face is brighter (an image) or flatter (a scan) inside than the groove around it, and
the firing-pin impression the other way round. The map of votes is a correlation of the
normalised gradient field with rings, so no threshold decides, and a rim that is interrupted
costs only its share.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import fft

from correlation.errors import CorrelationError
from correlation.filters import form, gaussian_mean, robust_sigma
from correlation.resample import area_average
from correlation.surface import Bools, Floats, Surface

PITCH_UM = 25.0
FACE_RADII_UM = (1100.0, 2900.0)
PIN_RADII_UM = (350.0, 1400.0)
_CANVAS_UM = 12_000.0


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle in micrometres: x right, y down, from the centre of the first pixel."""

    x_um: float
    y_um: float
    radius_um: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Where the breech-face mark lies: inside ``outer``, outside ``inner``.

    ``confidence`` runs from 0 to 1: the share of the rim that behaves as a rim should.
    """

    outer: Disc
    inner: Disc | None
    confidence: float
    sentence: str


@dataclass(frozen=True, slots=True)
class _Rim:
    x: float
    y: float
    radius: float
    vote: float


def find_region(surface: Surface) -> Finding:
    """The breech-face region of ``surface``, correctable by hand.

    Raises CorrelationError when the picture holds too little to look at.
    """
    grid = _Grid.of(surface)
    face_map = grid.face_map(surface.kind)
    field = _gradients(face_map)
    face = _best_rim(field, FACE_RADII_UM, sign=-1.0, within=None)
    if face is None:
        return _whole(surface, "no primer edge of a plausible size is in the picture")
    pin = _best_rim(field, PIN_RADII_UM, sign=1.0, within=face)
    confidence = round(float(np.clip(face.vote / 0.55, 0, 1)), 3)
    return Finding(
        grid.disc(face),
        grid.disc(pin) if pin is not None and pin.vote > 0.12 else None,
        confidence,
        _sentence(confidence),
    )


def _sentence(confidence: float) -> str:
    if confidence >= 0.5:
        return "The breech face was found."
    return "The breech face was found with low confidence; look at the outline and correct it."


def _whole(surface: Surface, why: str) -> Finding:
    rows, columns = surface.values.shape
    x, y = (columns - 1) / 2 * surface.pixel_um, (rows - 1) / 2 * surface.pixel_um
    disc = Disc(x, y, float(np.hypot(x, y)) + surface.pixel_um)
    return Finding(disc, None, 0.0, f"The whole picture is taken as the mark: {why}.")


@dataclass(frozen=True, slots=True, eq=False)
class _Grid:
    """The picture at 25 um, and the way back to its own micrometres."""

    values: Floats
    mask: Bools
    outline: Bools | None
    offset_um: tuple[float, float]

    @classmethod
    def of(cls, surface: Surface) -> _Grid:
        rows, columns = surface.values.shape
        extent = np.array([rows, columns]) * surface.pixel_um
        if extent.max() > 60_000:
            raise CorrelationError(
                f"The picture would be {extent.max() / 1000:.0f} mm wide at "
                f"{surface.pixel_um:g} um per pixel; the pixel size cannot be right."
            )
        size = np.maximum(np.minimum(extent, _CANVAS_UM) / PITCH_UM, 1).astype(int)
        shape = (int(size[0]), int(size[1]))
        values, mask = area_average(surface.values, surface.pixel_um, PITCH_UM, (0, 0), shape)
        if np.count_nonzero(mask) < 400:
            raise CorrelationError(
                "Too little of the picture is measured to hold a mark; "
                "check the file and its pixel size."
            )
        outline = None
        if surface.mask is not None:
            share, _ = area_average(
                surface.mask.astype(np.float32), surface.pixel_um, PITCH_UM, (0, 0), shape
            )
            outline = share >= 0.5
        centre = (extent[::-1] - surface.pixel_um) / 2
        corner = centre - (np.array(shape[::-1]) - 1) / 2 * PITCH_UM
        return cls(values, mask, outline, (float(corner[0]), float(corner[1])))

    def face_map(self, kind: str) -> Floats:
        """Bright where the breech face may be: grey for images, flatness for scans."""
        if self.outline is not None:
            return self.outline.astype(np.float32)
        if kind == "image":
            return self._evened()
        return self._flatness()

    def _evened(self) -> Floats:
        known = np.where(self.mask, self.values, 0).astype(np.float32)
        smooth = np.asarray(cv2.GaussianBlur(known, (0, 0), 2.0), np.float32)
        spread = max(robust_sigma(smooth[self.mask]), 1e-4)
        middle = float(np.median(smooth[self.mask]))
        return np.asarray(np.clip((smooth - middle) / (3 * spread), -1, 1), np.float32)

    def _flatness(self) -> Floats:
        """1 on the plane of the primer's face, 0 off it and where nothing was measured."""
        fitted, inliers = form(self.values, self.mask & self._central(), degree=1, rounds=8)
        residue = np.where(self.mask, self.values - fitted, 0).astype(np.float32)
        spread = max(3.0, 2.5 * robust_sigma(residue[inliers]))
        middle = float(np.median(residue[inliers])) if inliers.any() else 0.0
        flat = np.exp(-(((residue - middle) / (2 * spread)) ** 2)) * self.mask
        steep = residue - gaussian_mean(residue, self.mask, 800.0, PITCH_UM)
        calm = np.exp(-((steep / (3 * spread)) ** 2))
        return np.asarray(cv2.GaussianBlur((flat * calm).astype(np.float32), (0, 0), 1.2))

    def _central(self) -> Bools:
        rows, columns = self.values.shape
        y, x = np.ogrid[:rows, :columns]
        reach = 2200.0 / PITCH_UM
        near = (x - columns / 2) ** 2 + (y - rows / 2) ** 2 < reach**2
        return np.asarray(near, np.bool_)

    def disc(self, rim: _Rim) -> Disc:
        return Disc(
            rim.x * PITCH_UM + self.offset_um[0],
            rim.y * PITCH_UM + self.offset_um[1],
            rim.radius * PITCH_UM,
        )


def _gradients(face_map: Floats) -> tuple[Floats, Floats]:
    """Gradient (x, y), its length squeezed to below 1 so that no highlight outvotes a rim."""
    padded = cv2.copyMakeBorder(face_map, 2, 2, 2, 2, cv2.BORDER_REPLICATE)
    smooth = cv2.GaussianBlur(padded, (0, 0), 1.5)
    gx = cv2.Scharr(smooth, cv2.CV_32F, 1, 0)[2:-2, 2:-2] / 32
    gy = cv2.Scharr(smooth, cv2.CV_32F, 0, 1)[2:-2, 2:-2] / 32
    length = np.hypot(gx, gy)
    scale = length + 2.0 * float(np.percentile(length, 75)) + 1e-6
    return (gx / scale).astype(np.float32), (gy / scale).astype(np.float32)


def _best_rim(
    field: tuple[Floats, Floats],
    radii_um: tuple[float, float],
    sign: float,
    within: _Rim | None,
) -> _Rim | None:
    rows, columns = field[0].shape
    smallest, largest = (radius / PITCH_UM for radius in radii_um)
    if within is not None:
        largest = min(largest, 0.85 * within.radius)
    largest = min(largest, 0.62 * max(rows, columns))
    if largest <= smallest:
        return None
    votes = _Votes(field, sign, int(largest) + 1)
    best = votes.best_of(np.arange(smallest, largest + 0.5, 2.0), within)
    if best is None:
        return None
    near = [radius for radius in (best.radius - 1, best.radius + 1) if smallest <= radius]
    return max((rim for rim in (best, votes.best_of(near, within)) if rim), key=_vote)


def _vote(rim: _Rim) -> float:
    return rim.vote


class _Votes:
    """Mean of the outward gradient along every circle, by FFT."""

    def __init__(self, field: tuple[Floats, Floats], sign: float, reach: int) -> None:
        rows, columns = field[0].shape
        self._reach = reach
        self._shape = (
            fft.next_fast_len(max(rows + reach + 2, 2 * reach + 5), real=True),
            fft.next_fast_len(max(columns + reach + 2, 2 * reach + 5), real=True),
        )
        self._rows, self._columns = rows, columns
        self._spectra = [fft.rfft2(sign * part, self._shape) for part in field]

    def best_of(self, radii: Iterable[float], within: _Rim | None) -> _Rim | None:
        rims = [self.best(float(radius), within) for radius in radii]
        return max((rim for rim in rims if rim is not None), key=_vote, default=None)

    def best(self, radius: float, within: _Rim | None) -> _Rim | None:
        votes = self._of(radius)
        allowed = self._allowed(radius, within)
        votes = np.where(allowed, votes, -1.0)
        row, column = np.unravel_index(int(np.argmax(votes)), votes.shape)
        vote = float(votes[row, column])
        return _Rim(float(column), float(row), radius, vote) if vote > 0 else None

    def _of(self, radius: float) -> NDArray[np.float32]:
        """votes(c) = mean over the ring of gradient(c + d) . d / |d|."""
        reach = int(np.ceil(radius)) + 1
        y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1].astype(np.float32)
        distance = np.hypot(x, y)
        ring = np.clip(1 - np.abs(distance - radius), 0, 1)
        ring /= ring.sum()
        safe = np.maximum(distance, 1e-6)
        total = np.zeros((self._shape[0], self._shape[1] // 2 + 1), np.complex64)
        for spectrum, direction in zip(self._spectra, (x / safe, y / safe), strict=True):
            kernel = np.zeros(self._shape, np.float32)
            kernel[: 2 * reach + 1, : 2 * reach + 1] = ring * direction
            kernel = np.roll(kernel, (-reach, -reach), (0, 1))
            total += spectrum * np.conj(fft.rfft2(kernel))
        votes = fft.irfft2(total, self._shape)[: self._rows, : self._columns]
        return np.asarray(votes, np.float32)

    def _allowed(self, radius: float, within: _Rim | None) -> Bools:
        y, x = np.ogrid[: self._rows, : self._columns]
        if within is None:
            slack = 0.35 * radius
            inside = (x >= radius - slack) & (x <= self._columns - radius + slack)
            tall = (y >= radius - slack) & (y <= self._rows - radius + slack)
            return np.asarray(inside & tall, np.bool_)
        distance = np.hypot(x - within.x, y - within.y)
        return np.asarray(distance + radius <= 0.97 * within.radius, np.bool_)
