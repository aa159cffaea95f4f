"""The light on the evidence, turned and switched as on a microscope; knows no window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.picture import Light, ViewState
from app.picture.light import DETAIL_RANGE, ELEVATION_RANGE, FORM_RANGE
from app.picture.view import Shading, Which

if TYPE_CHECKING:
    from widgets.compare.desk.moving import Desk

SWEEP_DEG_PER_S = 45.0
GRAZING_DEG = 15.0
PRESETS: dict[str, tuple[float | None, float]] = {
    "above": (None, 90.0),
    "left": (180.0, GRAZING_DEG),
    "top": (90.0, GRAZING_DEG),
    "right": (0.0, GRAZING_DEG),
    "bottom": (270.0, GRAZING_DEG),
}
"""Azimuth (None: as it is) and elevation in degrees."""

SURFACES: tuple[Shading, ...] = ("light", "height", "slope")

Change = Callable[[Light], Light]


def turned(light: Light, degrees: float) -> Light:
    """The light further round, counter-clockwise."""
    return replace(light, azimuth_deg=round((light.azimuth_deg + degrees) % 360.0, 3))


def raised(light: Light, degrees: float) -> Light:
    """The light higher, up to straight above."""
    low, high = ELEVATION_RANGE
    elevation = min(max(light.elevation_deg + degrees, low), high)
    return replace(light, elevation_deg=round(elevation, 3))


def pointed(light: Light, azimuth_deg: float, elevation_deg: float) -> Light:
    """The light where the hand puts it."""
    low, high = ELEVATION_RANGE
    elevation = round(min(max(elevation_deg, low), high), 1)
    return replace(light, azimuth_deg=round(azimuth_deg % 360.0, 1), elevation_deg=elevation)


def preset(light: Light, name: str) -> Light:
    """One of PRESETS; what is exaggerated stays."""
    azimuth, elevation = PRESETS[name]
    return pointed(light, light.azimuth_deg if azimuth is None else azimuth, elevation)


def exaggerated(light: Light, detail: float | None = None, form: float | None = None) -> Light:
    """Fine detail and form brought out by so much, each for itself."""
    detail = light.detail if detail is None else min(max(detail, DETAIL_RANGE[0]), DETAIL_RANGE[1])
    form = light.form if form is None else min(max(form, FORM_RANGE[0]), FORM_RANGE[1])
    return replace(light, detail=detail, form=form)


def in_hand(view: ViewState) -> Which:
    """The specimen keys act on when the two are not linked: the one in the right place."""
    return "left" if view.exchanged else "right"


def with_light(view: ViewState, change: Change, which: Which | None = None) -> ViewState:
    """The light changed: of both when linked, else of ``which`` (the right place's without one)."""
    left, right = view.lights
    which = which or in_hand(view)
    if view.lights_linked:
        one = change(left if which == "left" else right)
        return replace(view, lights=(one, one))
    lights = (change(left), right) if which == "left" else (left, change(right))
    return replace(view, lights=lights)


def linked(view: ViewState, together: bool, which: Which | None = None) -> ViewState:
    """One light for both, that of ``which``, or one for each."""
    view = replace(view, lights_linked=together)
    return with_light(view, lambda light: light, which) if together else view


def set_light(
    desk: Desk, change: Change, which: Which | None = None, gesture: str = "light"
) -> None:
    """Change the light on the desk; one gesture is undone in one."""
    desk.put(gesture, view=with_light(desk.view, change, which))


def set_linked(desk: Desk, together: bool, which: Which | None = None) -> None:
    """Link both sides' lights, or let each have its own."""
    desk.put(view=linked(desk.view, together, which))


def set_surface(desk: Desk, surface: Shading) -> None:
    """Draw scans lit, as heights or as slopes."""
    desk.put(view=replace(desk.view, surface=surface))


def light_words(view: ViewState) -> str:
    """Where the light stands, in degrees, for each side when it has its own."""
    left, right = (_degrees(light) for light in view.lights)
    return left if view.lights_linked else f"left {left}\nright {right}"


def _degrees(light: Light) -> str:
    return f"{light.azimuth_deg % 360:.0f}° at {light.elevation_deg:.0f}°"


def has_scan(desk: Desk) -> bool:
    """Whether there is a scan a virtual light falls on."""
    return desk.left.relief is not None or desk.right.relief is not None
