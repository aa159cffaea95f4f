"""Where a mark lies in a picture, and the picture on a coarse grid to look for it."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from correlation.errors import CorrelationError
from correlation.filters import form, gaussian_mean, robust_sigma
from correlation.resample import area_average
from correlation.rims import Rim
from correlation.surface import Bools, Floats, Surface

PITCH_UM = 25.0
_CANVAS_UM = 12_000.0
_FEWEST = 400


@dataclass(frozen=True, slots=True)
class Disc:
    """A circle in micrometres: x right, y down, from the centre of the first pixel."""

    x_um: float
    y_um: float
    radius_um: float


@dataclass(frozen=True, slots=True)
class Finding:
    """Where the mark lies: inside ``outer``, outside ``inner``.

    ``confidence`` is that of ``outer`` and runs from 0 to 1: the share of the rim that behaves as
    a rim should. ``inner`` is a proposal, to be looked at whatever the confidence.
    """

    outer: Disc
    inner: Disc | None
    confidence: float
    sentence: str


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """The picture at ``pitch_um``, and the way back to its own micrometres."""

    values: Floats
    mask: Bools
    outline: Bools | None
    offset_um: tuple[float, float]
    pitch_um: float

    @classmethod
    def of(cls, surface: Surface, pitch_um: float = PITCH_UM, window: Disc | None = None) -> Grid:
        """The whole picture (its middle 12 mm), or the square around ``window``.

        Raises CorrelationError when the picture holds too little to look at.
        """
        rows, columns = surface.values.shape
        extent = np.array([rows, columns]) * surface.pixel_um
        if extent.max() > 60_000:
            raise CorrelationError(
                f"The picture would be {extent.max() / 1000:.0f} mm wide at "
                f"{surface.pixel_um:g} um per pixel; the pixel size cannot be right."
            )
        middle = (extent[::-1] - surface.pixel_um) / 2
        reach, at = np.minimum(extent, _CANVAS_UM), (0.0, 0.0)
        if window is not None:
            reach = np.full(2, 2 * window.radius_um)
            at = (window.x_um - float(middle[0]), window.y_um - float(middle[1]))
        size = np.maximum(reach / pitch_um, 1).astype(int)
        shape = (int(size[0]), int(size[1]))
        values, mask = area_average(surface.values, surface.pixel_um, pitch_um, at, shape)
        if np.count_nonzero(mask) < _FEWEST:
            raise CorrelationError(
                "Too little of the picture is measured to hold a mark; "
                "check the file and its pixel size."
            )
        corner = middle + np.array(at) - (np.array(shape[::-1]) - 1) / 2 * pitch_um
        outline = _outline(surface, pitch_um, at, shape)
        return cls(values, mask, outline, (float(corner[0]), float(corner[1])), pitch_um)

    def face_map(self, kind: str) -> Floats:
        """Bright where the breech face may be: grey for images, flatness for scans."""
        if self.outline is not None:
            return self.outline.astype(np.float32)
        if kind == "image":
            return self.evened()
        return self._flatness()

    def evened(self) -> Floats:
        """The grey values, smoothed, between -1 and 1 about their median."""
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
        steep = residue - gaussian_mean(residue, self.mask, 800.0, self.pitch_um)
        calm = np.exp(-((steep / (3 * spread)) ** 2))
        return np.asarray(cv2.GaussianBlur((flat * calm).astype(np.float32), (0, 0), 1.2))

    def _central(self) -> Bools:
        rows, columns = self.values.shape
        y, x = np.ogrid[:rows, :columns]
        reach = 2200.0 / self.pitch_um
        near = (x - columns / 2) ** 2 + (y - rows / 2) ** 2 < reach**2
        return np.asarray(near, np.bool_)

    def disc(self, rim: Rim) -> Disc:
        """A circle of this grid in the picture's micrometres."""
        return Disc(
            rim.x * self.pitch_um + self.offset_um[0],
            rim.y * self.pitch_um + self.offset_um[1],
            rim.radius * self.pitch_um,
        )

    def rim(self, disc: Disc) -> Rim:
        """A disc of the picture's micrometres as a circle of this grid, without votes."""
        x, y = disc.x_um - self.offset_um[0], disc.y_um - self.offset_um[1]
        return Rim(x / self.pitch_um, y / self.pitch_um, disc.radius_um / self.pitch_um, 0.0)


def _outline(
    surface: Surface, pitch_um: float, at: tuple[float, float], shape: tuple[int, int]
) -> Bools | None:
    if surface.mask is None:
        return None
    marked = surface.mask.astype(np.float32)
    share, _ = area_average(marked, surface.pixel_um, pitch_um, at, shape)
    return np.asarray(share >= 0.5, np.bool_)


def whole(surface: Surface, why: str) -> Finding:
    """The whole picture as the mark, told with ``why``, with no confidence."""
    rows, columns = surface.values.shape
    x, y = (columns - 1) / 2 * surface.pixel_um, (rows - 1) / 2 * surface.pixel_um
    disc = Disc(x, y, float(np.hypot(x, y)) + surface.pixel_um)
    return Finding(disc, None, 0.0, f"The whole picture is taken as the mark: {why}.")
