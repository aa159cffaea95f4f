"""Adjustments of what is shown: recipes beside the evidence, whose pixels stay as captured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.picture.arrays import u8
from app.picture.readers import flag, known, number, one_of

FALSE_COLOURS = ("cividis", "viridis", "magma")
STRENGTH_RANGE = (-100.0, 100.0)
GAMMA_RANGE = (0.2, 5.0)
AMOUNT_RANGE = (0.0, 100.0)


@dataclass(frozen=True, slots=True)
class Adjustment:
    """How grey values are changed for the eye, in this order: sharpening and local contrast
    (0 to 100), brightness and contrast (-100 to 100), gamma (over 1 brightens the middle), then
    ``invert`` and the ``false_colour`` scale ("" none, else one of FALSE_COLOURS)."""

    brightness: float = 0.0
    contrast: float = 0.0
    gamma: float = 1.0
    local_contrast: float = 0.0
    sharpen: float = 0.0
    invert: bool = False
    false_colour: str = ""

    @property
    def is_none(self) -> bool:
        """Whether it changes nothing."""
        return self == NO_ADJUSTMENT

    def words(self) -> str:
        """The recipe in words, "" when nothing is changed."""
        said = [
            f"{name} {value:+g}"
            for name, value in (("brightness", self.brightness), ("contrast", self.contrast))
            if value
        ]
        said += [f"gamma {self.gamma:.2f}"] if self.gamma != 1 else []
        said += [f"local contrast {self.local_contrast:g}"] if self.local_contrast else []
        said += [f"sharpened {self.sharpen:g}"] if self.sharpen else []
        said += ["inverted"] if self.invert else []
        said += [f"false colour ({self.false_colour})"] if self.false_colour else []
        return ", ".join(said)

    def table(self) -> NDArray[np.uint8] | None:
        """What every grey value becomes by brightness, contrast, gamma and inversion, uint8 of
        length 256; None when they change nothing."""
        plain = not (self.brightness or self.contrast or self.invert) and self.gamma == 1
        return None if plain else _table(self.brightness, self.contrast, self.gamma, self.invert)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Adjustment:
        """A stored recipe; what is absent or makes no sense becomes the default."""
        return cls(**known(values, _READERS))


@lru_cache(maxsize=16)
def _table(brightness: float, contrast: float, gamma: float, invert: bool) -> NDArray[np.uint8]:
    values = np.linspace(0.0, 1.0, 256)
    # contrast +100 is four times as steep about the middle, -100 a quarter
    values = (values - 0.5) * 4.0 ** (contrast / 100) + 0.5 + brightness / 200
    values = np.clip(values, 0.0, 1.0) ** (1.0 / gamma)
    table = np.rint(255 * (1.0 - values if invert else values)).astype(np.uint8)
    table.setflags(write=False)
    return u8(table)


NO_ADJUSTMENT = Adjustment()
_READERS = {
    "brightness": number(*STRENGTH_RANGE),
    "contrast": number(*STRENGTH_RANGE),
    "gamma": number(*GAMMA_RANGE),
    "local_contrast": number(*AMOUNT_RANGE),
    "sharpen": number(*AMOUNT_RANGE),
    "invert": flag,
    "false_colour": one_of("", *FALSE_COLOURS),
}
