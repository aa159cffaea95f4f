"""Where measurements lie in the view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.picture import Mode
from app.picture.geometry import at
from app.picture.measure import Kind, Measurement, Spot, on_left
from app.picture.view import Pane, panes, um_to_view
from widgets.compare.desk.moving import Desk
from widgets.compare.desk.setting import Point


@dataclass(frozen=True, slots=True)
class Track:
    """A measurement's spots in one pane, as points of the view."""

    points: tuple[Point, ...]
    pane: Pane | None


def side_of(desk: Desk, pane: Pane) -> str:
    """Which specimen a pane shows: "left", "right" or "both"."""
    if pane.shows == "both":
        return "both"
    return "left" if (pane.shows == "first") != desk.seen.exchanged else "right"


def tracks(desk: Desk, measurement: Measurement) -> list[Track]:
    """Where a measurement is drawn: once, or in every pane of the side-by-side view it is on."""
    view, plane = desk.seen, [on_left(s, desk.alignment) for s in measurement.spots]
    all_panes = panes(view, desk.size)
    if view.mode is not Mode.SIDE:
        into = um_to_view(view, all_panes[0])
        return [Track(tuple(at(into, um) for um in plane), None)]
    if measurement.where == "across":
        return [Track(tuple(_seen(desk, s, all_panes) for s in measurement.spots), None)]
    shown = [p for p in all_panes if measurement.where in ("both", side_of(desk, p))]
    return [Track(tuple(at(um_to_view(view, p), um) for um in plane), p) for p in shown]


def seen_spot(desk: Desk, spot: Spot) -> list[Point]:
    """Where a spot is drawn, one point for each pane it is on."""
    found = tracks(desk, Measurement(Kind.DISTANCE, (spot,)))
    return [track.points[0] for track in found]


def _seen(desk: Desk, spot: Spot, all_panes: Sequence[Pane]) -> Point:
    """In the pane that shows its specimen."""
    own = [p for p in all_panes if side_of(desk, p) == spot.where] or list(all_panes)
    return at(um_to_view(desk.seen, own[0]), on_left(spot, desk.alignment))
