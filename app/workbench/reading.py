"""Stored pictures as numbers: decoded when asked for, the last few kept."""

from __future__ import annotations

from typing import cast

from app.domain import Acquired, CaseheadError
from app.importing.decode import Decoded, decode, surface_of, to_grey
from app.matching.cache import Cache
from app.store import Casebook
from correlation.surface import Surface
from correlation.x3p import Unit

KEPT_BYTES = 192 * 2**20


class Reader:
    """Reads acquired pictures of one casebook; safe from any thread."""

    def __init__(self, casebook: Casebook) -> None:
        self._casebook = casebook
        self._surfaces: Cache[Surface] = Cache(KEPT_BYTES)

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

    def look(self, acquired: Acquired) -> Surface:
        """The picture for looking at only: without a scale its pixels count as 1 um."""
        if acquired.pixel_um is not None:
            return self.read(acquired)
        decoded = self.decoded(acquired)
        if decoded.scan is None:
            return Surface(to_grey(decoded.array), 1.0, "image")
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
        return surface_of(self.decoded(acquired), acquired.pixel_um)[0]


def _sized(surface: Surface) -> tuple[Surface, int]:
    mask = 0 if surface.mask is None else surface.mask.nbytes
    return surface, surface.values.nbytes + mask
