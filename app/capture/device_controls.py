"""The settings of a camera behind an OpenCV capture, in plain units."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.capture.controls import (
    WORDS,
    Change,
    Controls,
    Dial,
    DialName,
    Reformat,
    Resize,
    Size,
    Turn,
    not_offered,
    size_words,
    stays,
)
from app.capture.opencv import cv2

SIZES: tuple[Size, ...] = (
    *((3840, 2160), (3264, 2448), (2592, 1944), (2048, 1536), (1920, 1080)),
    *((1600, 1200), (1280, 960), (1280, 720), (640, 480)),
)
FORMATS = ("MJPG", "YUYV", "NV12", "GREY")
_NOT_TOLD = (0.0, -1.0)
_LOG_BACKENDS = ("DSHOW", "MSMF")
"""They count exposure as a power of two of a second; V4L2 counts steps of 0.1 ms."""


@dataclass(frozen=True, slots=True)
class _Property:
    value: int
    auto: int
    low: float
    high: float
    unit: str


_PROPERTIES: dict[DialName, _Property] = {
    "exposure": _Property(cv2.CAP_PROP_EXPOSURE, cv2.CAP_PROP_AUTO_EXPOSURE, 0.05, 2000.0, "ms"),
    "gain": _Property(cv2.CAP_PROP_GAIN, -1, 0.0, 255.0, ""),
    "white_balance": _Property(
        cv2.CAP_PROP_WB_TEMPERATURE, cv2.CAP_PROP_AUTO_WB, 2000.0, 10000.0, "K"
    ),
}
# automatic on, off: V4L2 has modes 3 and 1, DirectShow 0.75 and 0.25, the others 1 and 0
_AUTO_EXPOSURE = {"V4L2": (3.0, 1.0), "DSHOW": (0.75, 0.25)}


class DeviceControls:
    """Reads and sets the properties of an open capture; used on the thread that reads frames."""

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self._backend = str(capture.getBackendName())
        self._refused: set[DialName] = set()
        self._sizes: tuple[Size, ...] = SIZES
        self._formats: tuple[str, ...] = FORMATS
        self._said = ""

    def controls(self) -> Controls:
        """As the driver tells them now."""
        return Controls(
            exposure=self._dial("exposure"),
            gain=self._dial("gain"),
            white_balance=self._dial("white_balance"),
            size=self._size(),
            sizes=self._sizes,
            format=self._format(),
            formats=self._formats if self._format() else (),
            said=self._said,
        )

    def apply(self, change: Change) -> Controls:
        """Set it, and say so where the driver did not take it."""
        self._said = ""
        match change:
            case Turn(dial, value, auto):
                if auto is not None:
                    self._turn_auto(dial, auto)
                if value is not None:
                    self._turn(dial, value)
            case Resize(size):
                self._resize(size)
            case Reformat(asked):
                self._reformat(asked)
        return self.controls()

    # --- dials -----------------------------------------------------------------------------
    def _dial(self, name: DialName) -> Dial:
        known = _PROPERTIES[name]
        told = self._get(known.value)
        offered = told is not None and name not in self._refused
        value = None if told is None else self._in_units(name, told)
        return Dial(offered, value, known.low, known.high, known.unit, self._auto(name))

    def _auto(self, name: DialName) -> bool | None:
        """Whether the automatic is on; None where the driver tells of none."""
        known = _PROPERTIES[name].auto
        told = self._capture.get(known) if known >= 0 else -1.0
        on, off = self._auto_values(name)
        if not math.isfinite(told) or told < 0 or (told == 0 and off != 0):
            return None
        return abs(told - on) <= abs(told - off)

    def _auto_values(self, name: DialName) -> tuple[float, float]:
        usual = (1.0, 0.0)
        return _AUTO_EXPOSURE.get(self._backend, usual) if name == "exposure" else usual

    def _turn_auto(self, name: DialName, on: bool) -> None:
        known = _PROPERTIES[name].auto
        if known >= 0:
            self._capture.set(known, self._auto_values(name)[0 if on else 1])
        if self._auto(name) is not on:
            self._said = not_offered(f"automatic {WORDS[name]}")

    def _turn(self, name: DialName, value: float) -> None:
        known = _PROPERTIES[name]
        if self._auto(name):
            self._turn_auto(name, False)
            self._said = ""
        before = self._get(known.value)
        raw = self._raw(name, min(max(value, known.low), known.high))
        taken = self._capture.set(known.value, raw)
        after = self._get(known.value)
        if before is None or after is None or (not taken and after == before):
            self._refused.add(name)
            self._said = not_offered(WORDS[name])
        elif after == before and not math.isclose(raw, before, rel_tol=0.02):
            self._said = self._unmoved(name, value, after)

    def _unmoved(self, name: DialName, value: float, after: float) -> str:
        self._refused.add(name)
        unit = _PROPERTIES[name].unit
        told = f"{self._in_units(name, after):.4g} {unit}".strip()
        return f"{not_offered(WORDS[name])} It stays at {told} ({value:.4g} was asked for)."

    def _get(self, key: int) -> float | None:
        told = float(self._capture.get(key))
        known_zero = key == cv2.CAP_PROP_GAIN and told == 0.0
        if not math.isfinite(told) or (told in _NOT_TOLD and not known_zero):
            return None
        return told

    def _in_units(self, name: DialName, told: float) -> float:
        if name != "exposure":
            return told
        return 1000.0 * 2.0**told if self._backend in _LOG_BACKENDS else told / 10.0

    def _raw(self, name: DialName, value: float) -> float:
        if name != "exposure":
            return value
        if self._backend in _LOG_BACKENDS:
            return float(round(math.log2(value / 1000.0)))
        return max(round(value * 10.0), 1.0)

    # --- pictures --------------------------------------------------------------------------
    def _size(self) -> Size | None:
        width = self._get(cv2.CAP_PROP_FRAME_WIDTH)
        height = self._get(cv2.CAP_PROP_FRAME_HEIGHT)
        return None if width is None or height is None else (round(width), round(height))

    def _resize(self, asked: Size) -> None:
        before = self._size()
        self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, asked[0])
        self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, asked[1])
        told = self._size()
        if told == asked:
            return
        self._sizes = tuple(size for size in self._sizes if size != asked)
        if before is not None and told != before:
            # it took the nearest it has: back to what was chosen knowingly
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, before[0])
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, before[1])
            told = self._size()
        self._said = stays("size", size_words(asked), size_words(told or (0, 0)))

    def _format(self) -> str:
        told = self._get(cv2.CAP_PROP_FOURCC)
        if told is None:
            return ""
        letters = int(told).to_bytes(4, "little", signed=int(told) < 0)
        text = letters.decode("latin-1").strip("\0 ")
        return text if text.isascii() and text.isprintable() else ""

    def _reformat(self, asked: str) -> None:
        self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*asked.ljust(4)[:4]))
        told = self._format()
        if told != asked:
            self._formats = tuple(one for one in self._formats if one != asked)
            self._said = stays("format", asked, told or "its own")


def as_told(controls: Controls) -> dict[str, object]:
    """The settings for a capture record, by their units; what is not told is left out."""
    told: dict[str, object] = {}
    for name, key in (
        ("exposure", "exposure_ms"),
        ("gain", "gain"),
        ("white_balance", "white_balance_k"),
    ):
        dial = controls.dial(name)  # type: ignore[arg-type]
        if dial.value is not None:
            told[key] = round(dial.value, 3)
        if dial.auto is not None:
            told[f"{name}_automatic"] = dial.auto
    return told | ({"format": controls.format} if controls.format else {})
