"""The bench camera's settings: simulated, so that all that is set can be tried without a camera."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.capture.controls import (
    Change,
    Controls,
    Dial,
    Reformat,
    Resize,
    Size,
    Turn,
    size_words,
    stays,
)
from app.capture.opencv import cv2

EXPOSURE_MS = 10.0
"""The time at which the picture is as bright as the automatic makes it."""
LAMP_K = 3200.0
FORMATS = ("GREY", "RGB3")
_LIMITS = {"exposure": (0.1, 1000.0), "gain": (0.0, 24.0), "white_balance": (2000.0, 10000.0)}


@dataclass(frozen=True, slots=True)
class BenchSettings:
    """Exposure time, gain in decibels, white balance, and the kind of picture."""

    exposure_ms: float = EXPOSURE_MS
    gain_db: float = 0.0
    white_balance_k: float = LAMP_K
    automatic: frozenset[str] = frozenset({"exposure"})
    format: str = "GREY"
    halved: int = 0

    @property
    def brightness(self) -> float:
        """Relative to what the automatic would make of it; exactly 1 while that is on."""
        if "exposure" in self.automatic:
            return 1.0
        return float(self.exposure_ms / EXPOSURE_MS * 10 ** (self.gain_db / 20))

    @property
    def shown_ms(self) -> float:
        """The time the automatic takes is shorter with more gain."""
        if "exposure" in self.automatic:
            return float(EXPOSURE_MS / 10 ** (self.gain_db / 20))
        return self.exposure_ms

    def controls(self, size: Size, sizes: tuple[Size, ...], said: str = "") -> Controls:
        """As a camera tells them."""
        auto_k = "white_balance" in self.automatic
        colour = self.format == "RGB3"
        return Controls(
            Dial(True, self.shown_ms, *_LIMITS["exposure"], "ms", "exposure" in self.automatic),
            Dial(True, self.gain_db, *_LIMITS["gain"], "dB"),
            Dial(colour, self._kelvin, *_LIMITS["white_balance"], "K", auto_k if colour else None),
            *(size, sizes, self.format, FORMATS, said),
        )

    def turned(self, turn: Turn) -> BenchSettings:
        """With a dial turned; setting a value by hand ends its automatic."""
        made = self
        if turn.auto is not None:
            held = self.shown_ms if turn.dial == "exposure" else self.exposure_ms
            on = self.automatic | {turn.dial} if turn.auto else self.automatic - {turn.dial}
            made = replace(made, automatic=frozenset(on), exposure_ms=held)
        if turn.value is None:
            return made
        low, high = _LIMITS[turn.dial]
        value = min(max(turn.value, low), high)
        match turn.dial:
            case "exposure":
                ended = made.automatic - {"exposure"}
                return replace(made, exposure_ms=value, automatic=ended)
            case "gain":
                return replace(made, gain_db=value)
            case "white_balance":
                ended = made.automatic - {"white_balance"}
                return replace(made, white_balance_k=value, automatic=ended)

    def changed(self, change: Change, sizes: tuple[Size, ...]) -> tuple[BenchSettings, str]:
        """After a change, and what is to be said of one that cannot be made."""
        match change:
            case Turn():
                return self.turned(change), ""
            case Resize(size):
                if size in sizes:
                    return replace(self, halved=sizes.index(size)), ""
                return self, stays("size", size_words(size), size_words(sizes[self.halved]))
            case Reformat(asked):
                if asked in FORMATS:
                    return replace(self, format=asked), ""
                return self, stays("format", asked, self.format)

    def delivered(self, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """What the camera makes of the sensor's pixels: fewer of them, and colours."""
        if self.halved:
            rows, columns = (length >> self.halved for length in grey.shape)
            even = grey[: rows << self.halved, : columns << self.halved]
            small = cv2.resize(even, (columns, rows), interpolation=cv2.INTER_AREA)
            grey = np.asarray(small, np.uint8)
        return self._coloured(grey) if self.format == "RGB3" else grey

    def told(self) -> dict[str, object]:
        """For the capture record."""
        told: dict[str, object] = {"exposure_ms": round(self.shown_ms, 3)}
        if self.gain_db:
            told["gain"] = self.gain_db
        if self.format == "RGB3":
            told["white_balance_k"] = self._kelvin
        return told

    @property
    def _kelvin(self) -> float:
        return LAMP_K if "white_balance" in self.automatic else self.white_balance_k

    def _coloured(self, grey: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """As the sensor's filters see grey metal under the lamp."""
        tint = (LAMP_K / self._kelvin) ** 0.5
        steps = np.arange(256, dtype=np.float32)
        red, blue = (np.clip(steps * f, 0, 255).astype(np.uint8) for f in (1 / tint, tint))
        return np.asarray(cv2.merge((red[grey], grey, blue[grey])), np.uint8)
