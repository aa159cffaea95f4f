"""Going through the places where two marks agree best; knows no window.

What software proposes becomes part of the record only when the examiner takes it over: then it
is a drawing like any other, and undone like one.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Any, Literal

import numpy as np

from app.domain import Annotation, AnnotationKind
from app.picture.shapes import next_number
from correlation.areas import Area, best_areas
from widgets.compare.desk.moving import Desk

State = Literal["new", "confirmed", "ignored"]
_KEY = "areas ignored"
_SAME_UM = 30.0
_FIELD = 3.2


@dataclass(frozen=True, slots=True)
class Proposed:
    """An area with its place in the list, from 1, and what the examiner said of it."""

    number: int
    area: Area
    state: State


class Areas:
    """The proposals for the desk in hand; they follow its alignment."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._of: object = None
        self._found: tuple[Area, ...] = ()
        self.at: int | None = None

    @property
    def known(self) -> bool:
        """Whether the similarity of the present alignment has been looked at."""
        return self._desk.similarity is not None

    @property
    def refusal(self) -> str:
        """Why there are none; "" when there are or it is not known yet."""
        known = self._desk.similarity
        if known is None or self.listed():
            return ""
        return known.sentence or (
            "No area stands out in this alignment: nowhere do the two marks correlate by 0.3."
        )

    def listed(self) -> tuple[Proposed, ...]:
        """All, best first."""
        known = self._desk.similarity
        if known is not self._of:
            self._of, self.at = known, None
            self._found = best_areas(known.found) if known and known.found else ()
        return tuple(Proposed(n, a, self._state(a)) for n, a in enumerate(self._found, start=1))

    def step(self, by: int) -> None:
        """Look at the next one, or the one before; round at the ends."""
        listed = self.listed()
        if listed:
            start = (-1 if by > 0 else 0) if self.at is None else self.at
            self.look_at((start + by) % len(listed))

    def look_at(self, index: int) -> None:
        """Bring one to the middle of the view, large."""
        area = self.listed()[index].area
        self.at = index
        self._desk.end_gesture()
        self._desk.look_at(area.centre_um, _FIELD * area.radius_um)

    def confirm(self) -> None:
        """Take the one in hand over as an area of agreement drawn on both, or take it back."""
        chosen = self._chosen()
        if chosen is None:
            return
        drawn = self._desk.annotations
        if chosen.state == "confirmed":
            kept = tuple(a for a in drawn if not _is_of(a, chosen.area))
        else:
            self._ignore(chosen.area, ignored=False)
            kept = (*drawn, _annotation(chosen.area, next_number(drawn)))
        self._desk.put(annotations=kept)

    def ignore(self) -> None:
        """Leave the one in hand out of the walk's count, or take it in again; go on."""
        chosen = self._chosen()
        if chosen is None or chosen.state == "confirmed":
            return
        self._ignore(chosen.area, ignored=chosen.state != "ignored")
        if chosen.state != "ignored":
            self.step(1)

    def _chosen(self) -> Proposed | None:
        listed = self.listed()
        return listed[self.at] if self.at is not None and self.at < len(listed) else None

    def _state(self, area: Area) -> State:
        if any(_is_of(a, area) for a in self._desk.annotations):
            return "confirmed"
        return "ignored" if any(_near(p, area) for p in self._ignored()) else "new"

    def _ignored(self) -> list[Any]:
        kept = self._desk.extras.get(_KEY, [])
        return list(kept) if isinstance(kept, list) else []

    def _ignore(self, area: Area, *, ignored: bool) -> None:
        others = [p for p in self._ignored() if not _near(p, area)]
        self._desk.keep_extra(_KEY, [*others, list(area.centre_um)] if ignored else others)


def _annotation(area: Area, number: int) -> Annotation:
    x, y = area.centre_um
    text = f"local correlation {area.ccf:.2f}"
    around = tuple(
        (x + area.radius_um * float(np.cos(a)), y + area.radius_um * float(np.sin(a)))
        for a in np.linspace(0, 2 * np.pi, 32, endpoint=False)
    )
    return Annotation(AnnotationKind.AGREEMENT, "both", around, text, number)


def _is_of(annotation: Annotation, area: Area) -> bool:
    if annotation.kind is not AnnotationKind.AGREEMENT or annotation.side == "right":
        return False
    middle = np.mean(np.asarray(annotation.points_um, np.float64), axis=0)
    return _near((float(middle[0]), float(middle[1])), area)


def _near(point: Any, area: Area) -> bool:
    return hypot(point[0] - area.centre_um[0], point[1] - area.centre_um[1]) < _SAME_UM
