"""What a scan file holds once it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Unit: TypeAlias = Literal["m", "mm", "um"]
How: TypeAlias = Literal["stated", "detected", "settled"]
Floats: TypeAlias = NDArray[np.float32]
Doubles: TypeAlias = NDArray[np.float64]
Bools: TypeAlias = NDArray[np.bool_]

UM_PER: Final[Mapping[Unit, float]] = {"m": 1e6, "mm": 1e3, "um": 1.0}
MAX_POINTS: Final = 200_000_000
MAX_BYTES: Final = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """In which units a file was read, and why.

    ``xy_how`` and ``z_how``: *stated* is the standard's metres and plausible, *detected* another
    unit judged from the size of the numbers, *settled* said by the user. When not ``sure``,
    ``sentence`` asks the user to settle the units; it is empty when all is the standard's metres.
    """

    xy_unit: Unit
    z_unit: Unit
    xy_how: How
    z_how: How
    sure: bool
    sentence: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class X3p:
    """A scan as read; nothing is levelled, filtered, turned or flipped.

    ``heights_um`` is float32 (rows, columns), missing is NaN. Row 0 is the first y of the file and
    column 0 its first x. Files disagree on the direction of y (some are mirrored against others):
    that is for the examiner to see and to flip by hand, it is never guessed here. The file's own
    heights are ``heights_um + z_origin_um``; the origin is 0 unless large absolute heights would
    cost float32 more than a nanometre.

    ``pixel_um`` is the square working pitch, ``increment_um`` the pitch along x and y as read.
    ``mask`` is True where the file's own drawing (bindata/mask.png) outlines something, same shape
    as ``heights_um``. ``metadata`` has the keys date, creator, manufacturer, model, serial,
    version, calibration_date, probing_type, probing_identification, comment and revision as far
    as the file fills them. Each warning is one sentence.
    """

    heights_um: Floats
    pixel_um: float
    increment_um: tuple[float, float]
    mask: Bools | None
    units: UnitFinding
    metadata: Mapping[str, str]
    warnings: tuple[str, ...]
    z_origin_um: float = 0.0
