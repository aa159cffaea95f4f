"""Stored pictures as numbers: decoded when asked for, the last few kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import numpy as np

from app.capture import Pixels
from app.capture.shading import Shading, shading_of
from app.domain import Acquired, CaseheadError
from app.importing.decode import LUMA, Decoded, decode, surface_of, to_grey
from app.matching.cache import Cache
from app.store import Casebook
from correlation.surface import Floats, Surface
from correlation.x3p import Unit

KEPT_BYTES = 192 * 2**20
SHADING_BYTES = 96 * 2**20


class Reader:
    """Reads acquired pictures of one casebook; safe from any thread."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._surfaces: Cache[Surface] = Cache(KEPT_BYTES)
        self._shadings: Cache[Shading] = Cache(SHADING_BYTES)

    def read(self, acquired: Acquired) -> Surface:
        """The picture with its scale.

        Raises CaseheadError when it has none, and when its file is missing or damaged.
        """
        if acquired.pixel_um is None:
            raise CaseheadError(
                f"The scale of {acquired.file_name or 'this picture'} is not known; "
                "settle its pixel size (micrometres per pixel) first."
            )
        return self._surfaces.get(acquired.id, lambda: _sized(self._scaled(acquired)))

    def original(self, acquired: Acquired) -> Surface:
        """The picture as captured, whatever it is read with otherwise; raises as ``read`` does."""
        if not is_shaded(acquired):
            return self.read(acquired)
        return surface_of(self.decoded(acquired), acquired.pixel_um)[0]

    def shading(self, digests: Mapping[str, str]) -> Shading:
        """What the flat and dark references of those digests take out.

        Raises CaseheadError when one is missing or damaged.
        """
        flat, dark = digests.get("flat", ""), digests.get("dark", "")
        return self._shadings.get(f"{flat} {dark}", lambda: self._shading(flat, dark))

    def look(self, acquired: Acquired) -> Surface:
        """The picture for looking at only: without a scale its pixels count as 1 um."""
        if acquired.pixel_um is not None:
            return self.read(acquired)
        decoded = self.decoded(acquired)
        if decoded.scan is None:
            return Surface(self._grey(acquired, decoded), 1.0, "image")
        return Surface(decoded.scan.heights_um, 1.0, "scan", decoded.scan.mask)

    def decoded(
        self, acquired: Acquired, xy_unit: Unit | None = None, z_unit: Unit | None = None
    ) -> Decoded:
        """The stored bytes decoded; the units recorded as settled hold unless others are given."""
        data = self._casebook.pixels(acquired.digest)
        if acquired.units.get("sure") == "yes":
            xy_unit = xy_unit or cast(Unit, acquired.units["xy_unit"])
            z_unit = z_unit or cast(Unit, acquired.units["z_unit"])
        return decode(None, data, acquired.file_name, xy_unit=xy_unit, z_unit=z_unit)

    def _scaled(self, acquired: Acquired) -> Surface:
        decoded = self.decoded(acquired)
        if is_shaded(acquired) and decoded.scan is None:
            return Surface(self._grey(acquired, decoded), acquired.pixel_um or 1.0, "image")
        return surface_of(decoded, acquired.pixel_um)[0]

    def _grey(self, acquired: Acquired, decoded: Decoded) -> Floats:
        if not is_shaded(acquired):
            return to_grey(decoded.array)
        values = self.shading(acquired.units).taken_out(decoded.array)
        return values if values.ndim == 2 else np.asarray(values @ LUMA, np.float32)

    def _shading(self, flat: str, dark: str) -> tuple[Shading, int]:
        made = shading_of(*(self._reference(one) if one else None for one in (flat, dark)))
        return made, made.nbytes

    def _reference(self, digest: str) -> Pixels:
        try:
            return decode(None, self._casebook.pixels(digest), "").array
        except CaseheadError as error:
            raise CaseheadError(
                f"The reference that uneven light is taken out with cannot be read: {error}"
            ) from error


def is_shaded(acquired: Acquired) -> bool:
    """Whether a picture is read with a flat or dark reference."""
    return "flat" in acquired.units or "dark" in acquired.units


def _sized(surface: Surface) -> tuple[Surface, int]:
    mask = 0 if surface.mask is None else surface.mask.nbytes
    return surface, surface.values.nbytes + mask
