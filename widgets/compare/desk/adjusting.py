"""Brightness, contrast and the like as recipes on the desk; knows no window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.picture import FALSE_COLOURS, NO_ADJUSTMENT, Adjustment, ViewState
from app.picture.adjust import AMOUNT_RANGE, GAMMA_RANGE, STRENGTH_RANGE
from app.picture.view import Which
from widgets.compare.desk.lighting import in_hand

if TYPE_CHECKING:
    from widgets.compare.desk.moving import Desk

AS_CAPTURED = "as captured"
RANGES = {
    "brightness": STRENGTH_RANGE,
    "contrast": STRENGTH_RANGE,
    "gamma": GAMMA_RANGE,
    "local_contrast": AMOUNT_RANGE,
    "sharpen": AMOUNT_RANGE,
}
Change = Callable[[Adjustment], Adjustment]


def changed(adjustment: Adjustment, **values: Any) -> Adjustment:
    """The recipe with other values, each kept within its range."""
    within = {
        name: round(min(max(value, RANGES[name][0]), RANGES[name][1]), 2)
        if name in RANGES
        else value
        for name, value in values.items()
    }
    return replace(adjustment, **within)


def recipe_of(view: ViewState, which: Which | None = None) -> Adjustment:
    """The recipe of a specimen, of the one in the right place without a side."""
    return view.adjust[0 if (which or in_hand(view)) == "left" else 1]


def with_recipe(view: ViewState, change: Change, which: Which | None = None) -> ViewState:
    """The recipe changed: of both when linked, else of ``which`` (the right place's without)."""
    which = which or in_hand(view)
    one = change(recipe_of(view, which))
    left, right = view.adjust
    if view.adjust_linked:
        return replace(view, adjust=(one, one))
    return replace(view, adjust=(one, right) if which == "left" else (left, one))


def set_recipe(desk: Desk, change: Change, which: Which | None = None, gesture: str = "") -> None:
    """Change a recipe on the desk; one gesture is undone in one."""
    desk.put(gesture, view=with_recipe(desk.view, change, which))


def set_adjust_linked(desk: Desk, together: bool, which: Which | None = None) -> None:
    """One recipe for both, that of ``which``, or one for each."""
    view = replace(desk.view, adjust_linked=together)
    desk.put(view=with_recipe(view, lambda recipe: recipe, which) if together else view)


def reset(desk: Desk) -> None:
    """Both sides as captured."""
    desk.put(view=replace(desk.view, adjust=(NO_ADJUSTMENT, NO_ADJUSTMENT)))


def recipe_words(view: ViewState) -> str:
    """What is adjusted on which side, or that nothing is."""
    left, right = (recipe.words() or AS_CAPTURED for recipe in view.adjust)
    if left == right:
        return left if left == AS_CAPTURED else f"Both: {left}"
    return f"Left: {left}\nRight: {right}"


def next_colour(adjustment: Adjustment) -> Adjustment:
    """The next false colour scale; none after the last."""
    scales = ("", *FALSE_COLOURS)
    at = scales.index(adjustment.false_colour) if adjustment.false_colour in scales else 0
    return replace(adjustment, false_colour=scales[(at + 1) % len(scales)])


def adjust_actions(desk: Desk, action: str) -> bool:
    """Carry out an action of the adjustments; False when it is not one of these.

    ``adjust reset``, ``adjust invert``, ``adjust colour``, ``adjust link`` and a step of a value,
    for example ``adjust local_contrast 10``.
    """
    word, _, rest = action.partition(" ")
    if word != "adjust":
        return False
    what, _, step = rest.partition(" ")
    if what == "reset":
        reset(desk)
    elif what == "invert":
        set_recipe(desk, lambda recipe: replace(recipe, invert=not recipe.invert))
    elif what == "colour":
        set_recipe(desk, next_colour)
    elif what == "link":
        set_adjust_linked(desk, not desk.view.adjust_linked)
    elif what in RANGES:
        set_recipe(
            desk, lambda recipe: changed(recipe, **{what: getattr(recipe, what) + float(step)})
        )
    else:
        return False
    return True
