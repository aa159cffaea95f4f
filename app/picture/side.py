"""One of the two pictures of a comparison, with what quick drawing needs prepared beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.domain import Circle
from app.picture.arrays import Pixels as Pixels
from app.picture.arrays import u8
from app.picture.evened import Known, Locals
from app.picture.geometry import Matrix, centred_um
from app.picture.levels import Levels
from app.picture.light import Light, displayable, lit
from app.picture.relief import Relief, relief_of
from correlation.surface import Bools, Surface

T = TypeVar("T")
Span = tuple[float, float]
_KEPT = {"codes": 2, "height": 2, "slope": 2, "shade": 3, "local": 3, "known": 3, "span": 8}
_SAMPLES = 40_000


@dataclass(frozen=True, eq=False)
class Side:
    """A picture as shown: ``pixels`` uint8 (rows, columns) or (rows, columns, 3) RGB.

    ``missing`` marks what holds no data. With ``relief`` (scans) the light stays where it is when
    the specimen is turned. ``focus`` is the mark's outline, from the first pixel's centre. Where
    pixels were corrected when they were read, ``recipe`` says how and ``captured`` is without.
    """

    pixels: Pixels
    pixel_um: float
    title: str = ""
    role: str = ""
    missing: Bools | None = None
    relief: Relief | None = None
    focus: Circle | None = None
    captured: Side | None = None
    recipe: str = ""
    _kept: dict[tuple[Any, ...], Any] = field(default_factory=dict, init=False, repr=False)

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
        """Prepare what drawing would wait for, ``contrast`` the maps of scans too; returns
        itself."""
        self.presence()
        if self.relief is None:
            self.levels()
            return self
        self.codes()
        if contrast:
            for surface in ("height", "slope"):
                self.span(surface, False)
        return self

    def levels(self) -> Levels:
        """The picture as it is; scans as lit by the light they begin with."""
        return self._keep(("picture",), lambda: Levels.of(self.pixels))

    def presence(self) -> Levels | None:
        """255 where there are data, 0 where missing; None when nothing is missing."""
        missing = self.missing
        if missing is None or not self._keep(("any missing",), lambda: bool(missing.any())):
            return None
        return self._keep(
            ("presence",), lambda: Levels.of(np.where(missing, 0, 255).astype(np.uint8))
        )

    def known(self, level: int, every: int, sample_um: float) -> Known | None:
        """Of every ``every``-th pixel of a level, which have data; None when nothing is missing."""
        presence = self.presence()
        if presence is None:
            return None
        samples = presence.pictures[level][::every, ::every]
        return self._keep(
            ("known", level, every), lambda: Known.of(np.ascontiguousarray(samples), sample_um)
        )

    def codes(self, form: float = 0.0, detail: float = 1.0) -> Levels:
        """Slope codes of a scan, int16 of two channels (see Relief)."""
        relief = self._scan()
        return self._keep(("codes", form, detail), lambda: Levels.of(relief.codes(form, detail)))

    def heights(self, form: bool, span: Span) -> Levels:
        """Heights of a scan as grey values: 0 and 255 are the ends of ``span`` (micrometres)."""
        relief = self._scan()
        return self._keep(
            ("height", form, span), lambda: Levels.of(_grey(relief.measured(form), span))
        )

    def slopes(self, form: bool, span: Span) -> Levels:
        """Slopes of a scan as grey values: 0 and 255 are the ends of ``span`` (degrees)."""
        return self._keep(
            ("slope", form, span), lambda: Levels.of(_grey(self._degrees(form), span))
        )

    def span(self, surface: str, form: bool) -> Span:
        """Between what heights (micrometres) or slopes (degrees) nearly all of a scan lies."""
        return self._keep(("span", surface, form), lambda: self._span(surface, form))

    def shade(self, key: tuple[Any, ...], make: Callable[[], Pixels]) -> Pixels:
        """A scan under a light, kept for the last few lights."""
        return self._keep(("shade", *key), make)

    def locals(self, key: tuple[Any, ...], make: Callable[[], Locals]) -> Locals:
        """Local mean and spread of what is shown, kept for the last few ways of showing it."""
        return self._keep(("local", *key), make)

    def _span(self, surface: str, form: bool) -> Span:
        values = self._degrees(form) if surface == "slope" else self._scan().measured(form)
        known = values[np.isfinite(values)]
        if not known.size:
            return 0.0, 1.0
        known = known[:: max(1, known.size // _SAMPLES)]
        low, high = (float(v) for v in np.percentile(known, (2.0, 98.0)))
        return (0.0, high) if surface == "slope" else (low, high)

    def _degrees(self, form: bool) -> NDArray[np.float32]:
        relief = self._scan()
        across, down = relief.slopes(1.0 if form else 0.0)
        degrees = np.degrees(np.arctan(np.hypot(across, down))).astype(np.float32, copy=False)
        degrees[relief.missing] = np.nan
        return degrees

    def _scan(self) -> Relief:
        if self.relief is None:
            raise ValueError("Only a scan has a relief.")
        return self.relief

    def _keep(self, key: tuple[Any, ...], make: Callable[[], T]) -> T:
        """Made once; of each kind only the last few are kept. Threads may make one twice."""
        found = self._kept.get(key)
        if found is None:
            found = make()
            alike = [k for k in list(self._kept) if k[0] == key[0]]
            if len(alike) >= _KEPT.get(key[0], 1):
                self._kept.pop(alike[0], None)
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
    pixels = lit(relief, Light())
    return Side(pixels, surface.pixel_um, title, role, missing_or_none, relief, focus)


def _grey(values: NDArray[np.float32], span: Span) -> Pixels:
    low, high = span
    share = (values - np.float32(low)) * np.float32(255.0 / max(high - low, 1e-9))
    share = np.nan_to_num(share, nan=0.0, posinf=255.0, neginf=0.0)
    return u8(np.clip(share + np.float32(0.5), 0, 255).astype(np.uint8))
