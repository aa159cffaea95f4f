"""Saved positions of a comparison: alignments with their field of view, recalled by a key.

A comparison microscope calls them "in phase" memories. Values; nothing here knows a window.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from typing import TYPE_CHECKING, Any

from app.domain import Alignment
from app.picture import ViewState
from app.picture.view import UM_PER_PX_RANGE, Size

if TYPE_CHECKING:
    from widgets.compare.desk.moving import Desk

SLOTS = range(1, 10)
EXTRA = "positions"
"""Under what name they are saved with the view."""

POSITION_ACTIONS = tuple(
    f"{what} {slot}" for what in ("position", "store position", "forget position") for slot in SLOTS
)

_NAME_LENGTH = 60
_NUMBERS = ("rotation_deg", "dx_um", "dy_um", "x_um", "y_um", "um_per_px", "view_rotation_deg")


@dataclass(frozen=True, slots=True)
class Position:
    """Where the right specimen lies and what part of the pair is seen, under a name.

    The field is that of a view of ``seen_px``; a view of another size shows at least as much.
    """

    alignment: Alignment
    centre_um: tuple[float, float]
    um_per_px: float
    view_rotation_deg: float = 0.0
    seen_px: Size = (0, 0)
    name: str = ""

    @classmethod
    def of(cls, alignment: Alignment, view: ViewState, size: Size, name: str = "") -> Position:
        """The pair as it is seen now."""
        field = view.centre_um, view.um_per_px, view.view_rotation_deg
        return cls(alignment, *field, size, name.strip()[:_NAME_LENGTH])

    def seen_in(self, view: ViewState, size: Size) -> ViewState:
        """The view with this field."""
        larger = 1.0
        if min(*size, *self.seen_px) > 0:
            larger = max(self.seen_px[0] / size[0], self.seen_px[1] / size[1])
        low, high = UM_PER_PX_RANGE
        return replace(
            view,
            centre_um=self.centre_um,
            um_per_px=min(max(self.um_per_px * larger, low), high),
            view_rotation_deg=self.view_rotation_deg,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        alignment = self.alignment
        values = (alignment.rotation_deg, *alignment.shift_um, *self.centre_um)
        numbers = (*values, self.um_per_px, self.view_rotation_deg)
        told: dict[str, Any] = dict(zip(_NUMBERS, numbers, strict=True))
        return told | {"seen_px": list(self.seen_px), "name": self.name}

    @classmethod
    def from_dict(cls, values: Any) -> Position | None:
        """A stored position; None where it makes no sense."""
        if not isinstance(values, Mapping):
            return None
        numbers = [_number(values.get(name)) for name in _NUMBERS]
        if any(number is None for number in numbers):
            return None
        turn, dx, dy, x, y, um_per_px, view_turn = (n for n in numbers if n is not None)
        if um_per_px <= 0:
            return None
        seen, name = values.get("seen_px"), values.get("name")
        size = (0, 0)
        if isinstance(seen, list | tuple) and len(seen) == 2 and all(map(_is_whole, seen)):
            size = (seen[0], seen[1])
        words = name[:_NAME_LENGTH] if isinstance(name, str) else ""
        return cls(Alignment(turn, (dx, dy)), (x, y), um_per_px, view_turn, size, words)


@dataclass(frozen=True, slots=True)
class Positions:
    """Up to nine of them, by number."""

    kept: tuple[tuple[int, Position], ...] = ()

    def at(self, slot: int) -> Position | None:
        """The position of a number, if one is stored there."""
        return dict(self.kept).get(slot)

    def stored(self, slot: int, position: Position) -> Positions:
        """With a position under this number, instead of what was there."""
        return Positions(tuple(sorted({**dict(self.kept), slot: position}.items())))

    def forgotten(self, slot: int) -> Positions:
        """Without what is under this number."""
        return Positions(tuple(one for one in self.kept if one[0] != slot))

    def renamed(self, slot: int, name: str) -> Positions:
        """With another name for what is under this number."""
        found = self.at(slot)
        if found is None:
            return self
        return self.stored(slot, replace(found, name=name.strip()[:_NAME_LENGTH]))

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON, by number."""
        return {str(slot): position.to_dict() for slot, position in self.kept}

    @classmethod
    def from_dict(cls, values: Any) -> Positions:
        """Stored positions; what makes no sense is left out."""
        if not isinstance(values, Mapping):
            return cls()
        read = {slot: Position.from_dict(values.get(str(slot))) for slot in SLOTS}
        return cls(tuple((slot, one) for slot, one in read.items() if one is not None))


def positions_of(desk: Desk) -> Positions:
    """What is stored for the pair in hand."""
    return Positions.from_dict(desk.extras.get(EXTRA))


def store_position(desk: Desk, slot: int, name: str = "") -> None:
    """Keep how the pair lies and is seen; without a ``name`` the earlier one stays."""
    positions = positions_of(desk)
    earlier = positions.at(slot)
    name = name or (earlier.name if earlier else "")
    _keep(desk, positions.stored(slot, Position.of(desk.alignment, desk.view, desk.size, name)))


def recall_position(desk: Desk, slot: int) -> bool:
    """Lay and see the pair as stored, in one step that can be undone; False where nothing is."""
    position = positions_of(desk).at(slot)
    if position is None:
        return False
    desk.put(alignment=position.alignment, view=position.seen_in(desk.view, desk.size))
    return True


def forget_position(desk: Desk, slot: int) -> None:
    """Free a number."""
    _keep(desk, positions_of(desk).forgotten(slot))


def rename_position(desk: Desk, slot: int, name: str) -> None:
    """Give a stored position another name."""
    _keep(desk, positions_of(desk).renamed(slot, name))


def recalled_slot(desk: Desk) -> int | None:
    """The number of the stored position the pair lies in now."""
    found = (s for s, p in positions_of(desk).kept if p.alignment == desk.alignment)
    return next(found, None)


def act_on_position(desk: Desk, action: str) -> str:
    """Carry out one of POSITION_ACTIONS.

    Returns what is to be told, "" where the picture says it.
    """
    *word, last = action.split(" ")
    what, slot = " ".join(word), int(last)
    if what == "store position":
        store_position(desk, slot)
        return f"Position {slot} is stored; Alt+{slot} brings it back."
    if what == "forget position":
        forget_position(desk, slot)
        return f"Position {slot} is free."
    if recall_position(desk, slot):
        return ""
    return f"Nothing is stored as position {slot}; Ctrl+Alt+{slot} stores what you see."


def _keep(desk: Desk, positions: Positions) -> None:
    desk.keep_extra(EXTRA, positions.to_dict())


def _number(value: Any) -> float | None:
    good = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if good and isfinite(value) and abs(value) <= 1e7 else None


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000
