"""What is measured on a pair: kept with the view as plain values; knows no window.

Finished measurements are an extra of the desk, so that they are saved with the comparison. What
is being drawn lives here until it is finished, so that drawing does not draw the picture anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeGuard

from app.domain import CaseheadError
from app.picture.measure import Kind, Measurement, Quantity, Spot, as_drawings, on_left
from app.picture.profile import Field, Profile, field_of_side, profile

if TYPE_CHECKING:
    from app.picture import Side
    from widgets.compare.desk.core import Core

MEASURED = "measurements"
SETTINGS = "profile"
WIDTH_UM_RANGE = (0.0, 1000.0)
SHIFT_UM_RANGE = (-5000.0, 5000.0)


@dataclass(frozen=True, slots=True)
class ProfileSettings:
    """How profiles are made: band width, form taken off or not, right curve's shift."""

    width_um: float = 0.0
    level: bool = True
    shift_um: float = 0.0


class Measures:
    """The measurements of a desk. ``listeners`` are called when something passing changes; what
    lasts goes through the desk, which tells of it itself."""

    def __init__(self, desk: Core) -> None:
        self._desk = desk
        self.drawing: Measurement | None = None
        self.rubber: Spot | None = None
        self.chosen = -1
        self.along_um: float | None = None
        self.scale_sd: tuple[float | None, float | None] = (None, None)
        self.listeners: list[Callable[[], None]] = []
        self._redrawn = -1
        self._read: tuple[object, tuple[Measurement, ...]] = (None, ())
        self._fields: dict[int, tuple[Side, Field]] = {}
        self._profile: tuple[object, Profile | None] = (None, None)

    @property
    def items(self) -> tuple[Measurement, ...]:
        """What was measured, in its order."""
        raw = self._desk.extras.get(MEASURED, [])
        if self._read[0] is not raw:
            self._read = raw, _read(raw)
        return self._read[1]

    @property
    def shown(self) -> tuple[Measurement, ...]:
        """Finished ones as they are drawn: without the one in hand."""
        return tuple(m for index, m in enumerate(self.items) if index != self._redrawn)

    @property
    def redrawing(self) -> bool:
        """Whether what is in hand is a finished one taken up again."""
        return self._redrawn >= 0

    @property
    def live(self) -> Measurement | None:
        """The one in hand, up to the pointer."""
        if self.drawing is None or self.rubber is None:
            return self.drawing
        return self.drawing.with_spot(self.rubber)

    @property
    def chosen_one(self) -> Measurement | None:
        """The one in hand, or the one chosen in the list."""
        if self.live is not None:
            return self.live
        return self.items[self.chosen] if 0 <= self.chosen < len(self.items) else None

    @property
    def settings(self) -> ProfileSettings:
        """How profiles are made."""
        raw = self._desk.extras.get(SETTINGS, {})
        return _settings(raw) if isinstance(raw, Mapping) else ProfileSettings()

    def value(self, measurement: Measurement) -> Quantity:
        """Of one measurement, in the present alignment."""
        return measurement.quantity(self._desk.alignment, self.scale_sd)

    def words(self, measurement: Measurement) -> str:
        """Its value, or why it has none."""
        return self.value(measurement).words() or measurement.details(self._desk.alignment)

    def draw(self, measurement: Measurement | None, rubber: Spot | None = None) -> None:
        """What is in hand now, None for nothing."""
        self.drawing, self.rubber = measurement, rubber
        self.tell()

    def take(self, index: int) -> None:
        """Take a finished one in hand again."""
        self._redrawn = self.chosen = index
        self.draw(self.items[index])

    def finish(self) -> None:
        """What is in hand, when it is complete, is kept and chosen; else it is let go."""
        made, at = self.drawing, self._redrawn
        self.drawing = self.rubber = None
        self._redrawn = -1
        if made is None or not made.complete:
            self.tell()
            return
        items = list(self.items)
        if 0 <= at < len(items):
            items[at] = made
        else:
            items.append(made)
            at = len(items) - 1
        self.chosen = at
        self._keep(items)

    def let_go(self) -> None:
        """What is in hand is not kept; one taken up stays as it was."""
        self._redrawn = -1
        self.draw(None)

    def change(self, index: int, measurement: Measurement) -> None:
        """Another in the place of a finished one; its steps are undone together."""
        items = [measurement if i == index else m for i, m in enumerate(self.items)]
        self._keep(items, f"move measurement {index}")

    def choose(self, index: int) -> None:
        """The one whose ends the keys move and whose profile is shown; -1 none."""
        if index != self.chosen:
            self.chosen = index
            self.tell()

    def settle(self) -> None:
        """Something was undone: what is no more there is not chosen."""
        if self.chosen >= len(self.items):
            self.chosen = -1
            self.tell()

    def remove(self, index: int) -> None:
        """Take one off the list."""
        items = [m for i, m in enumerate(self.items) if i != index]
        if len(items) < len(self.items):
            self.chosen = min(self.chosen, len(items) - 1) if index <= self.chosen else self.chosen
            self._keep(items)

    def to_drawing(self, index: int) -> None:
        """Make one a drawing on the specimen, in every picture and file, with its value."""
        desk, one = self._desk, self.items[index]
        drawn = as_drawings(one, desk.alignment, self.words(one))
        kept = [_plain(m) for i, m in enumerate(self.items) if i != index]
        self.chosen = -1
        desk.end_gesture()
        desk.put(annotations=(*desk.annotations, *drawn), extras={**desk.extras, MEASURED: kept})
        self.tell()

    def clear(self) -> None:
        """Take all off the list."""
        self.chosen = -1
        self.let_go()
        self._keep([])

    def set_up(self, settings: ProfileSettings) -> None:
        """Make profiles another way."""
        low, high = WIDTH_UM_RANGE
        width = min(max(settings.width_um, low), high)
        shift = min(max(settings.shift_um, SHIFT_UM_RANGE[0]), SHIFT_UM_RANGE[1])
        kept = {"width_um": width, "level": settings.level, "shift_um": shift}
        self._desk.keep_extra(SETTINGS, kept, "profile")

    def point_at(self, along_um: float | None) -> None:
        """Where along the profile the pointer stands; a dot shows it on both pictures."""
        if along_um != self.along_um:
            self.along_um = along_um
            self.tell()

    @property
    def line(self) -> Measurement | None:
        """The line of the profile shown: in hand, chosen, or the last one drawn."""
        chosen = self.chosen_one
        if chosen is not None and chosen.kind is Kind.PROFILE:
            return chosen if chosen.complete else None
        if self.drawing is not None:
            return None
        lines = [m for m in self.items if m.kind is Kind.PROFILE]
        return lines[-1] if lines else None

    @property
    def profile(self) -> Profile | None:
        """Along ``line`` in the present alignment; None without one, or for too short a line."""
        line, desk, settings = self.line, self._desk, self.settings
        key = line, desk.alignment, settings, id(desk.left), id(desk.right)
        if line is not None and key != self._profile[0]:
            ends = [on_left(spot, desk.alignment) for spot in line.spots]
            try:
                made = profile(
                    self.field(desk.left),
                    self.field(desk.right),
                    desk.alignment,
                    ends[0],
                    ends[1],
                    width_um=settings.width_um,
                    level=settings.level,
                )
                self._profile = key, made.shifted(settings.shift_um)
            except CaseheadError:
                self._profile = key, None
        return self._profile[1] if line is not None else None

    def field(self, side: Side) -> Field:
        """What can be read of a specimen; made at first use."""
        found = self._fields.get(id(side))
        if found is None:
            used = {id(self._desk.left), id(self._desk.right)}
            self._fields = {key: kept for key, kept in self._fields.items() if key in used}
            found = self._fields[id(side)] = side, field_of_side(side)
        return found[1]

    def tell(self) -> None:
        """Something passing has changed."""
        for listener in self.listeners:
            listener()

    def _keep(self, items: list[Measurement], gesture: str = "") -> None:
        self._desk.keep_extra(MEASURED, [_plain(m) for m in items], gesture)
        self.tell()


