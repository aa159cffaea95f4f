"""A picture and its halves, quarters, ...: what is drawn small is drawn from a small one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.picture.geometry import Matrix, scale, shift

_SMALLEST = 64


@dataclass(frozen=True, slots=True, eq=False)
class Levels:
    """Level n is 2**n times smaller than the picture (uint8 or int16, some channels)."""

    pictures: tuple[NDArray[Any], ...]

    @classmethod
    def of(cls, picture: NDArray[Any]) -> Levels:
        """Halved until the smaller side is under 64 pixels."""
        pictures = [np.ascontiguousarray(picture)]
        while min(pictures[-1].shape[:2]) >= 2 * _SMALLEST:
            pictures.append(_halved(pictures[-1]))
        return cls(tuple(pictures))

    def level(self, pixels_per_px: float, coarser: int = 0) -> int:
        """The level nearest in size for a reduction; ``coarser`` by so many, if there are."""
        wanted = round(float(np.log2(max(pixels_per_px, 1.0))) - 0.1)
        return min(max(wanted, 0) + coarser, len(self.pictures) - 1)


def to_full(level: int) -> Matrix:
    """From the pixels of a level to full-size ones."""
    factor = float(2**level)
    return shift((factor - 1) / 2, (factor - 1) / 2) @ scale(factor)


def _halved(picture: NDArray[Any]) -> NDArray[Any]:
    rows, columns = picture.shape[:2]
    if rows % 2 or columns % 2:
        picture = cv2.copyMakeBorder(picture, 0, rows % 2, 0, columns % 2, cv2.BORDER_REPLICATE)
    rows, columns = picture.shape[:2]
    return cv2.resize(picture, (columns // 2, rows // 2), interpolation=cv2.INTER_AREA)
