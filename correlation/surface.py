"""What comes in: a picture of a mark as numbers with a scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from correlation.errors import CorrelationError

Kind: TypeAlias = Literal["image", "scan"]
Mark: TypeAlias = Literal["breech face", "firing pin", "ejector", "aperture shear"]
MARKS: tuple[Mark, ...] = get_args(Mark)
Floats: TypeAlias = NDArray[np.float32]
Bools: TypeAlias = NDArray[np.bool_]
_LARGEST = 1e7


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A picture of a specimen: rows downwards, columns to the right, square pixels.

    ``values`` is float32 of shape (rows, columns): heights in micrometres for a scan, grey from
    0 (black) to 1 (full scale) for an image; missing is NaN. ``mask`` outlines the mark where the
    file carries such an outline (True inside), same shape.
    """

    values: Floats
    pixel_um: float
    kind: Kind
    mask: Bools | None = None

    def __post_init__(self) -> None:
        """Raises CorrelationError for arrays or scales nothing can be done with."""
        if self.values.ndim != 2 or self.values.size == 0:
            raise CorrelationError("The picture holds no pixels; nothing can be compared.")
        if not np.isfinite(self.pixel_um) or not 0.01 <= self.pixel_um <= 1000:
            raise CorrelationError(
                f"A pixel size of {self.pixel_um:g} um is not plausible; give the true one."
            )
        largest = float(np.max(np.abs(self.values), where=np.isfinite(self.values), initial=0.0))
        if largest > _LARGEST:
            raise CorrelationError(
                f"Values up to {largest:.3g} are no heights in micrometres and no grey values; "
                "check the file and its units."
            )
        if self.mask is not None and self.mask.shape != self.values.shape:
            raise CorrelationError("The outline does not have the size of the picture.")
