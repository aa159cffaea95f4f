"""Actions of light and adjustment from the key table carried out on a desk; knows no window."""

from __future__ import annotations

from collections.abc import Callable

from app.picture import Light
from widgets.compare.desk.adjusting import adjust_actions
from widgets.compare.desk.lighting import (
    SURFACES,
    exaggerated,
    has_scan,
    preset,
    raised,
    set_light,
    set_linked,
    set_surface,
    turned,
)
from widgets.compare.desk.moving import Desk
from widgets.compare.work.switching import step_light


def light_actions(desk: Desk, action: str) -> bool:
    """Carry out an action of light or adjustment; False when it is not one of these.

    ``light turn 15`` and ``light raise 5`` (degrees), ``light preset above``, ``light link``,
    ``light reset``, ``light detail 0.25``, ``light form 0.25``, ``surface next``,
    ``light next`` and ``light previous`` (images of a set). Where only images with several
    lights are seen, turning the light takes the next of the set.
    """
    word, _, rest = action.partition(" ")
    if word == "surface":
        at = SURFACES.index(desk.view.surface)
        set_surface(desk, SURFACES[(at + 1) % len(SURFACES)])
        return True
    if word != "light":
        return adjust_actions(desk, action)
    what, _, value = rest.partition(" ")
    done = _LIGHT_ACTIONS.get(what)
    if done is not None:
        done(desk, value)
    return done is not None


def _turn(desk: Desk, degrees: str) -> None:
    if has_scan(desk):
        set_light(desk, lambda light: turned(light, float(degrees)), gesture="")
    else:
        step_light(desk, 1 if float(degrees) > 0 else -1)


def _raise(desk: Desk, degrees: str) -> None:
    if has_scan(desk):
        set_light(desk, lambda light: raised(light, float(degrees)), gesture="")


def _more(desk: Desk, detail: float = 0.0, form: float = 0.0) -> None:
    set_light(
        desk,
        lambda light: exaggerated(light, light.detail + detail, light.form + form),
        gesture="",
    )


_LIGHT_ACTIONS: dict[str, Callable[[Desk, str], None]] = {
    "turn": _turn,
    "raise": _raise,
    "preset": lambda desk, name: set_light(desk, lambda light: preset(light, name), gesture=""),
    "link": lambda desk, _: set_linked(desk, not desk.view.lights_linked),
    "reset": lambda desk, _: set_light(desk, lambda _: Light(), gesture=""),
    "detail": lambda desk, by: _more(desk, detail=float(by)),
    "form": lambda desk, by: _more(desk, form=float(by)),
    "next": lambda desk, _: step_light(desk, 1),
    "previous": lambda desk, _: step_light(desk, -1),
}