def restepped(measurement: Measurement, index: int, dx_um: float, dy_um: float) -> Measurement:
    """One end moved by so much on its specimen."""
    spot = measurement.spots[index]
    return measurement.moved(index, replace(spot, um=(spot.um[0] + dx_um, spot.um[1] + dy_um)))


def _plain(measurement: Measurement) -> dict[str, Any]:
    spots = [[spot.where, *spot.um] for spot in measurement.spots]
    return {"kind": str(measurement.kind), "spots": spots}


def _read(raw: object) -> tuple[Measurement, ...]:
    """Stored measurements; what makes no sense is left out."""
    values = raw if isinstance(raw, list) else []
    read = (_measurement(value) for value in values)
    return tuple(m for m in read if m is not None and m.complete)


def _measurement(value: object) -> Measurement | None:
    if not isinstance(value, Mapping) or value.get("kind") not in {str(k) for k in Kind}:
        return None
    kind, raw = Kind(value["kind"]), value.get("spots")
    spots = [_spot(one) for one in raw] if isinstance(raw, list) else []
    good = tuple(spot for spot in spots if spot is not None)
    return Measurement(kind, good[: kind.holds]) if len(good) == len(spots) else None


def _spot(value: object) -> Spot | None:
    if not isinstance(value, list | tuple) or len(value) != 3:
        return None
    where, x, y = value
    known = where in ("left", "right", "both")
    return Spot(where, (float(x), float(y))) if known and _number(x) and _number(y) else None


def _number(value: object) -> TypeGuard[float]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return isfinite(value) and abs(value) < 1e7


def _settings(raw: Mapping[str, Any]) -> ProfileSettings:
    width, level, shift = raw.get("width_um"), raw.get("level"), raw.get("shift_um")
    return ProfileSettings(
        float(width) if _number(width) else 0.0,
        level if isinstance(level, bool) else True,
        float(shift) if _number(shift) else 0.0,
    )
