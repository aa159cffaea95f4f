"""Actions of the key table carried out on a desk; knows no window."""

from __future__ import annotations

from collections.abc import Callable

from app.picture import Mode
from widgets.compare.desk.drawn import take_pen
from widgets.compare.desk.indexing import take_index
from widgets.compare.desk.light_actions import light_actions
from widgets.compare.desk.moving import Desk

_ZOOM_STEP = 1.25
_WAYS = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}

_PLAIN: dict[str, Callable[[Desk], None]] = {
    "undo": Desk.undo,
    "redo": Desk.redo,
    "fit": Desk.fit,
    "exchange": Desk.exchange,
    "cells": lambda desk: desk.set_cells(not desk.view.cells),
    "similarity": lambda desk: desk.set_similarity(not desk.view.similarity),
    "zoom in": lambda desk: desk.zoom(_ZOOM_STEP),
    "zoom out": lambda desk: desk.zoom(1 / _ZOOM_STEP),
    "turn both left": lambda desk: desk.turn_both(1.0),
    "turn both right": lambda desk: desk.turn_both(-1.0),
    "divider horizontal": lambda desk: desk.set_divider("horizontal"),
    "divider vertical": lambda desk: desk.set_divider("vertical"),
    "curtain": lambda desk: desk.set_curtain(not desk.view.curtain),
    "lock": lambda desk: desk.set_locked(not desk.locked),
    "annotations": lambda desk: desk.set_annotations(not desk.view.annotations),
    "note": lambda desk: take_pen(desk, areas=False),
    "area brush": lambda desk: take_pen(desk, areas=True),
    "index mark": take_index,
    "more": lambda desk: desk.amount(1),
    "less": lambda desk: desk.amount(-1),
}


def act(desk: Desk, action: str) -> bool:
    """Carry out ``action``; False when it is not one of the desk's."""
    if action in _PLAIN:
        desk.end_gesture()
        _PLAIN[action](desk)
        return True
    word, _, rest = action.partition(" ")
    if word == "mode":
        desk.set_mode(Mode(rest))
    elif action.startswith("turn divider "):
        desk.turn_divider(float(rest.split()[-1]))
    elif word == "tool":
        desk.take_tool(rest)
    elif word == "nudge":
        way, step = rest.split()
        x, y = _WAYS[way]
        desk.nudge(x * float(step), y * float(step))
    elif word == "turn":
        desk.turn(float(rest))
    else:
        return light_actions(desk, action)
    return True
