"""Finding a mark in the live picture, before anything is kept."""

from __future__ import annotations

from dataclasses import dataclass

import cv2

from app.capture import Frame, Pixels
from app.capture.lay import Lay, lay_of
from app.domain import SEARCHED_MARKS, Circle, Light, MarkKind
from app.importing.decode import to_grey
from correlation.errors import CorrelationError
from correlation.region import SURE, Disc, find_region
from correlation.surface import Mark, Surface

HEAD_UM, CLOSE_UM, WIDE_UM = 12.5, 6.0, 3000.0
"""Pixels a frame is thinned to: of a head, and of a close-up, which is smaller than the last."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where the mark is taken to lie; ``outer`` is None where nothing was found.

    Circles are in the frame's micrometres, from its first pixel's centre. ``lay`` is the direction
    of the breech face's marks, where they are plainly parallel.
    """

    outer: Circle | None
    inner: Circle | None = None
    confidence: float = 0.0
    sentence: str = ""
    lay: Lay | None = None

    @property
    def sure(self) -> bool:
        """Whether it may be relied on without a second look."""
        return self.outer is not None and self.confidence >= SURE


def look_for(frame: Frame, pixel_um: float, kind: MarkKind, light: Light = Light.UNKNOWN) -> Found:
    """The mark of that kind on a frame, thinned so that it is quick; never raises for a picture.

    The breech face's inner circle is the firing-pin impression. Under side light the direction of
    marks is not told: the light draws lines of its own.
    """
    thin, thin_um = _thinned(frame, pixel_um)
    mark: Mark = kind.value if kind in SEARCHED_MARKS else "breech face"  # type: ignore[assignment]
    try:
        found = find_region(Surface(to_grey(thin), thin_um, "image"), mark)
    except CorrelationError as error:
        return Found(None, sentence=str(error))
    if found.confidence <= 0:
        return Found(None, sentence=found.sentence)
    corner = (thin_um - pixel_um) / 2  # the first pixel's centre lies further in once it is larger
    outer = _circle(found.outer, corner)
    inner = None if found.inner is None else _circle(found.inner, corner)
    lay = None
    if kind is MarkKind.BREECH_FACE and light is not Light.SIDE and found.confidence >= SURE:
        lay = lay_of(frame.pixels, pixel_um, outer, inner)
    plain = lay if lay is not None and lay.plain else None
    return Found(outer, inner, found.confidence, found.sentence, plain)


def _thinned(frame: Frame, pixel_um: float) -> tuple[Pixels, float]:
    rows, columns = frame.pixels.shape[:2]
    close = min(rows, columns) * pixel_um < WIDE_UM
    times = int((CLOSE_UM if close else HEAD_UM) / pixel_um)
    if times < 2:
        return frame.pixels, pixel_um
    size = columns // times, rows // times
    whole = frame.pixels[: size[1] * times, : size[0] * times]
    return cv2.resize(whole, size, interpolation=cv2.INTER_AREA), pixel_um * times  # type: ignore[return-value]


def _circle(disc: Disc, corner_um: float) -> Circle:
    return Circle(disc.x_um + corner_um, disc.y_um + corner_um, disc.radius_um)
