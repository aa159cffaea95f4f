"""One of the two pictures of a comparison, with what quick drawing needs prepared beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

from app.domain import Circle
from app.picture.geometry import Matrix, centred_um, scale, shift
from app.picture.light import Relief, VirtualLight, displayable, lit, relief_of
from correlation.surface import Bools, Surface

Pixels = NDArray[np.uint8]
MakeLevels: TypeAlias = "Callable[[], Levels]"
_LIGHT_STEP_DEG = 5
_LIGHTS_KEPT = 4
_CONTRAST_UM = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """A picture and its halves, quarters, ...; level n is 2**n times smaller."""

    pictures: tuple[Pixels, ...]

    @classmethod
    def of(cls, picture: Pixels) -> Levels:
        """Halved until the smaller side is under 64 pixels."""
        pictures = [np.ascontiguousarray(picture)]
        while min(pictures[-1].shape[:2]) >= 128:
            pictures.append(_halved(pictures[-1]))
        return cls(tuple(pictures))

    def pick(self, pixels_per_px: float) -> tuple[Pixels, Matrix]:
        """The level for a reduction, and the matrix from its pixels to full-size ones."""
        wanted = round(float(np.log2(max(pixels_per_px, 1.0))) - 0.1)
        level = min(max(wanted, 0), len(self.pictures) - 1)
        factor = float(2**level)
        return self.pictures[level], shift((factor - 1) / 2, (factor - 1) / 2) @ scale(factor)


def _halved(picture: Pixels) -> Pixels:
    rows, columns = picture.shape[:2]
    if rows % 2 or columns % 2:
        picture = cv2.copyMakeBorder(
            picture, 0, rows % 2, 0, columns % 2, cv2.BORDER_REPLICATE
        ).astype(np.uint8, copy=False)
    rows, columns = picture.shape[:2]
    half = cv2.resize(picture, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA)
    return half.astype(np.uint8, copy=False)


@dataclass(frozen=True, eq=False)
class Side:
    """A picture as shown: ``pixels`` uint8 (rows, columns) or (rows, columns, 3) RGB.

    ``missing`` marks what holds no data. ``relief`` (scans) lets the light stay where it is when
    the specimen is turned. ``focus`` is the mark's outline, from the first pixel's centre.
    """

    pixels: Pixels
    pixel_um: float
    title: str = ""
    role: str = ""
    missing: Bools | None = None
    relief: Relief | None = None
    focus: Circle | None = None
    _kept: dict[str, Levels] = field(default_factory=dict, init=False, repr=False)

    @property
    def is_grey(self) -> bool:
        """Whether it has one channel."""
        return self.pixels.ndim == 2

    @property
    def name(self) -> str:
        """Title and role, as written under the picture."""
        return f"{self.title}  {self.role}".strip()

    def to_um(self) -> Matrix:
        """From its pixels to micrometres about its centre."""
        return centred_um(self.pixels.shape, self.pixel_um)

    def warm(self, *, contrast: bool = True) -> Side:
        """Prepare what drawing would wait for, ``contrast`` for differences; returns itself."""
        self.levels()
        self.presence()
        if contrast:
            self.contrast()
        return self

    def levels(self, turned_deg: float = 0.0) -> Levels:
        """The picture for a specimen turned on the screen by so much."""
        step = self._light_step(turned_deg)
        return self._keep(f"picture {step}", lambda: Levels.of(self._lit(step)))

    def contrast(self, turned_deg: float = 0.0) -> Levels:
        """The picture after local contrast normalisation, grey; 128 is the local mean."""
        step = self._light_step(turned_deg)
        return self._keep(f"contrast {step}", lambda: Levels.of(self._normalised(step)))

    def presence(self) -> Levels | None:
        """255 where there are data, 0 where missing; None when nothing is missing."""
        if self.missing is None or not self.missing.any():
            return None
        missing = self.missing
        return self._keep("presence", lambda: Levels.of(np.where(missing, 0, 255).astype(np.uint8)))

    def _light_step(self, turned_deg: float) -> int:
        if self.relief is None:
            return 0
        return round(turned_deg / _LIGHT_STEP_DEG) % (360 // _LIGHT_STEP_DEG)

    def _lit(self, step: int) -> Pixels:
        if self.relief is None or step == 0:
            return self.pixels
        fixed = VirtualLight()
        turned = VirtualLight(fixed.azimuth_deg - step * _LIGHT_STEP_DEG)
        return lit(self.relief, turned)

    def _normalised(self, step: int) -> Pixels:
        return normalised(self._lit(step), self.missing, self.pixel_um)

    def _keep(self, key: str, make: MakeLevels) -> Levels:
        found = self._kept.get(key)
        if found is None:
            found = make()
            turning = [k for k in self._kept if k.split()[0] == key.split()[0]]
            if len(turning) >= _LIGHTS_KEPT:
                self._kept.pop(turning[0], None)
            self._kept[key] = found
        return found


def make_side(
    surface: Surface, title: str = "", role: str = "", focus: Circle | None = None
) -> Side:
    """A surface made ready for the comparison view; scans keep their relief."""
    missing = np.isnan(surface.values)
    missing_or_none = missing if missing.any() else None
    if surface.kind == "image":
        pixels = displayable(surface)
        return Side(pixels, surface.pixel_um, title, role, missing_or_none, None, focus)
    relief = relief_of(surface)
    pixels = lit(relief, VirtualLight())
    return Side(pixels, surface.pixel_um, title, role, missing_or_none, relief, focus)


def normalised(pixels: Pixels, missing: Bools | None, pixel_um: float) -> Pixels:
    """Grey with the local mean at 128 and two local standard deviations at full scale.

    "Local" is a box of about 60 um, applied twice; missing points take no part and become 128.
    """
    grey = pixels if pixels.ndim == 2 else cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    reach = 2 * max(1, round(_CONTRAST_UM / pixel_um / 2)) + 1
    values = np.asarray(grey, dtype=np.float32)
    present = np.ones_like(values) if missing is None else (~missing).astype(np.float32)
    weight = np.maximum(_box(present, reach), np.float32(1e-3))
    mean = _box(values * present, reach) / weight
    rest = np.asarray((values - mean) * present, dtype=np.float32)
    spread = np.sqrt(np.maximum(_box(rest * rest, reach), 0) / weight)
    even = np.float32(64.0) * rest / (spread + np.float32(4.0)) + np.float32(128.5)
    return np.clip(even, 0, 255).astype(np.uint8)


def _box(values: NDArray[np.float32], reach: int) -> NDArray[np.float32]:
    once = cv2.blur(values, (reach, reach), borderType=cv2.BORDER_REFLECT)
    twice = cv2.blur(once, (reach, reach), borderType=cv2.BORDER_REFLECT)
    return twice.astype(np.float32, copy=False)
