"""How the specimens of a view are lit and adjusted, in words."""

from __future__ import annotations

from app.picture.legends import common_span, span_words
from app.picture.side import Side
from app.picture.view import ViewState

_NAMES = ("left", "right")


def light_words(view: ViewState, sides: tuple[Side, Side]) -> str:
    """The virtual light on the scans among the two, or what map of them is shown with its ends;
    "" when there is no scan."""
    scans = [at for at, side in enumerate(sides) if side.relief is not None]
    if not scans:
        return ""
    if view.surface != "light":
        return span_words(view, common_span(*sides, view))
    return _both({_NAMES[at]: view.lights[at].words() for at in scans})


def adjust_words(view: ViewState) -> str:
    """The adjustments as recipes; "" when everything is shown as captured."""
    if view.original:
        return ""
    return _both({name: one.words() for name, one in zip(_NAMES, view.adjust, strict=True)})


def read_words(view: ViewState, sides: tuple[Side, Side]) -> str:
    """What was taken out of the pictures when they were read; "" while the original is shown."""
    if view.original or not any(side.recipe for side in sides):
        return ""
    return _both({name: side.recipe for name, side in zip(_NAMES, sides, strict=True)})


def _both(said: dict[str, str]) -> str:
    if len(said) == 2 and len(set(said.values())) == 1:
        words = said["left"]
        return f"both sides: {words}" if words else ""
    return "; ".join(f"{name}: {words or 'as captured'}" for name, words in said.items())
