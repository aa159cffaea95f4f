"""How all pictures of a contact sheet are looked at: one value, and its view of each pair."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from app.domain import Alignment
from app.picture import Light, Mode, Side, ViewState, fit
from app.picture.view import UM_PER_PX_RANGE

ZOOM_RANGE = (0.5, 40.0)


class Show(StrEnum):
    """What a tile shows of its pair."""

    SPLIT = "split field"
    ALONE = "candidate alone"
    OVERLAY = "overlay"


_VIEWS = {
    Show.SPLIT: ViewState(Mode.SPLIT),
    Show.ALONE: ViewState(Mode.BLINK, blink_right=True),
    Show.OVERLAY: ViewState(Mode.OVERLAY),
}
QUERY = ViewState(Mode.BLINK, blink_right=False)


@dataclass(frozen=True, slots=True)
class Look:
    """The same for every tile: enlarged ``zoom`` times over the whole mark, ``pan_um`` off its
    centre on the query, under one light. ``size`` is that of a tile in pixels of the screen."""

    size: tuple[int, int]
    show: Show = Show.SPLIT
    zoom: float = 1.0
    pan_um: tuple[float, float] = (0.0, 0.0)
    light: Light = Light()  # noqa: RUF009  frozen

    def zoomed(self, factor: float) -> Look:
        """Enlarged by ``factor`` about the middle."""
        low, high = ZOOM_RANGE
        return replace(self, zoom=min(max(self.zoom * factor, low), high))

    def panned(self, dx_um: float, dy_um: float) -> Look:
        """The middle moved on the query."""
        x, y = self.pan_um
        return replace(self, pan_um=(x + dx_um, y + dy_um))

    def lit(self, turn_deg: float, raise_deg: float) -> Look:
        """The light turned and raised."""
        light = self.light
        high = min(max(light.elevation_deg + raise_deg, 5.0), 90.0)
        turned = (light.azimuth_deg + turn_deg) % 360.0
        return replace(self, light=replace(light, azimuth_deg=turned, elevation_deg=high))

    def whole(self) -> Look:
        """All of the mark again."""
        return replace(self, zoom=1.0, pan_um=(0.0, 0.0))

    def view(self, fitted: ViewState, *, query: bool = False) -> ViewState:
        """The view of one pair; ``fitted`` has the whole mark of its query in a tile."""
        base = QUERY if query else _VIEWS[self.show]
        low, high = UM_PER_PX_RANGE
        x, y = fitted.centre_um
        return replace(
            base,
            centre_um=(x + self.pan_um[0], y + self.pan_um[1]),
            um_per_px=min(max(fitted.um_per_px / self.zoom, low), high),
            seen_px=self.size,
            lights=(self.light, self.light),
        )


def fitted_to(query: Side, size: tuple[int, int]) -> ViewState:
    """The whole mark of a query in a tile, whatever lies on it."""
    return fit(query, query, Alignment(), size, QUERY)
