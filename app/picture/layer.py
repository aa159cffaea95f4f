"""One specimen of the pair, drawn in a window of the view: lit or coloured, adjusted, in place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from app.picture.adjust import NO_ADJUSTMENT, Adjustment
from app.picture.arrays import Pixels, u8
from app.picture.evened import Locals, sampling
from app.picture.geometry import Matrix, scale, shift
from app.picture.levels import Levels, to_full
from app.picture.light import Light, light_table, shaded
from app.picture.side import Side, Span
from app.picture.view import Pane, ViewState, um_to_view

BACKGROUND = 18
_SHADED_PIXELS = 2_500_000  # shaded as a whole in less time than a window is drawn
SURFACE_COLOURS = {"height": "viridis", "slope": "magma"}


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a pane, in pixels of the view."""

    pane: Pane
    x: int
    y: int
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""
        return self.width, self.height

    def matrix(self, view: ViewState) -> Matrix:
        """From micrometres about the left picture's centre to its pixels."""
        return shift(-self.x, -self.y) @ um_to_view(view, self.pane)

    def grown(self, by: int) -> Window:
        """With a margin all round."""
        return replace(
            self,
            x=self.x - by,
            y=self.y - by,
            width=self.width + 2 * by,
            height=self.height + 2 * by,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A side in its place and as the view wants it.

    ``placed`` takes its micrometres to those of the left picture, ``turned_deg`` is its turn on
    the screen. ``span`` is what the ends of the height or slope scale stand for.
    """

    side: Side
    view: ViewState
    placed: Matrix
    turned_deg: float
    right: bool
    span: Span = (0.0, 1.0)

    @property
    def light(self) -> Light:
        """The light on it, if it is a scan."""
        return self.view.lights[self.right]

    @property
    def adjustment(self) -> Adjustment:
        """The recipe in force."""
        return NO_ADJUSTMENT if self.view.original else self.view.adjust[self.right]

    @property
    def _shown(self) -> Side:
        """The side, or what it was before it was corrected while the original is shown."""
        return (self.view.original and self.side.captured) or self.side

    @property
    def surface(self) -> str:
        """How it is drawn: "image", or how scans are."""
        return "image" if self.side.relief is None else self.view.surface

    @property
    def scale_name(self) -> str:
        """The colour scale it is drawn with, "" for grey."""
        return self.adjustment.false_colour or SURFACE_COLOURS.get(self.surface, "")

    @property
    def is_grey(self) -> bool:
        """Whether it is drawn with one channel."""
        return self._shown.is_grey and not self.scale_name

    def matrix(self, window: Window) -> Matrix:
        """From its pixels to those of a window."""
        return window.matrix(self.view) @ self.placed @ self.side.to_um()

    def prepare(self, window: Window, *, evened: bool) -> None:
        """Make what every part of the picture needs, before the parts are drawn at once."""
        into = self.matrix(window)
        self.side.presence()
        self.shade(self.levels().level(reduction_of(into)))
        if evened or self.adjustment.local_contrast:
            self.locals(into)

    def levels(self) -> Levels:
        """What it is drawn from: grey values, or slope codes when it is lit."""
        form = self.light.form > 0
        if self.surface == "light":
            ratio, _ = self.light.mixed()
            return self.side.codes(ratio, 1.0 if self.light.detail else 0.0)
        if self.surface == "height":
            return self.side.heights(form, self.span)
        if self.surface == "slope":
            return self.side.slopes(form, self.span)
        return self._shown.levels()

    def table(self) -> Pixels | None:
        """The shade of every slope code, when it is lit."""
        if self.surface != "light":
            return None
        _, exaggeration = self.light.mixed()
        return light_table(self.light, exaggeration, self.turned_deg)

    def shade(self, level: int) -> Pixels | None:
        """A level as it is lit, uint8; None when it is not lit, or too large: then its slopes are
        laid into the window and shaded there."""
        table, codes = self.table(), self.levels().pictures[level]
        if table is None or codes.size > 2 * _SHADED_PIXELS:
            return None
        key = (self.light, self.turned_deg, level)
        return self.side.shade(key, lambda: shaded(codes, table))

    def locals(self, into: Matrix) -> Locals:
        """Local mean and spread of what is shown."""
        level = self.levels().level(reduction_of(into))
        lit = (self.light, self.turned_deg) if self.surface == "light" else ()
        key = (self.surface, self.span, self.light.form > 0, level, lit)
        return self._shown.locals(key, lambda: self._make_locals(level))

    def _make_locals(self, level: int) -> Locals:
        pixel_um = self.side.pixel_um * 2**level
        every = sampling(pixel_um)
        table, shade = self.table(), self.shade(level)
        picture = self.levels().pictures[level] if shade is None else shade
        grey = _sampled(picture, every)
        if table is not None and shade is None:
            grey = shaded(grey, table)
        known = self.side.known(level, every, pixel_um * every)
        return Locals.of(as_grey(grey), known, pixel_um * every, to_full(level) @ scale(every))


def _sampled(picture: NDArray[Any], every: int) -> NDArray[Any]:
    return np.ascontiguousarray(picture[::every, ::every])


def reduction_of(into: Matrix) -> float:
    """Picture pixels to a pixel of the screen."""
    return 1.0 / float(np.sqrt(abs(np.linalg.det(into[:2, :2]))))


def as_grey(picture: Pixels) -> Pixels:
    """One channel."""
    return picture if picture.ndim == 2 else u8(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
